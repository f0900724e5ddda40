"""Tokens against a real provider over HTTP."""

from __future__ import annotations

import base64
import hmac
import time
from typing import Any

import httpx
import orjson
import pytest
from joserfc import jwt

from shared.service.problems import Problem
from shared.service.tests.provider import AUDIENCE, Provider, provider
from shared.service.tokens import InvalidToken, KeyDirectory, Tokens


class Seconds:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def idp():
    async with provider() as it:
        yield it


@pytest.fixture
async def seconds():
    return Seconds()


@pytest.fixture
async def tokens(idp: Provider, seconds: Seconds):
    async with httpx.AsyncClient() as http:
        yield Tokens(KeyDirectory(idp.issuer, http, monotonic=seconds), idp.issuer, AUDIENCE)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "Ed25519", "EdDSA"])
async def test_a_good_token_of_each_accepted_algorithm_signs_in(idp, tokens, algorithm):
    idp.add_key("k", algorithm)
    identity = await tokens.identify(f"Bearer {idp.token('k')}")
    assert identity.roles == {"registration-officer"}
    assert identity.authorities == {"E07000999"}


@pytest.mark.parametrize(("lifetime", "taken", "refused"), [(300, 59, 61), (5, 4, 36)], ids=["a minute", "its end"])
async def test_a_verified_token_is_remembered_for_a_minute_and_not_beyond_its_end(idp, lifetime, taken, refused):
    start = now = int(time.time())
    async with httpx.AsyncClient() as http:
        tokens = Tokens(KeyDirectory(idp.issuer, http), idp.issuer, AUDIENCE, now=lambda: now)
        bearer = f"Bearer {idp.token(exp=start + lifetime)}"
        first = await tokens.identify(bearer)
        tokens._keys._keys["first"] = idp.add_key("another")  # under which the signature is not good
        now = start + taken
        assert await tokens.identify(bearer) is first
        now = start + refused
        with pytest.raises(Problem):
            await tokens.identify(bearer)


async def test_the_identity_that_is_recorded_holds_no_name(idp, tokens):
    identity = await tokens.identify(f"Bearer {idp.token()}")
    assert "officer@" not in identity.id
    assert "officer@" not in repr(identity)
    again = await tokens.identify(f"Bearer {idp.token()}")
    assert again.id == identity.id


@pytest.mark.parametrize(
    ("what", "claims"),
    [
        ("another audience", {"aud": "another-service"}),
        ("no audience", {"aud": None}),
        ("another issuer", {"iss": "http://elsewhere.example"}),
        ("an expiry in the past", {"exp": int(time.time()) - 60}),
        ("no expiry", {"exp": None}),
        ("a start in the future", {"nbf": int(time.time()) + 3600}),
        ("an issue in the future", {"iat": int(time.time()) + 3600}),
        ("no subject", {"sub": None}),
    ],
)
async def test_a_token_is_refused_for(idp, tokens, what, claims):
    with pytest.raises(InvalidToken):
        await tokens.verify(idp.token(**claims))


async def test_clocks_may_differ_by_a_few_seconds(idp, tokens):
    await tokens.verify(idp.token(exp=int(time.time()) - 5))


def unsigned(header: dict[str, str], claims: dict[str, Any]) -> str:
    parts = [base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode() for part in (header, claims)]
    return ".".join([*parts, ""])


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE"])
async def test_an_unsigned_token_is_refused(idp, tokens, name):
    with pytest.raises(InvalidToken):
        await tokens.verify(unsigned({"alg": name, "kid": "first"}, idp.claims()))


async def test_a_public_key_does_not_serve_as_a_shared_secret(idp, tokens):
    text = unsigned({"alg": "HS256", "kid": "first"}, idp.claims()).removesuffix(".")
    mac = hmac.digest(idp.keys["first"].as_pem(private=False), text.encode(), "sha256")
    with pytest.raises(InvalidToken):
        await tokens.verify(f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}")


