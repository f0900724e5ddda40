"""`moot faults`: break a system of its own while it is in use, and prove that nothing was lost."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli import telling
from cli.reach import answer
from cli.telling import AsJson
from deploy.faults.kinds import QUICK, Fault, faults
from deploy.faults.run import COLUMNS, Outcome, Report, run_faults

app = typer.Typer()


@app.command("faults")
def faults_(
    fault: Annotated[list[str] | None, typer.Option("--fault", help="Only this one; may be given often.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="One of each sort, in about two minutes.")] = False,
    restarts: Annotated[int, typer.Option(min=1, help="How many restarts at random.")] = 50,
    directory: Annotated[
        Path | None, typer.Option(help="An empty directory, kept with its logs; otherwise a temporary one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start all services apart from any other, break one thing after another while commands flow, and prove after each that
    every acknowledged command is stored, published and applied, once and in order. Exit code 1 when one proof fails.

    JSON: `holds`; `faults`, each with `fault`, `acknowledged`, `lost`, `duplicated`, `out_of_order`, `audit_verified`,
    `recovery_s`, `views_equal`, `holds` and `details`; `skipped` (reason by fault), `final`, `acknowledged`, `seconds`.
    """
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # what was started and mounted is cleared away all the same
    chosen = _chosen(faults(restarts), QUICK if quick and not fault else fault or ())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with tempfile.TemporaryDirectory(prefix="moot-faults-") as temporary:
        place = directory or Path(temporary)
        place.mkdir(exist_ok=True)
        place.chmod(0o711)  # PostgreSQL may have to run under another account
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("Starting; then: " + chosen[0].name, total=len(chosen))

            def told(outcome: Outcome) -> None:
                progress.update(
                    task, advance=1, description=f"Proven: {outcome.fault}" if outcome.holds else outcome.fault
                )

            report: Report = answer(run_faults(place, chosen, told))
    if as_json:
        telling.as_json(report.as_data())
    else:
        title = f"{report.acknowledged} commands acknowledged in {report.seconds:.0f} s"
        telling.table(title, COLUMNS, report.rows())
    raise typer.Exit(0 if report.holds else 1)


def _chosen(known: tuple[Fault, ...], names: list[str] | tuple[str, ...]) -> list[Fault]:
    by_name = {each.name: each for each in known}
    if unknown := [name for name in names if name not in by_name]:
        raise typer.BadParameter(
            f"there is no fault {unknown[0]!r}: name one of {', '.join(by_name)}", param_hint="--fault"
        )
    return [by_name[name] for name in names] or list(known)
