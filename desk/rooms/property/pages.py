"""Screen 6. A property: its address and identifiers, its electoral areas and why, who is registered there, and its history."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from desk.room import REGISTRATION, Room
from desk.visiting import Ask, Show

router = APIRouter(prefix="/properties")
Key = UUID | Annotated[int, Path(ge=1, lt=10**12)]
"""A property's id, or its UPRN."""
MOST_NEIGHBOURS = 25


@router.get("/{key}")
async def page(key: Key, ask: Ask, show: Show) -> Response:
    """The property, its occupants and its neighbours."""
    place = await ask.get("registration", f"/properties/{key}")
    occupants = await ask.get("registration", f"/properties/{key}/electors")
    postcode = place["address"].get("postcode", "")
    near = (
        await ask.get("registration", "/properties", postcode=postcode, limit=MOST_NEIGHBOURS)
        if postcode
        else {"items": []}
    )
    neighbours = [each for each in near["items"] if each["property_id"] != place["property_id"]]
    return show("property/page.html", title=place["line"], place=place, occupants=occupants, neighbours=neighbours)


property_page = Room("property", "Register", router, REGISTRATION)
