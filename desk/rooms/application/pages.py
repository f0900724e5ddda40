"""Screen 3. An application: what was said and found out, and the decision, with the rule that it rests on."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from desk.asking import Asking, NotThere, Refusal
from desk.forms import Form, Sent
from desk.room import REGISTRATION, Room, Task
from desk.showing import day, see_other
from desk.visiting import Ask, Show

REASONS = {
    "not-resident": "Not resident at the address",
    "identity-not-verified": "Identity not confirmed",
    "nationality": "No qualifying nationality or immigration status",
    "too-young": "Too young to be registered",
    "information-not-given": "Required information was not given",
    "other": "Another reason, explained below",
}
OPEN = {"incomplete", "listed", "verified", "held", "objected", "hearing", "objection-upheld"}
COLOURS = {
    "allowed": "green", "rejected": "red", "verified": "blue", "held": "orange", "objected": "orange", "incomplete": "yellow",
}  # fmt: skip
GIVEN = {
    "dob": "Date of birth",
    "nodobreason": "No date of birth, because",
    "agerange": "Age range",
    "nat": "Nationality",
    "nonat": "No nationality, because",
    "nino": "National Insurance number",
    "nonino": "No National Insurance number, because",
    "phone": "Telephone",
    "email": "E-mail",
}
"""Answers of an application by their IER key."""
SAME, MOVED = "same", "moved"
PAIRS = {
    SAME: "One person: this application is a duplicate",
    MOVED: "One person, who has moved here: the old entry goes when this is allowed",
    "different-people": "Two people",
    "relatives": "Two people who are relatives",
    "two-residences": "One person who truly lives at both, such as a student",
}
"""What an officer may find of two records that look alike."""

router = APIRouter(prefix="/applications/{application}")


@router.get("")
async def page(application: UUID, ask: Ask, show: Show) -> Response:
    """The application as it stands."""
    return await _page(application, ask, show, Form())


@router.post("/allow")
async def allow(application: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Allow it: the entry takes effect by the next notice that carries it."""
    try:
        await ask.command(
            "registration", f"/applications/{application}/allowance", {"polls": []}, key=form.key, if_match=form.version
        )
    except Refusal as refusal:
        form.refused(refusal)
        return await _page(application, ask, show, form)
    return see_other(f"/applications/{application}")


@router.get("/reject")
async def rejecting(application: UUID, ask: Ask, show: Show) -> Response:
    """Before a rejection: the reasons, and what follows from it."""
    return await _rejection(application, ask, show, Form())


@router.post("/reject")
async def reject(application: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Reject it; the applicant is told the reasons in writing."""
    reasons = form.several("reasons")
    if not reasons:
        form.errors["reasons"] = "Choose at least one reason"
    explanation = form.text("explanation", "Explain the reason to the applicant" if "other" in reasons else "")
    if not form.well:
        return await _rejection(application, ask, show, form)
    body = {"reasons": reasons, "explanation": explanation}
    try:
        await ask.command(
            "registration", f"/applications/{application}/rejection", body, key=form.key, if_match=form.version
        )
    except Refusal as refusal:
        form.refused(refusal)
        return await _rejection(application, ask, show, form)
    return see_other(f"/applications/{application}")


@router.post("/duplicates/{pair}")
async def settle(application: UUID, pair: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Say whether this application and another record are one person's."""
    found = form.choice("found", PAIRS, "Choose what you have found")
    if not form.well:
        return await _page(application, ask, show, form)
    one = found in {SAME, MOVED}
    body: dict[str, Any] = {"moved": found == MOVED} if one else {"because": found}
    try:
        await ask.command(
            "registration", f"/duplicates/{pair}/{'confirmation' if one else 'dismissal'}", body, key=form.key
        )
    except Refusal as refusal:
        form.refused(refusal)
        return await _page(application, ask, show, form)
    return see_other(f"/applications/{application}")


async def _page(application: UUID, ask: Ask, show: Show, form: Form) -> Response:
    answer, said, why, pairs = await asyncio.gather(
        ask.read("registration", f"/applications/{application}"),
        _said(application, ask),
        ask.get("registration", f"/applications/{application}/why"),
        ask.get("registration", "/duplicates", record=application),
    )
    case = answer.data
    form.version = answer.version
    given = [(label, day(said[key]) if key == "dob" else said[key]) for key, label in GIVEN.items() if key in said]
    title, still_open = f"Application {case['reference']}", case["stage"] in OPEN
    return show(
        "application/page.html",
        title=title,
        form=form,
        case=case,
        why=why,
        given=given,
        colours=COLOURS,
        open=still_open,
        pairs=[(pair, *told(pair, application)) for pair in pairs["items"]],
        findings=PAIRS.items(),
    )


async def _said(application: UUID, ask: Asking) -> dict[str, str]:
    """What the applicant gave; nothing where the form is not kept any more."""
    try:
        form: dict[str, Any] = await ask.get("registration", f"/applications/{application}/form")
    except NotThere:
        return {}
    return dict(form["application"])


def told(pair: dict[str, Any], record: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two records that look alike: this one, and the other."""
    one, other = pair["one"], pair["other"]
    return (one, other) if one["id"] == str(record) else (other, one)


async def _rejection(application: UUID, ask: Ask, show: Show, form: Form) -> Response:
    answer = await ask.read("registration", f"/applications/{application}")
    form.version = answer.version
    title = f"Reject application {answer.data['reference']}"
    return show("application/reject.html", title=title, form=form, case=answer.data, reasons=REASONS.items())


async def tasks(ask: Asking) -> list[Task]:
    """The open applications with the nearest deadlines."""
    cases: list[dict[str, Any]] = (await ask.get("registration", "/applications", stage="open", limit=100))["items"]
    return [
        Task(
            due=date.fromisoformat(case["due"]["on"]) if case["due"] else None,
            kind="Application",
            subject=f"{case['name'] or 'Anonymous'}, {case['reference']}",
            url=f"/applications/{case['application_id']}",
            since=date.fromisoformat(case["received_on"]),
            why=f"{case['due']['rule']} {case['due']['source']}" if case["due"] else "",
        )
        for case in cases
    ]


application = Room("application", "Register", router, REGISTRATION, tasks=tasks)
