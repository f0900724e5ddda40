"""An allowed application puts the applicant on the register, with the next free number of their polling district."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid5

from services.registration.electors.commands import AddElector
from services.registration.electors.decider import electors
from services.registration.properties.decider import Known, properties
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events import application_form
from shared.events.definition import known
from shared.events.registration import (
    ApplicationAllowed,
    ApplicationEvent,
    ApplicationReceived,
    ApplicationTreatedAsAlteration,
    FranchiseEstablished,
    MissingInformationReceived,
)
from shared.events.values import (
    ApplicationId,
    ContactDetails,
    ElectorId,
    ElectorNumber,
    FranchiseFacts,
    PersonName,
    PollingDistrict,
)
from shared.law.electors import NUMBER_TAKEN


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the application said in the end; None once the person was erased."""

    received: ApplicationReceived
    name: PersonName
    franchise: FranchiseFacts
    contact: ContactDetails
    entry_to_alter: ElectorId | None = None


@dataclass(frozen=True, slots=True)
class WhatIsKnown:
    applicant: Applicant | None
    number: ElectorNumber | None
    numbered_in: date


async def gather(lookup: Lookup, event: Recorded[ApplicationAllowed]) -> WhatIsKnown:
    history = await lookup.history(event.stream_id)
    place = await lookup.state(properties, event.data.property_id)
    district = place.allocation.areas.district if isinstance(place, Known) and place.allocation else PollingDistrict("")
    if not district:
        raise LookupError("the property of an allowed application is in no polling district")
    numbered_in = await numbering_in_use(lookup) or numbering_of(event.data.effective_on)
    number = await next_number(lookup, district, numbered_in)
    return WhatIsKnown(applicant_of([e.data for e in history]), number, numbered_in)


def numbering_of(effective_on: date) -> date:
    """The revised register whose numbers are in use on that day: numbers are given anew each 1 December (RPR r.40)."""
    return date(effective_on.year if effective_on.month == 12 else effective_on.year - 1, 12, 1)


async def numbering_in_use(lookup: Lookup) -> date | None:
    """The numbering that the register's entries have: it changes when they are renumbered, not by the calendar alone."""
    in_use: date | None = await lookup.conn.fetchval(
        "SELECT max(numbered_in) FROM register.entry WHERE authority = $1 AND known_to IS NULL", lookup.authority
    )
    return in_use


async def next_number(lookup: Lookup, district: PollingDistrict, numbered_in: date) -> ElectorNumber:
    """One past the highest in the read model, which may lag: a number taken meanwhile is refused, and we look again."""
    highest = await lookup.conn.fetchval(
        "SELECT max(number) FROM register.entry WHERE authority = $1 AND district = $2 AND numbered_in = $3",
        lookup.authority, district, numbered_in,
    )  # fmt: skip
    return ElectorNumber(district, (highest or 0) + 1 + lookup.attempt)


def applicant_of(history: Sequence[ApplicationEvent]) -> Applicant | None:
    """Fold the form and what was supplied or established later."""
    applicant: Applicant | None = None
    for event in history:
        match event:
            case ApplicationReceived():
                name, franchise, contact = known(event.name), known(event.franchise), known(event.contact)
                if name is None or franchise is None:
                    return None
                applicant = Applicant(event, name, franchise, contact or ContactDetails(), event.entry_to_alter)
            case MissingInformationReceived() if applicant is not None:
                applicant = supplemented(applicant, known(event.supplied) or {})
            case FranchiseEstablished() if applicant is not None:
                applicant = replace(applicant, franchise=known(event.franchise) or applicant.franchise)
            case ApplicationTreatedAsAlteration(elector_id=entry) if applicant is not None:
                applicant = replace(applicant, entry_to_alter=entry)
            case _:
                pass
    return applicant


def supplemented(applicant: Applicant, supplied: dict[str, str]) -> Applicant:
    form = {**(known(applicant.received.form) or {}), **supplied}
    said = application_form.franchise(form, applicant.received.kind)
    franchise = replace(
        applicant.franchise, date_of_birth=said.date_of_birth, age_band=said.age_band, nationalities=said.nationalities
    )
    return replace(applicant, name=application_form.name(form), franchise=franchise)


@policy("when_application_allowed_then_add_elector", on=[ApplicationAllowed], given=gather)
def add_elector(known_now: WhatIsKnown, event: Recorded[ApplicationAllowed]) -> Iterable[Any]:
    applicant, allowed = known_now.applicant, event.data
    if applicant is None or known_now.number is None or applicant.entry_to_alter is not None:
        return
    elector = ElectorId(uuid5(event.stream_id, "elector"))
    command = AddElector(
        elector_id=elector,
        person_id=allowed.person_id,
        name=applicant.name,
        franchise=applicant.franchise,
        property_id=allowed.property_id,
        number=known_now.number,
        numbered_in=known_now.numbered_in,
        effective_on=allowed.effective_on,
        notice=allowed.notice,
        opted_out=applicant.received.opted_out,
        anonymous=applicant.received.anonymous,
        application_id=ApplicationId(event.stream_id),
        contact=applicant.contact,
    )
    yield Do(electors, elector, command, "application allowed", again_on=frozenset({NUMBER_TAKEN.name}))
