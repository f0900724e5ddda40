"""The rules of a destruction: two officers, once, counted."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.registration.data_protection.destruction.decider import (
    ConfirmDestruction,
    CountDestroyed,
    DeclineDestruction,
    ProposeDestruction,
    destructions,
)
from shared.eventcore.testing.specs import spec
from shared.events.registration import DestructionConfirmed, DestructionId, DueRecord, RetentionRun, RuleCount

RUN, ON = DestructionId(UUID(int=1)), date(2026, 5, 11)
DUE = (DueRecord("proxies", UUID(int=2)), DueRecord("invitations", UUID(int=3)))
PROPOSE = ProposeDestruction(RUN, "one", ON, {"proxies": "policy", "invitations": "policy"}, DUE)
CONFIRM = ConfirmDestruction("two", ON)
COUNTED = CountDestroyed((RuleCount("proxies", 1, 0, 0), RuleCount("invitations", 0, 1, 0)), ON)


def after(*commands):
    events = ()
    for command in commands:
        events += tuple(destructions.decide(command, destructions.fold(events)))
    return spec(destructions).given(*events)


def test_the_officer_who_proposed_does_not_confirm_even_when_another_has():
    after(PROPOSE).when(ConfirmDestruction("one", ON)).refused("maker-is-checker")
    after(PROPOSE, CONFIRM).when(ConfirmDestruction("one", ON)).refused("maker-is-checker")


def test_another_confirms_and_may_go_on_after_it_broke_off():
    after(PROPOSE).when(CONFIRM).then(DestructionConfirmed(RUN, "two", ON))
    after(PROPOSE, CONFIRM).when(CONFIRM).then()


def test_a_run_is_counted_by_rule_and_is_then_over():
    after(PROPOSE, CONFIRM).when(COUNTED).then(RetentionRun(RUN, ON, COUNTED.counts))
    after(PROPOSE, CONFIRM, COUNTED).when(CONFIRM).refused("destruction-over")


def test_what_was_declined_or_never_proposed_is_not_carried_out():
    after(PROPOSE, DeclineDestruction("two", ON)).when(CONFIRM).refused("destruction-over")
    spec(destructions).when(CONFIRM).refused("no-such-destruction")
    after(PROPOSE).when(COUNTED).refused("destruction-over")


def test_nothing_due_is_no_proposal():
    spec(destructions).when(ProposeDestruction(RUN, "one", ON, {}, ())).refused("nothing-due")
