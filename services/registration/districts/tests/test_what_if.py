"""A plan is counted as it will be applied: by list, by polygon, else as today; nobody is counted twice or lost."""

import io
from datetime import date
from uuid import UUID

import pytest
import shapely

from services.registration.districts.what_if import STRADDLES, Home, Plan, Station, counted, what_if
from services.registration.exchange.boundaries import Area, read_boundaries
from services.registration.exchange.district_map import geojson, hulls, shapes, svg
from services.registration.imports.boundaries import BoundarySet, use
from services.registration.properties.decider import RecordFacts, RetireProperty, properties
from services.registration.views.tests.office import address
from shared.eventcore.testing.core import by
from shared.events.values import ElectoralAreas, GazetteerFacts, PollingDistrict, Uprn, Ward
from shared.law.rules import Refused


def home(n: int, x: float, district: str = "AA", ward: str = "E05000001", electors: int = 2, post: int = 0) -> Home:
    areas = ElectoralAreas(PollingDistrict(district), Ward(ward))
    return Home(UUID(int=n), x, 100.0, areas, electors, 0, post)


STREET = [home(1, 2100.0), home(2, 2200.0, post=1), home(3, 2300.0, "AB"), home(4, 2400.0, "AB", electors=0)]
EAST = Area("AC", "East", shapely.box(2250, 0, 2500, 200))


def test_a_plan_that_says_nothing_leaves_all_as_it_is():
    found = what_if(STREET, Plan())
    assert (found.planned, found.moves, found.electors_moved) == (found.today, (), 0)


def test_what_a_list_says_comes_before_what_a_polygon_says():
    found = what_if(STREET, Plan([EAST], {UUID(int=3): "AD"}))
    assert {move.property_id.int: str(move.areas.district) for move in found.moves} == {3: "AD", 4: "AC"}
    assert found.electors_moved == 2


def test_electors_are_neither_lost_nor_counted_twice():
    found = what_if(STREET, Plan([EAST]))
    assert sum(c.electors for c in found.planned.values()) == sum(c.electors for c in found.today.values()) == 6


def test_the_walk_is_the_straight_line_for_each_elector_and_the_station_counts_who_comes_to_it():
    (count,) = counted([(h, "AA") for h in STREET], {"AA": Station("Hall", 2100.0, 100.0)}).values()
    assert (count.metres_mean, count.metres_farthest) == (100, 200)
    assert (count.electors, count.postal_voters, count.at_station) == (6, 1, 5)


def test_a_district_lies_in_one_ward():
    with pytest.raises(Refused) as refused:
        what_if([home(1, 2100.0), home(2, 2200.0, "AB", "E05000002")], Plan([], {UUID(int=2): "AA"}))
    assert refused.value.rule is STRADDLES


def test_the_same_plan_over_the_same_homes_has_the_same_digest_in_any_order_and_half_applied():
    plan = Plan([EAST])
    found = what_if(STREET, plan)
    assert what_if(STREET[::-1], plan).digest == found.digest
    half = [home(3, 2300.0, "AC"), *(h for h in STREET if h.property_id.int != 3)]
    assert (what_if(half, plan).digest, len(what_if(half, plan).moves)) == (found.digest, 1)
    assert what_if([*STREET, home(5, 2450.0)], plan).digest != found.digest


def test_a_map_shows_each_district_and_hides_no_markup():
    shapes = hulls({"AA": [(2100, 100)], "A<B": [(2300, 100), (2400, 150), (2400, 100)]})
    assert [f["properties"] for f in geojson(shapes, {"AA": {"electors": 4}})["features"]] == [
        {"district": "A<B"}, {"district": "AA", "electors": 4},
    ]  # fmt: skip
    picture = svg(shapes, "Districts")
    assert "A&lt;B" in picture
    assert picture.count("<path") == 2


PLAN_DAY = date(2026, 6, 1)


def test_a_polygon_is_shown_where_it_holds_all_properties_and_not_one_from_before_a_redrawing():
    points = {"AA": [(10.0, 10.0), (20.0, 20.0)], "AB": [(110.0, 10.0), (300.0, 10.0)]}
    drawn = [Area("AA", "", shapely.box(0, 0, 100, 100)), Area("AB", "", shapely.box(100, 0, 200, 100))]
    shown = shapes(points, drawn)
    assert shown["AA"].equals(drawn[0].shape)
    assert shown["AB"].equals(hulls(points)["AB"])


