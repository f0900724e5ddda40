"""An entry that stands again brings back the absent votes that ended with it: the elector never gave them up.

That an entry ended by mistake, by a merge that is undone or against what a court decides takes nothing from the elector
that their own time has not ended (RPA 2000 Sch 4 para 3). Each goes on from the day the entry stands again until the day it
was granted to; a place among those that a proxy has must be free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from services.registration.absent_votes.arrangements import Appointment, Arrangements, Event
from services.registration.absent_votes.commands import RestoreAbsentVotes
from shared.events.definition import known
from shared.events.registration import PostalProxyGranted, PostalVoteGranted, ProxyRefused

Granted = TypeVar("Granted", PostalVoteGranted, PostalProxyGranted)
PROXY_LIMITS: Final = "proxy-limits"
"""The ERO Portal's word, by which a letter gives the reason."""


def restore(command: RestoreAbsentVotes, now: Arrangements) -> Sequence[Event]:
    """What was lost on that day and lasts still, unless something else has taken its place."""
    lost, on = now.lost, command.on
    if lost.ended_on != command.ended_on:
        return []
    settled_anew = bool(now.grants) or now.proxy_for(None) is not None
    by_post: list[Event] = [] if settled_anew else [_from(on, each) for each in lost.grants if each.valid_until >= on]
    standing = [
        proxy
        for proxy in lost.proxies
        if now.proxy_for(proxy.poll) is None and not (proxy.poll is None and settled_anew) and _lasts(proxy, on)
    ]
    if command.without_proxies:
        return [*by_post, *(_refused(proxy, on) for proxy in standing)]
    acting = {proxy.appointed.proxy_id for proxy in (*standing, *now.proxies)}
    in_place = {grant.proxy_id for grant in now.postal_proxies}
    by_proxy = [event for proxy in standing for event in _appointed(proxy, on)]
    proxies_by_post = [
        _from(on, each) for each in lost.postal_proxies if each.valid_until >= on and each.proxy_id in acting - in_place
    ]
    return [*by_post, *by_proxy, *proxies_by_post]


def _from(on: date, granted: Granted) -> Granted:
    return replace(granted, valid_from=max(on, granted.valid_from), restored=True)


def _lasts(proxy: Appointment, on: date) -> bool:
    """One whose name is erased has nobody left to act."""
    until = proxy.appointed.valid_until
    return (until is None or until >= on) and proxy.named is not None and known(proxy.named.name) is not None


def _appointed(proxy: Appointment, on: date) -> Sequence[Event]:
    appointed, named = proxy.appointed, proxy.named
    if named is None:
        return []
    starts = max(on, appointed.valid_from)
    return [
        replace(appointed, valid_from=starts, restored=True),
        replace(named, limits_on=appointed.poll or starts),
    ]


def _refused(proxy: Appointment, on: date) -> Event:
    """The elector is told, and may name somebody else."""
    appointed = proxy.appointed
    return ProxyRefused(appointed.elector_id, appointed.person_id, on, (PROXY_LIMITS,))
