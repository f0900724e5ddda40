"""The short way to a command (ADR 0008): the same answers as FastAPI's, for right requests and for wrong ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Body, Depends, Query, Response, UploadFile
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from shared.law.rules import Refused, Rule
from shared.service.app import create_app
from shared.service.auth import Authority, Officer, requires
from shared.service.direct import direct_of
from shared.service.http import ExpectedVersion, IdempotencyKey
from shared.service.tests.provider import client_of, provider, settings_for

CASE = "11111111-2222-3333-4444-555555555555"


class Note(BaseModel):
    text: str
    on: date
    copies: int = 1


async def opened() -> AsyncIterator[str]:
    yield "a connection"


router = APIRouter(prefix="/cases", dependencies=[requires("registration-officer")])


@router.post("/{case}/notes", status_code=201)
async def note(
    case: UUID,
    body: Note,
    key: IdempotencyKey,
    version: ExpectedVersion,
    officer: Officer,
    authority: Authority,
    response: Response,
    copies: int = 1,
) -> Note:
    response.headers["X-Case"] = str(case)
    response.headers["ETag"] = f'"{version}"'
    if body.text == "refuse":
        raise Refused(Rule("no-such-note", "It is refused.", "this test"))
    if body.text == "fail":
        raise RuntimeError("text that nobody may see")
    return Note(text=f"{body.text} {authority}", on=body.on, copies=copies)


@router.post("/{case}/files")
async def upload(case: UUID, file: UploadFile) -> str:
    return "a file"


@router.post("/{case}/readings")
async def reading(case: UUID, conn: Annotated[str, Depends(opened)]) -> str:
    return conn


@router.post("/{case}/tags")
async def tags(case: UUID, tag: Annotated[list[str], Query()]) -> list[str]:
    return tag


@router.post("/{case}/pairs")
async def pair(case: UUID, one: Annotated[int, Body()], other: Annotated[int, Body()]) -> int:
    return one + other


@pytest.fixture
async def both(tmp_path):
    """Two clients of the same routes: answered in the short way, and by FastAPI alone."""
    async with provider() as idp:
        short, long = (create_app("Cases", [router], settings_for(idp.issuer, tmp_path)) for _ in range(2))
        long.dependency_overrides[opened] = opened  # whoever overrides dependencies gets FastAPI's own way
        async with client_of(short) as one, client_of(long) as other:
            for client in (one, other):
                client.headers.update(idp.bearer())
            yield one, other


def test_a_command_goes_the_short_way_and_what_is_not_known_there_goes_fastapis():
    short = {route.endpoint.__name__ for route in iter_route_contexts(router.routes) if direct_of(route)}
    assert short == {"note"}


GOOD = {"text": "cat", "on": "2026-05-07"}
NOTES = f"/cases/{CASE}/notes"
REQUESTS: dict[str, dict[str, Any]] = {
    "a right command": {"json": GOOD},
    "with a version and a number": {"json": GOOD, "params": {"copies": "3"}, "headers": {"If-Match": 'W/"7"'}},
    "a refusal": {"json": {**GOOD, "text": "refuse"}},
    "a failure": {"json": {**GOOD, "text": "fail"}},
    "nobody signed in": {"json": GOOD, "headers": {"Authorization": ""}},
    "nobody signed in, and a wrong body": {"json": {}, "headers": {"Authorization": ""}},
    "another council": {"json": GOOD, "headers": {"X-Authority": "W06000023"}},
    "no key": {"json": GOOD, "headers": {"Idempotency-Key": " "}},
    "a missing field": {"json": {"text": "cat"}},
    "a wrong field": {"json": {**GOOD, "on": "the seventh of May", "copies": "many"}},
    "a number that is none": {"json": GOOD, "params": {"copies": "three"}},
    "a path that is no id": {"url": "/cases/seven/notes", "json": GOOD},
    "no body": {},
    "a body that is no JSON": {"content": b"{", "headers": {"Content-Type": "application/json"}},
    "a body that is no object": {"json": [1]},
    "a body of another type": {"content": b"text=cat", "headers": {"Content-Type": "text/plain"}},
    "JSON with a character set": {
        "content": b'{"text": "cat", "on": "2026-05-07"}',
        "headers": {"Content-Type": "application/json; charset=utf-8"},
    },
    "the character that PostgreSQL cannot hold": {"json": {**GOOD, "text": "a\0b"}},
    "half of a surrogate pair": {
        "content": b'{"text": "\\ud800", "on": "2026-05-07"}',
        "headers": {"Content-Type": "application/json"},
    },
    "too long a body": {"json": {**GOOD, "text": "a" * 2_000_000}},
    "another method": {"method": "PUT", "json": GOOD},
    "a path that is nowhere": {"url": f"/cases/{CASE}/nothing", "json": GOOD},
    "pairs": {"url": f"/cases/{CASE}/pairs", "json": {"one": 1, "other": 2}},
    "tags": {"url": f"/cases/{CASE}/tags", "params": {"tag": ["a", "b"]}},
    "a reading": {"url": f"/cases/{CASE}/readings"},
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_both_ways_answer_alike(both, name: str):
    one, other = [await _asked(client, **REQUESTS[name]) for client in both]
    assert one == other


@pytest.mark.parametrize(
    ("text", "rule"), [('"a\\u0000b"', "nul-character"), ('"a"', "number-too-great")], ids=["NUL", "a great number"]
)
async def test_the_short_way_refuses_what_cannot_be_stored(both, text: str, rule: str):
    """As FastAPI's way does, which is not proof enough: both would answer alike without the check."""
    body = f'{{"text": {text}, "on": "2026-05-07", "copies": {2**63}}}'
    for client in both:
        answer = await client.post(
            NOTES, content=body, headers={"Idempotency-Key": "k-1", "Content-Type": "application/json"}
        )
        assert answer.status_code == 422
        assert rule in {error["rule"] for error in answer.json()["errors"]}


async def _asked(client: httpx.AsyncClient, *, method: str = "POST", url: str = NOTES, headers=None, **sent):
    answer = await client.request(
        method, url, headers={"Idempotency-Key": "k-1", "X-Correlation-Id": "same", **(headers or {})}, **sent
    )
    return answer.status_code, dict(answer.headers), answer.content
