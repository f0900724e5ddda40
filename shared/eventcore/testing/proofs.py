"""What every view and every store must be able to stand, as one call each: use them in a service's own tests.

await prove_view(core, Board.view)       # one by one, in batches, delivered twice, rebuilt: the same rows
steps = reactions(initial, event)        # what a policy asks for, without running anything
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.eventcore.applying import apply, parked
from shared.eventcore.policy import Policy, Step
from shared.eventcore.projection import View
from shared.eventcore.rebuild import compare, rebuild
from shared.eventcore.recording import Metadata, Recorded, shard_of
from shared.eventcore.testing.core import AUTHORITY, Core
from shared.eventcore.views import ViewReader, create_tables


async def prove_view(core: Core, view: View) -> None:
    """Whatever is in the store: a view must not care how its events are cut into batches, nor whether they come twice."""
    await core.catch_up(view)
    for schema, batch, times in ((f"{view.name}__single", 1, 1), (f"{view.name}__twice", 7, 2)):
        async with core.pool.acquire() as conn:
            await create_tables(conn, view, schema)
        await _apply_all(core, view, schema, batch, times)
        async with core.pool.acquire() as conn:
            differences = await compare(conn, view, view.name, schema)
        assert not differences, f"{view.name} in batches of {batch}, {times} times: {differences}"
    done = await rebuild(core.pool, core.context, view, core.opener, core.clock)
    assert done.equal, f"{view.name} rebuilt: {done.differences}"
    async with core.pool.acquire() as conn:
        assert not await parked(conn), "no handler may fail"


async def _apply_all(core: Core, view: View, schema: str, batch: int, times: int) -> None:
    reader, after = ViewReader(view, schema), 0
    while events := await core.store.read(after=after, limit=batch):
        async with core.pool.acquire() as conn:
            await apply(conn, reader, core.context, events * times, core.opener, core.clock)
        after = events[-1].position


def recorded(data: Any, *, stream: UUID | None = None, at: datetime | None = None, version: int = 1) -> Recorded[Any]:
    """An event as a policy or a view sees it, for tests of rules that need no store."""
    stream_id, when = stream or uuid4(), at or datetime(2026, 5, 7, 9, tzinfo=UTC)
    by = Metadata("officer-1", AUTHORITY, correlation_id="c-1")
    return Recorded(data, type(data).__name__, stream_id, "test", version, shard_of(stream_id), version, when, when, by)


def reactions(policy: Policy, event: Any, known: Any = None, **place: Any) -> Sequence[Step]:
    """What follows from an event by this policy; `known` is what its `given` would have gathered."""
    seen = event if isinstance(event, Recorded) else recorded(event, **place)
    steps = policy.react(seen) if policy.given is None else policy.react(known, seen)
    return [replace(step) for step in steps]
