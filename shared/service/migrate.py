"""Migrations of a service's database: Alembic revisions in its `migrations/versions`, run by the owner, one migrator at a time."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from shared.service.database import Connection as AnyConnection

_LOCK = (0x4D4D, 0)
"""Two-part advisory lock, as the one-part form belongs to the writers' leases."""


async def migrate(migrations: Path, url: str) -> str:
    """Bring the database at `url` (the owner's) to the newest revision of `migrations`, and answer which that is.

    Each revision is one transaction. A second migrator waits for the first and then finds nothing to do.
    """
    engine = create_async_engine(
        url.replace("postgres://", "postgresql://").replace("://", "+asyncpg://", 1), poolclass=NullPool
    )
    try:
        async with engine.connect() as conn:
            await conn.execute(text("SELECT pg_advisory_lock(:a, :b)"), {"a": _LOCK[0], "b": _LOCK[1]})
            await conn.commit()
            await conn.run_sync(_upgrade, migrations)
            await conn.commit()
    finally:
        await engine.dispose()
    return head(migrations)


@cache
def head(migrations: Path) -> str:
    """The newest revision that this build knows."""
    return ScriptDirectory.from_config(_config(migrations)).get_current_head() or ""


@cache
def _known(migrations: Path) -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config(migrations)).walk_revisions())


async def check_migrated(conn: AnyConnection, migrations: Path) -> None:
    """Raise `NotMigrated` unless the database stands at the newest revision this build knows, or beyond it."""
    standing = await conn.fetchval("SELECT version_num FROM alembic_version")
    # A revision we do not know is a newer one: the old build serves on while a deploy replaces it.
    if standing != head(migrations) and standing in _known(migrations) | {None}:
        raise NotMigrated(f"the database stands at {standing}, this build needs {head(migrations)}")


class NotMigrated(Exception):
    """Run the role `migrate` first."""


def run_scripts(texts: list[str]) -> None:
    """For a revision: run SQL texts of several statements each, which prepared statements cannot."""
    adapted: Any = op.get_bind().connection.dbapi_connection

    async def run(conn: asyncpg.Connection[Any]) -> None:
        for script in texts:
            await conn.execute(script)

    adapted.run_async(run)


def _upgrade(connection: Connection, migrations: Path) -> None:
    config = _config(migrations)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic").replace("%", "%%"))
    config.set_main_option("version_locations", str(migrations / "versions").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
