"""Where properties are placed, and what stays as it is."""

from __future__ import annotations

import json
from datetime import date

from services.registration.exchange.tests.supplies import HOME, changes, row, supply
from services.registration.properties.decider import AllocateProperty, properties
from shared.eventcore.testing.core import AUTHORITY, by
from shared.events.registration import PropertyAllocated, PropertyAllocationCleared
from shared.events.values import Authority, ElectoralAreas, PollingDistrict, Uprn, property_id


def squares(**areas: tuple[int, int, int, int]) -> str:
    """Areas of these codes and corners (west, south, east, north, in kilometres of the grid) as GeoJSON."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
            "features": [
                {
                    "type": "Feature",
                    "properties": {"CODE": code, "NAME": code},
                    "geometry": {
                        "type": "Polygon",
                        "coordinates": [[[1000 * x, 1000 * y] for x, y in ((w, s), (e, s), (e, n), (w, n), (w, s))]],
                    },
                }
                for code, (w, s, e, n) in areas.items()
            ],
        }
    )


AT_400_400 = {"x_coordinate": 400_000.0, "y_coordinate": 400_000.0}
LIVED_IN = supply(*HOME[:2], row(21, **AT_400_400), *HOME[3:], row(23))
AROUND, WEST, EAST = (390, 390, 410, 410), (390, 390, 400, 410), (400, 390, 410, 410)
ELSEWHERE = (100, 100, 110, 110)


async def allocation(office) -> PropertyAllocated:
    return (await office.property(1)).allocation


async def test_each_kind_of_boundary_gives_its_area_and_the_gazetteer_what_none_gives(office):
    await office.load(LIVED_IN)
    await office.use("polling-district", squares(AB=AROUND))
    await office.use("county-division", squares(D1=AROUND))
    placed = await allocation(office)
    assert placed.areas == ElectoralAreas(PollingDistrict("AB"), "E05999001", county_division="D1")
    assert placed.method == "boundary"
    assert placed.boundary_version.count(",") == 1


async def test_a_point_on_a_border_is_placed_and_marked_with_both_sides(office):
    await office.load(LIVED_IN)
    report = await office.use("polling-district", squares(AB=WEST, AC=EAST))
    placed = await allocation(office)
    assert (placed.areas.district, placed.on_border) == ("AB", True)
    assert placed.reason == "on the border of AB and AC (polling-district)"
    assert report["counts"] == {"allocated": 1, "on_border": 1}


async def test_a_point_outside_all_areas_stays_unallocated_and_loses_an_older_place(office):
    await office.load(LIVED_IN)
    assert (await allocation(office)).method == "gazetteer"
    report = await office.use("ward", squares(W1=ELSEWHERE))
    assert report["counts"] == {"unallocated": 1}
    assert (await office.property(1)).allocation is None
    assert isinstance((await office.history(1))[-1], PropertyAllocationCleared)


async def test_an_officers_allocation_is_never_undone_by_boundaries_or_files(office):
    await office.load(LIVED_IN)
    identity = property_id(Authority(AUTHORITY), Uprn(1))
    by_hand = AllocateProperty(
        identity, ElectoralAreas(PollingDistrict("ZZ")), "manual", date(2026, 5, 7), "the entrance is round the back"
    )
    await office.core.execute(properties, identity, by_hand, by=by())
    await office.use("polling-district", squares(AB=AROUND))
    await office.use("ward", squares(W1=ELSEWHERE))
    await office.load(changes(row(24, "U", pao_start_number=4)))
    assert (await allocation(office)).areas.district == "ZZ"


async def test_a_property_that_moves_is_placed_where_it_is_now(office):
    await office.use("polling-district", squares(AB=AROUND, AC=ELSEWHERE))
    await office.load(LIVED_IN)
    await office.load(changes(row(21, "U", x_coordinate=105_000.0, y_coordinate=105_000.0)))
    assert (await allocation(office)).areas.district == "AC"
    moved = await office.load(changes(row(21, "U", x_coordinate=300_000.0, y_coordinate=105_000.0)))
    assert moved["counts"] == {"changed": 1, "unallocated": 1, "unchanged": 0}
    assert (await office.property(1)).allocation is None


async def test_allocation_can_be_asked_for_again(office):
    await office.load(LIVED_IN)
    await office.use("polling-district", squares(AB=AROUND))
    answer = await office.client.post("/gazetteer/allocations")
    await office.jobs.idle()
    report = await office.report(answer.json()["id"])
    assert (report["kind"], report["state"], report["counts"]) == ("allocation", "done", {"allocated": 1})
    assert (report["done"], report["total"]) == (1, 1)


async def test_a_change_of_boundaries_is_a_fact_with_its_areas(office):
    await office.use("ward", squares(W1=WEST, W2=EAST))
    await office.use("ward", squares(W1=AROUND))
    stored = [e for e in await office.core.store.read(after=0) if "boundaries-loaded" in e.type]
    assert [set(json.loads(e.payload)["areas"]) for e in stored] == [{"W1", "W2"}, {"W1"}]
