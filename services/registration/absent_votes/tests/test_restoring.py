"""What comes back with an entry that stands again, sentence by sentence."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.registration.absent_votes.commands import (
    AppointProxy,
    CancelPostalVote,
    EndAbsentVotes,
    GrantPostalProxy,
    GrantPostalVote,
    Proxy,
    RestoreAbsentVotes,
)
from services.registration.absent_votes.decider import absent_votes, boundary
from shared.eventcore.deciding import Claim, Release
from shared.eventcore.testing.specs import spec
from shared.events.registration import PostalProxyGranted, PostalVoteGranted, ProxyAppointed, ProxyNamed, ProxyRefused
from shared.events.values import AddressLines, ElectorId, PersonId, PersonName
from shared.law.effect import PollAhead
from shared.law.polls import PollType

ADA, HERSELF, BEN = ElectorId(UUID(int=1)), PersonId(UUID(int=2)), PersonId(UUID(int=3))
APPLIED, ON = datetime(2026, 4, 1, 12, tzinfo=UTC), date(2026, 4, 1)
POLL = PollAhead(PollType.LOCAL, date(2026, 5, 7))
ENDED, AGAIN = date(2026, 4, 13), date(2026, 6, 1)
BY_POST = GrantPostalVote(ADA, HERSELF, "maximum", APPLIED, ON, reference="Q-1")
ONE_POLL = GrantPostalVote(ADA, HERSELF, "particular-poll", APPLIED, ON, POLL)
BEN_VOTES = Proxy(BEN, PersonName("Ben", "Fern"), AddressLines("2", "Sea Road", postcode="MT9 9ZZ"))
BY_PROXY = AppointProxy(ADA, HERSELF, "indefinite", BEN_VOTES, APPLIED, ON, ground="registered-blind")
AT_THE_POLL = AppointProxy(ADA, HERSELF, "particular-poll", BEN_VOTES, APPLIED, ON, POLL, reason="away")
BEN_BY_POST = GrantPostalProxy(ADA, "maximum", APPLIED, ON)
END, RESTORE = EndAbsentVotes(ADA, ENDED), RestoreAbsentVotes(ADA, ENDED, AGAIN)


def after(*commands):
    """The story of these commands, one after another."""
    story = spec(absent_votes)
    for command in commands:
        outcome = story.when(command)
        assert outcome.refusal is None, outcome.refusal
        story = story.given(*outcome.events)
    return story


def restored(*commands, by=RESTORE):
    outcome = after(*commands).when(by)
    assert outcome.refusal is None
    return list(outcome.events)


def test_a_postal_vote_comes_back_with_the_entry_and_ends_when_it_would_have_ended():
    [again] = restored(BY_POST, END)
    assert isinstance(again, PostalVoteGranted)
    assert (again.valid_from, again.valid_until, again.restored) == (AGAIN, date(2029, 1, 31), True)


def test_a_postal_vote_whose_time_was_over_meanwhile_does_not_come_back():
    assert restored(ONE_POLL, END) == []


def test_what_came_back_comes_back_once():
    after(BY_POST, END, RESTORE).when(RESTORE).nothing_happens()


def test_a_proxy_comes_back_with_their_vote_by_post_and_takes_their_place_again():
    appointed, named, by_post = restored(BY_PROXY, BEN_BY_POST, END)
    assert isinstance(appointed, ProxyAppointed)
    assert isinstance(named, ProxyNamed)
    assert isinstance(by_post, PostalProxyGranted)
    assert (appointed.valid_from, appointed.restored, named.limits_on) == (AGAIN, True, AGAIN)
    assert [type(change) for change in boundary(named)].count(Claim) == 4


def test_a_proxy_for_a_poll_that_is_over_does_not_come_back_and_the_standing_one_does():
    [appointed, _] = restored(BY_PROXY, AT_THE_POLL, END)
    assert appointed.poll is None


def test_when_the_proxy_has_no_place_left_the_elector_is_told_why_and_nothing_is_claimed():
    no_place = RestoreAbsentVotes(ADA, ENDED, AGAIN, without_proxies=True)
    [refused] = restored(BY_PROXY, BEN_BY_POST, END, by=no_place)
    assert refused == ProxyRefused(ADA, HERSELF, AGAIN, ("proxy-limits",))
    assert not [change for change in boundary(refused) if isinstance(change, Claim | Release)]


def test_what_the_elector_gave_up_before_the_entry_ended_does_not_come_back():
    given_up = CancelPostalVote(ADA, APPLIED)
    assert restored(BY_POST, given_up, END) == []


def test_who_settled_meanwhile_how_to_vote_keeps_to_that():
    assert restored(BY_POST, END, BY_PROXY) == []
    assert restored(BY_PROXY, END, BY_POST) == []


def test_a_later_end_does_not_bring_back_what_an_earlier_one_took():
    later = date(2026, 7, 1)
    assert restored(BY_POST, END, EndAbsentVotes(ADA, later), by=RestoreAbsentVotes(ADA, later, date(2026, 8, 1))) == []
    twice = (BY_POST, END, RESTORE, EndAbsentVotes(ADA, later))
    [again] = restored(*twice, by=RestoreAbsentVotes(ADA, later, date(2026, 8, 1)))
    assert again.valid_from == date(2026, 8, 1)


def test_an_end_that_never_came_about_leaves_no_gap():
    [again] = restored(BY_POST, END, by=RestoreAbsentVotes(ADA, ENDED, ENDED))
    assert again.valid_from == ENDED
