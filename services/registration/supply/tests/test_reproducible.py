"""Every layout and every paper gives the same bytes for the same entries, whenever and in whichever process it is made."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date
from typing import get_args

import pytest

from services.registration.exchange.supply import csvfile, xlsxfile
from services.registration.exchange.supply.entry import AbsentVote, Change, Entry, Home, Occasion
from services.registration.exchange.supply.layouts import Document, layouts
from services.registration.supply.contents import Edition
from services.registration.supply.printing import printed
from shared.events.values import AddressLines, ElectorNumber, PersonName, PollingDistrict, Uprn
from shared.law.franchise import Marking

ON = date(2026, 5, 1)
PLACE = AddressLines("Flat 2", "10 Gorse Lane", town="Gavelford", postcode="ZZ1 1AA", uprn=Uprn(100_000_000_012))
TABLES = [f"{name} {version}" for name, version in layouts()]
PAPERS = [f"print {document}" for document in get_args(Document)]
HIDDEN = Entry(ElectorNumber(PollingDistrict("CD"), 2), Marking("", "N"), change="amendment")
ELSEWHERE = """
import asyncio, hashlib, sys
from services.registration.supply.tests.test_reproducible import made
print(*(hashlib.sha256(asyncio.run(made(each))).hexdigest() for each in sys.argv[1:]))
"""


def entry(district: str, number: int, forename: str, change: Change) -> Entry:
    name, numbered = PersonName(forename, "Marsh", "Iris"), ElectorNumber(PollingDistrict(district), number)
    home = Home(PLACE, "Flat 2", "10", "Gorse Lane")
    vote = AbsentVote("proxies", ON, None, PLACE.lines(), PersonName("Ben", "Fern"), PLACE.lines())
    return Entry(numbered, Marking("B", "", date(2027, 1, 2)), name, PLACE.lines(), home, change, absent=vote)


async def entries() -> AsyncIterator[list[Entry]]:
    yield [entry("AB", 1, "Ada", change="addition"), entry("AB", 2, "Zoë", change="removal")]
    yield [entry("CD", 1, "=1+1", change="amendment"), HIDDEN]


async def made(what: str) -> bytes:
    """The file of one layout and version, or of one document in print."""
    name, _, which = what.partition(" ")
    if name == "print":
        parts = printed(Edition(which, ON, ()), entries())  # type: ignore[arg-type]
    else:
        layout = layouts()[name, int(which)]
        of_kind = csvfile if layout.file == "csv" else xlsxfile
        parts = of_kind.written(layout, entries(), Occasion("E07000999", ON, 4))
    return b"".join([part async for part in parts])


@pytest.mark.parametrize("what", TABLES + PAPERS)
async def test_the_same_entries_are_the_same_file_at_any_hour(what: str, monkeypatch: pytest.MonkeyPatch):
    first = await made(what)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    await asyncio.sleep(0)
    assert await made(what) == first
    assert len(first) > 100


def test_another_process_on_another_day_with_another_hash_seed_makes_the_same_files():
    everything = TABLES + PAPERS
    there = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, *everything], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "417", "TZ": "America/New_York"},
    ).stdout.split()  # fmt: skip
    here = [hashlib.sha256(asyncio.run(made(each))).hexdigest() for each in everything]
    assert there == here
