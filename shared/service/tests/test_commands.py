"""Commands and reads of requests on a real event store: once per key, never over a newer version, one council only."""

from __future__ import annotations

import uuid
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import asyncpg
import orjson
import pytest
from fastapi import APIRouter, Request
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from shared.eventcore.execute import Executor
from shared.eventcore.recording import Receipt
from shared.eventcore.store import Store
from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.eventcore.testing.toys import Initial, Pin, notices
from shared.service import telemetry
from shared.service.app import create_app
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading
from shared.service.tests.provider import COUNCIL, OTHER_COUNCIL, client_of, provider, settings_for

STREAM = "11111111-2222-3333-4444-555555555555"


def routes() -> APIRouter:
    router = APIRouter(dependencies=[requires("registration-officer")])

    @router.post("/notices/{notice_id}")
    async def pin(notice_id: uuid.UUID, words: str, execute: Execute, officer: Officer) -> Receipt:
        return await execute(
            notices, notice_id, Pin(uuid.uuid5(notice_id, "author"), words, "hall", date(2026, 5, 7)), by=officer
        )

    @router.post("/notices/{notice_id}/initials")
    async def initial(notice_id: uuid.UUID, who: str, execute: Execute, officer: Officer) -> Receipt:
        return await execute(notices, notice_id, Initial(who), by=officer)

    @router.get("/events")
    async def events(request: Request, conn: Reading) -> list[dict[str, Any]]:
        rows = await conn.fetch("SELECT stream_id, version, authority, metadata FROM event ORDER BY position")
        told = [{**row, "metadata": orjson.loads(row["metadata"])} for row in rows]
        open_reason = request.app.state.execute.keys.open_reason
        return [{**e, "why": open_reason(e["metadata"].get("reason", ""), e["authority"])} for e in told]

    return router


@pytest.fixture
async def client(database, tmp_path):
    async with provider() as idp, event_core(database) as core:
        pool = await asyncpg.create_pool(as_api(database), min_size=1, max_size=4)

        @asynccontextmanager
        async def attach(app):
            app.state.pool = pool
            app.state.execute = Executor(Store("toys", pool, core.clock), core.keys, core.keyring.blind, core.registry)
            yield

        app = create_app("Toys", [routes()], settings_for(idp.issuer, tmp_path), parts=[attach])
        async with client_of(app) as it:
            it.headers.update(idp.bearer())
            it.idp = idp
            yield it
        await pool.close()


async def post(client, path: str, key: str = "", **headers: str):
    return await client.post(path, headers={"Idempotency-Key": key or str(uuid.uuid4()), **headers})


async def test_a_command_sent_twice_is_carried_out_once(client):
    first = await post(client, f"/notices/{STREAM}?words=cat", "k-1")
    second = await post(client, f"/notices/{STREAM}?words=cat", "k-1")
    assert first.status_code == second.status_code == 200
    assert (first.headers["etag"], first.headers["x-position"]) == (
        second.headers["etag"],
        second.headers["x-position"],
    )
    assert second.json()["repeated"] is True
    assert len((await client.get("/events")).json()) == 1


async def test_a_key_that_comes_with_another_command_is_refused(client):
    await post(client, f"/notices/{STREAM}?words=cat", "k-1")
    answer = await post(client, f"/notices/{STREAM}?words=dog", "k-1")
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "reused")


async def test_one_officers_key_does_not_answer_anothers_command(client):
    await post(client, f"/notices/{STREAM}?words=cat", "k-1")
    first = await post(client, f"/notices/{STREAM}/initials?who=a", "k-2")
    other = await post(client, f"/notices/{STREAM}/initials?who=b", "k-2", **client.idp.bearer(sub="another"))
    assert other.json()["repeated"] is False
    assert other.headers["etag"] != first.headers["etag"]


async def test_a_lost_update_is_refused(client):
    version = (await post(client, f"/notices/{STREAM}?words=cat")).headers["etag"]
    assert (await post(client, f"/notices/{STREAM}/initials?who=a", **{"If-Match": version})).status_code == 200
    late = await post(client, f"/notices/{STREAM}/initials?who=b", **{"If-Match": version})
    assert late.status_code == 412
    assert late.headers["etag"] == '"2"'


async def test_an_event_says_who_why_and_in_which_trace(client):
    telemetry.configure("registration", "api", None)
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {
        "X-Reason": "counter visit",
        "X-Correlation-Id": "desk-1",
        "X-Causation-Id": f"{STREAM}@7",
        "traceparent": f"00-{trace_id}-00f067aa0ba902b7-01",
    }
    await post(client, f"/notices/{STREAM}?words=cat", "k-1", **headers)
    (event,) = (await client.get("/events")).json()
    metadata = event["metadata"]
    assert event["why"] == "counter visit"
    assert "counter" not in metadata["reason"]
    assert metadata["correlation_id"] == "desk-1"
    assert metadata["causation_id"] == f"{STREAM}@7"
    assert metadata["traceparent"].split("-")[1] == trace_id
    assert uuid.UUID(metadata["actor"])
    assert "k-1" not in metadata["command_id"]


async def test_what_is_no_events_id_is_not_taken_as_a_cause(client):
    answer = await post(client, f"/notices/{STREAM}?words=cat", **{"X-Causation-Id": "Mrs Quillan rang"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "X-Causation-Id"


async def test_a_view_continues_the_trace_of_the_request():
    telemetry.configure("registration", "views", None)
    with telemetry.continue_from("", "POST /notices") as request:
        carried = telemetry.traceparent()
    with telemetry.continue_from(carried, "view notices") as view:
        assert view.get_span_context().trace_id == request.get_span_context().trace_id
    assert telemetry.traceparent() == ""
    assert not trace.get_current_span().get_span_context().is_valid


def test_a_span_names_the_class_of_a_failure_and_not_its_text(monkeypatch):
    monkeypatch.setattr(telemetry, "_tracer", TracerProvider().get_tracer("exported"))
    with pytest.raises(ValueError, match="Marmaduke"), telemetry.continue_from("", "view notices") as span:
        raise ValueError("Marmaduke Smith")
    assert span.status.description == "ValueError"
    assert span.events == ()


async def test_a_council_reads_its_own_events_and_no_others(client):
    both = client.idp.bearer(authorities=[COUNCIL, OTHER_COUNCIL])
    await post(client, f"/notices/{STREAM}?words=cat", **both, **{"X-Authority": COUNCIL})
    await post(client, f"/notices/{uuid.uuid4()}?words=dog", **both, **{"X-Authority": OTHER_COUNCIL})
    for council in (COUNCIL, OTHER_COUNCIL):
        events = (await client.get("/events", headers={**both, "X-Authority": council})).json()
        assert [event["authority"] for event in events] == [council]


async def test_another_councils_stream_cannot_be_changed(client):
    both = client.idp.bearer(authorities=[COUNCIL, OTHER_COUNCIL])
    await post(client, f"/notices/{STREAM}?words=cat", **both, **{"X-Authority": COUNCIL})
    answer = await post(client, f"/notices/{STREAM}/initials?who=x", **both, **{"X-Authority": OTHER_COUNCIL})
    assert answer.status_code in {404, 409}
    events = (await client.get("/events", headers={**both, "X-Authority": COUNCIL})).json()
    assert [event["version"] for event in events] == [1]
