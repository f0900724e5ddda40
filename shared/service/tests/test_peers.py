"""One service asks another: with its own token, in the name of one council, and never with a stale or foreign one."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from shared.service.correlation import correlate
from shared.service.dev_issuer import issuer_app
from shared.service.peers import MachineIdentity, PeerAway, Peers, open_peers
from shared.service.settings import Settings, WrongSetting
from shared.service.tests.provider import serving

SECRET = "s/e:c r+e"


def settings_of(issuer: str, **changed: Any) -> Settings:
    values = {
        "context": "notifications", "role": "sending", "databases": {}, "oidc_issuer": issuer,
        "client_id": "notifications", "client_secret": SECRET,
    }  # fmt: skip
    return Settings(**{**values, **changed})


class World:
    """An issuer and a neighbour on real sockets. `statuses`: what the neighbour answers, the last for ever."""

    def __init__(self) -> None:
        self.issuer: FastAPI | None = None
        self.address = ""
        self.statuses = [200]
        self.asked: list[Request] = []
        self.issued = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or self.issuer is None:
            return
        request = Request(scope)
        if request.url.path.startswith("/members"):
            self.asked.append(request)
            status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            await Response("{}", status)(scope, receive, send)
            return
        self.issued += request.url.path == "/token"
        await self.issuer(scope, receive, send)

    @property
    def tokens(self) -> list[str]:
        return [request.headers["authorization"] for request in self.asked]


@pytest.fixture
async def world():
    it = World()
    async with serving(it) as address:
        it.address = address
        it.issuer = issuer_app(settings_of(address, context="issuer", role="api"))
        yield it


@asynccontextmanager
async def peers_of(world: World, clock: Any = None, **changed: Any):
    settings = settings_of(world.address, committees_url=f"{world.address}/", **changed)
    async with httpx.AsyncClient() as http:
        identity = MachineIdentity(settings, http, clock) if clock else MachineIdentity(settings, http)
        yield Peers(settings, http, identity)


async def test_a_service_asks_another_as_itself_and_for_one_council(world):
    correlate("thread-7")
    async with open_peers(settings_of(world.address, committees_url=world.address)) as peers:
        assert (await peers.get("committees", "/members/1", "E07000041", reason="a letter")).json() == {}
    (request,) = world.asked
    sent = {name: request.headers[name] for name in ("x-authority", "x-correlation-id", "x-reason")}
    assert sent == {"x-authority": "E07000041", "x-correlation-id": "thread-7", "x-reason": "a letter"}
    assert request.headers["authorization"].startswith("Bearer ey")


async def test_one_token_serves_until_shortly_before_it_ends(world):
    now = [0.0]
    async with peers_of(world, lambda: now[0]) as peers:
        for _ in range(3):
            await peers.get("committees", "/members/1", "E07000999")
        assert world.issued == 1
        now[0] = 10 * 60 * 60 - 59
        await peers.get("committees", "/members/1", "E07000999")
        assert world.issued == 2


async def test_a_token_that_is_refused_is_replaced_once(world):
    world.statuses = [200, 401, 200]
    async with peers_of(world) as peers:
        await peers.get("committees", "/members/1", "E07000999")
        await peers.get("committees", "/members/1", "E07000999")
    first, refused, fresh = world.tokens
    assert first == refused != fresh


@pytest.mark.parametrize("status", [500, 503, 429, 401, 302])
async def test_what_may_be_different_later_is_tried_later(world, status):
    world.statuses = [status]
    async with peers_of(world) as peers:
        with pytest.raises(PeerAway, match=str(status)):
            await peers.get("committees", "/members/1", "E07000999")


@pytest.mark.parametrize("status", [404, 409, 410])
async def test_a_refusal_that_stands_is_an_answer(world, status):
    world.statuses = [status]
    async with peers_of(world) as peers:
        assert (await peers.get("committees", "/members/1", "E07000999")).status_code == status


async def test_a_neighbour_that_does_not_listen_is_away(world):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with peers_of(world, finance_url=f"http://127.0.0.1:{port}") as peers:
        with pytest.raises(PeerAway, match="finance cannot be reached"):
            await peers.get("finance", "/sales/1", "E07000999")


async def test_without_a_token_nobody_is_asked(world):
    async with peers_of(world, client_secret="guessed") as peers:
        with pytest.raises(PeerAway, match="gave this service no token"):
            await peers.get("committees", "/members/1", "E07000999")
    assert world.asked == []


async def test_no_secret_goes_to_an_endpoint_of_another_issuer(world):
    async with peers_of(world, oidc_issuer=f"{world.address}/") as peers:
        with pytest.raises(PeerAway):
            await peers.get("committees", "/members/1", "E07000999")
    assert world.issued == 0


async def test_a_service_without_an_identity_says_so_at_the_start():
    with pytest.raises(WrongSetting, match="MOOT_CLIENT_ID and MOOT_CLIENT_SECRET"):
        async with open_peers(settings_of("http://127.0.0.1:1", client_secret=None)):
            pass


def test_a_neighbour_without_an_address_is_named_by_its_variable():
    with pytest.raises(WrongSetting, match="MOOT_FINANCE_URL is not set"):
        settings_of("http://127.0.0.1:1").url_of("finance")


def test_a_secret_never_shows():
    assert SECRET not in repr(settings_of("http://127.0.0.1:1"))
