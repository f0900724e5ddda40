"""Whom a batch of contacts goes to, and the batch as data for a printer: addresses, electors' names and security codes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.registration.views.canvass_electors import ADULT, ORDINARY, residents

_CHOSEN = """
    FROM canvass.property c
    LEFT JOIN properties.allocation a ON a.property_id = c.property_id
    WHERE c.canvass_id = $1 AND c.route = $2 AND c.outcome = '' AND NOT c.enquiry
      AND ($3::text IS NULL OR a.ward = $3) AND ($4::text IS NULL OR a.district = $4)
      AND (c.last_contact = '' OR c.due_on <= $5)
"""
_DOORS = f"""
    SELECT c.canvass_property_id, c.issue, coalesce(w.recipients, '{{}}') AS recipients
    FROM (SELECT c.canvass_property_id, c.property_id, c.issue {_CHOSEN} AND c.canvass_property_id > $6
          ORDER BY c.canvass_property_id LIMIT $7) c
    LEFT JOIN LATERAL (
        SELECT array_agg(e.elector_id ORDER BY e.elector_id) AS recipients FROM electors.elector e
        WHERE $8 AND e.property_id = c.property_id AND {ORDINARY.format(on="$5::date")}
          AND coalesce(e.email, '') || coalesce(e.phone, '') <> '' AND {ADULT.format(on="$5::date")}
    ) w ON true
    ORDER BY c.canvass_property_id
"""
_BATCH = """
    SELECT c.canvass_property_id, c.property_id, c.issue, p.line, p.walk FROM canvass.contact k
    JOIN canvass.property c ON c.canvass_property_id = k.canvass_property_id
    JOIN properties.property p ON p.property_id = c.property_id
    WHERE k.canvass_id = $1 AND k.batch = $2 AND (p.walk COLLATE "C", p.property_id) > ($3, $4)
    ORDER BY p.walk COLLATE "C", p.property_id LIMIT $5
"""
PRINTED_ROWS = 500
COLUMNS = ("address", "reference", "secret", "electors")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Open properties of one route whose next contact is due, of a ward or polling district or of all."""

    canvass_id: UUID
    route: int
    ward: str | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """One of them. `recipients`: ordinary electors of 18 or more who gave an e-mail address or phone number."""

    canvass_property_id: UUID
    issue: int
    recipients: Sequence[UUID]


async def size(conn: Any, chosen: Chosen, on: date) -> int:
    found: int = await conn.fetchval(f"SELECT count(*) {_CHOSEN}", *_given(chosen), on)
    return found


async def doors(conn: Any, chosen: Chosen, contact: str, on: date, after: UUID, limit: int) -> list[Door]:
    """The next of the chosen properties, by id; with recipients for what goes to people."""
    personal = contact == "e-communication"
    rows = await conn.fetch(_DOORS, *_given(chosen), on, after, limit, personal)
    return [Door(row["canvass_property_id"], row["issue"], row["recipients"]) for row in rows]


def _given(chosen: Chosen) -> tuple[Any, ...]:
    return chosen.canvass_id, chosen.route, chosen.ward, chosen.district


@dataclass(frozen=True, slots=True)
class Printed:
    """One property of a batch as it is printed: its address, who is on the register there, which code it carries."""

    canvass_property_id: UUID
    address: str
    issue: int
    electors: tuple[str, ...]


async def printed(conn: Any, authority: str, canvass: UUID, batch: str, on: date) -> AsyncIterator[Printed]:
    """A batch in walk order. Nobody is in it who is left out of the canvass."""
    after: tuple[str, UUID] = ("", UUID(int=0))
    while rows := await conn.fetch(_BATCH, canvass, batch, *after, PRINTED_ROWS):
        people = await residents(conn, authority, [row["property_id"] for row in rows], on)
        for row in rows:
            names = tuple(name for _, name in people.get(row["property_id"], []))
            yield Printed(row["canvass_property_id"], row["line"], row["issue"], names)
        after = rows[-1]["walk"], rows[-1]["property_id"]
