"""When a decision on the register takes effect, and the clocks of an application, an objection, a hearing and a review.

Days are dates in London; `working` is the calendar that counts, England and Wales unless another is given
(`calendar(Nation.SCOTLAND)`, or one with a proclaimed holiday). Past the holiday data all raise `HolidaysUnknown`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import count
from typing import Final, ParamSpec, TypeVar, cast

from shared.law import provisions
from shared.law.dated import Dated
from shared.law.polls import Country, PollType, Register
from shared.law.reckoning import (
    Deadline,
    Reckoning,
    calendar_days_after,
    working_days_after,
    working_days_before,
)
from shared.law.rules import Refused, Rule
from shared.law.timetable import Step, before_poll, calendars, timetable
from shared.law.working_days import Calendar, DayOff, calendar

P = ParamSpec("P")
T = TypeVar("T")

HOME: Final = calendar()
"""The calendar of England and Wales."""

REVISED_REGISTER_TOO_LATE: Final = Rule(
    "revised-register-too-late",
    "The revised register is published by 1 December; by 1 February if an election was held from 1 July to 1 December.",
    "RPA 1983 s.13(1), s.13(1A)",
    then="Choose an earlier day, or name the election that allows the postponement.",
    invalid=True,
)
SECOND_INTERIM_OUTSIDE: Final = Rule(
    "second-interim-notice-outside-its-window",
    "The second interim notice is published after the first and before the final election notice.",
    "RPA 1983 s.13AB",
    then="Choose a working day strictly between the two.",
    invalid=True,
)


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication that changes the register: a determination by `determine_by` takes effect on `publish`.

    `apply_by` is the last day to apply so that the five days for objections end in time. `decide_by` is the last office
    day for the decision: `determine_by` itself, or the working day before where that is a day off.
    `because` explains each date.
    """

    publish: date
    determine_by: date
    apply_by: date
    decide_by: date
    because: tuple[Reckoning, ...] = field(default=(), compare=False, repr=False)


class MonthlyNotice(Publication):
    """A monthly notice of alteration. [RPA 1983 s.13A]"""


class RevisedRegister(Publication):
    """The yearly revised register, in force on publication. [RPA 1983 s.13]"""

    @property
    def canvass_year(self) -> int:
        """The year of its canvass: a postponed register is published in the year after."""
        postponed_to, _ = provisions.REVISED_REGISTER_POSTPONED_BY.on(self.publish)
        return self.publish.year - (1 if self.publish.month <= postponed_to else 0)


class ElectionNotice(Publication):
    """An interim or the final notice of alteration before a poll. [RPA 1983 s.13AB, s.13B]"""


@dataclass(frozen=True, slots=True)
class ElectionNotices:
    """The notices of alteration of one poll and the deadlines of those who want to be in them."""

    poll_type: PollType
    polling_day: date
    first_interim: ElectionNotice | None
    final: ElectionNotice
    registration: Deadline
    anonymous_registration: Deadline
    clerical_errors: Deadline

    def notice_for(self, determined_on: date) -> ElectionNotice | None:
        """The first election notice that carries a determination of that day; None: it is too late for this poll."""
        return next((n for n in (self.first_interim, self.final) if n and determined_on <= n.determine_by), None)

    def second_interim(self, publish: date, working: Calendar = HOME) -> ElectionNotice:
        """The optional notice on a day of the officer's choice. Raises `Refused` outside its window."""
        opened = self.first_interim is not None and self.first_interim.publish < publish
        if not (opened and publish < self.final.publish and working.is_working_day(publish)):
            raise Refused(SECOND_INTERIM_OUTSIDE)
        chosen = Reckoning("Publication", publish, "the day that the registration officer chose", "RPA 1983 s.13AB")
        return _election_notice(chosen, working)

    def concerns(self, registers: Collection[Register], *, in_polling_area: bool) -> bool:
        """Whether an entry on `registers` belongs in these notices: its address polls, on the register that is used."""
        return in_polling_area and self.poll_type.register in registers


def monthly_notice(year: int, month: int, *, working: Calendar = HOME) -> MonthlyNotice:
    """The notice of alteration of a month: published on its first working day, for determinations of 14 days before."""
    first = date(year, month, 1)
    publish = working.first_on_or_after(first)
    lead = provisions.NOTICE_LEAD_DAYS.provision(first)
    determine = publish - timedelta(days=lead.value)
    days_off = tuple(working.skipped(first, publish))
    because = Reckoning("Publication", publish, "the first working day of the month", lead.source, days_off)
    reckoned = Reckoning("Determination", determine, f"{lead.value} days before publication", lead.source)
    return MonthlyNotice(*_limits(because, reckoned, working))


