"""What must be there before the services start: databases and roles, keys, topics. Done again, it changes nothing.

The local runtime calls it; in containers it runs once, as `python -m deploy.preparation`, from `MOOT_POSTGRES_URL` (an
administrator's), `MOOT_KAFKA`, `MOOT_KEYS` (one directory per context inside), `MOOT_OWNER_PASSWORD`, `MOOT_API_PASSWORD`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg
from aiokafka.errors import KafkaError

from deploy.local.process import CannotRun
from deploy.topology import API_ROLE, CONTEXTS, DESK, PARTITIONS, RINGS, database
from desk.sessions import make_session_key
from shared.eventcore.kafka import ensure_topics, topic_of
from shared.eventcore.keys import KeyFault, Keyring


async def prepare_databases(server_url: str, passwords: dict[str, str], keys: Path) -> frozenset[str]:
    """One database per context, owned by a role of its own; `moot_api` may connect and is bound by row-level security.

    Answers the contexts that had none, and have an empty one now.
    `server_url` is an administrator's. A database whose keys are gone is refused: its personal data cannot be read.
    """
    try:
        admin = await asyncpg.connect(server_url, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError) as broken:
        raise CannotRun(f"PostgreSQL refuses us ({broken}): check MOOT_POSTGRES_URL.") from None
    try:
        new = set()
        await _role(admin, API_ROLE, passwords[API_ROLE])
        for context in CONTEXTS:
            name = database(context)
            await _role(admin, name, passwords[name])
            exists = await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name)
            if exists and not (keys / context).exists():
                raise CannotRun(
                    f"The database {name} is there, but its keys {keys / context} are gone: "
                    "restore them from your backup, or start afresh with ./moot reset."
                )
            # Keys come before their database: were we interrupted between the two, the check above would refuse it.
            make_keys(keys / context, RINGS.get(context, ()))
            if exists:
                continue
            new.add(context)
            await admin.execute(f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8'")
            await admin.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
            await admin.execute(f"GRANT CONNECT ON DATABASE {name} TO {API_ROLE}")
        await _prepare_desk(admin, passwords[database(DESK)], keys / DESK)
        return frozenset(new)
    finally:
        await admin.close()


async def _prepare_desk(admin: asyncpg.Connection, password: str, keys: Path) -> None:
    """Where the desk keeps who is signed in, and the key that seals it. Whoever loses either signs in again."""
    name = database(DESK)
    make_session_key(keys)
    await _role(admin, name, password)
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await admin.execute(f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8'")
        await admin.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")


async def _role(admin: asyncpg.Connection, name: str, password: str) -> None:
    if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name):
        await admin.execute(f"CREATE ROLE {name} LOGIN")
    quoted = await admin.fetchval("SELECT quote_literal($1::text)", password)
    await admin.execute(f"ALTER ROLE {name} PASSWORD {quoted}")


def make_keys(directory: Path, rings: Sequence[str] = ()) -> None:
    """A context's key directory with its further `rings`, complete; raises `CannotRun` when what is there cannot be used."""
    try:
        if not directory.exists():
            Keyring.create(directory, *rings)
        Keyring.load(directory)
        for ring in rings:
            if any(directory.glob(f"{ring}-*.key")):
                Keyring.load(directory, ring)
            else:
                Keyring.add(directory, ring)
    except KeyFault as broken:
        raise CannotRun(str(broken)) from None


async def prepare_topics(bootstrap: str) -> frozenset[str]:
    """Every topic of the topology; answers the contexts whose events had none. Raises `CannotRun` when the broker does not
    answer or refuses."""
    try:
        new = await ensure_topics(bootstrap, CONTEXTS, partitions=PARTITIONS)
    except KafkaError as broken:
        raise CannotRun(f"Kafka at {bootstrap} does not serve us ({broken}): check MOOT_KAFKA.") from None
    return frozenset(context for context in CONTEXTS if topic_of(context) in new)


async def prepare_containers() -> None:
    """Prepare what the environment names; raises `CannotRun`."""
    environment, keys = os.environ, Path(os.environ["MOOT_KEYS"])
    passwords = {database(context): environment["MOOT_OWNER_PASSWORD"] for context in (*CONTEXTS, DESK)}
    passwords[API_ROLE] = environment["MOOT_API_PASSWORD"]
    (keys / "issuer").mkdir(mode=0o700, parents=True, exist_ok=True)
    await prepare_databases(environment["MOOT_POSTGRES_URL"], passwords, keys)
    await prepare_topics(environment["MOOT_KAFKA"])


if __name__ == "__main__":
    try:
        asyncio.run(prepare_containers())
    except CannotRun as broken:
        sys.exit(str(broken))
