"""Screen 6. A property: its address and identifiers, its electoral areas and why, who is registered there, and its history."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response

from desk.areas import council_areas
from desk.asking import Asking, NotThere
from desk.room import REGISTRATION, Room
from desk.visiting import Ask, Show

router = APIRouter(prefix="/properties")
Key = UUID | Annotated[int, Path(ge=1, lt=10**12)]
"""A property's id, or its UPRN."""
MOST_NEIGHBOURS = 25
SOURCES = {
    "addressbase-premium-csv": "AddressBase Premium", "addressbase-premium-gml": "AddressBase Premium",
    "llpg-dtf-7.3": "The council’s gazetteer (DTF 7.3)", "officer": "An officer",
}  # fmt: skip


@router.get("/{key}")
async def page(key: Key, ask: Ask, show: Show) -> Response:
    """The property, its occupants and its neighbours."""
    place, occupants, years = await asyncio.gather(
        ask.get("registration", f"/properties/{key}"),
        ask.get("registration", f"/properties/{key}/electors"),
        ask.get("registration", "/canvasses"),
    )
    near, asked, areas = await asyncio.gather(_near(place, ask), _asked(place, years, ask), council_areas(ask))
    neighbours = [each for each in near if each["property_id"] != place["property_id"]]
    return show(
        "property/page.html", title=place["line"], place=place, occupants=occupants, neighbours=neighbours, most=MOST_NEIGHBOURS,
        canvass=asked, year=years[0]["year"] if years else None, sources=SOURCES, areas=areas,
    )  # fmt: skip


async def _near(place: dict[str, Any], ask: Asking) -> list[dict[str, Any]]:
    """The properties of the same postcode."""
    if not (postcode := place["address"].get("postcode")):
        return []
    found = await ask.get("registration", "/properties", postcode=postcode, limit=MOST_NEIGHBOURS + 1)
    return list(found["items"])


async def _asked(place: dict[str, Any], years: list[dict[str, Any]], ask: Asking) -> dict[str, Any] | None:
    """What the latest canvass did about the property; nothing where it is not in it."""
    if not years:
        return None
    try:
        return dict(await ask.get("registration", f"/canvasses/{years[0]['year']}/properties/{place['property_id']}"))
    except NotThere:
        return None


property_page = Room("property", "Register", router, REGISTRATION)
