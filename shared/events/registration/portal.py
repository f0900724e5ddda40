"""What is exchanged with the ERO Portal: absent vote decisions taken over from it, questions answered (ADR 0016)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NewType
from uuid import UUID, uuid5

from shared.events.definition import Personal, event
from shared.events.values import Authority, ElectorId, PersonId

PortalDecisionId = NewType("PortalDecisionId", UUID)
RegisterCheckId = NewType("RegisterCheckId", UUID)
PortalQueue = Literal["postalvotes", "proxyvotes"]
PortalStatus = Literal["success", "failure"]


def portal_decision_id(authority: Authority, queue: PortalQueue, item: str) -> PortalDecisionId:
    """The stream of an item of the portal's queue, which is read until it is acknowledged."""
    return PortalDecisionId(uuid5(UUID(int=0), f"portal:{authority}:{queue}:{item}"))


@event("registration.portal-decision-received.v1", subject="person_id")
class PortalDecisionReceived:
    """An officer decided an application for an absent vote in the portal, which handed it over. Kept whole as it came, so
    that what cannot be carried out can be put right by hand."""

    item: str
    queue: PortalQueue
    person_id: PersonId
    """The elector's; of an item that names nobody whom we know, its own."""
    record: Personal[str]
    """JSON as it came, without the signature: that is in no event (ADR 0011)."""
    received_at: datetime
    approved: bool
    elector_id: ElectorId | None = None
    authorised_at: datetime | None = None
    signature_image: UUID | None = None
    """The signature that came with it, among the pictures of `person_id`."""


@event("registration.portal-decision-applied.v1")
class PortalDecisionApplied:
    """What was decided in the portal stands here too."""

    applied_at: datetime


@event("registration.portal-decision-failed.v1")
class PortalDecisionFailed:
    """It cannot be carried out here. The portal's officer is told `message`, which names no person."""

    rule: str
    message: str
    failed_at: datetime


@event("registration.portal-decision-acknowledged.v1")
class PortalDecisionAcknowledged:
    """The portal knows; the item is in its queue no more."""

    status: PortalStatus
    acknowledged_at: datetime


@event("registration.portal-decision-put-right.v1", subject="person_id")
class PortalDecisionPutRight:
    """An officer dealt with a decision that could not be carried out."""

    person_id: PersonId
    how: Personal[str]
    put_right_at: datetime


@event("registration.register-check-answered.v1")
class RegisterCheckAnswered:
    """The portal asked whether somebody is on the register, and was told these entries, or only how many."""

    check_id: RegisterCheckId
    asked_at: datetime
    answered_at: datetime
    matches: int
    electors: tuple[ElectorId, ...]
    historical: bool = False
    by_hand: bool = False
    """An officer asked, not the portal by itself."""
