"""Proxies: appointed for a poll, a period, until further notice or in an emergency; given up, and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.registration.absent_votes.arrangements import Appointment, Arrangements, Event
from services.registration.absent_votes.commands import AppointProxy, CancelProxy, EndProxy
from services.registration.absent_votes.periods import after_polls_missed, in_time, proxy_period
from services.registration.absent_votes.persons import home_of
from shared.eventcore.deciding import Refused
from shared.events.definition import known
from shared.events.registration import (
    PostalProxyEnd,
    PostalProxyEnded,
    PostalVoteCancelled,
    ProxyAppointed,
    ProxyEnd,
    ProxyEnded,
    ProxyNamed,
)
from shared.events.values import PersonId
from shared.law import proxies as law
from shared.law.absent_voting import BALLOT_RETURNED, NOT_EXPIRED
from shared.law.reckoning import LONDON


def appoint(command: AppointProxy, now: Arrangements) -> Sequence[Event]:
    """One proxy for each poll: the new appointment ends the one in its place, and a standing one the vote by post."""
    check(command)
    starts, until, shortened = proxy_period(command, now)
    poll = command.poll.polling_day if command.poll and command.kind in ("particular-poll", "emergency") else None
    if not command.ground_found:
        attested, on = command.attested or bool(command.attested_by), poll or starts
        law.check_ground(command.kind, command.ground, command.reason, attested=attested, on=on)
    person = known_as(command, now)
    replaced, by_post = now.proxy_for(poll), poll is None and now.grants
    appointed = ProxyAppointed(
        elector_id=command.elector_id,
        person_id=command.person_id,
        proxy_id=person,
        kind=command.kind,
        valid_from=starts,
        valid_until=until,
        determined_on=command.determined_on,
        poll=poll,
        shortened=shortened,
        ground=command.ground,
        reason=command.reason,
        relationship=command.proxy.relationship,
        attested_by=command.attested_by,
        reference=command.reference,
        applied_at=command.applied_at,
    )
    named = ProxyNamed(
        elector_id=command.elector_id,
        proxy_id=person,
        name=command.proxy.name,
        address=command.proxy.address,
        limits=law.limits_that_bind(command.country, command.poll.poll_type if command.poll and poll else None),
        limits_on=poll or starts,
        domestic=command.domestic,
        close_relative=command.proxy.close_relative,
        proxy_elector_id=command.proxy.elector_id,
        contact=command.proxy.contact,
    )
    return [
        *([PostalVoteCancelled(command.elector_id, starts)] if by_post else ()),
        *(ending(replaced, now, starts, "replaced", person) if replaced else ()),
        appointed,
        named,
    ]


def check(command: AppointProxy) -> None:
    proxy = command.proxy
    if command.ballot_returned:
        raise Refused(BALLOT_RETURNED)
    if proxy.person_id == command.person_id or proxy.elector_id == command.elector_id:
        raise Refused(law.PROXY_IS_THE_ELECTOR)
    if not command.consents:
        raise Refused(law.PROXY_DOES_NOT_CONSENT)
    if not proxy.eligible:
        raise Refused(law.PROXY_NOT_ELIGIBLE)


def known_as(command: AppointProxy, now: Arrangements) -> PersonId:
    """The proxy's id: that of an earlier appointment of theirs, since an application on paper does not know it."""
    home = home_of(command.proxy.name, command.proxy.address)
    for proxy in now.proxies:
        if proxy.named and home_of(known(proxy.named.name), known(proxy.named.address)) == home:
            return proxy.appointed.proxy_id
    return command.proxy.person_id


def ending(
    proxy: Appointment,
    now: Arrangements,
    on: date,
    because: ProxyEnd,
    successor: PersonId | None = None,
    *,
    told: bool = True,
) -> Sequence[Event]:
    """An appointment ends, and the proxy's vote by post with it, unless the same person goes on."""
    appointed, named = proxy.appointed, proxy.named
    others = {other.appointed.proxy_id for other in now.proxies if other is not proxy} | {successor}
    stays = appointed.proxy_id in others
    ended = ProxyEnded(
        elector_id=appointed.elector_id,
        proxy_id=appointed.proxy_id,
        ended_on=on,
        because=because,
        poll=appointed.poll,
        still_acts=stays,
        name=known(named.name) if named else None,
        address=known(named.address) if named else None,
        person_id=appointed.person_id if told else None,
    )
    if stays or not any(grant.proxy_id == appointed.proxy_id for grant in now.postal_proxies):
        return [ended]
    why: PostalProxyEnd = "registration-ended" if because == "registration-ended" else "appointment-ended"
    return [PostalProxyEnded(appointed.elector_id, appointed.proxy_id, on, why), ended]


def cancel(command: CancelProxy, now: Arrangements) -> Sequence[Event]:
    poll = command.poll.polling_day if command.poll else None
    proxy = now.proxy_for(poll)
    if proxy is None:
        raise Refused(law.NO_PROXY)
    if command.ballot_returned:
        raise Refused(BALLOT_RETURNED)
    if command.poll is not None and not in_time(command.poll, command.asked_at):
        raise Refused(law.TOO_LATE_TO_CHANGE)
    on = after_polls_missed(command.asked_at, command.asked_at.astimezone(LONDON).date(), command.polls_ahead)
    return ending(proxy, now, on, "proxy-request" if command.by_proxy else "own-request")


def end(command: EndProxy, now: Arrangements) -> Sequence[Event]:
    proxy = now.proxy_for(command.poll)
    if proxy is None:
        return []
    until = proxy.appointed.valid_until
    if command.because == "expired" and (until is None or command.ended_on <= until):
        raise Refused(NOT_EXPIRED, f"Its last day is {until:%-d %B %Y}." if until else "It runs until further notice.")
    return ending(proxy, now, command.ended_on, command.because)
