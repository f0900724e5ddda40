"""The statutory timetable of a poll: every step as a date (and time) that explains itself.

Which days count: at a UK Parliamentary general election a bank holiday anywhere in the Kingdom does not count for
the election's own steps and for absent votes (one union calendar, not the earliest of three national ones), while the
deadline to register keeps to the nation's calendar; at every other poll the nation's own calendar counts throughout.
Proof: 12 December 2019. [RPA 1983 s.119, Sch 1 r.2; SI 2006/3304 Sch 2 r.2; RPR 2001 r.8, r.56(6)]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from shared.law import provisions
from shared.law.dated import Dated
from shared.law.polls import Country, PollType
from shared.law.reckoning import Deadline, Limit, Reckoning, working_days_before
from shared.law.working_days import Calendar, DayOff, Nation, calendar


class Step(Enum):
    """A step of the timetable; the value is its name in notices."""

    NOTICE_OF_ELECTION = "Last day for the notice of election"
    CLOSE_OF_NOMINATIONS = "Close of nominations"
    STATEMENT_OF_PERSONS_NOMINATED = "Last day for the statement of persons nominated"
    REGISTRATION = "Last day to apply to register to vote"
    POSTAL_VOTE = "Last day to apply for a postal vote, and to change or cancel an absent vote"
    PROXY_VOTE = "Last day to apply for a proxy vote"
    VOTER_AUTHORITY_CERTIFICATE = "Last day to apply for a voter authority certificate"


class NoTimetable(LookupError):
    """This kind of poll has no timetable counted back from polling day (a parish poll, a recall petition)."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """The steps of one poll, in order of time."""

    poll_type: PollType
    polling_day: date
    country: Country
    steps: dict[Step, Deadline]

    def __getitem__(self, step: Step) -> Deadline:
        return self.steps[step]

    def differences(self, other: Timetable) -> dict[Step, tuple[date, date]]:
        """The steps that fall on another day in `other`, say after a holiday was proclaimed: (day here, day there)."""
        return {
            step: (deadline.day, other[step].day)
            for step, deadline in self.steps.items()
            if step in other.steps and other[step].day != deadline.day
        }


@dataclass(frozen=True, slots=True)
class Calendars:
    """Which days count at a poll: for the election's own steps, for absent votes, and for the register."""

    proceedings: Calendar
    absent_votes: Calendar
    register: Calendar


def calendars(
    poll_type: PollType,
    polling_day: date,
    country: Country = Country.ENGLAND,
    *,
    by_election: bool = False,
    proclaimed: tuple[DayOff, ...] = (),
) -> Calendars:
    """The calendars of a poll. `by_election` matters for the UK Parliament only: there one nation's holidays count."""
    own = calendar(country.nation, proclaimed=proclaimed)
    if poll_type is PollType.PARLIAMENTARY and not by_election:
        union = calendar(*Nation, proclaimed=proclaimed)
        return Calendars(proceedings=union, absent_votes=union, register=own)
    if poll_type is PollType.CITY_OF_LONDON:
        return Calendars(own.with_days_off(_city_breaks(own, polling_day)), own, own)
    if poll_type is PollType.SCOTTISH_PARLIAMENT or (poll_type is PollType.LOCAL and country is Country.SCOTLAND):
        # Easter Monday is no Scottish bank holiday, but the Scottish election rules do not count it.
        easter_monday = _good_friday(own, polling_day) + timedelta(days=3)
        return Calendars(own.with_days_off([(easter_monday, "Easter Monday")]), own, own)
    return Calendars(own, own, own)


