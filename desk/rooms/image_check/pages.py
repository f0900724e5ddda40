"""Screen 14. Image check: a signature that came in beside the one on record, closer, accepted, or a better one asked for.

Pictures come from the service at every look and are kept nowhere; each look is written down with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from desk.asking import Asking, NotThere, Refusal
from desk.forms import Form, Sent
from desk.passing import file_of
from desk.room import Link, Room, Task
from desk.showing import PER_PAGE, moment_of, see_other
from desk.visiting import Ask, Show

PURPOSE: Final = "Image check: can postal votes be checked against this signature?"
"""Why this screen opens a picture: it stands in the log of reads."""
STATES = {"waiting": "To be checked", "accepted": "Accepted", "asked-again": "Asked for again"}
SOURCES = {"application": "With the application", "refresh": "In answer to our letter", "portal": "By GOV.UK"}
FAULTS = {
    "does-not-match": "Does not match",
    "unreadable": "Unreadable",
    "incomplete": "Incomplete",
    "too-small": "Too small",
    "not-a-signature": "Not a signature",
}
AHEAD: Final = 100
"""Signatures that are looked through for the one after this."""

router = APIRouter(prefix="/image-check")


@router.get("")
async def queue(
    ask: Ask, show: Show,
    state: Annotated[str, Query(max_length=20)] = "waiting",
    limit: Annotated[int, Query(ge=1, le=100)] = PER_PAGE[0],
    cursor: Annotated[str, Query(max_length=2000)] = "",
) -> Response:  # fmt: skip
    """Signatures that wait, the longest first; or those that are settled."""
    state = state if state in STATES else "waiting"
    found = await ask.get("registration", "/signature-checks", state=state, limit=limit, cursor=cursor)
    return show(
        "image_check/list.html", title="Image check", form=Form({"state": state}), found=found, limit=limit, link=show.link,
        state=state, states=STATES, sources=SOURCES, faults=FAULTS,
    )  # fmt: skip


@router.get("/next")
async def following(ask: Ask, after: UUID | None = None) -> Response:
    """Go on with the signature that has waited longest; with `after`, the one behind that."""
    waiting = (await ask.get("registration", "/signature-checks", limit=AHEAD))["items"]
    found = next_of([each["person_id"] for each in waiting], str(after) if after else "")
    return see_other(f"/image-check/{found}" if found else "/image-check")


@router.get("/{person}")
async def page(person: UUID, ask: Ask, show: Show) -> Response:
    """The two pictures side by side."""
    return await _page(person, ask, show, Form())


@router.get("/{person}/closer")
async def closer(person: UUID, ask: Ask, show: Show) -> Response:
    """The two pictures at full size, one above the other."""
    check = await _check(person, ask)
    return show("image_check/closer.html", title="Signatures at full size", check=check)


@router.get("/{person}/images/{image}")
async def picture(person: UUID, image: UUID, ask: Ask) -> StreamingResponse:
    """One of the two pictures, as it comes from the service."""
    path = f"/signature-checks/{person}/images/{image}"
    return await file_of(ask, "registration", path, "signature.png", show=True, purpose=PURPOSE)


@router.post("/{person}/accept")
async def accept(person: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Postal votes can be checked against this signature. The next one follows."""
    body = {"image_id": form.typed("image_id")}
    return await _settled(person, "acceptance", body, ask, show, form)


@router.post("/{person}/ask-again")
async def ask_again(person: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Ask for a better picture, and say what is wrong with this one. The next one follows."""
    fault = form.choice("fault", FAULTS, "Choose what is wrong with the picture")
    if not form.well:
        return await _page(person, ask, show, form)
    body = {"image_id": form.typed("image_id"), "fault": fault}
    return await _settled(person, "fresh-signature", body, ask, show, form)


async def _settled(person: UUID, how: str, body: dict[str, str], ask: Asking, show: Show, form: Form) -> Response:
    try:
        await ask.command("registration", f"/signature-checks/{person}/{how}", body, key=form.key, reason=PURPOSE)
    except Refusal as refusal:
        form.refused(refusal)
        return await _page(person, ask, show, form)
    return see_other("/image-check/next")


async def _page(person: UUID, ask: Asking, show: Show, form: Form) -> Response:
    check = await _check(person, ask)
    return show(
        "image_check/check.html", title=f"Signature of elector {check['number']}" if check["whose"] == "elector"
        else f"Signature of the proxy of elector {check['number']}",
        form=form, check=check, states=STATES, sources=SOURCES, said=FAULTS,
        faults=[(each["fault"], each["what"]) for each in check["faults"]],
    )  # fmt: skip


async def _check(person: UUID, ask: Asking) -> dict[str, Any]:
    check: dict[str, Any] = await ask.get("registration", f"/signature-checks/{person}", purpose=PURPOSE)
    return check


def next_of(waiting: Sequence[str], after: str) -> str:
    """The one behind `after`, or the first where that does not wait any more or was the last; nothing where none is left."""
    others = [each for each in waiting if each != after]
    behind = waiting[waiting.index(after) + 1 :] if after in waiting else ()
    return next(iter([*behind, *others]), "")


async def tasks(ask: Asking) -> list[Task]:
    """Signatures that wait for somebody to look at them."""
    try:
        waiting = (await ask.get("registration", "/signature-checks", limit=AHEAD))["items"]
    except NotThere:
        return []
    return [
        Task(
            due=None, kind="Signature to check", subject=f"Elector {each['number']}{proxys(each)}",
            url=f"/image-check/{each['person_id']}", since=moment_of(datetime.fromisoformat(each["received_at"])).date(),
        )
        for each in waiting
    ]  # fmt: skip


def proxys(check: dict[str, Any]) -> str:
    return ", the proxy’s" if check["whose"] == "proxy" else ""


image_check = Room(
    "image_check", "Register", router, frozenset({"identifier-checker"}), (Link("Image check", "/image-check", "g i"),),
    tasks=tasks,
)  # fmt: skip
