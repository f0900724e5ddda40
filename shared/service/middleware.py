"""What surrounds every request: a correlation id and a span, one log line and one measurement, a bounded body, safe
headers."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import suppress

import structlog
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.service import correlation, telemetry
from shared.service.problems import Problem, problem_of, too_large

_log = structlog.get_logger(__name__)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PROBES = frozenset({"/health/live", "/health/ready", "/metrics"})
"""What the platform asks of every process: not worth a line of the log, and never held to a limit."""

LINGER_SECONDS = 10
"""How long a caller that sends too much may go on sending before the connection is closed."""

SAFE_HEADERS = {
    "Cache-Control": "no-store",  # answers hold personal data: no cache keeps them
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class RequestScope:
    """The outermost layer: whatever happens inside, the caller gets an answer with a correlation id, and the log one
    line that names the route template, never the path or query, which hold names and numbers of people."""

    def __init__(self, app: ASGIApp, *, https_only: bool = False) -> None:
        self._app = app
        self._headers = {**SAFE_HEADERS, **({"Strict-Transport-Security": "max-age=31536000"} if https_only else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        correlation_id = correlation.correlate(headers.get(correlation.HEADER))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)
        started, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                out[correlation.HEADER] = correlation_id
                for name, value in self._headers.items():
                    out.setdefault(name, value)
            await send(message)

        with telemetry.continue_from(headers.get("traceparent", ""), scope["method"], SpanKind.SERVER) as span:
            try:
                await self._app(scope, receive, answer)
            except Exception as error:
                _log.exception("request failed")
                if status:
                    raise  # half an answer is out; only closing the connection tells the caller
                await problem_of(error).response()(scope, receive, answer)
            finally:
                seconds = time.perf_counter() - started
                method, route = _method(scope), route_template(scope)
                span.update_name(f"{method} {route}")
                span.set_attributes({"http.route": route, "http.response.status_code": status})
                if status >= 500:
                    span.set_status(Status(StatusCode.ERROR))
                telemetry.HTTP_SECONDS.labels(method, route, str(status)).observe(seconds)
                problem = scope.get("state", {}).get("problem")
                named = {"problem": problem} if problem else {}
                level = "debug" if route in PROBES else "info"
                getattr(_log, level)(
                    "request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 1), **named
                )


def _method(scope: Scope) -> str:
    """Invented methods must not become labels."""
    return scope["method"] if scope["method"] in _METHODS else "OTHER"


def route_template(scope: Scope) -> str:
    """`/electors/{elector_id}`; `unmatched` for a path that no route answers."""
    effective = scope.get("fastapi", {}).get("effective_route_context")
    return getattr(effective or scope.get("route"), "path_format", "unmatched")


class BodyLimit:
    """Refuses a body above its limit as soon as it is announced, or when that many bytes have come. `larger` gives
    other limits to some paths (uploads). Compressed bodies are refused: what they unpack to cannot be bounded here."""

    def __init__(self, app: ASGIApp, *, limit: int, larger: Sequence[tuple[re.Pattern[str], int]] = ()) -> None:
        self._app = app
        self._limit = limit
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next((size for path, size in self._larger if path.match(scope["path"])), self._limit)
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            await too_large(limit).response()(scope, receive, _lingering(receive, send))
            return
        if headers.get("content-encoding", "identity") != "identity":
            refusal = Problem(415, "compressed-body", "The body must not be compressed.", next="Send it as it is.")
            await refusal.response()(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise too_large(limit)
            return message

        patient = _lingering(receive, send)

        async def answer(message: Message) -> None:
            await (patient if seen > limit else send)(message)

        await self._app(scope, counted, answer)


def _lingering(receive: Receive, send: Send) -> Send:
    """Sends a whole answer, then throws away what the caller is still sending before the connection closes. Closing
    at once would reset it, and the caller, busy sending, would never read why it was refused."""

    async def linger(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            await send({**message, "more_body": True})
            with suppress(TimeoutError):
                async with asyncio.timeout(LINGER_SECONDS):
                    while (await receive()).get("more_body"):
                        pass
            message = {"type": "http.response.body"}
        await send(message)

    return linger
