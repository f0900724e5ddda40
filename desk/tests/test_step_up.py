"""An officer whose sign-in is too old for what they want confirms that it is them, and comes back."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import httpx
import pytest
from fastapi.responses import JSONResponse

from desk.tests.conftest import Office, token_of
from shared.service.step_up import INSUFFICIENT


@pytest.fixture
def strict(office: Office) -> Office:
    """Registration wants a fresh sign-in for everything."""
    challenge = {"WWW-Authenticate": f'Bearer error="{INSUFFICIENT}", max_age="900"'}
    refusal = JSONResponse({"type": "urn:moothall:problem:sign-in-too-old", "title": "Unauthorized"}, 401, challenge)
    office.neighbour.answers |= {"/search": refusal, "/notices": refusal}
    return office


def _link(page: httpx.Response) -> str:
    found = re.search(r'href="(/sign-in\?again=true[^"]*)"', page.text)
    assert found, page.text
    return unescape(found[1])


async def test_a_page_that_needs_a_fresh_sign_in_leads_through_it_and_back(strict: Office):
    async with strict.browser() as browser:
        await strict.sign_in(browser)
        page = await browser.get("/search?q=marsh")
        assert page.status_code == 401
        assert "Confirm that it is you" in page.text
        assert "sign-in of the last 15 minutes" in page.text
        asked = httpx.URL((await browser.get(_link(page))).headers["location"])
        assert asked.params["max_age"] == "0"
        back = await browser.get(asked.copy_merge_params({"user": "registration-officer"}))
        answer = await browser.get(back.headers["location"])
        assert answer.headers["location"] == "/search?q=marsh"


async def test_a_form_leads_back_to_the_page_that_it_stood_on(strict: Office):
    async with strict.browser() as browser:
        await strict.sign_in(browser)
        csrf = token_of((await browser.get("/authority")).text)
        sent = {"csrf": csrf, "draft": "frozen", "key": str(uuid4())}
        page = await browser.post(
            "/publication/publish", data=sent, headers={"Referer": f"{strict.url}/publication/draft?draft=frozen"}
        )
        assert page.status_code == 401
        assert _link(page) == "/sign-in?again=true&next=%2Fpublication%2Fdraft%3Fdraft%3Dfrozen"
        page = await browser.post(
            "/publication/publish", data=sent, headers={"Referer": "https://evil.example/publication"}
        )
        assert _link(page) == "/sign-in?again=true&next=%2F"


async def test_a_provider_that_did_not_ask_again_signs_nobody_in(strict: Office):
    """[OpenID Connect Core 3.1.2.1: a client that sent `max_age` checks `auth_time`]"""
    async with strict.browser() as browser:
        await strict.sign_in(browser)
        asked = httpx.URL((await browser.get("/sign-in?again=true")).headers["location"])
        an_hour_ago = asked.copy_remove_param("max_age").copy_merge_params(
            {"user": "registration-officer", "signed_in_ago": "3600"}
        )
        back = await browser.get(an_hour_ago)
        answer = await browser.get(back.headers["location"])
        assert answer.status_code == 400
        assert "You were not signed in" in answer.text


async def test_an_address_that_is_too_long_to_remember_leads_to_the_first_page_of_its_room(strict: Office):
    async with strict.browser() as browser:
        await strict.sign_in(browser)
        csrf = token_of((await browser.get("/authority")).text)
        sent = {"csrf": csrf, "draft": "frozen", "key": str(uuid4())}
        came_from = {"Referer": f"{strict.url}/publication/draft?draft={'x' * 3000}"}
        assert _link(await browser.post("/publication/publish", data=sent, headers=came_from)).endswith(
            "next=%2Fpublication"
        )
        assert (await strict.sign_in(browser, next="/search?q=" + "x" * 1900)).headers["location"].endswith("xxx")
