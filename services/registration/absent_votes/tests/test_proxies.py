"""Proxies, sentence by sentence: for a poll, for a period, until further notice, in an emergency, by post."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.registration.absent_votes.commands import (
    AppointProxy,
    CancelPostalProxy,
    CancelProxy,
    EndAbsentVotes,
    EndPostalProxy,
    EndProxy,
    GrantPostalProxy,
    GrantPostalVote,
    Proxy,
    RefusePostalProxy,
    RefuseProxy,
)
from services.registration.absent_votes.decider import absent_votes, boundary
from services.registration.absent_votes.persons import proxy_person
from shared.eventcore.deciding import Claim, Release
from shared.eventcore.testing.specs import spec
from shared.events.definition import Erased
from shared.events.registration import (
    PostalProxyEnded,
    PostalProxyGranted,
    PostalProxyRefused,
    PostalVoteCancelled,
    PostalVoteEnded,
    PostalVoteGranted,
    ProxyAppointed,
    ProxyEnded,
    ProxyNamed,
    ProxyRefused,
)
from shared.events.values import AddressLines, ElectorId, PersonId, PersonName
from shared.law.effect import PollAhead
from shared.law.polls import Country, PollType

LONDON = ZoneInfo("Europe/London")
ADA, HERSELF, BEN, CAT = ElectorId(UUID(int=1)), PersonId(UUID(int=2)), PersonId(UUID(int=3)), PersonId(UUID(int=4))
HOME = AddressLines("2", "Sea Road", postcode="MT9 9ZZ")
POLL = PollAhead(PollType.LOCAL, date(2026, 5, 7))
LATER_POLL = PollAhead(PollType.LOCAL, date(2026, 7, 2))
ON = date(2026, 4, 22)


def at(month, day, hour, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


EARLY, SIXTH_DAY_5PM, A_MINUTE_LATE = at(4, 20, 12), at(4, 28, 17), at(4, 28, 17, 1)
AFTER_THE_ELEVENTH = at(4, 21, 17, 1)


def proxy(person=BEN, name="Fern", **more):
    return Proxy(person, PersonName("Ben", name), HOME, relationship="neighbour", **more)


def appoint(kind="particular-poll", when=EARLY, who=None, **more):
    poll = {"poll": POLL} if kind in ("particular-poll", "emergency") else {}
    ground = "journey" if kind in ("definite-period", "indefinite") else "photo-id-lost" if kind == "emergency" else ""
    said = {"reason": "away", "ground": ground, **poll, **more}
    return AppointProxy(ADA, HERSELF, kind, who or proxy(), when, said.pop("determined_on", ON), **said)


def happened(*commands):
    """The events of these commands, one after another."""
    story = spec(absent_votes)
    for command in commands:
        outcome = story.when(command)
        assert outcome.refusal is None, outcome.refusal
        story = story.given(*outcome.events)
    return story


def events_of(story, command):
    outcome = story.when(command)
    assert outcome.refusal is None, outcome.refusal
    return outcome.events


STANDING = happened(appoint("indefinite"))


def test_a_proxy_at_one_poll_needs_a_reason_and_no_attestation():
    appointed, named = spec(absent_votes).when(appoint()).events
    assert (appointed.valid_from, appointed.valid_until, appointed.poll) == (ON, date(2026, 5, 7), date(2026, 5, 7))
    assert (named.proxy_id, named.name, named.domestic) == (BEN, PersonName("Ben", "Fern"), True)
    spec(absent_votes).when(appoint(reason=" ")).refused("proxy-reason-needed")
    spec(absent_votes).when(appoint(poll=None)).refused("poll-not-named")


def test_a_proxy_for_longer_needs_a_ground_and_for_some_an_attestation():
    spec(absent_votes).when(appoint("indefinite", ground="dislikes queues")).refused("ground-unknown")
    spec(absent_votes).when(appoint("indefinite", ground="occupation")).refused("attestation-needed")
    appointed, _ = spec(absent_votes).when(appoint("indefinite", ground="occupation", attested_by="employer")).events
    assert (appointed.valid_until, appointed.attested_by) == (None, "employer")
    appointed, _ = spec(absent_votes).when(appoint("indefinite", ground="registered-blind")).events
    assert appointed.ground == "registered-blind"


def test_a_period_says_until_when_and_has_no_three_year_limit():
    spec(absent_votes).when(appoint("definite-period")).refused("proxy-period-not-given")
    appointed, _ = spec(absent_votes).when(appoint("definite-period", asked_until=date(2035, 1, 1))).events
    assert (appointed.valid_until, appointed.shortened) == (date(2035, 1, 1), False)


def test_an_overseas_electors_proxy_ends_with_the_registration():
    abroad = {"ground": "overseas", "domestic": False, "registration_ends": date(2028, 11, 1)}
    appointed, _ = spec(absent_votes).when(appoint("indefinite", **abroad)).events
    assert appointed.valid_until == date(2028, 11, 1)
    longer = appoint("definite-period", asked_until=date(2030, 1, 1), **abroad)
    appointed, _ = spec(absent_votes).when(longer).events
    assert (appointed.valid_until, appointed.shortened) == (date(2028, 11, 1), True)


def test_at_5pm_on_the_sixth_working_day_an_ordinary_proxy_is_in_time_and_a_minute_later_not():
    assert spec(absent_votes).when(appoint(when=SIXTH_DAY_5PM)).events
    late = spec(absent_votes).when(appoint(when=A_MINUTE_LATE))
    late.refused("too-late-for-a-proxy")
    assert "emergency" in late.refusal.rule.then


def test_a_late_standing_proxy_counts_from_after_the_poll():
    late = appoint("indefinite", A_MINUTE_LATE, polls_ahead=(POLL, LATER_POLL))
    appointed, _ = spec(absent_votes).when(late).events
    assert appointed.valid_from == date(2026, 5, 8)


def test_an_emergency_proxy_is_for_after_that_time_until_5pm_on_polling_day():
    spec(absent_votes).when(appoint("emergency", SIXTH_DAY_5PM)).refused("not-the-time-for-an-emergency-proxy")
    assert spec(absent_votes).when(appoint("emergency", A_MINUTE_LATE)).events
    assert spec(absent_votes).when(appoint("emergency", at(5, 7, 17))).events
    spec(absent_votes).when(appoint("emergency", at(5, 7, 17, 1))).refused("not-the-time-for-an-emergency-proxy")


@pytest.mark.parametrize(
    ("ground", "rule"),
    [
        ("disability-arisen", "attestation-needed"),
        ("civil-patient", "attestation-needed"),
        ("on-holiday", "ground-unknown"),
    ],
)
def test_an_emergency_has_a_ground_of_the_law_attested_where_it_says_so(ground, rule):
    spec(absent_votes).when(appoint("emergency", A_MINUTE_LATE, ground=ground)).refused(rule)


def test_lost_photo_id_was_no_emergency_before_photo_id_was_asked_for():
    long_ago = PollAhead(PollType.LOCAL, date(2022, 5, 5))
    early = datetime(2022, 5, 4, 12, tzinfo=UTC)
    asked = appoint("emergency", early, poll=long_ago, determined_on=date(2022, 5, 4))
    spec(absent_votes).when(asked).refused("ground-unknown")


def test_whose_proxy_lost_their_photo_id_may_have_another_for_that_poll():
    instead = appoint("emergency", A_MINUTE_LATE, proxy(CAT, "Gorse"))
    story = happened(appoint(), instead)
    assert [p.appointed.proxy_id for p in story.state().proxies] == [CAT]


def test_nobody_is_their_own_proxy_nor_without_consent_nor_without_the_franchise():
    spec(absent_votes).when(appoint(who=proxy(HERSELF))).refused("proxy-is-the-elector")
    spec(absent_votes).when(appoint(who=proxy(elector_id=ADA))).refused("proxy-is-the-elector")
    spec(absent_votes).when(appoint(consents=False)).refused("proxy-does-not-consent")
    spec(absent_votes).when(appoint(who=proxy(eligible=False))).refused("proxy-not-eligible")


def test_an_elector_has_one_proxy_a_new_one_takes_the_place_of_the_old():
    ended, *new = events_of(STANDING, appoint("indefinite", who=proxy(CAT, "Gorse")))
    assert ended == ProxyEnded(
        ADA, BEN, ON, "replaced", name=PersonName("Ben", "Fern"), address=HOME, person_id=HERSELF
    )
    assert [type(event) for event in new] == [ProxyAppointed, ProxyNamed]


def test_a_change_of_proxy_has_until_the_eleventh_working_day_a_new_one_until_the_sixth():
    assert spec(absent_votes).when(appoint(when=AFTER_THE_ELEVENTH)).events
    STANDING.when(appoint(when=AFTER_THE_ELEVENTH, who=proxy(CAT, "Gorse"))).refused("too-late-to-change")
    later = appoint("indefinite", AFTER_THE_ELEVENTH, proxy(CAT, "Gorse"), polls_ahead=(POLL,))
    ended, appointed, _ = events_of(STANDING, later)
    assert (ended.ended_on, appointed.valid_from) == (date(2026, 5, 8), date(2026, 5, 8))


def test_a_standing_proxy_takes_the_place_of_the_vote_by_post_and_the_other_way_round():
    by_post = GrantPostalVote(ADA, HERSELF, "maximum", EARLY, ON)
    cancelled, *_ = events_of(happened(by_post), appoint("indefinite"))
    assert cancelled == PostalVoteCancelled(ADA, ON)
    granted, ended = events_of(STANDING, by_post)
    assert (type(granted), ended.because) == (PostalVoteGranted, "replaced")


def test_who_votes_by_post_has_no_proxy_for_that_poll_after_the_eleventh_working_day_nor_in_an_emergency():
    postal_voter = happened(GrantPostalVote(ADA, HERSELF, "maximum", EARLY, date(2026, 4, 20)))
    postal_voter.when(appoint(when=AFTER_THE_ELEVENTH)).refused("too-late-to-change")
    postal_voter.when(appoint("emergency", A_MINUTE_LATE)).refused("too-late-to-change")
    assert postal_voter.when(appoint()).events


def test_edge_case_30_a_place_is_taken_by_id_and_by_name_and_for_domestic_electors_twice():
    _, named = spec(absent_votes).when(appoint()).events
    home, away = list(boundary(named)), [c for c in boundary(events_of(spec(absent_votes), appoint(domestic=False))[1])]
    assert {(c.tag.endswith(":domestic"), c.limit, c.rule.name) for c in home} == {
        (False, 4, "proxy-acts-for-enough"), (True, 2, "proxy-acts-for-enough-domestic"),
    }  # fmt: skip
    assert len(home) == 4
    assert {c.limit for c in away} == {4}
    [ended] = events_of(STANDING, EndProxy(ADA, ON, "proxy-not-eligible"))
    assert {c.tag for c in home} <= {c.tag for c in boundary(ended)}
    assert all(isinstance(c, Release) for c in boundary(ended))


def test_at_a_devolved_poll_two_and_close_relatives_do_not_count():
    senedd = PollAhead(PollType.SENEDD, date(2026, 5, 7))
    stranger = appoint(poll=senedd, country=Country.WALES)
    _, named = spec(absent_votes).when(stranger).events
    assert {c.limit for c in boundary(named) if isinstance(c, Claim)} == {2}
    sister = appoint(poll=senedd, country=Country.WALES, who=proxy(close_relative=True))
    _, named = spec(absent_votes).when(sister).events
    assert list(boundary(named)) == []
    _, named = spec(absent_votes).when(appoint("indefinite", country=Country.WALES)).events
    assert named.limits == ("uk-and-england", "devolved")


def test_the_same_person_named_on_another_form_is_the_same_proxy_and_keeps_one_place():
    again = appoint(who=Proxy(CAT, PersonName("BEN", "Fern"), HOME))
    story = happened(appoint("indefinite"), again)
    assert {p.appointed.proxy_id for p in story.state().proxies} == {BEN}
    [ended] = events_of(story, EndProxy(ADA, date(2026, 5, 8), "expired", date(2026, 5, 7)))
    assert ended.still_acts
    assert list(boundary(ended)) == []


def test_a_proxy_whose_data_was_erased_gives_back_the_place_held_by_id():
    _, named = spec(absent_votes).when(appoint("indefinite")).events
    gone = STANDING.history[0], ProxyNamed(ADA, BEN, Erased(), Erased(), named.limits, named.limits_on, domestic=True)
    [ended] = events_of(spec(absent_votes).given(*gone), EndProxy(ADA, ON, "own-request"))
    assert (ended.name, ended.address) == (None, None)
    assert f"proxy:uk-and-england:{BEN}" in {c.tag for c in boundary(ended)}


def test_an_appointment_ends_after_its_last_day_and_not_before():
    story = happened(appoint())
    story.when(EndProxy(ADA, date(2026, 5, 7), "expired", date(2026, 5, 7))).refused("not-expired")
    [ended] = events_of(story, EndProxy(ADA, date(2026, 5, 8), "expired", date(2026, 5, 7)))
    assert (ended.because, ended.poll) == ("expired", date(2026, 5, 7))
    STANDING.when(EndProxy(ADA, date(2099, 1, 1), "expired")).refused("not-expired")
    STANDING.when(EndProxy(ADA, date(2026, 5, 8), "expired", date(2026, 5, 7))).nothing_happens()


def test_elector_or_proxy_may_give_it_up_until_the_eleventh_working_day_before_a_poll():
    [ended] = events_of(STANDING, CancelProxy(ADA, EARLY, polls_ahead=(POLL,)))
    assert (ended.ended_on, ended.because) == (date(2026, 4, 20), "own-request")
    [ended] = events_of(STANDING, CancelProxy(ADA, AFTER_THE_ELEVENTH, polls_ahead=(POLL,), by_proxy=True))
    assert (ended.ended_on, ended.because) == (date(2026, 5, 8), "proxy-request")
    happened(appoint()).when(CancelProxy(ADA, AFTER_THE_ELEVENTH, POLL)).refused("too-late-to-change")
    STANDING.when(CancelProxy(ADA, EARLY, ballot_returned=True)).refused("ballot-returned")
    spec(absent_votes).when(CancelProxy(ADA, EARLY)).refused("no-proxy")


def by_post(kind="maximum", **more):
    return GrantPostalProxy(ADA, kind, EARLY, ON, **more)


def test_a_proxy_votes_by_post_for_three_years_at_most_and_never_longer_than_the_appointment():
    [granted] = events_of(STANDING, by_post())
    assert granted == PostalProxyGranted(ADA, BEN, "maximum", ON, date(2029, 1, 31), ON, applied_at=EARLY)
    for_a_year = happened(appoint("definite-period", asked_until=date(2027, 4, 1)))
    [granted] = events_of(for_a_year, by_post())
    assert (granted.valid_until, granted.shortened) == (date(2027, 4, 1), False)
    [granted] = events_of(happened(appoint()), by_post("particular-poll", poll=POLL))
    assert (granted.poll, granted.valid_until) == (date(2026, 5, 7), date(2026, 5, 7))


def test_only_the_proxy_appointed_votes_by_post():
    spec(absent_votes).when(by_post()).refused("no-proxy")
    STANDING.when(by_post(proxy_name=PersonName("Cat", "Gorse"))).refused("not-their-proxy")
    assert STANDING.when(by_post(proxy_name=PersonName("ben", "FERN"))).events
    STANDING.when(by_post(ballot_address=HOME)).refused("ballot-address-reason-needed")


def test_the_proxys_vote_by_post_ends_with_the_appointment():
    story = happened(appoint("indefinite"), by_post())
    by_post_ended, ended = events_of(story, CancelProxy(ADA, EARLY))
    assert by_post_ended == PostalProxyEnded(ADA, BEN, date(2026, 4, 20), "appointment-ended")
    assert ended.because == "own-request"


def test_the_proxys_vote_by_post_is_cancelled_and_expires():
    story = happened(appoint("indefinite"), by_post())
    story.when(CancelPostalProxy(ADA, EARLY)).then(PostalProxyEnded(ADA, BEN, date(2026, 4, 20), "own-request"))
    story.when(EndPostalProxy(ADA, date(2029, 1, 31), "expired")).refused("not-expired")
    expired = PostalProxyEnded(ADA, BEN, date(2029, 2, 1), "expired")
    story.when(EndPostalProxy(ADA, date(2029, 2, 1), "expired")).then(expired)
    story.given(expired).when(EndPostalProxy(ADA, date(2029, 2, 1), "expired")).nothing_happens()
    spec(absent_votes).when(CancelPostalProxy(ADA, EARLY)).refused("no-postal-vote")


def test_edge_case_31_with_the_registration_everything_ends_even_for_a_move_round_the_corner():
    story = happened(appoint("indefinite"), appoint(), by_post())
    ended = events_of(story, EndAbsentVotes(ADA, date(2026, 6, 1)))
    assert [(type(event), event.because) for event in ended] == [
        (ProxyEnded, "registration-ended"),
        (PostalProxyEnded, "registration-ended"),
        (ProxyEnded, "registration-ended"),
    ]
    assert [event.still_acts for event in ended if isinstance(event, ProxyEnded)] == [True, False]
    story.given(*ended).when(EndAbsentVotes(ADA, date(2026, 6, 2))).nothing_happens()
    postal_voter = happened(GrantPostalVote(ADA, HERSELF, "maximum", EARLY, ON))
    gone = PostalVoteEnded(ADA, date(2026, 6, 1), "registration-ended", HERSELF)
    postal_voter.when(EndAbsentVotes(ADA, date(2026, 6, 1))).then(gone)
    untold = PostalVoteEnded(ADA, date(2026, 6, 1), "registration-ended")
    postal_voter.when(EndAbsentVotes(ADA, date(2026, 6, 1), told=False)).then(untold)


def test_the_queue_may_deliver_any_application_twice():
    once = appoint("indefinite", reference="Q-1", who=proxy(proxy_person(ADA, "Q-1")))
    happened(once).when(once).nothing_happens()
    STANDING.given(*events_of(STANDING, by_post(reference="Q-2"))).when(by_post(reference="Q-2")).nothing_happens()
    no = RefuseProxy(ADA, HERSELF, ON, ("proxy-limits",), reference="Q-3")
    refused = ProxyRefused(ADA, HERSELF, ON, ("proxy-limits",), reference="Q-3")
    spec(absent_votes).when(no).then(refused)
    spec(absent_votes).given(refused).when(no).nothing_happens()
    spec(absent_votes).when(RefusePostalProxy(ADA, HERSELF, ON, ("other",), reference="Q-4")).then(
        PostalProxyRefused(ADA, HERSELF, ON, ("other",), reference="Q-4")
    )
    spec(absent_votes).when(RefuseProxy(ADA, HERSELF, ON, ())).refused("reasons-needed")


def test_a_refusal_to_a_proxy_says_who_that_is():
    (no,) = events_of(STANDING, RefusePostalProxy(ADA, HERSELF, ON, ("other",)))
    (named,) = (
        event for event in events_of(spec(absent_votes), appoint("indefinite")) if isinstance(event, ProxyNamed)
    )
    assert no.proxy_id == named.proxy_id
