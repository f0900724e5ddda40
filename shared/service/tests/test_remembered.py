"""What takes long is worked out once for many, never hides an officer's own write, and says as of when it holds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request, Response

from shared.service.remembered import MOST, Remembered, Within

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def office():
    """A client; how often the answer was worked out; and the clock, in seconds."""
    app, router, kept = FastAPI(), APIRouter(), Remembered()
    worked_out, seconds = [], [0.0]

    @router.get("/whole")  # type: ignore[untyped-decorator]
    async def whole(request: Request, response: Response, within: Within = 0, kind: str = "", of: str = "A") -> object:
        async def make() -> int:
            await asyncio.sleep(0.01)
            worked_out.append(kind)
            return len(worked_out)

        return await kept(request, response, of, within, make)

    app.include_router(router)
    app.state.monotonic, app.state.clock = lambda: seconds[0], lambda: NOON
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        yield client, worked_out, seconds


async def asked(client: httpx.AsyncClient, headers: dict[str, str] | None = None, **query: str | int) -> int:
    answer = await client.get("/whole", params=query, headers=headers or {})
    assert answer.headers["X-As-Of"] == NOON.isoformat()
    return int(answer.json())


async def test_an_answer_serves_whom_an_older_one_will_do_for_as_long_as_they_say(office):
    client, _, seconds = office
    assert await asked(client, within=600) == 1
    seconds[0] = 599
    assert await asked(client, within=600) == 1
    assert await asked(client, within=60) == 2
    assert await asked(client, within=600) == 2
    assert await asked(client) == 3


async def test_another_question_another_council_and_ones_own_write_are_asked_anew(office):
    client, _, _ = office
    assert await asked(client, within=600) == 1
    assert await asked(client, within=600, kind="other") == 2
    assert await asked(client, within=600, of="B") == 3
    assert await asked(client, {"X-Position": "3:17"}, within=600) == 4
    assert await asked(client, {"X-Position": "3:17"}, within=600) == 4
    assert await asked(client, within=600) == 1


async def test_who_asks_at_the_same_time_waits_for_one_answer(office):
    client, worked_out, _ = office
    assert await asyncio.gather(*(asked(client, within=600) for _ in range(5))) == [1] * 5
    assert len(worked_out) == 1


async def test_no_more_is_kept_than_was_meant_and_a_failure_is_not_kept(office):
    client, _, _ = office
    for n in range(MOST + 1):
        await asked(client, within=600, kind=str(n))
    assert await asked(client, within=600, kind="0") == MOST + 2
    assert await asked(client, within=600, kind=str(MOST)) == MOST + 1
    kept, tried = Remembered(), []
    request = Request({"type": "http", "app": FastAPI(), "query_string": b"", "headers": []})
    request.app.state.monotonic, request.app.state.clock = lambda: 0.0, lambda: NOON

    async def make() -> int:
        tried.append(1)
        raise ConnectionError

    for _ in range(2):
        with pytest.raises(ConnectionError):
            await kept(request, Response(), "A", 600, make)
    assert len(tried) == 2