def timetable(
    poll_type: PollType,
    polling_day: date,
    country: Country = Country.ENGLAND,
    *,
    by_election: bool = False,
    proclaimed: tuple[DayOff, ...] = (),
) -> Timetable:
    """The steps of a poll. At a UK Parliamentary by-election the returning officer fixes the close of nominations in
    limits (RPA 1983 Sch 1 r.1); the day given here is the earliest.

    Raises `NoTimetable`, `HolidaysUnknown`.
    """
    counted = calendars(poll_type, polling_day, country, by_election=by_election, proclaimed=proclaimed)
    law = _proceedings(poll_type, country).provision(polling_day)
    steps: dict[Step, Deadline] = {}

    def add(step: Step, limit: Limit | None, source: str, working: Calendar) -> None:
        if limit is not None:
            steps[step] = before_poll(step.value, polling_day, limit, source, working)

    def add_by(step: Step, table: Dated[Limit], working: Calendar) -> None:
        add(step, table.on(polling_day), table.provision(polling_day).source, working)

    add(Step.NOTICE_OF_ELECTION, law.value.notice, law.source, counted.proceedings)
    add(Step.CLOSE_OF_NOMINATIONS, law.value.close, law.source, counted.proceedings)
    add(Step.STATEMENT_OF_PERSONS_NOMINATED, law.value.statement, law.source, counted.proceedings)
    add_by(Step.POSTAL_VOTE, postal_vote_limit(poll_type, country), counted.absent_votes)
    add_by(Step.PROXY_VOTE, provisions.PROXY_DEADLINE, counted.absent_votes)
    add_by(Step.VOTER_AUTHORITY_CERTIFICATE, provisions.VAC_DEADLINE, counted.absent_votes)
    if poll_type is PollType.CITY_OF_LONDON:
        steps[Step.REGISTRATION] = _ward_list(polling_day)
    else:
        add_by(Step.REGISTRATION, provisions.REGISTRATION_DEADLINE, counted.register)
    return Timetable(poll_type, polling_day, country, dict(sorted(steps.items(), key=lambda item: item[1].at)))


def before_poll(what: str, polling_day: date, limit: Limit, source: str, working: Calendar) -> Deadline:
    """The deadline `limit` before polling day."""
    reckoning = working_days_before(what, polling_day, limit.working_days, "the poll", source, working)
    return Deadline(reckoning.date, limit.at, reckoning)


def postal_vote_limit(poll_type: PollType, country: Country) -> Dated[Limit]:
    if poll_type is PollType.SCOTTISH_PARLIAMENT:
        return provisions.HOLYROOD_POSTAL_DEADLINE
    return provisions.POSTAL_DEADLINE[country]


def _proceedings(poll_type: PollType, country: Country) -> Dated[provisions.Proceedings]:
    if poll_type is PollType.LOCAL and country in provisions.LOCAL_PROCEEDINGS_ELSEWHERE:
        return provisions.LOCAL_PROCEEDINGS_ELSEWHERE[country]
    if poll_type not in provisions.PROCEEDINGS:
        raise NoTimetable(f"A poll of type '{poll_type.value}' has no timetable counted back from polling day.")
    return provisions.PROCEEDINGS[poll_type]


def _ward_list(polling_day: date) -> Deadline:
    """The City has no rolling registration: its lists, made up to 30 November, hold for a year from February."""
    law = provisions.CITY_WARD_LIST.provision(polling_day)
    in_force_from = date(polling_day.year, *law.value.in_force)
    made = date(polling_day.year - (1 if polling_day >= in_force_from else 2), *law.value.made)
    rule = f"the day up to which the ward list in force on {polling_day:%-d %B %Y} was made"
    reckoning = Reckoning(Step.REGISTRATION.value, made, rule, law.source)
    return Deadline(made, law.value.at, reckoning)


def _good_friday(working: Calendar, polling_day: date) -> date:
    return next(day for day, reason in working.days_off(polling_day.year) if reason == "Good Friday")


def _city_breaks(working: Calendar, polling_day: date) -> list[DayOff]:
    """The City's own breaks: Maundy Thursday to the Tuesday after Easter, and the last weekday before Christmas Day to
    the first weekday after it that is no bank holiday."""
    good_friday = _good_friday(working, polling_day)
    easter = [(good_friday + timedelta(days=n), "City of London Easter break") for n in range(-1, 5)]
    return easter + _christmas_break(working, polling_day.year - 1) + _christmas_break(working, polling_day.year)


def _christmas_break(working: Calendar, year: int) -> list[DayOff]:
    first = date(year, 12, 24)
    while first.weekday() >= 5:
        first -= timedelta(days=1)
    last = working.first_on_or_after(date(year, 12, 27))
    return [(first + timedelta(days=n), "City of London Christmas break") for n in range((last - first).days + 1)]
