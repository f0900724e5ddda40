"""The migrations, run as the service runs them: by the database's owner, who is nobody's superuser."""

import json
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg

from services.committees.main import service
from shared.service.migrate import head, migrate


async def test_the_owner_of_the_database_makes_the_exclusion_constraint(database):
    admin, parts = await asyncpg.connect(database), urlsplit(database)
    name = parts.path[1:]
    owner = f"owner_of_{name}"
    await admin.execute(f"CREATE ROLE {owner} LOGIN PASSWORD '{owner}'")
    try:
        await admin.execute(f'ALTER DATABASE "{name}" OWNER TO {owner}')
        await admin.execute(f"ALTER SCHEMA public OWNER TO {owner}")
        url = urlunsplit(parts._replace(netloc=f"{owner}:{owner}@{parts.netloc.rpartition('@')[2]}"))
        assert await migrate(service.migrations, url) == head(service.migrations) == "0004"
        kinds = await admin.fetch("SELECT contype FROM pg_constraint WHERE conrelid = 'boundary_time'::regclass")
        assert b"x" in {row["contype"] for row in kinds}
        assert [await hold(admin, *room) for room in ((1, 9, 10), (2, 11, 12), (3, 9, 11))] == [
            None,
            None,
            "room-taken",
        ]
    finally:
        await admin.execute(f"REASSIGN OWNED BY {owner} TO current_user")
        await admin.execute(f"DROP OWNED BY {owner}")
        await admin.execute(f"DROP ROLE {owner}")
        await admin.close()


async def hold(conn: asyncpg.Connection, stream: int, hour: int, until: int) -> str | None:
    """What the migrated database answers a meeting that takes the same room on one day."""
    times = {"from": f"2026-05-11T{hour:02}:00Z", "until": f"2026-05-11T{until:02}:00Z"}
    asked = [{"tag": "ab", "rule": "room-taken", "most": 1, "release": False, **times}]
    return await conn.fetchval("SELECT change_places('E07000999', $1, $2::json)", UUID(int=stream), json.dumps(asked))
