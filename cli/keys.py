"""`moot keys rotate|rewrap`: a new master key for a service, in two steps with a restart between them."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import telling
from cli.reach import answer, reached, settings_of
from cli.telling import AsJson
from deploy.local.process import CannotRun
from shared.eventcore.keys import Keyring
from shared.eventcore.sealing import SubjectKeys

app = typer.Typer(no_args_is_help=True, help="The master key that wraps every person's key.")
Service = Annotated[str, typer.Option("--service", help="Whose keys.")]


@app.command()
def rotate(service: Service, as_json: AsJson = False) -> None:
    """Step one: add the next master key to the service's key directory. Then restart all its roles.

    A role that was not restarted cannot read what is wrapped under the new key, so restart them together.

    JSON: `service`, `master` (the new version).
    """
    version = answer(_rotate(service))
    if as_json:
        telling.as_json({"service": service, "master": version})
    else:
        typer.echo(f"{service} has master key version {version}.")
        typer.echo(f"Restart all roles of {service} now; then run `moot keys rewrap --service {service}`.")


@app.command()
def rewrap(service: Service, as_json: AsJson = False) -> None:
    """Step two, when every role has been restarted: wrap every person's key under the newest master key.

    Safe to stop and run again. Afterwards the old key file may be removed: backups from before then open no more.

    JSON: `service`, `master`, `moved` (keys of people).
    """
    version, moved = answer(_rewrap(service))
    if as_json:
        telling.as_json({"service": service, "master": version, "moved": moved})
    else:
        typer.echo(f"{moved} keys of {service} moved; all are wrapped under master key version {version}.")


async def _rotate(context: str) -> int:
    directory = settings_of(context).key_directory
    Keyring.load(directory)  # nothing is added to a directory that is not whole
    try:
        return Keyring.rotate_master(directory)
    except OSError as problem:
        raise CannotRun(
            f"{directory} cannot be written ({problem.strerror}): run this where the keys are kept, as their owner."
        ) from None


async def _rewrap(context: str) -> tuple[int, int]:
    async with reached(context) as store, store.pool.acquire() as conn:
        keyring = store.keyring()
        return keyring.masters.current, await SubjectKeys(keyring).rewrap(conn)
