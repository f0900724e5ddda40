"""What a member is entitled to, as news of their offices comes in, and what they forgo."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.entitlements.decider import (
    EndEntitlement,
    EndEveryEntitlement,
    EndForgoing,
    ForgoAllowance,
    StartEntitlement,
    entitlements,
)
from shared.eventcore.testing.specs import spec
from shared.events.finance import AllowanceForgone, EntitlementEnded, EntitlementStarted, ForgoingEnded
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.law.allowances import AllowanceYear, Forgoing, Practice, RateCard, payable

MEMBER, PERSON = MemberId(UUID(int=7)), PersonId(UUID(int=8))
TOOK_OFFICE, ELECTED_LEADER, RESIGNED = date(2026, 5, 11), date(2026, 5, 19), date(2026, 9, 10)
BASIC = EntitlementStarted(MEMBER, "basic", TOOK_OFFICE, PERSON)
LEADER = EntitlementStarted(MEMBER, "leader", ELECTED_LEADER)


def test_an_entitlement_starts_once():
    start = StartEntitlement(MEMBER, "basic", TOOK_OFFICE, PERSON)
    spec(entitlements).when(start).then(BASIC)
    spec(entitlements).given(BASIC).when(start).nothing_happens()


def test_an_office_held_is_not_taken_again():
    again = StartEntitlement(MEMBER, "leader", date(2026, 6, 1))
    spec(entitlements).given(BASIC, LEADER).when(again).refused("already-entitled")


def test_a_member_who_leaves_loses_every_office_on_that_day():
    spec(entitlements).given(BASIC, LEADER).when(EndEveryEntitlement(MEMBER, RESIGNED)).then(
        EntitlementEnded(MEMBER, "basic", TOOK_OFFICE, RESIGNED),
        EntitlementEnded(MEMBER, "leader", ELECTED_LEADER, RESIGNED),
    )


def test_the_end_of_an_office_that_ended_with_the_term_changes_nothing():
    ended = [EntitlementEnded(MEMBER, e.office, e.first_day, RESIGNED) for e in (BASIC, LEADER)]
    spec(entitlements).given(BASIC, LEADER, *ended).when(EndEntitlement(MEMBER, "leader", RESIGNED)).nothing_happens()


def test_news_of_a_seat_that_comes_after_news_of_the_departure_is_ended_with_it():
    gone = EntitlementEnded(MEMBER, "basic", TOOK_OFFICE, RESIGNED)
    start = StartEntitlement(MEMBER, "leader", ELECTED_LEADER)
    spec(entitlements).given(BASIC, gone).when(start).then(
        LEADER, EntitlementEnded(MEMBER, "leader", ELECTED_LEADER, RESIGNED)
    )


def test_an_office_never_held_does_not_end_and_none_ends_before_it_starts():
    spec(entitlements).given(BASIC).when(EndEntitlement(MEMBER, "leader", RESIGNED)).refused("not-entitled")
    early = EndEntitlement(MEMBER, "basic", date(2026, 5, 1))
    spec(entitlements).given(BASIC).when(early).refused("ends-before-it-starts")


def test_a_member_who_is_elected_again_begins_a_new_term():
    gone = EntitlementEnded(MEMBER, "basic", TOOK_OFFICE, RESIGNED)
    again = StartEntitlement(MEMBER, "basic", date(2027, 5, 10), PERSON)
    spec(entitlements).given(BASIC, gone).when(again).then(
        EntitlementStarted(MEMBER, "basic", date(2027, 5, 10), PERSON)
    )


def test_a_member_who_accepts_office_again_before_the_old_term_has_ended_has_no_day_twice():
    gone = EntitlementEnded(MEMBER, "basic", TOOK_OFFICE, date(2027, 5, 10))
    again = StartEntitlement(MEMBER, "basic", date(2027, 5, 8), PERSON)
    spec(entitlements).given(BASIC, gone).when(again).then(
        EntitlementStarted(MEMBER, "basic", date(2027, 5, 11), PERSON)
    )


def test_an_office_that_was_still_to_begin_when_the_member_left_never_does():
    cabinet = EntitlementStarted(MEMBER, "cabinet-member", date(2026, 9, 20))
    never = EntitlementEnded(MEMBER, "cabinet-member", date(2026, 9, 20), date(2026, 9, 19))
    outcome = spec(entitlements).given(BASIC, cabinet).when(EndEveryEntitlement(MEMBER, RESIGNED))
    outcome.then(EntitlementEnded(MEMBER, "basic", TOOK_OFFICE, RESIGNED), never)
    state = spec(entitlements).given(cabinet, never).state()
    card = RateCard(date(2026, 4, 1), {"cabinet-member": 900_000})
    assert payable(AllowanceYear(2026), state.spells, [card], Practice()) == {}


def test_half_is_forgone_from_the_day_of_the_notice_at_the_earliest():
    forgo = ForgoAllowance(MEMBER, 50, date(2026, 7, 1), date(2026, 6, 20))
    spec(entitlements).given(BASIC).when(forgo).then(AllowanceForgone(MEMBER, 50, date(2026, 7, 1), date(2026, 6, 20)))
    late = ForgoAllowance(MEMBER, 50, date(2026, 7, 1), date(2026, 7, 2))
    spec(entitlements).given(BASIC).when(late).refused("forgoing-not-backdated")
    spec(entitlements).when(ForgoAllowance(MEMBER, 0, RESIGNED, RESIGNED)).refused("percent-out-of-range")


def test_a_later_notice_replaces_an_earlier_one_from_its_day():
    first = AllowanceForgone(MEMBER, 50, date(2026, 7, 1), date(2026, 6, 20))
    second = AllowanceForgone(MEMBER, 100, date(2026, 9, 1), date(2026, 8, 20))
    ended = ForgoingEnded(MEMBER, date(2026, 12, 31), date(2026, 12, 1))
    assert spec(entitlements).given(first, second, ended).state().forgoings == (
        Forgoing(50, date(2026, 7, 1), date(2026, 8, 31)), Forgoing(100, date(2026, 9, 1), date(2026, 12, 31)),
    )  # fmt: skip


def test_nobody_takes_back_what_was_not_forgone():
    spec(entitlements).given(BASIC).when(EndForgoing(MEMBER, RESIGNED, RESIGNED)).refused("nothing-forgone")
