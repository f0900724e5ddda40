"""The visiting officer's app in a real browser: a round is walked without a network and uploaded when there is one again."""

from __future__ import annotations

import asyncio
import re
import shutil
from contextlib import asynccontextmanager

import pytest
import uvicorn

from deploy.local.process import free_port
from services.registration.visits.tests.test_visits import AUGUST, PASSPHRASE, round_for, street
from shared.events.registration import VisitConflictFound

playwright = pytest.importorskip("playwright.async_api", reason="Playwright is not installed here")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASS = re.compile(r"round\.[\w-]{20,}\.")
KEPT_ON_DEVICE = """async () => {
    const db = await new Promise((done) => { const o = indexedDB.open("canvass", 1); o.onsuccess = () => done(o.result); });
    const all = (name) => new Promise((done) => {
        const asked = db.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result);
    });
    return JSON.stringify([await all("rounds"), await all("records"), { ...localStorage }, { ...sessionStorage }]);
}"""


@asynccontextmanager
async def served(app, port):
    """The API over a real port, until the network 'goes'."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, lifespan="off", log_level="error"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def browsing():
    async with playwright.async_playwright() as browsers:
        chromium = await browsers.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        context = await chromium.new_context()
        await context.clock.set_fixed_time(f"{AUGUST}T09:00:00Z")
        page = await context.new_page()
        page.set_default_timeout(15_000)
        try:
            yield page
        finally:
            await chromium.close()


async def unlock(page):
    await page.get_by_label("Passphrase of this round").fill(PASSPHRASE)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("heading", name="AB, Monday").wait_for()


async def test_a_visit_is_recorded_without_a_network_and_uploaded_later_and_a_conflict_is_a_card(canvassers):
    homes = await street(canvassers, ("2", "4"))
    identity = await round_for(canvassers)
    port = free_port()
    code = (await canvassers.said(f"/rounds/{identity}/enrolment", None))["code"]
    async with browsing() as page:
        async with served(canvassers.app, port):
            await page.goto(f"http://127.0.0.1:{port}/canvass-app/index.html#{code}")
            await page.evaluate("navigator.serviceWorker.ready")
            await page.get_by_role("button", name="Enrol this device").click()
            await page.get_by_role("button", name="Download AB, Monday").click()
            await unlock(page)

            assert code not in page.url
            await page.get_by_role("button", name="All rounds").click()
            await page.get_by_label("Enrolment code").fill(code)
            await page.get_by_role("button", name="Enrol this device").click()
            await page.get_by_text("This enrolment code is not known, was used, or is too old.").wait_for()

        await page.context.set_offline(True)
        await page.reload()
        await page.get_by_role("button", name="AB, Monday").click()
        await unlock(page)
        await page.get_by_role("button", name="2 Gorse Lane").click()
        await page.get_by_label("Nobody answered").check()
        await page.get_by_role("button", name="Record", exact=True).click()
        await page.get_by_role("button", name="4 Gorse Lane").click()
        await page.get_by_label("Somebody answered").check()
        await page.get_by_label("Somebody came, left or changed").check()
        await page.get_by_role("button", name="Add a person").click()
        await page.get_by_label("First names of person 1").fill("Eve")
        await page.get_by_label("Last name of person 1").fill("Reed")
        await page.get_by_label("Nationality of person 1").select_option("Cyprus")
        await page.get_by_label("Person 1 is 76 or over").check()
        await page.get_by_role("button", name="Record", exact=True).click()
        await page.get_by_text("2 recorded and not uploaded.").wait_for()
        await page.get_by_role("button", name="Upload what is recorded").click()
        await page.get_by_text("There is no network").wait_for()
        kept = await page.evaluate(KEPT_ON_DEVICE)
        assert "Reed" not in kept
        assert "Marsh" not in kept
        assert not PASS.search(kept)

        said = {"channel": "phone", "answers": ["no-change"]}
        await canvassers.said(f"{canvassers.at(homes['4'])}/responses", said)
        await page.context.set_offline(False)
        async with served(canvassers.app, port):
            await page.get_by_role("button", name="Upload what is recorded").click()
            await page.get_by_text("2 uploaded").wait_for()
            await canvassers.follow()
            await page.get_by_role("button", name="All rounds").click()
            await page.get_by_role("button", name="AB, Monday").first.click()
            await unlock(page)
            await page.get_by_text("0 recorded and not uploaded.").wait_for()
            card = page.get_by_role("article")
            await card.wait_for()
            assert "Eve Reed" in await card.inner_text()
            assert "no-change" in await card.inner_text()
    history = await canvassers.events(canvassers.place(homes["4"]))
    (reed,) = next(event.mine.added for event in history if isinstance(event, VisitConflictFound))
    assert (reed.nationalities, reed.over_75) == (("CY",), True)
    pages = [await canvassers.page(home) for home in homes.values()]
    assert [(page["visits"], page["conflicts"]) for page in pages] == [(1, 0), (1, 1)]
