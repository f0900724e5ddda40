"""`moot rehearse …`: what is rehearsed, how large, with which faults, and what is told in the end."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cli import telling
from cli.reach import answer
from cli.rehearse.stage import Rehearsed, rehearse
from cli.telling import AsJson
from deploy.sample.council import Council
from deploy.topology import STATE
from services.registration.demonstration.year import Year

app = typer.Typer(
    no_args_is_help=True, help="A whole service lives through months in minutes, and proves that nothing was lost."
)
screen = Console(stderr=True)
YEAR = Year(date(2025, 12, 1), date(2026, 5, 7))
WEEKS = 52


@app.callback()
def rehearsals() -> None:
    """What is rehearsed is named: there will be others."""


@app.command("registration-year")
def registration_year(
    electors: Annotated[int, typer.Option(min=100, help="Size of the invented council.")] = 200_000,
    seed: Annotated[int, typer.Option(help="The same seed invents the same year.")] = 1,
    faults: Annotated[
        int,
        typer.Option(
            min=0,
            help="How often something is broken, on days nobody knows before: the working process, then its store.",
        ),
    ] = 0,
    report: Annotated[Path, typer.Option(help="Where the report goes: one HTML page.")] = Path(
        "registration-year.html"
    ),
    as_json: AsJson = False,
) -> None:
    """A year of registration, from revised register to revised register, on a PostgreSQL of its own that is gone afterwards.

    JSON: `electors` (on the register in the end), `events`, `register_equal`, `notices_reproducible`, `lost`; beside them
    `acknowledged`, `notices`, `too_late` (absent votes at the poll), `rebuilt` (events by view), `refused` (by rule), `killed`,
    `outages`, `seconds`, `megabytes`, `report`.
    Exit code 1 unless all of it holds.
    """
    began = f"{YEAR.first:%-d %B %Y}"
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[doing]}"))
    with Progress(*columns, console=screen) as bars:
        bar = bars.add_task(began, total=(YEAR.last - YEAR.first).days, doing="")

        def tell(on: date, doing: str) -> None:
            bars.update(bar, completed=(on - YEAR.first).days, description=f"{on:%-d %B %Y}", doing=doing)

        done = answer(rehearse(Council(electors, seed), YEAR, faults, STATE / "rehearsal", report, tell))
    if as_json:
        telling.as_json(done.as_data())
    else:
        _tell(done)
    if not done.proof.holds():
        raise typer.Exit(1)


def _tell(done: Rehearsed) -> None:
    proof = done.proof
    telling.table(
        f"A year of registration in {done.seconds:,.0f} s",
        ("what", "how it came out"),
        [
            ("electors on the register", f"{done.electors:,}"),
            ("events", f"{proof.events:,}"),
            ("register rebuilt = register kept", "yes" if proof.register_equal else "NO"),
            (f"all {proof.notices} notices made again, byte for byte", "yes" if proof.notices_reproducible else "NO"),
            (f"lost, of {proof.acknowledged:,} acknowledged commands", f"{proof.lost:,}"),
            ("absent votes at the poll that came too late", f"{proof.too_late:,}"),
            ("process killed, store away", f"{done.killed} and {done.outages} times"),
            ("most memory of the working process", f"{done.megabytes:,} MB"),
            ("report", str(done.report)),
        ],
    )
