"""The development issuer, trusted by the chassis as any other provider."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from shared.service.auth import ROLES
from shared.service.dev_issuer import STAFF, issuer_app, signing_key
from shared.service.settings import Settings, WrongSetting
from shared.service.tests.provider import serving
from shared.service.tokens import InvalidToken, KeyDirectory, Tokens

VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BACK = "http://127.0.0.1:8410/signed-in"


def settings_of(issuer: str, **changed) -> Settings:
    return Settings(**{"context": "issuer", "role": "api", "databases": {}, "oidc_issuer": issuer, **changed})


@pytest.fixture(scope="module")
async def issuer(tmp_path_factory):
    keys = tmp_path_factory.mktemp("issuer") / "keys"

    class Late:
        """The issuer's address is known when it listens; the app is made then."""

        app = None

        async def __call__(self, scope, receive, send):
            if scope["type"] == "http":
                await self.app(scope, receive, send)

    late = Late()
    async with serving(late) as address, httpx.AsyncClient(base_url=address) as client:
        late.app = issuer_app(settings_of(address, keys=keys, client_secret="quite: secret"))
        yield client


@pytest.fixture
async def tokens(issuer):
    address = str(issuer.base_url).rstrip("/")
    async with httpx.AsyncClient() as http:
        yield Tokens(KeyDirectory(address, http), address, "moothall")


async def test_every_role_has_somebody_to_sign_in_as(issuer, tokens):
    assert {role.partition(":")[0] for member in STAFF.values() for role in member.roles} == ROLES
    for user, member in STAFF.items():
        answer = (await issuer.post("/token", params={"user": user})).json()
        identity = await tokens.identify(f"Bearer {answer['access_token']}")
        assert identity.roles == {role.partition(":")[0] for role in member.roles}
        assert identity.authorities == {"E07000999"}


async def test_an_access_token_holds_no_name(issuer, tokens):
    answer = (await issuer.post("/token", params={"user": "auditor"})).json()
    assert "Mootshire" not in str(await tokens.verify(answer["access_token"]))


async def test_an_unknown_user_gets_nothing(issuer):
    assert (await issuer.post("/token", params={"user": "root"})).status_code == 404


BY_ITSELF = {"grant_type": "client_credentials"}


async def test_a_service_signs_in_as_itself_with_its_secret(issuer, tokens):
    basic = httpx.BasicAuth("notifications", "quite%3A%20secret")
    for how in ({"auth": basic}, {"data": {"client_id": "notifications", "client_secret": "quite: secret"}}):
        answer = await issuer.post("/token", **{**how, "data": BY_ITSELF | how.get("data", {})})
        identity = await tokens.identify(f"Bearer {answer.json()['access_token']}")
        assert (identity.subject, identity.roles) == ("notifications", {"correspondence"})


@pytest.mark.parametrize("how", [{}, {"auth": httpx.BasicAuth("notifications", "guessed")}])
async def test_a_service_without_its_secret_gets_nothing(issuer, how):
    answer = await issuer.post("/token", data=BY_ITSELF | ({} if how else {"client_id": "notifications"}), **how)
    assert answer.status_code == 401
    assert "access_token" not in answer.text


def asked(**changed: str) -> dict[str, str]:
    return {
        "client_id": "desk", "redirect_uri": BACK, "response_type": "code", "state": "s-1", "nonce": "n-1",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256", "user": "ero-deputy", **changed,
    }  # fmt: skip


async def code_of(issuer: httpx.AsyncClient) -> str:
    answer = await issuer.get("/authorize", params=asked())
    assert answer.status_code == 303
    back = urlsplit(answer.headers["location"])
    assert parse_qs(back.query)["state"] == ["s-1"]
    return parse_qs(back.query)["code"][0]


def exchange(code: str, **changed: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code", "code": code, "client_id": "desk", "redirect_uri": BACK,
        "code_verifier": VERIFIER, **changed,
    }  # fmt: skip


async def test_a_page_signs_in_by_code_and_pkce(issuer, tokens):
    answer = (await issuer.post("/token", data=exchange(await code_of(issuer)))).json()
    assert (await tokens.identify(f"Bearer {answer['access_token']}")).roles == {"ero-deputy"}
    assert answer["id_token"]


async def test_an_id_token_opens_no_service(issuer, tokens):
    answer = (await issuer.post("/token", data=exchange(await code_of(issuer)))).json()
    with pytest.raises(InvalidToken):
        await tokens.verify(answer["id_token"])


async def test_a_code_is_good_once(issuer):
    code = await code_of(issuer)
    assert (await issuer.post("/token", data=exchange(code))).status_code == 200
    assert (await issuer.post("/token", data=exchange(code))).status_code == 400


@pytest.mark.parametrize("changed", [{"code_verifier": "w" * 43}, {"client_id": "other"}, {"redirect_uri": BACK + "2"}])
async def test_a_code_is_good_only_for_the_page_that_asked(issuer, changed):
    assert (await issuer.post("/token", data=exchange(await code_of(issuer), **changed))).status_code == 400


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/", "//x"]
)
async def test_a_code_is_sent_to_this_machine_only(issuer, target):
    assert (await issuer.get("/authorize", params=asked(redirect_uri=target))).status_code == 422


async def test_the_sign_in_page_lists_the_staff(issuer):
    params = asked()
    del params["user"]
    page = await issuer.get("/authorize", params=params)
    assert all(person.name in page.text for person in STAFF.values())


def test_tokens_outlive_a_restart_of_the_issuer(tmp_path):
    first, second = signing_key(tmp_path / "k"), signing_key(tmp_path / "k")
    assert first.as_dict() == second.as_dict()
    assert (tmp_path / "k" / "signing.key").stat().st_mode & 0o077 == 0


def test_it_does_not_run_in_production(tmp_path):
    settings = settings_of("https://login.example", env="production", keys=tmp_path)
    with pytest.raises(WrongSetting, match="production"):
        issuer_app(settings)


async def page_tokens(issuer: httpx.AsyncClient) -> dict[str, str]:
    tokens: dict[str, str] = (await issuer.post("/token", data=exchange(await code_of(issuer)))).json()
    return tokens


def again(refresh_token: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": "desk"}


async def test_a_page_refreshes_its_tokens_with_the_roles_of_now(issuer, tokens):
    first = await page_tokens(issuer)
    second = (await issuer.post("/token", data=again(first["refresh_token"]))).json()
    assert (await tokens.identify(f"Bearer {second['access_token']}")).roles == {"ero-deputy"}
    with pytest.raises(InvalidToken):
        await tokens.verify(second["refresh_token"])


async def test_a_token_of_another_kind_refreshes_nothing(issuer):
    given = await page_tokens(issuer)
    for other in (given["access_token"], given["id_token"], "x.y.z"):
        assert (await issuer.post("/token", data=again(other))).status_code == 400


async def test_who_signed_out_refreshes_nothing(issuer):
    given = await page_tokens(issuer)
    leaving = {"id_token_hint": given["id_token"], "post_logout_redirect_uri": "http://127.0.0.1:8410/signed-out"}
    assert (await issuer.get("/sign-out", params=leaving)).headers["location"] == leaving["post_logout_redirect_uri"]
    assert (await issuer.post("/token", data=again(given["refresh_token"]))).status_code == 400


async def test_signing_out_leads_to_this_machine_only(issuer):
    given = await page_tokens(issuer)
    leaving = {"id_token_hint": given["id_token"], "post_logout_redirect_uri": "https://evil.example/"}
    assert (await issuer.get("/sign-out", params=leaving)).status_code == 422
