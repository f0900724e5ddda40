"""Part `desk`: how long the officers' pages take, beside a whole council in a whole system.

The system is `./moot up` with its own state: every page of the navigation, searches, and the first record of each kind that
they lead to, opened in turn by one officer of each role over loopback, without a browser. It is the time of the desk and of all
services that it asks for the page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import httpx

from bench.ground import Ground, NotHere
from bench.measuring import Comparison, Spread
from deploy.topology import ROOT, Ports
from desk.main import ROOMS

PART = "desk"
TARGET_MS = 200.0
STAFF = (
    "registration-officer",
    "ero-deputy",
    "elections-officer",
    "finance-clerk",
    "correspondence",
    "auditor",
    "operator",
)
"""Whoever sees a page first, opens it."""
APART = 100
"""Ports between those of the run and those of its system."""
SEARCHES = ("/search?q=amber", "/search?q=juniper+grove", "/search?q=fennel")
"""People and streets of the invented council have such names."""
LOADING_SECONDS = 3600
RECORDS = re.compile(r'href="(/[^"?#]*[0-9a-f]{8}-[0-9a-f]{4}-[^"?#]*)"')


async def measure(ground: Ground) -> list[Comparison]:
    with council(ground) as address:
        taken: dict[str, list[float]] = {}
        async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as browser:
            for user in STAFF:
                await sign_in(browser, user)
                pages = await _pages(browser, set(taken))
                for _ in range(ground.sizes.rounds):
                    for name, path in pages.items():
                        taken.setdefault(name, []).append(await _opened(browser, path))
                ground.say(f"{user}: {len(pages)} pages")
    note = f"{ground.sizes.electors:,} electors"
    slowest = sorted(taken, key=lambda name: -median(taken[name]))
    every = [median(times) for times in taken.values()]
    return [
        Comparison(
            PART, f"median of {len(every)} pages", "ms", Spread.of(every), target=TARGET_MS, at_most=True,
            note=f"{note}; spread over the pages",
        ),
        *(
            Comparison(PART, name, "ms", Spread.of(taken[name]), target=TARGET_MS, at_most=True, note=note)
            for name in slowest
        ),
    ]  # fmt: skip


async def sign_in(browser: httpx.AsyncClient, user: str) -> None:
    """Through the development issuer's page, as a member of the invented staff."""
    browser.cookies.clear()
    asked = await browser.get("/sign-in")
    place = httpx.URL(asked.headers["location"])
    back = await browser.get(place.copy_merge_params({"user": user}))
    if (await browser.get(back.headers["location"])).headers.get("location") != "/":
        raise NotHere(f"{user} could not sign in")


async def _pages(browser: httpx.AsyncClient, known: set[str]) -> dict[str, str]:
    """What this officer can open and nobody did before: names without what tells one record from another, and paths."""
    found: dict[str, str] = {}
    for path in [*(link.path for room in ROOMS for link in room.links), *SEARCHES]:
        answer = await browser.get(path)
        if answer.status_code != 200:
            continue
        if path not in known:
            found[path] = path
        for record in RECORDS.findall(answer.text.partition("<main")[2]):
            kind = re.sub(r"[0-9a-f-]{36}.*", "…", record)
            if kind not in known and kind not in found and (await browser.get(record)).status_code == 200:
                found[kind] = record
    return found


async def _opened(browser: httpx.AsyncClient, path: str) -> float:
    started = time.perf_counter()
    (await browser.get(path)).raise_for_status()
    return (time.perf_counter() - started) * 1000


@contextmanager
def council(ground: Ground) -> Iterator[str]:
    """The address of the desk of a running council. Raises `NotHere`."""
    ports = Ports(Ports.from_environment().base + APART)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("MOOT_") or name == "MOOT_CACHE"
    }
    environment |= {"MOOT_STATE": str(ground.directory / "council"), "MOOT_PORT_BASE": str(ports.base)}

    def moot(*words: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "cli", *words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=LOADING_SECONDS, check=False,
        )  # fmt: skip
        if done.returncode:
            raise NotHere(f"moot {words[0]} said {done.stderr[-500:]}")

    ground.say(f"a council of {ground.sizes.electors:,} electors is loaded: some minutes for each 50,000")
    try:
        moot("up", "--detach", "--electors", str(ground.sizes.electors), "--seed", "1")
        yield f"http://127.0.0.1:{ports.desk}"
    finally:
        moot("down")
        moot("reset", "--yes")
