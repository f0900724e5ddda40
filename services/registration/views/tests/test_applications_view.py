"""The application queue: stages, clocks, places, and what is left when a person is erased."""

from datetime import date
from uuid import uuid4

from services.registration.applications import commands as ask
from services.registration.views.tests.office import MONDAY
from shared.law.evidence import Document

WINDOW_CLOSES, DETERMINE_FROM = "2026-03-09", "2026-03-10"


async def only(client, **params):
    (case,) = (await client.get("/applications", params=params)).json()["items"]
    return case


async def test_a_new_application_waits_for_objections_until_the_fifth_working_day(office, client):
    home = await office.property()
    await office.apply(home=home)
    await office.catch_up()
    case = await only(client)
    assert (case["stage"], case["received_on"], case["listed_on"]) == ("listed", "2026-03-02", "2026-03-02")
    assert case["due"]["on"] == WINDOW_CLOSES
    assert "objection" in case["due"]["rule"]
    assert (case["name"], case["address"]) == ("Ada Iris Marsh", "Flat 2, 10 Gorse Lane, ZZ1 1AA")
    assert (case["district"], case["ward"]) == ("AB", "E05999001")


async def test_an_incomplete_application_is_listed_when_the_name_comes(office, client):
    identity, _ = await office.apply({"fn": "", "mn": "", "ln": ""})
    await office.catch_up()
    assert (await only(client))["stage"] == "incomplete"
    page = (await client.get(f"/applications/{identity}")).json()
    assert page["missing"] == ["ln"]
    await office.ask(identity, ask.SupplyInformation({"fn": "Bea", "ln": "Pond"}, office.core.clock()))
    await office.catch_up()
    case = await only(client)
    assert (case["stage"], case["name"], case["flags"]) == ("listed", "Bea Pond", [])


async def test_the_whole_way_to_a_hearing_and_an_entry_is_seen_in_the_stage(office, client):
    identity, _ = await office.apply(home=await office.property())
    objector = uuid4()
    seen = []

    async def look():
        await office.catch_up()
        case = await only(client)
        seen.append((case["stage"], case["due"] and case["due"]["on"]))

    await look()
    await office.ask(identity, ask.AcceptDocuments((Document.PASSPORT,)))
    await look()
    await office.ask(identity, ask.MakeObjection(objector, "not resident", date(2026, 3, 5)))
    await look()
    await office.ask(identity, ask.CallHearing(date(2026, 3, 6), date(2026, 3, 11)))
    await look()
    await office.ask(identity, ask.RecordHearing(date(2026, 3, 11), upheld=False))
    await look()
    await office.ask(identity, ask.AllowApplication(date(2026, 3, 12)))
    await look()
    assert seen == [
        ("listed", WINDOW_CLOSES), ("verified", DETERMINE_FROM), ("objected", DETERMINE_FROM),
        ("hearing", "2026-03-11"), ("verified", DETERMINE_FROM), ("allowed", None),
    ]  # fmt: skip
    case = await only(client, stage="allowed")
    assert (case["determined_on"], case["effective_on"], case["notice"]) == ("2026-03-12", "2026-04-01", "monthly")


async def test_of_two_objectors_both_must_be_answered(office, client):
    identity, _ = await office.apply(home=await office.property())
    first, second = uuid4(), uuid4()
    for objector in (first, second):
        await office.ask(identity, ask.MakeObjection(objector, "not resident", date(2026, 3, 5)))
    await office.ask(identity, ask.DisallowObjection(first, "without merit", date(2026, 3, 6)))
    await office.catch_up()
    case = await only(client)
    assert (case["stage"], case["due"]["on"]) == ("objected", "2026-03-11")


async def test_an_application_reported_deceased_is_held_until_an_officer_releases_it(office, client):
    identity, _ = await office.apply(home=await office.property())
    await office.ask(identity, ask.RecordDwpResult("red", {"dob": "no-match"}, deceased=True, nino_uses=2))
    await office.catch_up()
    case = await only(client)
    assert case["stage"] == "held"
    assert case["flags"] == ["reported-deceased; nino-used-more-than-once", "DWP red"]
    await office.ask(identity, ask.ReleaseApplication("spoke to them"))
    await office.catch_up()
    assert (await only(client))["stage"] == "listed"


