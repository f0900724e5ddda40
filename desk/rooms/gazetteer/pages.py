"""Screen 7. Gazetteer import: a file is looked at first, then taken in; what was refused; and taking it back."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from desk.asking import Asking, Refusal
from desk.forms import Form, Sent
from desk.passing import file_of
from desk.room import REGISTRATION, Link, Room
from desk.showing import PER_PAGE, see_other
from desk.visiting import Ask, Show

CHANGES = {
    "added": ("Added", "green"),
    "changed": ("Changed", "blue"),
    "retired": ("Retired", "red"),
    "reinstated": ("Reinstated", "green"),
    "replaced": ("Replaced", "orange"),
    "split": ("Split", "orange"),
    "merged": ("Merged", "orange"),
}
"""What a file does to a property: how it reads, and its colour."""
COUNTED = {
    **{change: said for change, (said, _) in CHANGES.items()},
    "unchanged": "Unchanged",
    "allocated": "Placed in a polling district",
    "on_border": "On a border: an officer decides",
    "unallocated": "In no polling district",
    "taken_back": "Taken back",
    "changed_since": "Left, because somebody changed it since",
}
"""The numbers of a report in the order in which they are shown."""
KINDS = {
    "gazetteer": "Import",
    "gazetteer-preview": "Preview",
    "gazetteer-undo": "Import taken back",
    "allocation": "Properties placed by boundaries",
    "canvass-routes": "Canvass routes",
    "canvass-contacts": "Canvass contacts",
}
STATES = {
    "running": ("Under way", "blue"),
    "applied": ("Under way", "blue"),
    "done": ("Done", "green"),
    "refused": ("File refused", "red"),
    "failed": ("Stopped", "red"),
    "interrupted": ("Interrupted", "orange"),
    "undone": ("Taken back", "grey"),
}
PHASES = {"reading": ("The file is read", "bytes"), "recording": ("Properties are compared and recorded", "properties")}
SUPPLIES = {
    "abp-csv-v1": "AddressBase Premium, CSV of the first kind",
    "abp-csv-v2": "AddressBase Premium, CSV",
    "abp-gml": "AddressBase Premium, GML",
    "dtf-7.3": "LLPG, DTF 7.3",
}
"""What a file may be, by the layout in which it is written."""
ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows-1252"}
UNDER_WAY = ("running", "applied")

router = APIRouter(prefix="/gazetteer")


@router.get("")
async def listed(ask: Ask, show: Show) -> Response:
    """Send a file; and what was sent before."""
    return await _list(ask, show, Form())


@router.post("")
async def preview(ask: Ask, show: Show, form: Sent) -> Response:
    """Look at what a file would change. Nothing is changed yet."""
    file = form.file("file", "Choose the file of the gazetteer")
    encoding = form.choice("encoding", ENCODINGS, "Choose how the text of the file is written")
    if not form.well or file is None:
        return await _list(ask, show, form)
    try:
        run = await ask.upload(
            "registration", "/gazetteer/previews", await file.read(), key=form.key, media="application/octet-stream",
            encoding=encoding, extract="true" if "extract" in form.several("extract") else "",
        )  # fmt: skip
    except Refusal as refusal:
        form.refused(refusal)
        return await _list(ask, show, form)
    return see_other(f"/gazetteer/{run['id']}")


@router.get("/{run}")
async def page(
    run: UUID, ask: Ask, show: Show,
    change: Annotated[str, Query(max_length=12)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = PER_PAGE[0],
    cursor: Annotated[str, Query(max_length=600)] = "",
) -> Response:  # fmt: skip
    """How a run stands; of a preview, each property before and after."""
    report = await _report(run, ask)
    changes: dict[str, Any] = {"items": [], "next": None}
    if is_ready(report):
        path = f"/gazetteer/previews/{run}/changes"
        changes = await ask.get(
            "registration", path, change=change if change in CHANGES else "", limit=limit, cursor=cursor
        )
    return show(
        "gazetteer/run.html", title=title_of(report), form=Form({"change": change}), report=report, changes=changes, limit=limit,
        link=show.link, kinds=CHANGES, supplies=SUPPLIES,
        counted=counted(report), state=STATES[report["state"]], under_way=report["state"] in UNDER_WAY,
        phase=PHASES[report["phase"]], ready=is_ready(report), empty=not any(report["counts"].get(each) for each in CHANGES),
    )  # fmt: skip


@router.get("/{run}/refusals.csv")
async def refusals(run: UUID, ask: Ask) -> StreamingResponse:
    """The sheet of refused rows."""
    return await file_of(ask, "registration", f"/gazetteer/imports/{run}/refusals.csv", "refused-rows.csv")


@router.get("/{run}/commit")
async def committing(run: UUID, ask: Ask, show: Show) -> Response:
    """Before a file is taken in: what follows from it."""
    return await _commitment(run, ask, show, Form())


@router.post("/{run}/commit")
async def commit(run: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Take in the file as it was previewed."""
    try:
        made = await ask.command("registration", f"/gazetteer/previews/{run}/commit", key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _commitment(run, ask, show, form)
    return see_other(f"/gazetteer/{made['id']}")


@router.get("/{run}/undo")
async def undoing(run: UUID, ask: Ask, show: Show) -> Response:
    """Before an import is taken back: why, and what stays."""
    return await _undoing(run, ask, show, Form())


@router.post("/{run}/undo")
async def undo(run: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Take an import back, but for what somebody has changed since."""
    because = form.text("because", "Say why the import is taken back", 500)
    if not form.well:
        return await _undoing(run, ask, show, form)
    try:
        made = await ask.command("registration", f"/gazetteer/imports/{run}/undo", {"because": because}, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _undoing(run, ask, show, form)
    return see_other(f"/gazetteer/{made['id']}")


async def _list(ask: Asking, show: Show, form: Form) -> Response:
    runs = await ask.get("registration", "/gazetteer/imports", limit=50)
    return show(
        "gazetteer/list.html", title="Gazetteer", form=form, encodings=ENCODINGS.items(), states=STATES, kinds=KINDS,
        runs=[run for run in runs if run["kind"] in KINDS],
    )  # fmt: skip


async def _commitment(run: UUID, ask: Asking, show: Show, form: Form) -> Response:
    report = await _report(run, ask)
    return show(
        "gazetteer/commit.html",
        title="Take this file into the gazetteer?",
        form=form,
        report=report,
        counted=counted(report),
    )


async def _undoing(run: UUID, ask: Asking, show: Show, form: Form) -> Response:
    report = await _report(run, ask)
    return show(
        "gazetteer/undo.html", title="Take this import back?", form=form, report=report, counted=counted(report)
    )


async def _report(run: UUID, ask: Asking) -> dict[str, Any]:
    report: dict[str, Any] = await ask.get("registration", f"/gazetteer/imports/{run}")
    return report


def is_ready(report: dict[str, Any]) -> bool:
    """Whether this is a preview that can be looked through."""
    return bool(report["kind"] == "gazetteer-preview" and report["state"] == "done")


def title_of(report: dict[str, Any]) -> str:
    """What the page of a run is for."""
    if report["kind"] == "gazetteer-preview":
        return "What the file would change" if report["state"] == "done" else "Preview of a gazetteer file"
    return {"gazetteer": "Gazetteer import", "gazetteer-undo": "A gazetteer import is taken back"}.get(
        report["kind"], KINDS[report["kind"]]
    )


def counted(report: dict[str, Any]) -> list[tuple[str, str, int]]:
    """The properties of a run by outcome: what, how it reads, how many. What did not happen is left out."""
    return [(what, said, report["counts"][what]) for what, said in COUNTED.items() if report["counts"].get(what)]


gazetteer = Room("gazetteer", "Register", router, REGISTRATION, (Link("Gazetteer", "/gazetteer", "g z"),))
