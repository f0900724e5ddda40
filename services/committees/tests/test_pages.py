"""The pages of the office: members, bodies, the calendar and a meeting, over HTTP; and what each reader may see."""

from dataclasses import replace
from datetime import date, time

from services.committees.groups.decider import FormGroup, groups
from services.committees.meetings.commands import (
    AddAgendaItem,
    CancelMeeting,
    DeclareInterest,
    MoveMeeting,
    PublishAgenda,
    RecordAttendance,
    RecordHeld,
)
from services.committees.meetings.decider import meetings
from services.committees.members.decider import ApproveAbsence, LeaveOffice, members
from services.committees.rooms.decider import DescribeRoom, rooms
from services.committees.tests.sentences import (
    ADA,
    BEA,
    CAL,
    DOT,
    EAST,
    FIRST,
    HALL,
    IN_AUGUST,
    INDEPENDENTS,
    LAST_DAY,
    PLANNING,
    SECOND,
    WEDNESDAY,
    at,
    person,
    room,
)
from shared.eventcore.testing.core import by
from shared.events.values_committees import Capacity, Sitting

SECRET = AddAgendaItem(
    SECOND, "Property matter", IN_AUGUST, part=2, paragraphs=(3,), full_title="Purchase of 1 Harbour Way",
    public_interest_reason="The price is still being negotiated.",
)  # fmt: skip


async def council(office):
    """Three members, a group of two, and a planning committee on which two sit."""
    for member, name, ward in (
        (ADA, ("Ada", "Marsh"), "Lantern"),
        (BEA, ("Bea", "Pond"), "Anchor"),
        (CAL, ("Cal", "Ash"), "Anchor"),
    ):
        await office.elect(member, *name, ward=ward)
    await office.do(groups, INDEPENDENTS, FormGroup(INDEPENDENTS, "Independents", ADA, (ADA, CAL), date(2023, 5, 9)))
    await office.create()
    await office.seat(ADA, "chair")
    await office.seat(BEA)


async def test_a_meeting_is_scheduled_over_the_api_with_everybody_who_has_a_seat(office, client):
    await council(office)
    described = {"name": "Chamber", "venue": "Town Hall", "capacities": {"chamber": 60}, "setup_minutes": 30}
    chamber = (await client.post("/rooms", json=described, headers={"Idempotency-Key": "r"})).json()["stream_id"]
    kit = (await client.post("/kit", json={"name": "Webcaster"}, headers={"Idempotency-Key": "k"})).json()["stream_id"]
    asked = {
        "committee_id": str(PLANNING), "day": "2026-09-23", "starts": "19:00", "ends": "21:00", "kit": [kit],
        "room": {"room_id": chamber, "layout": "chamber", "needed": 40}, "webcast": True,
    }  # fmt: skip
    answer = await client.post("/meetings", json=asked, headers={"Idempotency-Key": "m"})
    assert answer.status_code == 201, answer.text
    await office.catch_up()
    page = (await client.get(f"/meetings/{answer.json()['stream_id']}")).json()
    assert (page["committee"], page["publish_by"], page["room"], page["kit"]) == (
        "Planning Committee", "2026-09-15", "Chamber", ["Webcaster"],
    )  # fmt: skip
    assert [line["name"] for line in page["members"]] == ["Ada Marsh", "Bea Pond"]
    clash = await client.post("/meetings", json=asked, headers={"Idempotency-Key": "n"})
    assert clash.status_code == 409  # room, kit and members all clash: any of them may be named
    assert clash.json()["type"].rpartition(":")[2] in ("room-taken", "kit-taken", "member-engaged")
    busy = {"from": "2026-09-23T19:30:00Z", "until": "2026-09-23T20:30:00Z"}
    assert [line["free"] for line in (await client.get("/rooms", params=busy)).json()] == [False]
    small = {**asked, "room": {"room_id": chamber, "layout": "theatre"}, "starts": "09:00", "ends": "10:00"}
    refused = await client.post("/meetings", json=small, headers={"Idempotency-Key": "o"})
    assert refused.json()["type"] == "urn:moothall:problem:room-too-small"


