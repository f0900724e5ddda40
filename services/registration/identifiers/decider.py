"""One person's identifiers: the date of birth and signature that returned postal votes are checked against, or the waiver.

Whoever votes by post gives them with the application, elector or proxy; the latest ones count. [RPR 2001 r.51(3), r.51B]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID, uuid5

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import IdentifierSource, IdentifiersRecorded, SignatureWaived
from shared.events.values import ElectorId, PersonId
from shared.law import identifiers as plausible

SIGNED_IN_THE_FUTURE = Rule(
    "signed-in-the-future", "Nobody has signed tomorrow already.", "RPR 2001 r.51(3)", "Check the date.", invalid=True
)
WAIVER_REASON_NEEDED = Rule(
    "waiver-reason-needed",
    "A signature is waived only for a disability, or because the applicant cannot read or write, or cannot sign in one way.",
    "RPR 2001 r.51B",
    "Ask the applicant, or who helped them, for the reason.",
    invalid=True,
)
DATE_OF_BIRTH_NEEDED = Rule(
    "date-of-birth-needed",
    "Whoever votes by post gives a date of birth; the application is incomplete without it.",
    "RPR 2001 r.51(3)",
    "Ask the applicant for it.",
    invalid=True,
)


@dataclass(frozen=True, slots=True)
class RecordIdentifiers:
    """`image_id`: of the picture that was kept before. `reference`: of the application; one seen before changes nothing."""

    elector_id: ElectorId
    person_id: PersonId
    image_id: UUID
    signed_on: date
    recorded_on: date
    date_of_birth: date | None
    source: IdentifierSource = "application"
    reference: str = ""


@dataclass(frozen=True, slots=True)
class WaiveSignature:
    elector_id: ElectorId
    person_id: PersonId
    waived_on: date
    date_of_birth: date | None
    reason: str
    helped_by: str = ""
    source: IdentifierSource = "application"
    reference: str = ""


Command = RecordIdentifiers | WaiveSignature
Event = IdentifiersRecorded | SignatureWaived


@dataclass(frozen=True, slots=True)
class Identifiers:
    """`latest`: what counts now. `answered`: references of applications whose identifiers were recorded."""

    latest: Event | None = None
    answered: frozenset[str] = frozenset()


def identifiers_id(person: PersonId) -> UUID:
    """The stream of a person's identifiers."""
    return uuid5(person, "identifiers")


def decide(command: Command, now: Identifiers) -> Sequence[Event]:
    if command.reference in now.answered:
        return []  # the queue delivered the same application again
    if command.date_of_birth is None:
        raise Refused(DATE_OF_BIRTH_NEEDED)
    match command:
        case RecordIdentifiers():
            if command.signed_on > command.recorded_on:
                raise Refused(SIGNED_IN_THE_FUTURE)
            plausible.date_of_birth(command.date_of_birth, command.recorded_on)
            return [
                IdentifiersRecorded(
                    elector_id=command.elector_id,
                    person_id=command.person_id,
                    image_id=command.image_id,
                    signed_on=command.signed_on,
                    date_of_birth=command.date_of_birth,
                    source=command.source,
                    reference=command.reference,
                )
            ]
        case WaiveSignature():
            if not command.reason.strip():
                raise Refused(WAIVER_REASON_NEEDED)
            plausible.date_of_birth(command.date_of_birth, command.waived_on)
            return [
                SignatureWaived(
                    elector_id=command.elector_id,
                    person_id=command.person_id,
                    waived_on=command.waived_on,
                    date_of_birth=command.date_of_birth,
                    reason=command.reason,
                    helped_by=command.helped_by,
                    source=command.source,
                    reference=command.reference,
                )
            ]
        case _:
            assert_never(command)


def evolve(now: Identifiers, event: Event) -> Identifiers:
    return Identifiers(event, now.answered | {event.reference} - {""})


identifiers: Decider[Command, Identifiers, Event] = Decider("identifiers", Identifiers(), decide, evolve)
