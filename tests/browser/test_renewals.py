"""A campaign of renewal opened, asked and looked into; what is due comes into My work."""

from __future__ import annotations

import re
from datetime import date
from random import choices
from string import ascii_lowercase

import pytest
from playwright.async_api import Page, expect

from desk.rooms.renewals.pages import coming, title_of
from shared.eventcore.clock import london_date, system_clock
from tests.browser.conftest import Officer
from tests.browser.keyboard import press
from tests.browser.looking import comes, look_at
from tests.browser.people import settled
from tests.browser.system import System

LAST_JANUARY = date(london_date(system_clock()).year - 1, 1, 31)
"""Of whose campaign every notice is due."""


async def opens(page: Page) -> None:
    await page.get_by_role("link", name="Register", exact=True).click()
    await page.get_by_role("link", name="Renewals").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Renewal of absent votes")


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_campaign_is_opened_and_each_figure_opens_its_list(officer: Officer, system: System, scripts: bool):
    one = coming(london_date(system_clock()))[-1 if scripts else 0]
    page = await officer(scripts=scripts)
    await opens(page)
    if await (
        choice := page.get_by_role("radio", name=one.title)
    ).count():  # nobody opened it in another test of this system
        await look_at(page, "renewals-to-open") if scripts else None
        await page.get_by_role("button", name="Open the campaign").click() if not scripts else None
        if not scripts:
            await expect(page.get_by_role("alert")).to_contain_text("Choose a campaign")
        await choice.check()
        await page.get_by_role("button", name="Open the campaign").click()
    await expect(page.get_by_role("heading", name=one.title)).to_be_visible()
    await look_at(page, "renewals") if scripts else None
    await page.get_by_role("link", name=re.compile(f"To be asked, {re.escape(one.title)}")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"To be asked: {one.title}")
    await look_at(page, "renewals-electors") if scripts else None


async def test_renewals_are_reached_by_keyboard_alone(officer: Officer):
    page = await officer()
    await press(page, "Register")
    await press(page, "Renewals")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Renewal of absent votes")


@pytest.fixture(scope="module")
def principal(system: System) -> str:
    """An elector who appointed a proxy until further notice seven years ago, and never signed again."""
    voters = [
        line["elector_id"]
        for line in settled(system)
        if not system.ask("registration", f"/electors/{line['elector_id']}/absent-votes")["arrangements"]
    ]
    elector = str(voters[-1])  # other tests take the first ones
    proxy = {
        "name": {"first": "Robin", "last": f"Sample{''.join(choices(ascii_lowercase, k=8))}"}, "eligible": True,
        "address": {"street": "3 Vetch Close", "town": "Gavelford", "postcode": "ZZ9 9ZZ"},
    }  # fmt: skip
    body = {
        "kind": "indefinite", "ground": "registered-blind", "consents": True, "proxy": proxy,
        "applied_at": f"{LAST_JANUARY.year - 7}-03-02T10:00:00Z",
    }  # fmt: skip
    system.tell("registration", f"/electors/{elector}/proxy", body)
    return elector


async def test_who_has_to_sign_again_is_asked_with_one_click(officer: Officer, system: System, principal: str):
    system.tell("registration", "/renewal-campaigns", {"need": "signature", "ends_on": LAST_JANUARY.isoformat()})
    title = title_of("signature", LAST_JANUARY)
    page = await officer()
    await opens(page)
    ask = page.get_by_role("button", name=re.compile(rf"^Ask the \d+ who are due.*{title}"))
    await comes(page, ask)
    await look_at(page, "renewals-due")
    await ask.click()
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    await expect(ask).to_have_count(0)  # the page has seen what it did
    await page.get_by_role("link", name=re.compile(rf"Waiting for an answer, {title}")).click()
    await look_at(page, "renewals-asked")
    await expect(page.locator(f'main a[href="/electors/{principal}/absent-votes"]')).to_be_visible()
