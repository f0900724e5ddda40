"""A small OpenID Connect provider for development: `python -m shared.service.dev_issuer`.

Anybody may sign in as anybody of its invented staff, without a password. So it refuses to run when `MOOT_ENV=production`, and
in production services trust no issuer without https.

    curl -X POST 'http://127.0.0.1:8400/token?user=registration-officer'

It speaks the authorization-code flow with PKCE (RFC 7636), refresh and sign-out (also behind the browser's back), for web pages
on this machine, and issues tokens directly, for command lines. Services sign in as themselves with the secret that it shares with
them (`MOOT_CLIENT_SECRET`). Browsers may reach it elsewhere than services do: `MOOT_ISSUER_PAGES`. `MOOT_DESK_LOGOUT` is where the
desk wants to hear of sign-outs.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
import sys
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlencode, urlsplit

import httpx
import uvloop
from fastapi import FastAPI, Form, Header, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from shared.eventcore.clock import Clock, system_clock
from shared.service import logs, problems
from shared.service.auth import ROLES
from shared.service.middleware import RequestScope
from shared.service.problems import Problem, invalid, not_found
from shared.service.serving import listen, serve, stop_on_signals
from shared.service.settings import Environment, Settings, WrongSetting

TOKEN_SECONDS = 10 * 60 * 60
"""As long as the longest session of an officer: a working day."""
OFFICER_SECONDS = 300
"""Of a web page's token: what an officer may do is looked up again as often as this."""
CODE_SECONDS = 60
MOST_CODES = 1000

