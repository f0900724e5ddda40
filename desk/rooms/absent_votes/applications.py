"""What an officer typed of an application for an absent vote, as the service takes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from desk.forms import Form
from shared.law.polls import PollType
from shared.law.proxies import EMERGENCY_GROUNDS, LONG_TERM_GROUNDS

POSTAL_TERMS = {
    "maximum": "As long as the law allows",
    "definite-period": "Until a day",
    "particular-poll": "At one poll",
}
PROXY_TERMS = {
    "particular-poll": "At one poll",
    "definite-period": "Until a day",
    "indefinite": "Until further notice",
    "emergency": "In an emergency, at one poll",
}
AT_A_POLL = frozenset({"particular-poll", "emergency"})
POLLS = {each.value: each.name.replace("_", " ").capitalize() for each in PollType}
REASONS = {
    "identity-not-confirmed": "Identity not confirmed",
    "signature-not-given": "No signature that can be checked",
    "late-application": "The application came too late",
    "incomplete-application": "The application is incomplete",
    "proxy-limits": "The proxy acts for as many electors as the law allows",
    "other": "Another reason, explained below",
}


def grounds(today: date) -> list[tuple[str, str]]:
    """The grounds of the law of that day on which a proxy for longer, or in an emergency, may be had."""
    known = {**LONG_TERM_GROUNDS.on(today), **EMERGENCY_GROUNDS.on(today)}
    return [
        ("", "None: for one poll, the reason is enough"),
        *((name, each.because.capitalize()) for name, each in known.items()),
    ]


def postal_vote(form: Form) -> dict[str, Any]:
    """A grant of a postal vote."""
    body = _term(form, POSTAL_TERMS)
    if ballot_address := _address(form, "ballot_"):
        why = form.text("ballot_address_reason", "Say why the ballot goes to another address", 500)
        body |= {"ballot_address": ballot_address, "ballot_address_reason": why}
    return body


def proxy(form: Form) -> dict[str, Any]:
    """An appointment of a proxy, who is named as on the form."""
    named = {"first": form.text("first", longest=100), "last": form.text("last", "Enter the proxy’s last name", 100)}
    address = _address(form, "proxy_")
    if not address:
        form.errors["proxy_property"] = "Enter the proxy’s address"
    agreed = form.several("agreed")
    return {
        **_term(form, PROXY_TERMS),
        "proxy": {
            "name": named, "address": address, "relationship": form.text("relationship", longest=100),
            "close_relative": "close-relative" in agreed, "eligible": "eligible" in agreed,
        },
        "ground": form.typed("ground"), "reason": form.text("reason", longest=500),
        "attested_by": form.text("attested_by", longest=200), "consents": "consents" in agreed,
    }  # fmt: skip


def refusal(form: Form) -> dict[str, Any]:
    """A refusal: its reasons, and an explanation where they do not explain themselves."""
    reasons = [reason for reason in form.several("reasons") if reason in REASONS]
    if not reasons:
        form.errors["reasons"] = "Choose at least one reason"
    missing = "Explain the reason to the applicant" if "other" in reasons else ""
    return {"reasons": reasons, "explanation": form.text("explanation", missing)}


def cancellation(form: Form) -> dict[str, Any]:
    """A cancellation. A ballot that came back already is not taken back."""
    return {"ballot_returned": "returned" in form.several("ballot")}


def _term(form: Form, terms: dict[str, str]) -> dict[str, Any]:
    kind = form.choice("kind", terms, "Choose for how long")
    body: dict[str, Any] = {"kind": kind}
    if kind == "definite-period":
        body["asked_until"] = str(form.day("asked_until", "Enter the last day that was asked for"))
    if kind in AT_A_POLL:
        polling_day = form.day("polling_day", "Enter the day of the poll")
        body["poll"] = {
            "poll_type": form.choice("poll_type", POLLS, "Choose the kind of poll"),
            "polling_day": str(polling_day),
        }
    return body


def _address(form: Form, prefix: str) -> dict[str, str]:
    parts = {part: form.text(prefix + part, longest=100) for part in ("property", "street", "town", "postcode")}
    given = {part: said for part, said in parts.items() if said}
    if "postcode" in given:
        given["postcode"] = given["postcode"].upper()
    return given
