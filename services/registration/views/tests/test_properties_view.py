"""Property pages and lists."""

from uuid import UUID

from services.registration.properties import decider as place
from services.registration.views.walk import walk
from shared.events.values import AddressLines, GazetteerFacts, Uprn


async def test_a_property_page_says_what_where_and_why(office, client):
    home = await office.property(100, house="12")
    await office.catch_up()
    page = (await client.get("/properties/100")).json()
    assert page == (await client.get(f"/properties/{home}")).json()
    assert (page["line"], page["district"], page["ward"]) == ("12 Gorse Lane, Gavelford, ZZ1 1AA", "AB", "E05999001")
    assert (page["method"], page["on_border"], page["electoral"]) == ("boundary", False, True)
    assert [item["what"] for item in page["history"]] == ["Property added", "Property allocated"]


async def test_a_property_without_areas_is_on_the_unallocated_list_until_an_officer_decides(office, client):
    home = await office.property(1, district="")
    await office.property(2)
    await office.catch_up()
    (waiting,) = (await client.get("/properties/unallocated")).json()["items"]
    assert waiting["uprn"] == 1
    areas = place.ElectoralAreas(district="AB")
    command = place.AllocateProperty(home, areas, "manual", office.core.clock().date(), reason="faces Gorse Lane")
    await office.do(place.properties, home, command)
    await office.catch_up()
    assert (await client.get("/properties/unallocated")).json()["items"] == []
    await office.do(place.properties, home, place.ClearAllocation(home, "boundary moved"))
    await office.catch_up()
    assert len((await client.get("/properties/unallocated")).json()["items"]) == 1


async def test_properties_are_found_by_uprn_and_by_postcode_in_the_order_of_their_numbers(office, client):
    for uprn, house in ((1, "10"), (2, "2"), (3, "2a"), (4, "9")):
        await office.property(uprn, house=house)
    await office.property(5, postcode="ZZ1 9ZZ")
    await office.catch_up()
    answer = (await client.get("/properties", params={"postcode": "zz11aa", "limit": 3})).json()
    assert [item["uprn"] for item in answer["items"]] == [2, 3, 4]
    rest = (await client.get("/properties", params={"postcode": "zz11aa", "limit": 3, "cursor": answer["next"]})).json()
    assert [item["uprn"] for item in rest["items"]] == [1]
    (found,) = (await client.get("/properties", params={"uprn": "000000000005"})).json()["items"]
    assert found["uprn"] == 5


async def test_a_retired_property_stays_on_its_page_and_leaves_the_unallocated_list(office, client):
    home = await office.property(1, district="")
    await office.do(place.properties, home, place.RetireProperty(home, "demolished"))
    await office.catch_up()
    assert (await client.get("/properties/1")).json()["retired"] is True
    assert (await client.get("/properties/unallocated")).json()["items"] == []
    await office.a_rebuild_is_equal("properties")


def test_addresses_are_walked_by_number_and_not_as_text():
    def at(street: str, property: str = "") -> AddressLines:
        return AddressLines(property, street, town="Gavelford")

    walked = [
        at("2 Gorse Lane"), at("2A Gorse Lane"), at("10 Gorse Lane"), at("10 Gorse Lane", "Flat 2"),
        at("10 Gorse Lane", "Flat 10"), at("12-14 Gorse Lane"), at("Gorse Lane", "100"), at("Gorse Lane", "Rose Cottage"),
        at("1 Harbour Way"),
    ]  # fmt: skip
    assert sorted(reversed(walked), key=walk) == walked


async def test_unallocated_properties_say_why_and_are_filtered_and_sorted(office, client):
    await office.property(2, district="")
    outside = place.PropertyId(UUID(int=1))
    somewhere = GazetteerFacts(
        AddressLines(property="1", postcode="ZZ9 9ZZ"), Uprn(1), class_code="RD04", x=290000.0, y=90000.0
    )
    await office.do(place.properties, outside, place.RecordFacts(outside, somewhere))
    await office.catch_up()

    async def found(**query):
        items = (await client.get("/properties/unallocated", params=query)).json()["items"]
        return [(each["uprn"], each["why"]) for each in items]

    assert sorted(await found()) == [(1, "outside"), (2, "no-point")]
    assert await found(why="no-point") == [(2, "no-point")]
    assert await found(postcode="QQ1 1QQ") == []
    first = (await client.get("/properties/unallocated", params={"sort": "postcode", "limit": 1})).json()
    second = await client.get(
        "/properties/unallocated", params={"sort": "postcode", "limit": 1, "cursor": first["next"]}
    )
    both = {each["uprn"] for each in (*first["items"], *second.json()["items"])}
    assert both == {1, 2}


async def test_properties_are_found_by_street_and_district(office, client):
    await office.property(1, district="AB")
    await office.property(2, district="AC", house="12a-14")
    await office.property(3, district="AC", street="Gorse Lane West")
    await office.catch_up()
    by_street = (await client.get("/properties", params={"street": "gorse lane"})).json()["items"]
    assert {each["uprn"] for each in by_street} == {1, 2}
    in_one = (await client.get("/properties", params={"street": "Gorse Lane", "district": "AC"})).json()["items"]
    assert [each["uprn"] for each in in_one] == [2]