async def test_edge_case_39_a_new_boundary_is_looked_at_first_and_applied_from_its_notice_with_the_same_numbers(
    redrawers,
):
    desk, jobs = redrawers
    first, second = await desk.office.property(1), await desk.office.property(2, house="11")
    await desk.office.add(first, 1, effective_on=date(2026, 4, 1))
    await desk.office.add(second, 2, effective_on=date(2026, 4, 1))
    desk.office.on(date(2026, 5, 11))
    await desk.follow()
    plan = {"districts": [{"code": "AC", "properties": [str(second)]}]}
    branch = (await desk.post("/districts/what-if", plan)).json()
    lines = {line["district"]: line for line in branch["districts"]}
    assert (lines["AC"]["planned"]["electors"], lines["AB"]["planned"]["electors"]) == (1, 1)
    assert (lines["AC"]["today"], lines["AB"]["today"]["electors"]) == (None, 2)
    assert (await desk.get(f"/properties/{second}")).json()["district"] == "AB"

    said = plan | {"reason": "review of 2026", "digest": branch["digest"]}
    too_soon = await desk.post("/districts/redrawing", said | {"effective_on": "2026-05-11"}, "deputy", "ero-deputy")
    assert too_soon.json()["type"].endswith("redrawing-needs-a-later-day")
    other = await desk.post(
        "/districts/redrawing", said | {"effective_on": "2026-06-01", "digest": "0" * 64}, "deputy", "ero-deputy"
    )
    assert other.json()["type"].endswith("what-if-changed")
    for moved in (1, 0):  # sent again it has nothing left to do
        applying = await desk.post(
            "/districts/redrawing", said | {"effective_on": "2026-06-01"}, "deputy", "ero-deputy"
        )
        assert (applying.status_code, applying.json()["properties_moved"]) == (202, moved)
        await jobs.idle()
        await desk.follow()
    page = (await desk.get(f"/properties/{second}")).json()
    assert (page["district"], page["effective_on"], page["reason"]) == ("AC", str(PLAN_DAY), "review of 2026")
    for day, numbers in (("2026-05-31", ["AB-1", "AB-2"]), ("2026-06-01", ["AB-1", "AC-1"])):
        printed = (await desk.get(f"/register?effective={day}")).json()["items"]
        assert [item["number"] for item in printed] == numbers


async def test_a_plan_holds_when_a_property_was_split_since_it_was_counted(redrawers):
    desk, jobs = redrawers
    house, flat = await desk.office.property(1), await desk.office.property(2, house="10A", district="")
    third = await desk.office.property(3, house="10B", district="")
    elector, _ = await desk.office.add(house, 1, effective_on=date(2026, 4, 1))
    desk.office.on(date(2026, 5, 11))
    await desk.follow()
    plan = {"districts": [{"code": "AC", "properties": [str(house), str(flat), str(third)]}]}
    before = (await desk.post("/districts/what-if", plan)).json()
    await desk.said("/properties/1/split", {"into": [2, 3], "because": "two flats"})
    await desk.office.do(properties, third, RetireProperty(third, "never built"))
    await desk.follow()
    said = plan | {"reason": "review of 2026", "effective_on": "2026-06-01"}
    stale = await desk.post("/districts/redrawing", said | {"digest": before["digest"]}, "deputy", "ero-deputy")
    assert stale.json()["type"].endswith("what-if-changed")

    branch = (await desk.post("/districts/what-if", plan)).json()
    (planned,) = [line["planned"] for line in branch["districts"] if line["planned"]]
    assert (planned["properties"], planned["electors"], branch["electors_moved"]) == (2, 1, 1)
    for moved in (2, 0):  # the house that is gone goes along with the elector who is left at it
        applying = await desk.post("/districts/redrawing", said | {"digest": branch["digest"]}, "deputy", "ero-deputy")
        assert (applying.status_code, applying.json()["properties_moved"]) == (202, moved)
        await jobs.idle()
        await desk.follow()
    moving = {"property": 2, "cause": "split", "because": "lives in the front half as before"}
    await desk.said(f"/electors/{elector}/address", moving)
    await desk.follow()
    (line,) = (await desk.get("/register?effective=2026-06-01")).json()["items"]
    assert (line["number"], line["address"][0]) == ("AC-1", "10A Gorse Lane")
    after = (await desk.post("/districts/what-if", {"districts": []})).json()
    (counted_now,) = [line["today"] for line in after["districts"] if line["district"] == "AC"]
    assert counted_now["electors"] == planned["electors"]


async def test_the_map_has_the_figures_of_its_table(redrawers):
    desk, _ = redrawers
    home = await desk.office.property(1)
    lies = GazetteerFacts(
        address(), Uprn(1), logical_status=1, lpi_status=1, state=2, class_code="RD04", x=400_000.0, y=300_000.0
    )
    await desk.office.do(properties, home, RecordFacts(home, lies, "addressbase-premium-csv"))
    await desk.follow()
    answer = await desk.get("/districts/map")
    assert (answer.status_code, answer.json()["type"]) == (200, "FeatureCollection")
    drawn = read_boundaries(io.BytesIO(answer.content), "polling-district")
    assert {area.code for area in drawn} == {feature["properties"]["district"] for feature in answer.json()["features"]}
    known = (await desk.get("/districts")).json()
    assert {each["district"] for each in known} >= {area.code for area in drawn}
    assert all(each["properties"] and "ward" in each for each in known)
    block = shapely.box(1_000, 1_000, 699_000, 1_299_000)
    boundaries = BoundarySet("polling-district", "0" * 64, [Area("AB", "North", block)])
    async with desk.office.core.pool.acquire() as conn:
        await use(desk.app.state.execute, conn, boundaries, by())
    (feature,) = (await desk.get("/districts/map")).json()["features"]
    assert shapely.geometry.shape(feature["geometry"]).equals(block), "the polygon that was loaded"
    picture = await desk.get("/districts/map?as=svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
