"""What `./moot up`, `down`, `status` and `reset` do. The CLI only translates words and flags into these calls."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import psutil
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from deploy.local.guard import has_ended
from deploy.local.memory import resident
from deploy.local.process import CannotRun
from deploy.local.state import State
from deploy.local.system import Advance, LocalSystem, is_ready
from deploy.topology import CONTEXTS, ROOT, STATE

PATIENCE = 90.0
"""Seconds that `down` waits for everything to stop."""

SERVERS = ("postgres", "kafka")
"""The parts that are not our code."""

INTERRUPTED = 130
"""The shell's exit code for Ctrl-C."""

screen = Console(stderr=True)
"""Progress and tables for people; standard output stays free for `--json`."""


@dataclass(frozen=True)
class Demonstration:
    """The invented council that a first start loads: how large, and from which seed."""

    electors: int
    seed: int


@dataclass(frozen=True)
class Place:
    """Where one part of the system is found, and how it fares."""

    name: str
    address: str
    running: bool
    ready: bool
    pid: int | None
    restarts: int
    memory: int
    """Resident bytes."""


def up(demonstration: Demonstration | None, *, detach: bool = False, as_json: bool = False) -> int:
    """Start everything, load the demonstration council if there is none yet, keep it running until Ctrl-C or SIGTERM.

    With `detach` return when all is ready and leave a supervisor behind. Raises `CannotRun`; the exit code otherwise.
    """
    state = State(STATE)
    state.make()
    if detach:
        return _in_background(lambda ready: _run(state, demonstration, as_json, ready))
    return _run(state, demonstration, as_json, lambda: None)


def _run(state: State, demonstration: Demonstration | None, as_json: bool, ready: Advance) -> int:
    with state.held():
        system = LocalSystem(state)
        system.check_ports()
        system.supervisor.obey_signals()
        try:
            with system.stopped_at_the_end():
                _start(system)
                if demonstration is not None:
                    _demonstrate(state, demonstration)
                system.supervisor.publish()
                _show(state, system, as_json)
                ready()
                system.supervisor.watch()
        except KeyboardInterrupt:  # while starting; later `watch` returns by itself
            return INTERRUPTED
    return 0


def _start(system: LocalSystem) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen) as progress:

        def bar(name: str, total: int) -> Advance:
            task = progress.add_task(name, total=total)
            return lambda: progress.advance(task)

        system.start_infrastructure(bar("PostgreSQL, databases", 2 + len(CONTEXTS)), bar("Kafka, topics", 2))
        system.start_services(bar("Services", len(CONTEXTS) + 4))


def _demonstrate(state: State, demonstration: Demonstration) -> None:
    """Load the council once: its data, like all data, survives a restart."""
    if state.demonstration.exists():
        return
    size = ["--electors", str(demonstration.electors), "--seed", str(demonstration.seed)]
    # Its progress bars are its own; what it prints must not mix with our --json.
    command = [sys.executable, "-m", "cli", "demo-council", *size]
    answer = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
    if answer.returncode:
        raise CannotRun("The demonstration council could not be loaded; ./moot up --empty starts without one.")
    # Whoever opens a page now finds the whole council there.
    subprocess.run([sys.executable, "-m", "cli", "views", "wait"], cwd=ROOT, stdout=sys.stderr, check=False)
    state.demonstration.write_text(json.dumps(asdict(demonstration)))


def down() -> bool:
    """Stop the system of this state directory and wait until it has gone; false when none ran."""
    supervisor = State(STATE).holder()
    if supervisor is None:
        return False
    with suppress(psutil.NoSuchProcess):
        supervisor.send_signal(signal.SIGTERM)
    if not has_ended(supervisor, within=PATIENCE):
        raise CannotRun(
            f"Moothall (process {supervisor.pid}) has not stopped within {PATIENCE:.0f} s: see {State(STATE).logs}."
        )
    return True