def revised_register(
    year: int, publish_on: date | None = None, *, polls: Iterable[date] = (), working: Calendar = HOME
) -> RevisedRegister:
    """The revised register of the canvass of `year`; on 1 December unless `publish_on` says another day.

    `polls` are the days of elections in the area; one from 1 July to 1 December allows publication up to 1 February.
    Determinations count to the end of the month before publication. Raises `Refused` if published too late.
    """
    start = date(year, 1, 1)
    by = provisions.REVISED_REGISTER_BY.provision(start)
    latest = usual = date(year, *by.value)
    if any(date(year, *provisions.POSTPONING_POLLS_FROM.on(start)) <= poll <= usual for poll in polls):
        latest = date(year + 1, *provisions.REVISED_REGISTER_POSTPONED_BY.on(start))
    publish = publish_on or usual
    if publish > latest or publish.year < year:
        raise Refused(REVISED_REGISTER_TOO_LATE, f"The canvass of {year} allows publication up to {latest:%-d %B %Y}.")
    determine = publish.replace(day=1) - timedelta(days=1)
    because = Reckoning("Publication", publish, f"by {latest:%-d %B %Y}", by.source)
    reckoned = Reckoning("Determination", determine, "the last day of the month before publication", by.source)
    return RevisedRegister(*_limits(because, reckoned, working))


def notice_for(
    determined_on: date,
    *,
    optional_months: Collection[int] = (),
    revised: RevisedRegister | None = None,
    working: Calendar = HOME,
) -> MonthlyNotice | RevisedRegister:
    """The publication with which a determination of that day takes effect, elections aside.

    No monthly notice is due in the month of the revised register; in the two months before it a notice is optional.
    `optional_months` names those the officer publishes all the same (`{10, 11}`); by default none, so that nobody is
    promised a date that depends on a choice. `revised` is the revised register where it is not published on 1 December.
    [RPA 1983 s.13A(2)-(3)]
    """
    registers = {determined_on.year: revised_register(determined_on.year, working=working)}
    if revised is not None:
        registers[revised.canvass_year] = revised
    months_of_registers = {_month_number(r.publish): r for r in registers.values()}
    for number in count(_month_number(determined_on)):
        year, month = divmod(number, 12)
        publication: MonthlyNotice | RevisedRegister | None = months_of_registers.get(number)
        is_optional = number + 1 in months_of_registers or number + 2 in months_of_registers
        if publication is None and (month + 1 in optional_months or not is_optional):
            publication = monthly_notice(year, month + 1, working=working)
        if publication is not None and determined_on <= publication.determine_by:
            return publication
    raise AssertionError("months never end")


def _remembered(function: Callable[P, T]) -> Callable[P, T]:
    """A typed cache: every determination before a poll asks for the same notices."""
    return cast(Callable[P, T], lru_cache(maxsize=256)(function))


@_remembered
def election_notices(
    poll_type: PollType,
    polling_day: date,
    country: Country = Country.ENGLAND,
    *,
    by_election: bool = False,
    revised: RevisedRegister | None = None,
    proclaimed: tuple[DayOff, ...] = (),
) -> ElectionNotices:
    """The notices of alteration and registration deadlines of a poll.

    The first interim notice is published on the last day for nominations (None at a referendum, which has none), the
    final one on the fifth working day before the poll. A `revised` register published between the final notice and the
    poll counts too: its application day governs.
    """
    counted = calendars(poll_type, polling_day, country, by_election=by_election, proclaimed=proclaimed).register
    steps = timetable(poll_type, polling_day, country, by_election=by_election, proclaimed=proclaimed).steps
    close = steps.get(Step.CLOSE_OF_NOMINATIONS)
    law = provisions.FINAL_NOTICE.provision(polling_day)
    final = working_days_before("Publication", polling_day, law.value.working_days, "the poll", law.source, counted)
    apply_by = steps[Step.REGISTRATION]
    if revised is not None and final.date < revised.publish <= polling_day and revised.apply_by > apply_by.day:
        apply_by = Deadline(revised.apply_by, apply_by.closes, revised.because[-1])
    anonymous = provisions.ANONYMOUS_DEADLINE.provision(polling_day)
    errors = provisions.CLERICAL_ERRORS_UNTIL.provision(polling_day)
    corrected = Reckoning("Correction of a clerical error or by a court", polling_day, "on polling day", errors.source)
    return ElectionNotices(
        poll_type=poll_type,
        polling_day=polling_day,
        first_interim=_election_notice(close.reckoning, counted) if close else None,
        final=_election_notice(final, counted, apply_by.reckoning),
        registration=apply_by,
        anonymous_registration=before_poll(
            "Application for anonymous registration", polling_day, anonymous.value, anonymous.source, counted
        ),
        clerical_errors=Deadline(polling_day, errors.value, corrected),
    )


