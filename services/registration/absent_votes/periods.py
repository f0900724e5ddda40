"""From when until when an absent vote holds, given when it was asked for and which polls lie ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from services.registration.absent_votes.arrangements import Arrangements
from services.registration.absent_votes.commands import AppointProxy, GrantPostalProxy, GrantPostalVote
from shared.eventcore.deciding import Refused
from shared.law.absent_voting import (
    PERIOD_NOT_GIVEN,
    POLL_NOT_NAMED,
    TOO_LATE_FOR_THE_POLL,
    deadlines,
    postal_vote_period,
)
from shared.law.effect import PollAhead
from shared.law.proxies import (
    NOT_YET_AN_EMERGENCY,
    PROXY_PERIOD_NOT_GIVEN,
    TOO_LATE_FOR_A_PROXY,
    TOO_LATE_TO_CHANGE,
    appointment_ends,
)

ONE_DAY = timedelta(days=1)
Until = Literal["postal", "proxy"]
"""Whose deadline counts: 5pm on the eleventh working day before the poll, or on the sixth."""


def in_time(poll: PollAhead, asked_at: datetime, until: Until = "postal") -> bool:
    limits = deadlines(poll.poll_type, poll.polling_day)
    return (limits.postal if until == "postal" else limits.proxy).met_by(asked_at)


def after_polls_missed(asked_at: datetime, on: date, polls: Sequence[PollAhead]) -> date:
    """The first day on which what was asked counts: after each poll whose deadline for changes it missed."""
    missed = [poll.polling_day + ONE_DAY for poll in polls if poll.polling_day >= on and not in_time(poll, asked_at)]
    return max([on, *missed])


def postal_period(command: GrantPostalVote | GrantPostalProxy) -> tuple[date, date, bool]:
    """First and last day, and whether less is granted than was asked for. Raises `Refused`."""
    on = command.determined_on
    if command.kind == "particular-poll":
        if command.poll is None:
            raise Refused(POLL_NOT_NAMED)
        if not in_time(command.poll, command.applied_at):
            raise Refused(TOO_LATE_FOR_THE_POLL)
        return on, command.poll.polling_day, False
    starts = after_polls_missed(command.applied_at, on, command.polls_ahead)
    if command.kind == "definite-period" and (command.asked_until is None or command.asked_until < starts):
        raise Refused(PERIOD_NOT_GIVEN)
    asked = command.asked_until if command.kind == "definite-period" else None
    granted = postal_vote_period(on, asked_until=asked, registration_ends=command.registration_ends)
    return starts, granted.until, granted.cut


def proxy_period(command: AppointProxy, now: Arrangements) -> tuple[date, date | None, bool]:
    """First and last day of an appointment, and whether it is shorter than asked for. Raises `Refused`."""
    on = command.determined_on
    if command.kind in ("particular-poll", "emergency"):
        if command.poll is None:
            raise Refused(POLL_NOT_NAMED)
        check_in_time(command, command.poll, now)
        return on, command.poll.polling_day, False
    missed = [
        poll.polling_day + ONE_DAY
        for poll in command.polls_ahead
        if poll.polling_day >= on and not in_time(poll, command.applied_at, _until(poll, now))
    ]
    starts = max([on, *missed])
    longest = appointment_ends(on, command.registration_ends)
    if command.kind == "indefinite":
        return starts, longest, False
    if command.asked_until is None or command.asked_until < starts:
        raise Refused(PROXY_PERIOD_NOT_GIVEN)
    cut = longest is not None and longest < command.asked_until
    return starts, longest if cut else command.asked_until, cut


def check_in_time(command: AppointProxy, poll: PollAhead, now: Arrangements) -> None:
    """Raises `Refused` where an appointment for one poll comes too late, or an emergency one too early."""
    limits, at, day = deadlines(poll.poll_type, poll.polling_day), command.applied_at, poll.polling_day
    if command.kind == "emergency":
        if not limits.is_emergency_proxy_time(at):
            raise Refused(NOT_YET_AN_EMERGENCY)
        if now.votes_by_post_at(day):
            raise Refused(TOO_LATE_TO_CHANGE)
        return
    if not limits.proxy.met_by(at):
        raise Refused(TOO_LATE_FOR_A_PROXY)
    if _until(poll, now) == "postal" and not limits.postal.met_by(at):
        raise Refused(TOO_LATE_TO_CHANGE)


def _until(poll: PollAhead, now: Arrangements) -> Until:
    """A new proxy has until the sixth working day; a change of how the elector votes at that poll, until the eleventh."""
    changes = now.votes_by_post_at(poll.polling_day) or now.proxy_at(poll.polling_day) is not None
    return "postal" if changes else "proxy"
