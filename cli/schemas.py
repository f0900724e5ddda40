"""`moot schemas check|write`: the published form of every event, and that no change breaks a reader."""

from __future__ import annotations

from typing import Any

import typer

from cli import telling
from cli.reach import answer
from cli.telling import AsJson
from deploy.local.process import CannotRun
from deploy.topology import CONTEXTS, ROOT
from shared.eventcore.schemas import Incompatible, published
from shared.eventcore.schemas import check as complaints_of
from shared.eventcore.schemas import write as write_all

app = typer.Typer(no_args_is_help=True, help="The published form of every event.")


@app.command()
def check(as_json: AsJson = False) -> None:
    """Compare this build's events with everything ever published. Exit code 1 when a reader would break.

    JSON: `compatible`, `types` (how many), `complaints` (sentences).
    """
    types, complaints = answer(_check())
    if as_json:
        telling.as_json({"compatible": not complaints, "types": types, "complaints": complaints})
    elif complaints:
        typer.echo("\n".join(complaints))
    else:
        typer.echo(f"All {types} event types agree with what was published.")
    raise typer.Exit(1 if complaints else 0)


@app.command()
def write(as_json: AsJson = False) -> None:
    """Write the schemas, samples and AsyncAPI document of new events, to be committed. A broken promise writes nothing.

    JSON: `written` (files, as seen from the project's root).
    """
    written = answer(_write())
    if as_json:
        telling.as_json({"written": written})
    else:
        typer.echo("\n".join(written) or "Everything is written already.")


async def _check() -> tuple[int, list[str]]:
    registry = published()
    return len(registry.by_wire), complaints_of(registry, CONTEXTS)


async def _write() -> list[str]:
    try:
        return [str(path.relative_to(ROOT)) for path in write_all(published(), CONTEXTS)]
    except Incompatible as broken:
        reasons: tuple[Any, ...] = broken.args
        raise CannotRun(
            "Nothing was written, because a reader would break: " + "; ".join(map(str, reasons))
            + ". Declare a new version with an upcast instead."
        ) from None  # fmt: skip
