"""Everything that is not a success, as `application/problem+json` (RFC 9457): what happened, which rule, what next.

No problem ever echoes what the caller sent: it may be somebody's name, and problems are logged and screenshotted.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from shared.eventcore.errors import NotFound, StoreUnavailable, VersionConflict
from shared.eventcore.store import CommandReused
from shared.law.dated import NoLawOn
from shared.law.rules import Refused
from shared.law.timetable import NoTimetable
from shared.law.working_days import HolidaysUnknown
from shared.service.correlation import correlation_id

MEDIA_TYPE = "application/problem+json"
NAMESPACE = "urn:moothall:problem:"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field of a request; `rule` is for programs, `message` for people."""

    field: str
    rule: str
    message: str


class Problem(HTTPException):
    """An answer other than success. `name` is kebab-case and never changes meaning; `next` says what to do."""

    def __init__(
        self,
        status: int,
        name: str,
        detail: str,
        *,
        title: str = "",
        source: str = "",
        next: str = "",
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.name = name
        self.title = title or HTTPStatus(status).phrase
        self.source = source
        self.next = next
        self.errors = tuple(errors)

    def body(self) -> dict[str, Any]:
        optional = {"source": self.source, "next": self.next, "errors": [asdict(error) for error in self.errors]}
        return {
            "type": NAMESPACE + self.name,
            "title": self.title,
            "status": self.status_code,
            "detail": self.detail,
            **{member: value for member, value in optional.items() if value},
            "correlation_id": correlation_id(),
        }

    def response(self) -> Response:
        return Response(orjson.dumps(self.body()), self.status_code, self.headers, media_type=MEDIA_TYPE)


def not_found() -> Problem:
    """The one answer to what is not there and to what this caller may not see."""
    return Problem(404, "not-found", "There is nothing here that you can see.")


def invalid(field: str, rule: str, message: str) -> Problem:
    """One field of the request is wrong."""
    return invalid_fields([FieldError(field, rule, message)])


def invalid_fields(errors: Sequence[FieldError]) -> Problem:
    named = ", ".join(dict.fromkeys(error.field for error in errors))
    return Problem(
        422, "invalid-request", f"These parts of the request are not acceptable: {named}.", errors=errors,
        next="Correct the fields named in `errors` and send the request again.",
    )  # fmt: skip


def too_large(limit: int) -> Problem:
    return Problem(
        413, "too-large", f"The request is larger than the {limit} bytes that are accepted here.",
        next="Send it in smaller parts.", headers={"Connection": "close"},
    )  # fmt: skip


def unavailable(what: str, retry_after: int = 2) -> Problem:
    return Problem(
        503, "unavailable", f"The {what} cannot be reached at the moment. Nothing was acknowledged.",
        next=f"Send the same request with the same Idempotency-Key again in {retry_after} seconds.",
        headers={"Retry-After": str(retry_after)},
    )  # fmt: skip


def unexpected() -> Problem:
    return Problem(
        500, "unexpected", "Something went wrong on our side.",
        next="Try again; if it happens again, report the correlation_id.",
    )  # fmt: skip


def refused(refusal: Refused) -> Problem:
    """A broken rule: 422 when the command can never be right, 409 when it is wrong in this state."""
    rule = refusal.rule
    return Problem(
        422 if rule.invalid else 409, rule.name, refusal.detail or rule.because,
        title=rule.because, source=rule.source, next=rule.then,
    )  # fmt: skip


def unknown_law(missing: NoLawOn | HolidaysUnknown) -> Problem:
    """A day beyond what the law tables of this build cover: mostly a mistyped year."""
    return Problem(
        422, "law-of-that-day-unknown", f"{_subject(missing)} is not known for a day that this request speaks of.",
        next="Check the days that you gave. If they are right, report it: the law of that day has to be added.",
    )  # fmt: skip


def no_timetable() -> Problem:
    """A kind of poll whose days are not counted back from polling day: it has no notices, no deadlines, no absent votes."""
    return Problem(
        422, "poll-has-no-timetable", "A parish poll or a recall petition has no timetable counted back from polling day.",
        next="Name another poll, or leave it out.",
    )  # fmt: skip


def _subject(missing: NoLawOn | HolidaysUnknown) -> str:
    return f"The law on '{missing.subject}'" if isinstance(missing, NoLawOn) else "The calendar of bank holidays"


def conflict(moved: VersionConflict, with_if_match: bool) -> Problem:
    """412 when the caller named the version in `If-Match`; 409 when retries on fresh state kept losing the race."""
    detail = "Somebody else changed this since you read it."
    headers = {"ETag": f'"{moved.actual}"'} if moved.actual is not None else None
    if with_if_match:
        return Problem(412, "version-moved-on", detail, next="Read it again and decide afresh.", headers=headers)
    return Problem(409, "version-conflict", detail, next="Send the request again.", headers=headers)


OUTAGES: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)
"""The database is away, starting, stopping, or has no connection, memory or disk left for us."""

