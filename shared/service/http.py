"""Headers of the API as parameters of a route: idempotency, versions, positions, purposes.

`Idempotency-Key` makes a repeated command harmless (draft-ietf-httpapi-idempotency-key-header), `If-Match` makes a
lost update impossible (RFC 9110 section 13.1.1), `X-Position` lets a caller read its own write.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from shared.eventcore.recording import SHARDS, Receipt
from shared.service.problems import Problem, invalid

WaitFor = Callable[[str, str, float], Awaitable[bool]]
"""`await wait_for(view, token, timeout)`: whether the view has applied the event at `token` before `timeout`
seconds."""

PATIENCE = 2.0
"""Seconds that a GET waits for a view to catch up before it answers with what there is and says so."""

_VISIBLE = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')
_TOKEN = re.compile(r"(\d{1,2}):(\d{1,18})")
_EVENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@\d{1,9}")
_REASON = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


def idempotency_key(
    idempotency_key: Annotated[str | None, Header(description="1 to 128 visible characters, new per command")] = None,
) -> str:
    if idempotency_key is None:
        raise Problem(
            400, "idempotency-key-required", "A command needs an Idempotency-Key header.",
            next="Make a new UUID for each command and send the same one when you repeat it.",
        )  # fmt: skip
    # The draft writes the key as a quoted string; most clients send it bare.
    key = idempotency_key.strip().strip('"')
    if not _VISIBLE.fullmatch(key):
        raise invalid("Idempotency-Key", "format", "It must have 1 to 128 visible ASCII characters.")
    return key


IdempotencyKey = Annotated[str, Depends(idempotency_key)]
"""Parameter of every command route."""


def expected_version(
    if_match: Annotated[
        str | None, Header(description="the ETag you read; the command is refused if it moved on")
    ] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    # A proxy that compresses turns "7" into W/"7"; a version is exact either way.
    matched = _ETAG.fullmatch(if_match.strip())
    if matched is None:
        raise invalid("If-Match", "format", 'It must be an ETag as you got it, such as "7".')
    return int(matched[1])


ExpectedVersion = Annotated[int | None, Depends(expected_version)]
"""Parameter of a command route: the version in `If-Match`, or `None`."""


def purpose(
    x_reason: Annotated[str | None, Header(description="why you look or act; kept in the audit trail")] = None,
) -> str:
    if x_reason is None:
        return ""
    if not _REASON.fullmatch(x_reason):
        raise invalid("X-Reason", "format", "It must have 1 to 200 printable characters.")
    return x_reason


Reason = Annotated[str, Depends(purpose)]
"""Parameter of a route: the purpose that the caller gives, or an empty text."""


def cause(
    x_causation_id: Annotated[
        str | None,
        Header(description="id of the event that you act upon, `<stream>@<version>`: what gave you this task"),
    ] = None,
) -> str:
    if x_causation_id is None:
        return ""
    if not _EVENT.fullmatch(x_causation_id):
        raise invalid("X-Causation-Id", "format", "It must be an event's id: its stream, @ and its version.")
    return x_causation_id


Cause = Annotated[str, Depends(cause)]
"""Parameter of a command route: the event that the caller says it acts upon, or an empty text (ADR 0007)."""


def stamp(response: Response, receipt: Receipt) -> Receipt:
    """Tell the caller where its command stands: `ETag` for the next `If-Match`, `X-Position` for the next GET."""
    response.headers["ETag"] = f'"{receipt.version}"'
    response.headers["X-Position"] = receipt.token
    return receipt


def caught_up(*views: str) -> Any:
    """`dependencies=[caught_up("electors")]` of a GET route: with `X-Position` it waits for these views, at most
    `PATIENCE` seconds; then it answers with what there is and says `X-Stale: true`."""

    async def wait(request: Request, response: Response, x_position: Annotated[str | None, Header()] = None) -> None:
        if x_position is None:
            return
        tokens = [part.strip() for part in x_position.split(",")]
        for token in tokens:
            matched = _TOKEN.fullmatch(token)
            if matched is None or int(matched[1]) >= SHARDS:
                raise invalid("X-Position", "format", "It must be what an earlier answer gave, such as 12:3456.")
        wait_for: WaitFor = request.app.state.wait_for
        deadline = request.app.state.monotonic() + PATIENCE
        for view in views:
            for token in tokens:
                if not await wait_for(view, token, max(0.0, deadline - request.app.state.monotonic())):
                    response.headers["X-Stale"] = "true"
                    return

    return Depends(wait)
