"""Every part in miniature: it runs, and says what it found in the promised shape. No figure here means anything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.ground import Ground
from bench.parts import MODULES, part
from bench.sizes import MINIATURE
from shared.eventcore.testing.infrastructure import passable_directory
from tests.browser.system import shared_system

KEYS = {
    "part",
    "case",
    "unit",
    "ours",
    "reference",
    "ratio",
    "target",
    "target_is",
    "met",
    "reference_name",
    "spread",
    "note",
}
NEED_REFERENCES = "is not installed: python3 -m venv"


@pytest.mark.parametrize("name", MODULES)
async def test_a_part_runs_and_tells_what_it_found(
    name: str, postgres_url: str, kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.memory.roles", lambda _: ("api", "relay", "views"))  # the others alike
    monkeypatch.setattr("bench.desk.council", _the_browsers_council)
    with (
        passable_directory() as directory,
        Ground(
            directory,
            MINIATURE,
            references=Path("/nowhere/bin/python"),
            postgres_url=postgres_url,
            kafka=kafka_bootstrap,
        ) as ground,
    ):
        found = [one.as_data() for one in await part(name)(ground)]
    assert found
    for one in found:
        assert one.keys() == KEYS
        assert one["part"] == name
        assert one["ours"] is not None or one["note"]
        if one["reference"] is None and one["target_is"] == "at least" and one["target"] is not None:
            assert NEED_REFERENCES in one["note"]
            assert one["met"] is None
        elif one["target"] is not None:
            assert one["met"] in (True, False)


@contextmanager
def _the_browsers_council(_: Ground) -> Iterator[str]:
    """The system that the tests of the desk share: one of its own would take a minute."""
    with shared_system() as system:
        yield system.desk


def test_without_a_compiler_a_slower_flush_is_left_out_with_its_reason(monkeypatch, tmp_path):
    from bench.ground import NotHere

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotHere, match="apt install gcc"), Ground(tmp_path, MINIATURE).slow_flush(1):
        pass


def test_waiting_needs_no_event_of_its_own():
    from bench.measuring import until

    seen = iter([False, False, True])
    asyncio.run(until(lambda: next(seen), 0))
