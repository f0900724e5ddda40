"""Stories of elections: a by-election in a ward, one in some polling districts, and one that is called off."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.elections.polls.commands import CancelElection, ChooseSecondInterim, CreateElection, ProposedContest
from services.elections.polls.decider import elections
from shared.events.elections import ElectionId, ElectoralArea, Organisation
from shared.events.values import PollingDistrict
from shared.law.voting_systems import PollKind
from tests.contract.emission import story

TODAY = date(2026, 3, 2)
POLL = date(2026, 5, 7)
COUNCIL, MAYOR = Organisation("Mootshire District Council", "mootshire"), Organisation("Mootshire", "mootshire")


def create(number: int, kind: PollKind, area: ElectoralArea) -> CreateElection:
    ballot = f"{kind.value}.mootshire.{number}.2026-05-07"
    contest = ProposedContest(area, 1 if kind.elects else 0, ballot, "" if kind.elects else "Shall it be so?")
    return CreateElection(ElectionId(UUID(int=number)), kind, POLL, COUNCIL, (contest,), (), "moothall", TODAY)


EMITTED = (
    *story(
        elections,
        create(1, PollKind.LOCAL, ElectoralArea("ward", "Gorse", "E05999001")),
        ChooseSecondInterim(date(2026, 4, 21), TODAY),
        CancelElection("CREATED_BY_MISTAKE", TODAY),
    ),
    *story(elections, create(2, PollKind.PCC, ElectoralArea("authority", "Mootshire", "E07000999"))),
    *story(
        elections,
        create(
            3,
            PollKind.NEIGHBOURHOOD_REFERENDUM,
            ElectoralArea("polling-districts", "Moot End", districts=(PollingDistrict("AB"),)),
        ),
    ),
    *story(elections, create(4, PollKind.PARISH, ElectoralArea("parish", "Much Mooting", "E04999001"))),
)
