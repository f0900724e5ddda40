"""Part `commands`: load 20 events, decide, append one event with its command log, for 32 callers at a time.

Without HTTP (executors in processes of their own), with HTTP (the API role, over 32 connections) and the append alone, each
the best of one and two processes as the references are. Beside them: the bare append function with everything prepared,
the `eventsourcing` library, UmaDB.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import uvloop

from bench import http_load, peers
from bench.casework import CASEWORK, CaseOpened, Details, Note, cases
from bench.filling import fill, settle
from bench.ground import Ground, NotHere, token
from bench.measuring import Comparison, Contender, Rounds, take_turns
from deploy.topology import AUTHORITY
from shared.eventcore.clock import system_clock
from shared.eventcore.codec import encode
from shared.eventcore.execute import Executor
from shared.eventcore.garbage import spare_what_is_loaded
from shared.eventcore.keys import Keyring
from shared.eventcore.recording import Metadata, shard_of
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.store import Commit, Store, as_it_is
from shared.service.runtime import POOL_SIZE

PART = "commands"
CALLERS = 32
PROCESSES = (1, 2)
"""Of ours. The references are likewise the best of what they offer."""
BARE_BATCHES = (1, 32)
"""Commands per call of the bare append function: one, as 32 clients without us would, and as many as there are clients."""
FLUSH_MS = 1.0
PATIENCE_SECONDS = 120.0


async def measure(ground: Ground) -> list[Comparison]:
    found = await _measured(ground, "")
    try:
        with ground.slow_flush(FLUSH_MS):
            found += await _measured(ground, f", flush + {FLUSH_MS:g} ms")
    except NotHere as missing:
        found.append(Comparison(PART, f"flush + {FLUSH_MS:g} ms", "commands/s", None, note=f"not measured: {missing}"))
    return found


async def _measured(ground: Ground, suffix: str) -> list[Comparison]:
    sizes = ground.sizes
    async with AsyncExitStack() as stack:
        contenders: dict[str, Contender] = {}
        desk = await stack.enter_async_context(desk_of(ground, sizes.streams))
        for processes in PROCESSES:
            contenders[f"ours, {processes} process(es)"] = _in_processes(ground, desk, processes, command)
            contenders[f"append, {processes} process(es)"] = _in_processes(ground, desk, processes, append)
            by_http = await stack.enter_async_context(over_http(ground, desk, processes))
            contenders[f"ours over HTTP, {processes} process(es)"] = by_http
        for size in BARE_BATCHES:
            contenders[_bare_name(size)] = _bare(desk, size, sizes.commands)
        missing = {}
        # Their streams are as many as their commands: they need longer to be made than to be used.
        try:
            library = await stack.enter_async_context(peers.eventsourcing(ground, max(20, sizes.commands // 5)))
            for processes, threads in ((1, 1), (1, 4), (2, 1)):
                name = f"eventsourcing, {processes} process(es) x {threads} thread(s)"
                contenders[name] = _peer(library, processes, threads)
        except NotHere as reason:
            missing["eventsourcing"] = str(reason)
        try:
            uma = await stack.enter_async_context(peers.umadb(ground, max(20, sizes.commands // 2)))
            for threads in (8, 32):
                contenders[f"UmaDB, {threads} threads"] = _peer(uma, threads)
        except NotHere as reason:
            missing["UmaDB"] = str(reason)
        done = await take_turns(sizes.rounds, contenders, ground.say)
    return _compared(done, missing, suffix)


def _compared(done: Rounds, missing: dict[str, str], suffix: str) -> list[Comparison]:
    found = []
    for ours, case, library, target in (
        (executors := _best(done, "ours,"), "without HTTP", "eventsourcing", 10.0),
        (executors, "without HTTP", "UmaDB", 2.0),
        (_best(done, "ours over HTTP"), "with HTTP", "eventsourcing", 4.0),
    ):
        name, those = f"{case}, beside {library}{suffix}", [n for n in done.values if n.startswith(library)]
        if those:
            found.append(done.compare(PART, name, "commands/s", ours, those, target, note=ours))
        else:
            note = missing[library]
            found.append(Comparison(PART, name, "commands/s", done.spread(ours), target=target, note=note))
    appends = _best(done, "append,")
    for size in BARE_BATCHES:
        case = f"append alone, beside calls of {size}{suffix}"
        found.append(done.compare(PART, case, "commands/s", appends, [_bare_name(size)], 0.5, note=appends))
    bare = [_bare_name(size) for size in BARE_BATCHES]
    found.append(
        done.compare(PART, f"without HTTP, beside the bare append{suffix}", "commands/s", executors, bare, None)
    )
    return found


def _best(done: Rounds, ours: str) -> str:
    return done.best([name for name in done.values if name.startswith(ours)])


def _bare_name(size: int) -> str:
    return f"bare append by {size}"


def _peer(peer: peers.Peer, *shape: int) -> Contender:
    return lambda: peer.save(*shape)


# --- ours -------------------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """An executor on a store with a past, as the API role opens it."""

    url: str
    pool: asyncpg.Pool[Any]
    execute: Executor
    turns: Iterator[UUID]
    """All streams in turn, for ever: no two callers meet on one."""

    async def commands(self, count: int) -> float:
        """Commands per second, `CALLERS` at a time."""
        todo = islice(self.turns, count)

        async def officer() -> None:
            for stream in todo:
                await command(self.execute, stream)

        return await per_second(count, officer)


Work = Callable[[Executor, UUID], Awaitable[object]]


async def command(execute: Executor, stream: UUID) -> None:
    """What an officer's command is: known or new, loaded, decided, appended."""
    await execute(cases, stream, Note(1), by=_by())


