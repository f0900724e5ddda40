"""Who is meant by a question of the portal, looked for in the register of now and of every day before.

The portal compares one match and gives up at several, so somebody who is clearly meant is told alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from services.registration.exchange.ero_portal.register_checks import (
    PENDING,
    Match,
    Place,
    PostalVoteHeld,
    RegisterCheck,
    person,
    same_address,
    uprn,
)
from services.registration.views.duplicates import standing_record
from services.registration.views.properties import Property, normal_postcode
from services.registration.views.register_as_at import FACTS, marking_of
from services.registration.views.register_checks import Attested, Candidate, KnownAs, PostalArrangement
from services.registration.views.search import folded
from shared.events.values import AddressLines, PersonName
from shared.law.reckoning import LONDON
from shared.service.database import Connection, fetch

MOST_READ: Final = 100
YEAR: Final = timedelta(days=365)
"""How far back attestations are counted."""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be meant, and the match that would be told."""

    match: Match
    standing: bool
    """On the register now, soon, or by an application that is open."""

    def meant_by(self, check: RegisterCheck) -> bool:
        same = person(check.first, check.last, check.date_of_birth)
        return same == person(self.match.first, self.match.last, self.match.date_of_birth)

    def lives_where(self, check: RegisterCheck) -> bool:
        return same_address(Place.asked(check), Place.held(self.match))


async def matches(conn: Connection, authority: str, check: RegisterCheck, today: date) -> list[Match]:
    """The matches to tell, the surest first. `conn` may read the views of that council."""
    wanted = await _by_id(conn, check.ems_elector_id) if check.ems_elector_id else _by_name(check)
    rows = await fetch(conn, _candidates(authority, wanted))
    found = [Found(await _match(conn, row, today), _standing(row, today)) for row in rows]
    return [each.match for each in chosen(check, found)]


async def history_begins(conn: Connection, authority: str) -> datetime | None:
    """The midnight from which on the register can be searched; None where nobody is on it."""
    earliest = select(func.min(Candidate.added_on).label("on")).where(Candidate.authority == authority)
    on: date | None = (await fetch(conn, earliest))[0]["on"]
    return datetime.combine(on, time(), LONDON) if on else None


def chosen(check: RegisterCheck, found: Sequence[Found]) -> Sequence[Found]:
    """Of those found, who is told: entries that are over only when asked for history, or when there is nobody else."""
    if check.ems_elector_id is not None:
        return found
    pool = list(found) if check.historical else [each for each in found if each.standing] or list(found)
    meant = [each for each in pool if each.meant_by(check)]
    at_home = [each for each in meant if each.lives_where(check)]
    for clearly in (at_home, meant):
        entries = [each for each in clearly if each.match.franchise_code != PENDING]
        if len(entries or clearly) == 1:
            return entries or clearly
    return meant or pool


async def _by_id(conn: Connection, ems_elector_id: str) -> ColumnElement[bool]:
    """By the id we once gave, also when its record was merged into another since. What is none of ours matches nobody."""
    try:
        given = UUID(ems_elector_id)
    except ValueError:
        return false()
    return Candidate.elector_id == await standing_record(conn, given)


def _by_name(check: RegisterCheck) -> ColumnElement[bool]:
    """Enough in common to be worth a look. Surname and home alone are the family next to whom the applicant lives."""
    surname, given = KnownAs.last == folded(check.last), KnownAs.first == folded(check.first)
    homes = [
        Property.postcode == normal_postcode(check.postcode),
        Candidate.postcode == normal_postcode(check.postcode),
    ]
    if number := uprn(check.uprn):
        homes.append(Property.uprn == int(number))
    home = or_(*homes)
    born = Candidate.born == check.date_of_birth if check.date_of_birth else false()
    initial = KnownAs.first.startswith(folded(check.first)[:1], autoescape=True)
    return or_(and_(surname, born), and_(surname, initial, home), and_(given, born, home))


def _candidates(authority: str, wanted: ColumnElement[bool]) -> Select[Any]:
    home = Property.property_id == Candidate.property_id
    entry = aliased(Candidate)
    applying = ~exists().where(entry.elector_id == Candidate.elector_id, entry.entered)
    counted = or_(Candidate.entered, applying)
    ids = (
        select(Candidate.elector_id)
        .join(KnownAs, KnownAs.elector_id == Candidate.elector_id)
        .outerjoin(Property, home)
        .where(Candidate.authority == authority, Candidate.name.is_not(None), counted, wanted)
    )
    arrangement = [c.label(f"postal_{c.key}") for c in PostalArrangement.__table__.columns]
    return (
        select(
            *(c for c in Candidate.__table__.columns if c.key != "address"),
            func.coalesce(Property.address, Candidate.address, type_=Property.address.type).label("address"),
            Property.uprn,
            *arrangement,
        )
        .outerjoin(Property, home)
        .outerjoin(PostalArrangement, PostalArrangement.elector_id == Candidate.elector_id)
        .where(Candidate.elector_id.in_(ids), counted)
        .order_by(Candidate.removed_on.desc().nulls_first(), Candidate.elector_id)
        .limit(MOST_READ)
    )


def _standing(row: dict[str, Any], today: date) -> bool:
    return row["removed_on"] is None or row["removed_on"] > today


async def _match(conn: Connection, row: dict[str, Any], today: date) -> Match:
    address = AddressLines(**row["address"]) if row["address"] else AddressLines()
    home = Match.place(address) | ({"reguprn": str(row["uprn"])} if row["uprn"] else {})
    facts = FACTS.validate_python(row["franchise"]) if row["franchise"] else None
    removed: date | None = row["removed_on"]
    return Match.model_validate(
        {
            "emsElectorId": str(row["elector_id"]),
            **Match.names(PersonName(**row["name"])),
            **home,
            "dob": row["born"],
            "phone": row["phone"] or None,
            "email": row["email"] or None,
            "registeredStartDate": row["added_on"],
            "registeredEndDate": removed - timedelta(days=1) if removed else None,
            "applicationCreatedAt": row["applied_at"],
            "attestationCount": await _attestations(conn, row["elector_id"], today),
            "franchiseCode": PENDING if row["added_on"] is None else marking_of(facts, False, today).letters,
            "postalVote": _postal(row) if row["postal_kind"] and row["postal_valid_until"] >= today else None,
        }
    )


async def _attestations(conn: Connection, elector: UUID, today: date) -> int:
    made = select(func.count().label("made")).where(Attested.attestor == elector, Attested.attested_on > today - YEAR)
    return int((await fetch(conn, made))[0]["made"])


def _postal(row: dict[str, Any]) -> PostalVoteHeld:
    elsewhere = AddressLines(**row["postal_elsewhere"]) if row["postal_elsewhere"] else None
    where = {
        "ballotproperty": elsewhere.property or None, "ballotstreet": elsewhere.street, "ballottown": elsewhere.town,
        "ballotlocality": elsewhere.locality or None, "ballotarea": elsewhere.area or None,
        "ballotpostcode": elsewhere.postcode, "ballotAddressReason": row["postal_reason"],
    } if elsewhere else {}  # fmt: skip
    if row["postal_kind"] == "particular-poll":
        return PostalVoteHeld.model_validate({"postalVoteForSingleDate": row["postal_poll"], **where})
    term = {"postalVoteStartDate": row["postal_valid_from"], "postalVoteEndDate": row["postal_valid_until"]}
    return PostalVoteHeld.model_validate({**term, **where})
