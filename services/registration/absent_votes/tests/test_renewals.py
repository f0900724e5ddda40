"""Asked to apply again, or to sign again: sentence by sentence."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.registration.absent_votes.commands import (
    AppointProxy,
    AskToRenew,
    EndProxy,
    GrantPostalProxy,
    GrantPostalVote,
    LapseUnanswered,
    NoteSignature,
    Proxy,
    RemindToRenew,
)
from services.registration.absent_votes.decider import absent_votes
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    PostalProxyEnded,
    ProxyEnded,
    RenewalAnswered,
    RenewalReminderSent,
    RenewalRequested,
)
from shared.events.values import AddressLines, CampaignId, ElectorId, PersonId, PersonName

ADA, HERSELF, BEN = ElectorId(UUID(int=1)), PersonId(UUID(int=2)), PersonId(UUID(int=3))
CAMPAIGN, ENDS, ASKED = CampaignId(UUID(int=9)), date(2029, 1, 31), date(2028, 12, 20)
ANSWER_BY = date(2029, 3, 14)
THEN = datetime(2026, 4, 1, 12, tzinfo=UTC)
BY_POST = GrantPostalVote(ADA, HERSELF, "maximum", THEN, date(2026, 4, 1))
BY_PROXY = AppointProxy(
    ADA, HERSELF, "indefinite", Proxy(BEN, PersonName("Ben", "Fern"), AddressLines("2", "Sea Road")), THEN,
    date(2026, 4, 1), ground="registered-blind",
)  # fmt: skip


def happened(*commands):
    story = spec(absent_votes)
    for command in commands:
        story = story.given(*story.when(command).events)
    return story


def ask(arrangement="postal-vote", need="reapplication", ends=ENDS):
    return AskToRenew(ADA, arrangement, need, CAMPAIGN, ends, ASKED, ANSWER_BY)


def asked(arrangement="postal-vote", need="reapplication", person=HERSELF):
    return RenewalRequested(ADA, person, arrangement, need, CAMPAIGN, ASKED, ANSWER_BY)


def test_whose_postal_vote_ends_that_day_is_asked_once_to_apply_again():
    voter = happened(BY_POST)
    voter.when(ask()).then(asked())
    voter.given(asked()).when(ask()).nothing_happens()


@pytest.mark.parametrize("command", [ask(ends=date(2028, 1, 31)), ask("proxy", "signature"), ask("postal-proxy")])
def test_nobody_is_asked_about_what_does_not_end_that_day(command):
    happened(BY_POST).when(command).nothing_happens()


def test_who_has_not_answered_is_reminded_once():
    remind, told = RemindToRenew(ADA, "postal-vote", CAMPAIGN, date(2029, 1, 10)), asked()
    reminded = RenewalReminderSent(ADA, HERSELF, "postal-vote", "reapplication", CAMPAIGN, date(2029, 1, 10), ANSWER_BY)
    happened(BY_POST).when(remind).nothing_happens()
    happened(BY_POST).given(told).when(remind).then(reminded)
    happened(BY_POST).given(told, reminded).when(remind).nothing_happens()


def test_a_new_application_answers_and_one_for_a_single_poll_does_not():
    again = GrantPostalVote(ADA, HERSELF, "maximum", THEN, date(2029, 1, 4))
    voter = happened(BY_POST).given(asked())
    granted, answer = voter.when(again).events
    assert answer == RenewalAnswered(ADA, "postal-vote", CAMPAIGN, date(2029, 1, 4))
    reminder = RemindToRenew(ADA, "postal-vote", CAMPAIGN, date(2029, 1, 10))
    voter.given(granted, answer).when(reminder).nothing_happens()


def test_the_proxy_is_asked_to_renew_the_proxys_own_vote_by_post():
    voter = happened(BY_PROXY, GrantPostalProxy(ADA, "maximum", THEN, date(2026, 4, 1)))
    voter.when(ask("postal-proxy")).then(asked("postal-proxy", person=BEN))


def test_an_indefinite_proxy_whose_elector_does_not_sign_again_lapses_with_the_proxys_vote_by_post():
    voter = happened(BY_PROXY, GrantPostalProxy(ADA, "maximum", THEN, date(2026, 4, 1)), ask("proxy", "signature"))
    by_post, ended = voter.when(LapseUnanswered(ADA, CAMPAIGN, date(2029, 3, 15))).events
    assert isinstance(by_post, PostalProxyEnded)
    assert (type(ended), ended.because, ended.ended_on) == (ProxyEnded, "signature-not-refreshed", date(2029, 3, 15))


def test_a_fresh_signature_answers_and_nothing_lapses():
    voter = happened(BY_PROXY, ask("proxy", "signature"))
    answer = RenewalAnswered(ADA, "proxy", CAMPAIGN, date(2029, 2, 14))
    voter.when(NoteSignature(ADA, BEN, date(2029, 2, 14))).nothing_happens()
    voter.when(NoteSignature(ADA, HERSELF, date(2029, 2, 14))).then(answer)
    voter.given(answer).when(LapseUnanswered(ADA, CAMPAIGN, date(2029, 3, 15))).nothing_happens()


def test_a_proxy_given_up_meanwhile_is_not_ended_again():
    voter = happened(BY_PROXY, ask("proxy", "signature"), EndProxy(ADA, date(2029, 2, 1), "own-request"), BY_PROXY)
    voter.when(LapseUnanswered(ADA, CAMPAIGN, date(2029, 3, 15))).nothing_happens()
