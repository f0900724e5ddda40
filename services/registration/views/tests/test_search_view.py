"""Search: by what people write on a note or say on the telephone; never by the name of an anonymous elector."""

import pytest

from services.registration.applications.commands import SupplyInformation
from services.registration.electors import commands as ask
from services.registration.views.search import folded
from services.registration.views.tests.office import MONDAY
from shared.events.values import PersonName


@pytest.fixture
def find(client):
    async def hits(q):
        answer = await client.get("/search", params={"q": q})
        assert answer.status_code == 200, answer.text
        return [(hit["label"], hit["matched_by"]) for hit in answer.json()]

    return hits


@pytest.mark.parametrize(
    ("written", "kept"), [("Ó Néill-Smith", "o neill smith"), ("O’Brien", "obrien"), ("  STRASSE  ß", "strasse ss")]
)
def test_accents_case_and_punctuation_make_no_difference(written, kept):
    assert folded(written) == kept


async def test_an_elector_is_found_by_name_in_any_order_by_prefix_and_by_number(office, find):
    home = await office.property(1)
    await office.add(home, 1, name=PersonName("Zoë", "Ó Néill", "May"))
    await office.add(home, 2, name=PersonName("Zak", "Pond"))
    await office.catch_up()
    zoe = [("Zoë May Ó Néill, AB-1", "name")]
    for q in ("O Neill", "ó néill zoe", "Zoe O Neill", "neil zo", "ZOË"):
        assert await find(q) == zoe
    assert await find("ab-1") == [("Zoë May Ó Néill, AB-1", "number")]
    assert [label for label, _ in await find("zo")] == ["Zoë May Ó Néill, AB-1"]
    assert await find("zoe pond") == []


async def test_a_property_is_found_by_address_postcode_and_uprn(office, find):
    await office.property(100_023_336, house="10")
    await office.property(2, house="2")
    await office.catch_up()
    ten, two = "10 Gorse Lane, Gavelford, ZZ1 1AA", "2 Gorse Lane, Gavelford, ZZ1 1AA"
    assert await find("10 gorse") == [(ten, "address")]
    assert await find("000100023336") == [(ten, "uprn")]
    assert await find("zz11aa") == [(two, "postcode"), (ten, "postcode")]


async def test_an_application_is_found_by_its_reference_and_by_the_name_supplied_later(office, find):
    identity, _ = await office.apply({"fn": "", "mn": "", "ln": ""})
    reference = f"R-{str(identity)[:8]}"
    await office.ask(identity, SupplyInformation({"fn": "Bea", "ln": "Lake"}, office.core.clock()))
    await office.catch_up()
    assert await find(reference) == [(f"Bea Lake, {reference}", "reference")]
    assert await find("lake") == [(f"Bea Lake, {reference}", "name")]


async def test_an_anonymous_elector_is_never_found_by_name_nor_by_a_former_one(office, find):
    home = await office.property(1)
    identity, _ = await office.add(home, 1, anonymous=True)
    await office.change(identity, ask.AmendElector(PersonName("Ada", "Lake"), MONDAY))
    await office.catch_up()
    for q in ("Marsh", "Ada", "Lake", "Ada Lake"):
        assert await find(q) == []
    assert await find("AB-1") == [("Anonymous, AB-1", "number")]


async def test_nothing_of_an_erased_person_is_left_and_a_rebuild_says_the_same(office, find):
    identity, person = await office.add(await office.property(1))
    await office.change(identity, ask.AmendElector(PersonName("Ada", "Quillwold"), MONDAY))
    _, applicant = await office.apply()
    await office.catch_up()
    for one in (person, applicant):
        await office.erase(one)
    await office.catch_up()
    kept = (await office.everything_kept("search")).casefold()
    assert not any(text in kept for text in ("ada", "marsh", "quillwold"))
    assert await find("AB-1") == [("(erased), AB-1", "number")]
    await office.a_rebuild_is_equal("search")


async def test_whatever_is_typed_is_only_searched_for(office, find):
    await office.property(1)
    await office.catch_up()
    for q in ("a & b | !c", "':*", "%%", "__", "ada\\", "10:* & gorse", "A-", "🗳🗳"):
        await find(q)
