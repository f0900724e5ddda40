"""The application factory: what every service's HTTP side has, whatever its routes say.

    app = create_app("Registration", [applications, electors], settings, parts=[event_core], checks={"store":
    store_is_well})

Deny by default: it does not start with a route that neither requires a role nor is marked public.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache
from typing import Any, TypeVar

import httpx
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import iter_route_contexts

from shared.service import openapi, problems, rehearsal
from shared.service.auth import check_guards
from shared.service.direct import DirectRoutes
from shared.service.health import Check, Measure, Worker, health_router
from shared.service.http import printable
from shared.service.limits import AddressLimit, Limit
from shared.service.middleware import PROBES, BodyLimit, RequestScope
from shared.service.paging import Cursors
from shared.service.settings import Environment, Role, Settings, WrongSetting
from shared.service.tokens import KeyDirectory, Tokens

BODY_LIMIT = 1024 * 1024
"""Bytes of a request body, unless its route is marked with `accepts_up_to`."""

Part = Callable[[FastAPI], AbstractAsyncContextManager[None]]
"""Something that lives as long as the application: opened at the start, closed in reverse order at the end. It
leaves what routes need on `app.state` (`pool`, `execute`, `wait_for`)."""

E = TypeVar("E", bound=Callable[..., Any])
_VERSION = "1"


def accepts_up_to(limit: int) -> Callable[[E], E]:
    """Mark a route (an upload, which must stream its body) that takes bodies of up to `limit` bytes."""

    def mark(endpoint: E) -> E:
        endpoint.__moothall_body_limit__ = limit  # type: ignore[attr-defined]
        return endpoint

    return mark


def create_app(
    title: str,
    routers: Sequence[APIRouter],
    settings: Settings,
    *,
    parts: Sequence[Part] = (),
    checks: Mapping[str, Check] | None = None,
    workers: Mapping[str, Worker] | None = None,
    measures: Sequence[Measure] = (),
    description: str = "",
) -> FastAPI:
    """A FastAPI application with sign-in, problems, limits, health, metrics, logs and traces around `routers`.

    `checks` decide `/health/ready`; `workers` show in `/health/live`, `measures` in `/metrics`. Raises `UnguardedRoute`,
    `WrongSetting`.
    """
    app = FastAPI(
        title=f"Moothall {title}",
        version=_VERSION,
        description=description,
        lifespan=_lifespan(settings, parts),
        # Their pages load scripts from elsewhere, and errors recorded by the framework quote what people sent.
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.include_router(health_router(workers or {}, checks or {}, measures=measures))
    for router in routers:
        app.include_router(router, dependencies=[Depends(printable)])
    if settings.role in {Role.API, Role.ALL} and settings.env is not Environment.PRODUCTION:
        app.include_router(rehearsal.router)
    check_guards(route for route in app.routes if getattr(route, "path", "") != app.openapi_url)
    problems.install(app)
    openapi.install(app)
    app.add_middleware(DirectRoutes, of=app)
    app.add_middleware(BodyLimit, limit=BODY_LIMIT, larger=_larger_bodies(app))
    app.add_middleware(AddressLimit, limit=Limit(settings.requests_per_address), free=PROBES)
    app.add_middleware(RequestScope, https_only=settings.env is Environment.PRODUCTION)
    return app


def _larger_bodies(app: FastAPI) -> list[tuple[re.Pattern[str], int]]:
    routes = (
        (route, getattr(route.endpoint, "__moothall_body_limit__", 0)) for route in iter_route_contexts(app.routes)
    )
    return [(route.path_regex, limit) for route, limit in routes if limit]


def _lifespan(settings: Settings, parts: Sequence[Part]) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    # The role live has no keys, and nothing to page through.
    cursors = None if settings.role is Role.LIVE else Cursors(_shared_secret(settings))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings
        app.state.monotonic = time.monotonic
        app.state.cursors = cursors
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(httpx.AsyncClient(timeout=5, verify=_trusted()))
            app.state.tokens = Tokens(
                KeyDirectory(settings.oidc_issuer, http),
                settings.oidc_issuer,
                settings.oidc_audience,
                roles_claim=settings.oidc_roles_claim,
                authorities_claim=settings.oidc_authorities_claim,
                limit=Limit(settings.requests_per_subject),
            )
            for part in parts:
                await stack.enter_async_context(part(app))
            yield

    return lifespan


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that certificates may come from. To read them takes longer than the rest of a test's application."""
    return httpx.create_ssl_context()


def _shared_secret(settings: Settings) -> bytes:
    """A secret that all replicas of a service have. The blind key is never rotated, so cursors survive a deploy."""
    try:
        return (settings.key_directory / "blind.key").read_bytes()
    except OSError:
        raise WrongSetting("MOOT_KEYS names a directory without a readable blind.key.") from None
