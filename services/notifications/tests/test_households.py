"""Letters to households: which contact of a canvass gives which letter, and who sees how far a batch is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

import pytest

from services.notifications.messages.decider import QueueHouseholdLetter, messages
from services.notifications.policies.when_canvass_contact_is_made_then_write import write_to_household
from services.notifications.preferences.decider import UNTOLD, Preferences
from services.notifications.print_jobs.decider import FreezeJob, HandOver, Release, print_jobs
from services.notifications.templates.rendering import html, written
from services.notifications.tests.test_print_jobs import AT, FROZEN, ID, LETTERS
from shared.eventcore.recording import Metadata, Recorded
from shared.eventcore.testing.core import by
from shared.eventcore.testing.specs import spec
from shared.events.definition import REGISTRY
from shared.events.notifications import HouseholdLetterQueued, PrintJobFrozen, PrintJobReleased
from shared.events.registration import CanvassContactMade, CanvassId
from shared.events.values import PropertyId
from shared.events.values_notifications import Household

PLACE, HOME, CONTACT = UUID(int=1), PropertyId(UUID(int=2)), UUID(int=3)
JULY = date(2026, 7, 20)
MADE = CanvassContactMade(CanvassId(UUID(int=4)), HOME, CONTACT, "cca", 1, JULY, "CCA-1")
HELD = PrintJobFrozen(ID, LETTERS, "cd", AT, "canvass-2026-CCA-1", "canvass-officer")


def heard(fact):
    at = datetime.combine(JULY, time(9), UTC)
    by = Metadata("canvass-officer", "E07000999", str(uuid4()))
    return Recorded(fact, REGISTRY.of(fact).wire, PLACE, "canvass-property", 5, 1, 1, at, at, by)


def queued(wanted=UNTOLD, **changes):
    (step,) = write_to_household.react(wanted, heard(replace(MADE, **changes)))
    return step.command


@pytest.mark.parametrize(
    ("contact", "number", "template"),
    [
        ("cca", 1, "canvass-communication-a"),
        ("cca", 2, "canvass-communication-a"),
        ("ccb", 1, "canvass-communication-b"),
        ("ccb", 2, "canvass-communication-b-reminder"),
        ("form", 1, "canvass-form"),
        ("form", 3, "canvass-form-reminder"),
        ("responsible-person", 1, "canvass-responsible-person"),
        ("responsible-person", 2, "canvass-responsible-person-reminder"),
    ],
)
def test_each_contact_by_post_is_its_own_letter_and_a_later_one_reminds(contact, number, template):
    assert queued(contact=contact, number=number).template == template


@pytest.mark.parametrize("contact", ["phone", "visit", "e-communication"])
def test_what_does_not_go_by_post_is_no_letter(contact):
    assert list(write_to_household.react(UNTOLD, heard(replace(MADE, contact=contact)))) == []


def test_a_letter_of_a_round_goes_with_its_batch_and_remembers_who_asked():
    command = queued()
    assert isinstance(command, QueueHouseholdLetter)
    assert (command.batch, command.asked_by) == ("canvass-2026-CCA-1", "canvass-officer")
    assert command.household == Household(HOME, PLACE, CONTACT)
    assert queued(batch="").batch == ""


def test_a_household_that_prefers_it_is_written_to_in_welsh_and_large_print():
    command = queued(Preferences("email", "cy", True))
    assert (command.language, command.large_print) == ("cy", True)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_names_and_code_are_on_the_paper_and_in_no_event(language):
    command = queued(Preferences("letter", language, False), contact="form")
    message = HouseholdLetterQueued(
        command.message_id, command.household, command.template, command.template_version, command.data,
        command.source_event, command.due_at, command.language,
    )  # fmt: skip
    facts = {"electors": "Ada Sample\nBen Sample", "code": "ABCDE-FGHJK LMNP-QRST"}
    page = html(written(message, "The Occupier", ("10 Gorse Lane", "Mootham", "ZZ1 1AA"), JULY, facts))
    assert "Ada Sample; Ben Sample" in page
    assert "ABCDE-FGHJK LMNP-QRST" in page
    assert command.data == {"year": "2026"}


def test_a_batch_is_released_by_another_officer_than_who_asked_for_it():
    spec(print_jobs).when(FreezeJob(ID, LETTERS, "cd", AT, HELD.batch, HELD.asked_by)).then(HELD)
    spec(print_jobs).given(HELD).when(Release("canvass-officer", AT)).refused("print-release-needs-two")
    spec(print_jobs).given(HELD).when(HandOver(AT)).refused("print-job-not-released")
    released = PrintJobReleased(ID, "second", AT)
    spec(print_jobs).given(HELD).when(Release("second", AT)).then(released)
    spec(print_jobs).given(HELD, released).when(Release("third", AT)).nothing_happens()


def test_what_belongs_to_no_batch_needs_no_release():
    spec(print_jobs).given(FROZEN).when(Release("anybody", AT)).nothing_happens()


async def test_an_officer_sees_how_far_a_batch_is_and_releases_all_of_it(desk):
    asked = queued()
    await desk.core.execute(messages, asked.message_id, asked, by=by())
    letter = replace(LETTERS[0], message_id=asked.message_id)
    await desk.core.execute(print_jobs, ID, FreezeJob(ID, (letter,), "cd", AT, asked.batch, "canvass-officer"), by=by())
    await desk.follow()
    seen = await desk.get(f"/print-batches/{asked.batch}")
    assert (seen["letters"], seen["to_write"], seen["written"], seen["released"], seen["handed_over"]) == (
        1,
        0,
        1,
        0,
        0,
    )
    assert (await desk.done(f"/print-batches/{asked.batch}/release"))["jobs"] == 1
    assert (await desk.done(f"/print-batches/{asked.batch}/release"))["jobs"] == 0
    assert (await desk.get("/print-batches"))[0]["released"] == 1
    await desk.rebuilt_views_are_equal()
