"""Modern.Gov's read service as its clients use it: scrapers by GET, older systems by SOAP."""

import html
from dataclasses import replace
from datetime import date, time

import pytest
from lxml import etree

from services.committees.exchange import moderngov
from services.committees.groups.decider import FormGroup, groups
from services.committees.meetings.commands import (
    AddAgendaItem,
    CancelMeeting,
    PublishAgenda,
    ReceiveApologies,
    RecordHeld,
)
from services.committees.meetings.decider import meetings
from services.committees.members.decider import LeaveOffice, members
from services.committees.tests.sentences import (
    ADA,
    BEA,
    CAL,
    COUNCIL,
    FIRST,
    HALL,
    IN_AUGUST,
    INDEPENDENTS,
    LAST_DAY,
    SECOND,
    THIRD,
    WEDNESDAY,
    at,
    body,
    room,
)
from shared.events.values_committees import Sitting, public_number

PATH = "/mgWebService.asmx"
CALL = """<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<GetMeetings xmlns="http://moderngov.co.uk/namespaces"><lCommitteeId>{}</lCommitteeId>
<sFromDate>01/09/2026</sFromDate><sToDate>30/09/2026</sToDate></GetMeetings></soap:Body></soap:Envelope>"""
SEPTEMBER = {"sFromDate": "01/09/2026", "sToDate": "30/09/2026"}


@pytest.fixture
async def asked(office, client):
    """`await asked("GetMeetings", …)`: the root of the answer to somebody who has not signed in."""
    client.headers.pop("Authorization")

    async def ask(method, **parameters):
        answer = await client.get(f"{PATH}/{method}", params=parameters)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        return etree.fromstring(answer.content)

    return ask


async def council(office):
    await office.elect(ADA, "Ada", "O'Marsh", number=101)
    await office.elect(BEA, "Bea", "Pond", ward="Anchor", number=102)
    await office.elect(CAL, "Cal", "Ash", ward="Anchor", number=103)
    await office.do(groups, INDEPENDENTS, FormGroup(INDEPENDENTS, "Independents", ADA, (ADA, BEA), date(2023, 5, 9)))
    await office.create(title="Planning & Licensing Committee", category="Regulatory", number=42)
    await office.seat(ADA, "chair")
    await office.seat(BEA)


def texts(root, path):
    return [html.unescape(element.text or "") for element in root.findall(path)]


async def test_committees_are_counted_and_told_by_number(office, asked):
    await council(office)
    await office.create(COUNCIL, "Council", kind="council", seats=51)
    await office.catch_up()
    root = await asked("GetCommittees", lDummy="0")
    assert [child.tag for child in root] == ["committeescount", "committee", "committee"]
    assert root.findtext("committeescount") == "2"
    assert [(c.tag, html.unescape(c.text or "")) for c in root[2]] == [
        ("committeeid", "42"), ("committeetitle", "Planning & Licensing Committee"), ("committeedeleted", "False"),
        ("committeeexpired", "False"), ("committeecategory", "Regulatory"),
    ]  # fmt: skip


async def test_councillors_are_read_by_ward_as_scrapers_read_them(office, asked):
    await council(office)
    await office.do(members, CAL, LeaveOffice(date(2026, 8, 1), "resigned"))
    await office.catch_up()
    root = await asked("GetCouncillorsByWard")
    assert (root.tag, texts(root, "wards/ward/wardtitle")) == ("councillorsbyward", ["Anchor", "Lantern"])
    ada = root.find("wards/ward[2]/councillors/councillor")
    assert texts(root, "wards/ward/councillors/councillorcount") == ["1", "1"]
    read = {tag: html.unescape(ada.findtext(f".//{tag}")) for tag in (
        "councillorid", "fullusername", "politicalpartytitle", "politicalgrouptitle", "representing", "keyposts", "email",
        "line1", "postcode", "startdate",
    )}  # fmt: skip
    assert read == {
        "councillorid": "101", "fullusername": "Councillor Ada O'Marsh", "politicalpartytitle": "Independent",
        "politicalgrouptitle": "Independents", "representing": "Lantern",
        "keyposts": "Chair of Planning & Licensing Committee", "email": "ada@mootshire.example", "line1": "Town Hall",
        "postcode": "ZZ1 1AA", "startdate": "08/05/2023",
    }  # fmt: skip
    assert ada.findall(".//enddate")[-1].text == "unspecified"
    assert ada.find("homeaddress") is None


