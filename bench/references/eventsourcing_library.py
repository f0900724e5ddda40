"""The `eventsourcing` library with its PostgreSQL recorder: load an aggregate of 20 events, add one, save.

    python eventsourcing_library.py seed COUNT                    prints aggregate ids, as JSON
    python eventsourcing_library.py save PROCESSES THREADS < ids   prints commands per second

Needs `requirements.txt` of the folder above and `POSTGRES_*` as the library reads them. Standard settings, statement caches
warm: every process saves once before the clock starts.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading
import time
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

os.environ.setdefault("PERSISTENCE_MODULE", "eventsourcing.postgres")
os.environ.setdefault("POSTGRES_POOL_SIZE", "16")
DETAILS: dict[str, Any] = json.loads(os.environ["BENCH_DETAILS"])


class Case(Aggregate):
    @event("Opened")
    def __init__(self, amount: int, details: dict[str, Any]) -> None:
        self.notes, self.total, self.details = 1, amount, details

    @event("Noted")
    def note(self, amount: int, details: dict[str, Any]) -> None:
        self.notes += 1
        self.total += amount
        self.details = details


class Casework(Application):
    def seed(self, events: int = 20) -> UUID:
        case = Case(1, DETAILS)
        for amount in range(events - 1):
            case.note(amount, DETAILS)
        self.save(case)
        return UUID(str(case.id))

    def note(self, case_id: UUID) -> None:
        case = self.repository.get(case_id)
        case.note(1, DETAILS)
        self.save(case)


def work(app: Casework, ids: list[UUID], threads: int) -> None:
    waiting, lock, problems = iter(ids), threading.Lock(), list[Exception]()

    def go_on() -> None:
        while True:
            with lock:
                case_id = next(waiting, None)
            if case_id is None:
                return
            try:
                app.note(case_id)
            except Exception as problem:
                problems.append(problem)
                return

    crew = [threading.Thread(target=go_on) for _ in range(threads)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    if problems:
        raise problems[0]


def share(ids: list[UUID], threads: int, start: Any, ended: Any) -> None:
    app = Casework(env={"CREATE_TABLE": "n"})
    app.note(app.seed())
    start.wait(60)
    work(app, ids, threads)
    ended.put(time.time())
    app.close()


def save(ids: list[UUID], processes: int, threads: int) -> float:
    context = multiprocessing.get_context("fork")
    ended, start = context.Queue(), context.Barrier(processes + 1)
    crew = [context.Process(target=share, args=(ids[n::processes], threads, start, ended)) for n in range(processes)]
    for one in crew:
        one.start()
    start.wait(60)
    began = time.time()
    last = max(ended.get(timeout=600) for _ in crew)
    for one in crew:
        one.join()
    return len(ids) / float(last - began)


if __name__ == "__main__":
    if sys.argv[1] == "seed":
        app = Casework()
        print(json.dumps([str(app.seed()) for _ in range(int(sys.argv[2]))]))
        app.close()
    else:
        print(save([UUID(text) for text in json.load(sys.stdin)], int(sys.argv[2]), int(sys.argv[3])))
