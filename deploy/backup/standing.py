"""What a database holds, in hashes: the same before a backup and after its restore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from deploy.topology import RINGS
from shared.eventcore.checkpoints import Conn
from shared.eventcore.seals import Seal

PREFETCH = 2000

AS_TEXT = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL bytea_output = 'hex'"
"""So that a row reads the same in every session."""

TABLES = """SELECT n.nspname AS schema, c.relname AS name,
                   EXISTS (SELECT 1 FROM view_version v WHERE v.name = n.nspname) AS projection
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND (n.nspname IN ('public', {apart}) OR n.nspname IN (SELECT name FROM view_version))
              AND (n.nspname, c.relname) <> ('public', 'event')
            ORDER BY 1, 2""".format(apart=", ".join(f"'{ring}'" for rings in RINGS.values() for ring in rings))


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything of one database. Hashes are SHA-256 in lower-case hex."""

    events: int
    last_position: int
    history: str
    """Over position and content hash of every event: what an auditor's seals cover, and what is not sealed yet."""
    head: str | None
    """`<number>:<hash>` of the last seal; null before the first."""
    projections: dict[str, str]
    """Over the rows of each live view."""
    records: dict[str, str]
    """Over the rows of every other table: streams, answered commands, places, positions, keys of people, deadlines …; those of a
    store that is kept apart, its events and seals among them, as `anonymous.event` (ADR 0015)."""

    def differences(self, other: Standing) -> list[str]:
        """What is not the same, by name."""
        plain = [
            name
            for name in ("events", "last_position", "history", "head")
            if getattr(self, name) != getattr(other, name)
        ]
        return plain + _differing(self.projections, other.projections) + _differing(self.records, other.records)


async def standing_of(conn: Conn) -> Standing:
    """Look at everything, as the database's owner and in the transaction of `conn`. Rows are streamed."""
    await conn.execute(AS_TEXT)
    events, last_position, history = await _history(conn)
    last_seal = await conn.fetchval("SELECT seal FROM seal ORDER BY number DESC LIMIT 1")
    projections: dict[str, list[str]] = {}
    records: dict[str, str] = {}
    for table in await conn.fetch(TABLES):
        rows = f"{table['name']}:{await _rows(conn, table['schema'], table['name'])}"
        if table["projection"]:
            projections.setdefault(table["schema"], []).append(rows)
        else:
            name = table["name"] if table["schema"] == "public" else f"{table['schema']}.{table['name']}"
            records[name] = rows.rpartition(":")[2]
    return Standing(
        events,
        last_position,
        history,
        Seal.from_json(last_seal).head if last_seal else None,
        {view: sha256("\n".join(tables).encode()).hexdigest() for view, tables in projections.items()},
        records,
    )


async def _history(conn: Conn) -> tuple[int, int, str]:
    digest, events, last = sha256(), 0, 0
    async for row in conn.cursor("SELECT position, content_hash FROM event ORDER BY position", prefetch=PREFETCH):
        digest.update(row["position"].to_bytes(8, "big") + row["content_hash"])
        events, last = events + 1, row["position"]
    return events, last, digest.hexdigest()


async def _rows(conn: Conn, schema: str, table: str) -> str:
    """Of all rows in an order of their own, since a restored table has another on disk."""
    digest = sha256()
    rows = f'SELECT t::text AS row FROM "{schema}"."{table}" t ORDER BY t::text COLLATE "C"'
    async for row in conn.cursor(rows, prefetch=PREFETCH):
        content = row["row"].encode()
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def _differing(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
