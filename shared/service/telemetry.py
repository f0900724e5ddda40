"""Traces that run from a request through Kafka to a view, and the metrics that Prometheus reads.

Spans and labels name route templates and event types, never a path, a query or a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, DEFAULT_ON
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

METRICS_MEDIA_TYPE = CONTENT_TYPE_LATEST
HTTP_SECONDS = Histogram(
    "moot_http_request_seconds",
    "Time to answer an HTTP request, by route template",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 3, 10),
)

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("moothall")


def configure(context: str, role: str, endpoint: str | None) -> None:
    """Make spans and export them by OTLP over HTTP when an endpoint is configured. Without one only their ids are made,
    which tie log lines and events together. Once per process."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": f"moothall-{context}", "moot.role": role}),
        sampler=DEFAULT_ON if endpoint else ALWAYS_OFF,
    )
    if endpoint:
        # Here, because it brings a second HTTP client and protobuf that nobody else needs.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)


def traceparent() -> str:
    """The W3C `traceparent` of the work at hand, to be kept with an event; empty outside of any trace."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent", "")


@contextmanager
def continue_from(parent: str, name: str, kind: SpanKind = SpanKind.CONSUMER) -> Iterator[Span]:
    """A span called `name` under the span that `parent` describes; a new trace when `parent` is empty or broken."""
    context = _propagator.extract({"traceparent": parent})
    # The SDK would record the texts of exceptions, and those quote values.
    with _tracer.start_as_current_span(
        name, context=context, kind=kind, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except Exception as error:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


class _Found(Collector):
    """Metrics that were looked up for one answer."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = tuple(found)

    def collect(self) -> Iterable[Metric]:
        return self._found


def metrics(found: Iterable[Metric] = ()) -> bytes:
    """Every metric of this process, and what was `found` for this answer, in Prometheus' text format."""
    once = CollectorRegistry()
    once.register(_Found(found))
    return generate_latest() + generate_latest(once)
