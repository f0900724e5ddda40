"""What a household's reply says: whether it is clear, how it closes the property, and what becomes known of people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID, uuid5

from services.registration.canvass import rules
from shared.events.registration import (
    Answer,
    CanvassId,
    CanvassOutcome,
    CanvassReply,
    ElectorReported,
    NewResidentReported,
    ResidentsDisagreed,
)
from shared.events.values import ElectorId, EvidenceSource, PersonId, PropertyId
from shared.law.rules import Refused

ALONE: frozenset[Answer] = frozenset({"no-change", "refused", "vague"})
CLOSING: tuple[CanvassOutcome, ...] = (
    "business", "second-home", "empty", "added", "left", "changed", "no-change",
)  # fmt: skip
"""Answers that close a property, the one that says most first."""


class Replied(Protocol):
    """What is known of a property when a reply comes in."""

    @property
    def canvass_id(self) -> CanvassId: ...
    @property
    def property_id(self) -> PropertyId: ...
    @property
    def gone(self) -> frozenset[ElectorId]: ...
    @property
    def staying(self) -> frozenset[ElectorId]: ...
    @property
    def known(self) -> frozenset[ElectorId]: ...
    @property
    def names(self) -> frozenset[str]: ...


def check(answers: Sequence[Answer], reply: CanvassReply, known: frozenset[ElectorId]) -> None:
    """Raises `Refused` for a reply that names others than the property's electors, or contradicts itself."""
    if not known.issuperset((*reply.gone, *reply.staying)):
        raise Refused(rules.NOT_AN_ELECTOR_HERE)
    said = set(answers)
    agrees = (
        ("added" in said) == bool(reply.added)
        and ("left" in said) == bool(reply.gone)
        and ("changed" in said) == bool(reply.changes.strip())
        and not set(reply.gone) & set(reply.staying)
    )
    if not said or not agrees or (said & ALONE and len(said) > 1):
        raise Refused(rules.ANSWER_NOT_CLEAR)


def outcome_of(answers: Sequence[Answer]) -> CanvassOutcome | None:
    """How these answers close a property; None where they leave it open."""
    return next((outcome for outcome in CLOSING if outcome in answers), None)


def said_to_stay(answers: Sequence[Answer], reply: CanvassReply, known: frozenset[ElectorId]) -> frozenset[ElectorId]:
    """The electors whom a reply says to be there; `no change` says it of all."""
    return known if "no-change" in answers else frozenset(reply.staying)


def facts(
    response_id: UUID, answers: Sequence[Answer], reply: CanvassReply, on: date, place: Replied
) -> Iterator[NewResidentReported | ElectorReported | ResidentsDisagreed]:
    """What a reply makes known of people, whether or not it closes the property."""
    for n, resident in enumerate(reply.added):
        if str(resident.name).casefold() not in place.names:
            person = PersonId(uuid5(response_id, f"resident:{n}"))
            yield NewResidentReported(
                place.canvass_id, place.property_id, response_id, person, resident.name, resident.nationalities,
                resident.over_75, on,
            )  # fmt: skip
    staying = said_to_stay(answers, reply, place.known)
    for elector in reply.gone:
        yield ElectorReported(elector, place.property_id, response_id, source(place, on), on)
        if elector in place.staying:
            yield ResidentsDisagreed(elector, place.property_id, on)
    for elector in sorted(staying & place.gone):
        yield ElectorReported(elector, place.property_id, response_id, source(place, on, denies=True), on)
        yield ResidentsDisagreed(elector, place.property_id, on)


def source(place: Replied, on: date, *, denies: bool = False) -> EvidenceSource:
    """All replies of a household in a canvass are one source: they answer one mailing (RPR 2001 r.31C)."""
    return EvidenceSource("canvass-reply", f"canvass:{place.canvass_id}:{place.property_id}", on, denies=denies)
