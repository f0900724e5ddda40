"""What a gazetteer supply would change, property by property, beside what the register knows: nothing is recorded.

Looked at against the views of properties and electors, and the working copy: the same supply says the same again when it is
committed, unless another import came in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import IO, Any, Literal
from uuid import UUID

import orjson

from services.registration.exchange.gazetteer.assembly import (
    PropertySupplied,
    PropertyWithdrawn,
    StreetSupplied,
    StreetWithdrawn,
)
from services.registration.imports.gazetteer import BATCH
from services.registration.imports.reading import SupplyReading, Work
from services.registration.imports.runs import Run, Runs, write
from services.registration.imports.successions import Closed, Succession, successions
from services.registration.imports.working_copy import Entry, KnownCopy, news
from services.registration.properties.decider import HISTORICAL, electoral
from services.registration.properties.succession import SUCCESSOR_RETIRED, SUCCESSOR_UNKNOWN
from shared.eventcore.checkpoints import Conn
from shared.eventcore.execute import Executor
from shared.eventcore.store import act_for
from shared.events.registration import Gazetteer
from shared.events.values import Authority, Uprn, property_id

Change = Literal["added", "changed", "retired", "reinstated", "replaced", "split", "merged"]
_KNOWN = (
    "SELECT property_id, line, class_code, electoral, because, judged, retired FROM properties.property"
    " WHERE authority = $1 AND property_id = ANY($2)"
)
_LIVING = (
    "SELECT property_id, count(*) AS electors FROM electors.elector WHERE authority = $1 AND property_id = ANY($2)"
    " AND NOT anonymous AND (removed_on IS NULL OR removed_on > $3) GROUP BY property_id"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """One property that the supply says something new of."""

    uprn: int
    property_id: UUID
    change: Change
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    electors: int


class GazetteerPreview:
    """One run: `await GazetteerPreview(...)(conn)`. Raises as an import does."""

    def __init__(
        self, execute: Executor, runs: Runs, run: Run, files: Sequence[IO[bytes]], today: date, *, encoding: str, extract: bool
    ) -> None:  # fmt: skip
        self._run, self._today, self._encoding, self._extract = run, today, encoding, extract
        self._reading = SupplyReading(
            runs, run, execute.store.pool, files, encoding=encoding, extract=extract, batch=BATCH
        )
        self._closed: list[Closed] = []
        self._standing: dict[int, str] = {}
        """The address of each property that stands after this supply, of those it says something new of."""
        self._ordinal = 0

    async def __call__(self, conn: Conn) -> None:
        run = self._run
        try:
            async with conn.transaction():
                await act_for(conn, run.authority)
                await self._reading(self._streets, partial(self._properties, conn))
                await self._followed(conn)
                run.supply = (run.supply or {}) | {"encoding": self._encoding, "extract": self._extract}
                run.state = "done"
                await write(conn, run)
        finally:
            await self._reading.keep_refusals()

    def _streets(self, streets: Sequence[StreetSupplied | StreetWithdrawn]) -> Work:
        return self._nothing  # a street's new name comes with the properties on it

    async def _nothing(self) -> None:
        return

    def _properties(
        self, conn: Conn, known: KnownCopy, source: Gazetteer, outcomes: Sequence[PropertySupplied | PropertyWithdrawn]
    ) -> Work:
        fresh, _, unchanged = news(known, outcomes)
        gone = [one for one in outcomes if isinstance(one, PropertyWithdrawn)]
        return partial(self._look, conn, fresh, gone, unchanged, len(outcomes))

    async def _look(
        self, conn: Conn, fresh: Sequence[Entry], gone: Sequence[PropertyWithdrawn], unchanged: int, size: int
    ) -> None:
        run = self._run
        identities = {uprn: _id(run.authority, uprn) for uprn in [*(e.uprn for e in fresh), *(o.uprn for o in gone)]}
        of = list(identities.values())
        known = {row["property_id"]: dict(row) for row in await conn.fetch(_KNOWN, run.authority, of)}
        living = {
            row["property_id"]: row["electors"] for row in await conn.fetch(_LIVING, run.authority, of, self._today)
        }
        found = [_supplied(entry, identities[entry.uprn], known.get(identities[entry.uprn])) for entry in fresh]
        found += [_withdrawn(one.uprn, identities[one.uprn], known.get(identities[one.uprn])) for one in gone]
        told = [replace(one, electors=living.get(one.property_id, 0)) for one in found if one is not None]
        await self._keep(conn, told)
        self._closed += [Closed(e.uprn, e.successors, e.line, withdrawn=False) for e in fresh if e.successors]
        self._closed += [Closed(o.uprn, o.successors, o.line, withdrawn=True) for o in gone if o.successors]
        self._standing |= {e.uprn: str(e.facts.address) for e in fresh if e.facts.logical_status != HISTORICAL}
        run.counts.update(one.change for one in told)
        run.counts["unchanged"] += unchanged
        run.done += size

    async def _keep(self, conn: Conn, found: Iterable[_Found]) -> None:
        rows = []
        for one in found:
            self._ordinal += 1
            rows.append(
                (
                    self._run.id, self._ordinal, self._run.authority, one.uprn, one.property_id, one.change,
                    _json(one.before), _json(one.after), one.electors,
                )
            )  # fmt: skip
        await conn.executemany("INSERT INTO import_change VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", rows)

    async def _followed(self, conn: Conn) -> None:
        """Tell a property that others take the place of as split, merged or replaced, where those stand."""
        run, found = self._run, successions(self._closed)
        named = {uprn for one in found for uprn in one.closed.successors} - self._standing.keys()
        identities = {_id(run.authority, uprn): uprn for uprn in named}
        known = {
            identities[row["property_id"]]: row for row in await conn.fetch(_KNOWN, run.authority, list(identities))
        }
        stands = self._standing | {uprn: row["line"] for uprn, row in known.items() if not row["retired"]}
        for one in found:
            note = ""
            if missing := [uprn for uprn in one.closed.successors if uprn not in stands]:
                rule = SUCCESSOR_RETIRED if missing[0] in known else SUCCESSOR_UNKNOWN
                note = f"{rule.because} UPRN {', '.join(map(str, missing))}."
            await self._tell(conn, one, stands, note)

    async def _tell(self, conn: Conn, one: Succession, stands: dict[int, str], note: str) -> None:
        successors = [{"uprn": uprn, "line": stands.get(uprn)} for uprn in one.closed.successors]
        was = await conn.fetchval(
            "SELECT change FROM import_change WHERE run_id = $1 AND uprn = $2 FOR UPDATE",
            self._run.id, one.closed.uprn,
        )  # fmt: skip
        if was is None:
            return  # gone before
        change = was if note else one.how
        await conn.execute(
            "UPDATE import_change SET change = $3, successors = $4, note = $5 WHERE run_id = $1 AND uprn = $2",
            self._run.id, one.closed.uprn, change, _json(successors), note,
        )  # fmt: skip
        self._run.counts[was] -= 1
        self._run.counts[change] += 1


def _id(authority: str, uprn: int) -> UUID:
    return property_id(Authority(authority), Uprn(uprn))


def _supplied(entry: Entry, identity: UUID, known: dict[str, Any] | None) -> _Found | None:
    facts = entry.facts
    yes, because = electoral(facts)
    if known is not None and known["judged"] and not known["retired"]:
        yes, because = known["electoral"], known["because"]
    after = {"line": str(facts.address), "class_code": facts.class_code, "electoral": yes, "because": because}
    if known is None:
        return _Found(entry.uprn, identity, "added", None, after, 0)
    if not known["retired"]:
        return _Found(entry.uprn, identity, "changed", _facts(known), after, 0)
    if facts.logical_status == HISTORICAL:
        return None
    return _Found(entry.uprn, identity, "reinstated", _facts(known), after, 0)


def _withdrawn(uprn: int, identity: UUID, known: dict[str, Any] | None) -> _Found | None:
    if known is None or known["retired"]:
        return None
    return _Found(uprn, identity, "retired", _facts(known), None, 0)


def _facts(known: dict[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in ("line", "class_code", "electoral", "because")}


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