async def append(execute: Executor, _: UUID) -> None:
    """A commit of a new stream: encoded, hashed, stored; nothing loaded or decided."""
    event = encode(CaseOpened(1, Details()), None, CASEWORK)
    await execute.store.append(Commit(uuid4(), cases.kind, 0, [event], [execute.store.clock()], _by()))


@asynccontextmanager
async def desk_of(ground: Ground, streams: int) -> AsyncIterator[Desk]:
    async with ground.database() as url:
        async with asyncpg.create_pool(url, min_size=1, max_size=2) as filling:
            ids = await fill(filling, streams)
            await settle(filling)
        keyring = ground.keyring("casework")
        async with _opened(ground.api_url(url)) as pool:
            store = Store("casework", pool, system_clock)
            execute = Executor(store, SubjectKeys(keyring), keyring.blind, CASEWORK)
            random.Random(7).shuffle(ids)
            desk = Desk(url, pool, execute, cycle(ids))
            await desk.commands(CALLERS * 4)  # connections and statements that a running role has
            yield desk
            await store.drain()


def _by() -> Metadata:
    return Metadata("officer", AUTHORITY, correlation_id=str(uuid4()), command_id=f"api:{uuid4().hex}", origin="api")


async def per_second(count: int, work: Callable[[], Awaitable[None]], callers: int = CALLERS) -> float:
    """`count` things done by so many concurrent calls of `work`, which share what there is to do."""
    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(callers)))
    return count / (time.perf_counter() - started)


def _in_processes(ground: Ground, desk: Desk, processes: int, work: Work) -> Contender:
    """Executors in processes of their own, with the collector as the roles have it; all begin at once."""
    spawn = get_context("spawn")  # a fork would inherit this process's event loop

    async def measured() -> float:
        count, callers = ground.sizes.commands // processes, CALLERS // processes
        start, ended = spawn.Barrier(processes + 1), spawn.Queue()
        crew = [
            spawn.Process(
                target=_carry_out,
                args=(work, ground.api_url(desk.url), ground.keys("casework"), list(islice(desk.turns, count)), callers, start, ended),
            )
            for _ in range(processes)
        ]  # fmt: skip
        for one in crew:
            one.start()
        await asyncio.to_thread(start.wait, PATIENCE_SECONDS)
        began = time.time()
        last = max([await asyncio.to_thread(ended.get, True, PATIENCE_SECONDS) for _ in crew])
        for one in crew:
            one.join()
        return count * processes / float(last - began)

    return measured