async def test_text_is_escaped_twice(office, client):
    await council(office)
    await office.catch_up()
    assert b"Councillor Ada O&amp;#39;Marsh<" in (await client.get(f"{PATH}/GetCouncillorsByWard")).content


async def test_the_meetings_of_a_body_between_two_days(office, asked):
    await council(office)
    await office.call(number=7)
    gone = await office.call(sitting=Sitting(date(2026, 9, 30), time(10), time(12)))
    await office.call(sitting=Sitting(date(2026, 10, 1), time(10), time(12)))
    await office.do(meetings, gone, CancelMeeting("No business", IN_AUGUST.date()))
    await office.catch_up()
    root = await asked("GetMeetings", lCommitteeId="42", **SEPTEMBER)
    listed = root.findall("committee/committeemeetings/meeting")
    assert [[child.text for child in element] for element in listed] == [
        ["7", "23/09/2026", "19:00", "Confirmed", "False"],
        [str(public_number(gone)), "30/09/2026", "10:00", "Cancelled", "False"],
    ]  # fmt: skip
    assert [child.tag for child in listed[0]] == [
        "meetingid",
        "meetingdate",
        "meetingtime",
        "meetingstatus",
        "iswebcast",
    ]


async def test_all_meetings_by_date_takes_minus_one_for_all_and_nought_for_none(office, asked):
    await council(office)
    await office.create(COUNCIL, "Council", kind="council", seats=51, number=43)
    await office.call(number=7)
    full_council = replace(body("council"), committee_id=COUNCIL)
    await office.call(number=8, body=full_council, sitting=Sitting(date(2026, 9, 24), time(10), time(12)))
    await office.catch_up()
    found = {}
    for committee in ("-1", "0", "42", "99"):
        root = await asked("GetAllMeetingsByDate", lCommitteeId=committee, bIsAscendingDateOrder="False", **SEPTEMBER)
        found[committee] = texts(root, "meetings/meeting/meetingid")
        assert root.findtext("meetingscount") == str(len(found[committee]))
    assert found == {"-1": ["8", "7"], "0": [], "42": ["7"], "99": []}
    root = await asked("GetAllMeetingsByDate", lCommitteeId="-1", bIsAscendingDateOrder="true", **SEPTEMBER)
    assert texts(root, "meetings/meeting/meetingid") == ["7", "8"]
    assert texts(root, "meetings/meeting/committeetitle") == ["Planning & Licensing Committee", "Council"]


