"""The numbers of registration and timetable law: each once, with its days and its source. Start here when the law changes.

Limits of a poll are looked up by polling day, those of registration by the day the clock starts. Fees stand in `fees`,
lists of countries in `nationalities`. Pending: the Representation of the People Bill 2026 moves `REGISTRATION_DEADLINE`
to 5pm and the last day of nominations to noon; on commencement add a `Provision` to each.
"""

from __future__ import annotations

from datetime import date, time
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.polls import Country, PollType
from shared.law.reckoning import Limit

SINCE: Final = date(2012, 1, 1)
"""First day of the holiday data, and so of these tables. Timetables of polls before 2015 were not checked against the law of their day."""

FOUR_PM: Final = time(16)
FIVE_PM: Final = time(17)


def _law(subject: str, value: int, source: str) -> Dated[int]:
    return Dated(subject, Provision(value, SINCE, source))


def _limit(subject: str, working_days: int, source: str, at: time | None = None) -> Dated[Limit]:
    return Dated(subject, Provision(Limit(working_days) if at is None else Limit(working_days, at), SINCE, source))


# Ages
VOTING_AGE: Final = Dated("voting age", Provision(18, SINCE, "RPA 1983 s.1-2"))
LOCAL_VOTING_AGE: Final = {
    Country.ENGLAND: VOTING_AGE,
    Country.NORTHERN_IRELAND: VOTING_AGE,
    Country.WALES: Dated(
        "voting age at Welsh local polls",
        Provision(18, SINCE, "RPA 1983 s.2", until=date(2021, 5, 4)),
        Provision(16, date(2021, 5, 5), "Local Government and Elections (Wales) Act 2021 s.1-2"),
    ),
    Country.SCOTLAND: Dated(
        "voting age at Scottish local polls",
        Provision(18, SINCE, "RPA 1983 s.2", until=date(2015, 7, 24)),
        Provision(16, date(2015, 7, 25), "Scottish Elections (Reduction of Voting Age) Act 2015 s.1"),
    ),
}

# Applications, objections, hearings
OBJECTION_DAYS: Final = _law("working days to object to an application", 5, "RPR 2001 r.29(4)")
HEARING_FROM: Final = _law("first working day of a hearing after its notice", 3, "RPR 2001 r.30, r.31E")
HEARING_TO: Final = _law("last working day of a hearing after its notice", 7, "RPR 2001 r.30, r.31E")
HEARING_REQUEST_DAYS: Final = _law("working days to ask for a hearing after a disallowance", 3, "RPR 2001 r.29(5)-(6)")
APPEAL_DAYS: Final = _law("calendar days to appeal to the county court", 14, "RPA 1983 s.56; RPR 2001 r.32")
REVIEW_DAYS_TYPE_A: Final = _law("calendar days to ask for a hearing of a review", 14, "RPA 1983 s.9E; RPR 2001 r.31D(3)")
REVIEW_DAYS_TYPE_B: Final = _law("calendar days to answer a request for evidence", 28, "RPR 2001 r.31D(2)")
DECLARATION_MONTHS: Final = _law("months after which a declaration is too old", 3, "RPA 1983 s.1D, s.7C, s.15; RPR 2001 r.16")
PRIOR_ATTESTATIONS: Final = _law("prior attestations at which an attestor must stop", 2, "RPR 2001 r.26B(5)-(6)")

# Notices of alteration and the revised register
NOTICE_LEAD_DAYS: Final = _law("calendar days from determination to monthly notice", 14, "RPA 1983 s.13A(2)")
REVISED_REGISTER_BY: Final = Dated("revised register published by", Provision((12, 1), SINCE, "RPA 1983 s.13(1)"))
REVISED_REGISTER_POSTPONED_BY: Final = Dated(
    "postponed revised register published by", Provision((2, 1), SINCE, "RPA 1983 s.13(1A)")
)
POSTPONING_POLLS_FROM: Final = Dated("first day of a poll that postpones", Provision((7, 1), SINCE, "RPA 1983 s.13(1A)"))
FINAL_NOTICE: Final = _limit("final election notice of alteration", 5, "RPA 1983 s.13B(3)")
CLERICAL_ERRORS_UNTIL: Final = Dated(
    "clerical errors corrected on polling day until", Provision(time(21), SINCE, "RPA 1983 s.13B(3B)-(3D)")
)

