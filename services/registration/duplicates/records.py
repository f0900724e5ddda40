"""The records that somebody is compared with, read from the view `duplicates`: those that share a block, or all in order of one.

Only entries that stand and applications that are open, and nobody anonymous: the view keeps none.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
import orjson

from services.registration.duplicates.likeness import Person, blocks, person
from shared.eventcore.checkpoints import Conn
from shared.events.values import PersonName

_COLUMNS: Final = "l.record_id, l.kind, l.application_id, l.property_id, l.name, l.born, p.postcode"
_FROM: Final = (
    " FROM duplicates.likely l LEFT JOIN duplicates.postcode p ON p.property_id = l.property_id"
    " WHERE l.authority = $1 AND NOT l.ended AND l.name IS NOT NULL"
)
_SHARING: Final = (
    "l.born = $2::date",
    "l.sound = $3 AND l.first_sound = $4",
    "l.property_id = $5::uuid",
    "l.sound = $3 AND p.postcode = $6",
)
ALIKE: Final = " UNION ".join(f"SELECT {_COLUMNS}{_FROM} AND {shares}" for shares in _SHARING)
IN_ORDER: Final = (
    f"SELECT {_COLUMNS}{_FROM} AND l.kind = 'elector' AND l.born IS NOT NULL ORDER BY l.born",
    f"SELECT {_COLUMNS}{_FROM} AND l.kind = 'elector' AND p.postcode <> '' ORDER BY p.postcode, l.sound",
    f"SELECT {_COLUMNS}{_FROM} AND l.kind = 'elector' ORDER BY l.sound, l.first_sound",
)
"""All entries, those that share a block one after another: a statement for each of `likeness.blocks`."""
ROWS_AT_A_TIME: Final = 2_000


@dataclass(frozen=True, slots=True)
class Record:
    """An entry or an application, and the application that it came from or is."""

    who: Person
    is_application: bool
    application_id: UUID | None


def record(row: asyncpg.Record) -> Record:
    name = PersonName(**orjson.loads(row["name"]))
    who = person(row["record_id"], name, row["born"], row["property_id"], row["postcode"] or "")
    return Record(who, row["kind"] == "application", row["application_id"])


async def sharing_a_block(conn: Conn, authority: str, someone: Person) -> list[Record]:
    """Everybody worth comparing with somebody: by birth, by the sound of both names, at the property, in the postcode."""
    rows = await conn.fetch(
        ALIKE, authority, someone.birth, someone.sound, someone.first_sound, someone.property_id, someone.postcode
    )
    return [record(row) for row in rows if row["record_id"] != someone.key]


async def block_by_block(conn: Conn, authority: str, which: int) -> AsyncIterator[list[Record]]:
    """The entries of a council in blocks of number `which`, read as they are needed: needs a transaction."""
    block: list[Record] = []
    shared = ""
    async for row in conn.cursor(IN_ORDER[which], authority, prefetch=ROWS_AT_A_TIME):
        entry = record(row)
        key = blocks(entry.who)[which]
        if key != shared:
            if len(block) > 1:
                yield block
            block, shared = [], key
        block.append(entry)
    if len(block) > 1:
        yield block
