"""A property is split or merged, and an officer decides on each elector who is left at it: from the route to the register."""

from datetime import date

from services.registration.electors.commands import RenumberElector
from services.registration.electors.decider import electors
from services.registration.properties.decider import JudgeElectoral, RetireProperty, properties
from services.registration.views.register_as_at import alterations, moments_of
from shared.eventcore.testing.core import AUTHORITY
from shared.events.values import ElectorNumber, PersonName, PollingDistrict

MAY = date(2026, 5, 11)
HOUSE, FLAT_A, FLAT_B = "10 Gorse Lane", "10A Gorse Lane", "10B Gorse Lane"


async def house_and_flats(desk):
    """Two electors in a house that became two flats; nothing is said of that yet."""
    office = desk.office
    office.on(date(2026, 3, 2))
    house = await office.property(1)
    flats = [await office.property(n, house=f"10{letter}") for n, letter in ((2, "A"), (3, "B"))]
    ada, _ = await office.add(house, 1)
    ben, _ = await office.add(house, 2, name=PersonName("Ben", "Fern"))
    office.on(MAY)
    await desk.follow()
    return house, flats, ada, ben


async def split(desk):
    house, flats, ada, ben = await house_and_flats(desk)
    await desk.said("/properties/1/split", {"into": [2, 3], "because": "two flats since the spring"})
    await desk.follow()
    return house, flats, ada, ben


async def refused(desk, path, body):
    answer = await desk.post(path, body)
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


async def line_on(desk, elector, day):
    return (await desk.get(f"/electors/{elector}/line?effective={day}")).json()["line"]


async def test_a_house_that_became_two_flats_shows_what_followed_it_on_both_sides(desk):
    _, flats, *_ = await split(desk)
    page = (await desk.get("/properties/1")).json()
    assert (page["retired"], page["ended"], page["ended_on"]) == (True, "split", str(MAY))
    assert [(one["property_id"], one["how"]) for one in page["successors"]] == [(str(f), "split") for f in flats]
    assert [one["uprn"] for one in (await desk.get("/properties/2")).json()["predecessors"]] == [1]
    assert [item["what"] for item in page["history"]][-2:] == ["Property retired", "Property succeeded"]
    again = await desk.post("/properties/1/split", {"into": [2, 3], "because": "said twice"})
    assert again.status_code == 200
    await desk.office.a_rebuild_is_equal("properties")


async def test_ends_that_do_not_meet_are_refused_in_words(desk):
    _, flats, *_ = await house_and_flats(desk)
    boat = (await desk.said("/properties", {"address": {"property": "Merlin", "street": "Quay"}}))["stream_id"]
    await desk.office.do(properties, flats[1], RetireProperty(flats[1], "demolished"))

    async def into(*keys):
        return await refused(desk, "/properties/1/split", {"into": list(keys), "because": "flats"})

    assert await into(2) == (422, "split-needs-two")
    assert await into(2, 99) == (409, "successor-unknown")
    assert await into(2, 3) == (409, "successor-retired")
    assert await into(2, boat) == (409, "successor-without-uprn")
    assert await into(2, 1) == (422, "successor-is-itself")
    alone = {"ends": [1], "into": 2, "because": "one house"}
    assert await refused(desk, "/properties/merger", alone) == (422, "merger-needs-two")


async def test_two_flats_that_became_one_house_each_lead_to_it(desk):
    house, flats, *_ = await house_and_flats(desk)
    merged = await desk.said("/properties/merger", {"ends": [2, 3], "into": 1, "because": "one house again"})
    assert (merged["into"], merged["ended"]) == (str(house), [str(flat) for flat in flats])
    await desk.follow()
    before = (await desk.get("/properties/1")).json()["predecessors"]
    assert [(one["uprn"], one["how"], one["retired"]) for one in before] == [(2, "merged", True), (3, "merged", True)]


