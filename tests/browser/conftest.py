"""A real Chromium on a real system. `page` is signed in to nothing yet; `officer("ero-deputy")` is a page that is."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.looking import NARROW
from tests.browser.system import System, shared_system

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--disable-dev-shm-usage", "--no-first-run",
]  # fmt: skip
PATIENCE = 10_000
"""Milliseconds that an element may take to appear."""
Officer = Callable[..., Awaitable[Page]]
"""`await officer("registration-officer", scripts=False)`: a page at My work, signed in with that role."""


@pytest.fixture(scope="package")  # it stops when the last of these tests is done, and leaves the machine to the others
def system() -> Iterator[System]:
    if not _chromium():
        pytest.skip("no Chromium on this machine")
    with shared_system() as running:
        yield running


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    executable = _chromium()
    if not executable:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def officer(system: System, chromium: Browser) -> AsyncIterator[Officer]:
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def sign_in(
        role: str = "registration-officer", *, scripts: bool = True, narrow: bool = False, **options: object
    ) -> Page:
        size = NARROW if narrow else {"width": 1280, "height": 900}
        context = await chromium.new_context(viewport=size, java_script_enabled=scripts, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        # Whatever the policy refuses, and whatever a script does not survive, stands in the console.
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(system.desk)
        await page.get_by_role("link", name=f", {role}").click()
        await page.wait_for_url(f"{system.desk}/")
        return page

    yield sign_in
    for context in contexts:
        await context.close()
    assert complaints == []


def _chromium() -> str | None:
    return next((found for name in CHROMIUM if (found := shutil.which(name)) and Path(found).exists()), None)