async def test_clashes_name_the_meetings_in_the_way(office, client):
    await council(office)
    for identity, name, parts in ((EAST, "East Room", ()), (HALL, "Hall", (EAST,))):
        await office.do(
            rooms, identity, DescribeRoom(identity, name, "Town Hall", (Capacity("boardroom", 20),), parts=parts)
        )
    await office.catch_up()
    await office.call(room=room(EAST), members=(BEA,))
    await office.catch_up()

    async def in_the_way(hour, **asked):
        time = {"from": f"2026-09-23T{hour}:00:00Z", "until": f"2026-09-23T{hour + 1}:00:00Z"}
        return [(line["kind"], line["what"]) for line in (await client.get("/clashes", params=time | asked)).json()]

    assert await in_the_way(18, room_id=str(HALL), committee_id=str(PLANNING)) == [
        ("room", "East Room"), ("member", "Bea Pond"),
    ]  # fmt: skip
    assert await in_the_way(21, room_id=str(HALL), committee_id=str(PLANNING)) == []
    assert await in_the_way(18) == []


async def test_a_rooms_bookings_say_which_meeting_has_it_and_for_how_long(office, client):
    await council(office)
    for identity, name in ((EAST, "East Room"), (HALL, "Hall")):
        await office.do(rooms, identity, DescribeRoom(identity, name, "Town Hall", (Capacity("boardroom", 20),)))
    first, second = await office.call(room=replace(room(HALL, EAST), name="Hall")), await office.call()
    await office.catch_up()
    wanted = {"room_id": str(EAST), "layout": "boardroom", "needed": 12}
    taken = await client.put(f"/meetings/{second}/room", json=wanted, headers={"Idempotency-Key": "b"})
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:moothall:problem:room-taken")
    week = {"from": "2026-09-21T00:00:00Z", "until": "2026-09-28T00:00:00Z"}
    lines = (await client.get("/rooms/bookings", params=week)).json()
    assert [(line["room"], line["part"], line["setup_from"], line["clear_to"]) for line in lines] == [
        ("East Room", True, "2026-09-23T17:30:00Z", "2026-09-23T20:15:00Z"),
        ("Hall", False, "2026-09-23T17:30:00Z", "2026-09-23T20:15:00Z"),
    ]
    await office.do(meetings, first, CancelMeeting("No business", date(2026, 9, 1)))
    booked = await client.put(f"/meetings/{second}/room", json=wanted, headers={"Idempotency-Key": "c"})
    assert booked.status_code == 200, booked.text
    await office.catch_up()
    lines = (await client.get("/rooms/bookings", params=week)).json()
    assert [(line["room"], line["meeting_id"]) for line in lines] == [("East Room", str(second))]


async def test_the_calendar_shows_moves_and_cancellations(office, client):
    await council(office)
    moved, gone = await office.call(room=room(HALL)), await office.call()
    await office.do(meetings, moved, MoveMeeting(Sitting(date(2026, 9, 30), time(18), time(20)), "Clash", IN_AUGUST))
    await office.do(meetings, gone, CancelMeeting("No business", date(2026, 9, 1)))
    await office.catch_up()
    listed = (await client.get("/meetings", params={"from": "2026-09-01", "until": "2026-09-30"})).json()
    assert [(line["day"], line["status"], line["publish_by"]) for line in listed] == [
        ("2026-09-23", "cancelled", "2026-09-15"), ("2026-09-30", "confirmed", "2026-09-22"),
    ]  # fmt: skip
    assert (await client.get("/meetings", params={"from": "2020-01-01", "until": "2026-01-01"})).status_code == 422
    await office.rebuilt_views_are_equal()


