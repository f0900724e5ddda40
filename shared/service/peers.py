"""The other services, asked over HTTP by this one as itself: a machine client of the OpenID provider (ADR 0007).

    async with open_peers(settings) as peers:
        answer = await peers.get("registration", f"/correspondents/elector/{elector}", authority)

The token comes by client credentials (RFC 6749 section 4.4) and is kept until shortly before it ends. Answers are not kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx
import structlog

from shared.service.correlation import HEADER, correlation_id
from shared.service.settings import Settings, WrongSetting

TIMEOUT = httpx.Timeout(5, connect=2)
"""Seconds that a neighbour may take: whoever asks can come back later."""
SPARE_SECONDS = 60
"""A token is renewed this long before it ends, so that none ends on its way."""

_log = structlog.get_logger(__name__)


class PeerAway(Exception):
    """The other service, or the provider of tokens, gave no usable answer now. Try later. Names no person."""


class MachineIdentity:
    """This service's own bearer token. Fetched when first needed; one fetch at a time."""

    def __init__(
        self, settings: Settings, http: httpx.AsyncClient, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        if settings.client_id is None or settings.client_secret is None:
            raise WrongSetting("MOOT_CLIENT_ID and MOOT_CLIENT_SECRET must name this service to the identity provider.")
        self._issuer = settings.oidc_issuer
        # RFC 6749 section 2.3.1: both are form-encoded before they go into the header.
        self._client = httpx.BasicAuth(
            quote(settings.client_id, safe=""), quote(settings.client_secret.get_secret_value(), safe="")
        )
        self._form = {"grant_type": "client_credentials"}
        if settings.client_scope:
            self._form["scope"] = settings.client_scope
        self._http = http
        self._monotonic = monotonic
        self._token = ""
        self._good_until = float("-inf")
        self._fetching = asyncio.Lock()

    async def token(self, other_than: str = "") -> str:
        """A token that is good for a while, and not the one that was just refused. Raises `PeerAway`."""
        async with self._fetching:
            if self._monotonic() >= self._good_until or self._token == other_than:
                await self._fetch()
            return self._token

    async def _fetch(self) -> None:
        try:
            discovery = _json(await self._http.get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"))
            if discovery["issuer"] != self._issuer:
                raise ValueError("discovery names another issuer")
            endpoint = str(discovery["token_endpoint"])
            if self._issuer.startswith("https:") and not endpoint.startswith("https:"):
                raise ValueError("an https issuer must take secrets over https")
            answer = _json(await self._http.post(endpoint, data=self._form, auth=self._client))
            token, seconds = str(answer["access_token"]), float(answer.get("expires_in", SPARE_SECONDS))
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as broken:
            _log.warning("no token from the identity provider", error=type(broken).__name__)
            raise PeerAway("The identity provider gave this service no token.") from None
        self._token = token
        self._good_until = self._monotonic() + max(seconds - SPARE_SECONDS, seconds / 2)


def _json(answer: httpx.Response) -> Any:
    return answer.raise_for_status().json()


class Peers:
    """The other services by context."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient, identity: MachineIdentity) -> None:
        self._settings = settings
        self._http = http
        self._identity = identity

    async def get(self, context: str, path: str, authority: str, *, reason: str = "") -> httpx.Response:
        """What a service answers to a GET in the name of one council: a success, or a refusal that stands (4xx).

        `reason` goes into the owner's audit trail. Raises `PeerAway` when it cannot be reached, is at fault (5xx), asks
        for patience (429) or does not take this service's token."""
        url = f"{self._settings.url_of(context)}{path}"
        headers = {"X-Authority": authority}
        if reason:
            headers["X-Reason"] = reason
        if thread := correlation_id():
            headers[HEADER] = thread
        token = await self._identity.token()
        answer = await self._ask(context, url, headers, token)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            answer = await self._ask(context, url, headers, await self._identity.token(other_than=token))
        if answer.is_success or (
            answer.is_client_error and answer.status_code not in {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
        ):
            return answer
        raise PeerAway(f"The service {context} answered {answer.status_code}.")

    async def _ask(self, context: str, url: str, headers: dict[str, str], token: str) -> httpx.Response:
        try:
            return await self._http.get(url, headers={**headers, "Authorization": f"Bearer {token}"})
        except httpx.HTTPError as broken:
            raise PeerAway(f"The service {context} cannot be reached ({type(broken).__name__}).") from None


@asynccontextmanager
async def open_peers(settings: Settings) -> AsyncIterator[Peers]:
    """The other services, over one pool of connections. Raises `WrongSetting` when this one has no identity."""
    async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False) as http:
        yield Peers(settings, http, MachineIdentity(settings, http))


def body_of(answer: httpx.Response) -> Any:
    """The JSON of an answer. Raises `PeerAway` when it is none."""
    try:
        return answer.json()
    except ValueError:
        raise PeerAway("The answer of another service was no JSON.") from None
