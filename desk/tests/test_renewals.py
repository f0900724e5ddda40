"""One click asks electors to renew until nobody waits, and says why it may not."""

from __future__ import annotations

from uuid import UUID

import pytest
from fastapi.responses import JSONResponse

from desk.rooms.renewals import pages
from desk.tests.conftest import Office, token_of

CAMPAIGN = str(UUID(int=9))


async def test_a_click_goes_on_until_nobody_waits(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "LAGGING_SECONDS", 0)
    office.neighbour.answers["/renewal-campaigns"] = []
    async with office.browser() as browser:
        await office.sign_in(browser)
        page = await browser.get("/renewals")
        left = iter([(500, 700), (500, 200), (0, 200), (200, 0)])

        def ran() -> JSONResponse:
            done, waiting = next(left)
            return JSONResponse({"done": done, "unchanged": 0, "waiting": waiting}, headers={"X-Position": "1:2,3:4"})

        office.neighbour.answers[f"/renewal-campaigns/{CAMPAIGN}/runs"] = ran
        sent = {"csrf": token_of(page.text), "key": "k1"}
        answer = await browser.post(f"/renewals/{CAMPAIGN}/notice", data=sent)
        assert answer.headers["location"] == f"/renewals#{CAMPAIGN}"
        await browser.get("/renewals")
    assert next(left, None) is None, "it stopped before the last"
    assert office.neighbour.positions["/renewal-campaigns"] == "1:2,3:4"


async def test_notices_that_are_not_due_are_refused_on_the_page(office: Office):
    refusal = {
        "type": "urn:moothall:problem:too-early-to-ask", "title": "Notices of this campaign are not due yet.",
        "detail": "They are due on 20 December 2026.", "status": 409,
    }  # fmt: skip
    office.neighbour.answers |= {
        "/renewal-campaigns": [],
        f"/renewal-campaigns/{CAMPAIGN}/runs": JSONResponse(refusal, 409),
    }
    async with office.browser() as browser:
        await office.sign_in(browser)
        sent = {"csrf": token_of((await browser.get("/renewals")).text), "key": "k1"}
        answer = await browser.post(f"/renewals/{CAMPAIGN}/notice", data=sent)
    assert answer.status_code == 409
    assert "They are due on 20 December 2026." in answer.text
