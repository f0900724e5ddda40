"""The working copy as it was before a run: what the run replaced is kept beside it, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from pydantic import TypeAdapter

from services.registration.exchange.gazetteer.assembly import PropertySupplied, StreetSupplied
from services.registration.exchange.gazetteer.property import GazetteerProperty, GazetteerStreet
from services.registration.imports import working_copy
from services.registration.imports.runs import Run
from shared.eventcore.checkpoints import Conn

_PROPERTY: TypeAdapter[GazetteerProperty] = TypeAdapter(GazetteerProperty)
_STREET: TypeAdapter[GazetteerStreet] = TypeAdapter(GazetteerStreet)
_HELD = {
    "property": "SELECT $1, $2, 'property', uprn, property, run_id FROM gazetteer_property"
    " WHERE authority = $2 AND uprn = ANY($3)",
    "street": "SELECT $1, $2, 'street', usrn, street, NULL FROM gazetteer_street WHERE authority = $2 AND usrn = ANY($3)",
}


async def remember(conn: Conn, run: Run, kind: Literal["property", "street"], numbers: Sequence[int]) -> None:
    """Keep what is held of these before the run replaces it; what is remembered already stays. What a run adds needs no
    remembering: the working copy says by which run it was told."""
    if numbers:
        sql = f"INSERT INTO import_before {_HELD[kind]} ON CONFLICT DO NOTHING"
        await conn.execute(sql, run.id, run.authority, list(numbers))


async def properties_of(conn: Conn, authority: str, run: UUID) -> list[int]:
    """The UPRNs that a run said something of, in order."""
    rows = await conn.fetch(
        "SELECT number FROM import_before WHERE run_id = $1 AND kind = 'property'"
        " UNION SELECT uprn FROM gazetteer_property WHERE authority = $2 AND run_id = $1 ORDER BY 1",
        run, authority,
    )  # fmt: skip
    return [row["number"] for row in rows]


async def restore(conn: Conn, authority: str, run: UUID, uprns: Sequence[int]) -> None:
    """Hold of these properties again what was held before the run."""
    rows = await conn.fetch(
        "SELECT record FROM import_before WHERE run_id = $1 AND kind = 'property' AND number = ANY($2)", run, uprns
    )
    held = [working_copy.entry_of(PropertySupplied(_PROPERTY.validate_json(row["record"]), 0)) for row in rows]
    await working_copy.keep(conn, authority, held, run)
    await conn.execute(
        "UPDATE gazetteer_property p SET run_id = b.said_by FROM import_before b WHERE b.run_id = $1"
        " AND b.kind = 'property' AND b.number = p.uprn AND p.authority = $2 AND p.uprn = ANY($3)",
        run, authority, [entry.uprn for entry in held],
    )  # fmt: skip
    await working_copy.forget(conn, authority, sorted(set(uprns) - {entry.uprn for entry in held}))


async def restore_streets(conn: Conn, authority: str, run: UUID) -> None:
    """Hold again the streets that the run changed. One that it added stays: nothing is said of it but its name."""
    rows = await conn.fetch("SELECT record FROM import_before WHERE run_id = $1 AND kind = 'street'", run)
    streets = [StreetSupplied(_STREET.validate_json(row["record"]), 0) for row in rows]
    await working_copy.keep_streets(conn, authority, streets)
