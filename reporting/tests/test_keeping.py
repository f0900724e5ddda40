"""From a real broker into the archive: each event once, whatever is killed, sent twice, lost or made anew."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from uuid import uuid4

import duckdb
import httpx

from deploy.local.broker import LocalKafka
from deploy.local.process import free_port
from deploy.topology import CONTEXTS, ROOT
from reporting.keeping import Keeping
from reporting.layout import Progress
from reporting.reading import events
from reporting.tests.history import AUTHORITY, History, publish
from shared.eventcore.kafka import empty_topics, ensure_topics

LATER = date(2100, 1, 1)


def story(length: int) -> History:
    """Three contexts with topics of this test's own."""
    unique = uuid4().hex[:8]
    history = History(
        registration=f"registration{unique}", finance=f"finance{unique}", committees=f"committees{unique}"
    )
    for number in range(length):
        history.record("registration.application-received", on=date(2026, 5, 1 + number % 3))
        history.record("finance.allowance-paid")
        history.record("committees.meeting-held")
    return history


def kept(root: Path, again: int = 5) -> Counter[tuple[str, int]]:
    try:
        with events(root, AUTHORITY, LATER) as asked:
            return Counter(asked.execute("SELECT context, position FROM event").fetchall())
    except duckdb.IOException:  # files were merged in this moment
        if not again:
            raise
        return kept(root, again - 1)


