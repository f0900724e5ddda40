"""A real identity provider on a loopback port, whose keys and tokens a test controls; and an app to ask with them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from shared.service.settings import Settings

AUDIENCE = "moothall"
COUNCIL = "E07000999"
OTHER_COUNCIL = "E07000041"


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Run an ASGI app on a free loopback port; yields its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="on"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)  # uvicorn offers no event to wait for
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await running


@dataclass
class Provider:
    """Signs tokens and publishes its public keys. `fetched` counts how often the keys were asked for."""

    issuer: str = ""
    keys: dict[str, Key] = field(default_factory=dict)
    fetched: int = 0

    def add_key(self, kid: str, algorithm: str = "ES256") -> Key:
        options: Any = {"kid": kid, "alg": algorithm, "use": "sig"}
        match algorithm:
            case "RS256":
                key: Key = RSAKey.generate_key(2048, options)
            case "EdDSA" | "Ed25519":
                key = OKPKey.generate_key("Ed25519", options)
            case _:
                key = ECKey.generate_key("P-256", options)
        self.keys[kid] = key
        return key

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        standard = {
            "iss": self.issuer, "aud": AUDIENCE, "sub": "a.officer@mootshire.example", "iat": now, "nbf": now,
            "auth_time": now, "exp": now + 300, "roles": ["registration-officer"], "authorities": [COUNCIL],
        }  # fmt: skip
        return {name: value for name, value in {**standard, **changed}.items() if value is not None}

    def token(self, kid: str = "first", *, key: Key | None = None, algorithm: str = "", **claims: Any) -> str:
        key = key or self.keys[kid]
        algorithm = algorithm or str(key.alg)
        return jwt.encode({"alg": algorithm, "kid": kid}, self.claims(**claims), key, algorithms=[algorithm])

    def bearer(self, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(**claims)}"}

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def discovery() -> dict[str, str]:
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"}

        @app.get("/jwks")
        def jwks() -> dict[str, Any]:
            self.fetched += 1
            return {"keys": [key.as_dict(private=False) for key in self.keys.values()]}

        return app


@asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    it = Provider()
    it.add_key("first")
    async with serving(it.app()) as address:
        it.issuer = address
        yield it


def settings_for(issuer: str, keys: Path, **changed: Any) -> Settings:
    (keys / "blind.key").write_bytes(b"b" * 32)
    values: dict[str, Any] = {
        "context": "registration", "role": "api", "databases": {}, "env": "test", "oidc_issuer": issuer, "keys": keys,
    }  # fmt: skip
    return Settings(**{**values, **changed})


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a started app, without a socket in between."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client
