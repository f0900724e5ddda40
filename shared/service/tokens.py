"""Bearer tokens of any OpenID Connect provider: whose they are, for whom, until when, and signed by which key.

RFC 8725 practice: the algorithm is chosen from our list and not by the token; a key is used only with its own type of
algorithm; issuer, audience and times are always checked. Keys come from the provider's JWKS (RFC 7517).
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import httpx
import structlog
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from shared.service.auth import Identity, identity_of
from shared.service.limits import Limit
from shared.service.problems import Problem, unavailable

KEY_TYPES: dict[str, type[Key]] = {"RS256": RSAKey, "ES256": ECKey, "Ed25519": OKPKey, "EdDSA": OKPKey}
"""Accepted algorithms and the key each belongs to. No `none`, no HMAC: a public key must never serve as a secret."""

_log = structlog.get_logger(__name__)

LEEWAY = 30
"""Seconds by which the clocks of provider and service may differ."""

LONGEST_TOKEN = 16_384

ONLY = ""
"""The name of the key for a token without `kid`, which is meant for providers with one key alone. [OpenID Connect Core 10.1]"""

REMEMBERED_SECONDS = 60
"""For how long a token that was verified is taken as such again: checking a signature costs as much as a command."""
REMEMBERED = 2048


class InvalidToken(Exception):
    """The token proves nothing. The reason is for the log; the caller learns only that the token was not accepted."""


class KeyDirectory:
    """The provider's public keys by `kid`, fetched when first needed, hourly, and when an unknown `kid` appears, but
    then at most once in `min_interval` seconds: invented kids must not make us hammer the provider."""

    def __init__(
        self,
        issuer: str,
        http: httpx.AsyncClient,
        *,
        min_interval: float = 10,
        max_age: float = 3600,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._http = http
        self._min_interval = min_interval
        self._max_age = max_age
        self._monotonic = monotonic
        self._keys: dict[str, Key] = {}
        self._tried_at = float("-inf")
        self._fetched_at = float("-inf")
        self._refreshing = asyncio.Lock()

    async def key(self, kid: str) -> Key:
        """The key named `kid`; for `ONLY`, the one that the provider has. Raises `InvalidToken` for an unknown one, `Problem`
        503 while there are no keys."""
        if kid not in self._keys or self._monotonic() - self._fetched_at > self._max_age:
            async with self._refreshing:
                if kid not in self._keys or self._monotonic() - self._fetched_at > self._max_age:
                    await self._refresh()
        if not self._keys:
            raise unavailable("identity provider", retry_after=max(1, round(self._min_interval)))
        try:
            return self._keys[kid]
        except KeyError:
            raise InvalidToken("unknown kid") from None

    async def _refresh(self) -> None:
        if self._monotonic() - self._tried_at < self._min_interval:
            return
        self._tried_at = self._monotonic()
        try:
            discovery = await self._json(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if discovery["issuer"] != self._issuer:
                raise ValueError("discovery names another issuer")
            jwks = await self._json(self._same_protection(discovery["jwks_uri"]))
            keys = KeySet.import_key_set({"keys": [key for key in jwks["keys"] if _for_signatures(key)]})
        except (httpx.HTTPError, KeyError, TypeError, ValueError, JoseError) as broken:
            _log.warning("keys of the identity provider not refreshed", error=type(broken).__name__)
            # The provider is away or talks nonsense: known keys go on until they are too old to be trusted.
            if self._monotonic() - self._fetched_at > 24 * self._max_age:
                self._keys = {}
            return
        self._keys = {key.kid: key for key in keys.keys if key.kid}
        if len(keys.keys) == 1:
            self._keys[ONLY] = keys.keys[0]
        self._fetched_at = self._monotonic()

    async def _json(self, url: str) -> Any:
        response = await self._http.get(url, follow_redirects=False)
        response.raise_for_status()
        return response.json()

    def _same_protection(self, url: str) -> str:
        if self._issuer.startswith("https:") and not url.startswith("https:"):
            raise ValueError("an https issuer must publish its keys over https")
        return url


def _for_signatures(key: dict[str, Any]) -> bool:
    return key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig"


class Tokens:
    """Turns an `Authorization` header into an `Identity`. Token times are compared with the system's clock, also while
    a rehearsal has moved the service's."""

    def __init__(
        self,
        keys: KeyDirectory,
        issuer: str,
        audience: str,
        *,
        roles_claim: str = "roles",
        authorities_claim: str = "authorities",
        limit: Limit | None = None,
        now: Callable[[], int] = lambda: int(time.time()),
    ) -> None:
        self._keys = keys
        self._now = now
        self._remembered: OrderedDict[str, tuple[Identity, float]] = OrderedDict()
        self._roles_claim = roles_claim
        self._authorities_claim = authorities_claim
        self._limit = limit
        self._claims = jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )

    async def identify(self, authorization: str | None) -> Identity:
        """Raises `Problem` 401 for a missing or unacceptable token, 429 for one whose subject sends too much."""
        identity = await self._identity(authorization)
        if self._limit is not None:
            self._limit.take(identity.id)
        return identity

    async def _identity(self, authorization: str | None) -> Identity:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthorised("Bearer", "Sign in: this needs a bearer token.")
        token = token.strip()
        identity, until = self._remembered.get(token, (None, 0.0))
        if identity is not None and self._now() < until:
            return identity
        try:
            claims = await self.verify(token)
        except InvalidToken:
            raise _unauthorised('Bearer error="invalid_token"', "The bearer token is not acceptable.") from None
        identity = identity_of(claims, self._roles_claim, self._authorities_claim)
        # Never beyond its own end: an expired token is verified again, and refused.
        self._remembered[token] = identity, min(claims["exp"], self._now() + REMEMBERED_SECONDS)
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return identity

    async def verify(self, token: str) -> dict[str, Any]:
        """The claims of a good token. Raises `InvalidToken`."""
        if len(token) > LONGEST_TOKEN:
            raise InvalidToken("too long")
        try:
            header = jws.extract_compact(token.encode()).headers()
            algorithm, kid = header.get("alg"), header.get("kid", ONLY)
            if not isinstance(algorithm, str) or algorithm not in KEY_TYPES or not isinstance(kid, str):
                raise InvalidToken("algorithm or kid")
            key = await self._keys.key(kid)
            if not isinstance(key, KEY_TYPES[algorithm]) or key.alg not in (None, algorithm):
                raise InvalidToken("the key is not for this algorithm")
            claims = jwt.decode(token, key, algorithms=[algorithm]).claims
            self._claims.validate(claims)
        except (JoseError, ValueError, RecursionError) as broken:
            raise InvalidToken(type(broken).__name__) from None
        return claims


def _unauthorised(challenge: str, detail: str) -> Problem:
    return Problem(
        401, "not-signed-in", detail, next="Get a new token from the identity provider.",
        headers={"WWW-Authenticate": challenge},
    )  # fmt: skip