async def test_the_queue_can_be_asked_by_stage_ward_channel_and_deadline(office, client):
    home, other = await office.property(1), await office.property(2, "AC", "E05999002")
    await office.apply(home=home)
    await office.apply(home=other, day=date(2026, 3, 9), channel="paper")
    await office.catch_up()
    assert (await only(client, ward="E05999002"))["channel"] == "paper"
    assert (await only(client, channel="gov.uk"))["ward"] == "E05999001"
    assert (await only(client, due_before="2026-03-10"))["due"]["on"] == WINDOW_CLOSES
    assert (await client.get("/applications", params={"stage": "held"})).json()["items"] == []


async def test_the_open_applications_are_those_that_nobody_has_determined(office, client):
    waiting, _ = await office.apply()
    withdrawn, _ = await office.apply()
    await office.ask(withdrawn, ask.WithdrawApplication(MONDAY))
    await office.catch_up()
    assert (await only(client, stage="open"))["application_id"] == str(waiting)
    assert len((await client.get("/applications")).json()["items"]) == 2


async def test_the_backlog_counts_open_applications_by_their_next_deadline(office, client):
    for _ in range(2):
        await office.apply()
    later, _ = await office.apply(day=date(2026, 3, 9))
    await office.apply({"fn": "", "mn": "", "ln": ""})
    withdrawn, _ = await office.apply()
    await office.ask(withdrawn, ask.WithdrawApplication(MONDAY))
    await office.catch_up()
    due = (await client.get(f"/applications/{later}")).json()["due"]["on"]
    assert (await client.get("/applications/backlog")).json() == [
        {"on": WINDOW_CLOSES, "applications": 2}, {"on": due, "applications": 1}, {"on": None, "applications": 1},
    ]  # fmt: skip


async def test_a_backlog_tells_nothing_of_another_councils_applications(office, client):
    await office.apply()
    await office.catch_up()
    elsewhere = client.idp.bearer(authorities=["E06000001"])
    assert (await client.get("/applications/backlog", headers=elsewhere)).json() == []


async def test_pages_of_the_queue_hold_each_application_once(office, client):
    for n in range(7):
        await office.apply(day=date(2026, 3, 2 + n % 3))
    await office.catch_up()
    for sort in ("deadline", "received"):
        params, seen = {"limit": 3, "sort": sort}, []
        while True:
            page = (await client.get("/applications", params=params)).json()
            seen += [(case["due"]["on"], case["application_id"]) for case in page["items"]]
            if page["next"] is None:
                break
            params["cursor"] = page["next"]
        assert len(set(seen)) == len(seen) == 7
        assert seen == sorted(seen)


async def test_one_application_has_its_timeline_and_the_version_for_the_next_command(office, client):
    identity, _ = await office.apply(home=await office.property())
    await office.catch_up()
    answer = await client.get(f"/applications/{identity}")
    assert answer.headers["etag"] == '"2"'
    assert [item["what"] for item in answer.json()["timeline"]] == ["Application received", "Application listed"]
    assert answer.json()["timeline"][0]["event_id"] == f"{identity}@1"


async def test_nothing_of_an_erased_person_is_left_and_a_rebuild_says_the_same(office, client):
    identity, person = await office.apply(home=await office.property())
    await office.ask(
        identity,
        ask.RecordDwpResult("red", {}, deceased=True),
        ask.SupplyInformation({"mn": "May"}, office.core.clock()),
    )
    await office.ask(identity, ask.MakeObjection(uuid4(), "moved away to Quorumby", MONDAY))
    await office.catch_up()
    await office.erase(person)
    await office.catch_up()
    kept = await office.everything_kept("applications")
    for text in ("Ada", "Marsh", "May", "Gorse", "ZZ1", "red", "deceased", "Quorumby"):
        assert text not in kept
    case = await only(client)
    assert (case["name"], case["address"], case["flags"]) == (None, None, ["on hold"])
    await office.a_rebuild_is_equal("applications")


async def test_another_council_and_another_role_see_nothing(office, client):
    await office.apply()
    await office.catch_up()
    other = client.idp.bearer(authorities=["E07000041"])
    assert (await client.get("/applications", headers=other)).json()["items"] == []
    assert (await client.get("/applications", headers=client.idp.bearer(roles=["count-team"]))).status_code == 404
