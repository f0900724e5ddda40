"""Help on each field: closed it is one line, opened by keyboard it says what the law asks and leads to where it stands."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import tab_to
from tests.browser.looking import look_at
from tests.browser.system import System

OPEN_ALL = """() => {
  document.activeElement.blur();
  document.querySelectorAll(".desk-help").forEach(each => each.open = true);
}"""


async def test_what_the_law_asks_of_a_field_is_read_by_keyboard_alone(officer: Officer, system: System):
    page = await officer()
    await page.goto(f"{system.desk}/supplies/new?recipient=electoral-commission")
    await tab_to(page, "What the law asks: Purpose")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Each entitlement names its purposes")).to_be_visible()
    await page.keyboard.press("Tab")
    focused = await page.evaluate("document.activeElement.href")
    assert focused == "https://www.legislation.gov.uk/uksi/2001/341/regulation/96"
    for tied in await page.locator("[aria-details]").all():
        await expect(page.locator(f"details#{await tied.get_attribute('aria-details')}")).to_have_count(1)
    await page.evaluate(OPEN_ALL)
    await look_at(page, "help-open")
