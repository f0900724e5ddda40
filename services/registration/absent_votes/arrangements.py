"""What is known of one elector's absent voting: postal grants, appointments of proxies, what was answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.events.registration import (
    ArrangementKind,
    PostalProxyEnded,
    PostalProxyGranted,
    PostalProxyRefused,
    PostalVoteCancelled,
    PostalVoteEnded,
    PostalVoteGranted,
    PostalVoteRefused,
    ProxyAppointed,
    ProxyEnded,
    ProxyNamed,
    ProxyRefused,
    RenewalAnswered,
    RenewalReminderSent,
    RenewalRequested,
)
from shared.events.values import CampaignId

Event = (
    PostalVoteGranted
    | PostalVoteRefused
    | PostalVoteCancelled
    | PostalVoteEnded
    | ProxyAppointed
    | ProxyNamed
    | ProxyRefused
    | ProxyEnded
    | PostalProxyGranted
    | PostalProxyRefused
    | PostalProxyEnded
    | RenewalRequested
    | RenewalReminderSent
    | RenewalAnswered
)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A proxy: the standing one (`poll` None), or that for one poll."""

    appointed: ProxyAppointed
    named: ProxyNamed | None = None

    @property
    def poll(self) -> date | None:
        return self.appointed.poll

    def covers(self, day: date) -> bool:
        until = self.appointed.valid_until
        return self.appointed.valid_from <= day and (until is None or day <= until)


@dataclass(frozen=True, slots=True)
class Renewal:
    """Somebody was asked to apply or sign again. `open`: not answered, and what it is about has not ended."""

    requested: RenewalRequested
    reminded: bool = False
    open: bool = True


