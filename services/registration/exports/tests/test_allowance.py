"""One officer takes out so many lines a day and no more; another, or another day, has their own."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from services.registration.supply.tests.test_supplies import PARTY, made, requested
from services.registration.tests.conftest import Desk

MAY = date(2026, 5, 1)


@pytest.fixture
async def small(desk: Desk) -> Desk:
    """A council with three electors, where an officer may take out seven lines a day."""
    home = await desk.office.property()
    for number in (1, 2, 3):
        await desk.office.add(home, number)
    desk.office.on(MAY)
    await desk.follow()
    desk.app.state.settings = desk.app.state.settings.model_copy(update={"export_rows_per_day": 7})
    return desk


async def test_an_officer_who_took_out_the_register_twice_waits_until_tomorrow(small: Desk):
    for _ in range(2):
        assert (await small.get("/register.csv", "first")).status_code == 200
    refused = await small.get("/register.csv", "first")
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:moothall:problem:export-limit-reached")
    assert refused.json()["detail"] == (
        "This file holds 3 lines. You have taken out 6 today, and one officer may take out 7 a day."
    )
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert (await small.get("/register/part.pdf?district=AB", "first")).status_code == 429
    assert (await small.get("/register.csv", "second")).status_code == 200
    small.office.on(date(2026, 5, 2))
    assert (await small.get("/register.csv", "first")).status_code == 200


async def test_requests_at_one_moment_pass_the_limit_no_more_than_one_after_another(small: Desk):
    answers = await asyncio.gather(*(small.get("/register.csv", "first") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429, 429]


async def test_a_file_that_is_larger_than_the_limit_is_not_begun(small: Desk):
    small.app.state.settings = small.app.state.settings.model_copy(update={"export_rows_per_day": 2})
    refused = await small.get("/register.csv", "first")
    assert "You have taken out 0 today" in refused.json()["detail"]


async def test_a_copy_that_another_officer_released_is_not_counted(small: Desk):
    supply = (await requested(small, PARTY))["supply_id"]
    await made(small, supply, "first")
    for _ in range(2):
        assert (await small.get(f"/supplies/{supply}/file", "second")).status_code == 200
    assert (await small.get(f"/supplies/{supply}/file", "second")).status_code == 429
    await small.post(f"/supplies/{supply}/release", None, "third")
    assert (await small.get(f"/supplies/{supply}/file", "second")).status_code == 200