def status() -> list[Place]:
    """What should run and whether it does; empty when no system runs here."""
    state = State(STATE)
    if state.holder() is None:
        return []
    return [_place(part) for part in state.last_report().get("parts", [])]


def _place(part: dict[str, Any]) -> Place:
    pid, address = part["pid"], part["address"]
    running = pid is not None and psutil.pid_exists(pid)
    ready = running and (is_ready(address) if address.startswith("http") else True)
    return Place(part["name"], address, running, ready, pid, part["restarts"], resident(pid) if running else 0)


def memory(places: list[Place]) -> dict[str, int]:
    """Resident bytes of PostgreSQL and Kafka (`servers`), and of everything of ours (`services`)."""
    servers = sum(place.memory for place in places if place.name in SERVERS)
    return {"servers": servers, "services": sum(place.memory for place in places) - servers}


def reset() -> None:
    """Stop the system and remove its data, keys and logs. The Python environment and fetched jars stay."""
    down()
    for path in State(STATE).data():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def places_table(places: list[Place]) -> Table:
    """The table that `up` and `status` print."""
    held = memory(places)
    table = Table(
        "part", "where", "state", "process", "restarts", Column("memory", justify="right"), title="Moothall",
        caption=f"In memory: {megabytes(held['services'])} of ours, {megabytes(held['servers'])} of the servers.",
    )  # fmt: skip
    for place in places:
        state = "ready" if place.ready else "not ready" if place.running else "stopped"
        process = (str(place.pid or ""), str(place.restarts), megabytes(place.memory))
        table.add_row(place.name, place.address, state, *process)
    return table


def megabytes(size: int) -> str:
    return f"{size / 2**20:.0f} MB"


def as_data(places: list[Place]) -> dict[str, Any]:
    """What `up` and `status` print with `--json`; `memory` in bytes."""
    return {"parts": [*map(asdict, places)], "memory": memory(places)}


def _show(state: State, system: LocalSystem, as_json: bool) -> None:
    places = [_place(part) for part in state.last_report()["parts"]]
    if as_json:
        addresses = {"issuer": system.topology.issuer, "desk": system.topology.desk_url}
        print(json.dumps({**addresses, **as_data(places)}), flush=True)
        return
    screen.print(places_table(places))
    registration = system.topology.service_url("registration")
    screen.print(f"The API describes itself: {registration}/openapi.json, and likewise each service.")
    screen.print(f"The officers' desk: {system.topology.desk_url}; sign in as anybody of its invented staff.")
    screen.print(f"New to the work? Eight tasks on the invented council: {system.topology.desk_url}/practice.")
    screen.print(f"Tokens for development: {system.topology.issuer}.")
    screen.print(f"Logs: {state.logs}. Stop with Ctrl-C or ./moot down.")


def _in_background(run: Callable[[Advance], int]) -> int:
    """Run in a process of its own; return 0 when it says that it is ready, its exit code when it ends before."""
    reader, writer = os.pipe()
    daemon = os.fork()
    if daemon == 0:
        os.close(reader)
        os.setsid()
        os._exit(_as_daemon(run, writer))
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        try:
            if pipe.read(1):
                return 0
        except KeyboardInterrupt:
            os.kill(daemon, signal.SIGTERM)
    return os.waitstatus_to_exitcode(os.waitpid(daemon, 0)[1])


def _as_daemon(run: Callable[[Advance], int], writer: int) -> int:
    """Start on the caller's terminal; once ready, let go of it."""

    def ready() -> None:
        sys.stdout.flush()
        log = os.open(State(STATE).logs / "moot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nowhere = os.open(os.devnull, os.O_RDONLY)
        for ours, theirs in ((nowhere, 0), (log, 1), (log, 2)):
            os.dup2(ours, theirs)
        os.write(writer, b"1")
        os.close(writer)

    try:
        return run(ready)
    except CannotRun as broken:
        screen.print(str(broken), markup=False, soft_wrap=True, style="red")
    except Exception:
        traceback.print_exc()
    return 1
