"""Unusual browsing is found in the read audit: against a limit for everybody, and against each officer's own usual."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.service.app import create_app
from shared.service.browsing import WATCHES
from shared.service.read_audit import router
from shared.service.tests.provider import COUNCIL, OTHER_COUNCIL, client_of, provider, settings_for

NOON = datetime(2026, 6, 30, 11, tzinfo=UTC)


@dataclass
class Log:
    """The read audit of a service, and an auditor who asks."""

    pool: Any
    http: httpx.AsyncClient
    idp: Any

    async def reads(
        self,
        actor: str,
        count: int,
        at: datetime = NOON,
        kind: str = "elector",
        record: str | None = None,
        council: str = COUNCIL,
    ) -> None:
        await self.pool.executemany(
            "INSERT INTO read_log (authority, actor, kind, record, purpose, correlation_id, at) VALUES ($1,$2,$3,$4,'','',$5)",
            [(council, actor, kind, f"{kind} {n}" if record is None else record, at) for n in range(count)],
        )

    async def alerts(self, role: str = "auditor", **asked: str) -> list[tuple[str, str, int]]:
        answer = await self.http.get("/reads/alerts", params=asked, headers=self.idp.bearer(roles=[role]))
        assert answer.status_code == 200, answer.text
        return [(alert["rule"], alert["actor"], alert["reads"]) for alert in answer.json()]


@pytest.fixture
async def log(database, tmp_path):
    async with provider() as idp, event_core(database, "finance") as core:
        pool = await asyncpg.create_pool(as_api(database), min_size=1, max_size=2)

        @asynccontextmanager
        async def attach(app):
            app.state.pool, app.state.clock = pool, lambda: NOON
            yield

        app = create_app("Finance", [router], settings_for(idp.issuer, tmp_path), parts=[attach])
        async with client_of(app) as client:
            yield Log(core.pool, client, idp)
        await pool.close()


async def test_whoever_opens_more_records_in_an_hour_than_a_case_takes_is_seen(log: Log):
    await log.reads("busy", 150)
    assert await log.alerts() == []
    await log.reads("curious", 151)
    assert await log.alerts() == [("many-records-in-an-hour", "curious", 151)]


async def test_much_is_measured_against_the_officers_own_usual(log: Log):
    for day in range(1, 8):
        await log.reads("registers all day", 50, NOON - timedelta(days=day))
        await log.reads("answers the phone", 10, NOON - timedelta(days=day))
    for actor in ("registers all day", "answers the phone", "new here"):
        await log.reads(actor, 60)
    assert await log.alerts(since="2026-06-30") == [("many-records-in-an-hour", "answers the phone", 60)]


async def test_one_record_read_many_times_and_pages_turned_one_after_another_are_seen(log: Log):
    await log.reads("neighbour", 41, record="elector 7")
    await log.reads("walks through", 201, kind="search", record="")
    await log.reads("takes it home", 26, kind="register export", record="")
    assert {(rule, actor) for rule, actor, _ in await log.alerts()} == {
        ("one-record-again-and-again", "neighbour"), ("one-search-after-another", "walks through"),
        ("many-files-in-a-day", "takes it home"),
    }  # fmt: skip


async def test_an_alert_is_the_same_whenever_it_is_asked_for_and_names_nobody(log: Log):
    await log.reads("curious", 151)
    headers = log.idp.bearer(roles=["dpo"])
    first, again = [(await log.http.get("/reads/alerts", headers=headers)).json() for _ in range(2)]
    assert first == again
    (alert,) = first
    assert (alert["began"], alert["window"], alert["usual"], alert["most"]) == (
        "2026-06-30T12:00:00+01:00",
        "hour",
        None,
        150,
    )
    assert alert["record"] == ""


async def test_days_are_those_that_were_asked_for_of_one_council_and_for_auditors_alone(log: Log):
    await log.reads("curious", 151, council=OTHER_COUNCIL)
    await log.reads("long ago", 151, NOON - timedelta(days=20))
    assert await log.alerts() == []
    assert await log.alerts(since="2026-06-01") == [("many-records-in-an-hour", "long ago", 151)]
    too_long = await log.http.get("/reads/alerts?since=2026-01-01", headers=log.idp.bearer(roles=["auditor"]))
    assert too_long.status_code == 422
    clerk = await log.http.get("/reads/alerts", headers=log.idp.bearer(roles=["registration-officer"]))
    assert clerk.status_code == 404


def test_a_rule_looks_before_it_bars_and_names_itself_once():
    assert len({watch.name for watch in WATCHES}) == len(WATCHES)
    assert all(watch.worth_a_look < watch.most and watch.times_usual > 1 for watch in WATCHES)
