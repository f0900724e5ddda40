"""What may be asked about how an elector votes otherwise than at the polling station.

Applications that somebody else decided, such as those of the ERO Portal, arrive as `GrantPostalVote`, `AppointProxy` or
`GrantPostalProxy` when approved and as `RefusePostalVote`, `RefuseProxy` or `RefusePostalProxy` when rejected, all on the
stream `absent_votes_id(elector)`. `reference` is then the id of the queue's item: a reference answered before changes
nothing. The portal approves only what has a ground, and was attested where that is asked for, so its poller says
`ground_found=True`, `proxy=Proxy(proxy_person(elector, reference), …)` and the applicant's own words as `reason`.
Signature and date of birth go with `services.registration.identifiers`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from shared.events.registration import (
    ArrangementKind,
    PostalProxyEnd,
    PostalVoteEnd,
    PostalVoteKind,
    ProxyEnd,
    ProxyKind,
    RenewalNeed,
)
from shared.events.values import AddressLines, CampaignId, ContactDetails, ElectorId, PersonId, PersonName
from shared.law.effect import PollAhead
from shared.law.polls import Country

# ---------------------------------------------------------------- postal votes


@dataclass(frozen=True, slots=True)
class GrantPostalVote:
    """`asked_until`: the last day asked for, None for as long as possible. `polls_ahead`: those at the elector's address.
    `registration_ends`: of an overseas elector. A `reference` seen before changes nothing."""

    elector_id: ElectorId
    person_id: PersonId
    kind: PostalVoteKind
    applied_at: datetime
    determined_on: date
    poll: PollAhead | None = None
    asked_until: date | None = None
    polls_ahead: tuple[PollAhead, ...] = ()
    registration_ends: date | None = None
    ballot_address: AddressLines | None = None
    ballot_address_reason: str = ""
    ballot_returned: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RefusePostalVote:
    elector_id: ElectorId
    person_id: PersonId
    determined_on: date
    reasons: tuple[str, ...]
    explanation: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CancelPostalVote:
    elector_id: ElectorId
    asked_at: datetime
    polls_ahead: tuple[PollAhead, ...] = ()
    ballot_returned: bool = False


@dataclass(frozen=True, slots=True)
class EndPostalVote:
    elector_id: ElectorId
    ended_on: date
    because: PostalVoteEnd


# --------------------------------------------------------------------- proxies


@dataclass(frozen=True, slots=True)
class Proxy:
    """The person who is to vote. `elector_id`: their own entry, if on this register. `eligible`: found to be registered, or
    about to be, of voting age and entitled by nationality; whoever decides has looked."""

    person_id: PersonId
    name: PersonName
    address: AddressLines
    elector_id: ElectorId | None = None
    contact: ContactDetails = field(default_factory=ContactDetails)
    relationship: str = ""
    close_relative: bool = False
    """Spouse, civil partner, parent, grandparent, brother, sister, child or grandchild of the elector."""
    eligible: bool = True


@dataclass(frozen=True, slots=True)
class AppointProxy:
    """`poll` for kind particular-poll and emergency, `asked_until` for definite-period. `ground` is a key of the tables in
    `shared.law.proxies`, `reason` the elector's own words. `ground_found`: an officer found one in the ERO Portal, which
    does not tell it. `domestic`: neither overseas nor service."""

    elector_id: ElectorId
    person_id: PersonId
    kind: ProxyKind
    proxy: Proxy
    applied_at: datetime
    determined_on: date
    poll: PollAhead | None = None
    asked_until: date | None = None
    polls_ahead: tuple[PollAhead, ...] = ()
    ground: str = ""
    reason: str = ""
    attested: bool = False
    attested_by: str = ""
    ground_found: bool = False
    consents: bool = True
    domestic: bool = True
    registration_ends: date | None = None
    country: Country = Country.ENGLAND
    ballot_returned: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RefuseProxy:
    elector_id: ElectorId
    person_id: PersonId
    determined_on: date
    reasons: tuple[str, ...]
    explanation: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CancelProxy:
    """The elector, or the proxy (`by_proxy`), gives notice. `poll`: the polling day of an appointment for one poll."""

    elector_id: ElectorId
    asked_at: datetime
    poll: PollAhead | None = None
    polls_ahead: tuple[PollAhead, ...] = ()
    by_proxy: bool = False
    ballot_returned: bool = False


@dataclass(frozen=True, slots=True)
class EndProxy:
    """The appointment for `poll`, or the standing one, is over. Ends nothing that is not there."""

    elector_id: ElectorId
    ended_on: date
    because: ProxyEnd
    poll: date | None = None


@dataclass(frozen=True, slots=True)
class GrantPostalProxy:
    """The elector's proxy asks to vote by post. `proxy_name`, if given, has to be that of the proxy appointed."""

    elector_id: ElectorId
    kind: PostalVoteKind
    applied_at: datetime
    determined_on: date
    proxy_name: PersonName | None = None
    poll: PollAhead | None = None
    asked_until: date | None = None
    polls_ahead: tuple[PollAhead, ...] = ()
    registration_ends: date | None = None
    ballot_address: AddressLines | None = None
    ballot_address_reason: str = ""
    ballot_returned: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RefusePostalProxy:
    elector_id: ElectorId
    person_id: PersonId
    determined_on: date
    reasons: tuple[str, ...]
    explanation: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CancelPostalProxy:
    elector_id: ElectorId
    asked_at: datetime
    polls_ahead: tuple[PollAhead, ...] = ()
    ballot_returned: bool = False


