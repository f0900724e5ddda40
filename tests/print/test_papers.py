"""Papers look as they did when somebody last looked at them, and are tagged PDF: with title, language, headings, and their fonts.

A paper that is meant to look otherwise: delete its picture in `golden/`, run this test, look at the new picture, commit it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from services.elections.papers import paper as elections_paper
from services.elections.papers.notices import paper_of
from services.elections.papers.poll_card import poll_card, specimen
from services.elections.polls.commands import ArrangeNominations, CreateElection, ProposedContest
from services.elections.polls.decider import Underway, elections, underway
from services.registration.papers import registers
from services.registration.papers.registers import Group, RegisterPaper
from shared.eventcore.testing.specs import spec
from shared.events.elections import ElectionId, ElectoralArea, Organisation
from shared.law.voting_systems import PollKind
from tests.print.printed import Printed, is_tagged, looks_as_it_did, print_of

COLUMNS = ("Number", "Mark", "Name", "Address")
PART = RegisterPaper(
    "Register of electors, polling district AB", ("In force on 1 December 2026.", "Electors: 4."), COLUMNS,
    (
        Group("Gorse Lane", (
            ("AB-1", "", "ASH, Ann", "2 Gorse Lane, Gavelford, ZZ1 1AA"),
            ("AB-2", "L", "BRACKEN-O’DELL, Éowyn", "4 Gorse Lane, Gavelford, ZZ1 1AA"),
        )),
        Group("Moor Road", (("AB-3", "", "CAWTHORN, Cai <em>", "1 Moor Road, Gavelford, ZZ1 1AB"),)),
        Group("Other electors", (("AB-4", "F", "DEAN, Di", ""),)),
    ),
    "Nobody is registered.",
)  # fmt: skip
ALTERATION = RegisterPaper(
    "Notice of alteration of the register", ("Published on and in force from 1 December 2026.",), COLUMNS,
    (
        Group("Polling district AB: added", (("AB-5", "", "FERN, Bea", "10 Gorse Lane, Gavelford, ZZ1 1AA"),)),
        Group("Polling district AB: removed", (("AB-1", "", "ASH, Ann", "2 Gorse Lane, Gavelford, ZZ1 1AA"),)),
    ),
    "Nothing was altered.",
)  # fmt: skip


def poll_in_two_wards() -> Underway:
    ward, other = ElectoralArea("ward", "Gorse & <Heath>", "E05999001"), ElectoralArea("ward", "Moor", "E05999002")
    contests = (
        ProposedContest(ward, 1, "local.mootshire.gorse.2026-05-07"),
        ProposedContest(other, 3, "local.mootshire.moor.2026-05-07"),
    )
    told = spec(elections)
    for command in (
        CreateElection(
            ElectionId(UUID(int=7)), PollKind.LOCAL, date(2026, 5, 7), Organisation("Mootshire District Council", "mootshire"),
            contests, (), "democracy-club", created_on=date(2026, 1, 5),
        ),
        ArrangeNominations("Moot Hall", "the Moot Hall", time(9, 30), time(16), "R. Officer", date(2026, 3, 2)),
    ):  # fmt: skip
        told = told.given(*told.when(command).events)
    return underway(told.state())


def notice_of_election() -> bytes:
    return elections_paper.pdf(
        paper_of("notice-of-election", poll_in_two_wards(), datetime(2026, 3, 27, 9, tzinfo=UTC))
    )


def poll_card_proof() -> bytes:
    poll = poll_in_two_wards()
    return elections_paper.pdf(
        poll_card(poll, poll.created.contests[0], specimen("Village Hall, Moor Road, Gavelford"))
    )


PAPERS: dict[str, Callable[[], bytes]] = {
    "register": lambda: registers.pdf(PART),
    "notice-of-alteration": lambda: registers.pdf(ALTERATION),
    "empty-notice-of-alteration": lambda: registers.pdf(RegisterPaper(**{**asdict(ALTERATION), "groups": ()})),
    "notice-of-election": notice_of_election,
    "poll-card-proof": poll_card_proof,
}


@pytest.fixture(params=PAPERS, scope="module")
def printed(request: pytest.FixtureRequest) -> Printed:
    return print_of(request.param, PAPERS[request.param])


def test_a_paper_looks_as_it_did(printed: Printed):
    looks_as_it_did(printed)


def test_a_paper_is_tagged_and_a_table_of_it_knows_its_headings(printed: Printed):
    tags = is_tagged(printed)
    assert tags.count("/TH") >= tags.count("/Table")
    assert ("/TD" in tags) == ("/Table" in tags)
