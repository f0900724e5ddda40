"""Who may vote in how great a number: electors and postal voters per polling district and contest, from registration's
events alone.

What elections may know of an elector is in ADR 0006: no name, no address, no birth. So this is a plan, exact but for the
attainers who come of age by the poll, who are shown as not counted yet; the law's own count is asked of registration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Boolean, ColumnElement, Index, Integer, Select, Text, and_, func, literal, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.registration import (
    AnonymousEntryAltered,
    AnonymousEntryListed,
    AnonymousEntryStruckOff,
    ElectorAdded,
    ElectorFranchiseChanged,
    ElectorRemoved,
    ElectorRenumbered,
    EntryTermChanged,
    PostalVoteCancelled,
    PostalVoteEnded,
    PostalVoteGranted,
    PropertyAllocated,
    PropertyAllocationCleared,
)
from shared.events.values import ElectoralAreas

SCHEMA = {"schema": "electorate"}


class Elector(ViewTable):
    """An entry on the register, from `on_from`; gone from `off_from`; its last day `ends_on` where the law limits it."""

    __tablename__ = "elector"
    __table_args__ = (Index("elector_by_district", "authority", "district"), SCHEMA)
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    property_id: Mapped[UUID]
    """Of an anonymous elector the entry's own id: where that is nobody here knows (registration's ADR 0015)."""
    district: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(Integer)
    suffix: Mapped[int] = mapped_column(Integer)
    parliamentary: Mapped[bool] = mapped_column(Boolean)
    local: Mapped[bool] = mapped_column(Boolean)
    on_from: Mapped[date]
    off_from: Mapped[date | None]
    ends_on: Mapped[date | None]


class PostalVoter(ViewTable):
    """An elector's postal voting arrangement; `poll`: the only polling day it is for; `ended_on`: it ended early."""

    __tablename__ = "postal_voter"
    __table_args__ = SCHEMA
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    poll: Mapped[date | None]
    ended_on: Mapped[date | None]


class Place(ViewTable):
    """The electoral areas of a property."""

    __tablename__ = "place"
    __table_args__ = SCHEMA
    property_id: Mapped[UUID] = mapped_column(primary_key=True)
    ward: Mapped[str] = mapped_column(Text)
    parish: Mapped[str] = mapped_column(Text)
    parish_ward: Mapped[str] = mapped_column(Text)
    county_division: Mapped[str] = mapped_column(Text)
    constituency: Mapped[str] = mapped_column(Text)


@projection("electorate", version=2, tables=[Elector, PostalVoter, Place])
class Electorate:
    """Three tables that never read each other: electors, postal votes and properties come in any order between them."""

    view: View

    @on(ElectorAdded)
    def add(self, tx: ViewTransaction, e: Recorded[ElectorAdded]) -> None:
        added = e.data
        tx.put(
            Elector, authority=e.authority, elector_id=added.elector_id, property_id=added.property_id,
            district=added.number.district, number=added.number.number, suffix=added.number.suffix,
            on_from=added.in_force_since or added.effective_on, ends_on=added.ends_on, **_registers(added.votes_in),
        )  # fmt: skip

    @on(AnonymousEntryListed)
    def list_anonymous(self, tx: ViewTransaction, e: Recorded[AnonymousEntryListed]) -> None:
        listed = e.data
        tx.put(
            Elector, authority=e.authority, elector_id=listed.entry_id, property_id=listed.entry_id,
            on_from=listed.effective_on, **_numbered(listed), **_registers(listed.votes_in),
        )  # fmt: skip
        tx.put(Place, authority=e.authority, property_id=listed.entry_id, **_areas(listed.areas))

    @on(AnonymousEntryAltered)
    def alter_anonymous(self, tx: ViewTransaction, e: Recorded[AnonymousEntryAltered]) -> None:
        tx.change(Elector, elector_id=e.data.entry_id, **_numbered(e.data), **_registers(e.data.votes_in))

    @on(AnonymousEntryStruckOff)
    def strike_off(self, tx: ViewTransaction, e: Recorded[AnonymousEntryStruckOff]) -> None:
        tx.change(Elector, elector_id=e.data.entry_id, off_from=e.data.effective_on)

    @on(ElectorFranchiseChanged)
    def entitle(self, tx: ViewTransaction, e: Recorded[ElectorFranchiseChanged]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, **_registers(e.data.votes_in))

    @on(ElectorRenumbered)
    def renumber(self, tx: ViewTransaction, e: Recorded[ElectorRenumbered]) -> None:
        number = e.data.number
        tx.change(
            Elector, elector_id=e.data.elector_id, district=number.district, number=number.number, suffix=number.suffix
        )

    @on(EntryTermChanged)
    def last(self, tx: ViewTransaction, e: Recorded[EntryTermChanged]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, ends_on=e.data.ends_on)

    @on(ElectorRemoved)
    def remove(self, tx: ViewTransaction, e: Recorded[ElectorRemoved]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, off_from=e.data.effective_on)

    @on(PostalVoteGranted)
    def grant(self, tx: ViewTransaction, e: Recorded[PostalVoteGranted]) -> None:
        granted = e.data
        tx.put(
            PostalVoter, authority=e.authority, elector_id=granted.elector_id, valid_from=granted.valid_from,
            valid_until=granted.valid_until, poll=granted.poll,
        )  # fmt: skip

    @on(PostalVoteCancelled)
    def cancel(self, tx: ViewTransaction, e: Recorded[PostalVoteCancelled]) -> None:
        tx.change(PostalVoter, elector_id=e.data.elector_id, ended_on=e.data.cancelled_on)

    @on(PostalVoteEnded)
    def end(self, tx: ViewTransaction, e: Recorded[PostalVoteEnded]) -> None:
        tx.change(PostalVoter, elector_id=e.data.elector_id, ended_on=e.data.ended_on)

    @on(PropertyAllocated)
    def allocate(self, tx: ViewTransaction, e: Recorded[PropertyAllocated]) -> None:
        tx.put(Place, authority=e.authority, property_id=e.data.property_id, **_areas(e.data.areas))

    @on(PropertyAllocationCleared)
    def clear(self, tx: ViewTransaction, e: Recorded[PropertyAllocationCleared]) -> None:
        tx.remove(Place, property_id=e.data.property_id)


