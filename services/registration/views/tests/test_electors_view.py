"""The elector page: what is recorded of an entry now, its numbers and its postal vote."""

from datetime import UTC, date, datetime

from services.registration.absent_votes.commands import CancelPostalVote, GrantPostalVote
from services.registration.absent_votes.decider import absent_votes
from services.registration.electors import commands as ask
from shared.eventcore.testing.core import AUTHORITY
from shared.events.values import (
    AddressLines,
    ContactDetails,
    ElectorNumber,
    PersonName,
    PollingDistrict,
    absent_votes_id,
)

APRIL = date(2026, 4, 10)


async def test_the_page_shows_entry_numbers_address_and_version(office, client):
    identity, _ = await office.add(await office.property(1))
    later = ElectorNumber(PollingDistrict("AB"), 7, 1)
    await office.change(
        identity,
        ask.AmendElector(PersonName("Ada", "Lake"), APRIL),
        ask.RenumberElector(later, date(2026, 12, 1), date(2026, 12, 1)),
        ask.OpenReview("A", APRIL, "moved away?"),
        ask.ChangeContactDetails(ContactDetails("01632 960001")),
    )
    await office.catch_up()
    answer = await client.get(f"/electors/{identity}")
    page = answer.json()
    assert answer.headers["etag"] == '"5"'
    assert (page["name"], page["number"], page["phone"]) == ("Ada Lake", "AB-1", "01632 960001")
    assert (page["address"], page["ward"]) == ("10 Gorse Lane, Gavelford, ZZ1 1AA", "E05999001")
    assert [(n["number"], n["effective_on"]) for n in page["numbers"]] == [
        ("AB-1", "2026-04-01"), ("AB-7/1", "2026-12-01"),
    ]  # fmt: skip
    assert (page["review"], page["review_until"]) == ("A", "2026-04-24")
    told = (await client.get(f"/electors/{identity}/timeline")).json()
    assert [item["what"] for item in told[:2]] == ["Elector added", "Elector amended"]


async def test_a_postal_vote_is_granted_and_cancelled(office, client):
    identity, person = await office.add(await office.property(1))
    elsewhere = AddressLines("Quay House", postcode="ZZ9 9ZZ")
    grant = GrantPostalVote(
        identity, person, "maximum", datetime(2026, 4, 10, 9, tzinfo=UTC), APRIL, reference="PV-1",
        ballot_address=elsewhere, ballot_address_reason="away at sea",
    )  # fmt: skip
    await office.do(absent_votes, absent_votes_id(identity), grant)
    await office.catch_up()
    vote = (await client.get(f"/electors/{identity}")).json()["postal_vote"]
    assert (vote["status"], vote["valid_from"], vote["ballot_address"]) == (
        "granted",
        "2026-04-10",
        "Quay House, ZZ9 9ZZ",
    )
    await office.do(
        absent_votes,
        absent_votes_id(identity),
        CancelPostalVote(identity, datetime(2026, 4, 20, 9, tzinfo=UTC)),
    )
    await office.catch_up()
    vote = (await client.get(f"/electors/{identity}")).json()["postal_vote"]
    assert (vote["status"], vote["ended_on"]) == ("cancelled", "2026-04-20")
    await office.erase(person)
    await office.catch_up()
    assert "Quay" not in await office.everything_kept("electors")
    await office.a_rebuild_is_equal("electors")


async def test_who_lives_at_a_property_today_but_never_an_anonymous_elector(office, client):
    home = await office.property(1)
    here, _ = await office.add(home, 1)
    await office.add(home, 2, anonymous=True)
    await office.add(home, 3, effective_on=date(2027, 1, 4))
    office.on(date(2026, 11, 30))
    await office.catch_up()
    (occupant,) = (await client.get("/properties/1/electors")).json()
    assert (occupant["elector_id"], occupant["number"]) == (str(here), "AB-1")


async def test_an_anonymous_electors_page_has_neither_name_nor_address(office, client):
    identity, _ = await office.add(await office.property(1), anonymous=True)
    await office.catch_up()
    page = (await client.get(f"/electors/{identity}")).json()
    assert (page["marker"], page["name"], page["address"], page["property_id"]) == ("N", None, None, None)


async def test_looking_at_an_elector_is_written_down_before_it_is_answered(office, client):
    identity, _ = await office.add(await office.property(1))
    await office.catch_up()
    await client.get(f"/electors/{identity}", headers={"X-Reason": "called about a poll card"})
    (read,) = await office.core.pool.fetch("SELECT authority, kind, record, purpose FROM read_log")
    assert tuple(read) == (AUTHORITY, "elector", str(identity), "called about a poll card")


async def test_nothing_of_an_erased_person_is_left_and_a_rebuild_says_the_same(office, client):
    identity, person = await office.add(
        await office.property(1), contact=ContactDetails("01632 960001", "ada@example.org")
    )
    await office.catch_up()
    await office.erase(person)
    await office.catch_up()
    kept = await office.everything_kept("electors")
    assert not any(text in kept for text in ("Ada", "Marsh", "1980", "960001", "ada@"))
    page = (await client.get(f"/electors/{identity}")).json()
    assert (page["name"], page["email"], page["number"]) == (None, None, "AB-1")
    await office.a_rebuild_is_equal("electors")
