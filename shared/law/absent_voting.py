"""How long postal votes and overseas registrations last, and until when one may apply for a poll. Proxies: `proxies`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shared.law import provisions
from shared.law.polls import Country, PollType
from shared.law.reckoning import Deadline, Reckoning
from shared.law.rules import Refused, Rule
from shared.law.timetable import NoTimetable, Step, timetable
from shared.law.working_days import DayOff

TOO_LATE_FOR_THE_POLL: Final = Rule(
    "too-late-for-the-poll",
    "An application for a postal vote at one poll arrives by 5pm on the eleventh working day before it.",
    "RPR 2001 r.56(1)",
    "Offer a proxy vote, which may be applied for until 5pm on the sixth working day before the poll.",
)
POLL_NOT_NAMED: Final = Rule(
    "poll-not-named", "An absent vote for a particular poll names the poll.", "RPR 2001 r.51", "Name it.", invalid=True
)
PERIOD_NOT_GIVEN: Final = Rule(
    "period-not-given",
    "A postal vote for a definite period says until when, and that day has not passed.",
    "RPR 2001 r.51",
    "Ask the elector for the last day.",
    invalid=True,
)
BALLOT_ADDRESS_REASON_NEEDED: Final = Rule(
    "ballot-address-reason-needed",
    "A ballot goes to another address than the registered one only for a reason.",
    "RPR 2001 r.51(4)",
    "Ask the elector for the reason.",
    invalid=True,
)
BALLOT_RETURNED: Final = Rule(
    "ballot-returned",
    "Nothing about this poll's absent vote changes once the ballot paper has been returned.",
    "RPR 2001 r.56(5)",
    "Take the change after the poll.",
)
NO_POSTAL_VOTE: Final = Rule("no-postal-vote", "There is no such postal vote.", "RPA 2000 Sch 4 para 3", "")
NOT_EXPIRED: Final = Rule(
    "not-expired", "The absent vote still has time to run.", "RPA 2000 Sch 4 para 3", "Wait for the day after its last."
)
NO_ABSENT_VOTES: Final = Rule(
    "no-absent-votes-at-this-poll",
    "At a parish poll nobody votes by post or proxy, and a recall petition has rules and lists of its own.",
    "LGA 1972 Sch 12 para 18; Recall of MPs Act 2015 Sch 3",
    "Name another poll.",
    invalid=True,
)
REASONS_NEEDED: Final = Rule(
    "reasons-needed", "A refusal gives its reasons in writing.", "RPR 2001 r.57", "Choose them.", invalid=True
)


@dataclass(frozen=True, slots=True)
class PostalVotePeriod:
    """A postal vote lasts to the end of `until`. `cut` says that less was granted than asked: the applicant is told."""

    until: date
    cut: bool
    because: Reckoning


@dataclass(frozen=True, slots=True)
class AbsentVoteDeadlines:
    """The last moments to apply for a poll. A late long-term application counts for later polls."""

    postal: Deadline
    proxy: Deadline
    emergency_proxy: Deadline

    def is_emergency_proxy_time(self, instant: datetime) -> bool:
        """After the ordinary proxy deadline and up to 5pm on polling day."""
        return not self.proxy.met_by(instant) and self.emergency_proxy.met_by(instant)


def postal_vote_ends(determined_on: date) -> date:
    """The latest last day of a postal vote: the third 31 January after its determination.

    One determined before 31 October 2023 ended on 31 January 2026. [RPA 2000 Sch 4; Elections Act 2022]
    """
    older = next(iter(provisions.POSTAL_ENDS_IF_OLDER))
    if older.covers(determined_on):
        return older.value
    return provisions.POSTAL_ENDS.on(determined_on).after(determined_on)


def overseas_registration_ends(effective_on: date) -> date:
    """The last day of an overseas registration, and of its absent vote: the third 1 November after it took effect."""
    return provisions.OVERSEAS_ENDS.on(effective_on).after(effective_on)


def postal_vote_period(
    determined_on: date, *, asked_until: date | None = None, registration_ends: date | None = None
) -> PostalVotePeriod:
    """What may be granted: as asked, never longer than the law allows, and than the registration where that ends.

    `asked_until` None asks for the longest. `registration_ends` is given for an overseas elector, whose postal vote
    follows the registration instead of the 31 January rule.
    """
    if registration_ends is None:
        longest = postal_vote_ends(determined_on)
        rule = f"the third 31 January after the determination on {determined_on:%-d %B %Y}"
        source = "RPA 2000 Sch 4; Elections Act 2022"
    else:
        longest, rule, source = (
            registration_ends,
            "the end of the overseas registration",
            "RPA 1985 s.1; RPA 2000 Sch 4",
        )
    if asked_until is not None and asked_until <= longest:
        return PostalVotePeriod(asked_until, False, Reckoning("Postal vote until", asked_until, "as asked", source))
    return PostalVotePeriod(longest, asked_until is not None, Reckoning("Postal vote until", longest, rule, source))


def deadlines(
    poll_type: PollType,
    polling_day: date,
    country: Country = Country.ENGLAND,
    *,
    by_election: bool = False,
    proclaimed: tuple[DayOff, ...] = (),
) -> AbsentVoteDeadlines:
    """The absent vote deadlines of a poll. Raises `Refused`, `HolidaysUnknown`."""
    try:
        steps = timetable(poll_type, polling_day, country, by_election=by_election, proclaimed=proclaimed)
    except NoTimetable:
        raise Refused(NO_ABSENT_VOTES) from None
    law = provisions.EMERGENCY_PROXY_UNTIL.provision(polling_day)
    emergency = Reckoning("Application for an emergency proxy", polling_day, "on polling day", law.source)
    return AbsentVoteDeadlines(
        steps[Step.POSTAL_VOTE], steps[Step.PROXY_VOTE], Deadline(polling_day, law.value, emergency)
    )
