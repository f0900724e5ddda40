"""`moot up`, `down`, `status`, `reset`, `test`: the life of the system on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from deploy.local import commands, testing
from deploy.local.commands import Demonstration
from deploy.local.process import CannotRun
from deploy.topology import STATE

app = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as data.")]


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """What stands in our way is told as a sentence, not as a traceback."""
    try:
        yield
    except CannotRun as broken:
        commands.screen.print(str(broken), markup=False, soft_wrap=True, style="red")
        raise typer.Exit(1) from None


@app.command()
def up(
    detach: Annotated[bool, typer.Option("--detach", help="Return when all is ready; it keeps running.")] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Load no demonstration council.")] = False,
    electors: Annotated[int, typer.Option(min=1, help="Size of the demonstration council.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed invents the same people.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Start the whole system; the first time, load a demonstration council."""
    demonstration = None if empty else Demonstration(electors, seed)
    with in_one_sentence():
        raise typer.Exit(commands.up(demonstration, detach=detach, as_json=as_json))


@app.command()
def down() -> None:
    """Stop the system in good order. Its data stays."""
    with in_one_sentence():
        typer.echo("Stopped." if commands.down() else "Nothing runs here.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """What runs, where, and whether it is ready. Exit code 1 when something is not."""
    with in_one_sentence():
        places = commands.status()
    ready = bool(places) and all(place.ready for place in places)
    if as_json:
        typer.echo(json.dumps({"ready": ready, **commands.as_data(places)}))
    elif places:
        Console().print(commands.places_table(places))
    else:
        typer.echo("Nothing runs here: start it with ./moot up.")
    raise typer.Exit(0 if ready else 1)


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Stop the system and destroy its data and keys for ever."""
    if not yes:
        typer.confirm(f"Destroy all data and keys under {STATE}?", abort=True)
    with in_one_sentence():
        commands.reset()
    typer.echo("Everything is gone; ./moot up starts afresh.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Lints, layout, import contracts, types and tests. Further arguments go to pytest."""
    outcomes = testing.run_all(context.args)
    raise typer.Exit(0 if all(outcome.passed for outcome in outcomes) else 1)
