"""What officers type."""

from __future__ import annotations

from datetime import date

import pytest

from desk.asking import Refusal, refusal_of
from desk.forms import Form, typed_date


@pytest.mark.parametrize(
    "typed", ["27/3/2026", "27.03.2026", "27 March 2026", "27 mar 2026", "2026-03-27", " 27-3-2026 "]
)
def test_a_day_is_typed_as_people_write_it(typed: str):
    assert typed_date(typed) == date(2026, 3, 27)


@pytest.mark.parametrize(
    "typed", ["31/2/2026", "27/3/26", "tomorrow", "3/27/2026", "27 Smarch 2026", "0/0/0000", "2026-3-27"]
)
def test_no_such_day_is_no_day(typed: str):
    assert typed_date(typed) is None


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays():
    form = Form({"day": "31/2/2026", "why": " ", "sum": "1,204"})
    assert (form.day("day"), form.text("why", "Say why"), form.number("sum")) == (None, "", 1204)
    assert form.errors == {"day": "Enter a real date, such as 27/3/2026", "why": "Say why"}
    assert form.typed("day") == "31/2/2026"


def test_a_form_keeps_the_key_of_its_command():
    assert Form({"key": "k-1"}).key == "k-1"
    assert Form().key != Form().key


def test_a_refusal_stands_at_the_fields_of_the_form_that_it_names():
    problem = {"type": "urn:moothall:problem:invalid-request", "title": "No", "errors": [
        {"field": "body.day", "rule": "x", "message": "Too late"}, {"field": "body.other", "rule": "x", "message": "Elsewhere"},
    ]}  # fmt: skip
    form = Form({"day": "1/1/2026"})
    form.refused(refusal_of(422, problem))
    assert form.errors == {"day": "Too late"}
    assert not form.well
    assert form.refusal
    assert form.refusal.rule == "invalid-request"


def test_somebody_elses_change_is_a_clash():
    assert refusal_of(412, {"type": "urn:moothall:problem:version-moved-on", "title": "x"}).clash
    assert not refusal_of(409, {"type": "urn:moothall:problem:objection-stands", "title": "x"}).clash


@pytest.mark.parametrize(
    ("title", "detail", "said"),
    [
        ("Too few days.", "The first is 1 May.", "Too few days. The first is 1 May."),
        ("The room is taken.", "The room is taken.", "The room is taken."), ("The room is taken.", "", "The room is taken."),
        ("Conflict", "Somebody changed it.", "Somebody changed it."), ("Conflict", "", "Conflict"),
    ],
)  # fmt: skip
def test_a_refusal_says_its_rule_and_the_facts_of_the_case(title: str, detail: str, said: str):
    assert Refusal(409, "rule", title, detail).sentence == said
