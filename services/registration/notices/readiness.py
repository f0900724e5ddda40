"""What stands in the way of a publication, each with the entries it concerns and what to do. An officer sees it before anything
is frozen; what `stops` keeps the publication from being made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select

from services.registration.views.applications import Application
from services.registration.views.properties import Allocation
from services.registration.views.register import Entry, PlaceAddress
from services.registration.views.register_as_at import Moment, in_force
from shared.events.values import ElectorNumber, PollingDistrict
from shared.law.rules import Rule
from shared.service.database import Connection, compiled

SHOWN = 20
"""Entries named of each blocker; the others are counted."""

NUMBER_TWICE = Rule(
    "number-twice",
    "Two entries have one number.",
    "RPR 2001 r.40",
    "Give one of them another number.",
)
NOT_RENUMBERED = Rule(
    "entry-not-renumbered",
    "A revised register gives every entry its number anew, and these have none of it.",
    "RPR 2001 r.40",
    "Number the register of that day: POST /renumberings.",
)
ANOTHER_DISTRICT = Rule(
    "entry-in-another-district",
    "The property of these entries lies in another polling district than their number says.",
    "RPA 1983 s.18A; RPR 2001 r.38-40",
    "Give these entries a number of the district in which the property lies.",
)
NO_ADDRESS = Rule(
    "entry-without-an-address",
    "Nothing is known of the property of these entries, so that no address would be printed.",
    "RPR 2001 r.38",
    "Look at the property in the gazetteer.",
)
PAST_ITS_END = Rule(
    "entry-past-its-end",
    "These entries have ended with their declaration and are still on the register.",
    "RPA 1983 s.10ZE; RPA 1985 s.1",
    "Remove them, or record the new declaration.",
)
NO_ENTRY_YET = Rule(
    "allowed-without-an-entry",
    "These applications were allowed for this publication, and there is no entry of them.",
    "RPA 1983 s.10ZC, s.13A",
    "Wait a moment; then look whether their property is in a polling district, and at the parked events.",
)


@dataclass(frozen=True, slots=True)
class Blocker:
    """`records`: numbers of entries, or ids of applications; the first of `count`."""

    rule: Rule
    stops: bool
    count: int
    records: tuple[str, ...]


async def blockers(conn: Connection, authority: str, on: date, *, whole: bool) -> list[Blocker]:
    """What stands in the way of a notice, or of the `whole` register, that holds from that day."""
    printed = (Entry.district, Entry.number, Entry.suffix)
    asked: list[tuple[Rule, bool, Any]] = [
        (NUMBER_TWICE, True, _twice(authority, on)),
        (
            NO_ADDRESS,
            whole,
            # Of an anonymous entry no address is printed, and none is known here (ADR 0015).
            _entries(authority, on).where(
                Entry.franchise["category"].astext == "ordinary", not_(Entry.anonymous), _unknown()
            ),
        ),
        (ANOTHER_DISTRICT, False, _elsewhere(authority, on)),
        (PAST_ITS_END, False, _entries(authority, on).where(Entry.ends_on <= on)),
        (NO_ENTRY_YET, False, _allowed(authority, on)),
    ]
    if whole:
        asked.append((NOT_RENUMBERED, True, _entries(authority, on).where(Entry.numbered_in != on)))
    found: list[Blocker] = []
    for rule, stops, query in asked:
        columns = list(query.selected_columns)
        sql, arguments = compiled(query.add_columns(func.count().over().label("found")).order_by(*columns).limit(SHOWN))
        rows = await conn.fetch(sql, *arguments)
        if rows:
            named = [str(row[0]) if len(columns) != len(printed) else _number(row) for row in rows]
            found.append(Blocker(rule, stops, rows[0]["found"], tuple(named)))
    return found


def _number(row: Any) -> str:
    return str(ElectorNumber(PollingDistrict(row["district"]), row["number"], row["suffix"]))


def _entries(authority: str, on: date) -> Any:
    return select(Entry.district, Entry.number, Entry.suffix).where(in_force(authority, Moment(on)))


def _twice(authority: str, on: date) -> Any:
    """By numbering too: until the new register is published, an old number may be another's new one."""
    return _entries(authority, on).group_by(Entry.district, Entry.number, Entry.suffix).having(func.count() > 1)


def _unknown() -> ColumnElement[bool]:
    return not_(select(PlaceAddress.property_id).where(PlaceAddress.property_id == Entry.property_id).exists())


def _elsewhere(authority: str, on: date) -> Any:
    allocated = and_(Allocation.property_id == Entry.property_id, Allocation.district != "")
    return _entries(authority, on).join(Allocation, allocated).where(Allocation.district != Entry.district)


def _allowed(authority: str, on: date) -> Select[Any]:
    """An application for a new entry, as against one that alters an entry that stands."""
    entry = select(Entry.elector_id).where(Entry.person_id == Application.person_id).exists()
    return select(Application.application_id).where(
        Application.authority == authority,
        Application.outcome == "allowed",
        Application.effective_on == on,
        Application.entry_to_alter.is_(None),
        not_(entry),
    )