_FORENAMES = (
    "Tamsin", "Ada", "Basil", "Clara", "Duncan", "Edith", "Fergus", "Greta", "Hamish", "Iris", "Jago", "Kezia", "Lorcan",
    "Mabyn", "Maud", "Ned", "Olwen", "Piers", "Queenie", "Rhona", "Silas",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Staff:
    """An invented member of staff: one per role, named after it, and a second where it takes two of one role."""

    user: str
    name: str
    roles: tuple[str, ...]


STAFF = {
    role: Staff(role, f"{forename} Mootshire", ("group-support:blue",) if role == "group-support" else (role,))
    for role, forename in zip(sorted(ROLES), _FORENAMES, strict=True)
}
STAFF["second-anonymous-officer"] = Staff("second-anonymous-officer", "Una Mootshire", ("anonymous-officer",))

DESK = "desk"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
CLIENTS = {"notifications": Staff("notifications", "", ("correspondence",))}
"""Services that ask others as themselves (ADR 0007), each with no more than it needs."""


@dataclass(frozen=True, slots=True)
class _Grant:
    """What a code stands for until it is exchanged."""

    staff: Staff
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    signed_in: int
    expires_at: float


class Issuer:
    """Signs tokens with a key that it keeps, so that a restart leaves everybody signed in."""

    def __init__(
        self, settings: Settings, key: ECKey, clock: Clock = system_clock, staff: Mapping[str, Staff] = STAFF
    ) -> None:
        self.url = settings.oidc_issuer.rstrip("/")
        self.pages = os.environ.get("MOOT_ISSUER_PAGES", self.url)
        self.staff = staff
        self._signed_out: set[str] = set()
        self._settings = settings
        self._key = key
        self._clock = clock
        self._codes: dict[str, _Grant] = {}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self._settings.oidc_issuer,
            "authorization_endpoint": f"{self.pages}/authorize",
            "end_session_endpoint": f"{self.pages}/sign-out",
            "backchannel_logout_supported": True,
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "scopes_supported": ["openid", "profile"],
        }

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def tokens(self, staff: Staff) -> dict[str, Any]:
        """An access token for the services, for a working day."""
        claims = {
            **self._claims(staff, TOKEN_SECONDS),
            "aud": self._settings.oidc_audience,
            "jti": secrets.token_hex(8),
            **({} if staff.user in CLIENTS else {"auth_time": int(self._clock().timestamp())}),
        }
        return {"access_token": self._sign(claims), "token_type": "Bearer", "expires_in": TOKEN_SECONDS}

    def page_tokens(self, staff: Staff, client_id: str, sid: str, signed_in: int, nonce: str = "") -> dict[str, Any]:
        """What a web page gets: a short access token, one to refresh it with, and an id token with the name to show.
        `signed_in`: when the officer was before the page of the issuer, which no refresh makes later."""
        common = {**self._claims(staff, OFFICER_SECONDS), "sid": sid, "auth_time": signed_in}
        named = {**common, "aud": client_id, "name": staff.name, **({"nonce": nonce} if nonce else {})}
        again = {
            **self._claims(staff, TOKEN_SECONDS),
            "aud": self.url,
            "sid": sid,
            "client_id": client_id,
            "auth_time": signed_in,
        }
        return {
            "access_token": self._sign({**common, "aud": self._settings.oidc_audience, "jti": secrets.token_hex(8)}),
            "token_type": "Bearer",
            "expires_in": OFFICER_SECONDS,
            "refresh_token": self._sign(again),
            "id_token": self._sign(named),
        }

    def _claims(self, staff: Staff, seconds: int) -> dict[str, Any]:
        now = int(self._clock().timestamp())
        return {
            "iss": self._settings.oidc_issuer, "sub": staff.user, "iat": now, "nbf": now, "exp": now + seconds,
            "roles": list(staff.roles), "authorities": [self._settings.authority],
        }  # fmt: skip

    def refresh(self, token: str) -> dict[str, Any]:
        """New tokens, with the roles that the officer has now."""
        said = self._read(token)
        staff = self.staff.get(said.get("sub", ""))
        fresh = said.get("aud") == self.url and said["exp"] > self._clock().timestamp()
        if staff is None or not fresh or said["sid"] in self._signed_out:
            raise Problem(400, "invalid-grant", "This officer has to sign in again.")
        return self.page_tokens(staff, said["client_id"], said["sid"], said["auth_time"])

    def sign_out(self, id_token: str) -> str:
        """End the sign-in behind an id token; the logout token for its client."""
        said = self._read(id_token)
        self._signed_out.add(said.get("sid", ""))
        now = int(self._clock().timestamp())
        return self._sign(
            {
                "iss": self._settings.oidc_issuer, "aud": said.get("aud", ""), "sub": said.get("sub", ""), "sid": said.get("sid", ""),
                "iat": now, "exp": now + 120, "jti": secrets.token_hex(8), "events": {LOGOUT_EVENT: {}},
            }
        )  # fmt: skip

    def _read(self, token: str) -> dict[str, Any]:
        try:
            return dict(jwt.decode(token, self._key, algorithms=["ES256"]).claims)
        except (JoseError, ValueError):
            raise Problem(400, "invalid-grant", "This is no token of ours.") from None

    def machine(self, client_id: str, secret: str) -> dict[str, Any]:
        """An access token for a service that knows the secret (RFC 6749 section 4.4)."""
        expected = self._settings.client_secret
        if expected is None or not hmac.compare_digest(expected.get_secret_value().encode(), secret.encode()):
            raise Problem(
                401, "invalid-client", "The secret is not this client's.", headers={"WWW-Authenticate": "Basic"}
            )
        return self.tokens(CLIENTS[client_id])

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": str(self._key.kid)}, claims, self._key, algorithms=["ES256"])

    def code(
        self, staff: Staff, client_id: str, redirect_uri: str, challenge: str, nonce: str, signed_in_ago: int = 0
    ) -> str:
        """A code that `exchange` takes once, within `CODE_SECONDS`. `signed_in_ago`: seconds since the officer signed in, as where
        another page has done it before."""
        now = self._clock().timestamp()
        self._codes = {code: grant for code, grant in self._codes.items() if grant.expires_at > now}
        if len(self._codes) >= MOST_CODES:
            raise Problem(429, "too-many-codes", "Too many sign-ins are under way.", headers={"Retry-After": "60"})
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Grant(
            staff, client_id, redirect_uri, challenge, nonce, int(now) - signed_in_ago, now + CODE_SECONDS
        )
        return code

    def exchange(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
        """The tokens for a code, for whoever knows the verifier behind its challenge (RFC 7636 section 4.6)."""
        grant = self._codes.pop(code, None)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if (
            grant is None
            or grant.expires_at <= self._clock().timestamp()
            or (grant.client_id, grant.redirect_uri) != (client_id, redirect_uri)
            or not hmac.compare_digest(grant.challenge, challenge)
        ):
            raise Problem(400, "invalid-grant", "The code is not, or no longer, good for this client.")
        return self.page_tokens(grant.staff, client_id, secrets.token_hex(8), grant.signed_in, grant.nonce)


def issuer_app(settings: Settings, clock: Clock = system_clock, staff: Mapping[str, Staff] = STAFF) -> FastAPI:
    """The provider of `staff` as an application. Raises `WrongSetting` in production."""
    if settings.env is Environment.PRODUCTION:
        raise WrongSetting(
            "The development issuer signs in anybody as anybody: it does not run with MOOT_ENV=production."
        )
    issuer = Issuer(settings, signing_key(settings.keys), clock, staff)
    app = FastAPI(title="Moothall development issuer", docs_url=None, redoc_url=None, openapi_url=None)
    problems.install(app)
    app.add_middleware(RequestScope)

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return issuer.discovery()

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return issuer.jwks()

    @app.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/", response_class=HTMLResponse)
    async def staff_list() -> str:
        forms = (
            f'<form method="post" action="/token?user={s.user}"><button>Token for {s.user}</button> {escape(s.name)}</form>'
            for s in staff.values()
        )
        return _page("Invented staff of the development issuer", "\n".join(forms))

    @app.post("/token")
    async def token(
        user: Annotated[str | None, Query()] = None,
        grant_type: Annotated[str, Form()] = "client_credentials",
        code: Annotated[str, Form()] = "",
        client_id: Annotated[str, Form()] = "",
        client_secret: Annotated[str, Form()] = "",
        redirect_uri: Annotated[str, Form()] = "",
        code_verifier: Annotated[str, Form()] = "",
        refresh_token: Annotated[str, Form()] = "",
        authorization: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        if grant_type == "authorization_code":
            return issuer.exchange(code, client_id, redirect_uri, code_verifier)
        if grant_type == "refresh_token":
            return issuer.refresh(refresh_token)
        if grant_type != "client_credentials":
            raise Problem(400, "unsupported-grant-type", "Use authorization_code, refresh_token or client_credentials.")
        if authorization:
            client_id, client_secret = _basic(authorization)
        if client_id in CLIENTS:
            return issuer.machine(client_id, client_secret)
        return issuer.tokens(_staff(staff, user or client_id))

    @app.get("/authorize", response_class=HTMLResponse)
    async def authorize(
        client_id: str,
        redirect_uri: str,
        response_type: str,
        code_challenge: str,
        code_challenge_method: str,
        state: str = "",
        nonce: str = "",
        user: str | None = None,
        signed_in_ago: Annotated[int, Query(ge=0)] = 0,
        max_age: Annotated[int | None, Query(ge=0)] = None,
    ) -> Any:
        _only_this_machine(redirect_uri)
        if response_type != "code" or code_challenge_method != "S256" or not code_challenge:
            raise invalid("code_challenge_method", "pkce", "This issuer knows the code flow with PKCE by S256 only.")
        if user is not None:
            ago = signed_in_ago if max_age is None else min(signed_in_ago, max_age)
            given = issuer.code(_staff(staff, user), client_id, redirect_uri, code_challenge, nonce, ago)
            joined = "&" if urlsplit(redirect_uri).query else "?"
            return RedirectResponse(redirect_uri + joined + urlencode({"code": given, "state": state}), 303)
        asked = {
            "client_id": client_id, "redirect_uri": redirect_uri, "response_type": response_type, "state": state,
            "nonce": nonce, "code_challenge": code_challenge, "code_challenge_method": code_challenge_method,
        }  # fmt: skip
        links = (
            f'<li><a href="/authorize?{escape(urlencode({**asked, "user": s.user}))}">{escape(s.name)}, {s.user}</a></li>'
            for s in staff.values()
        )
        return _page("Sign in as", f"<ul>{''.join(links)}</ul>")

    @app.get("/sign-out", response_class=HTMLResponse)
    async def sign_out(id_token_hint: str, post_logout_redirect_uri: str = "", client_id: str = "") -> Any:
        logout_token = issuer.sign_out(id_token_hint)
        if (told := os.environ.get("MOOT_DESK_LOGOUT", "")) and client_id == DESK:
            with suppress(httpx.HTTPError):  # the desk has ended its own session already
                async with httpx.AsyncClient(timeout=2) as http:
                    await http.post(told, data={"logout_token": logout_token})
        if not post_logout_redirect_uri:
            return _page("You are signed out", "")
        _only_this_machine(post_logout_redirect_uri)
        return RedirectResponse(post_logout_redirect_uri, 303)

    return app


def _staff(staff: Mapping[str, Staff], user: str) -> Staff:
    try:
        return staff[user]
    except KeyError:
        raise not_found() from None


def _basic(authorization: str) -> tuple[str, str]:
    """Client and secret of a `Basic` header, each form-encoded (RFC 6749 section 2.3.1)."""
    try:
        client, _, secret = b64decode(authorization.removeprefix("Basic "), validate=True).decode().partition(":")
    except ValueError:
        raise Problem(401, "invalid-client", "Say who you are by HTTP Basic.") from None
    return unquote(client), unquote(secret)


def _only_this_machine(redirect_uri: str) -> None:
    """No open redirect: codes go to pages on this machine only."""
    parts = urlsplit(redirect_uri)
    if parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "localhost", "::1"} or parts.fragment:
        raise invalid("redirect_uri", "loopback", "It must be an http address on this machine.")


def _page(title: str, body: str) -> str:
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>'


def signing_key(directory: Path | None) -> ECKey:
    """The key in `directory`, made on first use; a key for this run only when no directory is named."""
    file = directory / "signing.key" if directory else None
    if file is not None and file.exists():
        key = ECKey.import_key(file.read_bytes())
    else:
        key = ECKey.generate_key("P-256")
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(key.as_pem(private=True))
    return ECKey.import_key({**key.as_dict(private=True), "kid": key.thumbprint(), "alg": "ES256", "use": "sig"})


async def run(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Serve until `stop` is set (by default: by SIGTERM or SIGINT)."""
    app = issuer_app(settings)
    with listen(settings) as listening:
        await serve(app, listening, stop or stop_on_signals(), settings.grace_seconds)


def main() -> None:
    """End with a sentence when the environment is wrong."""
    try:
        settings = Settings.load("issuer", "api")
        logs.configure(settings.log_level, context="issuer", role="issuer")
        uvloop.run(run(settings))
    except WrongSetting as wrong:
        sys.exit(f"{wrong}")


if __name__ == "__main__":
    main()
