"""As at and effective: two axes of time. And one trace from the request to the view."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest_asyncio
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.eventcore import tracing
from shared.eventcore.clock import LONDON
from shared.eventcore.testing.core import AUTHORITY, Core, by, event_core
from shared.eventcore.testing.toys import Board, Pin, notices

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def core(database: str) -> AsyncIterator[Core]:
    async with event_core(database) as opened:
        yield opened


async def test_as_at_folds_what_was_recorded_by_then(core: Core):
    stream = uuid4()
    await core.pin("pump", stream=stream)
    before = core.clock()
    core.clock.move_to(before + DAY)
    await core.initial(stream)
    then = await core.execute.state(notices, stream, AUTHORITY, as_at=before)
    now = await core.execute.state(notices, stream, AUTHORITY)
    assert (then.version, then.state.initials) == (1, 0)
    assert (now.version, now.state.initials) == (2, 1)


async def test_effective_folds_the_facts_that_hold_by_then_whenever_they_were_learnt(core: Core):
    """Pinned today, to hang from next month: in force only then."""
    stream, starts = uuid4(), date(2031, 1, 1)
    await core.execute(notices, stream, Pin(uuid4(), "Fair", "green", starts), by=by())
    at = datetime(2031, 1, 1, tzinfo=LONDON)
    before = await core.execute.state(notices, stream, AUTHORITY, effective=at - timedelta(seconds=1))
    after = await core.execute.state(notices, stream, AUTHORITY, effective=at)
    assert (before.state.place, after.state.place) == ("", "green")


async def test_the_trace_of_a_request_goes_on_into_the_view(core: Core, monkeypatch):
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    command = Pin(uuid4(), "words", "pump", core.clock().date())
    await core.execute(notices, uuid4(), command, by=by()._replace(traceparent=f"00-{trace_id}-b7ad6b7169203331-01"))
    await core.set_up_views(Board.view)  # type: ignore[attr-defined]
    await core.catch_up(Board.view)  # type: ignore[attr-defined]
    [span] = spans.get_finished_spans()
    assert span.name == "view board"
    assert trace.format_trace_id(span.context.trace_id) == trace_id
