"""pg_dump and pg_restore, of the version that fits the server."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deploy.local.postgres import installations
from deploy.local.process import CannotRun


def dump(url: str, snapshot: str, into: Path, major: int) -> None:
    """The database at `url` (its owner's) as of an exported snapshot. Blocks. Raises `CannotRun`."""
    _run("pg_dump", url, major, "--format=custom", f"--snapshot={snapshot}", f"--file={into}")


def restore(url: str, archive: Path, major: int) -> None:
    """Into the empty database at `url`, whole or not at all. Blocks. Raises `CannotRun`."""
    _run("pg_restore", url, major, "--no-owner", "--exit-on-error", "--single-transaction", str(archive))


def _run(tool: str, url: str, major: int, *arguments: str) -> None:
    parts = urlsplit(url)
    where = {
        "PGHOST": parts.hostname or "127.0.0.1",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),  # not an argument: those are for everybody to see
    }
    command = [str(_find(tool, major)), "--no-password", f"--dbname={parts.path.lstrip('/')}", *arguments]
    done = subprocess.run(command, env={**os.environ, **where}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"{tool} of {parts.path.lstrip('/')} failed: {done.stderr.strip()[-600:]}")


def _find(tool: str, major: int) -> Path:
    """That of the server's own version: an archive of a newer pg_dump may say what an older server does not know."""
    for binaries in installations():
        if binaries.major == major and (binaries.directory / tool).exists():
            return binaries.directory / tool
    raise CannotRun(f"{tool} {major} is not installed: install PostgreSQL's client programs of version {major}.")
