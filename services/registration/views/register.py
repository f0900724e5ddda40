"""The register, on two axes: what was in force on a day, as it was known at a time.

An elector's entry is kept as rectangles: from the day it is in force to the day it is not (`effective_*`), as known from
one event to the event that said otherwise (`known_*`, `position`, `to_position`). A later event about the days from E on
overrides whatever was known of those days, so a correction with an earlier day moves one axis only.

Where a property lies and how its address is written is kept beside, one row per event and never changed.

What files print of an entry is kept with it, worked out once when it changes: so a register of any day is one statement
(`register_file`). `marks` come from `shared.law`: whoever changes what the law marks raises this view's version, so
that it is built anew.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Boolean, DateTime, Index, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.in_print import address_cells, mark_cells, name_cells
from services.registration.views.walk import walk
from shared.eventcore.clock import london_date
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.values import ElectoralAreas, FranchiseFacts, PersonName

INSTANT = DateTime(timezone=True)

# -------------------------------------------------------------------- tables


class Entry(ViewTable):
    """One rectangle. `number` is a number within `district`, of the numbering of the register of `numbered_in`."""

    __tablename__ = "entry"
    __table_args__ = (
        Index("entry_by_number", "authority", "district", "numbered_in", "number"),
        Index("entry_by_numbering", "authority", "numbered_in", postgresql_where="known_to IS NULL"),
        Index("entry_by_beginning", "authority", "effective_from"),
        Index("entry_by_end", "authority", "effective_to"),
        Index("entry_by_person", "person_id"),
        Index("entry_by_property", "property_id"),
        {"schema": "register"},
    )
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    """The event that it is known from."""
    effective_from: Mapped[date] = mapped_column(primary_key=True)
    effective_to: Mapped[date | None] = mapped_column(default=None)
    """The first day it is no longer in force."""
    shard: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    to_position: Mapped[int | None] = mapped_column(BigInteger, default=None)
    known_from: Mapped[datetime] = mapped_column(INSTANT)
    known_to: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    person_id: Mapped[UUID | None]
    """None of an anonymous entry: who that is nobody here knows, nor where (ADR 0015)."""
    property_id: Mapped[UUID]
    """Of an anonymous entry its own id, to which the areas of its polling district belong."""
    district: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(Integer)
    suffix: Mapped[int] = mapped_column(Integer)
    numbered_in: Mapped[date]
    opted_out: Mapped[bool] = mapped_column(Boolean)
    anonymous: Mapped[bool] = mapped_column(Boolean)
    ends_on: Mapped[date | None]
    # What follows is the person's own, and goes when their data is erased.
    name: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    by_surname: Mapped[str | None] = mapped_column(Text)
    surname: Mapped[str | None] = mapped_column(Text)
    forenames: Mapped[str | None] = mapped_column(Text)
    franchise: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    marks: Mapped[list[dict[str, str | None]] | None] = mapped_column(JSONB)
    """As `in_print.mark_cells`."""


class PlaceAddress(ViewTable):
    """How an address is written from a day on, by one event."""

    __tablename__ = "place_address"
    __table_args__ = (Index("place_address_by_beginning", "authority", "effective_from"), {"schema": "register"})
    property_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    effective_from: Mapped[date]
    known_from: Mapped[datetime] = mapped_column(INSTANT)
    shard: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[list[str]] = mapped_column(JSONB)
    walk: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str | None] = mapped_column(Text)
    address1: Mapped[str | None] = mapped_column(Text)
    address2: Mapped[str | None] = mapped_column(Text)
    address3: Mapped[str | None] = mapped_column(Text)
    address4: Mapped[str | None] = mapped_column(Text)
    address5: Mapped[str | None] = mapped_column(Text)
    address6: Mapped[str | None] = mapped_column(Text)


class PlaceAreas(ViewTable):
    """In which electoral areas a property lies from a day on, by one event; empty: not known."""

    __tablename__ = "place_areas"
    __table_args__ = {"schema": "register"}  # noqa: RUF012
    property_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    effective_from: Mapped[date]
    known_from: Mapped[datetime] = mapped_column(INSTANT)
    shard: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    ward: Mapped[str] = mapped_column(Text)
    parish: Mapped[str] = mapped_column(Text)
    county_division: Mapped[str] = mapped_column(Text)
    constituency: Mapped[str] = mapped_column(Text)


# ------------------------------------------------------------------ handlers


@projection("register", version=5, tables=[Entry, PlaceAddress, PlaceAreas])
class Register:
    view: View

    @on(r.ElectorAdded)
    def add(self, tx: ViewTransaction, e: Recorded[r.ElectorAdded]) -> None:
        added = e.data
        tx.put(
            Entry,
            authority=e.authority,
            elector_id=added.elector_id,
            **_known_from(e),
            effective_from=added.effective_on,
            person_id=added.person_id,
            property_id=added.property_id,
            district=added.number.district,
            number=added.number.number,
            suffix=added.number.suffix,
            numbered_in=added.numbered_in,
            opted_out=added.opted_out,
            anonymous=added.anonymous,
            ends_on=added.ends_on,
            **_named(known(added.name)),
            **_entitled(known(added.franchise), added.effective_on),
        )

    @on(r.AnonymousEntryListed)
    def list_anonymous(self, tx: ViewTransaction, e: Recorded[r.AnonymousEntryListed]) -> None:
        listed = e.data
        tx.put(
            Entry,
            authority=e.authority,
            elector_id=listed.entry_id,
            **_known_from(e),
            effective_from=listed.effective_on,
            person_id=None,
            property_id=listed.entry_id,
            **_numbered(listed),
            opted_out=True,
            anonymous=True,
            **_named(None),
            **_entitled(stand_in(listed.mark, listed.votes_in), listed.effective_on),
        )
        self._lies_in(tx, e, listed.areas, listed.effective_on)

    @on(r.AnonymousEntryAltered)
    async def alter_anonymous(self, tx: ViewTransaction, e: Recorded[r.AnonymousEntryAltered]) -> None:
        said = e.data
        facts = stand_in(said.mark, said.votes_in)
        await override(tx, e, said.effective_on, _numbered(said) | _entitled(facts, said.effective_on))

    @on(r.AnonymousEntryStruckOff)
    async def strike_off(self, tx: ViewTransaction, e: Recorded[r.AnonymousEntryStruckOff]) -> None:
        await override(tx, e, e.data.effective_on, None)

    @on(r.ElectorAmended, r.ClericalErrorCorrected)
    async def name(
        self, tx: ViewTransaction, e: Recorded[r.ElectorAmended] | Recorded[r.ClericalErrorCorrected]
    ) -> None:
        await override(tx, e, e.data.effective_on, _named(known(e.data.name)))

    @on(r.ElectorFranchiseChanged)
    async def entitle(self, tx: ViewTransaction, e: Recorded[r.ElectorFranchiseChanged]) -> None:
        await override(tx, e, e.data.effective_on, _entitled(known(e.data.franchise), e.data.effective_on))

    @on(r.ElectorRenumbered)
    async def renumber(self, tx: ViewTransaction, e: Recorded[r.ElectorRenumbered]) -> None:
        changed = asdict(e.data.number) | {"numbered_in": e.data.numbered_in}
        await override(tx, e, e.data.effective_on, changed)

    @on(r.ElectorReaddressed)
    async def readdress(self, tx: ViewTransaction, e: Recorded[r.ElectorReaddressed]) -> None:
        await override(tx, e, e.data.effective_on, {"property_id": e.data.property_id})

    @on(r.EntryTermChanged)
    async def last(self, tx: ViewTransaction, e: Recorded[r.EntryTermChanged]) -> None:
        await override(tx, e, e.data.changed_on, {"ends_on": e.data.ends_on})

    @on(r.OpenRegisterPreferenceChanged)
    async def prefer(self, tx: ViewTransaction, e: Recorded[r.OpenRegisterPreferenceChanged]) -> None:
        await override(tx, e, e.data.effective_on, {"opted_out": e.data.opted_out})

    @on(r.ElectorRemoved)
    async def remove(self, tx: ViewTransaction, e: Recorded[r.ElectorRemoved]) -> None:
        await override(tx, e, e.data.effective_on, None)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Entry, {"person_id": e.data.subject_id}, **_named(None), franchise=None, marks=None)

    @on(r.PropertyAdded, r.PropertyChanged, r.PropertyReinstated)
    def describe(
        self,
        tx: ViewTransaction,
        e: Recorded[r.PropertyAdded] | Recorded[r.PropertyChanged] | Recorded[r.PropertyReinstated],
    ) -> None:
        address = e.data.facts.address
        lines = list(address.lines())
        tx.put(
            PlaceAddress,
            authority=e.authority,
            property_id=e.stream_id,
            **_known_from(e),
            effective_from=london_date(e.occurred_at),
            lines=lines,
            walk=walk(address),
            **address_cells(lines),
        )

    @on(r.PropertyAllocated)
    def allocate(self, tx: ViewTransaction, e: Recorded[r.PropertyAllocated]) -> None:
        self._lies_in(tx, e, e.data.areas, e.data.effective_on)

    @on(r.PropertyAllocationCleared)
    def clear(self, tx: ViewTransaction, e: Recorded[r.PropertyAllocationCleared]) -> None:
        tx.put(
            PlaceAreas,
            authority=e.authority,
            property_id=e.stream_id,
            **_known_from(e),
            effective_from=london_date(e.occurred_at),
            ward="",
            parish="",
            county_division="",
            constituency="",
        )

    def _lies_in(self, tx: ViewTransaction, e: Recorded[Any], areas: ElectoralAreas, since: date) -> None:
        tx.put(
            PlaceAreas,
            authority=e.authority,
            property_id=e.stream_id,
            **_known_from(e),
            effective_from=since,
            ward=areas.ward,
            parish=areas.parish,
            county_division=areas.county_division,
            constituency=areas.constituency,
        )


async def override(tx: ViewTransaction, e: Recorded[Any], start: date, changed: dict[str, Any] | None) -> None:
    """From `start` on an entry reads as `changed` says, whatever was known before; with None it is no entry any more."""
    for row in await tx.select(Entry, elector_id=e.stream_id):
        end = row["effective_to"]
        if row["known_to"] is not None or (end is not None and end <= start):
            continue
        key = {k: row[k] for k in ("elector_id", "version", "effective_from")}
        tx.change(Entry, **key, known_to=e.recorded_at, to_position=e.position)
        stays = {**row, **_known_from(e), **{k: _read(row[k]) for k in ("name", "franchise", "marks")}}
        if row["effective_from"] < start:
            tx.put(Entry, **stays | {"effective_to": start})
        if changed is not None:
            tx.put(Entry, **stays | changed | {"effective_from": max(start, row["effective_from"])})


def _known_from(e: Recorded[Any]) -> dict[str, Any]:
    return {"version": e.version, "shard": e.shard, "position": e.position, "known_from": e.recorded_at}


def _named(name: PersonName | None) -> dict[str, Any]:
    by_surname = f"{name.last}\t{name.first}\t{name.middle}".casefold() if name else None
    return {"name": asdict(name) if name else None, "by_surname": by_surname, **name_cells(name)}


def _entitled(facts: FranchiseFacts | None, since: date) -> dict[str, Any]:
    return {"franchise": asdict(facts) if facts else None, "marks": mark_cells(facts, since)}


def _numbered(printed: r.AnonymousEntryListed | r.AnonymousEntryAltered) -> dict[str, Any]:
    return asdict(printed.number) | {"numbered_in": printed.numbered_in, "ends_on": printed.ends_on}


def stand_in(mark: r.PrintedMark, votes_in: tuple[str, ...]) -> FranchiseFacts:
    """Facts that give this mark and these ballots: of nobody, for an anonymous entry has no facts here (ADR 0015)."""
    return FranchiseFacts(
        age_band="18-75" if votes_in else "under 18",
        nationalities=("PL",) if mark == "B" else ("GB",),
        sitting_peer=mark == "L",
        category="overseas" if mark == "F" else "ordinary",
    )


def _read(kept: str | None) -> Any:
    return None if kept is None else orjson.loads(kept)
