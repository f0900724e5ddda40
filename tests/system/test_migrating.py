"""A database that an older build began is brought to what this build needs by `migrate`, and by nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import asyncpg
import pytest

from deploy.topology import CONTEXTS
from shared.eventcore import schema
from shared.service.migrate import migrate
from shared.service.service import Service

CALLABLE = "SELECT has_function_privilege('moot_api', oid, 'execute') FROM pg_proc WHERE proname = $1"


@pytest.mark.parametrize("context", CONTEXTS)
async def test_the_api_may_begin_streams_in_a_database_that_was_begun_without(
    context: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    service: Service = import_module(f"services.{context}.main").service
    with monkeypatch.context() as older:
        older.setattr(schema, "scripts", _without("092_begin_streams.sql", schema.scripts))
        await migrate(_before("event_core_functions", service.migrations, tmp_path / "migrations"), database)
    conn = await asyncpg.connect(database)
    try:
        assert await conn.fetch(CALLABLE, "begin_streams") == []
        await migrate(service.migrations, database)
        stores = 2 if context == "registration" else 1  # anonymous electors have one of their own
        for function, allowed in (("begin_streams", True), ("append_events", True), ("take_lease", False)):
            assert [row[0] for row in await conn.fetch(CALLABLE, function)] == [allowed] * stores, function
    finally:
        await conn.close()


def _before(revision: str, migrations: Path, copy: Path) -> Path:
    """A service's migrations as they were before that one came."""
    shutil.copytree(migrations, copy)
    versions = sorted((copy / "versions").glob("*.py"))
    begins = next(n for n, path in enumerate(versions) if path.stem.endswith(revision))
    for path in versions[begins:]:
        path.unlink()
    return copy


def _without(name: str, scripts: Callable[[], list[tuple[str, str]]]) -> Callable[[], list[tuple[str, str]]]:
    return lambda: [script for script in scripts() if script[0] != name]
