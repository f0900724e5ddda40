"""The whole register looked through for people who are on it twice. Every likely pair becomes a task; nothing is merged.

A block of entries is held at a time, never the register, so memory does not grow with the council. A run that is stopped is
simply started again: a pair that is known, or was settled, is not raised twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.registration.duplicates.decider import SuspectDuplicate, suspicions
from services.registration.duplicates.likeness import LIKELY, Likeness, Person, likely_pairs
from services.registration.duplicates.records import block_by_block
from shared.eventcore.checkpoints import Conn
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata
from shared.events.registration import suspicion_id
from shared.events.values import ElectorId

BLOCKS = 3
Said = Callable[["Progress"], None]


@dataclass(slots=True)
class Progress:
    """How far a run is. `entries` counts every entry once per kind of block, of `of` in all; `raised` are new tasks."""

    of: int = 0
    entries: int = 0
    likely: int = 0
    raised: int = 0


async def look_through(
    conn: Conn, execute: Executor, authority: str, on: date, by: Metadata, said: Said = lambda progress: None
) -> Progress:
    """Raise a task for each likely pair of entries of one council. `conn` reads the view, in one transaction."""
    progress = Progress()
    async with conn.transaction(readonly=True):
        progress.of = BLOCKS * await conn.fetchval(
            "SELECT count(*) FROM duplicates.likely WHERE authority = $1 AND kind = 'elector' AND NOT ended", authority
        )
        for which in range(BLOCKS):
            async for block in block_by_block(conn, authority, which):
                progress.entries += len(block)
                for one, other, likeness in likely_pairs([entry.who for entry in block], which):
                    progress.likely += 1
                    progress.raised += await raise_task(execute, one, other, likeness, on, by)
                said(progress)
        progress.entries = progress.of
        said(progress)
    return progress


async def raise_task(execute: Executor, one: Person, other: Person, likeness: Likeness, on: date, by: Metadata) -> bool:
    """Whether the pair is a new task."""
    assert likeness.score >= LIKELY
    pair = suspicion_id(one.key, other.key)
    command = SuspectDuplicate(
        (ElectorId(one.key), ElectorId(other.key)), (), likeness.score, likeness.reasons, on, "register-run"
    )
    receipt = await execute(suspicions, pair, command, by=by)
    return receipt.version == 1 and bool(receipt.events)