# Deadlines of electors before a poll
REGISTRATION_DEADLINE: Final = _limit("application to register", 12, "RPA 1983 s.13B; RPR 2001 r.29; EC guidance")
CITY_WARD_LIST: Final = Dated(
    "City of London ward list", Provision((11, 30), SINCE, "City of London (Various Powers) Act 1957 s.6-7")
)
ANONYMOUS_DEADLINE: Final = _limit("application for anonymous registration", 6, "RPA 1983 s.9B, s.13B; EC guidance")
_POSTAL_GB: Final = _limit("application for a postal vote", 11, "RPR 2001 r.56(1)", FIVE_PM)
POSTAL_DEADLINE: Final = {
    Country.ENGLAND: _POSTAL_GB,
    Country.WALES: _POSTAL_GB,
    Country.SCOTLAND: _POSTAL_GB,
    Country.NORTHERN_IRELAND: _limit(
        "application for a postal vote in Northern Ireland", 14, "RP (NI) Regs 2008 r.61", FIVE_PM
    ),
}
HOLYROOD_2021_POSTAL_DEADLINE: Final = Limit(21, FIVE_PM)
PROXY_DEADLINE: Final = _limit("application for a proxy vote", 6, "RPR 2001 r.56(3)", FIVE_PM)
EMERGENCY_PROXY_UNTIL: Final = Dated("emergency proxy on polling day until", Provision(FIVE_PM, SINCE, "RPR 2001 r.56(3A)"))
VAC_DEADLINE: Final = _limit("application for a voter authority certificate", 6, "SI 2022/1382", FIVE_PM)

# Absent votes and declarations
POSTAL_ENDS: Final = Dated("a postal vote ends on", Provision((1, 31), date(2023, 10, 31), "RPA 2000 Sch 4 para 3; Elections Act 2022 Sch 5"))
OVERSEAS_ENDS: Final = Dated("an overseas declaration ends on", Provision((11, 1), date(2024, 1, 16), "RPA 1983 s.1D; Elections Act 2022 Sch 7"))
ABSENT_VOTE_RENEWALS: Final = Dated(
    "the n-th such day ends it", Provision(3, date(2023, 10, 31), "RPA 2000 Sch 4 para 3; RPA 1983 s.1D")
)

# Proceedings at elections
_PRINCIPAL: Final = "SI 2006/3304 Sch 2 r.1"
_MAYORS: Final = "SI 2007/1024 Sch 1 r.1; SI 2017/67 Sch 1 r.3"
_HOLYROOD: Final = "SSI 2015/425 Sch 2 r.1"
_SCOTTISH: Final = "SSI 2011/399 Sch 1 r.1"
_ULSTER: Final = "SI 2010/2977 Sch 1"
_REFERENDUM_NOTICE: Final = "SI 2012/2031 Sch 3"