def _numbered(printed: AnonymousEntryListed | AnonymousEntryAltered) -> dict[str, Any]:
    number = printed.number
    return {
        "district": number.district, "number": number.number, "suffix": number.suffix, "ends_on": printed.ends_on,
    }  # fmt: skip


def _areas(areas: ElectoralAreas) -> dict[str, str]:
    return {
        "ward": areas.ward, "parish": areas.parish, "parish_ward": areas.parish_ward,
        "county_division": areas.county_division, "constituency": areas.constituency,
    }  # fmt: skip


def _registers(votes_in: Iterable[str]) -> dict[str, bool]:
    return {register: register in votes_in for register in ("parliamentary", "local")}


# ------------------------------------------------------------------- answers


class DistrictElectorate(BaseModel):
    """A polling district's part of a contest. `not_counted_yet`: attainers, and entries whose register is not known."""

    district: str
    electors: int
    postal_voters: int
    not_counted_yet: int


class ContestElectorate(BaseModel):
    """The electorate of one contest. `register_used` empty: it is not taken from the register of electors, so nothing is counted."""

    contest_id: UUID
    ballot_id: str
    area: str
    register_used: str
    electors: int
    postal_voters: int
    not_counted_yet: int
    districts: list[DistrictElectorate]


# ------------------------------------------------------------------- queries

_AREAS = {
    "ward": Place.ward,
    "county-division": Place.county_division,
    "constituency": Place.constituency,
    "parish": Place.parish,
    "parish-ward": Place.parish_ward,
}


def districts_of(authority: str, kind: str, contests: Sequence[dict[str, Any]]) -> Select[str, str, int, int, int]:
    """Electors, postal voters and those not counted yet by area and polling district, as they will stand on polling day:
    one query for all `contests` (rows of `polls.contest` of one poll) whose areas are of that kind."""
    day, register = contests[0]["polling_day"], contests[0]["register_used"]
    area = _AREAS[kind] if kind in _AREAS else literal("")
    votes = Elector.parliamentary if register == "parliamentary" else Elector.local
    by_post = and_(
        votes,
        PostalVoter.valid_from <= day,
        PostalVoter.valid_until >= day,
        or_(PostalVoter.poll.is_(None), PostalVoter.poll == day),
        or_(PostalVoter.ended_on.is_(None), PostalVoter.ended_on > day),
    )
    uncounted = Elector.parliamentary.is_(False) & Elector.local.is_(False)
    return (
        select(
            area.label("area"),
            Elector.district,
            func.count().filter(votes).label("electors"),
            func.count().filter(by_post).label("postal_voters"),
            func.count().filter(uncounted).label("not_counted_yet"),
        )
        .select_from(Elector)
        .outerjoin(Place, Place.property_id == Elector.property_id)
        .outerjoin(PostalVoter, PostalVoter.elector_id == Elector.elector_id)
        .where(
            Elector.authority == authority,
            Elector.on_from <= day,
            or_(Elector.off_from.is_(None), Elector.off_from > day),
            or_(Elector.ends_on.is_(None), Elector.ends_on >= day),
            _in_areas(kind, contests),
        )
        .group_by("area", Elector.district)
        .order_by("area", Elector.district)
    )


def _in_areas(kind: str, contests: Sequence[dict[str, Any]]) -> ColumnElement[bool]:
    match kind:
        case "authority":
            return literal(True)
        case "polling-districts":
            return Elector.district.in_(sorted({d for contest in contests for d in contest["districts"]}))
        case _:
            return _AREAS[kind].in_([contest["area_code"] for contest in contests])


def _belongs(row: dict[str, Any], contest: dict[str, Any]) -> bool:
    match contest["area_kind"]:
        case "authority":
            return True
        case "polling-districts":
            return row["district"] in contest["districts"]
        case _:
            return bool(row["area"] == contest["area_code"])


def electorate_of(contest: dict[str, Any], rows: Iterable[dict[str, Any]]) -> ContestElectorate:
    """One contest, from the rows of `districts_of` for its kind of area."""
    districts = [
        DistrictElectorate(
            district=row["district"],
            electors=row["electors"],
            postal_voters=row["postal_voters"] if contest["postal_voting"] else 0,
            not_counted_yet=row["not_counted_yet"],
        )
        for row in rows
        if _belongs(row, contest)
    ]
    return ContestElectorate(
        contest_id=contest["contest_id"],
        ballot_id=contest["ballot_id"],
        area=contest["area_name"],
        register_used=contest["register_used"],
        electors=sum(d.electors for d in districts),
        postal_voters=sum(d.postal_voters for d in districts),
        not_counted_yet=sum(d.not_counted_yet for d in districts),
        districts=districts,
    )