# The clocks of a case


@dataclass(frozen=True, slots=True)
class ObjectionWindow:
    """The days on which an objection holds up an application; it may be decided from `earliest_determination` on."""

    opens: date
    closes: date
    earliest_determination: date
    because: Reckoning = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class HearingWindow:
    """A hearing takes place on a working day from `first` to `last`."""

    first: date
    last: date
    source: str


def objection_window(listed_on: date, *, working: Calendar = HOME) -> ObjectionWindow:
    """Five working days, beginning with the day after the application was entered in the list."""
    law = provisions.OBJECTION_DAYS.provision(listed_on)
    earliest = working_days_after(
        "Earliest determination", listed_on, law.value + 1, "the entry in the list", law.source, working
    )
    closes = working.forward(listed_on, law.value)
    return ObjectionWindow(working.forward(listed_on, 1), closes, earliest.date, earliest)


def earliest_determination(listed_on: date, *, anonymous: bool = False, working: Calendar = HOME) -> date:
    """The first working day on which an application may be allowed: an anonymous one, never listed, at once."""
    return listed_on if anonymous else objection_window(listed_on, working=working).earliest_determination


def hearing_window(notice_given: date, *, working: Calendar = HOME) -> HearingWindow:
    """From the third to the seventh working day after the notice of hearing."""
    first, last = provisions.HEARING_FROM.provision(notice_given), provisions.HEARING_TO.on(notice_given)
    return HearingWindow(working.forward(notice_given, first.value), working.forward(notice_given, last), first.source)


def ask_for_hearing_by(disallowed_on: date, *, working: Calendar = HOME) -> Reckoning:
    """The last day for an objector whose objection was disallowed without a hearing to ask for one."""
    law = provisions.HEARING_REQUEST_DAYS.provision(disallowed_on)
    return working_days_after("Asking for a hearing", disallowed_on, law.value, "the disallowance", law.source, working)


def review_type_a_ends(notice_given: date, *, working: Calendar = HOME) -> Reckoning:
    """Type A, the officer believes there is no entitlement: the last day to ask for a hearing, then the entry goes."""
    return _calendar_period("Asking for a hearing", notice_given, provisions.REVIEW_DAYS_TYPE_A, working)


def review_type_b_ends(notice_given: date, *, working: Calendar = HOME) -> Reckoning:
    """Type B, evidence is asked for: the last day to answer. No answer leads to a Type A notice, not to removal."""
    return _calendar_period("Answering the request", notice_given, provisions.REVIEW_DAYS_TYPE_B, working)


def appeal_by(decided_on: date, *, working: Calendar = HOME) -> Reckoning:
    """The last day to appeal to the county court."""
    return _calendar_period("Appeal to the county court", decided_on, provisions.APPEAL_DAYS, working)


def roll_forward(day: date, *, working: Calendar = HOME) -> date:
    """The end of a period in calendar days: a last day that does not count moves on to one that does. [RPR 2001 r.8]"""
    return working.first_on_or_after(day)


def declaration_too_old(declared_on: date, received_on: date) -> bool:
    """Whether a declaration was dated more than three months before it was received, and so is rejected."""
    law = provisions.DECLARATION_MONTHS.on(received_on)
    year, month = divmod(_month_number(declared_on) + law, 12)
    last_good = min(declared_on.day, monthrange(year, month + 1)[1])
    return received_on > date(year, month + 1, last_good)


def _calendar_period(what: str, start: date, table: Dated[int], working: Calendar) -> Reckoning:
    law = table.provision(start)
    return calendar_days_after(what, start, law.value, "the notice", law.source, working)


def _limits(
    published: Reckoning, determined: Reckoning, working: Calendar, applied: Reckoning | None = None
) -> tuple[date, date, date, date, tuple[Reckoning, ...]]:
    """The fields of a `Publication`: five clear working days for objections before the determination."""
    law = provisions.OBJECTION_DAYS.provision(determined.date)
    applied = applied or working_days_before(
        "Application", determined.date, law.value + 1, "the determination", law.source, working
    )
    decide_by = working.last_on_or_before(determined.date)
    return published.date, determined.date, applied.date, decide_by, (published, determined, applied)


def _election_notice(published: Reckoning, working: Calendar, applied: Reckoning | None = None) -> ElectionNotice:
    determined = working_days_before(
        "Determination", published.date, 1, "publication", "RPA 1983 s.13AB, s.13B", working
    )
    return ElectionNotice(*_limits(published, determined, working, applied))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
