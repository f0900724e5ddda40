"""The register as a file: one statement for any day, whose rows PostgreSQL itself writes as CSV.

What is printed stands in the rows (`in_print`), each mark beside the day that it begins; only the day is left to choose.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from services.registration.views.in_print import ADDRESS_CELLS
from services.registration.views.register import Entry
from services.registration.views.register_as_at import SECTION, Moment, address_of, edition, order_of, place_of
from shared.service.database import Connection, compiled


def register_file(authority: str, at: Moment, *, district: str | None = None, open_only: bool = False) -> Select[Any]:
    """The full or the open register in register order; columns as `exchange.register_csv.COLUMNS`."""
    address, day = address_of(at), orjson.dumps({"day": at.effective}).decode()
    begun = cast(literal("$[*] ? (@.from <= $day)", Text), JSONPATH)
    mark = func.jsonb_path_query_first(Entry.marks, begun, cast(literal(day, Text), JSONB), type_=JSONB)
    letters = func.concat(mark["letter"].astext, case((Entry.anonymous, "N")))
    rows = (
        select(
            Entry.elector_id, Entry.district, Entry.number, Entry.suffix, func.nullif(letters, "").label("letters"),
            mark["attains"].astext.label("attains"), _printed(Entry.surname), _printed(Entry.forenames),
            *(address.c[name] for name in ADDRESS_CELLS), SECTION.label("section"), place_of(address).label("place"),
        )
        .outerjoin_from(Entry, address, true())
        .where(*edition(authority, at, district, open_only))
    ).subquery("found")  # fmt: skip
    shown = ("district", "number", "suffix", "letters", "attains", "surname", "forenames", *ADDRESS_CELLS)
    return select(*(rows.c[name] for name in shown)).order_by(*order_of(rows))


def _printed(name: Any) -> ColumnElement[str | None]:
    return case((~Entry.anonymous, name)).label(name.key)


async def copied(conn: Connection, statement: Select[Any]) -> AsyncGenerator[bytes, None]:
    """The rows of a statement as CSV, as the server sends them. A slow reader holds the server up, so memory stays small.
    Close it (`contextlib.aclosing`): it uses the connection until then."""
    sql, arguments = compiled(statement)
    sent: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(maxsize=1)

    async def take(part: bytes) -> None:
        await sent.put(bytes(part))  # asyncpg hands over a memoryview

    async def copy() -> None:
        problem: Exception | None = None
        try:
            await conn.copy_from_query(sql, *arguments, output=take, format="csv")
        except Exception as raised:
            problem = raised
        await sent.put(problem)

    copying = asyncio.create_task(copy())
    try:
        while isinstance(part := await sent.get(), bytes):
            yield part
        if part is not None:
            raise part
    finally:
        copying.cancel()
        await asyncio.wait({copying})
