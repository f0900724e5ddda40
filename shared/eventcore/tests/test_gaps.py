"""A gap in another service's topic that nothing fills: the topic is taken again, but less and less often."""

from __future__ import annotations

from typing import Any

import pytest

from shared.eventcore.applying import Gap
from shared.eventcore.consuming import Consuming


class Sought:
    """Stands where the consumer stands and counts: no broker is asked anything in these tests."""

    def __init__(self) -> None:
        self.partitions: list[int] = []

    async def seek_to_beginning(self, *partitions: Any) -> None:
        self.partitions += [partition.partition for partition in partitions]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("shared.eventcore.consuming.time.monotonic", lambda: now[0])
    return now


def reading() -> Consuming:
    unused: Any = None
    return Consuming("here", [], unused, unused, unused, unused, partitions=16)


async def test_records_that_go_on_behind_a_gap_do_not_have_the_topic_taken_again_each_time(clock: list[float]):
    sought, consumer = Sought(), reading()
    for later in range(50):
        await consumer._fill([Gap(3, 100, 200 + later)], "elsewhere", sought)
    assert sought.partitions == [3]


async def test_a_gap_that_nothing_fills_is_sought_at_growing_intervals(clock: list[float]):
    sought, consumer, at = Sought(), reading(), []
    for second in range(0, 500, 10):
        clock[0] = 1000.0 + second
        before = len(sought.partitions)
        await consumer._fill([Gap(3, 100, 200 + second)], "elsewhere", sought)
        if len(sought.partitions) > before:
            at.append(second)
    assert at == [0, 30, 90, 210, 450]


async def test_another_gap_is_sought_at_once(clock: list[float]):
    sought, consumer = Sought(), reading()
    await consumer._fill([Gap(3, 100, 200)], "elsewhere", sought)
    await consumer._fill([Gap(3, 150, 200), Gap(4, 100, 200)], "elsewhere", sought)
    assert sorted(sought.partitions) == [3, 3, 4]