async def test_a_key_is_not_used_with_another_algorithm_than_its_own(idp, tokens):
    idp.add_key("rsa", "RS256")
    with pytest.raises(InvalidToken):
        await tokens.verify(idp.token("rsa", key=idp.keys["first"], algorithm="ES256"))


async def test_a_token_signed_by_a_stranger_is_refused(idp, tokens):
    stranger = Provider(idp.issuer)
    stranger.add_key("first")
    with pytest.raises(InvalidToken):
        await tokens.verify(stranger.token())


async def test_a_changed_token_is_refused(idp, tokens):
    header, _, signature = idp.token().split(".")
    changed = base64.urlsafe_b64encode(orjson.dumps(idp.claims(roles=["ero-deputy"]))).rstrip(b"=").decode()
    with pytest.raises(InvalidToken):
        await tokens.verify(f"{header}.{changed}.{signature}")


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é.é.é", "." * 100, "x" * 20_000])
async def test_nonsense_is_refused(tokens, text):
    with pytest.raises(InvalidToken):
        await tokens.verify(text)


async def test_a_new_key_of_the_provider_is_found(idp, tokens, seconds):
    await tokens.verify(idp.token())
    seconds.now += 11
    idp.add_key("second")
    await tokens.verify(idp.token("second"))
    assert idp.fetched == 2


async def test_a_token_that_names_no_key_is_taken_while_the_provider_has_one(idp, tokens, seconds):
    nameless = jwt.encode({"alg": "ES256"}, idp.claims(), idp.keys["first"])
    assert (await tokens.verify(nameless))["sub"] == idp.claims()["sub"]
    seconds.now += 3601
    idp.add_key("second")
    with pytest.raises(InvalidToken):
        await tokens.verify(nameless)


async def test_invented_kids_do_not_hammer_the_provider(idp, tokens):
    await tokens.verify(idp.token())
    for number in range(50):
        with pytest.raises(InvalidToken):
            await tokens.verify(idp.token(f"invented-{number}", key=idp.keys["first"]))
    assert idp.fetched == 1


async def test_a_withdrawn_key_stops_working_within_an_hour(idp, tokens, seconds):
    old = idp.token()
    await tokens.verify(old)
    del idp.keys["first"]
    idp.add_key("second")
    seconds.now += 3601
    with pytest.raises(InvalidToken):
        await tokens.verify(old)


async def test_a_provider_that_cannot_be_reached_is_an_outage_and_no_refusal(idp):
    nowhere = "http://127.0.0.1:9"
    async with httpx.AsyncClient() as http:
        tokens = Tokens(KeyDirectory(nowhere, http), nowhere, AUDIENCE)
        with pytest.raises(Problem) as outage:
            await tokens.verify(idp.token(iss=nowhere))
    assert outage.value.status_code == 503


async def test_known_keys_outlive_a_short_outage_of_the_provider(seconds):
    async with httpx.AsyncClient() as http:
        async with provider() as idp:
            tokens = Tokens(KeyDirectory(idp.issuer, http, monotonic=seconds), idp.issuer, AUDIENCE)
            await tokens.verify(idp.token())
        seconds.now += 3601
        await tokens.verify(idp.token())


async def test_the_discovery_document_of_another_issuer_is_not_believed(idp):
    """RFC 8414 section 3.3: the issuer in the document must be the one that was asked."""
    async with httpx.AsyncClient() as http:
        alias = idp.issuer.replace("127.0.0.1", "localhost")
        tokens = Tokens(KeyDirectory(alias, http), alias, AUDIENCE)
        with pytest.raises(Problem):
            await tokens.verify(idp.token(iss=alias))


async def test_unknown_roles_and_malformed_authorities_open_nothing(idp, tokens):
    identity = await tokens.identify(
        f"Bearer {idp.token(roles=['root', 'auditor', 'group-support:blue'], authorities=['*', 'E07000041'])}"
    )
    assert identity.roles == {"auditor", "group-support"}
    assert identity.groups == {"blue"}
    assert identity.authorities == {"E07000041"}
