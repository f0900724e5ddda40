"""`moot supplies`: every copy of the register that was ever made, made again from the events and compared with the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli import telling
from cli.api import ApiClient
from cli.lifecycle import in_one_sentence
from cli.telling import AsJson

SERVICE = "registration"
MINUTES = 30
"""A register of 200,000 is printed part by part, and its hash comes with the last."""
SHOWN = ("supply_id", "document", "layout", "form", "made_on", "recorded", "made_again")

app = typer.Typer(no_args_is_help=True, help="Copies of the register: the ledger and its proof.")


@app.callback()
def supplies() -> None:
    """Keeps `verify` a word of its own while it is the only one."""


@app.command()
def verify(
    only: Annotated[str | None, typer.Option("--supply", metavar="ID", help="Only this copy.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make every file of the ledger again and compare its hash. A file that differs only by persons who were erased since is
    reproducible but for them, and the events of their erasure are named. Leaves 1 when another differs: the history, a layout
    or the printing is not what it was. JSON: `files`, `equal`, `erased`, `differing`. Each is written down as a read."""
    with in_one_sentence(), ApiClient(SERVICE, patience=60 * MINUTES) as api:
        ledger = [api.get(f"/supplies/{only}")] if only else list(api.items("/supplies"))
        files = [line for line in ledger if line["sha256"]]
        unequal = [made for line in _told(files) if not (made := _made_again(api, line))["equal"]]
    erased = [made for made in unequal if made["reproducible"]]
    differing = [made for made in unequal if not made["reproducible"]]
    found = {"files": len(files), "equal": len(files) - len(unequal), "erased": erased, "differing": differing}
    if as_json:
        telling.as_json(found)
    else:
        typer.echo(
            f"Made again: {len(files):,}. Equal: {found['equal']:,}. Equal but for persons erased: {len(erased):,}. "
            f"Differing: {len(differing):,}."
        )
        for made in erased:
            typer.echo(f"{made['supply_id']}: {len(made['erasures'])} erased by {', '.join(made['erasures'])}")
        if differing:
            rows = [[made[name] for name in SHOWN] for made in differing]
            telling.table("Not what the ledger says", [name.replace("_", " ") for name in SHOWN], rows)
    if differing:
        raise typer.Exit(1)


def _made_again(api: ApiClient, line: dict[str, Any]) -> dict[str, Any]:
    proof: dict[str, Any] = api.get(f"/supplies/{line['supply_id']}/proof")
    return {name: line[name] for name in SHOWN if name in line} | proof


def _told(files: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines one by one, with a bar of how far it has come."""
    columns = (TextColumn("making again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as told:
        yield from told.track(files)
