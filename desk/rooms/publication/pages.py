"""Screen 11. Publication: what stands in the way, what would change, the content frozen by one officer and published by another."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from desk.asking import AN_OLDER_ONE_WILL_DO, PAGE, Asking, NotThere, Refusal
from desk.forms import Form, Sent
from desk.passing import file_of
from desk.room import REGISTRATION, Link, Room
from desk.showing import see_other
from desk.visiting import Ask, Show
from shared.law.polls import PollType

KINDS = {
    "monthly": "Monthly notice of alteration",
    "interim-1": "First interim notice before a poll",
    "interim-2": "Second interim notice before a poll",
    "final": "Final notice before a poll",
    "revised-register": "Revised register, after the canvass",
}
FOR_A_POLL = frozenset({"interim-1", "interim-2", "final"})
CHANGES = {"addition": ("Added", "green"), "removal": ("Removed", "red"), "amendment": ("Changed", "blue")}
PRINTED = ("name", "marker", "attains_on", "address")
"""What of an entry stands in print beside its number."""
POLLS = [(each.value, each.name.replace("_", " ").capitalize()) for each in PollType]

router = APIRouter(prefix="/publication")


@router.get("")
async def page(ask: Ask, show: Show, again: Annotated[str, Query(max_length=1)] = "") -> Response:
    """What the next notice would say, what stands in its way (with `again` this minute), and what was published before."""
    return await _page(ask, show, Form(), again)


@router.get("/changes")
async def changes(
    ask: Ask, show: Show,
    area: Annotated[str, Query(max_length=6, description="a polling district")] = "",
    change: Annotated[str, Query(max_length=12)] = "",
) -> Response:  # fmt: skip
    """Entry by entry what a notice of today would name, as printed before and after."""
    found = await ask.get("registration", "/notices/changes", area=area.upper(), limit=PAGE)
    rows = [each for each in found if change in ("", each["change"])]
    return show(
        "publication/changes.html", title="What the next notice would change", form=Form({"area": area, "change": change}), rows=rows,
        counts=Counter(each["change"] for each in found), cut=len(found) == PAGE, most=PAGE, differing=differing, kinds=CHANGES,
    )  # fmt: skip


@router.post("/prepare")
async def prepare(ask: Ask, show: Show, form: Sent) -> Response:
    """Freeze what the register holds now, for another officer to look at and publish."""
    body = preparation(form)
    if not form.well:
        return await _page(ask, show, form)
    try:
        made = await ask.command("registration", "/notices/drafts", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _page(ask, show, form)
    return see_other(f"/publication/draft?draft={made['draft']}")


@router.get("/draft")
async def drafted(draft: Annotated[str, Query(max_length=6000)], ask: Ask, show: Show) -> Response:
    """A frozen notice before it is published: its figures, and who may publish it."""
    return await _draft(draft, ask, show, Form())


@router.post("/publish")
async def publish(ask: Ask, show: Show, form: Sent) -> Response:
    """Publish what another officer prepared. It is not undone."""
    draft = form.text("draft", "Open the draft again", longest=6000)
    if not form.well:
        return await _page(ask, show, form)
    try:
        await ask.command("registration", "/notices", {"draft": draft}, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _draft(draft, ask, show, form)
    return see_other("/publication#published")


@router.get("/{notice}.csv")
async def as_csv(notice: UUID, ask: Ask) -> StreamingResponse:
    """A notice as data."""
    said = await _published(ask, notice)
    return await file_of(ask, "registration", f"/notices/{notice}.csv", f"{said['kind']}-{said['published_on']}.csv")


@router.get("/{notice}/print")
async def on_paper(notice: UUID, ask: Ask) -> StreamingResponse:
    """A notice as PDF; a revised register as an archive of one for each polling district."""
    said = await _published(ask, notice)
    ending = "zip" if said["kind"] == "revised-register" else "pdf"
    name = f"{said['kind']}-{said['published_on']}.{ending}"
    return await file_of(ask, "registration", f"/notices/{notice}/print", name)


async def _page(ask: Asking, show: Show, form: Form, again: str = "") -> Response:
    looked, found, published = await asyncio.gather(
        ask.read("registration", "/notices/blockers", within=0 if again else AN_OLDER_ONE_WILL_DO),
        ask.get("registration", "/notices/changes", limit=PAGE),
        ask.get("registration", "/notices"),
    )
    in_the_way = looked.data
    return show(
        "publication/page.html", title="Publish the register", form=form, blockers=in_the_way, stopped=stopped(in_the_way),
        as_of=looked.as_of,
        counts=Counter(each["change"] for each in found), cut=len(found) == PAGE, published=published, choices=KINDS.items(),
        polls=[("", "No poll"), *POLLS], kinds=KINDS,
    )  # fmt: skip


async def _draft(draft: str, ask: Asking, show: Show, form: Form) -> Response:
    frozen = await ask.get("registration", "/notices/drafts", draft=draft)
    what = "revised-register" if frozen["kind"] == "revised-register" else "notice"
    in_the_way = await ask.get("registration", "/notices/blockers", kind=what)
    return show(
        "publication/draft.html", title=f"Publish: {KINDS[frozen['kind']]}", form=form, draft=draft, frozen=frozen,
        blockers=in_the_way, stopped=stopped(in_the_way), polls=dict(POLLS),
    )  # fmt: skip


async def _published(ask: Asking, notice: UUID) -> dict[str, Any]:
    for each in await ask.get("registration", "/notices"):
        if each["notice_id"] == str(notice):
            return dict(each)
    raise NotThere


def preparation(form: Form) -> dict[str, Any]:
    """What to prepare. A notice before a poll names its poll and its area; the others name neither."""
    kind = form.choice("kind", KINDS, "Choose what to prepare")
    if kind not in FOR_A_POLL:
        return {"kind": kind}
    polling_day = form.day("polling_day", "Enter the day of the poll")
    poll_type = form.choice("poll_type", dict(POLLS), "Choose the kind of poll")
    areas = [area.upper() for area in form.text("areas").replace(",", " ").split()]
    if wrong := [area for area in areas if not (area.isalpha() and len(area) <= 6)]:
        form.errors["areas"] = f"These are no polling districts: {', '.join(wrong)}"
    return {"kind": kind, "poll": {"poll_type": poll_type, "polling_day": str(polling_day)}, "areas": areas}


def stopped(in_the_way: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What must be put right before anything is published; the rest only warns."""
    return [each for each in in_the_way if each["stops"]]


def differing(row: dict[str, Any]) -> frozenset[str]:
    """Which parts of an entry read differently after an amendment."""
    before, after = row["before"], row["after"]
    return frozenset(part for part in PRINTED if before and after and before[part] != after[part])


publication = Room(
    "publication", "Register", router, REGISTRATION, (Link("Publication", "/publication", "g n"),)
)  # fmt: skip
