"""`moot restore DIR`: a backup into an empty installation, and the proof that it holds what was saved."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli import telling
from cli.reach import answer
from cli.telling import AsJson
from deploy.backup.manifest import Manifest
from deploy.backup.progress import step_by_step
from deploy.backup.restoring import Restored, Target, refuse_existing, restore_backup
from deploy.backup.taking import copy_keys
from deploy.local.broker import LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.state import State
from deploy.local.system import LocalSystem
from deploy.preparation import prepare_databases, prepare_topics
from deploy.topology import STATE

app = typer.Typer()


@app.command()
def restore(
    directory: Annotated[Path, typer.Argument(help="What `moot backup` made.")],
    keys: Annotated[Path, typer.Option(help="The keys that belong to it: one directory per service.")],
    as_json: AsJson = False,
) -> None:
    """Restore all services into an installation that has no data yet, and fill Kafka from the restored stores. Exit code 1
    when something is not as it was saved. Then start it with `moot up`.

    JSON: `equal`, `made_at`, and `services`, each with `service`, `events`, `head`, `differences` (names of what is not as
    it was saved), `audit` (empty when the history verifies), `published` (events on Kafka), `published_head`, `equal`.
    """
    manifest, restored = answer(_restore(directory, keys))
    equal = all(one.equal for one in restored)
    if as_json:
        services = [{**asdict(one), "equal": one.equal} for one in restored]
        telling.as_json({"equal": equal, "made_at": manifest.made_at, "services": services})
    else:
        telling.table(
            f"Restored from the backup of {manifest.made_at}",
            ("service", "events", "head of the seals", "as it was saved", "audit", "events on Kafka"),
            [
                (
                    one.service, one.events, one.head, "yes" if not one.differences else f"no: {', '.join(one.differences)}",
                    one.audit or "verified", one.published,
                )
                for one in restored
            ],
        )  # fmt: skip
        typer.echo(
            "Audit heads and projection hashes are those of the backup. Start it with ./moot up."
            if equal
            else "This is not what was saved: do not use it. See above, clear it with ./moot reset, try another backup."
        )
    raise typer.Exit(0 if equal else 1)


async def _restore(directory: Path, keys: Path) -> tuple[Manifest, list[Restored]]:
    manifest = Manifest.read(directory)
    state = State(STATE)
    with step_by_step("Restoring", 1 + len(manifest.contexts)) as advance:
        await asyncio.to_thread(manifest.check_files, directory)
        manifest.check_keys(keys)
        state.make()
        with state.held():
            system = LocalSystem(state)
            system.check_ports()
            async with _servers(system) as admin_url:
                advance()
                target = await _prepare(system, admin_url, manifest, keys)
                restored = await restore_backup(directory, manifest, target, advance)
            # What was restored is the council: `moot up` shall not add an invented one.
            state.demonstration.write_text(json.dumps({"restored": manifest.made_at}))
    return manifest, restored


@asynccontextmanager
async def _servers(system: LocalSystem) -> AsyncIterator[str]:
    """PostgreSQL and Kafka of this installation, unless the environment names others; answers the administrator's URL."""
    given = os.environ.get("MOOT_POSTGRES_URL")
    ours: list[LocalPostgres | LocalKafka] = [] if given else [system.postgres]
    if not os.environ.get("MOOT_KAFKA"):
        ours.append(system.kafka)
    try:
        await asyncio.gather(*(asyncio.to_thread(server.start) for server in ours))
        yield given or system.postgres.url()
    finally:
        await asyncio.gather(*(asyncio.to_thread(server.stop) for server in ours))


async def _prepare(system: LocalSystem, admin_url: str, manifest: Manifest, keys: Path) -> Target:
    """Empty databases, empty topics, and the keys where the services look for them."""
    await refuse_existing(admin_url, manifest.contexts)
    for context in manifest.contexts:
        copy_keys(keys / context, system.state.keys / context)
    topology = system.topology
    await prepare_databases(admin_url, topology.passwords, topology.keys)
    await prepare_topics(topology.kafka)
    urls = {context: topology.database_url(context) for context in manifest.contexts}
    return Target(urls, topology.kafka, topology.keys)
