"""`moot backup DIR`: save every service's data, while it is in use, so that a restore can be proven."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import telling
from cli.reach import answer, contexts, in_database_terms, settings_of
from cli.telling import AsJson
from deploy.backup.manifest import Manifest
from deploy.backup.progress import step_by_step
from deploy.backup.taking import Source, take_backup
from shared.eventcore.clock import wall_clock

app = typer.Typer()


@app.command()
def backup(
    directory: Annotated[Path, typer.Argument(help="A new directory, for the databases and the manifest.")],
    keys: Annotated[
        Path | None,
        typer.Option(help="A new directory elsewhere, for the keys; without it they are yours to keep safe."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Save the databases of all services as of one instant. Personal values in it are sealed: without the keys nobody,
    you included, can read them.

    JSON: `directory`, `keys` (null: not saved), `made_at`, and `services`, each with `service`, `bytes`, `sha256`,
    `events`, `head` (of the seals, null before the first), `history` and `projections` (hashes; by name).
    """
    manifest = answer(_backup(directory, keys))
    if as_json:
        services = [
            {
                "service": context, "bytes": saved.bytes, "sha256": saved.sha256, "events": saved.standing.events,
                "head": saved.standing.head, "history": saved.standing.history, "projections": saved.standing.projections,
            }
            for context, saved in manifest.contexts.items()
        ]  # fmt: skip
        telling.as_json({"directory": directory, "keys": keys, "made_at": manifest.made_at, "services": services})
        return
    telling.table(
        f"Backup in {directory}",
        ("service", "events", "head of the seals", "views", "bytes"),
        [
            (context, saved.standing.events, saved.standing.head, len(saved.standing.projections), saved.bytes)
            for context, saved in manifest.contexts.items()
        ],
    )
    if keys is None:
        typer.echo(
            "The keys are not in it. Without them it cannot be read: keep a copy of the key directory elsewhere."
        )
    else:
        typer.echo(f"The keys are in {keys}. Take them to another place than the backup.")


async def _backup(directory: Path, keys: Path | None) -> Manifest:
    found = {context: settings_of(context) for context in contexts(None)}
    sources = {context: Source(settings.owner_url, settings.key_directory) for context, settings in found.items()}
    with step_by_step("Saving", len(sources)) as advance, in_database_terms(" and ".join(sources)):
        return await take_backup(sources, directory, wall_clock(), keys_into=keys, advance=advance)
