"""From an application decided in the portal to the command that carries it out here."""

from __future__ import annotations

from datetime import date
from typing import Final

from services.registration.absent_votes.api import COUNTRIES, is_domestic, overseas_end
from services.registration.absent_votes.commands import (
    AppointProxy,
    Command,
    GrantPostalProxy,
    GrantPostalVote,
    Proxy,
    RefusePostalProxy,
    RefusePostalVote,
    RefuseProxy,
)
from services.registration.absent_votes.persons import proxy_person
from services.registration.electors.decider import OnRegister
from services.registration.exchange.ero_portal.absent_votes import Decided, PostalDetail, ProxyDetail
from shared.eventcore.clock import london_date
from shared.eventcore.deciding import Refused
from shared.events.registration import PostalVoteKind
from shared.events.values import AddressLines, ElectorId, PersonId, PersonName
from shared.law.effect import PollAhead
from shared.law.polls import Country
from shared.law.rules import Rule

NO_SUCH_POLL: Final = Rule(
    "no-such-poll",
    "No poll is announced here, at the elector's address, for that day.",
    "ERO Portal, EMS API; RPR 2001 r.51",
    "Check the date in the portal, or create the election first and put this application right by hand.",
)


def command_of(
    decided: Decided, elector: ElectorId, entry: OnRegister, authority: str, polls: tuple[PollAhead, ...]
) -> Command:
    """What the officer in the portal decided, for this elector. `polls`: those at the elector's address. Raises `Refused`."""
    if not decided.approved:
        return _refusal(decided, elector, entry)
    detail, on = decided.detail, london_date(decided.authorised_at)
    poll = _poll(detail.single_date, polls)
    if isinstance(detail, ProxyDetail):
        return AppointProxy(
            elector_id=elector,
            person_id=PersonId(entry.added.person_id),
            kind="particular-poll" if poll else "definite-period" if detail.end else "indefinite",
            proxy=_proxy(decided, detail, elector),
            applied_at=decided.created_at,
            determined_on=on,
            poll=poll,
            asked_until=detail.end,
            polls_ahead=polls,
            reason=detail.reason,
            ground_found=True,
            domestic=is_domestic(entry),
            registration_ends=overseas_end(entry),
            country=COUNTRIES.get(authority[:1], Country.ENGLAND),
            reference=decided.id,
        )
    kind: PostalVoteKind = "particular-poll" if poll else "definite-period" if detail.end else "maximum"
    elsewhere = decided.ballot_address
    reason = (detail.ballot_address_reason or "Not said in the portal") if elsewhere else ""
    if detail.postal_proxy:
        return GrantPostalProxy(
            elector, kind, decided.created_at, on, decided.proxy_name, poll, detail.end, polls, overseas_end(entry), elsewhere,
            reason, reference=decided.id,
        )  # fmt: skip
    return GrantPostalVote(
        elector, PersonId(entry.added.person_id), kind, decided.created_at, on, poll, detail.end, polls, overseas_end(entry),
        elsewhere, reason, reference=decided.id,
    )  # fmt: skip


def _refusal(decided: Decided, elector: ElectorId, entry: OnRegister) -> Command:
    person, on = PersonId(entry.added.person_id), london_date(decided.authorised_at)
    said = (elector, person, on, decided.reasons_told, decided.explanation, decided.id)
    match decided.detail:
        case ProxyDetail():
            return RefuseProxy(*said)
        case PostalDetail(postal_proxy=None):
            return RefusePostalVote(*said)
        case PostalDetail():
            return RefusePostalProxy(*said)


def _poll(day: date | None, polls: tuple[PollAhead, ...]) -> PollAhead | None:
    if day is None:
        return None
    found = next((poll for poll in polls if poll.polling_day == day), None)
    if found is None:
        raise Refused(NO_SUCH_POLL)
    return found


def _proxy(decided: Decided, detail: ProxyDetail, elector: ElectorId) -> Proxy:
    where = detail.proxy_address.lines() if detail.proxy_address else AddressLines()
    return Proxy(
        proxy_person(elector, decided.id), decided.proxy_name or PersonName("", ""), where, None, decided.proxy_contact,
        detail.relationship,
    )  # fmt: skip
