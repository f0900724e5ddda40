"""The poll card says who, where, when and what to bring, whatever the poll."""

import pytest

from services.elections.papers.poll_card import LEFT_OPEN, Addressee, has_cards, poll_card, specimen
from services.elections.papers.tests.test_notices import LOCAL, poll
from services.elections.polls.decider import underway

HER = Addressee("Ada Marsh", ("2 Gorse Lane", "Gavelford", "ZZ1 1AA"), "AB-17", "Village Hall, Moor Road")


def said(to=HER):
    state = underway(poll(LOCAL))
    card = poll_card(state, state.created.contests[0], to)
    return "\n".join("".join(span.text for span in words) for part in card.sections for words in part.paragraphs)


@pytest.mark.parametrize(
    "words",
    ["Ada Marsh\n2 Gorse Lane\nGavelford\nZZ1 1AA", "Number on the register: AB-17", "Thursday 7 May 2026, 7am to 10pm",
     "Your polling station: Village Hall, Moor Road", "Bring photographic identification",
     "Voter Authority Certificate by 5pm on Tuesday 28 April 2026", "To vote by post, apply by 5pm on Tuesday 21 April 2026",
     "Gorse & <Heath>", "Issued by the Returning Officer"],
)  # fmt: skip
def test_a_card_says_who_votes_where_when_and_with_what(words):
    assert words in said()


def test_a_proof_is_for_nobody_and_leaves_the_station_open_where_none_is_named():
    assert "A. N. Elector" in said(to=specimen())
    assert LEFT_OPEN in said(to=specimen())


def test_no_card_goes_out_for_a_poll_without_a_notice_of_election():
    state = underway(poll(LOCAL))
    assert has_cards(state)
    without = type(state)(**{**{name: getattr(state, name) for name in state.__slots__}, "steps": ()})
    assert not has_cards(without)
    with pytest.raises(ValueError, match="no poll cards"):
        poll_card(without, without.created.contests[0], HER)
