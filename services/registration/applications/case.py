"""What is known of one application: open until it is determined once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.events import application_form
from shared.events.definition import known
from shared.events.registration import (
    ApplicationAllowed,
    ApplicationEvent,
    ApplicationForwarded,
    ApplicationFoundDuplicate,
    ApplicationFoundIncomplete,
    ApplicationHeld,
    ApplicationListed,
    ApplicationReceived,
    ApplicationRejected,
    ApplicationReleased,
    ApplicationTreatedAsAlteration,
    ApplicationWithdrawn,
    AttestationReceived,
    DwpResultReceived,
    EvidenceAccepted,
    EvidenceRequested,
    FranchiseEstablished,
    HearingCalled,
    HearingHeld,
    IdentityCheckRequested,
    IdentityVerified,
    LocalDataMatched,
    LocalDataNotMatched,
    MissingInformationReceived,
    ObjectionDisallowed,
    ObjectionMade,
    PropertyIdentified,
    Route,
)
from shared.events.values import Category, ElectorId, FranchiseFacts, PersonId, PropertyId


@dataclass(frozen=True, slots=True)
class NotReceived:
    pass


@dataclass(frozen=True, slots=True)
class Open:
    """Received and not determined. `form` and `franchise` are None once the person was erased."""

    person_id: PersonId
    kind: Category
    received_on: date
    form: Mapping[str, str] | None
    franchise: FranchiseFacts | None
    property_id: PropertyId | None
    listed: ApplicationListed | None = None
    route: Route | None = None
    held: tuple[str, ...] = ()
    objectors: frozenset[ElectorId] = frozenset()
    """Who objected in the window and was not disallowed."""
    disallowed: frozenset[ElectorId] = frozenset()
    """Whose objection was disallowed, and may be heard all the same."""
    ask_for_hearing_until: date | None = None
    hearing_on: date | None = None
    upheld: bool = False
    entry_to_alter: ElectorId | None = None
    """The entry whose name this application asks to alter, rather than for an entry of its own."""


@dataclass(frozen=True, slots=True)
class Ended:
    """`last`: as it stood; an appeal that succeeds allows what was rejected."""

    how: str
    last: Open


Application = NotReceived | Open | Ended


def evolve(application: Application, event: ApplicationEvent) -> Application:
    if isinstance(event, ApplicationReceived):
        return Open(
            person_id=event.person_id,
            kind=event.kind,
            received_on=event.received_on,
            form=known(event.form),
            franchise=known(event.franchise),
            property_id=event.property_id,
            entry_to_alter=event.entry_to_alter,
        )
    if isinstance(application, Ended) and application.how == "rejected" and isinstance(event, ApplicationAllowed):
        return Ended("allowed", application.last)  # a court said so
    if not isinstance(application, Open):
        raise ValueError("an application's history begins with ApplicationReceived and ends with one outcome")
    match event:
        case ApplicationListed():
            return replace(application, listed=event)
        case MissingInformationReceived(supplied=supplied):
            return supplemented(application, known(supplied))
        case PropertyIdentified(property_id=place):
            return replace(application, property_id=place)
        case FranchiseEstablished(franchise=facts):
            return replace(application, franchise=known(facts))
        case IdentityVerified(route=route):
            return replace(application, route=route)
        case ApplicationHeld():
            return replace(application, held=(*application.held, known(event.reason) or "a reason since erased"))
        case ApplicationReleased():
            return replace(application, held=())
        case ObjectionMade(objector=objector, in_window=True):
            return replace(application, objectors=application.objectors | {objector})
        case ObjectionDisallowed(objector=objector, hearing_until=until):
            return replace(
                application, objectors=application.objectors - {objector}, ask_for_hearing_until=until,
                disallowed=application.disallowed | {objector},
            )  # fmt: skip
        case HearingCalled(hearing_on=on):
            return replace(application, hearing_on=on)
        case HearingHeld(upheld=upheld):
            return replace(
                application, objectors=frozenset(), disallowed=frozenset(), ask_for_hearing_until=None, hearing_on=None,
                upheld=upheld,
            )  # fmt: skip
        case ApplicationTreatedAsAlteration(elector_id=entry):
            return replace(application, entry_to_alter=entry)
        case ApplicationAllowed():
            return Ended("allowed", application)
        case ApplicationRejected():
            return Ended("rejected", application)
        case ApplicationWithdrawn():
            return Ended("withdrawn", application)
        case ApplicationFoundDuplicate():
            return Ended("found to be a duplicate", application)
        case ApplicationForwarded():
            return Ended("forwarded", application)
        case (
            ApplicationFoundIncomplete()
            | IdentityCheckRequested()
            | DwpResultReceived()
            | LocalDataMatched()
            | LocalDataNotMatched()
            | EvidenceRequested()
            | EvidenceAccepted()
            | AttestationReceived()
            | ObjectionMade()
        ):
            return application
        case _:
            assert_never(event)


def supplemented(application: Open, supplied: Mapping[str, str] | None) -> Open:
    """Later answers replace earlier ones; facts that an officer established otherwise stay."""
    if supplied is None or application.form is None:
        return application
    form = {**application.form, **supplied}
    facts = application.franchise
    if facts is not None and supplied.keys() & {"dob", "agerange", "nat"}:
        said = application_form.franchise(form, application.kind)
        facts = replace(
            facts, date_of_birth=said.date_of_birth, age_band=said.age_band, nationalities=said.nationalities
        )
    return replace(application, form=form, franchise=facts)
