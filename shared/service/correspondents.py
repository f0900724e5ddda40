"""How the owner of a name and an address answers a service that is about to write to that person (ADR 0007).

    @router.get("/correspondents/member/{member}", dependencies=ASKED, responses=ERASED)
    async def member(member: UUID, …) -> Correspondent: …

Unknown is 404, as is another council's; erased is 410, so that nobody goes on trying.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from shared.service.auth import requires
from shared.service.problems import MEDIA_TYPE, Problem
from shared.service.read_audit import audited


class Correspondent(BaseModel):
    """`lines`: the postal address without the name, none when there is none; `email`, `phone`: empty when not known. `facts`: what else
    the owner alone may say, for places in the letter that have no data before."""

    name: str
    lines: list[str]
    email: str = ""
    phone: str = ""
    facts: dict[str, str] = {}


ASKED = [requires("correspondence"), audited("correspondent")]
"""`dependencies=` of such a route: who may ask, and that it is written down."""
ERASED: dict[int | str, dict[str, Any]] = {
    410: {
        "description": "The person's data was erased",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""`responses=` of such a route."""


def erased() -> Problem:
    """The person's key is destroyed: there is nobody to write to, now or later."""
    return Problem(
        410, "person-erased", "This person's data was erased.", source="UK GDPR article 17",
        next="Do not write to them; call off what was waiting.",
    )  # fmt: skip
