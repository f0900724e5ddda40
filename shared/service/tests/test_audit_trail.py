"""`GET /audit` by the day in London on which something was recorded."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.service.app import create_app
from shared.service.audit_trail import audit_trail, router
from shared.service.tests.provider import COUNCIL, client_of, provider, settings_for

SUMMER = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
"""Half past midnight on 1 July in London."""


@pytest.fixture
async def auditor(database, tmp_path):
    async with provider() as idp, event_core(database, "finance") as core:
        await core.set_up_views(audit_trail("finance"))
        await core.pool.execute(
            "INSERT INTO audit.audited (authority, position, shard, stream_id, kind, version, type, what, actor, reason, origin,"
            " correlation_id, causation_id, occurred_at, recorded_at)"
            " VALUES ($1, 1, 0, $2, 'k', 1, 't', 'w', 'a', '', '', '', '', $3, $3)",
            COUNCIL, uuid4(), SUMMER,
        )  # fmt: skip
        pool = await asyncpg.create_pool(as_api(database), min_size=1, max_size=2)

        @asynccontextmanager
        async def attach(app):
            app.state.pool = pool
            yield

        app = create_app("Finance", [router], settings_for(idp.issuer, tmp_path), parts=[attach])
        async with client_of(app) as client:
            client.headers.update(idp.bearer(roles=["auditor"]))
            yield client
        await pool.close()


async def on(auditor, day: str) -> int:
    answer = await auditor.get("/audit", params={"day": day})
    return len(answer.json()["items"]) if answer.status_code == 200 else -answer.status_code


async def test_a_day_is_a_day_in_london(auditor):
    assert [await on(auditor, day) for day in ("2026-06-30", "2026-07-01", "2026-07-02")] == [0, 1, 0]


async def test_the_last_day_that_may_be_asked_for_is_answered_and_the_next_is_refused(auditor):
    """The day after the last day of all days cannot be reckoned."""
    assert [await on(auditor, day) for day in ("2999-12-31", "3000-01-01", "9999-12-31")] == [0, -422, -422]
