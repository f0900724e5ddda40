"""`moot keys rotate|rewrap`: a new master key for a service, in two steps with a restart between them."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import telling
from cli.reach import answer, reached, settings_of
from cli.telling import AsJson
from deploy.local.process import CannotRun
from deploy.topology import RINGS
from shared.eventcore.keys import Keyring
from shared.eventcore.sealing import SubjectKeys

app = typer.Typer(no_args_is_help=True, help="The master key that wraps every person's key.")
Service = Annotated[str, typer.Option("--service", help="Whose keys.")]


@app.command()
def rotate(service: Service, as_json: AsJson = False) -> None:
    """Step one: add the next master key to the service's key directory. Then restart all its roles.

    A role that was not restarted cannot read what is wrapped under the new key, so restart them together.

    A store that the service keeps apart has keys of its own, which get a successor, too.

    JSON: `service`, `master` (the new version), `rings` (that of each store kept apart, by name).
    """
    version, rings = answer(_rotate(service))
    if as_json:
        telling.as_json({"service": service, "master": version, "rings": rings})
    else:
        typer.echo(f"{service} has master key version {version}.")
        for ring, next_version in rings.items():
            typer.echo(f"Its store {ring} has master key version {next_version}.")
        typer.echo(f"Restart all roles of {service} now; then run `moot keys rewrap --service {service}`.")


@app.command()
def rewrap(service: Service, as_json: AsJson = False) -> None:
    """Step two, when every role has been restarted: wrap every person's key under the newest master key.

    Safe to stop and run again. Afterwards the old key file may be removed: backups from before then open no more.

    JSON: `service`, `master`, `moved` (keys of people), and `rings`: `master` and `moved` of each store kept apart, by name.
    """
    told = answer(_rewrap(service))
    version, moved = told.pop("")
    if as_json:
        rings = {ring: {"master": its, "moved": many} for ring, (its, many) in told.items()}
        telling.as_json({"service": service, "master": version, "moved": moved, "rings": rings})
    else:
        typer.echo(f"{moved} keys of {service} moved; all are wrapped under master key version {version}.")
        for ring, (its, many) in told.items():
            typer.echo(f"{many} keys of its store {ring} moved; all are wrapped under master key version {its}.")


async def _rotate(context: str) -> tuple[int, dict[str, int]]:
    directory, rings = settings_of(context).key_directory, RINGS.get(context, ())
    for ring in ("", *rings):
        Keyring.load(directory, ring)  # nothing is added to a directory that is not whole
    try:
        return Keyring.rotate_master(directory), {ring: Keyring.rotate_master(directory, ring) for ring in rings}
    except OSError as problem:
        raise CannotRun(
            f"{directory} cannot be written ({problem.strerror}): run this where the keys are kept, as their owner."
        ) from None


async def _rewrap(context: str) -> dict[str, tuple[int, int]]:
    """Version and keys moved, by ring; the service's own is the empty name."""
    moved = {}
    async with reached(context) as store:
        for ring in ("", *store.rings):
            keyring = store.keyring(ring)
            async with store.connection(ring) as conn:
                moved[ring] = keyring.masters.current, await SubjectKeys(keyring).rewrap(conn)
    return moved
