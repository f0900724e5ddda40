"""Sign-in with a provider that is not ours: another program, another library, RS256, client secret, no `sid`."""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from desk import visiting
from desk.main import desk
from desk.sessions import make_session_key
from desk.settings import DeskSettings
from desk.tests.conftest import COUNCIL, Late
from shared.eventcore.clock import system_clock
from shared.eventcore.testing.infrastructure import temporary_database
from shared.service.settings import Databases
from shared.service.tests.provider import serving

OFFICER = "ada@mootshire.example"
CLAIMS: dict[str, object] = {
    "name": "Ada Marsh", "roles": ["registration-officer"], "authorities": [COUNCIL],
}  # fmt: skip


@dataclass(frozen=True)
class Elsewhere:
    """The desk at `url`, and the provider that it asks."""

    url: str
    issuer: str


@pytest.fixture
async def elsewhere(postgres_url: str, tmp_path: Path) -> AsyncIterator[Elsewhere]:
    make_session_key(tmp_path)
    pages = Late()
    with provider() as issuer:
        async with temporary_database(postgres_url) as database, serving(pages) as url:
            settings = DeskSettings(
                context="desk", role="api", env="test", oidc_issuer=issuer, client_id="desk", client_secret="s3cret &",
                databases=Databases(database_url=database), keys=tmp_path, desk_url=url,
                registration_url=url, elections_url=url, committees_url=url, finance_url=url, notifications_url=url,
            )  # fmt: skip
            app = desk(settings)
            async with app.router.lifespan_context(app):
                pages.app = app
                yield Elsewhere(url, issuer)


async def test_an_officer_signs_in_works_and_signs_out(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch):
    async with httpx.AsyncClient(base_url=elsewhere.url) as browser:
        back = await signed_in_at_the_provider(browser)
        answer = await browser.get(back)
        assert (answer.status_code, answer.headers["location"]) == (303, "/help")
        page = (await browser.get("/help")).text
        assert "Ada Marsh" in page
        assert ">Register</a>" in page, "what the roles of the provider's token open"
        number = browser.cookies["moot"]
        monkeypatch.setattr(visiting, "SPARE_SECONDS", 1_000_000)
        assert (await browser.get("/help")).status_code == 200, "its tokens are renewed"
        monkeypatch.undo()
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token
        out = await browser.post("/sign-out", data={"csrf": token[1]})
        assert elsewhere.issuer in out.headers["Refresh"]
    async with httpx.AsyncClient(base_url=elsewhere.url, cookies={"moot": number}) as again:
        assert (await again.get("/help")).status_code == 303


async def test_a_code_is_worth_nothing_in_another_browser_than_the_one_that_asked(elsewhere: Elsewhere):
    async with (
        httpx.AsyncClient(base_url=elsewhere.url) as victim,
        httpx.AsyncClient(base_url=elsewhere.url) as attacker,
    ):
        stolen = httpx.URL(await signed_in_at_the_provider(victim)).params["code"]
        asked = httpx.URL((await attacker.get("/sign-in")).headers["location"])
        forged = f"/signed-in?code={stolen}&state={asked.params['state']}"
        assert (await attacker.get(forged)).status_code == 400
        assert "moot" not in attacker.cookies


async def test_who_says_no_at_the_provider_is_not_signed_in(elsewhere: Elsewhere):
    async with httpx.AsyncClient(base_url=elsewhere.url) as browser:
        asked = (await browser.get("/sign-in")).headers["location"]
        refused = await browser.post(asked, data={"action": "deny"})
        assert (await browser.get(refused.headers["location"])).status_code == 400


async def signed_in_at_the_provider(browser: httpx.AsyncClient) -> str:
    """Where the provider sends the browser back to."""
    asked = (await browser.get("/sign-in?next=/help")).headers["location"]
    return str((await browser.post(asked, data={"sub": OFFICER})).headers["location"])


@contextmanager
def provider() -> Iterator[str]:
    """`oidc-provider-mock` in a thread; its access tokens are JWT as services want them (RFC 9068), where it would make
    opaque ones."""
    import flask
    import oidc_provider_mock
    from joserfc import jwt
    from joserfc.jwk import RSAKey
    from werkzeug.serving import make_server

    def access_token(client: Any, grant_type: str, user: Any, scope: str) -> str:
        now = int(system_clock().timestamp())
        claims = {
            **user.claims,
            "iss": flask.request.host_url.rstrip("/"),
            "sub": user.sub,
            "aud": "moothall",
            "iat": now,
            "exp": now + 3600,
        }
        key = RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
        return jwt.encode({"alg": "RS256", **({"kid": key.kid} if key.kid else {})}, claims, key)

    app = flask.Flask("provider")
    app.config["OAUTH2_ACCESS_TOKEN_GENERATOR"] = access_token
    user = oidc_provider_mock.User(sub=OFFICER, claims=CLAIMS)
    oidc_provider_mock.init_app(app, require_nonce=True, user_claims=[user], access_token_max_age=timedelta(hours=1))
    app.secret_key = b"of a test"
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
