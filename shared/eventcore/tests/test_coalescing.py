"""Callers of one process share round trips, and none of them is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from shared.eventcore.coalescing import Coalescer


async def test_what_arrives_while_flushes_run_goes_out_together():
    sizes: list[int] = []

    async def flush(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        await asyncio.sleep(0.01)
        return list(items)

    ask = Coalescer(flush, lanes=1)
    first = asyncio.create_task(ask(0))
    await asyncio.sleep(0.002)
    assert await asyncio.gather(*(ask(n) for n in range(1, 9))) == list(range(1, 9))
    assert await first == 0
    assert sizes == [1, 8]


async def test_no_more_flushes_than_lanes_are_under_way():
    now, most = 0, 0

    async def flush(items: Sequence[int]) -> list[int]:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.005)
        now -= 1
        return list(items)

    ask = Coalescer(flush, most=2, lanes=2)
    await asyncio.gather(*(ask(n) for n in range(20)))
    assert most == 2


async def test_nobody_is_forgotten_who_comes_just_as_a_lane_falls_idle():
    async def flush(items: Sequence[int]) -> list[int]:
        return list(items)

    ask = Coalescer(flush, lanes=1)

    async def caller(number: int) -> int:
        for _ in range(50):
            await ask(number)
        return number

    assert await asyncio.wait_for(asyncio.gather(*(caller(n) for n in range(3))), 5) == [0, 1, 2]


async def test_a_failed_flush_fails_its_callers_and_no_others():
    async def flush(items: Sequence[int]) -> list[int | Exception]:
        if 0 in items:
            raise OSError("away")
        return [ValueError("odd") if item % 2 else item for item in items]

    ask = Coalescer(flush, lanes=1)
    first = asyncio.create_task(ask(0))
    await asyncio.sleep(0)
    told = await asyncio.gather(first, ask(1), ask(2), return_exceptions=True)
    assert isinstance(told[0], OSError)
    again = await asyncio.gather(ask(1), ask(2), return_exceptions=True)
    assert isinstance(again[0], ValueError)
    assert again[1] == 2


async def test_a_graceful_stop_waits_for_what_is_under_way():
    done: list[int] = []

    async def flush(items: Sequence[int]) -> list[int]:
        await asyncio.sleep(0.01)
        done.extend(items)
        return list(items)

    ask = Coalescer(flush, most=1, lanes=2)
    callers = [asyncio.create_task(ask(n)) for n in range(5)]
    await asyncio.sleep(0)
    await ask.drain()
    assert sorted(done) == [0, 1, 2, 3, 4]
    await asyncio.gather(*callers)


async def test_a_lane_that_is_cancelled_is_free_again_and_who_waits_is_served():
    started = asyncio.Event()

    async def flush(items: Sequence[int]) -> list[int]:
        started.set()
        await asyncio.sleep(60 if 0 in items else 0)
        return list(items)

    ask = Coalescer(flush, lanes=1)
    first = asyncio.create_task(ask(0))
    await started.wait()
    second = asyncio.create_task(ask(1))
    await asyncio.sleep(0)
    [lane] = ask._workers
    lane.cancel()
    assert await asyncio.wait_for(second, 5) == 1
    assert await asyncio.wait_for(ask(2), 5) == 2
    assert isinstance((await asyncio.gather(first, return_exceptions=True))[0], asyncio.CancelledError)
