"""The load generator against a real server."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from bench.http_load import RefusedUnderLoad, closed_loop, connections, post
from shared.service.tests.provider import serving


def app() -> FastAPI:
    it = FastAPI()
    it.state.seen = []

    @it.post("/notes/{n}", status_code=201)
    async def note(n: int, body: dict[str, int]) -> dict[str, int]:
        it.state.seen.append(n)
        return body

    return it


async def test_every_request_is_sent_once_over_all_connections():
    it = app()
    async with serving(it) as address, connections([address], 4) as lines:
        rate = await closed_loop(lines, iter([post(f"/notes/{n}", b'{"a": 1}', "", "k") for n in range(40)]))
    assert rate > 0
    assert sorted(it.state.seen) == list(range(40))


async def test_a_refusal_ends_the_measurement():
    async with serving(app()) as address, connections([address], 1) as lines:
        with pytest.raises(RefusedUnderLoad, match="int_parsing"):
            await closed_loop(lines, iter([post("/notes/one", b"{}", "", "k")]))
