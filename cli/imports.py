"""`moot import gazetteer|boundaries`: files of a council into the registration service, through its API."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from cli.api import ApiClient, ApiRefused
from cli.lifecycle import in_one_sentence
from cli.telling import AsJson, as_json, table
from shared.events.registration import BoundaryKind

SERVICE = "registration"
LOOK_SECONDS = 0.3
SHOWN = 20
"""Refused rows printed; all of them are in the report's CSV."""
UNDER_WAY = ("running", "applied")

app = typer.Typer(no_args_is_help=True, help="Bring in files: a gazetteer, electoral boundaries.")
Kind = StrEnum("Kind", {kind: kind for kind in get_args(BoundaryKind)})  # type: ignore[misc]
Files = Annotated[
    list[Path], typer.Argument(exists=True, dir_okay=False, help="The file, or all volumes of one supply.")
]
Report = dict[str, Any]


class Encoding(StrEnum):
    utf_8 = "utf-8"
    cp1252 = "cp1252"


@app.command()
def gazetteer(
    files: Files,
    extract: Annotated[bool, typer.Option("--extract", help="The file was cut from a larger one.")] = False,
    encoding: Annotated[Encoding, typer.Option(help="Of CSV; XML declares its own.")] = Encoding.utf_8,
    told_as_json: AsJson = False,
) -> None:
    """AddressBase Premium (CSV or GML) or LLPG DTF 7.3: properties added, changed, retired and allocated.

    The same file again changes nothing; after an interruption it goes on where it stopped. Exit code 1 when the file was
    refused or did not get to its end.
    """

    def send(api: ApiClient) -> Report:
        return api.upload("/gazetteer/imports", files, extract=extract, encoding=encoding.value)

    _tell(_carried_out(send), told_as_json)


@app.command()
def boundaries(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="GeoJSON, EPSG:27700 or 4326.")],
    kind: Annotated[Kind, typer.Option(help="What the areas are.")],
    told_as_json: AsJson = False,
) -> None:
    """Put boundaries into use and allocate every property by them. What an officer allocated by hand stays."""

    def send(api: ApiClient) -> Report:
        return dict(api.upload(f"/boundaries/{kind.value}", [file])["allocation"])

    _tell(_carried_out(send), told_as_json)


def _carried_out(send: Callable[[ApiClient], Report]) -> Report:
    """The report of a run at its end; a file that the API refused at once gives a report of the same shape."""
    with in_one_sentence(), ApiClient(SERVICE) as api:
        try:
            return _followed(api, send(api))
        except ApiRefused as refusal:
            return {"state": "refused", "problem": refusal.problem, "counts": {}, "refused": {}, "refusals": []}


def _followed(api: ApiClient, report: Report) -> Report:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks = {phase: progress.add_task(phase.capitalize(), total=None) for phase in ("reading", "recording")}
        while True:
            progress.update(tasks[report["phase"]], completed=report["done"], total=report["total"] or None)
            if report["phase"] == "recording":
                progress.update(tasks["reading"], completed=1, total=1)
            if report["state"] not in UNDER_WAY:
                return report
            time.sleep(LOOK_SECONDS)
            report = api.get(f"/gazetteer/imports/{report['id']}")


def _tell(report: Report, told_as_json: bool) -> None:
    if told_as_json:
        as_json(report)
    else:
        _print(report)
    if report["state"] != "done":
        raise typer.Exit(1)


def _print(report: Report) -> None:
    if report["state"] == "done":
        outcomes = [(outcome.replace("_", " "), f"{n:,}") for outcome, n in report["counts"].items() if n]
        table("Properties", ["outcome", "properties"], outcomes)
    else:
        print(_why(report), file=sys.stderr)
    if report["refused"]:
        total = sum(report["refused"].values())
        rows = [
            (r["line"], r["record"], r["field"], r["value"], r["rule"], r["reason"]) for r in report["refusals"][:SHOWN]
        ]
        table(f"Refused rows ({total:,})", ["line", "record", "field", "value", "rule", "reason"], rows)
        if total > SHOWN:
            typer.echo(f"All of them: GET /gazetteer/imports/{report['id']}/refusals.csv")


def _why(report: Report) -> str:
    problem = report["problem"] or {"title": "The import was interrupted.", "next": "Send the file again: it goes on."}
    rule = str(problem.get("type", "")).rpartition(":")[2]
    parts = (rule and f"{rule}:", problem.get("title"), problem.get("detail"), problem.get("next"))
    return f"{report['state'].capitalize()}. " + " ".join(part for part in parts if part)
