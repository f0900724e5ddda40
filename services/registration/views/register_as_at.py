"""The register as at a day, as known at a time: in the order of print, with the marks that the law puts on that day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Literal
from uuid import UUID

import orjson
from pydantic import TypeAdapter
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    SelectBase,
    SmallInteger,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import Grouping

from services.registration.views.in_print import ADDRESS_CELLS
from services.registration.views.register import Entry, PlaceAddress, PlaceAreas
from shared.events.values import ElectorNumber, FranchiseFacts, PersonName, PollingDistrict
from shared.law.franchise import Marking, eligible
from shared.law.marks import marking
from shared.law.polls import PollType
from shared.law.recorded import facts_of
from shared.service.database import Connection, compiled

PREFETCH = 2000
"""Rows fetched at a time from the server, so that 200,000 of them need little memory here."""

Positions = tuple[int, ...]
"""The last position of each of the 64 shards that is taken into account: what a publication freezes."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The register in force on `effective`, as it was known: now (None), at an instant, or at frozen positions."""

    effective: date
    known: datetime | Positions | None = None


class Section(IntEnum):
    """The order within a part of the register. [RPR 2001 r.38-41A]"""

    STREETS = 0
    OTHER_ELECTORS = 1
    ANONYMOUS = 2
    """By number only; so is an entry whose person was erased."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register. An anonymous elector has neither name nor address; an excepted address is empty."""

    elector_id: UUID
    number: ElectorNumber
    section: Section
    marking: Marking
    name: PersonName | None
    address: tuple[str, ...]
    ward: str
    property_id: UUID | None
    opted_out: bool
    anonymous: bool
    ends_on: date | None
    franchise: FranchiseFacts | None
    """What marks and eligibility follow from. Never printed."""
    cells: tuple[str, ...]
    """Surname, forenames, postcode and six lines of address as they stand in files."""

    def printed(self) -> tuple[Any, ...]:
        """What the public register shows of it, for comparing two states of one entry."""
        return str(self.number), self.marking.before_name, self.name, self.address, self.anonymous

    def votes_at(self, poll: PollType, polling_day: date) -> bool:
        """Whether this elector gets a ballot paper at that poll."""
        if self.franchise is None:
            return False
        return eligible(facts_of(self.franchise, anonymous=self.anonymous), poll, polling_day)


FACTS = TypeAdapter(FranchiseFacts)
"""Reads the facts that a row keeps as JSON."""
SECTION: ColumnElement[int] = case(
    (or_(Entry.anonymous, Entry.franchise.is_(None)), Section.ANONYMOUS.value),
    (Entry.franchise["category"].astext == "ordinary", Section.STREETS.value),
    else_=Section.OTHER_ELECTORS.value,
)


def _in(section: Section) -> ColumnElement[bool]:
    return SECTION.in_([section.value])


def _known(row: type[Entry | PlaceAddress | PlaceAreas], known: datetime | Positions | None) -> ColumnElement[bool]:
    if known is None:
        return true()
    if isinstance(known, datetime):
        return row.known_from <= known
    return row.position <= frozen_at(row, known)


def frozen_at(row: Any, positions: Positions) -> ColumnElement[int]:
    """The last position that is taken into account of a row's shard."""
    frozen: Grouping[Any] = Grouping(literal(list(positions), ARRAY(BigInteger)))
    return frozen[row.shard + literal(1, SmallInteger)]  # arrays begin at 1


def _still_known(known: datetime | Positions | None) -> ColumnElement[bool]:
    if known is None:
        return Entry.known_to.is_(None)
    later = Entry.known_to > known if isinstance(known, datetime) else Entry.to_position > frozen_at(Entry, known)
    return or_(Entry.known_to.is_(None), later)


def in_force(authority: str, at: Moment) -> ColumnElement[bool]:
    """Which rectangles of a council make up the register at a moment: at most one of each elector."""
    return and_(
        Entry.authority == authority,
        _known(Entry, at.known),
        _still_known(at.known),
        Entry.effective_from <= at.effective,
        or_(Entry.effective_to.is_(None), Entry.effective_to > at.effective),
    )


def _held(place: Any, at: Moment, *columns: Any, only: ColumnElement[bool] | None = None) -> Any:
    """What held of the entry's property on that day; before anything held, the first that is known."""
    later = place.effective_from > at.effective
    return (
        select(*columns)
        .where(place.property_id == Entry.property_id, _known(place, at.known), true() if only is None else only)
        .order_by(later, case((later, place.version), else_=-place.version))
        .limit(1)
        .lateral(place.__tablename__ + "_held")
    )


