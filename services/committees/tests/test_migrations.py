"""The migrations, run as the service runs them: by the database's owner, who is nobody's superuser."""

from urllib.parse import urlsplit, urlunsplit

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
        assert await migrate(service.migrations, url) == head(service.migrations) == "0003"
        kinds = await admin.fetch("SELECT contype FROM pg_constraint WHERE conrelid = 'boundary_time'::regclass")
        assert b"x" in {row["contype"] for row in kinds}
    finally:
        await admin.execute(f"REASSIGN OWNED BY {owner} TO current_user")
        await admin.execute(f"DROP OWNED BY {owner}")
        await admin.execute(f"DROP ROLE {owner}")
        await admin.close()
