"""One person's identifiers: the date of birth and signature that returned postal votes are checked against, or the waiver.

Whoever votes by post gives them with the application, elector or proxy; the latest ones count. [RPR 2001 r.51(3), r.51B]
An officer looks at each signature that comes in, beside the one on record, and accepts it or asks for a better one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, assert_never
from uuid import UUID, uuid5

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import (
    FreshSignatureRequested,
    IdentifierSource,
    IdentifiersRecorded,
    SignatureAccepted,
    SignatureFault,
    SignatureWaived,
    Signer,
)
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
ANOTHER_SIGNATURE = Rule(
    "another-signature",
    "This is no longer the signature that counts: another came in, or it was waived, since it was shown.",
    "RPR 2001 r.51(3)",
    "Look at the latest one.",
)
CHECKED_ALREADY = Rule(
    "signature-checked-already",
    "Somebody has settled the check of this signature.",
    "RPR 2001 r.51(3)",
    "Go on to the next one.",
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
    whose: Signer = "elector"


@dataclass(frozen=True, slots=True)
class AcceptSignature:
    """`image_id`: of the picture that the officer saw."""

    image_id: UUID
    checked_on: date


@dataclass(frozen=True, slots=True)
class AskForFreshSignature:
    """`image_id`: of the picture that the officer saw."""

    image_id: UUID
    whose: Literal["elector", "proxy"]
    fault: SignatureFault
    asked_on: date


Command = RecordIdentifiers | WaiveSignature | AcceptSignature | AskForFreshSignature
Given = IdentifiersRecorded | SignatureWaived
Event = Given | SignatureAccepted | FreshSignatureRequested


@dataclass(frozen=True, slots=True)
class Identifiers:
    """`latest`: what counts now. `answered`: references of applications whose identifiers were recorded. `checked`: whether
    an officer has looked at the latest signature."""

    latest: Given | None = None
    answered: frozenset[str] = frozenset()
    checked: bool = False


def identifiers_id(person: PersonId) -> UUID:
    """The stream of a person's identifiers."""
    return uuid5(person, "identifiers")


def decide(command: Command, now: Identifiers) -> Sequence[Event]:
    match command:
        case AcceptSignature():
            seen = signature_to_check(command.image_id, now)
            return [SignatureAccepted(seen.elector_id, seen.person_id, seen.image_id, command.checked_on)]
        case AskForFreshSignature():
            seen = signature_to_check(command.image_id, now)
            return [
                FreshSignatureRequested(
                    seen.elector_id, seen.person_id, seen.image_id, command.whose, command.fault, command.asked_on
                )
            ]
        case _:
            return give(command, now)


def signature_to_check(image: UUID, now: Identifiers) -> IdentifiersRecorded:
    """The signature that an officer looked at, if it is the latest and nobody has settled it. Raises `Refused`."""
    if not isinstance(now.latest, IdentifiersRecorded) or now.latest.image_id != image:
        raise Refused(ANOTHER_SIGNATURE)
    if now.checked:
        raise Refused(CHECKED_ALREADY)
    return now.latest


def give(command: RecordIdentifiers | WaiveSignature, now: Identifiers) -> Sequence[Given]:
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
                    whose=command.whose,
                )
            ]
        case _:
            assert_never(command)


def evolve(now: Identifiers, event: Event) -> Identifiers:
    if isinstance(event, SignatureAccepted | FreshSignatureRequested):
        return replace(now, checked=True)
    return Identifiers(event, now.answered | {event.reference} - {""})


identifiers: Decider[Command, Identifiers, Event] = Decider("identifiers", Identifiers(), decide, evolve)
