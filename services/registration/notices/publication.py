"""What a publication holds: read from the register at frozen positions, so that it can be printed again byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date

from services.registration.exchange import register_csv
from services.registration.notices.decider import Contents
from services.registration.views.register_as_at import Moment, Positions, alterations, moments_of
from services.registration.views.register_file import copied, register_file
from shared.events.values import PollingDistrict
from shared.service.database import Connection

NOTICE_COLUMNS = ("Change", *register_csv.COLUMNS)


@dataclass(frozen=True, slots=True)
class Edition:
    """A notice of alteration (`whole` False) or a whole register, as it holds from `on`, at frozen positions."""

    on: date
    positions: Positions
    areas: tuple[PollingDistrict, ...] = ()
    whole: bool = False


async def text_of(conn: Connection, authority: str, edition: Edition, tally: dict[str, int]) -> AsyncIterator[bytes]:
    """The edition as CSV; `tally` counts additions, removals, amendments, electors by the way."""
    if edition.whole:
        statement = register_file(authority, Moment(edition.on, edition.positions))
        async with aclosing(copied(conn, statement)) as rows:
            async for part in register_csv.headed(register_csv.COLUMNS, rows):
                tally["elector"] += part.count(b"\n")
                yield part
        tally["elector"] -= 1  # the header
        return
    async for part in register_csv.written(NOTICE_COLUMNS, _changes(conn, authority, edition, tally)):
        yield part


async def contents_of(conn: Connection, authority: str, edition: Edition) -> Contents:
    """Counts and hash of an edition."""
    digest, tally = hashlib.sha256(), dict.fromkeys(("addition", "removal", "amendment", "elector"), 0)
    async for part in text_of(conn, authority, edition, tally):
        digest.update(part)
    return Contents(
        edition.positions, digest.hexdigest(), tally["addition"], tally["removal"], tally["amendment"], tally["elector"]
    )


async def _changes(
    conn: Connection, authority: str, edition: Edition, tally: dict[str, int]
) -> AsyncIterator[list[str]]:
    before, after = moments_of(edition.on, edition.positions)
    async for change in alterations(conn, authority, before, after, tuple(map(str, edition.areas))):
        tally[change.kind] += 1
        line = change.after or change.before
        if line is not None:
            yield register_csv.change_cells(change.kind, line)
