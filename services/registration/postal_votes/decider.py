"""One elector's postal vote: granted for a poll, a period or as long as the law allows; refused, cancelled, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import (
    PostalVoteCancelled,
    PostalVoteEnd,
    PostalVoteEnded,
    PostalVoteGranted,
    PostalVoteKind,
    PostalVoteRefused,
)
from shared.events.values import AddressLines, ElectorId, PersonId
from shared.law.absent_voting import deadlines, postal_vote_period
from shared.law.effect import PollAhead
from shared.law.reckoning import LONDON

ONE_DAY = timedelta(days=1)

# --------------------------------------------------------------------- rules

TOO_LATE_FOR_THE_POLL = Rule(
    "too-late-for-the-poll",
    "An application for a postal vote at one poll arrives by 5pm on the eleventh working day before it.",
    "RPR 2001 r.56(1)",
    "Offer a proxy vote, which may be applied for until 5pm on the sixth working day before the poll.",
)
POLL_NOT_NAMED = Rule(
    "poll-not-named", "A postal vote for a particular poll names the poll.", "RPR 2001 r.51", "Name it.", invalid=True
)
PERIOD_NOT_GIVEN = Rule(
    "period-not-given",
    "A postal vote for a definite period says until when, and that day has not passed.",
    "RPR 2001 r.51",
    "Ask the elector for the last day.",
    invalid=True,
)
BALLOT_ADDRESS_REASON_NEEDED = Rule(
    "ballot-address-reason-needed",
    "A ballot goes to another address than the registered one only for a reason.",
    "RPR 2001 r.51(4)",
    "Ask the elector for the reason.",
    invalid=True,
)
BALLOT_RETURNED = Rule(
    "ballot-returned",
    "Nothing about this poll's postal vote changes once the ballot paper has been returned.",
    "RPR 2001 r.56(5)",
    "Take the change after the poll.",
)
NO_POSTAL_VOTE = Rule("no-postal-vote", "This elector has no postal vote.", "RPA 2000 Sch 4 para 3", "")
NOT_EXPIRED = Rule(
    "not-expired", "The postal vote still has time to run.", "RPA 2000 Sch 4 para 3", "Wait for the day after its last."
)
REASONS_NEEDED = Rule(
    "reasons-needed", "A refusal gives its reasons in writing.", "RPR 2001 r.57", "Choose them.", invalid=True
)

# ------------------------------------------------------------------ commands


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


Command = GrantPostalVote | RefusePostalVote | CancelPostalVote | EndPostalVote
Event = PostalVoteGranted | PostalVoteRefused | PostalVoteCancelled | PostalVoteEnded

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NoPostalVote:
    answered: frozenset[str] = frozenset()
    """References of applications already granted or refused."""


@dataclass(frozen=True, slots=True)
class PostalVoter:
    """`grants`, newest last: one that came too late for a poll leaves the one before it in force until then."""

    grants: tuple[PostalVoteGranted, ...]
    answered: frozenset[str]

    @property
    def until(self) -> date:
        return max(grant.valid_until for grant in self.grants)


PostalVote = NoPostalVote | PostalVoter


def decide(command: Command, vote: PostalVote) -> Sequence[Event]:
    match command:
        case GrantPostalVote(reference=reference) | RefusePostalVote(reference=reference) if reference in vote.answered:
            return []  # the queue delivered the same application again
        case GrantPostalVote():
            return [grant(command)]
        case RefusePostalVote(elector, person, on, reasons, explanation, reference):
            if not reasons:
                raise Refused(REASONS_NEEDED)
            return [PostalVoteRefused(elector, person, on, reasons, explanation, reference)]
        case CancelPostalVote(elector, at, polls, returned):
            if isinstance(vote, NoPostalVote):
                raise Refused(NO_POSTAL_VOTE)
            if returned:
                raise Refused(BALLOT_RETURNED)
            return [PostalVoteCancelled(elector, after_polls_missed(at, at.astimezone(LONDON).date(), polls))]
        case EndPostalVote(elector, on, because):
            if isinstance(vote, NoPostalVote):
                return []
            if because == "expired" and on <= vote.until:
                raise Refused(NOT_EXPIRED, f"Its last day is {vote.until:%-d %B %Y}.")
            return [PostalVoteEnded(elector, on, because)]
        case _:
            assert_never(command)


def grant(command: GrantPostalVote) -> PostalVoteGranted:
    if command.ballot_returned:
        raise Refused(BALLOT_RETURNED)
    if command.ballot_address is not None and not command.ballot_address_reason.strip():
        raise Refused(BALLOT_ADDRESS_REASON_NEEDED)
    starts, until, shortened = period(command)
    return PostalVoteGranted(
        elector_id=command.elector_id,
        person_id=command.person_id,
        kind=command.kind,
        valid_from=starts,
        valid_until=until,
        determined_on=command.determined_on,
        poll=command.poll.polling_day if command.poll and command.kind == "particular-poll" else None,
        shortened=shortened,
        ballot_address=command.ballot_address,
        ballot_address_reason=command.ballot_address_reason,
        reference=command.reference,
    )


def period(command: GrantPostalVote) -> tuple[date, date, bool]:
    """First and last day, and whether less was granted than asked for."""
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


def after_polls_missed(asked_at: datetime, on: date, polls: Sequence[PollAhead]) -> date:
    """The first day on which what was asked counts: after each poll whose deadline it missed."""
    missed = [poll.polling_day + ONE_DAY for poll in polls if poll.polling_day >= on and not in_time(poll, asked_at)]
    return max([on, *missed])


def in_time(poll: PollAhead, asked_at: datetime) -> bool:
    return deadlines(poll.poll_type, poll.polling_day).postal.met_by(asked_at)


def evolve(vote: PostalVote, event: Event) -> PostalVote:
    match event:
        case PostalVoteGranted(reference=reference):
            earlier = vote.grants if isinstance(vote, PostalVoter) else ()
            return PostalVoter((*earlier, event), vote.answered | {reference} - {""})
        case PostalVoteRefused(reference=reference):
            return replace(vote, answered=vote.answered | {reference} - {""})
        case PostalVoteCancelled() | PostalVoteEnded():
            return NoPostalVote(vote.answered)
        case _:
            assert_never(event)


postal_votes: Decider[Command, PostalVote, Event] = Decider("postal-vote", NoPostalVote(), decide, evolve)
