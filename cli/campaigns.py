"""`moot campaigns`: absent voters asked to apply again or to sign again, some hundreds at a time, until nobody waits."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli import telling
from cli.api import ApiClient
from cli.lifecycle import in_one_sentence
from cli.listing import tell_list
from cli.telling import AsJson
from deploy.local.process import CannotRun
from shared.events.registration import RenewalNeed

SERVICE, PATH = "registration", "/renewal-campaigns"
AT_ONCE = 500
"""Electors asked by one request."""
LAGGING_SECONDS = 0.2
FIGURES = ("due", "asked", "reminded", "answered", "lapsed")

app = typer.Typer(
    no_args_is_help=True,
    help="Renewal of absent votes: after three years a new application, after five a new signature.",
)
Need = StrEnum("Need", {need: need for need in get_args(RenewalNeed)})  # type: ignore[misc]
Figure = StrEnum("Figure", {figure: figure for figure in FIGURES})  # type: ignore[misc]
What = Annotated[Need, typer.Argument(help="What electors are asked for.")]
EndsOn = Annotated[
    str, typer.Argument(help="The day their votes end, or their signatures are too old: 31 January, as 2027-01-31.")
]


class Stage(StrEnum):
    notice = "notice"
    reminder = "reminder"


@app.command("list")
def list_campaigns(as_json: AsJson = False) -> None:
    """Every campaign with its days and figures, newest first. JSON: what `GET /renewal-campaigns` answers."""
    with in_one_sentence(), ApiClient(SERVICE) as api:
        found = api.get(PATH)
    if as_json:
        telling.as_json(found)
        return
    days = ("notice_on", "remind_on", "answer_by")
    rows = [(c["need"], c["ends_on"], *(c[name] for name in (*days, *FIGURES))) for c in found]
    telling.table("Campaigns", ("need", "ends", "notice", "reminder", "answer by", *FIGURES), rows)


@app.command("open")
def open_campaign(need: What, ends_on: EndsOn, as_json: AsJson = False) -> None:
    """Open the campaign of that day; there is one, however often it is opened. JSON: its receipt."""
    with in_one_sentence(), ApiClient(SERVICE) as api:
        receipt = api.post(PATH, {"need": need.value, "ends_on": ends_on})
    if as_json:
        telling.as_json(receipt)
    else:
        typer.echo(f"Open. Ask whom it is about: moot campaigns run {need.value} {ends_on}")


@app.command()
def run(
    need: What, ends_on: EndsOn,
    stage: Annotated[Stage, typer.Option(help="Ask those who are due, or remind those who have not answered.")] = Stage.notice,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Ask or remind everybody whose turn it is. Broken off and given again, it goes on: nobody is asked twice.

    JSON: `done` (asked or reminded now), `unchanged` (of whom it turned out that they need not be).
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    done = unchanged = 0
    with in_one_sentence(), ApiClient(SERVICE) as api, Progress(*columns, console=Console(stderr=True)) as bars:
        path = f"{PATH}/{campaign(api, need, ends_on)['campaign_id']}/runs"
        bar, waiting = bars.add_task(stage.value, total=None), 1
        while waiting:
            ran = api.post(path, {"stage": stage.value, "most": AT_ONCE})
            done, unchanged, waiting = done + ran["done"], unchanged + ran["unchanged"], ran["waiting"]
            if not ran["done"]:
                time.sleep(LAGGING_SECONDS)  # what this campaign is read from has not heard yet of the last electors
            bars.update(bar, completed=done + unchanged, total=done + unchanged + waiting)
    if as_json:
        telling.as_json({"done": done, "unchanged": unchanged})
    else:
        said = "asked" if stage is Stage.notice else "reminded"
        typer.echo(f"{done:,} {said}" + (f", {unchanged:,} need not be." if unchanged else "."))


@app.command()
def electors(
    need: What, ends_on: EndsOn, figure: Annotated[Figure, typer.Option(help="Whose list.")], as_json: AsJson = False
) -> None:
    """The list behind a figure of a campaign. The read is written down. JSON: `items`."""
    with in_one_sentence(), ApiClient(SERVICE) as api:
        path = f"{PATH}/{campaign(api, need, ends_on)['campaign_id']}/electors"
        tell_list(f"{figure.value.capitalize()}, {need.value} {ends_on}", api.items(path, figure=figure.value), as_json)


def campaign(api: ApiClient, need: StrEnum, ends_on: str) -> dict[str, Any]:
    """The open campaign. Raises `CannotRun`."""
    for found in api.get(PATH):
        if (found["need"], found["ends_on"]) == (need.value, ends_on):
            return dict(found)
    raise CannotRun(
        f"There is no campaign {need.value} {ends_on}: open it with moot campaigns open {need.value} {ends_on}"
    )
