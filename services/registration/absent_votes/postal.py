"""Votes by post: of the elector, and of the elector's proxy."""

from __future__ import annotations

from collections.abc import Sequence

from services.registration.absent_votes.arrangements import Arrangements, Event
from services.registration.absent_votes.commands import (
    CancelPostalProxy,
    CancelPostalVote,
    EndPostalProxy,
    EndPostalVote,
    GrantPostalProxy,
    GrantPostalVote,
)
from services.registration.absent_votes.periods import after_polls_missed, postal_period
from services.registration.absent_votes.persons import letters_of
from services.registration.absent_votes.proxies import ending
from shared.eventcore.deciding import Refused
from shared.events.definition import known
from shared.events.registration import (
    PostalProxyEnded,
    PostalProxyGranted,
    PostalVoteCancelled,
    PostalVoteEnded,
    PostalVoteGranted,
)
from shared.law.absent_voting import BALLOT_ADDRESS_REASON_NEEDED, BALLOT_RETURNED, NO_POSTAL_VOTE, NOT_EXPIRED
from shared.law.proxies import NO_PROXY, NOT_THEIR_PROXY
from shared.law.reckoning import LONDON


def grant(command: GrantPostalVote, now: Arrangements) -> Sequence[Event]:
    """A vote by post takes the place of the proxy: at that poll, or altogether."""
    check_ballot(command)
    starts, until, shortened = postal_period(command)
    poll = command.poll.polling_day if command.poll and command.kind == "particular-poll" else None
    granted = PostalVoteGranted(
        elector_id=command.elector_id,
        person_id=command.person_id,
        kind=command.kind,
        valid_from=starts,
        valid_until=until,
        determined_on=command.determined_on,
        poll=poll,
        shortened=shortened,
        ballot_address=command.ballot_address,
        ballot_address_reason=command.ballot_address_reason,
        reference=command.reference,
        applied_at=command.applied_at,
    )
    replaced = now.proxy_for(poll)
    return [granted, *(ending(replaced, now, starts, "replaced") if replaced else ())]


def cancel(command: CancelPostalVote, now: Arrangements) -> Sequence[Event]:
    if not now.grants:
        raise Refused(NO_POSTAL_VOTE)
    if command.ballot_returned:
        raise Refused(BALLOT_RETURNED)
    asked = command.asked_at
    on = after_polls_missed(asked, asked.astimezone(LONDON).date(), command.polls_ahead)
    return [PostalVoteCancelled(command.elector_id, on, now.grants[-1].person_id)]


def end(command: EndPostalVote, now: Arrangements) -> Sequence[Event]:
    if not now.grants:
        return []
    if command.because == "expired" and command.ended_on <= now.postal_until:
        raise Refused(NOT_EXPIRED, f"Its last day is {now.postal_until:%-d %B %Y}.")
    return [PostalVoteEnded(command.elector_id, command.ended_on, command.because)]


def grant_to_proxy(command: GrantPostalProxy, now: Arrangements) -> Sequence[Event]:
    check_ballot(command)
    starts, until, shortened = postal_period(command)
    poll = command.poll.polling_day if command.poll and command.kind == "particular-poll" else None
    proxy = now.proxy_at(poll) if poll else now.proxy_for(None)
    if proxy is None:
        raise Refused(NO_PROXY)
    named = known(proxy.named.name) if proxy.named else None
    if command.proxy_name and named and letters_of(command.proxy_name) != letters_of(named):
        raise Refused(NOT_THEIR_PROXY)
    last = proxy.appointed.valid_until
    ends_before = last is not None and last < until
    return [
        PostalProxyGranted(
            elector_id=command.elector_id,
            proxy_id=proxy.appointed.proxy_id,
            kind=command.kind,
            valid_from=max(starts, proxy.appointed.valid_from),
            valid_until=last if last is not None and ends_before else until,
            determined_on=command.determined_on,
            poll=poll,
            shortened=shortened or (ends_before and command.kind == "definite-period"),
            ballot_address=command.ballot_address,
            ballot_address_reason=command.ballot_address_reason,
            reference=command.reference,
            applied_at=command.applied_at,
        )
    ]


def cancel_of_proxy(command: CancelPostalProxy, now: Arrangements) -> Sequence[Event]:
    if not now.postal_proxies:
        raise Refused(NO_POSTAL_VOTE)
    if command.ballot_returned:
        raise Refused(BALLOT_RETURNED)
    asked = command.asked_at
    on = after_polls_missed(asked, asked.astimezone(LONDON).date(), command.polls_ahead)
    proxies = dict.fromkeys(grant.proxy_id for grant in now.postal_proxies)
    return [PostalProxyEnded(command.elector_id, proxy, on, "own-request") for proxy in proxies]


def end_of_proxy(command: EndPostalProxy, now: Arrangements) -> Sequence[Event]:
    """Each proxy's grants end together, when the last of them is over."""
    proxies = dict.fromkeys(grant.proxy_id for grant in now.postal_proxies)
    last = {proxy: max(g.valid_until for g in now.postal_proxies if g.proxy_id == proxy) for proxy in proxies}
    over = [proxy for proxy in proxies if command.because != "expired" or last[proxy] < command.ended_on]
    if proxies and not over:
        raise Refused(NOT_EXPIRED, f"Its last day is {max(last.values()):%-d %B %Y}.")
    return [PostalProxyEnded(command.elector_id, proxy, command.ended_on, command.because) for proxy in over]


def check_ballot(command: GrantPostalVote | GrantPostalProxy) -> None:
    if command.ballot_returned:
        raise Refused(BALLOT_RETURNED)
    if command.ballot_address is not None and not command.ballot_address_reason.strip():
        raise Refused(BALLOT_ADDRESS_REASON_NEEDED)
