"""Headers of the API as parameters of a route: idempotency, versions, positions, purposes.

`Idempotency-Key` makes a repeated command harmless (draft-ietf-httpapi-idempotency-key-header), `If-Match` makes a
lost update impossible (RFC 9110 section 13.1.1), `X-Position` lets a caller read its own write.

Dependencies are `async` although they wait for nothing: FastAPI would run a plain function in a thread, for each request.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic.config import JsonDict

from shared.eventcore.recording import SHARDS, Receipt
from shared.service.auth import Officer
from shared.service.problems import FieldError, Problem, invalid, invalid_fields

WaitFor = Callable[[str, str, float], Awaitable[bool]]
"""`await wait_for(view, token, timeout)`: whether the view has applied the event at `token` before `timeout`
seconds."""

PATIENCE = 2.0
"""Seconds that a GET waits for a view to catch up before it answers with what there is and says so."""

NUL = "\x00"
_VISIBLE = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')
_TOKEN = re.compile(r"(\d{1,2}):(\d{1,18})")
_EVENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@\d{1,9}")
_TOKENS = re.compile(rf"{_TOKEN.pattern}(, ?{_TOKEN.pattern})*")
_REASON = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


def _like(pattern: re.Pattern[str]) -> JsonDict:
    """What the OpenAPI document says of a header's form. We check it ourselves: our problems say what to do."""
    return {"pattern": f"^{pattern.pattern}$"}


async def idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(description="1 to 128 visible characters, new per command", json_schema_extra=_like(_VISIBLE)),
    ] = None,
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


async def expected_version(
    if_match: Annotated[
        str | None,
        Header(description="the ETag you read; the command is refused if it moved on", json_schema_extra=_like(_ETAG)),
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


async def purpose(
    x_reason: Annotated[
        str | None,
        Header(description="why you look or act; kept in the audit trail", json_schema_extra=_like(_REASON)),
    ] = None,
) -> str:
    if x_reason is None:
        return ""
    if not _REASON.fullmatch(x_reason):
        raise invalid("X-Reason", "format", "It must have 1 to 200 printable characters.")
    return x_reason


Reason = Annotated[str, Depends(purpose)]
"""Parameter of a route: the purpose that the caller gives, or an empty text."""


async def cause(
    x_causation_id: Annotated[
        str | None,
        Header(
            description="id of the event that you act upon, `<stream>@<version>`: what gave you this task",
            json_schema_extra=_like(_EVENT),
        ),
    ] = None,
) -> str:
    if x_causation_id is None:
        return ""
    if not _EVENT.fullmatch(x_causation_id):
        raise invalid("X-Causation-Id", "format", "It must be an event's id: its stream, @ and its version.")
    return x_causation_id


Cause = Annotated[str, Depends(cause)]
"""Parameter of a command route: the event that the caller says it acts upon, or an empty text (ADR 0007)."""


async def printable(request: Request) -> None:
    """Dependency of every route: no text has the character U+0000 in it, and no number more than 64 bits. PostgreSQL holds
    neither, so a view would park an event that says them; XML and paper cannot show the one."""
    query = (*request.path_params.items(), *request.query_params.multi_items())
    faults = [FieldError(name, *_NUL_FAULT) for name, value in query if NUL in str(value)]
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.endswith("json") and (b"\\u0000" in (body := await request.body()) or _LONG.search(body)):
        faults += _unstorable(await request.json(), "body")
    if faults:
        raise invalid_fields(faults)


_NUL_FAULT = ("nul-character", "Text must not hold the character U+0000.")
_LONG = re.compile(rb"\d{19}")


def _unstorable(value: Any, path: str) -> list[FieldError]:
    match value:
        case str():
            return [FieldError(path, *_NUL_FAULT)] if NUL in value else []
        case bool():
            return []
        case int():
            fits = -(2**63) <= value < 2**63
            return [] if fits else [FieldError(path, "number-too-great", "A number must fit into 64 bits.")]
        case dict():
            own = [FieldError(path, *_NUL_FAULT)] if any(NUL in name for name in value) else []
            return own + [fault for name, part in value.items() for fault in _unstorable(part, f"{path}.{name}")]
        case list():
            return [fault for n, part in enumerate(value) for fault in _unstorable(part, f"{path}.{n}")]
        case _:
            return []


def stamp(response: Response, receipt: Receipt) -> Receipt:
    """Tell the caller where its command stands: `ETag` for the next `If-Match`, `X-Position` for the next GET."""
    response.headers["ETag"] = f'"{receipt.version}"'
    response.headers["X-Position"] = receipt.token
    return receipt


def stamp_all(response: Response, receipts: Iterable[Receipt]) -> None:
    """Tell the caller of many commands where the last of each shard stands: `X-Position` for the next GET."""
    last: dict[int, Receipt] = {}
    for receipt in receipts:
        last[receipt.shard] = max(receipt, last.get(receipt.shard, receipt), key=lambda each: each.position)
    response.headers["X-Position"] = ",".join(last[shard].token for shard in sorted(last))


def caught_up(*views: str) -> Any:
    """`dependencies=[caught_up("electors")]` of a GET route: with `X-Position` it waits for these views, at most
    `PATIENCE` seconds; then it answers with what there is and says `X-Stale: true`."""

    async def wait(
        request: Request,
        response: Response,
        officer: Officer,  # who is not signed in is told so first
        x_position: Annotated[
            str | None,
            Header(description="X-Position of an answer to your own command", json_schema_extra=_like(_TOKENS)),
        ] = None,
    ) -> None:
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
