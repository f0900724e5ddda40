"""How many may vote in the contests of a poll, from two read models: the poll's contests and the electors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.elections.views.electorate import ContestElectorate, districts_of, electorate_of
from services.elections.views.polls import Contest
from shared.service.database import Connection, fetch


async def contests_of(conn: Connection, election_id: UUID) -> list[dict[str, Any]]:
    """Rows of `polls.contest`, by area."""
    query = select(*Contest.__table__.columns).where(Contest.election_id == election_id)
    return await fetch(conn, query.order_by(Contest.area_name, Contest.contest_id))


async def electorates(conn: Connection, authority: str, election_id: UUID) -> list[ContestElectorate]:
    """Electors and postal voters of each contest by polling district, as they will stand on polling day."""
    contests = await contests_of(conn, election_id)
    counted: dict[str, list[dict[str, Any]]] = {}
    for kind in sorted({contest["area_kind"] for contest in contests if contest["register_used"]}):
        alike = [contest for contest in contests if contest["area_kind"] == kind]
        counted[kind] = await fetch(conn, districts_of(authority, kind, alike))
    return [electorate_of(contest, counted.get(contest["area_kind"], ())) for contest in contests]
