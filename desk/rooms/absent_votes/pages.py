"""Screen 13. Absent votes: the record of them by kind, end and signature; and one elector's, granted, refused or cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from desk.asking import Asking, NotThere, Refusal
from desk.forms import Form, Sent
from desk.room import REGISTRATION, Link, Room
from desk.rooms.absent_votes import applications as said
from desk.showing import PER_PAGE, see_other
from desk.visiting import Ask, Show

KINDS = {"postal-vote": "Postal vote", "proxy": "Proxy", "postal-proxy": "Proxy who votes by post"}
IMAGES = {"held": ("Held", "green"), "waived": ("Waived", "blue"), "missing": ("Missing", "red")}

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do about an elector's absent votes. `path` is below the elector's, at the service."""

    title: str
    path: str
    body: Callable[[Form], dict[str, Any]]
    template: str
    button: str


STEPS: dict[str, Step] = {
    "grant-postal-vote": Step("Grant a postal vote", "postal-vote", said.postal_vote, "grant.html", "Grant the postal vote"),
    "refuse-postal-vote": Step(
        "Refuse a postal vote", "postal-vote/refusal", said.refusal, "refuse.html", "Refuse the postal vote"
    ),
    "cancel-postal-vote": Step(
        "Cancel the postal vote", "postal-vote/cancellation", said.cancellation, "cancel.html", "Cancel the postal vote"
    ),
    "appoint-proxy": Step("Appoint a proxy", "proxy", said.proxy, "appoint.html", "Appoint the proxy"),
    "refuse-proxy": Step("Refuse a proxy", "proxy/refusal", said.refusal, "refuse.html", "Refuse the proxy"),
    "cancel-proxy": Step(
        "End the appointment of the proxy", "proxy/cancellation", said.cancellation, "cancel.html", "End the appointment"
    ),
}  # fmt: skip
Named = Literal[
    "grant-postal-vote", "refuse-postal-vote", "cancel-postal-vote", "appoint-proxy", "refuse-proxy", "cancel-proxy"
]


@router.get("/absent-votes")
async def record(
    ask: Ask, show: Show,
    kind: Annotated[str, Query(max_length=12)] = "",
    image: Annotated[str, Query(max_length=8)] = "",
    ends_by: Annotated[str, Query(max_length=30)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = PER_PAGE[0],
    cursor: Annotated[str, Query(max_length=600)] = "",
) -> Response:  # fmt: skip
    """Every arrangement that stands, by its kind, its end, and whether there is a signature to check it against."""
    form = Form({"kind": kind, "image": image, "ends_by": ends_by})
    until, chosen = form.day("ends_by"), kind if kind in KINDS else None
    wanted = image if image in IMAGES else None
    found = await ask.get(
        "registration", "/absent-voters", kind=chosen, image=wanted, ends_by=until, limit=limit, cursor=cursor
    )
    return show(
        "absent_votes/record.html", title="Absent votes", form=form, lines=found["items"], next=found["next"], limit=limit,
        link=show.link, kinds=KINDS, images=IMAGES, filtered=bool(chosen or wanted or until),
    )  # fmt: skip


@router.get("/electors/{elector}/absent-votes")
async def page(elector: UUID, ask: Ask, show: Show) -> Response:
    """All that was ever granted to one elector, and what can be done about it."""
    entry = await _entry(elector, ask)
    kept = await ask.get("registration", f"/electors/{elector}/absent-votes")
    return show(
        "absent_votes/page.html", title=f"Absent votes: {entry['name'] or entry['number'] or 'elector'}", elector=elector, entry=entry,
        kept=kept, standing=standing(kept["arrangements"], show.today), steps=STEPS, kinds=KINDS, images=IMAGES,
    )  # fmt: skip


@router.get("/electors/{elector}/absent-votes/{step}")
async def stepping(elector: UUID, step: Named, ask: Ask, show: Show) -> Response:
    """The form of one step."""
    return await _step(elector, step, ask, show, Form())


@router.post("/electors/{elector}/absent-votes/{step}")
async def take(elector: UUID, step: Named, ask: Ask, show: Show, form: Sent) -> Response:
    """Take the step. What the law forbids is refused with the rule."""
    body = STEPS[step].body(form)
    if not form.well:
        return await _step(elector, step, ask, show, form)
    try:
        await ask.command("registration", f"/electors/{elector}/{STEPS[step].path}", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _step(elector, step, ask, show, form)
    return see_other(f"/electors/{elector}/absent-votes")


async def _step(elector: UUID, step: str, ask: Asking, show: Show, form: Form) -> Response:
    entry, what = await _entry(elector, ask), STEPS[step]
    return show(
        f"absent_votes/{what.template}", title=what.title, form=form, elector=elector, entry=entry, step=step, what=what,
        said=said, grounds=said.grounds(show.today), proxy="proxy" in step,
    )  # fmt: skip


async def _entry(elector: UUID, ask: Asking) -> dict[str, Any]:
    """Who it is, as far as this officer may know: the postal team sees absent votes and not the register's pages."""
    try:
        found: dict[str, Any] = await ask.get("registration", f"/electors/{elector}")
    except NotThere:
        return {"name": None, "number": None, "address": None, "anonymous": False}
    return found


def standing(arrangements: list[dict[str, Any]], today: date) -> frozenset[str]:
    """Which kinds stand today or will, so that only what there is can be cancelled."""
    return frozenset(
        each["kind"]
        for each in arrangements
        if each["stands"] and (each["valid_until"] is None or date.fromisoformat(each["valid_until"]) >= today)
    )


absent_votes = Room(
    "absent_votes", "Register", router, REGISTRATION | {"postal-team"}, (Link("Absent votes", "/absent-votes", "g v"),)
)
