"""The thread that ties a request to everything done because of it: logs, events, problems, further requests."""

from __future__ import annotations

import re
from contextvars import ContextVar
from uuid import uuid4

HEADER = "X-Correlation-Id"
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """The correlation id of the work at hand; empty outside of any."""
    return _current.get()


def correlate(offered: str | None) -> str:
    """Take over the caller's id when it is a harmless token (it goes into logs), else make one. Bound to this task."""
    chosen = offered if offered and _ACCEPTABLE.fullmatch(offered) else uuid4().hex
    _current.set(chosen)
    return chosen
