"""Search: by what people write on a note or say on the telephone; never by the name of an anonymous elector."""

from datetime import date

import pytest

from services.registration.applications.commands import SupplyInformation
from services.registration.electors import commands as ask
from services.registration.views.search import folded
from services.registration.views.tests.office import MONDAY
from shared.events.values import ElectorNumber, PersonName, PollingDistrict


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


async def test_an_elector_is_found_by_every_number_and_shown_by_the_one_that_holds_today(office, find):
    home = await office.property(1)
    her, _ = await office.add(home, 1, name=PersonName("Ada", "Marsh"))
    await office.add(home, 2, name=PersonName("Bo", "Pond"))
    ahead = ElectorNumber(PollingDistrict("ZW"), 1)
    office.on(date(2026, 11, 20))
    await office.change(her, ask.RenumberElector(ahead, date(2026, 12, 1), date(2027, 2, 1)))
    await office.catch_up()
    for q in ("AB-1", "ZW-1"):
        assert await find(q) == [("Ada Marsh, AB-1", "number")]
    office.on(date(2027, 2, 1))
    for q in ("AB-1", "ZW-1"):
        assert await find(q) == [("Ada Marsh, ZW-1", "number")]
    assert await find("AB-2") == [("Bo Pond, AB-2", "number")]


async def test_a_search_uses_its_indexes_under_row_level_security(office, client):
    """Whatever operator row-level security does not trust would read every row of a council of 200,000."""
    await office.catch_up()
    async with office.core.pool.acquire() as conn, conn.transaction():
        await conn.execute("SET LOCAL ROLE moot_api; SET LOCAL enable_seqscan = off")
        for way, index in (
            ("in_order ^@ 'ma'", "findable_by_surname"),
            ("id IN (SELECT elector_id FROM search.number_held WHERE number = 'AB-1')", "number_held_by_number"),
            ("postcode = 'ZZ1 1AA'", "findable_by_postcode"),
        ):
            plan = await conn.fetch(f"EXPLAIN SELECT id FROM search.findable WHERE {way}")
            assert any(index in row[0] for row in plan), plan
    async with office.core.pool.acquire() as conn, conn.transaction():
        await conn.execute("SET LOCAL enable_seqscan = off")
        plan = await conn.fetch(
            "EXPLAIN SELECT id FROM search.findable f"
            " WHERE to_tsvector('simple', f.words) @@ to_tsquery('simple', 'ma:*') AND in_my_authorities(f.authority)"
        )
        assert any("findable_by_words" in row[0] for row in plan), plan


async def test_the_words_of_another_council_find_nothing(office, client):
    await office.property(1)
    await office.catch_up()
    found = "SELECT count(*) FROM found_by_words(to_tsquery('simple', 'gorse'), 10)"
    async with office.core.pool.acquire() as conn, conn.transaction():
        await conn.execute("SET LOCAL ROLE moot_api")
        for authority, many in (("E07000999", 1), ("E07000041", 0), ("", 0)):
            await conn.execute("SELECT set_config('moot.authorities', $1, true)", authority)
            assert await conn.fetchval(found) == many


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
