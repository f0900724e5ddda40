"""The numbers of registration and timetable law, each once, with its days and source. Start here when the law changes.

Limits of a poll are looked up by polling day, those of registration by the day the clock starts. Fees stand in `fees`,
lists of countries in `nationalities`. Pending: the Representation of the People Bill 2026 moves `REGISTRATION_DEADLINE`
to 5pm and the last day of nominations to noon; on commencement add a `Provision` to each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.polls import Country, PollType
from shared.law.reckoning import MIDNIGHT, Limit

SINCE: Final = date(2012, 1, 1)
"""First day of the holiday data, so of these tables; before 2015 they were not checked against the law of their day."""

FOUR_PM: Final = time(16)
FIVE_PM: Final = time(17)


def _law(subject: str, value: int, source: str) -> Dated[int]:
    return Dated(subject, Provision(value, SINCE, source))


def _limit(subject: str, working_days: int, source: str, at: time = MIDNIGHT) -> Dated[Limit]:
    return Dated(subject, Provision(Limit(working_days, at), SINCE, source))


@dataclass(frozen=True, slots=True)
class WardList:
    """The City of London's register: month and day up to which it is made, and from which it is in force for a year."""

    made: tuple[int, int]
    in_force: tuple[int, int]
    at: time = MIDNIGHT


@dataclass(frozen=True, slots=True)
class Anniversary:
    """The `nth` time that a day of the year comes round, counted strictly after some date."""

    nth: int
    month: int
    day: int

    def after(self, start: date) -> date:
        this_year = date(start.year, self.month, self.day)
        return this_year.replace(year=start.year + self.nth - (1 if this_year > start else 0))


# Ages
VOTING_AGE: Final = Dated("voting age", Provision(18, SINCE, "RPA 1983 s.1-2"))
LOCAL_VOTING_AGE: Final = {
    Country.ENGLAND: VOTING_AGE,
    Country.NORTHERN_IRELAND: VOTING_AGE,
    Country.WALES: Dated(
        "voting age at Welsh local polls",
        Provision(18, SINCE, "RPA 1983 s.2", until=date(2022, 5, 4)),
        Provision(16, date(2022, 5, 5), "Local Government and Elections (Wales) Act 2021 s.1-2"),
    ),
    Country.SCOTLAND: Dated(
        "voting age at Scottish local polls",
        Provision(18, SINCE, "RPA 1983 s.2", until=date(2015, 7, 24)),
        Provision(16, date(2015, 7, 25), "Scottish Elections (Reduction of Voting Age) Act 2015 s.1"),
    ),
}

# Applications, objections, hearings
OBJECTION_DAYS: Final = _law("working days to object to an application", 5, "RPR 2001 r.29-31A")
HEARING_FROM: Final = _law("first working day of a hearing after its notice", 3, "RPR 2001 r.30-31F")
HEARING_TO: Final = _law("last working day of a hearing after its notice", 7, "RPR 2001 r.30-31F")
HEARING_REQUEST_DAYS: Final = _law("working days to ask for a hearing after a disallowance", 3, "RPR 2001 r.29-31A")
APPEAL_DAYS: Final = _law("calendar days to appeal to the county court", 14, "RPA 1983 s.56; RPR 2001 r.32")
REVIEW_DAYS_TYPE_A: Final = _law("calendar days to ask for a hearing of a review", 14, "RPR 2001 r.31D-31F")
REVIEW_DAYS_TYPE_B: Final = _law("calendar days to answer a request for evidence", 28, "RPR 2001 r.31D-31F")
DECLARATION_MONTHS: Final = _law("months after which a declaration is too old", 3, "RPA 1983 s.7B-15; RPA 1985 s.1")
PRIOR_ATTESTATIONS: Final = _law("prior attestations at which an attestor must stop", 2, "RPR 2001 r.26B(5)-(6)")

# Notices of alteration and the revised register
NOTICE_LEAD_DAYS: Final = _law("calendar days from determination to monthly notice", 14, "RPA 1983 s.13A(2)")
REVISED_REGISTER_BY: Final = Dated("revised register published by", Provision((12, 1), SINCE, "RPA 1983 s.13(1)"))
REVISED_REGISTER_POSTPONED_BY: Final = Dated(
    "postponed revised register published by", Provision((2, 1), SINCE, "RPA 1983 s.13(1A)")
)
POSTPONING_POLLS_FROM: Final = Dated("polls from this day postpone", Provision((7, 1), SINCE, "RPA 1983 s.13(1A)"))
FINAL_NOTICE: Final = _limit("final election notice of alteration", 5, "RPA 1983 s.13B(3)")
CLERICAL_ERRORS_UNTIL: Final = Dated(
    "clerical errors corrected on polling day until", Provision(time(21), SINCE, "RPA 1983 s.13B(3B)-(3D)")
)

