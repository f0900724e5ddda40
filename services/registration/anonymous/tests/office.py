"""Named officers at work on one anonymous elector, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from services.registration.tests.conftest import Desk
from services.registration.views.tests.office import MONDAY
from shared.events.values import PropertyId

SECRETS = (
    "Zephyrine", "Quillfeather", "quillfeather@example.org", "01632960777", "QQ123456C", "P-2026-0417", "1979-04-17",
    "She fears her brother", "restraining",
)  # fmt: skip
"""Words that stand in the case and must stand nowhere else."""
ENTERED = {
    "channel": "paper", "reference": "P-2026-0417", "anonymous": True, "date_of_birth": "1979-04-17", "nino": "AB123456C",
    "nationalities": "GB", "name": {"first": "Zephyrine", "last": "Quillfeather", "middle": ""},
    "address": {"property": "1", "street": "Larch Way", "town": "Gavelford", "postcode": "ZZ9 9ZZ"},
    "contact": {"phone": "01632960777", "email": "quillfeather@example.org", "post": True},
}  # fmt: skip
NAMED = "anonymous-officer"
ORDER = {"kind": "restraining-order", "made_on": "2026-01-05", "detail": "She fears her brother"}


@dataclass
class Anonymity:
    """What is known of her in the closed store."""

    desk: Desk
    home: PropertyId
    case: UUID

    async def post(self, what: str, body: Any, user: str = "named one") -> httpx.Response:
        return await self.desk.post(f"/anonymous/cases/{self.case}/{what}", body, user, NAMED)

    async def read(self, what: str = "", user: str = "named one", reason: str = "her call of today") -> httpx.Response:
        headers = self.desk.headers(user, NAMED) | {"X-Reason": reason}
        return await self.desk.http.get(f"/anonymous/cases/{self.case}{what}", headers=headers)

    async def granted(self, **proposal: Any) -> None:
        """From the form to the entry, by two officers; everything follows."""
        for user, what, body in (
            ("named one", "home", {"property_id": str(self.home)}),
            ("named one", "identity", {"route": "documents"}),
            ("named one", "evidence", ORDER),
            ("named one", "proposal", proposal),
            ("named two", "grant", proposal),
        ):
            answer = await self.post(what, body, user)
            assert answer.status_code == 200, (what, answer.text)
        await self.desk.follow()


async def applied(desk: Desk, home: PropertyId | None = None, day: date = MONDAY) -> Anonymity:
    """She applies on paper to an ordinary officer, who learns a receipt."""
    home = home or await desk.office.property(7)
    desk.office.on(day)
    taken = await desk.post("/applications/entered", ENTERED)
    assert taken.status_code == 201, taken.text
    return Anonymity(desk, home, UUID(taken.json()["stream_id"]))


async def everything_outside(desk: Desk) -> list[str]:
    """Every row of every table of the database but those of the closed store, as text."""
    pool = desk.office.core.pool
    tables = await pool.fetch(
        "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables"
        " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema', 'anonymous')"
    )
    return [f"{table} {row}" for (table,) in tables for (row,) in await pool.fetch(f"SELECT t::text FROM {table} t")]
