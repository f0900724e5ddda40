"""Screen 29. Enquiries, the one due first on top, each beside its scan; messages and what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from desk.asking import Asking, Refusal
from desk.forms import Form, Sent
from desk.passing import file_of
from desk.room import Link, Room, Task
from desk.rooms.post_room import batches
from desk.showing import day, see_other, words
from desk.visiting import Ask, Show

CORRESPONDENCE = frozenset({"correspondence"})
OFFICERS = frozenset({"registration-officer", "ero-deputy"})
"""Who may open what an enquiry or a message is about."""
CHANNELS = ("phone", "email", "letter", "in-person")
KINDS = {
    "general": "Enquiry", "foi": "Freedom of information request", "eir": "Environmental information request",
}  # fmt: skip
OUTCOMES = ("answered", "withdrawn", "no-reply-needed", "passed-on")
STATUSES = ("waiting", "composed", "sent", "delivered", "failed", "called-off")
COLOURS = {
    "waiting": "yellow", "composed": "blue", "sent": "blue", "delivered": "green", "failed": "red", "called-off": "grey",
}  # fmt: skip
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str, Query(max_length=2000)]

router = APIRouter()
router.include_router(batches.router)


@router.get("/post")
async def enquiries(
    ask: Ask, show: Show, closed: Annotated[str, Query(max_length=3)] = "", cursor: Cursor = "", limit: Limit = 25
) -> Response:
    """Open enquiries, or those that are closed."""
    page = await ask.get("notifications", "/enquiries", closed=bool(closed), cursor=cursor, limit=limit)
    return show(
        "post_room/enquiries.html", title="Post room", enquiries=page["items"], next=page["next"], limit=limit, closed=closed,
        link=show.link, kinds=KINDS,
    )  # fmt: skip


@router.get("/post/new")
async def new(show: Show) -> Response:
    """An enquiry that came by telephone, over the counter or on paper."""
    return _new(show, Form({"received_on": day(show.today)}))


@router.post("/post/new")
async def log(ask: Ask, show: Show, form: Sent) -> Response:
    """Log it; the last day for an answer follows from what it is."""
    body = {
        "channel": form.choice("channel", CHANNELS, "Choose how it came"),
        "kind": form.choice("kind", KINDS, "Choose what it is"),
        "received_on": str(form.day("received_on", "Enter the day on which it came")),
        "enquirer": form.text("enquirer", longest=200), "contact": form.text("contact", longest=254),
        "summary": form.text("summary", "Enter what it says"),
    }  # fmt: skip
    if form.well:
        try:
            receipt = await ask.command("notifications", "/enquiries", body, key=form.key)
            return see_other(f"/post/{receipt['stream_id']}")
        except Refusal as refusal:
            form.refused(refusal)
    return _new(show, form)


@router.get("/post/{enquiry}")
async def enquiry(enquiry: UUID, ask: Ask, show: Show) -> Response:
    """One enquiry beside its scan."""
    return await _enquiry(enquiry, ask, show, Form())


@router.get("/post/{enquiry}/scan")
async def scan(enquiry: UUID, ask: Ask) -> Response:
    """The scan, as it was kept."""
    return await file_of(ask, "notifications", f"/enquiries/{enquiry}/scan", "scan", show=True)


@router.post("/post/{enquiry}/answer")
async def answer(enquiry: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Record what the enquirer was answered."""
    body = {"answer": form.text("answer", "Enter what the enquirer was answered", longest=20_000)}
    return await _done(enquiry, "answer", body, ask, show, form)


@router.post("/post/{enquiry}/close")
async def close(enquiry: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Close the enquiry."""
    body = {"outcome": form.choice("outcome", OUTCOMES, "Choose what came of it")}
    return await _done(enquiry, "closing", body, ask, show, form)


@router.get("/messages")
async def messages(
    ask: Ask, show: Show, status: Annotated[str, Query(max_length=20)] = "", cursor: Cursor = "", limit: Limit = 50
) -> Response:
    """How many messages of each kind stand where, and the messages of one standing."""
    chosen = status if status in STATUSES else ""
    outcomes, page = await asyncio.gather(
        ask.get("notifications", "/messages/outcomes"),
        ask.get("notifications", "/messages", status=chosen, cursor=cursor, limit=limit),
    )
    return show(
        "post_room/messages.html", title="Letters and messages", form=Form({"status": chosen}), statuses=STATUSES, counts=counted(outcomes),
        messages=page["items"], next=page["next"], limit=limit, link=show.link, colours=COLOURS,
        choices=[("", "All"), *((each, words(each)) for each in STATUSES)],
    )  # fmt: skip


@router.get("/messages/{message}")
async def message(message: UUID, ask: Ask, show: Show) -> Response:
    """One message with every attempt to send it."""
    found = await ask.get("notifications", f"/messages/{message}")
    return show(
        "post_room/message.html",
        title=f"Message: {words(found['template'])}",
        message=found,
        colours=COLOURS,
        officers=OFFICERS,
    )


def _new(show: Show, form: Form) -> Response:
    return show(
        "post_room/new.html", title="Log an enquiry", form=form, channels=[(each, words(each)) for each in CHANNELS],
        kinds=list(KINDS.items()),
    )  # fmt: skip


async def _enquiry(enquiry: UUID, ask: Asking, show: Show, form: Form) -> Response:
    found = await ask.get("notifications", f"/enquiries/{enquiry}")
    return show(
        "post_room/enquiry.html", title=f"{KINDS[found['kind']]} received on {day(found['received_on'])}", form=form,
        enquiry=found, outcomes=[(each, words(each)) for each in OUTCOMES], officers=OFFICERS,
    )  # fmt: skip


async def _done(enquiry: UUID, step: str, body: dict[str, str], ask: Asking, show: Show, form: Form) -> Response:
    if form.well:
        try:
            await ask.command("notifications", f"/enquiries/{enquiry}/{step}", body, key=form.key)
            return see_other(f"/post/{enquiry}")
        except Refusal as refusal:
            form.refused(refusal)
    return await _enquiry(enquiry, ask, show, form)


def counted(outcomes: Iterable[dict[str, Any]]) -> list[tuple[str, str, list[int]]]:
    """Of each template and channel, how many messages stand where, in the order of `STATUSES`."""
    rows: dict[tuple[str, str], list[int]] = {}
    for each in outcomes:
        row = rows.setdefault((each["template"], each["channel"]), [0] * len(STATUSES))
        row[STATUSES.index(each["status"])] += each["messages"]
    return [(template, channel, row) for (template, channel), row in sorted(rows.items())]


async def tasks(ask: Asking) -> list[Task]:
    """Enquiries that wait for an answer."""
    found = (await ask.get("notifications", "/enquiries", limit=100))["items"]
    return [
        Task(
            due=date.fromisoformat(each["due_on"]), kind="Enquiry", subject=f"{KINDS[each['kind']]} by {words(each['channel']).lower()}",
            url=f"/post/{each['enquiry_id']}", since=date.fromisoformat(each["received_on"]),
        )
        for each in found if each["answered_on"] is None
    ]  # fmt: skip


post_room = Room(
    "post_room",
    "Letters",
    router,
    CORRESPONDENCE,
    (Link("Post room", "/post", "g p"), Link("Messages", "/messages"), Link("Print jobs", "/print-jobs")),
    tasks,
)