# Deadlines of electors before a poll
REGISTRATION_DEADLINE: Final = _limit("application to register", 12, "RPA 1983 s.13B; RPR 2001 r.29; EC guidance")
CITY_WARD_LIST: Final = Dated(
    "City of London ward list",
    Provision(WardList(made=(11, 30), in_force=(2, 16)), SINCE, "City of London (Various Powers) Act 1957"),
)
ANONYMOUS_DEADLINE: Final = _limit("application for anonymous registration", 6, "RPA 1983 s.9B, s.13B; EC guidance")
_POSTAL: Final = _limit("application for a postal vote", 11, "RPR 2001 r.56", FIVE_PM)
POSTAL_DEADLINE: Final = {
    Country.ENGLAND: _POSTAL,
    Country.WALES: _POSTAL,
    Country.SCOTLAND: _POSTAL,
    Country.NORTHERN_IRELAND: _limit("application for a postal vote", 14, "RP (NI) Regs 2008 r.61", FIVE_PM),
}
HOLYROOD_POSTAL_DEADLINE: Final = Dated(
    "application for a postal vote at a Scottish Parliament election",
    Provision(Limit(11, FIVE_PM), SINCE, "SSI 2015/425", until=date(2021, 5, 5)),
    Provision(Limit(21, FIVE_PM), date(2021, 5, 6), "asp 2021/5 (Coronavirus)", until=date(2021, 5, 6)),
    Provision(Limit(11, FIVE_PM), date(2021, 5, 7), "SSI 2015/425"),
)
PROXY_DEADLINE: Final = _limit("application for a proxy vote", 6, "RPR 2001 r.56", FIVE_PM)
EMERGENCY_PROXY_UNTIL: Final = Dated("emergency proxy on polling day until", Provision(FIVE_PM, SINCE, "RPR 2001 r.56"))
VAC_DEADLINE: Final = _limit("application for a voter authority certificate", 6, "SI 2022/1382", FIVE_PM)

# Absent votes and declarations
POSTAL_ENDS: Final = Dated(
    "a postal vote ends on the n-th such day",
    Provision(Anniversary(3, 1, 31), date(2023, 10, 31), "RPA 2000 Sch 4; Elections Act 2022"),
)
POSTAL_ENDS_IF_OLDER: Final = Dated(
    "a postal vote from before the identity checks ended on",
    Provision(date(2026, 1, 31), SINCE, "Elections Act 2022, transitional provision", until=date(2023, 10, 30)),
)
OVERSEAS_ENDS: Final = Dated(
    "an overseas registration ends on the n-th such day",
    Provision(Anniversary(3, 11, 1), date(2024, 1, 16), "RPA 1985 s.1; Elections Act 2022"),
)


# Proceedings at elections
@dataclass(frozen=True, slots=True)
class Proceedings:
    """The steps of a poll up to its candidates: last day for the notice, close of nominations, last day for the
    statement of persons nominated. None: a poll without that step."""

    notice: Limit | None
    close: Limit | None
    statement: Limit | None


def _proceedings(
    subject: str, notice: Limit | None, close: Limit | None, statement: Limit | None, source: str
) -> Dated[Proceedings]:
    return Dated(subject, Provision(Proceedings(notice, close, statement), SINCE, source))


_CITY: Final = "City of London (Various Powers) Act 1957 as amended; Democracy Club's reading"

_USUAL: Final = Limit(25), Limit(19, FOUR_PM), Limit(18, FOUR_PM)
_SCOTTISH: Final = Limit(28), Limit(23, FOUR_PM), Limit(22, FOUR_PM)
_NORTHERN_IRISH: Final = Limit(25), Limit(16, FOUR_PM), Limit(15, FOUR_PM)
_WESTMINSTER: Final = Limit(22, FOUR_PM), Limit(19, FOUR_PM), Limit(18, FOUR_PM)
_LONDON: Final = Limit(30), Limit(24, FOUR_PM), Limit(22, FOUR_PM)

PROCEEDINGS: Final = {
    PollType.LOCAL: _proceedings("principal area election", *_USUAL, "SI 2006/3304 Sch 2 r.1"),
    PollType.PARISH: _proceedings("parish election", *_USUAL, "SI 2006/3305 Sch 2 r.1"),
    PollType.CITY_OF_LONDON: _proceedings("City of London election", Limit(25), Limit(17), Limit(15), _CITY),
    PollType.PARLIAMENTARY: _proceedings("UK Parliamentary election", *_WESTMINSTER, "RPA 1983 Sch 1 r.1"),
    PollType.PCC: _proceedings("PCC election", *_USUAL, "SI 2012/1917 Sch 3; EC timetable"),
    PollType.CA_MAYOR: _proceedings("combined authority mayor", *_USUAL, "SI 2017/67 Sch 1 r.3"),
    PollType.LA_MAYOR: _proceedings("local authority mayor", *_USUAL, "SI 2007/1024"),
    PollType.GLA: _proceedings("GLA election", *_LONDON, "SI 2016/24; London Elects timetable"),
    PollType.SENEDD: _proceedings("Senedd election", *_USUAL, "SI 2016/272"),
    PollType.SCOTTISH_PARLIAMENT: _proceedings("Scottish Parliament election", *_SCOTTISH, "SSI 2015/425"),
    PollType.NI_ASSEMBLY: _proceedings("NI Assembly election", *_NORTHERN_IRISH, "SI 2009/256"),
    PollType.NEIGHBOURHOOD_REFERENDUM: _proceedings("neighbourhood referendum", Limit(25), None, None, "SI 2012/2031"),
    PollType.GOVERNANCE_REFERENDUM: _proceedings("governance referendum", None, None, None, "SI 2012/323"),
    PollType.COUNCIL_TAX_REFERENDUM: _proceedings("council tax referendum", None, None, None, "SI 2012/444"),
}
LOCAL_PROCEEDINGS_ELSEWHERE: Final = {
    Country.SCOTLAND: _proceedings("Scottish council election", *_SCOTTISH, "SSI 2011/399"),
    Country.NORTHERN_IRELAND: _proceedings("NI council election", *_NORTHERN_IRISH, "SI 2010/2977 Sch 1"),
}
"""Councils outside England and Wales follow rules of their own in place of `PROCEEDINGS[PollType.LOCAL]`."""
