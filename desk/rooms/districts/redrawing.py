"""Districts drawn otherwise on a branch: from a file or step by step, counted beside those of today, then applied or dropped."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response

from desk.asking import PAGE, Asking, Refusal
from desk.forms import Form, Sent
from desk.pictures.district_map import before_after, many
from desk.rooms.districts.drawing import LETTERS, Draft, NotADrawing, Step, asked_for, drawn, station
from desk.showing import see_other
from desk.visiting import Ask, Show, Visit

CODE = "Enter the letters of a polling district, such as AB"

router = APIRouter(prefix="/districts/redraw")


@router.get("")
async def begin(ask: Ask, show: Show, session: Visit) -> Response:
    """An empty drawing. Going here again drops what was drawn."""
    return await _drawing(Draft(), ask, show, session, Form())


@router.post("/file")
async def from_file(ask: Ask, show: Show, session: Visit, form: Sent) -> Response:
    """Begin with the polygons of a GeoJSON file."""
    draft = Draft()
    file = form.file("file", "Choose a GeoJSON file")
    if file is not None:
        try:
            draft = drawn(await file.read())
        except NotADrawing as wrong:
            form.errors["file"] = str(wrong)
    return await _drawing(draft, ask, show, session, form)


@router.post("/move")
async def move(ask: Ask, show: Show, session: Visit, form: Sent) -> Response:
    """Put a street, a postcode or one property into another district."""
    draft = _carried(form)
    where = form.text("where", "Enter a street, a postcode or a UPRN", 200)
    to = _code(form, "to")
    apart = form.typed("from").upper()
    if form.well:
        found = await _properties(ask, where, apart)
        if found:
            of = f" of {apart}" if apart else ""
            said = f"{where}{of} to {to}: {many(len(found), 'property', 'properties')}"
            return await _drawing(draft.then(Step(said, to, tuple(found))), ask, show, session, Form())
        form.errors["where"] = "No property is there. Check how it is written"
    return await _drawing(draft, ask, show, session, form)


@router.post("/station")
async def place_station(ask: Ask, show: Show, session: Visit, form: Sent) -> Response:
    """Say where a district's polling place is, so that distances are counted."""
    draft = _carried(form)
    code = _code(form, "station_district")
    name = form.text("station_name", "Enter the name of the polling place", 200)
    x = form.number("x", "Enter the easting in metres")
    y = form.number("y", "Enter the northing in metres")
    if not form.well or x is None or y is None:
        return await _drawing(draft, ask, show, session, form)
    return await _drawing(draft.then(station(code, name, x, y)), ask, show, session, Form())


@router.post("/undo")
async def undo(ask: Ask, show: Show, session: Visit, form: Sent) -> Response:
    """Take back the last step."""
    return await _drawing(_carried(form).undone(), ask, show, session, Form())


@router.post("/again")
async def again(ask: Ask, show: Show, session: Visit, form: Sent) -> Response:
    """Back to the drawing, as it was."""
    return await _drawing(_carried(form), ask, show, session, Form())


@router.post("/apply")
async def applying(ask: Ask, show: Show, form: Sent) -> Response:
    """Before districts are redrawn: what follows, from when, and why."""
    draft = _carried(form)
    return await _applying(draft, ask, show, Form())


@router.post("/confirm")
async def apply(ask: Ask, show: Show, form: Sent) -> Response:
    """Redraw the districts from a day on, with the figures that were shown."""
    draft = _carried(form)
    on = form.day("effective_on", "Enter the day from which they stand")
    reason = form.text("reason", "Say why the districts are redrawn", 500)
    if not form.well or on is None:
        return await _applying(draft, ask, show, form)
    body = {**draft.plan(), "effective_on": on.isoformat(), "reason": reason, "digest": form.typed("digest")}
    try:
        made = await ask.command("registration", "/districts/redrawing", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _applying(draft, ask, show, form)
    return see_other(f"/gazetteer/{made['run']}")


async def _drawing(draft: Draft, ask: Asking, show: Show, session: Visit, form: Form) -> Response:
    branch: dict[str, Any] | None = None
    if not draft.empty:
        try:
            branch = await _counted(draft, ask)
        except Refusal as refusal:
            form.refused(refusal)
    picture = _compared(branch) if branch else None
    return show(
        "districts/redraw.html", title="Draw districts otherwise", form=form, draft=draft, branch=branch, picture=picture,
        may_apply="ero-deputy" in session.roles,
    )  # fmt: skip


async def _applying(draft: Draft, ask: Asking, show: Show, form: Form) -> Response:
    branch = await _counted(draft, ask)
    return show(
        "districts/apply.html", title="Redraw these polling districts?", form=form, draft=draft, branch=branch,
        picture=_compared(branch),
    )  # fmt: skip


def _compared(branch: dict[str, Any]) -> Any:
    return before_after(branch["districts"], branch["electors_moved"], branch["properties_moved"])


async def _counted(draft: Draft, ask: Asking) -> dict[str, Any]:
    return await ask.command("registration", "/districts/what-if", draft.plan(), key=str(uuid4()))


async def _properties(ask: Asking, where: str, apart: str) -> list[str]:
    """Those that were meant; `apart`: only where they lie in this district now."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await ask.get(
            "registration", "/properties", **asked_for(where), district=apart, limit=PAGE, cursor=cursor
        )
        found += [each["property_id"] for each in page["items"] if not each["retired"]]
        cursor = page["next"]
    return found


def _carried(form: Form) -> Draft:
    """The drawing that the page holds."""
    try:
        return Draft.read(form.typed("draft"))
    except NotADrawing as wrong:
        form.errors["draft"] = str(wrong)
        return Draft()


def _code(form: Form, name: str) -> str:
    code = form.text(name, CODE).upper()
    if code and not LETTERS.fullmatch(code):
        form.errors[name] = CODE
    return code
