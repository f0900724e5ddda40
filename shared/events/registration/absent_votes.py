"""How an elector votes without going to the polling station: granted, refused, cancelled, ended."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.events.definition import Personal, event
from shared.events.values import (
    AddressLines,
    ElectorId,
    PersonId,
)

PostalVoteKind = Literal["particular-poll", "definite-period", "maximum"]
PostalVoteEnd = Literal["expired", "registration-ended", "address-changed", "identity-check-failed", "own-request"]


@event("registration.postal-vote-granted.v1", subject="person_id", effective="valid_from")
class PostalVoteGranted:
    """The elector votes by post from `valid_from` to `valid_until`. `ballot_address`: only if another one."""

    elector_id: ElectorId
    person_id: PersonId
    kind: PostalVoteKind
    valid_from: date
    valid_until: date
    determined_on: date
    poll: date | None = None
    """The only polling day it is for, when `kind` is particular-poll."""
    shortened: bool = False
    """A longer period was asked for than the law allows; the elector is told."""
    ballot_address: Personal[AddressLines | None] = None
    ballot_address_reason: Personal[str] = ""
    reference: str = ""


@event("registration.postal-vote-refused.v1", subject="person_id", effective="determined_on")
class PostalVoteRefused:
    """An application for a postal vote was refused; the reasons are EROP's words, e.g. `identity-not-confirmed`."""

    elector_id: ElectorId
    person_id: PersonId
    determined_on: date
    reasons: tuple[str, ...]
    explanation: Personal[str] = ""
    reference: str = ""


@event("registration.postal-vote-cancelled.v1", effective="cancelled_on")
class PostalVoteCancelled:
    """The elector asked to vote in another way again."""

    elector_id: ElectorId
    cancelled_on: date


@event("registration.postal-vote-ended.v1", effective="ended_on")
class PostalVoteEnded:
    """The arrangement ended by itself: its time was over, or the registration it rests on."""

    elector_id: ElectorId
    ended_on: date
    because: PostalVoteEnd