async def test_agendas_that_are_due_stand_in_the_order_of_their_last_days(office, client):
    await council(office)
    second, first = await office.call(sitting=Sitting(date(2026, 9, 30), time(18), time(20))), await office.call()

    async def due():
        await office.catch_up()
        return [line["meeting_id"] for line in (await client.get("/agendas/due")).json()]

    assert await due() == [str(first), str(second)]
    await office.do(meetings, first, AddAgendaItem(FIRST, "Minutes", IN_AUGUST), PublishAgenda(IN_AUGUST, IN_AUGUST))
    assert await due() == [str(second)]
    await office.do(meetings, first, MoveMeeting(Sitting(date(2026, 10, 7), time(18), time(20)), "Clash", IN_AUGUST))
    assert await due() == [str(second), str(first)]  # members are summoned anew


async def test_only_members_in_office_are_appointed(office, client):
    await council(office)
    path = f"/committees/{PLANNING}/seats"
    for member, day, status in ((CAL, "2023-05-23", 200), (CAL, "2023-05-01", 409), (DOT, "2023-05-23", 409)):
        asked = {"role": "member", "from_on": day}
        answer = await client.put(f"{path}/{member}", json=asked, headers={"Idempotency-Key": f"{member}{day}"})
        assert answer.status_code == status, answer.text
    assert answer.json()["type"] == "urn:moothall:problem:not-in-office"


async def test_only_democratic_services_read_what_an_exempt_item_is_about(office, client):
    await council(office)
    meeting = await office.call()
    await office.do(meetings, meeting, SECRET)
    await office.catch_up()
    assert (await client.get(f"/meetings/{meeting}")).json()["agenda"][0]["full_title"] == "Purchase of 1 Harbour Way"
    as_member = client.idp.bearer(roles=["member"])
    answer = await client.get(f"/meetings/{meeting}", headers=as_member)
    assert answer.json()["agenda"][0]["title"] == "Property matter"
    assert "Harbour" not in answer.text
    assert (await client.get(f"/meetings/{meeting}", headers=client.idp.bearer(roles=["canvasser"]))).status_code == 404
    payloads = await office.core.pool.fetch("SELECT payload::text AS text FROM event")
    assert not any("Harbour" in row["text"] for row in payloads)  # sealed in the store, so in Kafka and in backups


async def test_attendance_and_interests_are_on_the_page_until_the_person_is_erased(office, client):
    await council(office)
    meeting = await office.call(members=(ADA, BEA))
    await office.do(
        meetings, meeting, AddAgendaItem(FIRST, "Application 26/001", IN_AUGUST),
        PublishAgenda(at(LAST_DAY), at(LAST_DAY)), RecordAttendance(ADA, "present", WEDNESDAY, time(19), time(20)),
        DeclareInterest(ADA, person(ADA), "disclosable-pecuniary", "Owns the land", FIRST, left_room=True),
        RecordHeld(at(WEDNESDAY, 18), at(WEDNESDAY, 20)),
    )  # fmt: skip
    await office.catch_up()
    page = (await client.get(f"/meetings/{meeting}")).json()
    assert [(line["name"], line["attendance"]) for line in page["members"]] == [
        ("Ada Marsh", "present"),
        ("Bea Pond", None),
    ]
    assert (page["declarations"][0]["nature"], page["status"], page["clear_days"]) == ("Owns the land", "held", 5)
    await office.core.execute.erase(person(ADA), legal_basis="UK GDPR art.17", asked_by="the person", by=by())
    office.core.keys._cache.clear()
    await office.catch_up()
    page = (await client.get(f"/meetings/{meeting}")).json()
    assert page["declarations"][0]["nature"] is None
    assert {line["name"] for line in page["members"]} == {None, "Bea Pond"}
    kept = str([await office.core.rows(f"members.{table}") for table in ("member", "term")])
    assert not any(text in kept for text in ("Ada", "Marsh", "ada@mootshire"))
    await office.rebuilt_views_are_equal()