def _carry_out(
    work: Work, url: str, keys: Path, streams: list[UUID], callers: int, start: Barrier, ended: Queue[float]
) -> None:
    """A process of `_in_processes`: does its work on each of `streams`."""
    spare_what_is_loaded()

    async def all_of_it() -> None:
        keyring = Keyring.load(keys)
        async with _opened(url) as pool:
            execute = Executor(Store("casework", pool, system_clock), SubjectKeys(keyring), keyring.blind, CASEWORK)
            for share in (
                streams[: callers * 4],
                streams,
            ):  # connections and statements first, as a running role has them
                todo = iter(share)

                async def officer(todo: Iterator[UUID] = todo) -> None:
                    for stream in todo:
                        await work(execute, stream)

                if share is streams:
                    await asyncio.to_thread(start.wait, PATIENCE_SECONDS)
                await per_second(len(share), officer, callers)
            ended.put(time.time())

    uvloop.run(all_of_it())


def _opened(url: str) -> asyncpg.Pool[Any]:
    return asyncpg.create_pool(url, min_size=0, max_size=POOL_SIZE, reset=as_it_is)


@asynccontextmanager
async def over_http(ground: Ground, desk: Desk, processes: int = 1) -> AsyncIterator[Contender]:
    """The API role as it is deployed, in so many processes; the officers' bearer token is real."""
    with ExitStack() as running:
        issuer = running.enter_context(ground.issuer())
        apis = [
            running.enter_context(ground.roles("bench", "casework", ["api"], desk.url, issuer))["api"].address
            for _ in range(processes)
        ]
        bearer = token(issuer)
        body = orjson.dumps({"amount": 1, "details": Details()})

        def requests(count: int) -> Iterator[bytes]:
            for stream in islice(desk.turns, count):
                yield http_load.post(f"/cases/{stream}/notes", body, bearer, uuid4().hex)

        async def measured() -> float:
            async with http_load.connections(apis, CALLERS) as lines:
                await http_load.closed_loop(lines, requests(CALLERS * 4))
                return await http_load.closed_loop(lines, iter(list(requests(ground.sizes.commands))))

        yield measured


# --- PostgreSQL's own limit -------------------------------------------------------------------------------------------


def _bare(desk: Desk, size: int, count: int) -> Contender:
    """The rows of `append` by the bare append function: `size` commands a call, every argument made beforehand."""

    async def measured() -> float:
        ids = iter([uuid4() for _ in range(count)])
        calls = []
        while batch := list(islice(ids, size)):
            calls.append(bare_arguments(batch))
        todo = iter(calls)

        async def writer() -> None:
            async with desk.pool.acquire() as conn:
                for arguments in todo:
                    await conn.fetch(APPEND, *arguments)

        return await per_second(count, writer, POOL_SIZE)

    return measured


APPEND = "SELECT * FROM append_events($1,$2,$3,$4,$5,$6,$7,$8,$9,$10::json[],$11,$12,$13,$14,$15,$16)"


def bare_arguments(streams: Sequence[UUID]) -> list[Any]:
    """Arguments of `append_events` for one event on each of these new streams."""
    n = len(streams)
    ordered = sorted(streams)
    wire, payload = encode(CaseOpened(1, Details()), None, CASEWORK)
    now = system_clock()
    return [
        [f"api:{uuid4().hex}" for _ in ordered], [""] * n, ordered, [cases.kind] * n, [AUTHORITY] * n,
        [shard_of(s) for s in ordered], [0] * n, list(range(1, n + 1)), [1] * n, [None] * n, [wire] * n, [payload] * n,
        [orjson.dumps({"actor": "officer", "correlation_id": str(uuid4()), "origin": "api"}).decode()] * n, [now] * n,
        [b"\0" * 32] * n, now,
    ]  # fmt: skip
