"""`moot bench`: how fast this is, beside references measured in the same run."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from bench.chart import svg
from bench.ground import Ground, NotHere
from bench.measuring import Comparison, Spread
from bench.parts import MODULES, part
from bench.sizes import FULL, QUICK
from cli import telling
from cli.lifecycle import in_one_sentence
from cli.telling import AsJson
from deploy.local.process import CannotRun
from deploy.topology import STATE
from shared.eventcore.garbage import spare_what_is_loaded
from shared.service import logs

app = typer.Typer(add_completion=False)
screen = Console(stderr=True)
REFERENCES = STATE / "references" / "bin" / "python"


@app.command()
def bench(
    parts: Annotated[
        list[str] | None, typer.Option("--part", help=f"Only this; may be repeated: {', '.join(MODULES)}.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less work and fewer rounds: minutes instead of an hour.")
    ] = False,
    rounds: Annotated[
        int | None, typer.Option(min=1, help="Rounds in which ours and the references take turns.")
    ] = None,
    events: Annotated[
        list[int] | None, typer.Option("--events", min=100, help="For growth: events stored; may be repeated.")
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0.1, help="For memory: how long the load lasts.")] = None,
    svg_file: Annotated[Path | None, typer.Option("--svg", help="Draw the ratios into this file.")] = None,
    references: Annotated[
        Path, typer.Option(help="The Python that has the libraries of bench/requirements.txt.")
    ] = REFERENCES,
    as_json: AsJson = False,
) -> None:
    """Measure, side by side with references in the same run, on a PostgreSQL with durability on and a Kafka of its own.

    JSON: `load` (the machine's, before the run) and `parts`, each with `part`, `case`, `unit`, `ours`, `reference`, `ratio`
    (medians; `spread` has minimum, median, maximum), `target`, `met` (null: no target, or nothing to compare with), `note`.
    """
    sizes = QUICK if quick else FULL
    sizes = replace(
        sizes,
        rounds=rounds or sizes.rounds,
        growth=tuple(sorted(events)) if events else sizes.growth,
        load_seconds=minutes * 60 if minutes else sizes.load_seconds,
    )
    load = os.getloadavg()[0]
    found: list[Comparison] = []

    async def run() -> None:
        chosen = parts or list(MODULES)
        if unknown := set(chosen) - set(MODULES):
            raise CannotRun(f"There is no part {', '.join(sorted(unknown))}: name one of {', '.join(MODULES)}.")
        with Ground(STATE / "bench", sizes, _say, references) as ground:
            for name in chosen:
                screen.rule(name)
                try:
                    found.extend(await part(name)(ground))
                except NotHere as missing:
                    found.append(Comparison(name, "", "", None, note=f"not measured: {missing}"))

    logs.configure(os.environ.get("MOOT_LOG_LEVEL", "warning"), role="moot", stream=sys.stderr)
    spare_what_is_loaded()  # as the roles do
    with in_one_sentence():
        uvloop.run(run())  # the loop that the roles run on
    if svg_file is not None:
        svg_file.write_text(svg(found))
    if as_json:
        telling.as_json({"load": load, "cores": os.cpu_count(), "parts": [one.as_data() for one in found]})
        return
    telling.table(
        f"Benchmarks (load {load:.1f} on {os.cpu_count()} cores before the run)",
        ("part", "case", "ours", "reference", "ratio", "target", "met", "note"),
        [
            (
                one.part, one.case, _range(one.ours, one.unit), _range(one.reference, one.reference_name),
                _range(one.ratio, ""), _target(one), {True: "yes", False: "NO", None: ""}[one.met], one.note,
            )
            for one in found
        ],
    )  # fmt: skip


def _say(text: str) -> None:
    screen.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)


def _range(spread: Spread | None, what: str) -> str:
    if spread is None:
        return ""
    return f"{_short(spread.median)} [{_short(spread.minimum)}-{_short(spread.maximum)}] {what}".rstrip()


def _target(one: Comparison) -> str:
    return "" if one.target is None else f"{'<=' if one.at_most else '>='} {one.target:g}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
