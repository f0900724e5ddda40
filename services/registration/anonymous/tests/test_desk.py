"""An anonymous elector's way through the closed store, on a real database: form, grant, number, renewal, end."""

from __future__ import annotations

from datetime import date

from services.registration.anonymous.tests.office import ENTERED, NAMED, ORDER, applied, everything_outside
from services.registration.electors.decider import OnRegister, electors
from services.registration.tests.conftest import Desk, desk
from services.registration.views.tests.office import MONDAY
from shared.eventcore.testing.core import AUTHORITY
from shared.events.values import ContactDetails, FranchiseFacts, PersonName

__all__ = ["desk"]
A_WEEK_LATER = date(2026, 3, 11)
BORN = FranchiseFacts(date(1979, 4, 17), nationalities=("GB",))


async def register(desk: Desk, on: str = "2026-05-02") -> list[dict[str, object]]:
    return list((await desk.get(f"/register?effective={on}")).json()["items"])


async def test_two_named_officers_put_her_on_the_register_by_number_alone(desk: Desk):
    her = await applied(desk)
    neighbour, _ = await desk.office.add(await desk.office.property(8))
    await desk.follow()
    await her.granted()
    page = (await her.read()).json()
    assert (page["name"], page["number"], page["ends_on"]) == ("Zephyrine Quillfeather", "AB-2", "2027-03-31")
    ordinary, hers = await register(desk)
    assert ordinary["elector_id"] == str(neighbour)
    assert (hers["number"], hers["section"], hers["name"], hers["address"], hers["ward"]) == (
        "AB-2 N", "anonymous", None, [], "E05999001",
    )  # fmt: skip


async def test_one_officer_alone_grants_nothing(desk: Desk):
    her = await applied(desk)
    await her.post("home", {"property_id": str(her.home)})
    await her.post("identity", {"route": "documents"})
    await her.post("evidence", ORDER)
    await her.post("proposal", {})
    assert (await her.post("grant", {}, "named one")).json()["type"] == "urn:moothall:problem:maker-is-checker"
    await desk.follow()
    assert await register(desk) == []


async def test_a_form_sent_twice_is_one_case(desk: Desk):
    her = await applied(desk)
    again = await desk.post("/applications/entered", ENTERED)
    assert again.json()["stream_id"] == str(her.case)
    listed = await desk.http.get("/anonymous/cases", headers=desk.headers("named one", NAMED) | {"X-Reason": "list"})
    assert [row["due"] for row in listed.json()] == [["decide the application"]]


async def test_an_ier_form_that_asks_for_anonymity_goes_the_closed_way_too(desk: Desk):
    form = {
        "applicationType": "ordinary", "refNum": "IER-77", "gssCode": "E07000999", "fn": "Zephyrine", "ln": "Quillfeather",
        "anonymous": "true",
    }  # fmt: skip
    taken = await desk.post("/applications", {"application": form})
    assert taken.status_code == 201
    assert not any("IER-77" in row or "Quillfeather" in row for row in await everything_outside(desk))
    assert (await desk.get(f"/applications/{taken.json()['stream_id']}")).status_code == 404


async def test_edge_case_17_renumbered_by_the_revised_register_her_document_is_due_again(desk: Desk):
    her = await applied(desk)
    await her.granted()
    assert (await her.post("document/handing-over", {"how": "collected"})).json()["type"].endswith("no-document")
    await her.post("document", {})
    assert (await her.read()).json()["due"] == ["hand over the elector's document"]
    await her.post("document/handing-over", {"how": "collected"})
    assert (await her.post("document/handing-over", {"how": "delivered"})).json()["events"] == []
    number = {"district": "AB", "number": 400, "numbered_in": "2026-12-01", "effective_on": "2026-12-01"}
    assert (await her.post("number", number)).status_code == 200
    await desk.follow()
    page = (await her.read()).json()
    assert page["number"] == "AB-400"
    assert page["due"] == ["issue the elector's document again: the number has changed"]
    await her.post("document", {})
    await her.post("document/handing-over", {"how": "delivered"})
    assert (await her.read()).json()["due"] == []


async def test_her_number_is_nobody_elses(desk: Desk):
    her = await applied(desk)
    await her.granted()
    await desk.office.add(await desk.office.property(8), number=2)
    number = {"district": "AB", "number": 2, "numbered_in": "2025-12-01", "effective_on": "2026-12-01"}
    assert (await her.post("number", number)).json()["type"] == "urn:moothall:problem:elector-number-taken"


async def test_she_is_reminded_by_hand_and_renewed_with_fresh_evidence(desk: Desk):
    her = await applied(desk)
    await her.granted()
    desk.office.on(date(2027, 1, 15))
    assert (await her.read()).json()["due"] == ["remind the elector by 1 February 2027"]
    await her.post("reminder", {})
    assert (await her.read()).json()["due"] == []
    assert (await her.post("proposal", {})).json()["type"] == "urn:moothall:problem:evidence-needed"
    await her.granted()
    assert (await her.read()).json()["ends_on"] == "2028-01-31"
    assert [line["number"] for line in await register(desk, "2027-06-01")] == ["AB-1 N"]


