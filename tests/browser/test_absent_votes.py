"""A postal vote is granted and ended, a proxy appointed, and the record of them all shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to
from tests.browser.looking import look_at
from tests.browser.people import settled
from tests.browser.system import System


@pytest.fixture(scope="module")
def voters(system: System) -> Iterator[str]:
    """Electors who vote in person: each test takes one."""
    return (
        line["elector_id"]
        for line in settled(system)
        if not system.ask("registration", f"/electors/{line['elector_id']}/absent-votes")["arrangements"]
    )


async def test_a_postal_vote_is_granted_from_the_electors_page_and_ended_again(
    officer: Officer, system: System, voters: Iterator[str]
):
    page = await officer()
    await page.goto(f"{system.desk}/electors/{next(voters)}")
    await page.get_by_role("link", name="Grant, refuse or end an absent vote").click()
    await expect(page.locator(".desk-identity")).to_contain_text("Votes in person")
    await look_at(page, "absent-votes-none")
    await page.get_by_role("link", name="Grant a postal vote").click()
    await look_at(page, "absent-votes-grant")
    await page.get_by_role("button", name="Grant the postal vote").click()
    await expect(page.get_by_role("alert")).to_contain_text("Choose for how long")
    await look_at(page, "absent-votes-grant-error")
    await page.get_by_label("As long as the law allows").check()
    await page.get_by_role("button", name="Grant the postal vote").click()
    await expect(page.get_by_role("region", name="Granted and appointed")).to_contain_text("Stands")
    await look_at(page, "absent-votes-one")
    await page.get_by_role("link", name="Cancel the postal vote").click()
    await page.get_by_role("button", name="Cancel the postal vote").click()
    await expect(page.locator(".desk-identity")).to_contain_text("Votes in person")
    await expect(page.get_by_role("region", name="Granted and appointed")).to_contain_text("Ended")


async def test_a_postal_vote_is_granted_by_keyboard_alone(officer: Officer, system: System, voters: Iterator[str]):
    page = await officer()
    await page.goto(f"{system.desk}/electors/{next(voters)}/absent-votes")
    await press(page, "Grant a postal vote")
    await tab_to(page, "As long as the law allows")
    await page.keyboard.press("Space")
    await press(page, "Grant the postal vote")
    await expect(page.get_by_role("region", name="Granted and appointed")).to_contain_text("Stands")


async def test_a_postal_vote_elsewhere_and_a_proxy_are_granted_without_scripts(
    officer: Officer, system: System, voters: Iterator[str]
):
    page = await officer(scripts=False)
    elector = next(voters)
    await page.goto(f"{system.desk}/electors/{elector}/absent-votes/grant-postal-vote")
    await page.get_by_label("As long as the law allows").check()
    await page.get_by_label("House number and street").fill("7 Vetch Close")
    await page.get_by_label("Postcode").fill("zz9 9zz")
    await page.get_by_role("button", name="Grant the postal vote").click()
    await expect(page.get_by_role("alert")).to_contain_text("Say why the ballot goes to another address")
    await page.get_by_label("Why it goes there").fill("Away for work")
    await page.get_by_role("button", name="Grant the postal vote").click()
    await expect(page.get_by_role("region", name="Granted and appointed")).to_contain_text("To 7 Vetch Close, ZZ9 9ZZ")
    await page.get_by_role("link", name="Appoint a proxy").click()
    await _proxy(page)
    await expect(page.locator(".desk-identity")).to_contain_text("Proxy")
    await expect(page.locator(".desk-identity")).not_to_contain_text("Postal vote")


async def test_a_proxy_without_a_name_is_told_what_is_missing(officer: Officer, system: System, voters: Iterator[str]):
    page = await officer()
    await page.goto(f"{system.desk}/electors/{next(voters)}/absent-votes/appoint-proxy")
    await page.get_by_role("button", name="Appoint the proxy").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter the proxy’s address")
    await look_at(page, "absent-votes-proxy-error")


async def test_the_record_is_filtered_by_kind_and_signature(officer: Officer, system: System):
    page = await officer()
    await page.goto(f"{system.desk}/absent-votes")
    await page.get_by_label("Kind").select_option("Postal vote")
    await page.get_by_label("Signature").select_option("Missing")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main table")).to_contain_text("Missing")
    await look_at(page, "absent-votes-record")
    await page.get_by_label("Ends by").fill("1/1/2020")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main")).to_contain_text("No absent vote stands with these filters.")
    await look_at(page, "absent-votes-record-empty")


async def _proxy(page: Page) -> None:
    await page.get_by_label("Until further notice").check()
    await page.get_by_label("Ground").select_option(index=1)
    await page.get_by_label("Confirmed by").fill("Dr A Sample")
    await page.get_by_label("First name").fill("Robin")
    await page.get_by_label("Last name").fill("Sample")
    await page.get_by_label("House number and street").fill("3 Vetch Close")
    await page.get_by_label("Postcode").fill("ZZ9 9ZZ")
    for said in ("Consents to act", "Is or will be registered"):
        await page.get_by_label(said).check()
    await page.get_by_role("button", name="Appoint the proxy").click()
