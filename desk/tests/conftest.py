"""The desk on a loopback port, with the development issuer, a real PostgreSQL, and a neighbour in the services' place that a test
fills: it takes tokens as services do, and answers what the test put there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from desk.main import SERVICES, desk
from desk.sessions import make_session_key
from desk.settings import DeskSettings
from shared.eventcore.testing.infrastructure import temporary_database
from shared.service.dev_issuer import STAFF, Staff, issuer_app
from shared.service.settings import Databases, Settings
from shared.service.tests.provider import serving
from shared.service.tokens import KeyDirectory, Tokens

COUNCIL = "E07000999"


@dataclass
class Neighbour:
    """`answers`: what a path is answered with, a `Response` as it is, a function anew each time;
    `asked`: who asked for what, as services see it;
    `positions`: after which of the officer's own writes a path was asked for last."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str, frozenset[str]]] = field(default_factory=list)
    positions: dict[str, str] = field(default_factory=dict)


@dataclass
class Office:
    """The desk at `url`, its issuer, and whom the issuer knows."""

    url: str
    issuer: str
    staff: dict[str, Staff]
    neighbour: Neighbour
    app: FastAPI

    @asynccontextmanager
    async def browser(self, **cookies: str) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(base_url=self.url, cookies=cookies, follow_redirects=False) as browser:
            yield browser

    async def sign_in(
        self, browser: httpx.AsyncClient, user: str = "registration-officer", next: str = "/"
    ) -> httpx.Response:
        """Go through the provider's page as `user`; the desk's answer, with the session's cookie."""
        asked = await browser.get("/sign-in", params={"next": next})
        back = await browser.get(
            asked.headers["location"], params={**httpx.URL(asked.headers["location"]).params, "user": user}
        )
        return await browser.get(back.headers["location"])


def token_of(page: str) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has no form of its officer's"
    return found[1]


@pytest.fixture(scope="session")
async def office_for_all(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    keys: Path = tmp_path_factory.mktemp("desk-keys")
    make_session_key(keys)
    staff, neighbour = dict(STAFF), Neighbour()
    issuer, services, pages = Late(), Late(), Late()
    async with (
        temporary_database(postgres_url) as database,
        serving(issuer) as issuer_url,
        serving(services) as services_url,
        serving(pages) as desk_url,
        httpx.AsyncClient() as http,
    ):
        common: dict[str, Any] = {"role": "api", "env": "test", "oidc_issuer": issuer_url}
        urls: dict[str, Any] = {f"{context}_url": services_url for context in SERVICES}
        issuer.app = issuer_app(Settings(context="issuer", databases=Databases(), keys=keys, **common), staff=staff)
        services.app = _services(neighbour, Tokens(KeyDirectory(issuer_url, http), issuer_url, "moothall"))
        settings = DeskSettings(
            context="desk", databases=Databases(database_url=database), keys=keys, client_id="desk", desk_url=desk_url,
            **urls, **common,
        )  # fmt: skip
        app = desk(settings)
        async with app.router.lifespan_context(app):
            pages.app = app
            yield Office(desk_url, issuer_url, staff, neighbour, app)


@pytest.fixture
def office(office_for_all: Office) -> Office:
    office_for_all.staff.clear()
    office_for_all.staff.update(STAFF)
    office_for_all.neighbour.answers.clear()
    office_for_all.neighbour.asked.clear()
    office_for_all.neighbour.positions.clear()
    return office_for_all


class Late:
    """An application that is made when its address is known."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)


def _services(neighbour: Neighbour, tokens: Tokens) -> FastAPI:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def answer(path: str, request: Request) -> Response:
        identity = await tokens.identify(request.headers.get("authorization"))
        neighbour.asked.append((f"/{path}", request.headers["x-authority"], identity.roles))
        neighbour.positions[f"/{path}"] = request.headers.get("x-position", "")
        if f"/{path}" not in neighbour.answers:
            return JSONResponse({"type": "urn:moothall:problem:not-found", "title": "Not Found"}, 404)
        given = neighbour.answers[f"/{path}"]
        given = given() if callable(given) and not isinstance(given, Response) else given
        return given if isinstance(given, Response) else JSONResponse(given)

    return app
