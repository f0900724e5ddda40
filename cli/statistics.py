"""`moot statistics`: the electorate of a day and the counters of the performance standards; each figure opens its list."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, get_args

import typer

from cli import telling
from cli.api import ApiClient
from cli.lifecycle import in_one_sentence
from cli.listing import tell_list
from cli.telling import AsJson
from services.registration.statistics import electorate as counted
from services.registration.statistics import standards as standard

SERVICE = "registration"
PLACES = ("constituency", "ward", "district")
IDS = ("elector_id", "stream_id", "version")

app = typer.Typer(no_args_is_help=True, help="Figures of the register, and the list behind each.")
By = StrEnum("By", {by: by for by in get_args(counted.By)})  # type: ignore[misc]
Sort = StrEnum("Sort", {sort: sort for sort in get_args(counted.Sort)})  # type: ignore[misc]
Every = StrEnum("Every", {every: every for every in get_args(standard.Every)})  # type: ignore[misc]
BY_PART, FOR_PERIOD = By("part"), Every("period")
Figure = StrEnum("Figure", {figure: figure for figure in get_args(standard.Figure)})  # type: ignore[misc]


@app.command()
def electorate(
    on: Annotated[str | None, typer.Option(metavar="DAY", help="The register of this day; otherwise today's.")] = None,
    by: Annotated[By, typer.Option(help="Polling district (part), ward or the whole council.")] = BY_PART,
    behind: Annotated[Sort | None, typer.Option("--list", help="The entries that this figure counts.")] = None,
    district: Annotated[str | None, typer.Option(help="Of the list: only this polling district.")] = None,
    ward: Annotated[str | None, typer.Option(help="Of the list: only this ward.")] = None,
    as_json: AsJson = False,
) -> None:
    """Electors by sort (RPF29) and area. JSON: `on`, `by`, `lines`, `total`; with --list `items`, and the read is written down."""
    path = "/statistics/electorate"
    with in_one_sentence(), ApiClient(SERVICE) as api:
        if behind is not None:
            items = api.items(f"{path}/{behind.value}", on=on, district=district, ward=ward)
            tell_list(behind.value.replace("_", " "), items, as_json, IDS)
            return
        said = api.get(path, by=by.value, **({"on": on} if on else {}))
    if as_json:
        telling.as_json(said)
        return
    names = list(said["total"])
    rows = [[line[name] for name in names] for line in (*said["lines"], said["total"] | {PLACES[0]: "all"})]
    telling.table(f"The electorate of {said['on']}", [name.replace("_", " ") for name in names], rows)


@app.command()
def standards(
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day; otherwise 1 January.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day; otherwise today.")] = None,
    every: Annotated[
        Every, typer.Option(help="One figure for the period, or for each month or week of it.")
    ] = FOR_PERIOD,
    behind: Annotated[Figure | None, typer.Option("--list", help="What this figure counts, one by one.")] = None,
    detail: Annotated[str | None, typer.Option(help="Of the list: only what the figure tells apart like this.")] = None,
    also: Annotated[str | None, typer.Option(help="Of the list: and like this.")] = None,
    as_json: AsJson = False,
) -> None:
    """The counters of the performance standards. JSON: `since`, `until`, `every`, `lines`, `days`; with --list `items`."""
    path, within = "/statistics/standards", {"since": since, "until": until}
    with in_one_sentence(), ApiClient(SERVICE) as api:
        if behind is not None:
            items = api.items(f"{path}/{behind.value}", detail=detail, also=also, **within)
            tell_list(behind.value, items, as_json, IDS)
            return
        said = api.get(path, every=every.value, **{name: day for name, day in within.items() if day})
    if as_json:
        telling.as_json(said)
        return
    names = [
        name for name in ("begins", "figure", "detail", "also", "amount") if every is not FOR_PERIOD or name != "begins"
    ]
    rows = [[line[name] for name in names] for line in said["lines"]]
    telling.table(f"Counted from {said['since']} to {said['until']}", names, rows)
    took = [[f"{line[name]:,}" if name != "outcome" else line[name] for name in line] for line in said["days"]]
    if took:
        telling.table("Days from receipt to outcome", [name.replace("_", " ") for name in said["days"][0]], took)