async def test_a_member_page_has_seats_group_and_terms(office, client):
    await council(office)
    await office.catch_up()
    page = (await client.get(f"/members/{ADA}")).json()
    assert (page["name"], page["group"], page["email"]) == ("Ada Marsh", "Independents", "ada@mootshire.example")
    assert [(seat["committee"], seat["role"]) for seat in page["seats"]] == [("Planning Committee", "chair")]
    assert page["terms"] == [{"from_on": "2023-05-08", "left_on": None}]
    assert [m["name"] for m in (await client.get("/members")).json()["items"]] == ["Cal Ash", "Ada Marsh", "Bea Pond"]
    clerk = client.idp.bearer(roles=["finance-clerk"])
    assert (await client.get(f"/members/{ADA}", headers=clerk)).status_code == 200
    other = client.idp.bearer(roles=["dem-services"], authorities=["E07000041"])
    assert (await client.get(f"/members/{ADA}", headers=other)).status_code == 404


async def test_a_committee_page_says_who_sits_and_what_is_vacant(office, client):
    await council(office)
    await office.catch_up()
    page = (await client.get(f"/committees/{PLANNING}")).json()
    assert [(line["name"], line["role"]) for line in page["sitting"]] == [
        ("Ada Marsh", "chair"),
        ("Bea Pond", "member"),
    ]
    assert (page["vacancies"], page["quorum"]) == (11, 4)
    assert (await client.get(f"/committees/{PLANNING}", params={"on": "2023-05-22"})).json()["sitting"] == []
    (group,) = (await client.get("/groups")).json()
    assert (group["name"], group["members"]) == ("Independents", sorted([str(ADA), str(CAL)]))


async def test_who_leaves_office_leaves_seats_group_and_the_meetings_to_come(office, client):
    await council(office)
    meeting = await office.call(members=(ADA, BEA))
    await office.catch_up()
    await office.do(members, ADA, LeaveOffice(date(2026, 9, 10), "resigned"))
    await office.catch_up()
    assert [line["name"] for line in (await client.get(f"/meetings/{meeting}")).json()["members"]] == ["Bea Pond"]
    on = {"on": "2026-09-11"}
    assert [s["name"] for s in (await client.get(f"/committees/{PLANNING}", params=on)).json()["sitting"]] == [
        "Bea Pond"
    ]
    assert (await client.get("/groups")).json() == []
    await office.seat(CAL, on=date(2026, 9, 14))
    await office.catch_up()
    assert [m["name"] for m in (await client.get(f"/meetings/{meeting}")).json()["members"]] == ["Cal Ash", "Bea Pond"]


async def test_a_member_who_stays_away_is_on_the_list_of_absences_until_they_come(office, client):
    await council(office)
    sitting = Sitting(date(2027, 1, 14), time(19), time(21))
    meeting = await office.call(sitting=sitting, members=(ADA, BEA))
    await office.do(
        meetings, meeting, RecordAttendance(ADA, "present", sitting.day), RecordAttendance(BEA, "online", sitting.day)
    )  # fmt: skip
    await office.catch_up()
    await office.let_time_pass(date(2027, 5, 13))
    assert (await client.get("/absences")).json() == []
    for day, stage in (
        (date(2027, 5, 14), "4-months"),
        (date(2027, 6, 29), "5.5-months"),
        (date(2027, 7, 15), "lapsed"),
    ):
        await office.let_time_pass(day)
        (absence,) = (await client.get("/absences")).json()
        assert (absence["name"], absence["stage"], absence["lapses_after"]) == ("Ada Marsh", stage, "2027-07-14")
    await office.do(members, ADA, ApproveAbsence(date(2027, 7, 1), date(2027, 12, 31), "Illness"))
    await office.catch_up()
    assert (await client.get("/absences")).json() == []
