"""The numbers of proceedings at elections beyond those that registration shares, each once, with its source.

Start here, and in `provisions`, when the law of elections changes. Limits count working days before the poll unless the
name says otherwise; the Representation of the People Bill 2026 would move nominations to 09:00-17:00, the last day to noon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.provisions import FIVE_PM, FOUR_PM, SINCE
from shared.law.reckoning import MIDNIGHT, Limit
from shared.law.voting_systems import PollKind


def _limit(subject: str, working_days: int, source: str, at: time = MIDNIGHT) -> Dated[Limit]:
    return Dated(subject, Provision(Limit(working_days, at), SINCE, source))


def _days(subject: str, value: int, source: str) -> Dated[int]:
    return Dated(subject, Provision(value, SINCE, source))


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time of day to another."""

    opens: time
    closes: time


def _hours(subject: str, opens: time, closes: time, source: str) -> Dated[Hours]:
    return Dated(subject, Provision(Hours(opens, closes), SINCE, source))


DISSOLUTION: Final = _limit("dissolution of Parliament", 25, "Dissolution and Calling of Parliament Act 2022 s.4")
WRIT: Final = _limit("issue and receipt of the writ", 24, "RPA 1983 Sch 1 r.1")
STATEMENT_UNOPPOSED: Final = _limit("statement if no paper is objected to", 19, "RPA 1983 Sch 1 r.1", FIVE_PM)
NOTICE_OF_POLL: Final = _limit("notice of poll", 6, "SI 2006/3304 Sch 2 r.1, r.24")
POLL_AGENTS: Final = _limit(
    "appointment of polling and counting agents", 5, "RPA 1983 Sch 1 r.30; SI 2006/3304 Sch 2 r.28"
)
SUB_AGENTS: Final = _limit("appointment of sub-agents", 2, "RPA 1983 s.68")
LOST_PACK_FROM: Final = _limit("replacement of a lost postal ballot pack", 4, "RPR 2001 r.78")
PARISH_POLL_NOTICE: Final = _limit("notice of a parish poll", 5, "SI 1987/1 Sch r.1")
INFORMATION_STATEMENT: Final = _limit("information statement of a neighbourhood poll", 28, "SI 2012/2031 reg 4")
INFORMATION_STATEMENT_BUSINESS: Final = _limit(
    "information statement with a business referendum", 56, "SI 2012/2031 reg 4"
)
RECALL_REGISTER: Final = _limit("register of a recall petition", 3, "SI 2016/295")
OBJECTIONS: Final = _hours("objections to nomination papers", time(10), FIVE_PM, "RPA 1983 Sch 1 r.1, r.11")
NOMINATION_HOURS: Final = _hours("delivery of nomination papers", time(10), FOUR_PM, "RPA 1983 Sch 1 r.1")
POLLING_HOURS: Final = _hours("polling", time(7), time(22), "RPA 1983 Sch 1 r.1; SI 2006/3304 Sch 2 r.1")
PARISH_POLL_HOURS: Final = _hours("parish polling", FOUR_PM, time(21), "SI 1987/1 Sch r.1")
SIGNING_HOURS: Final = _hours("signing a recall petition", time(9), FIVE_PM, "SI 2016/295")
PACKS_UNTIL: Final = Dated("replacement of postal packs until", Provision(FIVE_PM, SINCE, "RPR 2001 r.77-78"))
BID_CLOSES: Final = Dated("a BID ballot closes at", Provision(FIVE_PM, SINCE, "SI 2004/2443 Sch 2"))
COUNT_WITHIN_HOURS: Final = _days("hours to the start of a count", 4, "RPA 1983 Sch 1 r.45")
BID_NOTICE: Final = _days("days of notice of a BID ballot", 42, "SI 2004/2443 reg 4")
BID_PAPERS: Final = _days("days between BID papers and the close", 28, "SI 2004/2443 Sch 2")
COUNCIL_TAX_NOTICE: Final = _days("days of notice of a council tax referendum", 28, "SI 2012/444 reg 4")
SECOND_NOTICE: Final = Dated(
    "earliest and latest second notice of a governance referendum", Provision((56, 28), SINCE, "SI 2012/323 reg 4")
)
CLAIMS_IN: Final = _days("days after the result for claims", 21, "RPA 1983 s.78")
CLAIMS_PAID: Final = _days("days after the result for payment of claims", 28, "RPA 1983 s.78")
PETITION: Final = _days("days for an election petition", 21, "RPA 1983 s.122, s.129")
DECLARATION_BY_CANDIDATE: Final = _days("working days after the return for the declaration", 7, "RPA 1983 s.82")
RETURNS: Final = {
    PollKind.PARLIAMENTARY: _days("return of expenses", 35, "RPA 1983 s.81"),
    PollKind.LOCAL: _days("return of expenses", 35, "RPA 1983 s.81"),
    PollKind.LA_MAYOR: _days("return of expenses", 35, "RPA 1983 s.81; SI 2007/1024"),
    PollKind.PARISH: _days("return of expenses of a parish candidate", 28, "RPA 1983 Sch 4 para 3"),
    PollKind.PCC: _days("return of expenses", 70, "SI 2012/1917 art 40"),
    PollKind.CA_MAYOR: _days("return of expenses", 70, "SI 2017/67"),
    PollKind.LONDON_MAYOR: _days("return of expenses", 70, "RPA 1983 s.81"),
    PollKind.LONDON_LIST: _days("return of expenses", 70, "RPA 1983 s.81"),
    PollKind.LONDON_CONSTITUENCY: _days("return of expenses", 35, "RPA 1983 s.81"),
}
BY_ELECTION_POLL: Final = Dated(
    "working days from close of nominations to a UK Parliamentary by-election",
    Provision((17, 19), SINCE, "RPA 1983 Sch 1 r.1"),
)
PHOTO_ID: Final = {
    PollKind.PARLIAMENTARY: date(2023, 10, 5),
    **dict.fromkeys(
        (
            PollKind.LOCAL, PollKind.PARISH, PollKind.PCC, PollKind.CA_MAYOR, PollKind.LA_MAYOR, PollKind.LONDON_MAYOR,
            PollKind.LONDON_CONSTITUENCY, PollKind.LONDON_LIST, PollKind.GOVERNANCE_REFERENDUM,
            PollKind.COUNCIL_TAX_REFERENDUM, PollKind.NEIGHBOURHOOD_REFERENDUM,
        ),
        date(2023, 5, 4),
    ),
}  # fmt: skip
"""First polling day with photo ID in England. [Elections Act 2022 Sch 1; SI 2022/1382]"""
FIXED_HOURS: Final = frozenset(
    {PollKind.PARLIAMENTARY, PollKind.PCC, PollKind.CA_MAYOR}
)  # elsewhere the notice of election says when papers are received
