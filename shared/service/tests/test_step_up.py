"""What publishes, exports or pays asks for a sign-in that is minutes old, by the means that the council names."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from shared.service import problems
from shared.service.auth import requires
from shared.service.settings import Databases, Settings
from shared.service.step_up import FRESHLY_SIGNED_IN
from shared.service.tests.provider import AUDIENCE, Provider, provider, serving
from shared.service.tokens import LEEWAY, KeyDirectory, Tokens

MINUTES = 15


@dataclass
class Guarded:
    """A service with one route that asks for a fresh sign-in."""

    idp: Provider
    app: FastAPI
    http: httpx.AsyncClient

    async def publish(self, **claims: object) -> httpx.Response:
        return await self.http.post("/publish", headers=self.idp.bearer(**claims))


@pytest.fixture
async def guarded() -> AsyncIterator[Guarded]:
    app = FastAPI()
    problems.install(app)

    @app.post("/publish", dependencies=[requires("registration-officer"), FRESHLY_SIGNED_IN])
    def publish() -> dict[str, bool]:
        return {"published": True}

    async with (
        provider() as idp,
        httpx.AsyncClient() as keys,
        serving(app) as url,
        httpx.AsyncClient(base_url=url) as http,
    ):
        app.state.tokens = Tokens(KeyDirectory(idp.issuer, keys), idp.issuer, AUDIENCE)
        app.state.settings = _settings()
        yield Guarded(idp, app, http)


def _settings(acr: str = "") -> Settings:
    return Settings(context="toys", role="api", databases=Databases(), step_up_minutes=MINUTES, step_up_acr=acr)


async def test_who_signed_in_just_now_is_let_through(guarded: Guarded):
    assert (await guarded.publish()).status_code == 200


async def test_who_signed_in_earlier_is_told_how_old_a_sign_in_may_be(guarded: Guarded):
    answer = await guarded.publish(auth_time=int(time.time()) - MINUTES * 60 - LEEWAY - 1)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_user_authentication", max_age="900"'
    assert answer.json()["type"].endswith("sign-in-too-old")
    assert (await guarded.publish(auth_time=int(time.time()) - MINUTES * 60 + LEEWAY)).status_code == 200


@pytest.mark.parametrize("moment", [None, "now", True])
async def test_who_does_not_say_when_is_not_let_through(guarded: Guarded, moment: object):
    assert (await guarded.publish(auth_time=moment)).status_code == 401


async def test_where_the_council_names_the_means_no_other_will_do(guarded: Guarded):
    guarded.app.state.settings = _settings("urn:council:two-factors phr")
    answer = await guarded.publish(acr="password")
    assert answer.status_code == 401
    assert 'acr_values="urn:council:two-factors phr"' in answer.headers["WWW-Authenticate"]
    assert (await guarded.publish(acr="phr")).status_code == 200


async def test_a_fresh_sign_in_opens_nothing_to_who_has_not_the_role(guarded: Guarded):
    assert (await guarded.publish(roles=["member"])).status_code == 404
