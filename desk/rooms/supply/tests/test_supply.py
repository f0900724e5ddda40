"""A request as it is sent, where a copy stands, and how its file is called."""

from __future__ import annotations

from typing import Any

import pytest

from desk.forms import Form
from desk.rooms.supply.pages import application, ending_of, pounds, state_of

TYPED = {
    "applicant": "A Sample",
    "recipient": "candidate",
    "document": "full-register",
    "form": "data",
    "also": ["in-writing"],
}


def line(**more: Any) -> dict[str, Any]:
    nothing = {"withdrawn_on": None, "released_on": None, "made_on": None, "fee_due": False, "paid_on": None}
    return {**nothing, **more}


def test_a_request_says_who_asks_for_what_and_how():
    typed = Form({**TYPED, "areas": "aa, ab", "poll": "7 May 2026"})
    asked = application(typed)
    assert typed.well
    assert (asked["areas"], asked["poll"], asked["in_writing"], asked["later_notices"]) == (
        ["AA", "AB"], "2026-05-07", True, False,
    )  # fmt: skip
    assert (asked["layout"], asked["notice_id"]) == ("register-csv", None)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("applicant", ""), ("document", "electors"), ("form", ""), ("areas", "A1"), ("poll", "31/2/2026")],
)
def test_what_is_wrong_is_said_at_its_field(field: str, typed: str):
    form = Form({**TYPED, field: typed})
    application(form)
    assert set(form.errors) == {field}


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ({}, "To be made"),
        ({"fee_due": True}, "Fee not paid"),
        ({"fee_due": True, "paid_on": "2026-11-03"}, "To be made"),
        ({"made_on": "2026-11-04"}, "Waits for release"),
        ({"made_on": "2026-11-04", "released_on": "2026-11-05"}, "Handed over"),
        ({"fee_due": True, "withdrawn_on": "2026-11-05"}, "Withdrawn"),
    ],
)
def test_a_copy_stands_where_the_ledger_says(known: dict[str, Any], state: str):
    assert state_of(line(**known))[0] == state


@pytest.mark.parametrize(
    ("document", "form", "ending"),
    [("full-register", "print", "zip"), ("notices", "print", "pdf"), ("full-register", "data", "xlsx")],
)
def test_a_file_is_called_after_what_it_is(document: str, form: str, ending: str):
    copy = {"document": document, "form": form, "layout": "party", "layout_version": 2}
    layouts = [{"name": "party", "version": 1, "file": "csv"}, {"name": "party", "version": 2, "file": "xlsx"}]
    assert ending_of(copy, layouts) == ending


def test_a_fee_is_shown_in_pounds_and_none_is_not_shown():
    assert (pounds(215_000), pounds(None)) == ("£2,150.00", "")
