"""The OpenID provider as the desk asks it: authorization code with PKCE, refresh, sign-out (OpenID Connect Core, RP-Initiated and
Back-Channel Logout 1.0; RFC 7636)."""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from desk.sessions import Tokens as Held
from desk.settings import DeskSettings
from shared.service.auth import Identity, identity_of
from shared.service.problems import unavailable
from shared.service.settings import WrongSetting
from shared.service.tokens import LEEWAY, InvalidToken, KeyDirectory, Tokens

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
CALLBACK = "/signed-in"
SHORTEST = 60
"""Seconds that a token without `expires_in` is taken to last."""


class SignInFailed(Exception):
    """The provider did not sign this person in, or what came back is not the answer to what was asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the desk must remember between sending somebody to the provider and getting them back."""

    state: str
    nonce: str
    verifier: str
    next: str
    signed_in_since: int = 0
    """Seconds since 1970: an earlier sign-in is none."""

    @staticmethod
    def for_page(next: str, *, again: bool = False) -> Asked:
        since = int(time.time()) if again else 0
        return Asked(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32), next, since)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whom the provider vouches for. `identity` is who the services will take them for."""

    tokens: Held
    identity: Identity
    name: str
    sign_in: str
    """The provider's number of this sign-in (`sid`), or of the person where it has none."""


class Provider:
    """The provider at `MOOT_OIDC_ISSUER`; what it offers is read from its discovery document, once."""

    def __init__(self, settings: DeskSettings, http: httpx.AsyncClient) -> None:
        if settings.client_id is None:
            raise WrongSetting("MOOT_CLIENT_ID must name the desk to the identity provider.")
        self._settings = settings
        self._client_id = settings.client_id
        self._http = http
        keys = KeyDirectory(settings.oidc_issuer, http)
        self._access = Tokens(keys, settings.oidc_issuer, settings.oidc_audience)
        self._mine = Tokens(keys, settings.oidc_issuer, self._client_id)
        self._offers: dict[str, Any] = {}

    @property
    def _back(self) -> str:
        return self._settings.desk_url + CALLBACK

    async def offers(self) -> dict[str, Any]:
        """The discovery document. Raises `Problem` 503."""
        if not self._offers:
            try:
                answer = await self._http.get(
                    f"{self._settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
                )
                found = answer.raise_for_status().json()
                if found["issuer"] != self._settings.oidc_issuer:
                    raise ValueError("discovery names another issuer")
                self._same_protection(found["authorization_endpoint"], found["token_endpoint"])
            except (httpx.HTTPError, KeyError, TypeError, ValueError):
                raise unavailable("identity provider", retry_after=10) from None
            self._offers = found
        return self._offers

    def _same_protection(self, *endpoints: str) -> None:
        if self._settings.oidc_issuer.startswith("https:") and any(not url.startswith("https:") for url in endpoints):
            raise ValueError("an https issuer must answer over https")

    async def sign_in_url(self, asked: Asked) -> str:
        """Where to send somebody who wants to sign in."""
        challenge = urlsafe_b64encode(sha256(asked.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code", "client_id": self._client_id, "redirect_uri": self._back, "scope": self._settings.desk_scope,
            "state": asked.state, "nonce": asked.nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        if asked.signed_in_since:
            query["max_age"] = "0"
            query |= {"acr_values": means} if (means := self._settings.step_up_acr) else {}
        return _with((await self.offers())["authorization_endpoint"], query)

    async def redeem(self, code: str, asked: Asked) -> SignedIn:
        """Exchange a code for tokens. Raises `SignInFailed`, `Problem` 503."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self._back, "code_verifier": asked.verifier,
        }  # fmt: skip
        answer = await self._tokens(form)
        try:
            mine = await self._mine.verify(answer["id_token"])
        except (InvalidToken, KeyError):
            raise SignInFailed("the id token") from None
        if not secrets.compare_digest(str(mine.get("nonce", "")), asked.nonce):
            raise SignInFailed("the nonce")
        if asked.signed_in_since and mine.get("auth_time", 0) < asked.signed_in_since - LEEWAY:
            raise SignInFailed("the provider did not ask again")  # [OpenID Connect Core 3.1.2.1, max_age]
        held = _held(answer, answer["id_token"], "")
        identity = await self.identify(held)
        if identity.subject != mine["sub"]:
            raise SignInFailed("the access token is another's")
        return SignedIn(held, identity, str(mine.get("name") or "Officer"), str(mine.get("sid") or mine["sub"]))

    async def identify(self, held: Held) -> Identity:
        """Who the services will take the bearer of this token for. Raises `SignInFailed`."""
        try:
            claims = await self._access.verify(held.access)
        except InvalidToken:
            raise SignInFailed("the access token") from None
        return identity_of(claims, self._settings.oidc_roles_claim, self._settings.oidc_authorities_claim)

    async def refresh(self, held: Held) -> Held:
        """New tokens for old. Raises `SignInFailed` where the provider gives none, `Problem` 503 where it is away."""
        if not held.refresh:
            raise SignInFailed("there is no refresh token")
        answer = await self._tokens({"grant_type": "refresh_token", "refresh_token": held.refresh})
        return _held(answer, answer.get("id_token", held.identity), held.refresh)

    async def sign_out_url(self, held: Held) -> str:
        """Where the provider ends its own session, or our own page where it does not offer to."""
        back = f"{self._settings.desk_url}/signed-out"
        endpoint = (await self.offers()).get("end_session_endpoint")
        if not endpoint:
            return back
        return _with(
            endpoint, {"id_token_hint": held.identity, "post_logout_redirect_uri": back, "client_id": self._client_id}
        )

    async def signed_out(self, logout_token: str) -> tuple[str | None, str | None]:
        """`sid` and `sub` of a sign-out that the provider tells us of. Raises `SignInFailed` for a token that is none."""
        try:
            claims = await self._mine.verify(logout_token)
        except InvalidToken:
            raise SignInFailed("the logout token") from None
        if LOGOUT_EVENT not in (claims.get("events") or {}) or "nonce" in claims:  # an id token is no logout token
            raise SignInFailed("not a logout token")
        return claims.get("sid"), claims.get("sub")

    async def _tokens(self, form: dict[str, str]) -> dict[str, Any]:
        endpoint = (await self.offers())["token_endpoint"]
        secret = self._settings.client_secret
        # RFC 6749 section 2.3.1: both are form-encoded before they go into the header.
        known = (quote(self._client_id, safe=""), quote(secret.get_secret_value(), safe="")) if secret else None
        try:
            answer = await self._http.post(
                endpoint, data={**form, "client_id": self._client_id}, auth=known or httpx.USE_CLIENT_DEFAULT
            )
            if answer.status_code >= 500:
                raise unavailable("identity provider")
            given = answer.json() if answer.is_success else {}
        except (httpx.HTTPError, ValueError):
            raise unavailable("identity provider") from None
        if not isinstance(given, dict) or "access_token" not in given:
            raise SignInFailed("no tokens")
        return given


def _held(answer: dict[str, Any], identity: str, refresh: str) -> Held:
    lasts = float(answer.get("expires_in") or SHORTEST)
    return Held(answer["access_token"], answer.get("refresh_token", refresh), identity, time.time() + lasts)


def _with(url: str, query: dict[str, str]) -> str:
    return url + ("&" if urlsplit(url).query else "?") + urlencode(query)
