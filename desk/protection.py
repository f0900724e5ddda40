"""What keeps the desk's pages from being used by others: headers, the sources of forms, and where an officer is sent next."""

from __future__ import annotations

import hmac
import re

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.sessions import Session

SAFE_METHODS = frozenset({"GET", "HEAD"})
CSRF_FIELD = "csrf"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


class Forged(Exception):
    """A form that did not come from a page of this session."""


class SafePages:
    """Headers of every answer. Nothing inline, nothing from elsewhere, in no frame; what is not a static file is kept by nobody."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": POLICY,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            **({"Strict-Transport-Security": "max-age=31536000"} if secure else {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        static = scope["path"].startswith("/static/")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    out[name] = value
                out["Cache-Control"] = "public, max-age=3600" if static else "no-store"
            await send(message)

        await self._app(scope, receive, answer)


def same_origin(headers: Headers, origin: str) -> bool:
    """Whether the browser says that our own page sent this. One that says neither is left to the form's token."""
    if (sent_from := headers.get("origin")) is not None:
        return sent_from == origin
    return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


async def own_form(request: Request, session: Session, origin: str) -> None:
    """Raises `Forged` unless a changing request comes from our page and holds this session's token."""
    if request.method in SAFE_METHODS:
        return
    given = (await request.form()).get(CSRF_FIELD, "")
    token_fits = isinstance(given, str) and hmac.compare_digest(given.encode(), session.csrf.encode())
    if not (token_fits and same_origin(request.headers, origin)):
        raise Forged


def own_page(target: str) -> str:
    """`target` where it is a path of ours, else the first page: no link of another's leads through our sign-in elsewhere."""
    return target if _OWN_PATH.fullmatch(target) else "/"
