"""How each kind of poll is decided, by the law of its day. Against Democracy Club's list where it is on this machine."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from shared.law.polls import PollType
from shared.law.voting_systems import FEATURES, SYSTEMS, PollKind, VotingSystem, conducted_as, voting_system

LISTED = Path(__file__).parents[3].parent / "shared" / "data" / "election-ids" / "voting_systems.json"
FPTP, BLOCK, SV = VotingSystem.FIRST_PAST_THE_POST, VotingSystem.BLOCK_VOTE, VotingSystem.SUPPLEMENTARY_VOTE


def test_every_kind_has_a_system_and_features():
    assert SYSTEMS.keys() == FEATURES.keys() == set(PollKind)


def test_every_kind_but_two_is_known_to_registration_law():
    assert {kind for kind in PollKind if kind.poll_type is None} == {PollKind.NATIONAL_REFERENDUM, PollKind.BID}
    assert PollKind.LONDON_LIST.poll_type is PollType.GLA


def test_several_seats_are_a_block_vote():
    assert voting_system(PollKind.LOCAL, date(2026, 5, 7)).system is FPTP
    assert voting_system(PollKind.LOCAL, date(2026, 5, 7), seats=3).system is BLOCK
    assert voting_system(PollKind.PARISH, date(2026, 5, 7), seats=9).system is BLOCK


@pytest.mark.parametrize("kind", [PollKind.PCC, PollKind.CA_MAYOR, PollKind.LA_MAYOR, PollKind.LONDON_MAYOR])
def test_the_elections_act_replaced_the_supplementary_vote_on_4_may_2023(kind):
    assert voting_system(kind, date(2023, 5, 3)).system is SV
    assert voting_system(kind, date(2023, 5, 4)).system is FPTP


def test_regional_mayors_have_the_supplementary_vote_again_since_18_june_2026_and_others_wait():
    assert voting_system(PollKind.CA_MAYOR, date(2026, 6, 17)).system is FPTP
    restored = voting_system(PollKind.CA_MAYOR, date(2026, 9, 10), notice_by=date(2026, 8, 5))
    assert restored.system is SV
    assert "Devolution" in restored.source
    for kind in (PollKind.PCC, PollKind.LA_MAYOR, PollKind.LONDON_MAYOR):
        assert voting_system(kind, date(2026, 9, 10)).system is FPTP


def test_an_election_under_way_on_18_june_2026_keeps_its_system():
    assert voting_system(PollKind.CA_MAYOR, date(2026, 7, 9), notice_by=date(2026, 6, 4)).system is FPTP
    assert voting_system(PollKind.CA_MAYOR, date(2026, 7, 23), notice_by=date(2026, 6, 18)).system is SV


def test_two_candidates_under_the_supplementary_vote_are_counted_first_past_the_post():
    assert conducted_as(SV, 2) is FPTP
    assert conducted_as(SV, 3) is SV
    assert conducted_as(BLOCK, 2) is BLOCK


def test_seats_of_a_contest():
    assert PollKind.LOCAL.allows_seats(3)
    assert not PollKind.LOCAL.allows_seats(4)
    assert PollKind.PARISH.allows_seats(15)
    assert not PollKind.PCC.allows_seats(2)
    assert PollKind.COUNCIL_TAX_REFERENDUM.allows_seats(0)
    assert not PollKind.COUNCIL_TAX_REFERENDUM.allows_seats(1)


@pytest.mark.skipif(not LISTED.exists(), reason="the shared election id data is not on this machine")
@pytest.mark.parametrize(
    ("theirs", "kind"), [("pcc", PollKind.PCC), ("mayor", PollKind.CA_MAYOR), ("gla.c", PollKind.LONDON_CONSTITUENCY)]
)
def test_every_day_agrees_with_democracy_club_but_for_the_day_of_commencement(theirs, kind):
    listed = json.loads(LISTED.read_text("utf-8"))["defaults"][theirs]
    names = {"sv": SV, "FPTP": FPTP}

    def their_system(day):
        if "default" in listed:
            return names[listed["default"]]
        for span, value in listed["dates"].items():
            first, last = span.split(":")
            if (not first or date.fromisoformat(first) <= day) and (not last or day <= date.fromisoformat(last)):
                return names[value["default"]]
        raise AssertionError(day)

    first = date(2015, 1, 1)
    every_day = [first + timedelta(days=n) for n in range((date(2028, 12, 31) - first).days)]
    different = [day for day in every_day if voting_system(kind, day).system is not their_system(day)]
    assert different == ([date(2026, 6, 18)] if kind is PollKind.CA_MAYOR else [])
