"""What the desk knows by heart of the services is what they say."""

from __future__ import annotations

from typing import get_args

from desk.rooms.allowances.pages import COLOURS as OF_RUNS
from desk.rooms.application.pages import GIVEN
from desk.rooms.election_home.pages import COLOURS as OF_STEPS
from desk.rooms.post_room.pages import COLOURS as OF_MESSAGES
from desk.rooms.post_room.pages import OUTCOMES, STATUSES
from services.elections.views.checklist import State
from services.finance.views.pay_runs import RunState
from services.notifications.views.messages import Status
from shared.events.application_form import KEYS
from shared.events.values_notifications import EnquiryOutcome


def test_every_standing_that_a_service_knows_has_its_colour_on_the_desk():
    assert set(OF_MESSAGES) == set(get_args(Status))
    assert set(OF_STEPS) == set(get_args(State))
    assert set(OF_RUNS) == set(get_args(RunState))


def test_messages_are_counted_by_every_standing_in_its_order():
    assert get_args(Status) == STATUSES


def test_an_enquiry_may_come_to_all_that_the_service_knows():
    assert get_args(EnquiryOutcome) == OUTCOMES


def test_what_the_desk_shows_of_a_form_are_keys_that_forms_have():
    assert GIVEN.keys() <= KEYS
