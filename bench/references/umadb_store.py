"""UmaDB from Python: read the 20 events of a stream, append one on the condition that its version is still free.

python umadb_store.py seed ADDRESS COUNT              prints stream ids, as JSON
python umadb_store.py save ADDRESS THREADS < ids      prints commands per second
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import uuid

import umadb

DATA = os.environ["BENCH_DETAILS"].encode()


def appended(client: umadb.Client, stream: str, version: int) -> None:
    place = f"{stream}:{version}"
    free = umadb.AppendCondition(umadb.Query([umadb.QueryItem(tags=[place])]))
    client.append([umadb.Event(event_type="Noted", data=DATA, tags=[stream, place])], free)


def note(client: umadb.Client, stream: str) -> None:
    found = client.read(umadb.Query([umadb.QueryItem(tags=[stream])]))
    version = sum(1 for event in found if json.loads(event.event.data))
    appended(client, stream, version + 1)


def seed(address: str, count: int) -> list[str]:
    client, streams = umadb.Client(address), [f"case:{uuid.uuid4()}" for _ in range(count)]
    for stream in streams:
        past = [
            umadb.Event(event_type="Noted", data=DATA, tags=[stream, f"{stream}:{version}"]) for version in range(1, 21)
        ]
        client.append(past)
    return streams


def save(address: str, streams: list[str], threads: int) -> float:
    waiting, lock = iter(streams), threading.Lock()

    def go_on() -> None:
        client = umadb.Client(address)
        while True:
            with lock:
                stream = next(waiting, None)
            if stream is None:
                return
            note(client, stream)

    crew = [threading.Thread(target=go_on) for _ in range(threads)]
    began = time.perf_counter()
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    return len(streams) / (time.perf_counter() - began)


if __name__ == "__main__":
    if sys.argv[1] == "seed":
        print(json.dumps(seed(sys.argv[2], int(sys.argv[3]))))
    else:
        print(save(sys.argv[2], json.load(sys.stdin), int(sys.argv[3])))