@dataclass(frozen=True, slots=True)
class EndPostalProxy:
    elector_id: ElectorId
    ended_on: date
    because: PostalProxyEnd


@dataclass(frozen=True, slots=True)
class EndAbsentVotes:
    """The registration ended, and every arrangement with it. `told`: the elector is alive to be told."""

    elector_id: ElectorId
    ended_on: date
    told: bool = True


@dataclass(frozen=True, slots=True)
class RestoreAbsentVotes:
    """The entry whose end was to come about on `ended_on` stands again from `on`: so does what ended with it, as far as its
    own time lasts. `without_proxies`: a proxy acts for as many electors as the law allows by now."""

    elector_id: ElectorId
    ended_on: date
    on: date
    without_proxies: bool = False


# -------------------------------------------------------------------- renewals


@dataclass(frozen=True, slots=True)
class AskToRenew:
    """Of a campaign: whose arrangement ends on `ends_on`, or whose signature is old by then, is asked once."""

    elector_id: ElectorId
    arrangement: ArrangementKind
    need: RenewalNeed
    campaign_id: CampaignId
    ends_on: date
    asked_on: date
    answer_by: date


@dataclass(frozen=True, slots=True)
class RemindToRenew:
    """Once, and only who has not answered."""

    elector_id: ElectorId
    arrangement: ArrangementKind
    campaign_id: CampaignId
    reminded_on: date


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """This person signed, or was found unable to: whoever was asked to sign again has answered."""

    elector_id: ElectorId
    person_id: PersonId
    on: date


@dataclass(frozen=True, slots=True)
class LapseUnanswered:
    """The time to sign again is over. Ends nothing that was answered."""

    elector_id: ElectorId
    campaign_id: CampaignId
    on: date


Command = (
    GrantPostalVote
    | RefusePostalVote
    | CancelPostalVote
    | EndPostalVote
    | AppointProxy
    | RefuseProxy
    | CancelProxy
    | EndProxy
    | GrantPostalProxy
    | RefusePostalProxy
    | CancelPostalProxy
    | EndPostalProxy
    | EndAbsentVotes
    | RestoreAbsentVotes
    | AskToRenew
    | RemindToRenew
    | NoteSignature
    | LapseUnanswered
)
