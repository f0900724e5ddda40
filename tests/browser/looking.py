"""What is asked of every screen: nothing that axe finds, no sideways scrolling at 400 %, readable in forced colours; and its picture
is kept under `.moot/screenshots/`, to be looked at."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from deploy.topology import ROOT

SCREENSHOTS = ROOT / ".moot" / "screenshots"
NARROW = {"width": 320, "height": 640}
"""A window of 1280 pixels at 400 %. [WCAG 2.2, 1.4.10]"""
WIDE = {"width": 1280, "height": 900}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def look_at(page: Page, name: str) -> None:
    """Check the page that is open, in all its shapes, and keep its pictures as `name`."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await expect(page.locator("h1"), "one h1 says what the page is for").to_have_count(1)
    found = await faults(page)
    assert not found, f"{name}: {found}"
    await page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    await page.set_viewport_size(NARROW)
    wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    await page.screenshot(path=SCREENSHOTS / f"{name}-400.png", full_page=True)
    assert wider <= 0, f"{name} scrolls sideways by {wider} pixels at 400 %"
    await page.set_viewport_size(WIDE)
    await page.emulate_media(forced_colors="active")
    await page.screenshot(path=SCREENSHOTS / f"{name}-forced-colours.png", full_page=True)
    await page.emulate_media(forced_colors="none")


async def comes(page: Page, what: Locator) -> None:
    """Open the page again until it shows what a policy or a view brings about a moment later."""
    for _ in range(20):
        if await what.count():
            return
        await page.wait_for_timeout(500)
        await page.reload()
    raise AssertionError(f"does not come: {what}")


async def faults(page: Page) -> list[str]:
    """What axe finds, each as `rule: element`."""
    found = await Axe().run(page, options=RULES)
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found.response["violations"] for node in fault["nodes"]]