def address_of(at: Moment) -> Any:
    """How the address was written, of those entries that show it."""
    cells = [getattr(PlaceAddress, name) for name in ADDRESS_CELLS]
    return _held(PlaceAddress, at, PlaceAddress.lines, PlaceAddress.walk, *cells, only=_in(Section.STREETS))


def areas_of(at: Moment) -> Any:
    """Which ward and constituency the entry's property lay in."""
    return _held(PlaceAreas, at, PlaceAreas.ward, PlaceAreas.constituency)


def place_of(address: Any) -> ColumnElement[str]:
    """Where an entry stands in its section: along the street, or by surname."""
    by_surname = case((_in(Section.OTHER_ELECTORS), Entry.by_surname))
    return func.coalesce(address.c.walk, by_surname, "")


def register_as_at(
    authority: str, at: Moment, *, district: str | None = None, ward: str | None = None, open_only: bool = False,
    only: SelectBase | None = None,
) -> Select[Any]:  # fmt: skip
    """Rows for `line_of`, in register order, with that order's columns labelled as in `ORDER`. `open_only`: without
    those who opted out and without anonymous entries; `only`: these electors."""
    address = address_of(at)
    areas = areas_of(at)
    query = (
        select(
            Entry.elector_id, Entry.district, Entry.number, Entry.suffix, Entry.property_id, Entry.opted_out,
            Entry.anonymous, Entry.ends_on, Entry.name, Entry.franchise, Entry.surname, Entry.forenames, address.c.lines,
            *(address.c[name] for name in ADDRESS_CELLS), areas.c.ward, SECTION.label("section"), place_of(address).label("place"),
        )
        .outerjoin_from(Entry, address, true())
        .outerjoin(areas, true())
        .where(*edition(authority, at, district, open_only))
    )  # fmt: skip
    if only is not None:
        query = query.where(Entry.elector_id.in_(only))
    if ward is not None:
        query = query.where(areas.c.ward == ward)
    found = query.subquery("found")
    return select(found).order_by(*order_of(found))


def edition(authority: str, at: Moment, district: str | None, open_only: bool) -> list[ColumnElement[bool]]:
    """Which entries the full or the open register of a moment holds."""
    chosen = [in_force(authority, at)]
    if district is not None:
        chosen.append(Entry.district == district)
    if open_only:
        chosen += [~Entry.opted_out, ~Entry.anonymous]
    return chosen


def order_of(found: Any) -> list[ColumnElement[Any]]:
    """District by district, section by section, along the street or by surname, and by number where that leaves a tie."""
    return [
        found.c.district.collate("C"), found.c.section, found.c.place.collate("C"), found.c.number, found.c.suffix,
        found.c.elector_id,
    ]  # fmt: skip


def key_of(row: Any) -> list[Any]:
    """The place of a row in that order."""
    return [row["district"], row["section"], row["place"], row["number"], row["suffix"], str(row["elector_id"])]


def line_of(row: Any, on: date) -> Line:
    """A row of `register_as_at` as a line, marked as on that day."""
    section = Section(row["section"])
    facts = FACTS.validate_json(row["franchise"]) if row["franchise"] else None
    hidden = section is Section.ANONYMOUS
    return Line(
        elector_id=row["elector_id"],
        number=ElectorNumber(PollingDistrict(row["district"]), row["number"], row["suffix"]),
        section=section,
        marking=marking_of(facts, row["anonymous"], on),
        name=PersonName(**orjson.loads(row["name"])) if row["name"] and not hidden else None,
        address=tuple(orjson.loads(row["lines"])) if row["lines"] else (),
        ward=row["ward"] or "",
        property_id=None if hidden else row["property_id"],
        opted_out=row["opted_out"],
        anonymous=row["anonymous"],
        ends_on=row["ends_on"],
        franchise=facts,
        cells=tuple("" if hidden else row[name] or "" for name in ("surname", "forenames", *ADDRESS_CELLS)),
    )


def marking_of(facts: FranchiseFacts | None, anonymous: bool, on: date) -> Marking:
    """Marks of an entry on a day; of somebody who was erased, N at most."""
    return marking(facts_of(facts, anonymous=anonymous), on) if facts else Marking("", "N" if anonymous else "")


# ------------------------------------------------------------------- exports


async def rows_of(conn: Connection, statement: Select[Any]) -> AsyncIterator[Any]:
    """The rows of a statement through a cursor of the server. Needs a transaction, which holds one moment still."""
    sql, arguments = compiled(statement)
    async for row in conn.cursor(sql, *arguments, prefetch=PREFETCH):
        yield row