NOTICE_OF_ELECTION: Final = {
    PollType.LOCAL: _limit("notice of election", 25, _PRINCIPAL),
    PollType.CITY_OF_LONDON: _limit("notice of election", 25, "City of London Wardmote rules"),
    PollType.PARISH: _limit("notice of election", 25, "SI 2006/3305 Sch 2 r.1"),
    PollType.PARLIAMENTARY: _limit("notice of election", 22, "RPA 1983 Sch 1 r.1", FOUR_PM),
    PollType.PCC: _limit("notice of election", 25, "SI 2012/1917 Sch 3 r.1"),
    PollType.CA_MAYOR: _limit("notice of election", 25, _MAYORS),
    PollType.LA_MAYOR: _limit("notice of election", 25, _MAYORS),
    PollType.GLA: _limit("notice of election", 30, "SI 2007/3541 as amended by SI 2016/24"),
    PollType.NEIGHBOURHOOD_REFERENDUM: _limit("notice of referendum", 25, _REFERENDUM_NOTICE),
    PollType.SENEDD: _limit("notice of election", 25, "SI 2007/236 Sch 5 r.1"),
    PollType.SCOTTISH_PARLIAMENT: _limit("notice of election", 28, _HOLYROOD),
    PollType.NI_ASSEMBLY: _limit("notice of election", 25, "SI 2009/256 Sch"),
}
CLOSE_OF_NOMINATIONS: Final = {
    PollType.LOCAL: _limit("close of nominations", 19, _PRINCIPAL, FOUR_PM),
    PollType.CITY_OF_LONDON: _limit("close of nominations", 17, "City of London Wardmote rules"),
    PollType.PARISH: _limit("close of nominations", 19, "SI 2006/3305 Sch 2 r.1", FOUR_PM),
    PollType.PARLIAMENTARY: _limit("close of nominations", 19, "RPA 1983 Sch 1 r.1", FOUR_PM),
    PollType.PCC: _limit("close of nominations", 19, "SI 2012/1917 Sch 3 r.1; EC timetable", FOUR_PM),
    PollType.CA_MAYOR: _limit("close of nominations", 19, _MAYORS, FOUR_PM),
    PollType.LA_MAYOR: _limit("close of nominations", 19, _MAYORS, FOUR_PM),
    PollType.GLA: _limit("close of nominations", 24, "SI 2007/3541 as amended by SI 2016/24", FOUR_PM),
    PollType.SENEDD: _limit("close of nominations", 19, "SI 2007/236 Sch 5 r.1", FOUR_PM),
    PollType.SCOTTISH_PARLIAMENT: _limit("close of nominations", 23, _HOLYROOD, FOUR_PM),
    PollType.NI_ASSEMBLY: _limit("close of nominations", 16, "SI 2009/256 Sch", FOUR_PM),
}
STATEMENT_OF_PERSONS_NOMINATED: Final = {
    PollType.LOCAL: _limit("statement of persons nominated", 18, _PRINCIPAL, FOUR_PM),
    PollType.CITY_OF_LONDON: _limit("statement of persons nominated", 15, "City of London Wardmote rules"),
    PollType.PARISH: _limit("statement of persons nominated", 18, "SI 2006/3305 Sch 2 r.1", FOUR_PM),
    PollType.PARLIAMENTARY: _limit("statement of persons nominated", 18, "RPA 1983 Sch 1 r.1, r.14", FOUR_PM),
    PollType.PCC: _limit("statement of persons nominated", 18, "SI 2012/1917 Sch 3 r.1", FOUR_PM),
    PollType.CA_MAYOR: _limit("statement of persons nominated", 18, _MAYORS, FOUR_PM),
    PollType.LA_MAYOR: _limit("statement of persons nominated", 18, _MAYORS, FOUR_PM),
    PollType.GLA: _limit("statement of persons nominated", 22, "SI 2007/3541 as amended by SI 2016/24", FOUR_PM),
    PollType.SENEDD: _limit("statement of persons nominated", 18, "SI 2007/236 Sch 5 r.1", FOUR_PM),
    PollType.SCOTTISH_PARLIAMENT: _limit("statement of persons nominated", 22, _HOLYROOD, FOUR_PM),
    PollType.NI_ASSEMBLY: _limit("statement of persons nominated", 15, "SI 2009/256 Sch", FOUR_PM),
}
"""By poll type; Scottish and Northern Irish councils follow rules of their own:"""
NOTICE_OF_LOCAL_ELECTION: Final = {
    Country.SCOTLAND: _limit("notice of election", 28, _SCOTTISH),
    Country.NORTHERN_IRELAND: _limit("notice of election", 25, _ULSTER),
}
CLOSE_OF_LOCAL_NOMINATIONS: Final = {
    Country.SCOTLAND: _limit("close of nominations", 23, _SCOTTISH, FOUR_PM),
    Country.NORTHERN_IRELAND: _limit("close of nominations", 16, _ULSTER, FOUR_PM),
}
LOCAL_STATEMENT_OF_PERSONS_NOMINATED: Final = {
    Country.SCOTLAND: _limit("statement of persons nominated", 22, _SCOTTISH, FOUR_PM),
    Country.NORTHERN_IRELAND: _limit("statement of persons nominated", 15, _ULSTER, FOUR_PM),
}
