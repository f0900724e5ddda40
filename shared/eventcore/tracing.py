"""One trace from the request through Kafka to the view: the event carries its `traceparent`, its readers continue it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.eventcore.recording import Recorded

_tracer = trace.get_tracer("moothall.eventcore")
_propagator = TraceContextTextMapPropagator()


@contextmanager
def following(event: Recorded[Any], what: str) -> Iterator[None]:
    """A span for handling `event`, child of the request that caused it. Costs nothing where that request was not traced."""
    parent = event.metadata.traceparent
    if not parent:
        yield
        return
    context = _propagator.extract({"traceparent": parent})
    attributes: dict[str, str | int] = {
        "moot.event_id": event.id, "moot.event_type": event.type, "moot.position": event.position,
    }  # fmt: skip
    # The text of an exception may hold personal data: the span says that it failed, the log says where.
    with _tracer.start_as_current_span(
        what, context, attributes=attributes, record_exception=False, set_status_on_exception=False
    ):
        yield
