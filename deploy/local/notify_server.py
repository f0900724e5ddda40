"""GOV.UK Notify as far as a client can tell, on this machine: its calls, statuses, limits, errors and test recipients.

For development and for tests; nothing goes anywhere. Words and recipients are kept for whoever wants to look at them, the last
`KEPT` of them. [GOV.UK Notify, REST API, June 2026]
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from deploy.topology import NOTIFY_TEMPLATES

CLOCK_SKEW: Final = 30
PER_MINUTE: Final = 3_000
DAILY: Final[Mapping[str, int]] = {"email": 250_000, "sms": 250_000, "letter": 20_000}
PAGE: Final = 250
KEPT: Final = 5_000
CALLBACK_TRIES: Final = 6
CALLBACK_WAIT_SECONDS: Final = 300.0

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("subject", "greeting", "body"),
    "sms": ("body",),
    "letter": ("subject", "body"),
}
"""What the council's template of each kind asks for."""
EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
MOBILE: Final = re.compile(r"07\d{9}")
POSTCODE: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
NOT_AT_THE_START: Final = tuple("@()=[]\\/,<>")
OUTCOMES: Final = {
    "07700900003": "temporary-failure", "temp-fail@simulator.notify": "temporary-failure",
    "07700900002": "permanent-failure", "perm-fail@simulator.notify": "permanent-failure",
}  # fmt: skip
"""The test key's recipients; to everybody else it is delivered."""


