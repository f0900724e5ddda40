"""How an elector votes without going to the polling station: by post, by proxy, by a proxy who votes by post.

All of one elector's arrangements stand in one stream. A proxy is a person too: what is said of them is sealed under their
own key, so an appointment is two events, `ProxyAppointed` for the elector and `ProxyNamed` for the proxy.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Literal

from shared.events.definition import Personal, event
from shared.events.values import (
    AddressLines,
    ContactDetails,
    ElectorId,
    PersonId,
    PersonName,
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
    applied_at: datetime | None = None
    """When the application arrived: whether it was in time for a poll. Unknown in events from before this field."""
    restored: bool = False
    """It had ended with an entry that stands again, and goes on as it was: nobody applied for it anew."""


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
    person_id: PersonId | None = None
    """The elector, where they are to be told: not where the proxy that they asked for instead is confirmed to them."""


@event("registration.postal-vote-ended.v1", effective="ended_on")
class PostalVoteEnded:
    """The arrangement ended by itself: its time was over, or the registration it rests on."""

    elector_id: ElectorId
    ended_on: date
    because: PostalVoteEnd
    person_id: PersonId | None = None
    """The elector, where they are to be told; not after a death, nor when the time was over as they were told before."""


ProxyKind = Literal["particular-poll", "definite-period", "indefinite", "emergency"]
ProxyEnd = Literal[
    "own-request", "proxy-request", "expired", "registration-ended", "replaced", "signature-not-refreshed",
    "proxy-not-eligible",
]  # fmt: skip
PostalProxyEnd = Literal["own-request", "expired", "registration-ended", "appointment-ended"]


@event("registration.proxy-appointed.v1", subject="person_id", effective="valid_from")
class ProxyAppointed:
    """The elector votes by proxy from `valid_from` to `valid_until` (None: until ended), or at one poll.

    `proxy_id` is the proxy as a person, of whom `ProxyNamed` says more. The ground may tell of the elector's health."""

    elector_id: ElectorId
    person_id: PersonId
    proxy_id: PersonId
    kind: ProxyKind
    valid_from: date
    valid_until: date | None
    determined_on: date
    poll: date | None = None
    """The only polling day it is for, when `kind` is particular-poll or emergency."""
    shortened: bool = False
    ground: Personal[str] = ""
    reason: Personal[str] = ""
    relationship: Personal[str] = ""
    attested_by: Personal[str] = ""
    reference: str = ""
    applied_at: datetime | None = None
    restored: bool = False


@event("registration.proxy-named.v1", subject="proxy_id")
class ProxyNamed:
    """Who the proxy is. Takes one of the places that the law leaves this person, under each of `limits`."""

    elector_id: ElectorId
    proxy_id: PersonId
    name: Personal[PersonName]
    address: Personal[AddressLines]
    limits: tuple[str, ...]
    """Names in `shared.law.proxies.LIMITS`."""
    limits_on: date
    """The day whose law says how many there are."""
    domestic: bool
    """The elector is neither overseas nor in the forces or Crown service."""
    close_relative: bool = False
    proxy_elector_id: ElectorId | None = None
    """The proxy's own entry, if on this register."""
    contact: Personal[ContactDetails] = field(default_factory=ContactDetails)


@event("registration.proxy-ended.v1", subject="proxy_id", effective="ended_on")
class ProxyEnded:
    """The appointment ends on that day: the standing one, or that for `poll`. Name and address are repeated to give back
    the place that the proxy held."""

    elector_id: ElectorId
    proxy_id: PersonId
    ended_on: date
    because: ProxyEnd
    poll: date | None = None
    still_acts: bool = False
    """Under another appointment the same person goes on acting for this elector."""
    name: Personal[PersonName | None] = None
    address: Personal[AddressLines | None] = None
    person_id: PersonId | None = None
    """The elector, where they are to be told: not after a death."""


@event("registration.proxy-refused.v1", subject="person_id", effective="determined_on")
class ProxyRefused:
    """An application to vote by proxy was refused; the reasons are EROP's words, e.g. `proxy-limits`."""

    elector_id: ElectorId
    person_id: PersonId
    determined_on: date
    reasons: tuple[str, ...]
    explanation: Personal[str] = ""
    reference: str = ""


@event("registration.postal-proxy-granted.v1", subject="proxy_id", effective="valid_from")
class PostalProxyGranted:
    """The elector's proxy votes by post, at most as long as the appointment lasts."""

    elector_id: ElectorId
    proxy_id: PersonId
    kind: PostalVoteKind
    valid_from: date
    valid_until: date
    determined_on: date
    poll: date | None = None
    shortened: bool = False
    ballot_address: Personal[AddressLines | None] = None
    ballot_address_reason: Personal[str] = ""
    reference: str = ""
    applied_at: datetime | None = None
    restored: bool = False


@event("registration.postal-proxy-refused.v1", subject="person_id", effective="determined_on")
class PostalProxyRefused:
    """An application of this elector's proxy to vote by post was refused."""

    elector_id: ElectorId
    person_id: PersonId
    determined_on: date
    reasons: tuple[str, ...]
    explanation: Personal[str] = ""
    reference: str = ""
    proxy_id: PersonId | None = None
    """Who applied, if they act for the elector at all. Unknown in events from before this field."""


@event("registration.postal-proxy-ended.v1", effective="ended_on")
class PostalProxyEnded:
    """The proxy goes to the polling station again, or is a proxy no more."""

    elector_id: ElectorId
    proxy_id: PersonId
    ended_on: date
    because: PostalProxyEnd
