"""The data step, out and in: electors to a file for the national match, results of a match beside the events."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import IO, Any

import asyncpg

from services.registration.exchange import canvass_match
from services.registration.exchange.canvass_match import BadRow, Result
from services.registration.exchange.register_csv import written
from services.registration.views.canvass_electors import electors_to_send
from shared.eventcore.store import act_for
from shared.events.registration import CanvassId, MatchSource

BATCH = 5000
KEPT_REFUSALS = 100


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file on disk, to be closed by whoever has it."""

    file: IO[bytes]
    sha256: str
    electors: int


async def file_for_match(conn: Any, authority: str, on: date) -> Outgoing:
    """All ordinary electors of a day as a file. Bounded memory: the lines go to disk as they are read."""
    file, digest, electors = tempfile.TemporaryFile(), hashlib.sha256(), 0  # noqa: SIM115 - the answer closes it

    async def lines() -> AsyncGenerator[list[str]]:
        nonlocal electors
        async for sent in electors_to_send(conn, authority, on):
            electors += 1
            yield canvass_match.cells(sent.elector_id, sent.name, sent.date_of_birth, sent.uprn, sent.address)

    async with aclosing(lines()) as rows:
        async for chunk in written(canvass_match.COLUMNS, rows):
            file.write(chunk)
            digest.update(chunk)
    file.seek(0)
    return Outgoing(file, digest.hexdigest(), electors)


@dataclass
class Taken:
    """What a match result came to. `unknown`: rows about nobody who is on the register as an ordinary elector."""

    matched: int = 0
    unmatched: int = 0
    unknown: int = 0
    refused: int = 0
    refusals: list[BadRow] = field(default_factory=list)


async def take_in(
    pool: asyncpg.Pool[Any], authority: str, canvass: CanvassId, source: MatchSource, file: IO[bytes]
) -> Taken:
    """Keep what a match said of each elector; of an elector told twice the last counts. All of the file, or none of it."""
    taken, rows = Taken(), canvass_match.results(file)
    async with pool.acquire() as conn, conn.transaction():
        await act_for(conn, authority)
        while batch := await asyncio.to_thread(lambda: list(islice(rows, BATCH))):
            bad = [row for row in batch if isinstance(row, BadRow)]
            taken.refused += len(bad)
            taken.refusals += bad[: KEPT_REFUSALS - len(taken.refusals)]
            said = {row.elector_id: row.matched for row in batch if isinstance(row, Result)}
            await _keep(conn, authority, canvass, source, said, taken)
    return taken


async def _keep(
    conn: Any, authority: str, canvass: CanvassId, source: MatchSource, said: dict[Any, bool], taken: Taken
) -> None:
    kept = await conn.fetch(
        "INSERT INTO canvass_match (authority, canvass_id, elector_id, source, matched)"
        " SELECT $1, $2, u.elector_id, $3, u.matched FROM unnest($4::uuid[], $5::boolean[]) AS u(elector_id, matched)"
        " JOIN electors.elector e ON e.elector_id = u.elector_id AND e.authority = $1 AND NOT e.anonymous"
        " ON CONFLICT (canvass_id, elector_id, source) DO UPDATE SET matched = excluded.matched RETURNING matched",
        authority, canvass, source, list(said), list(said.values()),
    )  # fmt: skip
    matched = sum(row["matched"] for row in kept)
    taken.matched += matched
    taken.unmatched += len(kept) - matched
    taken.unknown += len(said) - len(kept)
