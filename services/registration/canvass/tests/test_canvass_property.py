"""One property in a canvass, sentence by sentence."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.registration.canvass.commands import (
    ChooseRoute,
    ConcludeEnquiry,
    IssueCode,
    MakeContact,
    MatchProperty,
    ReceiveResponse,
    RecordDelivery,
    RecordVisit,
    ResolveConflict,
    TryCode,
)
from services.registration.canvass.decider import properties_in_canvass
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    CanvassEnquiryOpened,
    CanvassPropertyClosed,
    CanvassReply,
    CanvassResponseReceived,
    CanvassRouteAssigned,
    ElectorMatch,
    ElectorReported,
    NewResident,
    NewResidentReported,
    PropertyMatched,
    ResidentsDisagreed,
    SecurityCodeIssued,
    SecurityCodeMistaken,
    VisitConflictFound,
    VisitRecorded,
    canvass_id,
)
from shared.events.values import Authority, ElectorId, PersonName, PropertyId
from shared.law import canvass as law
from shared.law.electors import Source, check_two_sources
from shared.law.rules import Refused

CANVASS = canvass_id(Authority("E07000999"), 2026)
HOME = PropertyId(UUID(int=1))
ADA, BEN = ElectorId(UUID(int=2)), ElectorId(UUID(int=3))
JULY, AUGUST = date(2026, 7, 6), date(2026, 8, 3)
BOTH = (ElectorMatch(ADA, "national"), ElectorMatch(BEN, "local"))
ONE = (ElectorMatch(ADA, "national"), ElectorMatch(BEN))
CLEO = NewResident(PersonName("Cleo", "Marsh"), ("GB",))


def matching(electors=BOTH, adults=2, class_code="RD04", **more):
    return MatchProperty(CANVASS, HOME, electors, adults, class_code, **more)


def matched(electors=BOTH, adults=2, class_code="RD04", route=1, reason="every-elector-matched"):
    found = PropertyMatched(CANVASS, HOME, all(e.by for e in electors) and bool(electors), electors, adults, class_code)
    return spec(properties_in_canvass).given(found, CanvassRouteAssigned(CANVASS, HOME, route, reason))


ROUTE_1 = matched()
ROUTE_2 = matched(ONE, route=2, reason="not-every-elector-matched")


def contact(kind, n=1, on=JULY, **more):
    return MakeContact(UUID(int=100 + n), kind, on, "B1", **more)


def says(*answers, n=1, channel="web", contactable=False, **reply):
    return ReceiveResponse(UUID(int=200 + n), channel, answers, CanvassReply(**reply), AUGUST, contactable)


def called(n=1, outcome="no-answer", answers=(), **reply):
    at = datetime(2026, 8, 3, 17, n, tzinfo=UTC)
    return RecordVisit(
        UUID(int=300 + n), UUID(int=9), UUID(int=400), "vo-1", "tablet-1", at, AUGUST, outcome, answers,
        CanvassReply(**reply) if answers else None,
    )  # fmt: skip


def names(events):
    return [type(event).__name__ for event in events]


def assigned(events):
    return [(event.route, event.reason) for event in events if isinstance(event, CanvassRouteAssigned)]


# --------------------------------------------------------------------- routes


@pytest.mark.parametrize(
    ("command", "route", "reason"),
    [
        (matching(), 1, "every-elector-matched"),
        (matching((*BOTH, ElectorMatch(ElectorId(UUID(int=4)), "recent-addition")), 3), 1, "every-elector-matched"),
        (matching(ONE), 2, "not-every-elector-matched"),
        (matching(()), 2, "no-electors"),
        (matching(adults=0), 2, "only-under-18"),
        (matching(doubts=("potential-elector",)), 2, "potential-elector"),
        (matching(doubts=("other-registration-officer",)), 2, "other-registration-officer"),
    ],
)
def test_a_property_is_on_route_1_only_when_every_elector_matched_and_nothing_is_in_doubt(command, route, reason):
    assert assigned(spec(properties_in_canvass).when(command).events) == [(route, reason)]


def test_edge_case_26_an_unmatched_block_of_flats_and_a_home_of_17_year_olds_are_on_route_2_and_never_3():
    flat = spec(properties_in_canvass).when(matching(ONE, class_code="RD06"))
    assert assigned(flat.events) == [(2, "not-every-elector-matched")]
    to_3 = ChooseRoute(3, "one landlord for all flats", "hmo", person_known=True)
    matched(ONE, class_code="RD06", route=2).when(to_3).refused("not-for-route-3")
    matched(class_code="RD06").when(to_3).refused("not-for-route-3")

    young = spec(properties_in_canvass).when(matching(adults=0))
    assert assigned(young.events) == [(2, "only-under-18")]
    matched(adults=0, class_code="RI03", route=2).when(to_3).refused("not-for-route-3")


def test_a_care_home_goes_to_route_3_when_an_officer_says_so_and_somebody_answers_for_it():
    home = matched(ONE, class_code="RI01", route=2)
    home.when(ChooseRoute(3, "the manager answers", "care-home")).refused("no-responsible-person")
    home.when(ChooseRoute(3, "", "care-home", person_known=True)).refused("reason-for-route-needed")
    home.when(ChooseRoute(3, "the manager answers", person_known=True)).refused("reason-for-route-needed")
    choice = ChooseRoute(3, "the manager answers", "care-home", person_known=True)
    home.when(replace(choice, only_excluded=True)).refused("not-for-route-3")
    home.when(choice).then(CanvassRouteAssigned(CANVASS, HOME, 3, "the manager answers", 2, True, "care-home"))


def test_an_officer_puts_only_a_matched_property_on_route_1():
    ROUTE_2.when(ChooseRoute(1, "we know them")).refused("not-for-route-1")
    ROUTE_1.when(ChooseRoute(1, "again")).refused("route-as-it-is")
    two = ROUTE_1.when(ChooseRoute(2, "a van was seen"))
    two.then(CanvassRouteAssigned(CANVASS, HOME, 2, "a van was seen", 1, True))


def test_a_local_match_afterwards_moves_a_property_to_route_1():
    ROUTE_2.when(matching()).then(
        PropertyMatched(CANVASS, HOME, True, BOTH, 2, "RD04"),
        CanvassRouteAssigned(CANVASS, HOME, 1, "every-elector-matched", 2),
    )
    ROUTE_1.when(matching()).nothing_happens()


def test_the_data_step_leaves_an_officers_route_and_a_begun_programme_alone():
    chosen = ROUTE_1.given(*ROUTE_1.when(ChooseRoute(2, "a van was seen")).events)
    chosen.when(matching()).nothing_happens()
    begun = ROUTE_2.given(*ROUTE_2.when(contact("form")).events)
    assert names(begun.when(matching()).events) == ["PropertyMatched"]


# -------------------------------------------------------------------- contacts


def test_edge_case_25_an_unanswered_e_communication_is_followed_by_a_cca_and_then_by_nothing():
    first = ROUTE_1.when(contact("e-communication", recipients=(ADA, BEN)))
    (made,) = first.events
    assert (made.reply_needed, made.next_by) == (True, date(2026, 7, 27))
    then = ROUTE_1.given(made).when(contact("cca", 2, date(2026, 7, 27)))
    (letter,) = then.events
    assert (letter.reply_needed, letter.next_by) == (False, None)
    ROUTE_1.given(made, letter).when(contact("phone", 3)).refused("contact-out-of-place")


def test_edge_case_25_somebody_new_without_a_name_on_route_1_leads_to_route_2():
    assert assigned(ROUTE_1.when(says("vague", note="someone new")).events) == [(2, "vague-reply")]


def test_a_vague_reply_of_a_household_that_can_be_asked_is_asked_about_first():
    asked = ROUTE_1.when(says("vague", note="someone new", contactable=True))
    assert asked.events[-1] == CanvassEnquiryOpened(CANVASS, HOME, UUID(int=201), AUGUST)
    waiting = ROUTE_1.given(*asked.events)
    assert assigned(waiting.when(ConcludeEnquiry()).events) == [(2, "vague-reply")]
    named = waiting.when(says("added", n=2, added=(CLEO,)))
    assert "CanvassPropertyClosed" in names(named.events)
    ROUTE_1.given(*asked.events, *named.events).when(ConcludeEnquiry()).refused("no-enquiry")


def test_route_2_has_a_form_and_a_personal_contact_by_its_third():
    first = ROUTE_2.when(contact("ccb")).events
    second = ROUTE_2.given(*first).when(contact("e-communication", 2))
    second.refused("contact-out-of-place")
    form = ROUTE_2.given(*first).when(contact("form", 2, AUGUST)).events
    third = ROUTE_2.given(*first, *form)
    third.when(contact("ccb", 3)).refused("contact-out-of-place")
    (call,) = third.when(contact("phone", 3)).events
    assert (form[0].next_by, call.number, call.next_by) == (date(2026, 8, 31), 3, None)


def test_a_cca_that_came_back_puts_the_property_on_route_2():
    sent = ROUTE_1.given(*ROUTE_1.when(contact("cca")).events)
    back = sent.when(RecordDelivery(UUID(int=101), "returned", AUGUST))
    assert assigned(back.events) == [(2, "returned-mail")]
    sent.when(RecordDelivery(UUID(int=199), "returned", AUGUST)).refused("no-such-contact")


def test_a_household_that_answered_is_not_contacted_again():
    answered = ROUTE_2.given(*ROUTE_2.when(says("no-change")).events)
    answered.when(contact("form")).refused("canvass-property-answered")


def test_a_contact_goes_to_electors_of_the_property_only():
    stranger = ElectorId(UUID(int=77))
    ROUTE_1.when(contact("e-communication", recipients=(stranger,))).refused("not-an-elector-here")


# --------------------------------------------------------------------- replies


def test_a_new_name_registers_nobody_and_a_name_struck_out_removes_nobody():
    reply = ROUTE_2.when(says("added", "left", added=(CLEO,), gone=(BEN,)))
    found = [event for event in reply.events if isinstance(event, NewResidentReported | ElectorReported)]
    assert [type(event) for event in found] == [NewResidentReported, ElectorReported]
    assert found[0].name == CLEO.name
    assert (found[1].elector_id, found[1].source.kind, found[1].source.denies) == (BEN, "canvass-reply", False)
    assert names(reply.events) == [
        "CanvassResponseReceived", "NewResidentReported", "ElectorReported", "CanvassPropertyClosed",
    ]  # fmt: skip


def test_edge_case_27_one_resident_reports_another_gone_the_other_denies_it_no_deletion_but_a_review():
    first = ROUTE_2.when(says("left", gone=(BEN,))).events
    second = ROUTE_2.given(*first).when(says("no-change", n=2)).events
    assert ResidentsDisagreed(BEN, HOME, AUGUST) in second
    assert second[0].noted
    reports = [event.source for event in (*first, *second) if isinstance(event, ElectorReported)]
    assert [report.denies for report in reports] == [False, True]
    with pytest.raises(Refused) as refused:
        check_two_sources([
            *(Source(r.kind, r.origin, r.written_note, r.denies) for r in reports), Source("landlord", "L")
        ])  # fmt: skip
    assert refused.value.rule.name == "sources-contradict"


def test_two_replies_of_one_household_are_one_source():
    first = ROUTE_2.when(says("left", gone=(BEN,))).events
    second = ROUTE_2.given(*first).when(says("left", n=2, gone=(BEN,))).events
    reports = [event.source for event in (*first, *second) if isinstance(event, ElectorReported)]
    with pytest.raises(Refused) as refused:
        check_two_sources([Source(r.kind, r.origin) for r in reports])
    assert refused.value.rule.name == "too-few-sources"


def test_the_first_valid_reply_closes_and_later_ones_are_notes():
    first = ROUTE_2.when(says("no-change")).events
    assert first[-1] == CanvassPropertyClosed(CANVASS, HOME, "no-change", AUGUST)
    later = ROUTE_2.given(*first).when(says("added", n=2, added=(CLEO,))).events
    assert names(later) == ["CanvassResponseReceived", "NewResidentReported"]
    assert later[0].noted


def test_a_reply_that_is_vague_or_refused_closes_nothing():
    for answer in ("vague", "refused"):
        assert names(ROUTE_2.when(says(answer)).events) == ["CanvassResponseReceived"]


def test_a_reply_sent_twice_counts_once():
    ROUTE_2.given(*ROUTE_2.when(says("no-change")).events).when(says("no-change")).nothing_happens()


def test_a_new_resident_named_twice_is_reported_once():
    first = ROUTE_2.when(says("added", added=(CLEO,))).events
    again = ROUTE_2.given(*first).when(says("added", n=2, added=(CLEO,))).events
    assert names(again) == ["CanvassResponseReceived"]


@pytest.mark.parametrize(
    "reply",
    [
        says(), says("added"), says("no-change", "left", gone=(BEN,)), says("no-change", added=(CLEO,)),
        says("left"), says("changed"), says("left", gone=(BEN,), staying=(BEN,)),
    ],
)  # fmt: skip
def test_ticks_and_words_agree(reply):
    ROUTE_2.when(reply).refused("answer-not-clear")


def test_a_reply_names_electors_of_the_property_only():
    ROUTE_2.when(says("left", gone=(ElectorId(UUID(int=77)),))).refused("not-an-elector-here")


# ----------------------------------------------------------------------- codes

CODED = ROUTE_2.given(SecurityCodeIssued(CANVASS, HOME, 1, "ABCD2345", "right"))


def test_a_wrong_code_is_counted_and_the_fifth_locks_it():
    CODED.when(TryCode("right")).nothing_happens()
    CODED.when(TryCode("wrong")).then(SecurityCodeMistaken(CANVASS, HOME, 1))
    locked = CODED.given(SecurityCodeMistaken(CANVASS, HOME, law.CODE_ATTEMPTS))
    locked.when(TryCode("right")).refused("security-code-locked")
    renewed = locked.given(SecurityCodeIssued(CANVASS, HOME, 2, "EFGH2345", "newer"))
    renewed.when(TryCode("newer")).nothing_happens()
    ROUTE_2.when(TryCode("right")).refused("wrong-security-code")


def test_a_letter_issues_the_code_it_carries_once():
    first = ROUTE_2.when(contact("form", code=("ABCD2345", "d"))).events
    assert names(first) == ["SecurityCodeIssued", "CanvassContactMade"]
    again = ROUTE_2.given(*first).when(contact("visit", 2, code=("ABCD2345", "d")))
    assert names(again.events) == ["CanvassContactMade"]
    ROUTE_2.given(*first).when(IssueCode("ABCD2345", "d")).nothing_happens()


# ---------------------------------------------------------------------- visits


def test_a_visit_sent_twice_is_recorded_once():
    first = ROUTE_2.when(called()).events
    assert names(first) == ["VisitRecorded"]
    ROUTE_2.given(*first).when(called()).nothing_happens()
    assert names(ROUTE_2.given(*first).when(called(2)).events) == ["VisitRecorded"]


def test_what_is_said_at_the_door_is_a_reply():
    said = ROUTE_2.when(called(1, "answered", ("no-change",))).events
    assert names(said) == ["VisitRecorded", "CanvassResponseReceived", "CanvassPropertyClosed"]


def test_a_visit_that_says_something_else_than_the_reply_before_it_is_a_conflict_for_an_officer():
    replied = ROUTE_2.given(*ROUTE_2.when(says("no-change")).events)
    assert names(replied.when(called(1, "answered", ("no-change",))).events) == [
        "VisitRecorded", "CanvassResponseReceived",
    ]  # fmt: skip
    found = replied.when(called(1, "answered", ("added",), added=(CLEO,))).events
    assert [type(event) for event in found] == [VisitRecorded, VisitConflictFound]
    waiting = replied.given(*found)

    def settle(kept):
        return waiting.when(ResolveConflict(UUID(int=301), kept, AUGUST))

    assert names(settle("theirs").events) == ["VisitConflictResolved"]
    for kept in ("mine", "both"):
        taken = settle(kept).events
        assert [e.name for e in taken if isinstance(e, NewResidentReported)] == [CLEO.name]
        assert taken[-1] == CanvassPropertyClosed(CANVASS, HOME, "added", AUGUST)
        assert [e.channel for e in taken if isinstance(e, CanvassResponseReceived)] == ["visit"]
    waiting.given(*settle("mine").events).when(ResolveConflict(UUID(int=301), "mine", AUGUST)).refused(
        "no-visit-conflict"
    )


def test_nothing_is_asked_of_a_property_that_the_data_step_did_not_find():
    spec(properties_in_canvass).when(says("no-change")).refused("not-in-canvass")
