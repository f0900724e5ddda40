"""What is typed of an application for an absent vote, and what can still be cancelled."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desk.forms import Form
from desk.rooms.absent_votes.applications import cancellation, grounds, postal_vote, proxy, refusal
from desk.rooms.absent_votes.pages import standing

TODAY = date(2026, 11, 22)
BEN = {"last": "Fern", "first": "Ben", "proxy_property": "3", "proxy_street": "Sea Road", "proxy_postcode": "zz1 1ab"}


def arrangement(kind: str, until: str | None, *, stands: bool = True) -> dict[str, Any]:
    return {"kind": kind, "valid_until": until, "stands": stands}


def test_a_postal_vote_for_as_long_as_the_law_allows_needs_nothing_else():
    assert postal_vote(Form({"kind": "maximum"})) == {"kind": "maximum"}


def test_a_postal_vote_at_one_poll_names_it():
    typed = Form({"kind": "particular-poll", "poll_type": "local", "polling_day": "7/5/2026"})
    assert postal_vote(typed) == {
        "kind": "particular-poll", "poll": {"poll_type": "local", "polling_day": "2026-05-07"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, {"kind"}),
        ({"kind": "definite-period"}, {"asked_until"}),
        ({"kind": "particular-poll"}, {"poll_type", "polling_day"}),
        ({"kind": "maximum", "ballot_street": "2 Hill Road"}, {"ballot_address_reason"}),
    ],
)
def test_a_grant_says_what_it_lacks(typed: dict[str, str], wrong: set[str]):
    form = Form(typed)
    postal_vote(form)
    assert set(form.errors) == wrong


def test_a_proxy_is_named_with_address_and_consent():
    said = proxy(Form({**BEN, "kind": "indefinite", "ground": "crown", "agreed": ["consents", "eligible"]}))
    assert said["proxy"]["name"] == {"first": "Ben", "last": "Fern"}
    assert said["proxy"]["address"] == {"property": "3", "street": "Sea Road", "postcode": "ZZ1 1AB"}
    assert (said["consents"], said["proxy"]["eligible"], said["proxy"]["close_relative"]) == (True, True, False)


def test_a_proxy_without_a_name_or_an_address_is_not_sent():
    form = Form({"kind": "indefinite"})
    proxy(form)
    assert set(form.errors) == {"last", "proxy_property"}


def test_the_grounds_are_those_of_the_day():
    names = {name for name, _ in grounds(TODAY)}
    assert {"", "disability", "photo-id-lost"} <= names
    assert "photo-id-lost" not in {name for name, _ in grounds(date(2023, 5, 3))}


def test_a_refusal_for_another_reason_is_explained():
    form = Form({"reasons": ["other"]})
    refusal(form)
    assert set(form.errors) == {"explanation"}
    assert refusal(Form({"reasons": ["late-application"]})) == {"reasons": ["late-application"], "explanation": ""}


def test_a_cancellation_says_whether_the_ballot_came_back():
    assert cancellation(Form({"ballot": ["returned"]})) == {"ballot_returned": True}
    assert cancellation(Form()) == {"ballot_returned": False}


def test_only_what_stands_can_be_cancelled():
    kept = [
        arrangement("postal-vote", "2026-11-22"), arrangement("proxy", "2026-11-21"),
        arrangement("postal-proxy", None, stands=False),
    ]  # fmt: skip
    assert standing(kept, TODAY) == {"postal-vote"}
    assert standing([arrangement("proxy", None)], TODAY) == {"proxy"}
