"""`moot schemas check`."""

from __future__ import annotations

from cli import schemas
from cli.tests.conftest import moot


async def test_the_committed_schemas_are_compared_with_this_build():
    told = await moot("schemas", "check", "--json")
    assert set(told.data) == {"compatible", "types", "complaints"}
    assert told.data["types"] > 50
    assert told.code == (0 if told.data["compatible"] else 1)


async def test_a_broken_promise_exits_1_and_says_which(monkeypatch):
    complaint = "moothall.toys.notice-pinned.v1: place was removed"
    monkeypatch.setattr(schemas, "complaints_of", lambda registry, contexts: [complaint])
    told = await moot("schemas", "check")
    assert (told.code, told.out) == (1, complaint + "\n")
