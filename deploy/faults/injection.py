"""What a broken network of relays could put on a topic: records again, late, and in the wrong order.

They are the stored events as a relay would send them, but not when or where it would. A header marks them, which readers
do not look at: the proof of what relays publish leaves them out, and what readers made of them shows in the views.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable

from deploy.faults.system import SPLIT, System
from deploy.topology import PARTITIONS
from shared.eventcore.checkpoints import load_positions
from shared.eventcore.kafka import Stored, producer, topic_of
from shared.eventcore.relay import Relay
from shared.eventcore.store import read_all

INJECTED = ("moot-injected", b"1")


async def send_again(system: System, seed: int) -> int:
    """A third of everything that was published, shuffled; answers how many records."""
    chain = await _chain(system)
    async with system.database(SPLIT) as conn:
        sent = await load_positions(conn, Relay.consumer, SPLIT)
    old = [(event, previous) for event, previous in chain if event.position <= sent.get(event.shard, 0)]
    again = random.Random(seed).sample(old, len(old) // 3)
    return await _send(system, again)


async def send_unsent_backwards(system: System) -> int:
    """What no relay has sent yet, the last first; answers how many records. Only while the relay is away."""
    chain = await _chain(system)
    async with system.database(SPLIT) as conn:
        sent = await load_positions(conn, Relay.consumer, SPLIT)
    unsent = [(event, previous) for event, previous in chain if event.position > sent.get(event.shard, 0)]
    return await _send(system, reversed(unsent))


async def _chain(system: System) -> list[tuple[Stored, int]]:
    """Every stored event with the position before it in its shard."""
    at: dict[int, int] = {}
    chain = []
    async with system.database(SPLIT) as conn:
        async for batch in read_all(conn, SPLIT):
            for event in batch:
                chain.append((event, at.get(event.shard, 0)))
                at[event.shard] = event.position
    return chain


async def _send(system: System, records: Iterable[tuple[Stored, int]]) -> int:
    sender = producer(system.kafka.bootstrap, "faults")
    await sender.start()
    try:
        sends = [
            await sender.send(
                topic_of(SPLIT), event.payload.encode(), key=event.stream_id.bytes, partition=event.shard % PARTITIONS,
                headers=[*event.headers(previous), INJECTED],
            )
            for event, previous in records
        ]  # fmt: skip
        await asyncio.gather(*sends)
    finally:
        await sender.stop()
    return len(sends)
