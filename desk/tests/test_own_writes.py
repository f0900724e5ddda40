"""An officer sees what they have just done: the desk asks for no less than what it was told it wrote, and says where a page is older."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import JSONResponse

from desk.tests.conftest import Office, token_of

ENQUIRY = UUID(int=5)
CALL = {
    "channel": "phone", "kind": "general", "received_on": "8/6/2026", "enquirer": "A Sample", "contact": "",
    "summary": "When is the next meeting?",
}  # fmt: skip


async def test_a_page_after_a_command_asks_for_the_position_that_the_command_was_given(office: Office):
    receipt = JSONResponse({"stream_id": str(ENQUIRY)}, headers={"X-Position": "12:345"})
    async with office.browser() as browser:
        await office.sign_in(browser, "correspondence")
        page = await browser.get("/post/new")
        office.neighbour.answers["/enquiries"] = receipt
        sent = await browser.post("/post/new", data=CALL | {"csrf": token_of(page.text), "key": "k1"})
        assert sent.headers["location"] == f"/post/{ENQUIRY}"
        await browser.get(sent.headers["location"])
    assert office.neighbour.positions[f"/enquiries/{ENQUIRY}"] == "12:345"


async def test_a_position_of_one_officer_is_no_other_officers(office: Office):
    office.neighbour.answers["/enquiries"] = JSONResponse({"items": [], "next": None})
    async with office.browser() as browser:
        await office.sign_in(browser, "correspondence")
        await browser.get("/post")
    assert office.neighbour.positions["/enquiries"] == ""


async def test_a_page_that_could_not_wait_says_as_of_when_it_is(office: Office):
    found = [{"kind": "elector", "id": str(ENQUIRY), "label": "Ada Marsh", "matched_by": "name", "ended": False}]
    async with office.browser() as browser:
        await office.sign_in(browser)
        office.neighbour.answers["/search"] = JSONResponse(found, headers={"X-Stale": "true"})
        assert "As of " in (await browser.get("/search?q=marsh")).text
        office.neighbour.answers["/search"] = found
        assert "As of " not in (await browser.get("/search?q=marsh")).text