@dataclass(frozen=True, slots=True)
class Lost:
    """What ended when the registration did, on that day, and nothing has taken the place of since."""

    ended_on: date | None = None
    grants: tuple[PostalVoteGranted, ...] = ()
    proxies: tuple[Appointment, ...] = ()
    postal_proxies: tuple[PostalProxyGranted, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrangements:
    """`grants` and `postal_proxies`, newest last: one that came too late for a poll leaves the one before it in force until
    then. `proxies`: at most one standing, and one for each poll. `answered`: references of applications already answered."""

    grants: tuple[PostalVoteGranted, ...] = ()
    proxies: tuple[Appointment, ...] = ()
    postal_proxies: tuple[PostalProxyGranted, ...] = ()
    answered: frozenset[str] = frozenset()
    renewals: tuple[Renewal, ...] = ()
    lost: Lost = Lost()

    @property
    def postal_until(self) -> date:
        return max(grant.valid_until for grant in self.grants)

    def proxy_for(self, poll: date | None) -> Appointment | None:
        """The appointment for that poll only, or the standing one."""
        return next((proxy for proxy in self.proxies if proxy.poll == poll), None)

    def proxy_at(self, day: date) -> Appointment | None:
        """Who votes for the elector at a poll of that day."""
        standing = self.proxy_for(None)
        return self.proxy_for(day) or (standing if standing and standing.covers(day) else None)

    def renewal(self, campaign: CampaignId, arrangement: ArrangementKind) -> Renewal | None:
        """What was asked in a campaign about one arrangement."""
        asked = (campaign, arrangement)
        return next((r for r in self.renewals if (r.requested.campaign_id, r.requested.arrangement) == asked), None)

    def votes_by_post_at(self, day: date) -> bool:
        return any(grant.valid_from <= day <= grant.valid_until for grant in self.grants)


def evolve(now: Arrangements, event: Event) -> Arrangements:
    return replace(_arranged(now, event), lost=_lost(now, event))


def _arranged(now: Arrangements, event: Event) -> Arrangements:
    match event:
        case PostalVoteGranted():
            return replace(now, grants=(*now.grants, event), answered=_answered(now, event.reference))
        case PostalVoteCancelled() | PostalVoteEnded():
            return _settled(replace(now, grants=()), "postal-vote")
        case ProxyAppointed(poll=poll):
            others = tuple(proxy for proxy in now.proxies if proxy.poll != poll)
            answered = _answered(now, event.reference)
            return replace(now, proxies=(*others, Appointment(event)), answered=answered)
        case ProxyNamed():
            latest = replace(now.proxies[-1], named=event)  # it follows the appointment in the same breath
            return replace(now, proxies=(*now.proxies[:-1], latest))
        case ProxyEnded(poll=poll):
            kept_on = replace(now, proxies=tuple(proxy for proxy in now.proxies if proxy.poll != poll))
            return kept_on if poll else _settled(kept_on, "proxy")
        case PostalProxyGranted():
            grants = (*now.postal_proxies, event)
            return replace(now, postal_proxies=grants, answered=_answered(now, event.reference))
        case PostalProxyEnded(proxy_id=proxy):
            kept = tuple(grant for grant in now.postal_proxies if grant.proxy_id != proxy)
            return _settled(replace(now, postal_proxies=kept), "postal-proxy")
        case PostalVoteRefused() | ProxyRefused() | PostalProxyRefused():
            return replace(now, answered=_answered(now, event.reference))
        case RenewalRequested():
            return replace(now, renewals=(*now.renewals, Renewal(event)))
        case RenewalReminderSent() | RenewalAnswered():
            return _gone_on(now, event)
        case _:
            assert_never(event)


def _lost(now: Arrangements, event: Event) -> Lost:
    """What would come back with the entry, after this event."""
    match event:
        case PostalVoteEnded(ended_on=on, because="registration-ended"):
            return replace(_lost_on(now, on), grants=now.grants)
        case ProxyEnded(ended_on=on, because="registration-ended", poll=poll):
            lost, ended = _lost_on(now, on), now.proxy_for(poll)
            return replace(lost, proxies=(*lost.proxies, ended)) if ended else lost
        case PostalProxyEnded(ended_on=on, because="registration-ended", proxy_id=proxy):
            lost = _lost_on(now, on)
            ended_too = (grant for grant in now.postal_proxies if grant.proxy_id == proxy)
            return replace(lost, postal_proxies=(*lost.postal_proxies, *ended_too))
        case PostalVoteGranted() | ProxyAppointed(poll=None):
            left = tuple(proxy for proxy in now.lost.proxies if proxy.poll is not None)
            return replace(now.lost, grants=(), proxies=left)  # how the elector votes was settled anew
        case ProxyAppointed(poll=poll):
            return replace(now.lost, proxies=tuple(proxy for proxy in now.lost.proxies if proxy.poll != poll))
        case PostalProxyGranted(proxy_id=proxy):
            left_over = tuple(grant for grant in now.lost.postal_proxies if grant.proxy_id != proxy)
            return replace(now.lost, postal_proxies=left_over)
        case _:
            return now.lost


def _lost_on(now: Arrangements, on: date) -> Lost:
    """Entries end one at a time: what an earlier one took with it does not come back with a later one."""
    return now.lost if now.lost.ended_on == on else Lost(on)


def _settled(now: Arrangements, about: ArrangementKind) -> Arrangements:
    """Nobody is asked any more to renew what has ended."""
    settled = (replace(r, open=False) if r.requested.arrangement == about else r for r in now.renewals)
    return replace(now, renewals=tuple(settled))


def _gone_on(now: Arrangements, event: RenewalReminderSent | RenewalAnswered) -> Arrangements:
    was = now.renewal(event.campaign_id, event.arrangement)
    if was is None:
        raise ValueError("nobody is reminded, nor answers, who was not asked")
    is_now = replace(was, reminded=True) if isinstance(event, RenewalReminderSent) else replace(was, open=False)
    return replace(now, renewals=tuple(is_now if renewal is was else renewal for renewal in now.renewals))


def _answered(now: Arrangements, reference: str) -> frozenset[str]:
    return now.answered | {reference} - {""}
