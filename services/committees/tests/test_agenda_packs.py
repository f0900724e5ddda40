"""Agenda packs: the public one tells nothing it may not; a published pack stays as it was; the PDF is tagged."""

from dataclasses import replace
from datetime import date, time
from io import BytesIO

import pytest
from pypdf import PdfReader

from services.committees.meetings.commands import AddAgendaItem, MoveMeeting, PublishAgenda, WithdrawAgendaItem
from services.committees.meetings.decider import meetings
from services.committees.papers.agenda import NotPublished, html, pack_of, pdf
from services.committees.tests.sentences import FIRST, HALL, IN_AUGUST, LAST_DAY, SECOND, THIRD, at, room, schedule
from shared.eventcore.testing.specs import spec
from shared.events.values_committees import AgendaItemId, Sitting

HEADING = AddAgendaItem(FIRST, "Part 1", IN_AUGUST, heading=True)
PLAN = AddAgendaItem(SECOND, "Application 26/001 #strong[*<b>5 & 6</b>*]", IN_AUGUST, for_decision=True)
SECRET = AddAgendaItem(
    THIRD, "Property matter", IN_AUGUST, part=2, paragraphs=(5, 3), full_title="Purchase of 1 Harbour Way",
    public_interest_reason="The price is still being negotiated.",
)  # fmt: skip
PUBLISH = PublishAgenda(at(LAST_DAY), at(LAST_DAY))
LATE = AddAgendaItem(AgendaItemId(HALL), "Flood", at(date(2026, 9, 21)), urgency="The next tide")


def history(*commands):
    events = []
    for command in (schedule(room=room(HALL), venue="Town Hall"), *commands):
        events += spec(meetings).given(*events).when(command).events
    return events


def everything_in(document: bytes) -> str:
    """Text, bookmarks and metadata of a PDF, and its bytes: streams of text are compressed."""
    read = PdfReader(BytesIO(document))
    pages = " ".join(page.extract_text() for page in read.pages)
    return f"{pages} {read.outline} {read.metadata} {read.xmp_metadata and read.xmp_metadata.dc_title} {document!r}"


def test_the_public_pack_holds_no_word_of_what_an_exempt_item_is_about():
    pack = pack_of(history(HEADING, PLAN, SECRET, PUBLISH), 1)
    assert "Property matter" in html(pack)
    assert "Schedule 12A, paragraphs 3 and 5). The price is still being negotiated." in html(pack)
    for written in (html(pack), everything_in(pdf(pack)), repr(pack)):
        assert "Harbour" not in written
        assert "Purchase" not in written


def test_the_restricted_pack_holds_part_two_alone_and_every_page_is_marked():
    pack = pack_of(history(HEADING, PLAN, SECRET, PUBLISH), 1, restricted=True)
    assert [line.title for line in pack.lines] == ["Purchase of 1 Harbour Way"]
    assert pack.lines[0].number == "2"  # as in the public agenda
    read = PdfReader(BytesIO(pdf(pack)))
    assert all("NOT FOR PUBLICATION" in page.extract_text() for page in read.pages)
    assert "Not for publication" in html(pack)
    with pytest.raises(NotPublished):
        pack_of(history(HEADING, PLAN, PUBLISH), 1, restricted=True)


def test_what_officers_write_is_shown_and_never_read_as_markup():
    pack = pack_of(history(PLAN, PUBLISH), 1)
    assert "1. Application 26/001 #strong[*&lt;b&gt;5 &amp; 6&lt;/b&gt;*] (for decision)" in html(pack)
    (page,) = PdfReader(BytesIO(pdf(pack))).pages
    assert "#strong[*<b>5 & 6</b>*]" in page.extract_text()


def test_the_pdf_is_tagged_titled_and_has_a_bookmark_for_each_item():
    pack = pack_of(history(HEADING, PLAN, SECRET, PUBLISH), 1)
    read = PdfReader(BytesIO(pdf(pack)))
    root = read.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en-GB")
    assert read.metadata.title == "Agenda: Planning Committee, Wednesday 23 September 2026"
    assert "Property matter" in str(read.outline)
    assert pdf(pack) == pdf(pack)


def test_a_published_pack_stays_as_it_was_when_the_meeting_moves_and_items_go():
    before = history(HEADING, PLAN, SECRET, PUBLISH)
    moved = MoveMeeting(Sitting(date(2026, 10, 7), time(18), time(20)), "Clash", IN_AUGUST)
    after = history(HEADING, PLAN, SECRET, PUBLISH, moved, WithdrawAgendaItem(SECOND, "Withdrawn by the applicant"))
    assert pack_of(before, 1) == pack_of(after, 1)
    assert "Wednesday 23 September 2026, 7pm</time>, Room, Town Hall." in html(pack_of(after, 1))


def test_a_supplement_goes_on_counting_and_says_why_it_is_late():
    supplement = replace(PUBLISH, served_at=at(date(2026, 9, 21)), at=at(date(2026, 9, 21)))
    pack = pack_of(history(PLAN, PUBLISH, LATE, supplement), 2)
    assert [(line.number, line.title, line.urgency) for line in pack.lines] == [("2", "Flood", "The next tide")]
    assert pack.title.startswith("Supplementary agenda 1: ")


async def test_anybody_reads_the_public_pack_and_nobody_else_the_restricted_one(office, client):
    meeting = await office.call()
    await office.do(meetings, meeting, PLAN, SECRET)
    stranger = {"Authorization": ""}
    path = f"/agendas/{meeting}/1"
    assert (await client.get(f"{path}.html", headers=stranger)).status_code == 404  # not published yet
    await office.do(meetings, meeting, PUBLISH)
    page = await client.get(f"{path}.html", headers=stranger)
    assert (page.status_code, "Harbour" in page.text) == (200, False)
    document = await client.get(f"{path}.pdf", headers=stranger)
    assert document.headers["content-type"] == "application/pdf"
    assert "Harbour" not in everything_in(document.content)
    assert (await client.get(f"{path}/restricted.pdf", headers=stranger)).status_code == 401
    as_member = client.idp.bearer(roles=["member"])
    assert (await client.get(f"{path}/restricted.html", headers=as_member)).status_code == 404
    assert "Harbour" in (await client.get(f"{path}/restricted.html")).text
    assert await office.core.pool.fetchval("SELECT count(*) FROM read_log WHERE kind = 'restricted agenda'") == 1
