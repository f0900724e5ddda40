"""The kinds of poll that elections run, and how each is decided: by what system, under the law of which day.

`PollType` is what registration law distinguishes; a `PollKind` is finer: one ballot paper's question. The three London
ballots are three kinds, and there are polls that no register of electors decides (BID) or that bring their own Act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.polls import PollType
from shared.law.provisions import SINCE


class PollKind(Enum):
    """What one ballot paper decides; the value is its code in our events and ids."""

    PARLIAMENTARY = "parl"
    LOCAL = "local"
    PARISH = "parish"
    PARISH_POLL = "parishpoll"
    PCC = "pcc"
    CA_MAYOR = "camayor"
    LA_MAYOR = "lamayor"
    LONDON_MAYOR = "gla-mayor"
    LONDON_CONSTITUENCY = "gla-c"
    LONDON_LIST = "gla-a"
    RECALL = "recall"
    GOVERNANCE_REFERENDUM = "refgov"
    COUNCIL_TAX_REFERENDUM = "refct"
    NEIGHBOURHOOD_REFERENDUM = "refnp"
    NATIONAL_REFERENDUM = "refnat"
    BID = "bid"

    @property
    def poll_type(self) -> PollType | None:
        """What it is to registration law. None: its voters or rules are not those of the register of electors."""
        if self in (PollKind.NATIONAL_REFERENDUM, PollKind.BID):
            return None
        return PollType.GLA if self.value.startswith("gla-") else PollType(self.value)

    @property
    def elects(self) -> bool:
        """Whether it fills seats, so that there are candidates, agents and spending returns."""
        return FEATURES[self].seats is not None

    @property
    def title(self) -> str:
        return FEATURES[self].title

    @property
    def officer(self) -> str:
        """Who is responsible for it in law."""
        return FEATURES[self].officer

    def allows_seats(self, seats: int) -> bool:
        """Whether one contest may fill so many seats; 0 where nothing is filled."""
        allowed = FEATURES[self].seats
        return seats == 0 if allowed is None else allowed[0] <= seats <= (allowed[1] or seats)


@dataclass(frozen=True, slots=True)
class Features:
    """`seats`: fewest and most (None: any number) that one contest fills; None where nobody is elected."""

    title: str
    officer: str
    seats: tuple[int, int | None] | None


_ONE: Final = (1, 1)
_RO: Final = "Returning Officer"
_CO: Final = "Counting Officer"

FEATURES: Final = {
    PollKind.PARLIAMENTARY: Features("UK Parliamentary election", "Acting Returning Officer", _ONE),
    PollKind.LOCAL: Features("Election of councillors", _RO, (1, 3)),
    PollKind.PARISH: Features("Election of parish councillors", _RO, (1, None)),
    PollKind.PARISH_POLL: Features("Parish poll", _RO, None),
    PollKind.PCC: Features("Police and Crime Commissioner election", "Police Area Returning Officer", _ONE),
    PollKind.CA_MAYOR: Features("Combined authority mayoral election", "Combined Authority Returning Officer", _ONE),
    PollKind.LA_MAYOR: Features("Local authority mayoral election", _RO, _ONE),
    PollKind.LONDON_MAYOR: Features("Mayor of London election", "Greater London Returning Officer", _ONE),
    PollKind.LONDON_CONSTITUENCY: Features(
        "London Assembly constituency election", "Constituency Returning Officer", _ONE
    ),
    PollKind.LONDON_LIST: Features("London-wide Assembly election", "Greater London Returning Officer", (11, 11)),
    PollKind.RECALL: Features("Recall petition", "Petition Officer", None),
    PollKind.GOVERNANCE_REFERENDUM: Features("Governance referendum", _CO, None),
    PollKind.COUNCIL_TAX_REFERENDUM: Features("Council tax referendum", _CO, None),
    PollKind.NEIGHBOURHOOD_REFERENDUM: Features("Neighbourhood planning referendum", _CO, None),
    PollKind.NATIONAL_REFERENDUM: Features("National referendum", _CO, None),
    PollKind.BID: Features("Business Improvement District ballot", "Ballot holder", None),
}


class VotingSystem(Enum):
    """How votes become a result; the value is its name in events."""

    FIRST_PAST_THE_POST = "first-past-the-post"
    BLOCK_VOTE = "block-vote"
    SUPPLEMENTARY_VOTE = "supplementary-vote"
    ADDITIONAL_MEMBERS = "additional-members"
    MAJORITY = "majority"
    DUAL_MAJORITY = "dual-majority"
    PETITION = "petition"
    OWN_ACT = "own-act"
    """Each national referendum has an Act that says."""


@dataclass(frozen=True, slots=True)
class Method:
    """A system. `spares_elections_under_way`: its law leaves an election alone whose notice was given before it."""

    system: VotingSystem
    spares_elections_under_way: bool = False


_FPTP: Final = Method(VotingSystem.FIRST_PAST_THE_POST)
_SV: Final = Method(VotingSystem.SUPPLEMENTARY_VOTE)
_SV_UNTIL: Final = date(2023, 5, 3)
_FPTP_FROM: Final = date(2023, 5, 4)
_ELECTIONS_ACT: Final = "Elections Act 2022 s.13"


def _always(kind: PollKind, system: VotingSystem, source: str) -> Dated[Method]:
    return Dated(f"voting system of a {kind.title}", Provision(Method(system), SINCE, source))


def _once_supplementary(kind: PollKind, source: str, *later: Provision[Method]) -> Dated[Method]:
    return Dated(
        f"voting system of a {kind.title}",
        Provision(_SV, SINCE, source, until=_SV_UNTIL),
        Provision(_FPTP, _FPTP_FROM, _ELECTIONS_ACT, until=later[0].since - timedelta(days=1) if later else None),
        *later,
    )


_PLURALITY: Final = VotingSystem.FIRST_PAST_THE_POST
_RESTORED: Final = Provision(
    Method(VotingSystem.SUPPLEMENTARY_VOTE, spares_elections_under_way=True),
    date(2026, 6, 18),
    "English Devolution and Community Empowerment Act 2026; SI 2017/67 as amended",
)

# The supplementary vote is enacted for local authority mayors, PCCs and the Mayor of London too, but not known to be
# commenced: on commencement add a provision to each.
SYSTEMS: Final = {
    PollKind.PARLIAMENTARY: _always(PollKind.PARLIAMENTARY, _PLURALITY, "RPA 1983 Sch 1"),
    PollKind.LOCAL: _always(PollKind.LOCAL, _PLURALITY, "SI 2006/3304 Sch 2"),
    PollKind.PARISH: _always(PollKind.PARISH, _PLURALITY, "SI 2006/3305 Sch 2"),
    PollKind.PARISH_POLL: _always(PollKind.PARISH_POLL, VotingSystem.MAJORITY, "SI 1987/1"),
    PollKind.PCC: _once_supplementary(PollKind.PCC, "Police Reform and Social Responsibility Act 2011 s.57"),
    PollKind.CA_MAYOR: _once_supplementary(PollKind.CA_MAYOR, "SI 2017/67 Sch 1", _RESTORED),
    PollKind.LA_MAYOR: _once_supplementary(PollKind.LA_MAYOR, "LGA 2000 Sch 2"),
    PollKind.LONDON_MAYOR: _once_supplementary(PollKind.LONDON_MAYOR, "GLA Act 1999 s.4"),
    PollKind.LONDON_CONSTITUENCY: _always(PollKind.LONDON_CONSTITUENCY, _PLURALITY, "GLA Act 1999 s.4"),
    PollKind.LONDON_LIST: _always(PollKind.LONDON_LIST, VotingSystem.ADDITIONAL_MEMBERS, "GLA Act 1999 s.4, Sch 2"),
    PollKind.RECALL: _always(PollKind.RECALL, VotingSystem.PETITION, "Recall of MPs Act 2015 s.14"),
    PollKind.GOVERNANCE_REFERENDUM: _always(PollKind.GOVERNANCE_REFERENDUM, VotingSystem.MAJORITY, "SI 2012/323"),
    PollKind.COUNCIL_TAX_REFERENDUM: _always(PollKind.COUNCIL_TAX_REFERENDUM, VotingSystem.MAJORITY, "SI 2012/444"),
    PollKind.NEIGHBOURHOOD_REFERENDUM: _always(
        PollKind.NEIGHBOURHOOD_REFERENDUM, VotingSystem.MAJORITY, "SI 2012/2031"
    ),
    PollKind.NATIONAL_REFERENDUM: _always(
        PollKind.NATIONAL_REFERENDUM, VotingSystem.OWN_ACT, "PPERA 2000 Part 7; the referendum's own Act"
    ),
    PollKind.BID: _always(PollKind.BID, VotingSystem.DUAL_MAJORITY, "LGA 2003 s.50"),
}
"""By polling day."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The system of one contest, and the law that says so."""

    system: VotingSystem
    source: str


def voting_system(kind: PollKind, polling_day: date, seats: int = 1, notice_by: date | None = None) -> Chosen:
    """How a contest for `seats` seats is decided. `notice_by` is the last day for its notice of election: where a change
    of the law spares elections under way, one whose notice is due before the change keeps the old system.

    Several seats by plurality are a block vote: as many votes as seats. Raises `NoLawOn`.
    """
    law = SYSTEMS[kind].provision(polling_day)
    if law.value.spares_elections_under_way and notice_by is not None and notice_by < law.since:
        law = SYSTEMS[kind].provision(law.since - timedelta(days=1))
    if law.value.system is VotingSystem.FIRST_PAST_THE_POST and seats > 1:
        return Chosen(VotingSystem.BLOCK_VOTE, law.source)
    return Chosen(law.value.system, law.source)


def conducted_as(system: VotingSystem, candidates: int) -> VotingSystem:
    """The system in which the count goes: with two candidates nobody has a second preference to give. [LGA 2000 Sch 2]"""
    if system is VotingSystem.SUPPLEMENTARY_VOTE and candidates <= 2:
        return VotingSystem.FIRST_PAST_THE_POST
    return system