async def test_electors_left_at_a_property_that_is_gone_wait_for_a_decision_each(desk):
    _, _, ada, ben = await split(desk)
    waiting = (await desk.get("/properties/displaced")).json()["items"]
    assert [(one["number"], one["line"].partition(",")[0], one["how"]) for one in waiting] == [
        (number, HOUSE, "split") for number in sorted(one["number"] for one in waiting)
    ]
    assert {one["elector_id"] for one in waiting} == {str(ada), str(ben)}
    assert [one["uprn"] for one in waiting[0]["successors"]] == [2, 3]
    counts = (await desk.get("/properties/displaced/counts")).json()
    assert counts == {"electors": 2, "properties": 1, "by_how": {"split": 2}}
    for question, found in (("property=1", 2), ("property=2", 0), ("how=merged", 0), ("district=AB", 2)):
        assert len((await desk.get(f"/properties/displaced?{question}")).json()["items"]) == found
    first = (await desk.get("/properties/displaced?limit=1")).json()
    second = (await desk.get(f"/properties/displaced?limit=1&cursor={first['next']}")).json()
    assert {first["items"][0]["elector_id"], second["items"][0]["elector_id"]} == {str(ada), str(ben)}


async def test_the_same_dwelling_under_another_address_keeps_its_entry_and_number_from_the_next_notice_on(desk):
    _, flats, ada, _ = await split(desk)
    body = {"property": 2, "cause": "split", "because": "lives in the front half as before"}
    await desk.said(f"/electors/{ada}/address", body)
    await desk.follow()
    eve, notice = await line_on(desk, ada, "2026-05-31"), await line_on(desk, ada, "2026-06-01")
    assert (eve["address"][0], notice["address"][0]) == (HOUSE, FLAT_A)
    assert eve["number"] == notice["number"] == "AB-1"
    as_known = (await desk.get(f"/electors/{ada}/line?effective=2026-06-01&known=2026-05-10T12:00:00Z")).json()
    assert as_known["line"]["address"][0] == HOUSE
    async with desk.office.core.pool.acquire() as conn, conn.transaction():
        (change,) = [a async for a in alterations(conn, AUTHORITY, *moments_of(date(2026, 6, 1)))]
    assert (change.kind, change.after.address[0], str(change.after.number)) == ("amendment", FLAT_A, "AB-1")
    told = (await desk.get(f"/electors/{ada}/why")).json()["sentences"][-1]
    assert told["text"].startswith(
        "The dwelling was split and has another address with the monthly notice of 1 June 2026"
    )
    page = (await desk.get(f"/electors/{ada}")).json()
    assert (page["property_id"], page["number"]) == (str(flats[0]), "AB-1")
    assert len((await desk.get("/properties/displaced")).json()["items"]) == 1
    for view in ("register", "electors", "duplicates", "register_checks"):
        await desk.office.a_rebuild_is_equal(view)


async def test_whoever_moved_is_not_taken_along(desk):
    _, _, ada, _ = await split(desk)
    there = {"property": 2, "cause": "moved", "because": "told at the door"}
    assert await refused(desk, f"/electors/{ada}/address", there) == (409, "another-dwelling")
    elsewhere = await desk.office.property(4, house="12")
    split_to = {"property": str(elsewhere), "cause": "split", "because": "a guess"}
    assert await refused(desk, f"/electors/{ada}/address", split_to) == (409, "not-a-successor")


async def test_everybody_of_a_property_goes_along_but_for_those_who_cannot(desk):
    _, flats, ada, ben = await split(desk)
    into = {"into": 3, "cause": "split", "because": "both live in the rear"}
    other_number = RenumberElector(ElectorNumber(PollingDistrict("AC"), 1), date(2025, 12, 1), MAY)
    await desk.office.do(electors, ben, other_number)
    await desk.follow()
    decided = await desk.said("/properties/1/electors/moving", into)
    assert decided["moved"] == [str(ada)]
    (left,) = decided["left"]
    assert (left["elector_id"], left["rule"]) == (str(ben), "successor-in-another-district")
    await desk.office.do(properties, flats[1], JudgeElectoral(flats[1], False, "a workshop"))
    (left,) = (await desk.said("/properties/1/electors/moving", into))["left"]
    assert left["rule"] == "successor-not-electoral"
