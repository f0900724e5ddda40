"""The rules of one declaration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.registration.declarations.decider import (
    CancelDeclaration,
    EndDeclaration,
    LearnServiceEnd,
    PutIntoEffect,
    RemindOfRenewal,
    RenewDeclaration,
    declarations,
)
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    DeclarationCancelled,
    DeclarationEnded,
    DeclarationReminderGiven,
    DeclarationRenewed,
    DeclarationTookEffect,
    ServiceEndLearnt,
)
from shared.events.values import ElectorId, PersonId
from shared.law.absent_voting import postal_vote_period

ADA, HERSELF = ElectorId(UUID(int=1)), PersonId(UUID(int=2))
FORCES = DeclarationTookEffect(ADA, HERSELF, "forces", date(2026, 4, 1), date(2031, 3, 31), date(2026, 3, 2))
OVERSEAS = DeclarationTookEffect(ADA, HERSELF, "overseas", date(2024, 11, 1), date(2027, 11, 1), date(2024, 9, 2))
REMIND = RemindOfRenewal(1, FORCES.until, date(2031, 1, 1))


def test_a_declaration_takes_effect_with_its_entry_once():
    command = PutIntoEffect(ADA, HERSELF, "forces", date(2026, 4, 1), date(2031, 3, 31), date(2026, 3, 2))
    spec(declarations).when(command).then(FORCES)
    spec(declarations).given(FORCES).when(command).then()


def test_a_fresh_declaration_while_one_is_in_force_renews_it():
    renewal = RenewDeclaration(date(2031, 1, 10), date(2031, 1, 12))
    spec(declarations).given(FORCES).when(renewal).then(
        DeclarationRenewed(
            ADA, HERSELF, "forces", date(2031, 1, 10), date(2031, 1, 12), date(2036, 1, 11), FORCES.until
        )
    )


def test_the_same_declaration_sent_twice_renews_once():
    renewal = RenewDeclaration(date(2031, 1, 10), date(2031, 1, 12))
    renewed = spec(declarations).given(FORCES).when(renewal).events
    spec(declarations).given(FORCES, *renewed).when(replace(renewal, received_on=date(2031, 1, 20))).then()


def test_edge_case_32_an_overseas_declaration_of_three_months_and_a_day_is_refused_and_one_lasts_to_the_third_november():
    fresh = RenewDeclaration(date(2027, 4, 1), date(2027, 7, 1))
    assert spec(declarations).given(OVERSEAS).when(fresh).refusal is None
    spec(declarations).given(OVERSEAS).when(replace(fresh, received_on=date(2027, 7, 2))).refused("declaration-too-old")


def test_a_declaration_dated_ahead_is_refused():
    ahead = RenewDeclaration(date(2031, 1, 13), date(2031, 1, 12))
    spec(declarations).given(FORCES).when(ahead).refused("declaration-dated-ahead")


def test_edge_case_33_an_early_overseas_renewal_with_a_new_postal_vote_runs_to_the_new_expiry_beyond_three_years():
    renewal = RenewDeclaration(date(2027, 7, 1), date(2027, 7, 2))
    (renewed,) = spec(declarations).given(OVERSEAS).when(renewal).events
    assert renewed.until == date(2030, 11, 1)
    granted = postal_vote_period(date(2027, 7, 2), registration_ends=renewed.until)
    assert granted.until == date(2030, 11, 1) > date(2030, 7, 2)


def test_a_reminder_is_given_once_for_a_term():
    first = DeclarationReminderGiven(ADA, HERSELF, "forces", 1, FORCES.until, date(2031, 1, 1))
    spec(declarations).given(FORCES).when(REMIND).then(first)
    spec(declarations).given(FORCES, first).when(REMIND).then()


def test_edge_case_34_nobody_is_reminded_whose_discharge_is_known():
    spec(declarations).given(FORCES).when(LearnServiceEnd(date(2031, 2, 1))).then(
        ServiceEndLearnt(ADA, date(2031, 2, 1))
    )
    spec(declarations).given(FORCES, ServiceEndLearnt(ADA, date(2031, 2, 1))).when(REMIND).then()


def test_a_term_renewed_meanwhile_is_not_reminded_of():
    renewed = spec(declarations).given(FORCES).when(RenewDeclaration(date(2030, 12, 1), date(2030, 12, 2))).events
    spec(declarations).given(FORCES, *renewed).when(REMIND).then()


def test_a_cancelled_declaration_is_over():
    spec(declarations).given(FORCES).when(CancelDeclaration(date(2027, 1, 1))).then(
        DeclarationCancelled(ADA, date(2027, 1, 1))
    )
    over = spec(declarations).given(FORCES, DeclarationCancelled(ADA, date(2027, 1, 1)))
    over.when(REMIND).then()
    over.when(EndDeclaration(date(2027, 2, 1))).then()
    over.when(RenewDeclaration(date(2027, 1, 2), date(2027, 1, 2))).refused("no-declaration-in-force")


def test_a_declaration_ends_with_its_entry():
    spec(declarations).given(FORCES).when(EndDeclaration(date(2027, 2, 1))).then(
        DeclarationEnded(ADA, date(2027, 2, 1))
    )