async def eventually(check: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, "it did not come true in time"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def keeping(root: Path, bootstrap: str, history: History) -> AsyncIterator[Keeping]:
    worker = Keeping(root, bootstrap, history.contexts, seconds=0.1)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    try:
        yield worker
    finally:
        stop.set()
        await asyncio.wait_for(running, 20)


async def test_events_of_several_contexts_are_kept_as_they_come_and_each_once(tmp_path: Path, kafka_bootstrap: str):
    history = story(40)
    await publish(kafka_bootstrap, history.events[:60])
    async with keeping(tmp_path, kafka_bootstrap, history) as worker:
        await eventually(lambda: worker.kept == 60)
        await publish(kafka_bootstrap, history.events[60:])
        await eventually(lambda: worker.kept == 120)
    assert kept(tmp_path) == dict.fromkeys(history.places(), 1)
    with events(tmp_path, AUTHORITY, LATER) as asked:
        payloads = dict(asked.execute("SELECT (context, position), payload FROM event").fetchall())
    assert payloads == {(e.context, e.position): e.payload for e in history.events}
    assert any("$sealed" in payload for payload in payloads.values())


async def test_what_a_relay_sends_again_is_not_kept_again(tmp_path: Path, kafka_bootstrap: str):
    history = story(10)
    await publish(kafka_bootstrap, history.events[:20])
    await publish(kafka_bootstrap, history.events[10:20])
    async with keeping(tmp_path, kafka_bootstrap, history) as worker:
        await eventually(lambda: worker.kept == 20)
    await publish(kafka_bootstrap, history.events)
    async with keeping(tmp_path, kafka_bootstrap, history) as worker:
        await eventually(lambda: worker.kept == 10)
        await asyncio.sleep(0.5)
        assert (worker.kept, worker.missing) == (10, 0)
    assert kept(tmp_path) == dict.fromkeys(history.places(), 1)


async def test_what_has_come_when_it_is_stopped_is_kept(tmp_path: Path, kafka_bootstrap: str):
    history = story(5)
    await publish(kafka_bootstrap, history.events)
    worker = Keeping(tmp_path, kafka_bootstrap, history.contexts, seconds=3600)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await eventually(lambda: worker.waiting == 15)
    assert kept(tmp_path) == {}
    stop.set()
    await running
    assert kept(tmp_path) == dict.fromkeys(history.places(), 1)


async def test_after_a_lost_record_its_shard_stands_still_and_is_named_until_the_record_is_there(
    tmp_path: Path, kafka_bootstrap: str
):
    history = History(finance=f"finance{uuid4().hex[:8]}")
    stream = history.record("finance.fee-paid")
    for _ in range(3):
        history.record("finance.fee-paid", stream)
    other = history.record("finance.fee-paid")
    first, lost, *later, of_another = history.events
    assert of_another.shard != first.shard, str(other)
    await publish(kafka_bootstrap, [first, *later, of_another])
    async with keeping(tmp_path, kafka_bootstrap, history) as worker:
        await eventually(lambda: worker.missing == 1)
        await eventually(lambda: worker.kept == 2)
        assert kept(tmp_path) == {(lost.context, 1): 1, (lost.context, 5): 1}
        await publish(kafka_bootstrap, [lost, *later])
        await eventually(lambda: worker.kept == 5)
        await eventually(lambda: worker.missing == 0)
    assert kept(tmp_path) == dict.fromkeys(history.places(), 1)


async def test_a_topic_made_anew_is_taken_from_its_beginning(tmp_path: Path, kafka_bootstrap: str):
    history = story(10)
    await publish(kafka_bootstrap, history.events[:24])
    async with keeping(tmp_path, kafka_bootstrap, history) as worker:
        await eventually(lambda: worker.kept == 24)
    for context in history.contexts:
        await empty_topics(kafka_bootstrap, context)
    # The same facts in another order of shards, so that none stands where it stood; and news among them.
    await publish(kafka_bootstrap, sorted(history.events, key=lambda event: (event.shard, event.position)))
    async with keeping(tmp_path, kafka_bootstrap, history) as worker:
        await eventually(lambda: worker.kept == 6)
        await asyncio.sleep(0.3)
        assert (worker.kept, worker.missing) == (6, 0)
    assert kept(tmp_path) == dict.fromkeys(history.places(), 1)


async def test_a_topic_made_anew_under_its_reader_is_followed(tmp_path: Path, kafka_bootstrap: str):
    history = story(10)
    await publish(kafka_bootstrap, history.events[:24])
    async with keeping(tmp_path, kafka_bootstrap, history) as worker:
        await eventually(lambda: worker.kept == 24)
        for context in history.contexts:
            await empty_topics(kafka_bootstrap, context)
        await publish(kafka_bootstrap, sorted(history.events, key=lambda event: (event.shard, event.position)))
        await eventually(lambda: worker.kept == 30)
        assert worker.missing == 0
    assert kept(tmp_path) == dict.fromkeys(history.places(), 1)


@asynccontextmanager
async def process(root: Path, bootstrap: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`python -m reporting`, and its address."""
    port = free_port()
    environment = {
        **os.environ, "MOOT_KAFKA": bootstrap, "MOOT_PORT": str(port), "MOOT_REPORTING": str(root),
        "MOOT_REPORTING_SECONDS": "0.02", "MOOT_LOG_LEVEL": "warning",
    }  # fmt: skip
    running = await asyncio.create_subprocess_exec(sys.executable, "-m", "reporting", env=environment, cwd=ROOT)
    try:
        yield running, f"http://127.0.0.1:{port}"
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def test_the_process_is_killed_again_and_again_in_mid_batch_and_no_event_is_missing_or_doubled(
    tmp_path: Path, own_kafka: LocalKafka
):
    await ensure_topics(own_kafka.bootstrap, CONTEXTS)
    history, enough = History(), asyncio.Event()
    sending = asyncio.create_task(publish_until(enough, history, own_kafka.bootstrap))
    for moment in (0.0, 0.011, 0.017, 0.029):
        async with process(tmp_path, own_kafka.bootstrap) as (running, _):
            await batches(tmp_path, 2)
            await asyncio.sleep(moment)
            running.kill()
        assert set(kept(tmp_path).values()) == {1}
        assert kept(tmp_path).keys() < history.places(), "it was killed while there was work to do"
    enough.set()
    await sending
    async with (
        process(tmp_path, own_kafka.bootstrap) as (running, address),
        httpx.AsyncClient(base_url=address) as http,
    ):
        await eventually(lambda: len(kept(tmp_path)) == len(history.events))
        assert (await http.get("/health/ready")).status_code == 200
        assert (await http.get("/health/live")).json()["workers"]["keeping"]["missing"] == 0
        assert 'moot_worker_kept{worker="keeping"}' in (await http.get("/metrics")).text
        running.terminate()
        assert await running.wait() == 0
    assert kept(tmp_path) == dict.fromkeys(history.places(), 1)


async def batches(root: Path, more: int) -> None:
    """Wait until so many more batches are whole."""
    wanted = Progress.of(root).batch + more
    await eventually(lambda: Progress.of(root).batch >= wanted)


async def publish_until(enough: asyncio.Event, history: History, bootstrap: str) -> None:
    """Events of two contexts and three days, without a pause."""
    while not enough.is_set():
        for day in (1, 2, 3) * 10:
            history.record("finance.fee-paid", on=date(2026, 5, day))
            history.record("committees.meeting-held")
        await publish(bootstrap, history.events[-60:])
