"""One elector's postal vote, sentence by sentence. Numbers are those of the worked examples in the law reference."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.registration.absent_votes.commands import (
    CancelPostalVote,
    EndPostalVote,
    GrantPostalVote,
    RefusePostalVote,
)
from services.registration.absent_votes.decider import absent_votes
from shared.eventcore.testing.specs import spec
from shared.events.registration import PostalVoteCancelled, PostalVoteEnded, PostalVoteGranted, PostalVoteRefused
from shared.events.values import AddressLines, ElectorId, PersonId, absent_votes_id
from shared.law.effect import PollAhead
from shared.law.polls import PollType

LONDON = ZoneInfo("Europe/London")
ID, PERSON = ElectorId(UUID(int=1)), PersonId(UUID(int=2))
POLL = PollAhead(PollType.LOCAL, date(2026, 5, 7))
IN_TIME = datetime(2026, 4, 21, 17, 0, tzinfo=LONDON).astimezone(UTC)
A_MINUTE_LATE = datetime(2026, 4, 21, 17, 1, tzinfo=LONDON).astimezone(UTC)


def grant(kind="maximum", on=date(2026, 4, 22), at=IN_TIME, **more):
    return GrantPostalVote(ID, PERSON, kind, at, on, **more)


def granted(until, kind="maximum", start=date(2026, 4, 22), on=date(2026, 4, 22), at=IN_TIME, **more):
    return PostalVoteGranted(ID, PERSON, kind, start, until, on, applied_at=at, **more)


LONG_TERM = granted(date(2029, 1, 31))
POSTAL_VOTER = spec(absent_votes).given(LONG_TERM)


def test_an_elector_has_one_arrangement_by_construction():
    assert absent_votes_id(ID) == absent_votes_id(ID) != absent_votes_id(ElectorId(UUID(int=9)))


@pytest.mark.parametrize(
    ("determined", "until"),
    [
        (date(2024, 1, 30), date(2026, 1, 31)),
        (date(2024, 1, 31), date(2027, 1, 31)),
        (date(2024, 4, 1), date(2027, 1, 31)),
        (date(2026, 4, 22), date(2029, 1, 31)),
    ],
)
def test_edge_case_28_a_postal_vote_lasts_to_the_third_31_january(determined, until):
    (event,) = spec(absent_votes).when(grant(on=determined, at=datetime(2024, 1, 2, tzinfo=UTC))).events
    assert (event.valid_until, event.shortened) == (until, False)


def test_edge_case_28_a_period_to_2035_is_cut_and_said_to_be():
    asked = grant("definite-period", asked_until=date(2035, 1, 1))
    spec(absent_votes).when(asked).then(granted(date(2029, 1, 31), "definite-period", shortened=True))
    fine = grant("definite-period", asked_until=date(2027, 1, 1))
    spec(absent_votes).when(fine).then(granted(date(2027, 1, 1), "definite-period"))
    spec(absent_votes).when(grant("definite-period")).refused("period-not-given")


def test_an_overseas_electors_postal_vote_ends_with_the_registration():
    abroad = grant(registration_ends=date(2026, 11, 1))
    spec(absent_votes).when(abroad).then(granted(date(2026, 11, 1)))


def test_edge_case_29_at_5pm_it_counts_for_the_poll_and_a_minute_later_it_does_not():
    spec(absent_votes).when(grant("particular-poll", poll=POLL)).then(
        granted(date(2026, 5, 7), "particular-poll", poll=date(2026, 5, 7))
    )
    late = spec(absent_votes).when(grant("particular-poll", at=A_MINUTE_LATE, poll=POLL))
    late.refused("too-late-for-the-poll")
    assert "proxy" in late.refusal.rule.then
    spec(absent_votes).when(grant("particular-poll")).refused("poll-not-named")


def test_edge_case_29_a_late_long_term_request_is_kept_for_later_polls():
    spec(absent_votes).when(grant(at=A_MINUTE_LATE, polls_ahead=(POLL,))).then(
        granted(date(2029, 1, 31), start=date(2026, 5, 8), at=A_MINUTE_LATE)
    )


def test_edge_case_29_nothing_changes_once_the_ballot_is_returned():
    elsewhere = AddressLines("2", "Sea Road", postcode="MT9 9ZZ")
    change = grant(ballot_address=elsewhere, ballot_address_reason="at work", ballot_returned=True)
    POSTAL_VOTER.when(change).refused("ballot-returned")
    POSTAL_VOTER.when(CancelPostalVote(ID, IN_TIME, ballot_returned=True)).refused("ballot-returned")


def test_a_ballot_goes_elsewhere_for_a_reason_only():
    elsewhere = AddressLines("2", "Sea Road", postcode="MT9 9ZZ")
    spec(absent_votes).when(grant(ballot_address=elsewhere)).refused("ballot-address-reason-needed")
    spec(absent_votes).when(grant(ballot_address=elsewhere, ballot_address_reason="at work")).then(
        granted(date(2029, 1, 31), ballot_address=elsewhere, ballot_address_reason="at work")
    )


def test_the_queue_may_deliver_an_application_twice():
    spec(absent_votes).given(granted(date(2029, 1, 31), reference="P-1")).when(grant(reference="P-1")).nothing_happens()
    refused = PostalVoteRefused(ID, PERSON, date(2026, 4, 22), ("identity-not-confirmed",), reference="P-2")
    again = RefusePostalVote(ID, PERSON, date(2026, 4, 22), ("identity-not-confirmed",), reference="P-2")
    spec(absent_votes).when(again).then(refused)
    spec(absent_votes).given(refused).when(again).nothing_happens()


def test_a_refusal_gives_reasons():
    spec(absent_votes).when(RefusePostalVote(ID, PERSON, date(2026, 4, 22), ())).refused("reasons-needed")


def test_a_postal_vote_is_cancelled_from_the_next_poll_that_can_still_change():
    POSTAL_VOTER.when(CancelPostalVote(ID, IN_TIME, (POLL,))).then(PostalVoteCancelled(ID, date(2026, 4, 21), PERSON))
    POSTAL_VOTER.when(CancelPostalVote(ID, A_MINUTE_LATE, (POLL,))).then(
        PostalVoteCancelled(ID, date(2026, 5, 8), PERSON)
    )
    spec(absent_votes).when(CancelPostalVote(ID, IN_TIME)).refused("no-postal-vote")


def test_it_expires_the_day_after_its_last_and_not_before():
    POSTAL_VOTER.when(EndPostalVote(ID, date(2029, 1, 31), "expired")).refused("not-expired")
    POSTAL_VOTER.when(EndPostalVote(ID, date(2029, 2, 1), "expired")).then(
        PostalVoteEnded(ID, date(2029, 2, 1), "expired")
    )


def test_edge_case_31_it_ends_with_the_registration_even_for_a_move_round_the_corner():
    ended = PostalVoteEnded(ID, date(2026, 6, 1), "registration-ended")
    POSTAL_VOTER.when(EndPostalVote(ID, date(2026, 6, 1), "registration-ended")).then(ended)
    POSTAL_VOTER.given(ended).when(EndPostalVote(ID, date(2026, 6, 2), "registration-ended")).nothing_happens()
    assert POSTAL_VOTER.given(ended).when(grant(reference="P-3")).refusal is None
