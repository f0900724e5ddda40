"""The papers of a poll: what they say, and that anybody can read them, by eye, by ear or on paper."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import BytesIO
from itertools import pairwise
from uuid import UUID

import pytest
from lxml import html
from pypdf import PdfReader

from services.elections.papers.notices import clock, explanation, paper_of, published, render
from services.elections.papers.paper import html as page_html
from services.elections.papers.paper import pdf
from services.elections.polls.commands import (
    ArrangeNominations,
    CountHolidays,
    CreateElection,
    ProposedContest,
    PublishNotice,
)
from services.elections.polls.decider import elections
from shared.eventcore.testing.specs import spec
from shared.events.elections import ElectionId, ElectoralArea, Organisation, ProclaimedHoliday
from shared.law.voting_systems import PollKind

LOCAL = CreateElection(
    ElectionId(UUID(int=7)), PollKind.LOCAL, date(2026, 5, 7), Organisation("Mootshire District Council", "mootshire"),
    (
        ProposedContest(ElectoralArea("ward", "Gorse & <Heath>", "E05999001"), 1, "local.mootshire.gorse.2026-05-07"),
        ProposedContest(ElectoralArea("ward", "Moor", "E05999002"), 3, "local.mootshire.moor.2026-05-07"),
    ),
    (), "democracy-club", created_on=date(2026, 1, 5),
)  # fmt: skip
ARRANGED = ArrangeNominations("Moot Hall", "the Moot Hall", time(9, 30), time(16), "R. Officer", date(2026, 3, 2))
MORNING = datetime(2026, 3, 27, 9, tzinfo=UTC)


def poll(*commands):
    told = spec(elections)
    for command in commands:
        told = told.given(*told.when(command).events)
    return told.state()


@pytest.fixture(params=["notice-of-election", "timetable"])
def page(request):
    return html.document_fromstring(render(request.param, poll(LOCAL, ARRANGED), MORNING)[0])


def text(document):
    words = " ".join(" ".join(document.find("body").itertext()).split())
    return words.replace(" ,", ",").replace(" .", ".")


def test_a_page_has_a_language_a_title_and_one_main_heading(page):
    assert page.get("lang") == "en-GB"
    assert page.getroottree().docinfo.doctype == "<!DOCTYPE html>"
    assert page.find(".//title").text.endswith("Mootshire District Council, Thursday 7 May 2026")
    assert len(page.findall(".//h1")) == len(page.findall(".//main")) == 1
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4")]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_every_table_has_a_caption_and_cells_know_their_headings(page):
    for table in page.iter("table"):
        assert table.find("caption").text_content().strip()
        assert {th.get("scope") for th in table.findall("thead//th")} == {"col"}
        assert all(row.find("th").get("scope") == "row" for row in table.findall("tbody/tr"))


def test_every_day_is_readable_by_machines_as_well(page):
    for moment in page.iter("time"):
        datetime.fromisoformat(moment.get("datetime"))


def test_nothing_on_a_page_is_fetched_from_elsewhere(page):
    assert not [e for e in page.iter() if e.get("src") or (e.tag == "link")]


def test_the_notice_of_election_says_where_what_and_until_when():
    said = text(html.document_fromstring(render("notice-of-election", poll(LOCAL, ARRANGED), MORNING)[0]))
    for needed in (
        "Gorse & <Heath> 1", "Moor 3",
        "delivered to the Returning Officer at Moot Hall, on any working day after Friday 27 March 2026, "
        "between 9:30am and 4pm, and no later than 4pm on Thursday 9 April 2026",
        "the poll will be on Thursday 7 May 2026, from 7am to 10pm.",
        "Applications to register 11:59pm on Monday 20 April 2026",
        "5pm on Tuesday 21 April 2026",
        "Dated Friday 27 March 2026 R. Officer, Returning Officer",
    ):  # fmt: skip
        assert needed in said


def test_the_timetable_explains_each_day_in_plain_english():
    said = text(html.document_fromstring(render("timetable", poll(LOCAL), MORNING)[0]))
    assert (
        "25 working days before the poll on Thursday 7 May 2026, not counting weekends, 3 April (Good Friday), "
        "6 April (Easter Monday) and 4 May (Early May bank holiday)." in said
    )
    assert "Sunday" not in said.replace("Easter Sunday", "")


def test_a_proclaimed_holiday_is_named():
    mourning = ProclaimedHoliday(date(2026, 4, 27), "Day of mourning", ("england-and-wales",))
    moved = poll(LOCAL, CountHolidays((mourning,), date(2026, 3, 2)))
    said = text(html.document_fromstring(render("timetable", moved, MORNING)[0]))
    assert "Day of mourning: Monday 27 April 2026" in said
    assert "27 April (Day of mourning)" in said


def test_a_notice_is_dated_by_the_london_day():
    late = datetime(2026, 3, 30, 23, 30, tzinfo=UTC)  # half past midnight in London
    assert "Dated Tuesday 31 March 2026" in text(html.document_fromstring(render("timetable", poll(LOCAL), late)[0]))


def test_the_same_facts_on_the_same_day_give_the_same_words():
    once, again = (
        render("timetable", poll(LOCAL), replace_minute) for replace_minute in (MORNING, MORNING.replace(hour=15))
    )
    assert once == again


@pytest.mark.parametrize(
    ("at", "said"), [(time(16), "4pm"), (time(9, 30), "9:30am"), (time(12), "noon"), (time(23, 59), "11:59pm"), (time(7), "7am")]
)  # fmt: skip
def test_times_are_written_as_on_gov_uk(at, said):
    assert clock(at) == said


def test_a_day_without_skipped_days_says_only_its_rule():
    (step,) = [s for s in poll(LOCAL).steps if s.key == "poll"]
    assert explanation(step) == "On polling day."
    assert explanation(replace(step, skipped=())) == "On polling day."


# ----------------------------------------------------------------------- PDF


@pytest.mark.parametrize("notice", ["notice-of-election", "timetable"])
def test_the_pdf_is_tagged_titled_in_english_and_says_the_same(notice):
    paper = paper_of(notice, poll(LOCAL, ARRANGED), MORNING)
    written = pdf(paper)
    read = PdfReader(BytesIO(written))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert read.metadata.title == paper.title
    said = "".join("".join(page.extract_text() for page in read.pages).split())
    for expected in ("ReturningOfficer" if notice == "notice-of-election" else "GoodFriday", "4pmonThursday9April2026"):
        assert expected in said
    assert pdf(paper) == written


def test_what_an_officer_wrote_is_never_read_as_markup():
    wild = replace(ARRANGED, place="#panic() *Moot* $Hall$ <b>")
    paper = paper_of("notice-of-election", poll(LOCAL, wild), MORNING)
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf(paper))).pages)
    assert "#panic() *Moot* $Hall$ <b>" in " ".join(said.split())
    assert "&lt;b&gt;" in page_html(paper)


def test_a_published_paper_is_made_again_from_the_events_up_to_its_publication():
    content, sha256 = render("notice-of-election", poll(LOCAL, ARRANGED), MORNING)
    told = spec(elections)
    mourning = ProclaimedHoliday(date(2026, 4, 27), "Day of mourning", ("england-and-wales",))
    hung = PublishNotice("notice-of-election", MORNING, content, sha256)
    for command in (LOCAL, ARRANGED, hung, CountHolidays((mourning,), date(2026, 3, 28))):
        told = told.given(*told.when(command).events)
    again = published("notice-of-election", told.history)
    assert again is not None
    assert page_html(again) == content
    assert published("timetable", told.history) is None