# Messages of pydantic that quote the input; these stand in their place.
_QUOTING = {
    "uuid_parsing": "Input should be a valid UUID",
    "url_parsing": "Input should be a valid URL",
    "url_syntax_violation": "Input should be a valid URL",
    "union_tag_invalid": "Input is of none of the expected kinds",
    "json_invalid": "The body is not valid JSON",
}


def field_errors(errors: Sequence[Any]) -> list[FieldError]:
    """Pydantic's errors without the input. A validator of ours must not quote its value in its message."""
    return [
        FieldError(
            ".".join(str(part) for part in error["loc"]) or "body",
            error["type"].replace("_", "-"),
            _QUOTING.get(error["type"], error["msg"].removeprefix("Value error, ")),
        )
        for error in errors
    ]


def problem_of(error: Exception, with_if_match: bool = False) -> Problem:
    """The problem that answers an exception; `unexpected` for any that is nobody's rule and nobody's outage."""
    match error:
        case Problem():
            return error
        case Refused():
            return refused(error)
        case RequestValidationError():
            return invalid_fields(field_errors(error.errors()))
        case NoLawOn() | HolidaysUnknown():
            return unknown_law(error)
        case NoTimetable():
            return no_timetable()
        case VersionConflict():
            return conflict(error, with_if_match)
        case NotFound():
            return not_found()
        case CommandReused():
            return invalid("Idempotency-Key", "reused", "This key came before with another command.")
        case StoreUnavailable():
            return unavailable(error.what, error.retry_after)
        case asyncpg.UndefinedTableError():
            return unavailable("read model, which is being built", retry_after=5)
        case _ if isinstance(error, OUTAGES):
            return unavailable("database")
        case HTTPException(status_code=404):
            return not_found()
        case HTTPException():
            phrase = HTTPStatus(error.status_code).phrase
            name = phrase.lower().replace(" ", "-")
            return Problem(error.status_code, name, f"{phrase}.", headers=dict(error.headers or {}))
        case _:
            return unexpected()


ANSWERED: tuple[type[Exception], ...] = (
    HTTPException,
    RequestValidationError,
    Refused,
    NoLawOn,
    HolidaysUnknown,
    NoTimetable,
    VersionConflict,
    NotFound,
    CommandReused,
    StoreUnavailable,
    asyncpg.UndefinedTableError,
    *OUTAGES,
)
"""What a route may raise on purpose or by outage. Anything else is answered by the outermost middleware."""


async def answer(request: Request, error: Exception) -> Response:
    """The answer to what a route raised, one of `ANSWERED`."""
    problem = problem_of(error, with_if_match="if-match" in request.headers)
    if problem.status_code == 405:
        problem.headers = {"Allow": ", ".join(_methods_of(request))}
    request.state.problem = problem.name
    return problem.response()


def _methods_of(request: Request) -> list[str]:
    """Every method that some route has for this path (RFC 9110 section 15.5.6); the router names the first route's only."""
    routes = iter_route_contexts(request.app.routes)
    return sorted({m for route in routes if route.path_regex.match(request.url.path) for m in route.methods or ()})


def install(app: FastAPI) -> None:
    """Make `app` answer every failure with a problem."""
    for kind in ANSWERED:
        app.add_exception_handler(kind, answer)


def refusals(*rules: str, invalid: Sequence[str] = ()) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: the rules it may refuse by, so that OpenAPI documents each with an example.

    `rules` answer 409 (wrong in this state), `invalid` answer 422 (can never be right).
    """
    documented: dict[int | str, dict[str, Any]] = {}
    for status, names in ((409, rules), (422, invalid)):
        if names:
            examples = {
                name: {"value": {"type": NAMESPACE + name, "title": name.replace("-", " "), "status": status}}
                for name in names
            }
            documented[status] = {
                "description": f"Refused by: {', '.join(names)}",
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}},
            }
    return documented


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "urn:moothall:problem:<rule>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "source": {"type": "string", "description": "the law or practice that the rule comes from"},
        "next": {"type": "string", "description": "what the caller can do now"},
        "correlation_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {part: {"type": "string"} for part in ("field", "rule", "message")},
            },
        },
    },
}
"""`components.schemas.Problem` of every service's OpenAPI document."""
