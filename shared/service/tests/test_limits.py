"""One caller cannot take a service from all others: 429 with `Retry-After`, by subject and by address."""

from __future__ import annotations

import pytest
from fastapi import APIRouter

from shared.service import limits
from shared.service.app import create_app
from shared.service.auth import requires
from shared.service.limits import BURST_SECONDS, Limit
from shared.service.problems import Problem
from shared.service.tests.provider import client_of, provider, settings_for

router = APIRouter(prefix="/cases", dependencies=[requires("registration-officer")])


@router.get("")
async def cases() -> list[str]:
    return []


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def taken(limit: Limit, caller: str, tries: int) -> int:
    """How many of so many requests at one moment are let through."""
    let_through = 0
    for _ in range(tries):
        try:
            limit.take(caller)
        except Problem:
            continue
        let_through += 1
    return let_through


def test_a_caller_has_a_burst_and_then_so_many_a_second():
    clock = Clock()
    limit = Limit(10, clock)
    assert taken(limit, "a", 50) == 10 * BURST_SECONDS
    clock.now += 1
    assert taken(limit, "a", 50) == 10
    clock.now += 3600
    assert taken(limit, "a", 50) == 10 * BURST_SECONDS, "quiet for long, and yet no more than a burst"


def test_one_callers_flood_is_not_anothers():
    limit = Limit(10, Clock())
    taken(limit, "a", 50)
    assert taken(limit, "b", 5) == 5


def test_who_is_refused_is_told_when_to_come_back_and_is_then_let_in():
    clock = Clock()
    limit = Limit(0.25, clock)
    limit.take("a")
    with pytest.raises(Problem) as refused:
        limit.take("a")
    clock.now += int(refused.value.headers["Retry-After"])
    limit.take("a")


def test_made_up_callers_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "REMEMBERED", 100)
    clock = Clock()
    limit = Limit(10, clock)
    for n in range(1000):
        limit.take(f"caller {n}")
        clock.now += 0.001
    assert len(limit._full_at) <= 100


async def test_a_subject_that_sends_too_much_is_answered_429_and_others_go_on(tmp_path):
    async with provider() as idp:
        app = create_app("Cases", [router], settings_for(idp.issuer, tmp_path, requests_per_subject=2))
        async with client_of(app) as client:
            answers = [await client.get("/cases", headers=idp.bearer()) for _ in range(9)]
            other = await client.get("/cases", headers=idp.bearer(sub="b.officer@mootshire.example"))
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    assert {answer.status_code for answer in refused} == {429}
    assert refused[0].headers["content-type"] == "application/problem+json"
    assert refused[0].json()["type"] == "urn:moothall:problem:too-many-requests"
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert other.status_code == 200


async def test_an_address_that_sends_too_much_is_answered_429_but_health_and_metrics_are_not_counted(tmp_path):
    async with provider() as idp:
        app = create_app("Cases", [router], settings_for(idp.issuer, tmp_path, requests_per_address=2))
        async with client_of(app) as client:
            asked = [(await client.get("/cases")).status_code for _ in range(9)]
            probes = [(await client.get(path)).status_code for path in ("/health/live", "/health/ready", "/metrics")]
    assert asked[:4] == [401] * 4
    assert 429 in asked
    assert probes == [200] * 3