async def test_a_meeting_shows_its_published_agenda_and_nothing_that_is_exempt(office, asked, client):
    await council(office)
    meeting = await office.call(number=7, members=(ADA, BEA), room=room(HALL), venue="Town Hall", webcast=True)
    await office.do(
        meetings, meeting, AddAgendaItem(FIRST, "Part 1", IN_AUGUST, heading=True),
        AddAgendaItem(SECOND, "Application 26/001", IN_AUGUST, for_decision=True),
        AddAgendaItem(
            THIRD, "Property matter", IN_AUGUST, part=2, paragraphs=(3,), full_title="Purchase of 1 Harbour Way",
            public_interest_reason="Still being negotiated",
        ),
        ReceiveApologies(BEA, IN_AUGUST),
    )  # fmt: skip
    await office.catch_up()
    before = await asked("GetMeeting", lMeetingId="7")
    assert (before.findtext("agendapublished"), before.findall("agendaitems/agendaitem")) == ("False", [])
    await office.do(
        meetings, meeting, PublishAgenda(at(LAST_DAY), at(LAST_DAY)), RecordHeld(at(WEDNESDAY, 18, 2), at(WEDNESDAY, 20)),
    )  # fmt: skip
    await office.catch_up()
    root = await asked("GetMeeting", lMeetingId="7")
    plain = {
        child.tag: child.text for child in root if not len(child) and child.tag not in ("agendaitems", "attendees")
    }
    assert plain | {"committeetitle": ""} == {
        "meetingid": "7", "meetingdate": "23/09/2026", "meetingtime": "19:00", "meetingstatus": "Confirmed",
        "meetinglocation": "Room, Town Hall", "meetingactualstarttime": "19:02", "meetingactualfinishtime": "21:00",
        "meetingplannedfinishtime": "21:00", "iswebcast": "True", "agendapublished": "True", "minutepublished": "False",
        "decisionpublished": "False", "committeeid": "42", "committeetitle": "",
    }  # fmt: skip
    items = root.findall("agendaitems/agendaitem")
    told = ("agendaitemnumber", "agendaitemtitle", "isrestricted", "isdecision")
    assert [tuple(item.findtext(tag) for tag in told) for item in items] == [
        ("0", "Part 1", "False", "False"), ("1", "Application 26/001", "False", "True"), ("2", "Property matter", "True", "False"),
    ]  # fmt: skip
    (ada, bea) = root.findall("attendees/attendee")
    assert (ada.get("memberid"), ada.get("roledescription"), ada.get("attendance")) == ("101", "chair", "Expected")
    assert (bea.get("name"), bea.get("attendance"), bea.get("ward")) == ("Councillor Bea Pond", "Apologies", "Anchor")
    assert "Harbour" not in (await client.get(f"{PATH}/GetMeeting", params={"lMeetingId": "7"})).text


async def test_soap_and_get_give_the_same_answer(office, client, asked):
    await council(office)
    await office.call(number=7)
    await office.catch_up()
    by_get = await asked("GetMeetings", lCommitteeId="42", **SEPTEMBER)
    answer = await client.post(PATH, content=CALL.format(42), headers={"Content-Type": "text/xml"})
    result = etree.fromstring(answer.content).find(
        f"{{{moderngov.SOAP}}}Body/{{{moderngov.NAMESPACE}}}GetMeetingsResponse/{{{moderngov.NAMESPACE}}}GetMeetingsResult"
    )
    assert etree.tostring(result[0], method="c14n", exclusive=True) == etree.tostring(by_get, method="c14n")


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"lCommitteeId": "42", "sFromDate": "2026-09-01", "sToDate": "30/09/2026"}, "not-a-date"),
        ({"lCommitteeId": "42", "sFromDate": "01/09/2026", "sToDate": "31/09/2026"}, "not-a-date"),
        ({"lCommitteeId": "planning", **SEPTEMBER}, "not-a-number"),
        ({"lCommitteeId": "42", "sFromDate": "01/09/2026"}, "missing-parameter"),
    ],
)
async def test_what_modern_gov_would_ignore_is_refused(client, parameters, problem):
    answer = await client.get(f"{PATH}/GetMeetings", params=parameters)
    assert (answer.status_code, answer.json()["type"]) == (400, f"urn:moothall:problem:{problem}")


async def test_unknown_methods_and_malformed_calls_are_refused(client):
    assert (await client.get(f"{PATH}/GetCouncillors")).status_code == 404
    numbers = {"999": 404, "9999999999": 400, "٣": 400, "-": 400}
    for number, status in numbers.items():
        assert (await client.get(f"{PATH}/GetMeeting", params={"lMeetingId": number})).status_code == status
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]>' + CALL.format(42).encode()
    for content in (b"", b"<x/>", b"<soap", bomb):
        assert (await client.post(PATH, content=content)).status_code == 400
