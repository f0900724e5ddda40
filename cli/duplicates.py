"""`moot duplicates`: the whole register looked through for people who are on it twice."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from cli import telling
from cli.reach import answer, operator, reached
from cli.telling import AsJson
from services.registration.duplicates import run
from shared.eventcore.clock import london_date
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.store import Store

app = typer.Typer()
Council = Annotated[
    str, typer.Option("--authority", help="GSS code of the council; otherwise that of this installation.")
]


@app.command()
def duplicates(authority: Council = "", as_json: AsJson = False) -> None:
    """Compare every entry of a council's register with those that share a birth, a postcode and sound, or a name's sound.

    Each likely pair becomes a task for an officer (`GET /duplicates`); nothing is merged. JSON: `entries` (compared),
    `likely` (pairs), `raised` (of them new).
    """
    told = Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), disable=as_json,
    )  # fmt: skip
    with told:
        task = told.add_task("comparing", total=None)
        found = answer(_look(authority, lambda at: told.update(task, total=at.of, completed=at.entries)))
    if as_json:
        telling.as_json({"entries": found.of // run.BLOCKS, "likely": found.likely, "raised": found.raised})
        return
    typer.echo(
        f"{found.of // run.BLOCKS:,} entries compared: {found.likely:,} likely pairs, {found.raised:,} of them new tasks."
    )


async def _look(authority: str, said: run.Said) -> run.Progress:
    async with reached("registration") as store:
        keyring = store.keyring()
        execute = Executor(
            Store("registration", store.pool, store.clock), SubjectKeys(keyring), keyring.blind, store.service.registry
        )
        council = authority or store.settings.authority
        by = Metadata(operator(), council, str(uuid4()), origin="moot duplicates")
        async with store.pool.acquire() as conn:
            return await run.look_through(conn, execute, council, london_date(store.clock()), by, said)
