"""One JSON line per thing that happened, made for machines, tied together by correlation ids, and free of personal
data.

Our own log calls pass values as keywords, and only the keywords of `ALLOWED` leave the process: a name, an address
or a body cannot be logged by accident. Exceptions are logged by class and place, because their texts quote values
(PostgreSQL's "Key (name)=(…)"). Lines of libraries keep their template; their values are filled in only for those
that hold none of ours.
"""

from __future__ import annotations

import logging
import logging.config
import sys
from collections.abc import MutableMapping
from traceback import extract_tb
from types import TracebackType
from typing import Any, TextIO

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

ALLOWED = frozenset(
    {
        "event", "level", "logger", "timestamp", "context", "role", "correlation_id", "trace_id", "span_id",
        "method", "route", "status", "duration_ms", "bytes", "problem", "actor", "authority",
        "error", "where", "stream_id", "kind", "type", "position", "shard", "version", "view", "policy", "consumer",
        "topic", "partition", "source", "count", "rows", "seconds", "attempt", "lag", "revision", "setting", "host",
        "port", "denial", "shards", "event_id", "worker",
    }
)  # fmt: skip
"""The only keywords that are logged. Each is technical by nature; ids in them are random or derived, never natural
keys."""

LONGEST = 300
"""Characters of one value; what is longer is content, not a fact about a request."""

REPEATED_AFTER = 30.0
"""Seconds for which a library's complaint is not written down again."""

_TELLING_LIBRARIES = ("uvicorn", "aiokafka", "alembic", "asyncio")


def configure(level: str, *, context: str = "", role: str = "", stream: TextIO | None = None) -> None:
    """Send every log line of this process, ours and libraries', as JSON to `stream` (standard output)."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_process(context, role),
        _trace,
        _exception_without_text,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_library_template, *before],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, only_allowed, _json],
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(formatter)
    handler.addFilter(_NotAgain("aiokafka"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for library in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(library).handlers = []
        logging.getLogger(library).propagate = library != "uvicorn.access"
    for talkative in ("httpx", "httpcore", "aiokafka"):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, root.level))


class _NotAgain(logging.Filter):
    """A library that says the same eighty times a second, as Kafka's client does while its broker is away, is heard
    once in a while: an outage must not fill the disk. And it is heard as a warning: it goes on trying, as do we; what ends a
    session is logged by whoever held it."""

    def __init__(self, library: str) -> None:
        super().__init__()
        self._library = library
        self._heard: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] != self._library:
            return True
        place = (record.pathname, record.lineno)
        if record.created - self._heard.get(place, float("-inf")) < REPEATED_AFTER:
            return False
        self._heard[place] = record.created
        record.levelno, record.levelname = min((record.levelno, record.levelname), (logging.WARNING, "WARNING"))
        return True


def only_allowed(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Keep the allowed keywords, each at most `LONGEST` characters; say which others were there, without their
    values."""
    kept = {key: _short(value) for key, value in line.items() if key in ALLOWED}
    dropped = sorted(key for key in line if key not in ALLOWED and not key.startswith("_"))
    return {**kept, "dropped": dropped} if dropped else kept


def _short(value: Any) -> Any:
    if isinstance(value, bool | int | float | None):
        return value
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def _json(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    return orjson.dumps(line, default=str).decode()


def _name_process(context: str, role: str) -> Processor:
    def add(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        line.setdefault("context", context)
        line.setdefault("role", role)
        return line

    return add


def _trace(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        line["trace_id"] = trace.format_trace_id(span.trace_id)
        line["span_id"] = trace.format_span_id(span.span_id)
    return line


def _exception_without_text(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    raised = line.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        line["error"] = _named(error)
        line["where"] = place(error.__traceback__)
    line.pop("stack_info", None)
    return line


def _named(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def place(traceback: TracebackType | None) -> str:
    """The innermost frames of a traceback as `file:line function`, outermost first; code places only, no values."""
    frames = extract_tb(traceback)[-5:]
    return " > ".join(f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}" for frame in frames)


def _library_template(_logger: WrappedLogger, _method: str, line: MutableMapping[str, Any]) -> EventDict:
    record: logging.LogRecord = line["_record"]
    told = record.name.split(".")[0] in _TELLING_LIBRARIES and not record.exc_info
    if not told:
        line["event"] = str(record.msg)
    return line
