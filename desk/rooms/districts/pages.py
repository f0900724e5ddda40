"""Screen 8. Properties that no boundary has placed, placed by an officer; and the polling districts as a map and a table."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import APIRouter, Query, Response

from desk.areas import Areas, council_areas
from desk.asking import AN_OLDER_ONE_WILL_DO, Asking, Refusal
from desk.forms import Form, Sent
from desk.pictures.district_map import district_map
from desk.room import REGISTRATION, Link, Room, Task
from desk.rooms.districts.redrawing import router as redrawing
from desk.showing import PER_PAGE, see_other
from desk.visiting import Ask, Show

WHY = {
    "outside": "In no polling district that is drawn",
    "on-border": "On a border: an officer decides",
    "no-point": "No point on the map",
}
"""Why no boundary has placed a property."""
SORTS = {"address": "Address", "postcode": "Postcode"}
AREAS: Final = ("district", "ward", "parish", "parish_ward", "county_division", "constituency")
MOST: Final = 100
"""Properties that are placed together: a page of the list."""

router = APIRouter()
router.include_router(redrawing)


@router.get("/unallocated")
async def unallocated(
    ask: Ask, show: Show,
    why: Annotated[str, Query(max_length=12)] = "",
    postcode: Annotated[str, Query(max_length=10)] = "",
    sort: Annotated[str, Query(max_length=10)] = "address",
    limit: Annotated[int, Query(ge=1, le=100)] = PER_PAGE[0],
    cursor: Annotated[str, Query(max_length=2000)] = "",
) -> Response:  # fmt: skip
    """Properties that wait for an officer to say where they belong."""
    found = await ask.get(
        "registration", "/properties/unallocated", why=why if why in WHY else "", postcode=postcode.strip(),
        sort=sort if sort in SORTS else "", limit=limit, cursor=cursor,
    )  # fmt: skip
    return show(
        "districts/unallocated.html", title="Unallocated properties", form=Form({"why": why, "postcode": postcode, "sort": sort}),
        found=found, limit=limit, link=show.link, why=WHY, sorts=SORTS.items(), whys=[("", "All"), *WHY.items()],
    )  # fmt: skip


@router.get("/unallocated/placing")
async def placing(
    ask: Ask, show: Show, chosen: Annotated[list[UUID] | None, Query(alias="property")] = None
) -> Response:
    """The properties that were ticked; where they belong, and why."""
    return await _placing(chosen or [], ask, show, Form())


@router.post("/unallocated/placing")
async def place(ask: Ask, show: Show, form: Sent) -> Response:
    """Place each in a polling district and the areas that it lies in. Sent again, it goes on where it was refused."""
    chosen = [UUID(one) for one in form.several("property") if _is_id(one)][:MOST]
    districts = {each["district"]: each for each in await ask.get("registration", "/districts")}
    district = form.choice("district", districts, "Choose a polling district")
    reason = form.text("reason", "Say why they belong there", 500)
    if not form.well:
        return await _placing(chosen, ask, show, form)
    areas = {name: districts[district][name] for name in AREAS}
    try:
        for one in chosen:
            body = {"areas": areas, "reason": reason}
            key = str(uuid5(NAMESPACE_URL, f"{form.key} {one}"))
            await ask.command("registration", f"/properties/{one}/allocation", body, key=key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _placing(chosen, ask, show, form)
    return see_other("/unallocated")


async def _placing(chosen: list[UUID], ask: Asking, show: Show, form: Form) -> Response:
    areas, districts, *properties = await asyncio.gather(
        council_areas(ask),
        ask.get("registration", "/districts"),
        *(ask.get("registration", f"/properties/{one}") for one in chosen[:MOST]),
    )
    return show(
        "districts/placing.html", title="Place properties in a polling district", form=form, properties=properties,
        districts=[("", "Choose"), *((each["district"], said_of(each, areas)) for each in districts)],
    )  # fmt: skip


def said_of(district: dict[str, Any], areas: Areas) -> str:
    """`AB: ward Gorse, parish Gavelford`."""
    lies_in = [
        f"ward {areas(district['ward'])}" if district["ward"] else "",
        f"parish {areas(district['parish'])}" if district["parish"] else "",
    ]
    said = ", ".join(area for area in lies_in if area)
    return f"{district['district']}: {said}" if said else str(district["district"])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@router.get("/districts")
async def districts(ask: Ask, show: Show, again: Annotated[str, Query(max_length=1)] = "") -> Response:
    """The polling districts as a map, and as a table that says the same; with `again` as they are this minute."""
    answer = await ask.read("registration", "/districts/map", within=0 if again else AN_OLDER_ONE_WILL_DO)
    picture = district_map(answer.data)
    return show("districts/map.html", title="Polling districts", picture=picture, as_of=answer.as_of)


@router.get("/districts/map.csv")
async def map_csv(ask: Ask, show: Show) -> Response:
    """The figures of each district as a file."""
    return show.csv(district_map(await ask.get("registration", "/districts/map", within=AN_OLDER_ONE_WILL_DO)))


async def tasks(ask: Asking) -> list[Task]:
    """That properties wait for a polling district; nobody registered there could vote."""
    found = await ask.get("registration", "/properties/unallocated", limit=MOST)
    count = len(found["items"])
    if not count:
        return []
    said = (
        f"{count} or more properties are"
        if found["next"]
        else f"{count} properties are"
        if count > 1
        else "1 property is"
    )
    return [Task(due=None, kind="Unallocated", subject=f"{said} in no polling district", url="/unallocated")]


districts_room = Room(
    "districts", "Register", router, REGISTRATION,
    (Link("Unallocated", "/unallocated", "g u"), Link("Districts", "/districts", "g d")), tasks=tasks,
)  # fmt: skip
