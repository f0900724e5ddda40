"""The one way to ask a service: as this officer, for this council, seeing what they have just written.

    page = await ask.get("registration", f"/applications/{application}")
    await ask.command("registration", f"/applications/{application}/allowance", {"polls": []}, key=form.key)

A service's refusal becomes a `Refusal`, which a form shows; everything else that is no answer becomes a page of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog

from desk.sessions import Session, Sessions
from shared.service import telemetry
from shared.service.correlation import HEADER, correlation_id
from shared.service.step_up import INSUFFICIENT

TIMEOUT = httpx.Timeout(15, connect=2)
AN_OLDER_ONE_WILL_DO = 600
"""Seconds that an answer about the whole register may be old. The page says as of when it is, and offers to look again."""
PAGE = 500
"""Items of a list that are asked for at once: the most that the services give."""
_log = structlog.get_logger(__name__)


class NotThere(Exception):
    """It is not there, or not for this officer: the two look alike."""


class SignedOut(Exception):
    """The service does not accept this officer's token any more."""


class SignInTooOld(Exception):
    """The service wants this officer to prove anew who they are. [RFC 9470]"""


class Away(Exception):
    """The service does not answer, or not yet. Nothing was acknowledged."""

    def __init__(self, context: str) -> None:
        super().__init__(context)
        self.context = context


@dataclass
class Refusal(Exception):
    """A rule, a wrong field, or somebody else's change stands in the way. `errors`: message by field of the body."""

    status: int
    rule: str
    title: str
    detail: str
    source: str = ""
    next: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.rule)

    @property
    def clash(self) -> bool:
        """Somebody else changed it since this officer read it."""
        return self.status == 412 or self.rule in {"version-conflict", "version-moved-on"}

    @property
    def sentence(self) -> str:
        """What is wrong, in a sentence or two: the rule, then the facts of this case. A title that is no sentence names a status."""
        if not self.title.endswith(".") or self.detail.startswith(self.title):
            return self.detail or self.title
        return f"{self.title} {self.detail}".strip()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: its data, the version (`ETag`) that a change of it is based on, and when it held (`X-As-Of`) where
    an older answer would do."""

    data: Any
    version: str
    as_of: str = ""


class Asking:
    """Asks in the name of one session, during one request."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], session: Session, sessions: Sessions) -> None:
        self._http, self._urls, self._session, self._sessions = http, urls, session, sessions
        self.stale = False
        """Whether some answer did not show yet what this officer has written."""

    async def get(self, context: str, path: str, *, purpose: str = "", **query: Any) -> Any:
        """The data at a path. `purpose`: why, for the log of reads; what is sensitive is not given without one.
        Raises `NotThere`, `SignedOut`, `SignInTooOld`, `Away`, `Refusal` (a filter that the service does not know)."""
        return (await self.read(context, path, purpose=purpose, **query)).data

    async def read(self, context: str, path: str, *, purpose: str = "", **query: Any) -> Answer:
        """As `get`, with the version. Parameters that are empty or `None` are not asked for."""
        optional = {"X-Position": self._session.written(context), "X-Reason": purpose}
        headers = {name: value for name, value in optional.items() if value}
        answer = await self._send("GET", context, path, params=_asked(query), headers=headers)
        self.stale = self.stale or answer.headers.get("X-Stale") == "true"
        return Answer(answer.json(), answer.headers.get("ETag", ""), answer.headers.get("X-As-Of", ""))

    @asynccontextmanager
    async def download(
        self, context: str, path: str, *, purpose: str = "", **query: Any
    ) -> AsyncIterator[httpx.Response]:
        """A file of a service, to be passed on as it comes. Raises as `get`."""
        reason = {"X-Reason": purpose} if purpose else {}
        request = self._request("GET", context, path, params=_asked(query), headers=reason)
        answer = await self._sent(request, context, stream=True)
        try:
            if answer.is_error:
                await answer.aread()
                raise self._failure(answer, context)
            yield answer
        finally:
            await answer.aclose()

    async def command(
        self,
        context: str,
        path: str,
        body: Any = None,
        *,
        key: str,
        if_match: str = "",
        reason: str = "",
        cause: str = "",
        method: str = "POST",
    ) -> dict[str, Any]:
        """Carry out a command once per `key` (the form's, so that a double click is one command), and remember its position.

        `if_match`: the version that the officer saw; `reason`: why, for the audit trail; `cause`: the event acted upon.
        Raises `Refusal`, `NotThere`, `SignedOut`, `SignInTooOld`, `Away`.
        """
        optional = {"If-Match": if_match, "X-Reason": reason, "X-Causation-Id": cause}
        headers = {"Idempotency-Key": key, **{name: value for name, value in optional.items() if value}}
        answer = await self._send(method, context, path, json=body, headers=headers)
        await self._note(context, answer)
        given = answer.json() if answer.content else {}
        return given if isinstance(given, dict) else {"items": given}

    async def upload(
        self, context: str, path: str, content: bytes, *, key: str, media: str, **query: Any
    ) -> dict[str, Any]:
        """Send a file as the body of a command. Raises as `command`."""
        headers = {"Idempotency-Key": key, "Content-Type": media}
        answer = await self._send("POST", context, path, params=_asked(query), content=content, headers=headers)
        await self._note(context, answer)
        return dict(answer.json())

    async def _note(self, context: str, answer: httpx.Response) -> None:
        if tokens := answer.headers.get("X-Position", ""):
            self._session.positions.update(await self._sessions.note(self._session.number, context, tokens))

    async def _send(self, method: str, context: str, path: str, **parts: Any) -> httpx.Response:
        answer = await self._sent(self._request(method, context, path, **parts), context)
        if answer.is_error:
            raise self._failure(answer, context)
        return answer

    def _request(self, method: str, context: str, path: str, *, headers: dict[str, str], **parts: Any) -> httpx.Request:
        mine = {
            "Authorization": f"Bearer {self._session.tokens.access}",
            "X-Authority": self._session.authority,
            HEADER: correlation_id(),
            **({"traceparent": trace} if (trace := telemetry.traceparent()) else {}),
        }
        return self._http.build_request(method, self._urls[context] + path, headers={**headers, **mine}, **parts)

    async def _sent(self, request: httpx.Request, context: str, *, stream: bool = False) -> httpx.Response:
        try:
            return await self._http.send(request, stream=stream, follow_redirects=False)
        except httpx.TransportError as lost:
            _log.warning("service away", service=context, error=type(lost).__name__)
            raise Away(context) from None

    def _failure(self, answer: httpx.Response, context: str) -> Exception:
        if answer.status_code == 401:
            return SignInTooOld() if INSUFFICIENT in answer.headers.get("WWW-Authenticate", "") else SignedOut()
        if answer.status_code == 404:
            return NotThere()
        if answer.status_code >= 500 or not answer.headers.get("content-type", "").endswith("json"):
            return Away(context)
        return refusal_of(answer.status_code, answer.json())


def refusal_of(status: int, problem: dict[str, Any]) -> Refusal:
    """A service's problem (RFC 9457) as a refusal."""
    wrong = {
        error["field"].removeprefix("body.").removeprefix("query."): error["message"]
        for error in problem.get("errors", [])
    }
    return Refusal(
        status, problem.get("type", "").rpartition(":")[2], problem.get("title", ""), problem.get("detail", ""),
        problem.get("source", ""), problem.get("next", ""), wrong,
    )  # fmt: skip


def _asked(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value not in (None, "", [])}