async def test_when_her_time_is_over_her_number_comes_off(desk: Desk):
    her = await applied(desk)
    await her.granted()
    desk.office.on(date(2027, 3, 31))  # the last of her twelve months
    await desk.follow()
    assert [line["number"] for line in await register(desk, "2027-05-04")] == ["AB-1 N"]
    desk.office.on(date(2027, 4, 1))
    await desk.follow()
    assert [line["number"] for line in await register(desk, "2027-04-30")] == ["AB-1 N"]
    assert await register(desk, "2027-05-04") == []


async def test_her_earlier_entry_goes_with_the_same_notice_and_then_answers_nobody(desk: Desk):
    home = await desk.office.property(7)
    application, person = await desk.office.apply({"fn": "Zephyrine", "ln": "Quillfeather"})
    contact = ContactDetails("01632960777", "quillfeather@example.org")
    name = PersonName("Zephyrine", "Quillfeather")
    entry, _ = await desk.office.add(
        home, name=name, person_id=person, contact=contact, application_id=application, franchise=BORN
    )
    await desk.follow()
    her = await applied(desk, home, MONDAY)
    await her.granted(earlier_entry=str(entry))
    desk.office.on(A_WEEK_LATER)
    await desk.follow()
    both = {line["number"] for line in await register(desk, "2026-03-31")}
    asked = f"/correspondents/elector/{entry}"
    assert (both, (await desk.get(asked, "sender", "correspondence")).status_code) == (set(), 200)
    desk.office.on(date(2026, 4, 1))
    desk.office.core.keys._cache.clear()
    await desk.follow()
    assert (await desk.get(asked, "sender", "correspondence")).status_code == 410
    assert (await desk.get(f"/correspondents/applicant/{application}", "sender", "correspondence")).status_code == 410
    assert [line["number"] for line in await register(desk, "2026-04-01")] == ["AB-2 N"]
    assert not any("Zephyrine" in row or "quillfeather" in row for row in await everything_outside(desk))
    assert (await her.read()).json()["due"] == []


async def test_what_one_officer_proposes_for_a_renewal_touches_nobody_until_the_second_grants_it(desk: Desk):
    her = await applied(desk)
    await her.granted()
    stranger, _ = await desk.office.add(await desk.office.property(9), 5)
    await her.post("evidence", ORDER, "named one")
    unlike = await her.post("proposal", {"earlier_entry": str(stranger)}, "named one")
    assert unlike.json()["type"].rpartition(":")[2] == "another-persons-entry"
    said = {"earlier_entry": str(stranger), "differs_because": "Name before her marriage"}
    assert (await her.post("proposal", said, "named one")).status_code == 200
    assert (await her.read()).json()["earlier_differs"] == "Name before her marriage"
    await desk.follow()
    state = (await desk.office.core.execute.state(electors, stranger, AUTHORITY)).state
    assert isinstance(state, OnRegister)
    assert (await her.read()).json()["earlier_entry"] == str(stranger)
    refused = await her.post("grant", {}, "named two")
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "another-earlier-entry")


async def test_a_command_under_way_in_the_closed_store_holds_no_reader_of_the_shared_one_back(desk: Desk):
    await applied(desk)
    await desk.office.add(await desk.office.property(8))
    shared = desk.office.core.pool
    async with desk.closed.pool.acquire() as inside, inside.transaction():
        await inside.execute("SELECT take_lease()")
        assert await shared.fetchval("SELECT event_horizon() = last_value FROM event_position")


async def test_a_legal_hold_keeps_the_earlier_entry_and_the_case_says_so(desk: Desk):
    entry, _ = await desk.office.add(await desk.office.property(7))
    await desk.follow()
    await desk.post(f"/electors/{entry}/legal-hold", {"reason": "election petition"}, "officer", "dpo")
    her = await applied(desk, await desk.office.property(7))
    await her.granted(earlier_entry=str(entry), differs_because="Deed poll seen")
    desk.office.on(A_WEEK_LATER)
    await desk.follow()
    desk.office.on(date(2026, 4, 2))
    await desk.follow()
    assert (await her.read()).json()["due"] == ["the earlier ordinary entry is not closed: look for a legal hold"]


async def test_her_certificate_is_set_for_an_officer_to_send_by_hand(desk: Desk):
    her = await applied(desk)
    await her.granted()
    paper = await her.read("/certificate")
    assert (paper.status_code, paper.headers["content-type"], paper.content[:5]) == (200, "application/pdf", b"%PDF-")


async def test_evidence_of_another_of_the_household_counts(desk: Desk):
    her = await applied(desk)
    taken = await her.post("evidence", ORDER | {"of_household": str(her.case)})
    assert taken.status_code == 200
    assert (await her.read()).json()["evidence"][0]["of_household"] == str(her.case)