async def lines(
    conn: Connection,
    authority: str,
    at: Moment,
    *,
    district: str | None = None,
    ward: str | None = None,
    poll: PollType | None = None,
    open_only: bool = False,
) -> AsyncIterator[Line]:
    """The full or the open register, line by line in register order; for a poll, those who may vote at it on that day."""
    query = register_as_at(authority, at, district=district, ward=ward, open_only=open_only)
    async for row in rows_of(conn, query):
        line = line_of(row, at.effective)
        if poll is None or line.votes_at(poll, at.effective):
            yield line


@dataclass(frozen=True, slots=True)
class Alteration:
    """What a notice of alteration says of one entry. [RPA 1983 s.13A(2)]"""

    kind: Literal["addition", "removal", "amendment"]
    district: str
    before: Line | None
    after: Line | None


async def alterations(
    conn: Connection,
    authority: str,
    before: Moment,
    after: Moment,
    districts: tuple[str, ...] = (),
    *,
    open_only: bool = False,
) -> AsyncIterator[Alteration]:
    """How the printed register differs between two moments, by district, in register order. `districts` limits it to
    a polling area; empty means everywhere. A mark that changes by the day alone (an attainer comes of age) is none.
    `open_only`: how the open register differs, which those leave who opt out.

    For one notice: `alterations(conn, authority, *moments_of(published_on, positions))`.
    """
    touched = _touched(authority, before, after)
    was, is_ = (
        register_as_at(authority, at, open_only=open_only, only=touched).order_by(None).subquery(name)
        for at, name in ((before, "a"), (after, "b"))
    )
    names = [column.key for column in was.c]
    both = select(*[was.c[n].label(f"was_{n}") for n in names], *[is_.c[n].label(f"is_{n}") for n in names])
    changed = both.select_from(was.join(is_, was.c.elector_id == is_.c.elector_id, full=True)).where(
        or_(
            was.c.elector_id.is_(None),
            is_.c.elector_id.is_(None),
            *(
                was.c[n].is_distinct_from(is_.c[n])
                for n in ("district", "number", "suffix", "name", "franchise", "lines")
            ),
        )
    )
    order = [func.coalesce(i, w) for w, i in zip(order_of(was), order_of(is_), strict=True)]
    async for row in rows_of(conn, changed.order_by(*order)):
        one = line_of({n: row[f"was_{n}"] for n in names}, after.effective) if row["was_elector_id"] else None
        other = line_of({n: row[f"is_{n}"] for n in names}, after.effective) if row["is_elector_id"] else None
        found = alteration(one, other)
        if found is not None and (not districts or found.district in districts):
            yield found


def _touched(authority: str, before: Moment, after: Moment) -> SelectBase | None:
    """Of two moments that know the same, the electors of whom something begins or ends to hold between their days: nobody else
    can be printed otherwise, and a notice names some hundreds of 200,000. None: any may differ."""
    if before.known != after.known:
        return None
    first, last = sorted((before.effective, after.effective))
    entry, of_home, home = aliased(Entry), aliased(Entry), aliased(PlaceAddress)

    def between(day: Any) -> ColumnElement[bool]:
        return and_(day > first, day <= last)

    return union(
        select(entry.elector_id).where(entry.authority == authority, between(entry.effective_from)),
        select(entry.elector_id).where(entry.authority == authority, between(entry.effective_to)),
        select(of_home.elector_id)
        .join_from(home, of_home, of_home.property_id == home.property_id)
        .where(home.authority == authority, between(home.effective_from)),
    )


def alteration(before: Line | None, after: Line | None) -> Alteration | None:
    """What became of one entry; None when it prints as before."""
    if before is not None and after is not None:
        if before.printed() == after.printed():
            return None
        return Alteration("amendment", after.number.district, before, after)
    if after is not None:
        return Alteration("addition", after.number.district, None, after)
    return Alteration("removal", before.number.district, before, None) if before is not None else None


def moments_of(published_on: date, positions: Positions | None = None) -> tuple[Moment, Moment]:
    """The register before and with a publication, both as it was known then."""
    eve = date.fromordinal(published_on.toordinal() - 1)
    return Moment(eve, positions), Moment(published_on, positions)


def counts(authority: str, at: Moment) -> Select[Any]:
    """Entries by polling district: all, in the open register, anonymous, and in the list of other electors."""
    counted: list[ColumnElement[Any]] = [
        Entry.district.expression,
        func.count().label("electors"),
        func.count().filter(~Entry.opted_out, ~Entry.anonymous).label("open"),
        func.count().filter(Entry.anonymous).label("anonymous"),
        func.count().filter(_in(Section.OTHER_ELECTORS)).label("other_electors"),
    ]
    in_order = Entry.district.collate("C")
    return select(*counted).where(in_force(authority, at)).group_by(Entry.district).order_by(in_order)
