"""The gazetteer as it was last supplied, by council: what a change-only update applies to.

Not a source of truth: what the register knows of a property is in the property's events, and no decision reads this. It
also answers whether a supply says anything new of a property, so that a full supply of the same facts costs no commands
and does not take back what an officer has corrected since.

A run writes here in one transaction of its own that ends with the run. So a run that is repeated after it was killed
finds what the first attempt found, and gives the same outcomes and the same refusals.
"""

from __future__ import annotations

import asyncio
import hashlib
from array import array
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from services.registration.exchange.gazetteer.assembly import (
    PropertySupplied,
    PropertyWithdrawn,
    StreetSupplied,
    StreetWithdrawn,
)
from services.registration.exchange.gazetteer.electoral import gazetteer_facts
from services.registration.exchange.gazetteer.property import GazetteerProperty, GazetteerStreet
from services.registration.imports.placing import Home
from shared.eventcore.checkpoints import Conn
from shared.eventcore.store import act_for
from shared.events.values import GazetteerFacts

_PROPERTY: TypeAdapter[GazetteerProperty] = TypeAdapter(GazetteerProperty)
_STREET: TypeAdapter[GazetteerStreet] = TypeAdapter(GazetteerStreet)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A property as a supply describes it on `line`, ready to be kept and compared. `successors`: of one that is history,
    the UPRNs that took its place."""

    uprn: int
    line: int
    facts: GazetteerFacts
    ward: str
    parish: str
    usrns: tuple[int, ...]
    text: str
    digest: bytes
    successors: tuple[int, ...]


def entry_of(supplied: PropertySupplied) -> Entry:
    of = supplied.property
    text = _PROPERTY.dump_json(of, exclude_none=True)
    return Entry(
        of.uprn,
        supplied.line,
        gazetteer_facts(of),
        of.ward_code,
        of.parish_code,
        tuple(sorted({lpi.usrn for lpi in of.lpis})),
        text.decode(),
        hashlib.sha256(text).digest(),
        of.successors_if_closed,
    )


def news(
    known: KnownCopy, outcomes: Sequence[PropertySupplied | PropertyWithdrawn]
) -> tuple[list[Entry], dict[int, bytes], int]:
    """What a supply says that is new: the entries, the digests of those that are held, and how many properties are unchanged."""
    entries = [entry_of(one) for one in outcomes if isinstance(one, PropertySupplied)]
    held = known.digests([entry.uprn for entry in entries])
    fresh = [entry for entry in entries if held.get(entry.uprn) != entry.digest]
    return fresh, held, len(entries) - len(fresh)


async def digests(conn: Conn, authority: str, uprns: Sequence[int]) -> dict[int, bytes]:
    """The digest of each of these properties that is held."""
    rows = await conn.fetch(
        "SELECT uprn, digest FROM gazetteer_property WHERE authority = $1 AND uprn = ANY ($2)", authority, uprns
    )
    return {row["uprn"]: row["digest"] for row in rows}


async def keep(conn: Conn, authority: str, entries: Sequence[Entry], run: UUID) -> None:
    """Write these properties as this run says them, in one statement. Its street numbers travel as text: `unnest` would flatten arrays."""
    rows = [
        (e.uprn, e.text, e.digest, e.facts.x, e.facts.y, e.ward, e.parish, "{" + ",".join(map(str, e.usrns)) + "}")
        for e in entries
    ]
    if not rows:
        return
    await conn.execute(
        "INSERT INTO gazetteer_property"
        " SELECT $1, e.uprn, e.property::json, e.digest, e.x, e.y, e.ward, e.parish, e.usrns::bigint[], $10 FROM unnest($2::bigint[],"
        " $3::text[], $4::bytea[], $5::float8[], $6::float8[], $7::text[], $8::text[], $9::text[])"
        " AS e (uprn, property, digest, x, y, ward, parish, usrns) ON CONFLICT (authority, uprn) DO UPDATE"
        " SET property = excluded.property, digest = excluded.digest, x = excluded.x, y = excluded.y, ward = excluded.ward,"
        " parish = excluded.parish, usrns = excluded.usrns, run_id = excluded.run_id",
        authority, *map(list, zip(*rows, strict=True)), run,
    )  # fmt: skip


async def forget(conn: Conn, authority: str, uprns: Sequence[int]) -> None:
    await conn.execute("DELETE FROM gazetteer_property WHERE authority = $1 AND uprn = ANY ($2)", authority, uprns)


async def keep_streets(conn: Conn, authority: str, streets: Iterable[StreetSupplied | StreetWithdrawn]) -> None:
    kept: list[tuple[str, int, str]] = []
    gone: list[int] = []
    for street in streets:
        match street:
            case StreetSupplied(street=of):
                kept.append((authority, of.usrn, _STREET.dump_json(of, exclude_none=True).decode()))
            case StreetWithdrawn(usrn=usrn):
                gone.append(usrn)
    await conn.executemany(
        "INSERT INTO gazetteer_street VALUES ($1, $2, $3)"
        " ON CONFLICT (authority, usrn) DO UPDATE SET street = excluded.street",
        kept,
    )
    await conn.execute("DELETE FROM gazetteer_street WHERE authority = $1 AND usrn = ANY ($2)", authority, gone)


def street_number(street: StreetSupplied | StreetWithdrawn) -> int:
    return street.street.usrn if isinstance(street, StreetSupplied) else street.usrn


class KnownCopy:
    """The working copy as it was before the run, asked from the thread that reads the supply."""

    def __init__(self, pool: asyncpg.Pool[Any], authority: str, loop: asyncio.AbstractEventLoop) -> None:
        self._pool, self._authority, self._loop = pool, authority, loop
        self._by_street: dict[int, array[int]] | None = None

    def property(self, uprn: int) -> GazetteerProperty | None:
        found = self._one("SELECT property FROM gazetteer_property WHERE authority = $1 AND uprn = $2", uprn)
        return None if found is None else _PROPERTY.validate_json(found)

    def digests(self, uprns: Sequence[int]) -> dict[int, bytes]:
        """The digest of each of these properties that is held."""
        return self._ask(lambda conn: digests(conn, self._authority, uprns))

    def street(self, usrn: int) -> GazetteerStreet | None:
        found = self._one("SELECT street FROM gazetteer_street WHERE authority = $1 AND usrn = $2", usrn)
        return None if found is None else _STREET.validate_json(found)

    def on_street(self, usrn: int) -> Iterable[int]:
        # A full supply asks this of every street, so the whole map is read once: some eight bytes for each address.
        if self._by_street is None:
            self._by_street = self._ask(self._streets)
        return self._by_street.get(usrn, ())

    async def _streets(self, conn: Conn) -> dict[int, array[int]]:
        found: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        sql = "SELECT uprn, usrns FROM gazetteer_property WHERE authority = $1"
        async for row in conn.cursor(sql, self._authority, prefetch=1_000):
            for usrn in row["usrns"]:
                found[usrn].append(row["uprn"])
        return found

    def _one(self, sql: str, number: int) -> Any:
        return self._ask(lambda conn: conn.fetchval(sql, self._authority, number))

    def _ask(self, question: Callable[[Conn], Awaitable[T]]) -> T:
        async def asked() -> T:
            async with self._pool.acquire() as conn, conn.transaction(readonly=True):
                await act_for(conn, self._authority)
                return await question(conn)

        answer: Future[T] = asyncio.run_coroutine_threadsafe(asked(), self._loop)
        return answer.result()


async def size(conn: Conn, authority: str) -> int:
    """How many properties are held."""
    async with conn.transaction(readonly=True):
        await act_for(conn, authority)
        return int(await conn.fetchval("SELECT count(*) FROM gazetteer_property WHERE authority = $1", authority))


async def homes(conn: Conn, authority: str, batch: int) -> AsyncIterator[list[Home]]:
    """All properties held, by UPRN. No transaction stays open between batches."""
    after = 0
    while True:
        async with conn.transaction(readonly=True):
            await act_for(conn, authority)
            rows = await conn.fetch(
                "SELECT uprn, x, y, ward, parish FROM gazetteer_property WHERE authority = $1 AND uprn > $2"
                " ORDER BY uprn LIMIT $3",
                authority, after, batch,
            )  # fmt: skip
        if not rows:
            return
        yield [Home(*row) for row in rows]
        after = rows[-1]["uprn"]
