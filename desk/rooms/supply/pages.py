"""Screen 12. Supply: a request and its entitlement, the fee, the file, its release by another officer, and the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from desk.asking import Asking, Refusal
from desk.forms import Form, Sent
from desk.passing import file_of
from desk.room import REGISTRATION, Link, Room
from desk.showing import PER_PAGE, see_other
from desk.visiting import Ask, Show

DOCUMENTS = {
    "full-register": "Full register",
    "open-register": "Open register",
    "notices": "Notices of alteration",
    "overseas-list": "List of overseas electors",
    "absent-voter-lists": "Lists of absent voters",
    "marked-register": "Marked register",
}
FORMS = {"data": "As data", "print": "In print"}
POLLS = {
    "": "The one announced for that day",
    "local": "Local council",
    "parl": "UK Parliament",
    "pcc": "Police and crime commissioner",
    "parish": "Parish or town council",
    "camayor": "Combined authority mayor",
    "lamayor": "Local mayor",
    "gla": "Greater London Authority",
    "senedd": "Senedd",
}
"""Kinds of poll with lists of absent voters, as election ids name them."""
WITHDRAWALS = {
    "withdrawn-by-applicant": "The applicant does not want it any more",
    "fee-not-paid": "The fee was not paid",
    "entered-in-error": "It was entered in error",
}
STAGES = {"waiting": "Not handed over yet", "standing": "Followed by later notices"}

router = APIRouter(prefix="/supplies")


@router.get("")
async def ledger(
    ask: Ask, show: Show,
    stage: Annotated[str, Query(max_length=10)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = PER_PAGE[0],
    cursor: Annotated[str, Query(max_length=600)] = "",
) -> Response:  # fmt: skip
    """Every copy asked for, newest first."""
    wanted = {stage: "true"} if stage in STAGES else {}
    found = await ask.get("registration", "/supplies", limit=limit, cursor=cursor, **wanted)
    return show(
        "supply/ledger.html", title="Supply of the register", form=Form({"stage": stage}), lines=found["items"], next=found["next"],
        limit=limit, link=show.link, stages=STAGES, documents=DOCUMENTS, state=state_of,
    )  # fmt: skip


@router.get("/new")
async def asking(ask: Ask, show: Show, recipient: Annotated[str, Query(max_length=40)] = "") -> Response:
    """Who asks, then what they may have."""
    return await _request(ask, show, Form({"recipient": recipient}))


@router.post("/new")
async def request(ask: Ask, show: Show, form: Sent) -> Response:
    """Enter a request. Without an entitlement it is refused, with the regulation and what may be offered instead."""
    body = application(form)
    if not form.well:
        return await _request(ask, show, form)
    try:
        made = await ask.command("registration", "/supplies", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _request(ask, show, form)
    return see_other(f"/supplies/{made['supply_id']}")


@router.get("/{supply}")
async def page(supply: UUID, ask: Ask, show: Show) -> Response:
    """One line of the ledger, its fee, and what comes next."""
    return await _page(supply, ask, show, Form())


@router.post("/{supply}/withdraw")
async def withdraw(supply: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """The copy is not wanted, or not paid for, after all."""
    reason = form.choice("reason", WITHDRAWALS, "Choose why")
    if not form.well:
        return await _page(supply, ask, show, form)
    return await _take(supply, "withdrawal", {"reason": reason}, ask, show, form)


@router.post("/{supply}/{step}")
async def take(supply: UUID, step: Literal["file", "release"], ask: Ask, show: Show, form: Sent) -> Response:
    """Make the copy; or, as another officer than made it, hand it over."""
    return await _take(supply, step, None, ask, show, form)


@router.get("/{supply}/copy")
async def copy(supply: UUID, ask: Ask) -> StreamingResponse:
    """The copy. Before its release only for an officer who did not make it."""
    line, layouts = await asyncio.gather(
        ask.get("registration", f"/supplies/{supply}"), ask.get("registration", "/supplies/layouts")
    )
    name = f"{line['document']}-{line['effective']}.{ending_of(line, layouts)}"
    return await file_of(ask, "registration", f"/supplies/{supply}/file", name)


async def _take(supply: UUID, step: str, body: Any, ask: Asking, show: Show, form: Form) -> Response:
    try:
        await ask.command("registration", f"/supplies/{supply}/{step}", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _page(supply, ask, show, form)
    return see_other(f"/supplies/{supply}")


async def _request(ask: Asking, show: Show, form: Form) -> Response:
    rows, layouts = await asyncio.gather(
        ask.get("registration", "/supplies/entitlements"), ask.get("registration", "/supplies/layouts")
    )
    row = next((row for row in rows if row["recipient"] == form.typed("recipient")), None)
    theirs = frozenset(row["documents"] if row else ())
    return show(
        "supply/request.html", title="A copy of the register is asked for", form=form, rows=rows, documents=offered(theirs),
        titles=DOCUMENTS, forms=FORMS, polls=POLLS.items(), row=row, layouts=layouts_of(layouts, theirs),
    )  # fmt: skip


async def _page(supply: UUID, ask: Asking, show: Show, form: Form) -> Response:
    line = await ask.get("registration", f"/supplies/{supply}")
    title = (
        f"{DOCUMENTS.get(line['document'], line['document'])} for {line['applicant'] or 'an applicant who was erased'}"
    )
    return show(
        "supply/page.html", title=title, form=form, line=line, state=state_of(line), documents=DOCUMENTS, forms=FORMS,
        withdrawals=WITHDRAWALS.items(), fee=pounds(line["fee"]), again=line["made_on"] is not None,
    )  # fmt: skip


def offered(theirs: Collection[str]) -> list[tuple[str, str]]:
    """What may be asked for: first what this recipient may have, then what they will be refused with the regulation."""
    return sorted(DOCUMENTS.items(), key=lambda document: document[0] not in theirs)


def layouts_of(layouts: Iterable[dict[str, Any]], theirs: frozenset[str]) -> list[tuple[str, str]]:
    """The layouts of what this recipient may have, each told with its kind of file; the newest version of each."""
    return list(
        {
            each["name"]: f"{each['title']} ({each['file'].upper()})"
            for each in layouts
            if not theirs.isdisjoint(each["documents"])
        }.items()
    )


def application(form: Form) -> dict[str, Any]:
    """A request as the service takes it."""
    areas = form.text("areas").upper().replace(",", " ").split()
    if wrong := [area for area in areas if not (area.isascii() and area.isalpha() and len(area) <= 6)]:
        form.errors["areas"] = f"These are no polling districts: {', '.join(wrong)}"
    ticked, poll = form.several("also"), form.day("poll")
    return {
        "applicant": form.text("applicant", "Enter who asks for it", 200),
        "organisation": form.text("organisation", longest=500),
        "recipient": form.text("recipient", "Choose who they are to the register", 40),
        "document": form.choice("document", DOCUMENTS, "Choose what is asked for"),
        "purpose": form.text("purpose", longest=500),
        "form": form.choice("form", FORMS, "Choose how they want it"),
        "layout": form.typed("layout") or "register-csv",
        "in_writing": "in-writing" in ticked,
        "later_notices": "later-notices" in ticked,
        "areas": areas,
        "power": form.text("power", longest=500),
        "poll": str(poll) if poll else None,
        "poll_kind": form.typed("poll_kind") or None,
        "why_marked": form.text("why_marked", longest=500),
        "notice_id": form.typed("notice_id") or None,
    }


def state_of(line: dict[str, Any]) -> tuple[str, str]:
    """Where a copy stands, and its colour."""
    if line["withdrawn_on"]:
        return "Withdrawn", "grey"
    if line["released_on"]:
        return "Handed over", "green"
    if line["made_on"]:
        return "Waits for release", "yellow"
    if line["fee_due"] and not line["paid_on"]:
        return "Fee not paid", "orange"
    return "To be made", "blue"


def ending_of(line: dict[str, Any], layouts: list[dict[str, Any]]) -> str:
    """Of the name of a copy's file. A register is printed part by part, into an archive."""
    if line["form"] == "print":
        return "zip" if line["document"] in {"full-register", "open-register"} else "pdf"
    made_in = line["layout"], line["layout_version"]
    return next((each["file"] for each in layouts if (each["name"], each["version"]) == made_in), "csv")


def pounds(pence: int | None) -> str:
    """`£1,234.50`; nothing for what is not known."""
    return "" if pence is None else f"£{pence / 100:,.2f}"


supply = Room("supply", "Register", router, REGISTRATION, (Link("Supply", "/supplies", "g y"),))