class Refusal(Exception):
    """An answer other than success: `kind` is for programs, `message` for people."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        self.status, self.kind, self.message = status, kind, message

    def response(self) -> JSONResponse:
        body = {"status_code": self.status, "errors": [{"error": self.kind, "message": self.message}]}
        return JSONResponse(body, self.status)


@dataclass
class NotifyServer:
    """One service at Notify with one key. `callback`: the URL and the bearer token for receipts. `settles_after`: seconds until
    a message has its final status. `down`: answer every call so, with 500 as the real one does."""

    key: str
    clock: Callable[[], datetime]
    per_minute: int = PER_MINUTE
    daily: Mapping[str, int] = field(default_factory=lambda: DAILY)
    callback: tuple[str, str] | None = None
    settles_after: float = 0.5
    callback_wait: float = CALLBACK_WAIT_SECONDS
    down: bool = False
    sent: OrderedDict[str, dict[str, Any]] = field(default_factory=OrderedDict)
    calls: Counter[str] = field(default_factory=Counter)
    """How many calls there were, by method and kind of message or path."""
    _today: Counter[tuple[str, str]] = field(default_factory=Counter)
    _minute: list[datetime] = field(default_factory=list)
    _calling: set[asyncio.Task[None]] = field(default_factory=set)

    def app(self) -> Starlette:
        routes = [
            Route("/v2/notifications/{kind}", self._post, methods=["POST"]),
            Route("/v2/notifications/{identity}", self._one),
            Route("/v2/notifications", self._list),
            Route("/v2/template/{identity}", self._template),
            Route("/health/ready", self._ready),
        ]
        return Starlette(routes=routes, exception_handlers={Refusal: _answer, HTTPException: _not_found})

    # --- calls -------------------------------------------------------------------------------------------------------

    async def _ready(self, _request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def _post(self, request: Request) -> JSONResponse:
        kind = request.path_params["kind"]
        self._admit(request, f"POST {kind}")
        if kind not in PLACES:
            raise Refusal(404, "NoResultFound", "No result found")
        asked = await request.json()
        to, places = self._checked(kind, asked)
        self._count(kind)
        identity, now = str(uuid4()), self.clock()
        self.sent[identity] = {
            "id": identity, "reference": asked.get("reference"), "type": kind, "created_at": now.isoformat(),
            "template": {"id": NOTIFY_TEMPLATES[kind], "version": 1, "uri": f"/v2/template/{NOTIFY_TEMPLATES[kind]}"},
            "body": places["body"], "subject": places.get("subject"), **to,
        }  # fmt: skip
        while len(self.sent) > KEPT:
            self.sent.popitem(last=False)
        if self.callback is not None and kind != "letter":
            task = asyncio.create_task(self._call_back(identity))
            self._calling.add(task)
            task.add_done_callback(self._calling.discard)
        content = {"body": places["body"], "subject": places.get("subject")}
        answer = {name: self.sent[identity][name] for name in ("id", "reference", "template")}
        return JSONResponse({**answer, "content": content, "uri": f"/v2/notifications/{identity}"}, 201)

    async def _one(self, request: Request) -> JSONResponse:
        self._admit(request, "GET notification")
        found = self.sent.get(request.path_params["identity"])
        if found is None:
            raise Refusal(404, "NoResultFound", "No result found")
        return JSONResponse(self._shown(found))

    async def _list(self, request: Request) -> JSONResponse:
        self._admit(request, "GET notifications")
        query = request.query_params
        newest = [self._shown(each) for each in reversed(self.sent.values())]
        if older := query.get("older_than"):
            ids = [each["id"] for each in newest]
            newest = newest[ids.index(older) + 1 :] if older in ids else []
        for asked, name in (("reference", "reference"), ("template_type", "type"), ("status", "status")):
            if wanted := query.getlist(asked):
                newest = [each for each in newest if each[name] in wanted]
        page = newest[:PAGE]
        links = {"current": str(request.url)}
        if len(newest) > PAGE:
            links["next"] = str(request.url.include_query_params(older_than=page[-1]["id"]))
        return JSONResponse({"notifications": page, "links": links})

    async def _template(self, request: Request) -> JSONResponse:
        self._admit(request, "GET template")
        kinds = {identity: kind for kind, identity in NOTIFY_TEMPLATES.items()}
        kind = kinds.get(request.path_params["identity"])
        if kind is None:
            raise Refusal(404, "NoResultFound", "No result found")
        body = "\n\n".join(f"(({place}))" for place in PLACES[kind])
        return JSONResponse({"id": NOTIFY_TEMPLATES[kind], "type": kind, "version": 1, "body": body})

    # --- rules -------------------------------------------------------------------------------------------------------

    def _admit(self, request: Request, call: str) -> None:
        """A token of the service's own, signed within the last half minute."""
        self.calls[call] += 1
        if self.down:
            raise Refusal(500, "Exception", "Internal server error")
        service, secret = self.key[-73:-37], self.key[-36:]
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"]).claims
            issued = float(claims["iat"])
        except (JoseError, KeyError, ValueError):
            raise Refusal(403, "AuthError", "Invalid token: API key not found") from None
        if claims.get("iss") != service:
            raise Refusal(403, "AuthError", "Invalid token: service not found")
        if abs(time.time() - issued) > CLOCK_SKEW:
            raise Refusal(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")

    def _checked(self, kind: str, asked: Mapping[str, Any]) -> tuple[dict[str, str], Mapping[str, str]]:
        """The recipient and the personalisation of a message that can be sent."""
        if asked.get("template_id") != NOTIFY_TEMPLATES[kind]:
            raise Refusal(400, "BadRequestError", "Template not found")
        places = asked.get("personalisation") or {}
        if missing := [place for place in PLACES[kind] if not places.get(place)]:
            raise Refusal(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        match kind:
            case "email":
                if not EMAIL.fullmatch(str(asked.get("email_address", ""))):
                    raise Refusal(400, "ValidationError", "email_address Not a valid email address")
                return {"email_address": asked["email_address"]}, places
            case "sms":
                number = re.sub(r"^\+?44", "0", re.sub(r"[\s()-]", "", str(asked.get("phone_number", ""))))
                if not MOBILE.fullmatch(number):
                    raise Refusal(400, "ValidationError", "phone_number Not a UK mobile number")
                return {"phone_number": number}, places
            case _:
                return _address(places), places

    def _count(self, kind: str) -> None:
        now = self.clock()
        self._minute = [at for at in self._minute if now - at < timedelta(minutes=1)]
        if len(self._minute) >= self.per_minute:
            message = f"Exceeded rate limit for key type LIVE of {self.per_minute} requests per 60 seconds"
            raise Refusal(429, "RateLimitError", message)
        day = now.date().isoformat()
        if self._today[day, kind] >= self.daily[kind]:
            message = f"Exceeded send limits ({kind}: {self.daily[kind]}) for today"
            raise Refusal(429, "TooManyRequestsError", message)
        self._minute.append(now)
        self._today[day, kind] += 1

    def _shown(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        settled = self.clock() - datetime.fromisoformat(sent["created_at"]) >= timedelta(seconds=self.settles_after)
        return {
            **sent,
            "status": final_status(sent) if settled else "accepted" if sent["type"] == "letter" else "sending",
        }

    # --- receipts ----------------------------------------------------------------------------------------------------

    async def _call_back(self, identity: str) -> None:
        """Tell the council, and again until it answers."""
        await asyncio.sleep(self.settles_after)
        for _ in range(CALLBACK_TRIES):
            if await self.tell(identity):
                return
            await asyncio.sleep(self.callback_wait)

    async def tell(self, identity: str) -> bool:
        """Call the council back about one message; whether it answered well."""
        if self.callback is None:
            return False
        sent, (url, token) = self.sent[identity], self.callback
        body = {
            "id": identity, "reference": sent["reference"], "to": sent.get("email_address") or sent.get("phone_number"),
            "status": final_status(sent), "created_at": sent["created_at"], "completed_at": self.clock().isoformat(),
            "sent_at": sent["created_at"], "notification_type": sent["type"], "template_id": sent["template"]["id"],
            "template_version": 1,
        }  # fmt: skip
        try:
            async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
                return (await http.post(url, json=body, headers={"Authorization": f"Bearer {token}"})).is_success
        except httpx.HTTPError:
            return False


def final_status(sent: Mapping[str, Any]) -> str:
    if sent["type"] == "letter":
        return "received"
    return OUTCOMES.get(sent.get("email_address") or sent["phone_number"], "delivered")


def _address(places: Mapping[str, str]) -> dict[str, str]:
    numbered = {f"line_{number}": places.get(f"address_line_{number}", "") for number in range(1, 8)}
    lines: Sequence[str] = [line for line in numbered.values() if line]
    if not 3 <= len(lines) <= 7:
        raise Refusal(400, "ValidationError", "Address must be between 3 and 7 lines long")
    if not POSTCODE.fullmatch(lines[-1].upper()):
        raise Refusal(400, "ValidationError", "Last line of address must be a real UK postcode or another country")
    if any(line.startswith(NOT_AT_THE_START) for line in lines):
        raise Refusal(400, "ValidationError", "Address lines must not start with any of the following characters")
    return numbered


async def _answer(_request: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    return refusal.response()


async def _not_found(_request: Request, _error: Exception) -> JSONResponse:
    return Refusal(404, "NoResultFound", "No result found").response()
