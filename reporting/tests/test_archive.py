"""The archive: every event once, whatever a crash left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from reporting import archive as writing
from reporting import layout
from reporting.archive import Archive
from reporting.layout import Part, Progress, Unusable, folders, parts
from reporting.reading import events
from reporting.tests.history import AUTHORITY, History
from shared.eventcore.following import Place

LATER = date(2100, 1, 1)


def kept(root: Path, as_at: date = LATER) -> Counter[tuple[str, int]]:
    """How often each position of each context is there."""
    with events(root, AUTHORITY, as_at) as asked:
        return Counter(asked.execute("SELECT context, position FROM event").fetchall())


def batches(root: Path, *histories: History) -> None:
    """One batch for each."""
    with Archive(root) as archive:
        for history in histories:
            archive.append(history.events, archive.places)


def a_day() -> History:
    history = History()
    history.record("registration.application-received")
    history.record("finance.allowance-paid")
    history.record("finance.fee-paid", on=date(2026, 5, 8))
    return history


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root / "events")) for path in root.glob("events/**/*.parquet"))


def test_events_lie_by_context_and_by_the_day_in_london_on_which_they_were_recorded(tmp_path: Path):
    history = a_day()
    history.record("finance.fee-paid", on=date(2026, 5, 8), at="23:30")  # half past midnight in London
    batches(tmp_path, history)
    assert files(tmp_path) == [
        "context=finance/day=2026-05-07/000000000001-000000000001.parquet",
        "context=finance/day=2026-05-08/000000000001-000000000001.parquet",
        "context=finance/day=2026-05-09/000000000001-000000000001.parquet",
        "context=registration/day=2026-05-07/000000000001-000000000001.parquet",
    ]
    assert kept(tmp_path, date(2026, 5, 8)) == dict.fromkeys(
        [("registration", 1), ("finance", 1), ("finance", 2)], 1
    ), "as at a day: nothing that was recorded after it"


def test_an_event_is_kept_as_it_stands_on_the_topic_and_what_is_sealed_stays_sealed(tmp_path: Path):
    history = a_day()
    batches(tmp_path, history)
    stored = history.events[1]
    assert "$sealed" in stored.payload
    with events(tmp_path, AUTHORITY, LATER) as asked:
        columns = (
            "type, stream, kind, version, shard, position, authority, actor, correlation, causation, origin, payload"
        )
        row = asked.execute(
            f"SELECT {columns}, epoch_us(recorded_at), epoch_us(occurred_at) FROM event WHERE fact = 'allowance-paid'"
        ).fetchone()
    by, microseconds = stored.metadata, int(stored.recorded_at.timestamp() * 1_000_000)
    assert row == (
        stored.type, stored.stream_id, stored.kind, stored.version, stored.shard, stored.position, stored.authority,
        by.actor, by.correlation_id, by.causation_id, by.origin, stored.payload, microseconds, microseconds,
    )  # fmt: skip


def test_a_batch_that_was_not_finished_does_not_count_and_is_removed_at_the_next_start(tmp_path: Path):
    history = a_day()
    batches(tmp_path, history)
    progress = (tmp_path / "progress.json").read_bytes()
    more = a_day()
    batches(tmp_path, more)
    (tmp_path / "progress.json").write_bytes(progress)  # as if it had crashed just before the commit
    assert kept(tmp_path) == dict.fromkeys(history.places(), 1)
    with Archive(tmp_path) as archive:
        assert len(files(tmp_path)) == archive.files == 3
        archive.append(more.events, {})
    assert set(kept(tmp_path).values()) == {2}, "the history that is invented twice, once each"


def test_positions_are_those_of_the_last_whole_batch(tmp_path: Path):
    place = {"finance": Place({5: 17, 63: 4}, {5: (12, 17)})}
    with Archive(tmp_path) as archive:
        archive.append(a_day().events, place)
        place["finance"].positions[5] = 18
    with Archive(tmp_path) as archive:
        assert archive.places == {"finance": Place({5: 17, 63: 4}, {5: (12, 17)})}


def test_what_a_crash_left_between_merging_and_removing_counts_once(tmp_path: Path):
    first, second = a_day(), a_day()
    batches(tmp_path, first, second)
    before = {path: path.read_bytes() for path in tmp_path.glob("events/**/*.parquet")}
    with Archive(tmp_path) as archive:
        while archive.merge(finished_days=True):
            pass
    for path, content in before.items():
        path.write_bytes(content)
    assert set(kept(tmp_path).values()) == {2}
    with Archive(tmp_path) as archive:
        assert archive.files == len(files(tmp_path)) < len(before) + 1
    assert set(kept(tmp_path).values()) == {2}


def test_what_is_written_and_merged_while_files_are_listed_is_whole_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    batches(tmp_path, a_day())
    listed, writing_meanwhile = layout.folders, [a_day()]

    def folders_and_meanwhile(root: Path, until: date = LATER) -> Iterator[Path]:
        while writing_meanwhile:
            monkeypatch.setattr(writing, "MANY", 2)
            with Archive(root) as archive:
                archive.append(writing_meanwhile.pop().events, {})
                while archive.merge(finished_days=True):
                    pass
        yield from listed(root, until)

    with monkeypatch.context() as reader:
        reader.setattr(layout, "folders", folders_and_meanwhile)
        assert set(kept(tmp_path).values()) == {2}


def test_days_that_are_over_end_as_one_file_each_and_the_newest_is_left_alone(tmp_path: Path):
    history = [History() for _ in range(6)]
    for number, batch in enumerate(history):
        batch.record("finance.fee-paid", on=date(2026, 5, 7))
        batch.record("finance.fee-paid", on=date(2026, 5, 8))
        assert number < writing.MANY
    batches(tmp_path, *history)
    with Archive(tmp_path) as archive:
        while archive.merge(finished_days=True):
            pass
    yesterday, today = folders(tmp_path)
    assert parts(yesterday) == [Part.named(yesterday, 1, 6)]
    assert len(parts(today)) == 6
    assert sum(kept(tmp_path).values()) == 12


def test_small_files_are_merged_but_neither_large_ones_nor_across_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    small, large = History(), History()
    small.record("finance.fee-paid")
    for number in range(500):
        large.record("finance.receipt-issued", uuid4(), number=number)
    newer = History()
    newer.record("finance.fee-paid", on=date(2026, 5, 8))
    batches(tmp_path, small, large, large, small, small, newer)
    folder, _ = folders(tmp_path)
    sizes = [part.path.stat().st_size for part in parts(folder)]
    monkeypatch.setattr(writing, "SMALL", (min(sizes) + max(sizes)) // 2)
    with Archive(tmp_path) as archive:
        assert archive.merge(finished_days=True)
        assert not archive.merge(finished_days=True)
    assert [(part.first, part.last) for part in parts(folder)] == [(1, 1), (2, 2), (3, 3), (4, 5)]
    assert sum(kept(tmp_path).values()) == 1 + 500 + 500 + 1 + 1 + 1


def test_many_small_files_are_merged_even_on_the_newest_day(tmp_path: Path):
    history = History()
    history.record("finance.fee-paid")
    batches(tmp_path, *[history] * writing.MANY)
    with Archive(tmp_path) as archive:
        assert archive.merge(finished_days=False)
        assert not archive.merge(finished_days=False)
    (folder,) = folders(tmp_path)
    assert parts(folder) == [Part.named(folder, 1, writing.MANY)]


def test_a_second_writer_is_refused(tmp_path: Path):
    with Archive(tmp_path), pytest.raises(Unusable, match="Another process keeps events"), Archive(tmp_path):
        pass


def test_damaged_progress_is_named_with_what_to_do(tmp_path: Path):
    (tmp_path / "progress.json").write_text('{"batch": ')
    with pytest.raises(Unusable, match=r"progress\.json is damaged: remove"), Archive(tmp_path):
        pass


def test_progress_survives_its_own_json():
    progress = Progress(7, {"elections": Place({0: 1}, {15: (99, 1)}), "finance": Place()})
    assert Progress.from_json(progress.to_json()) == progress


def test_a_council_sees_its_own_events_only(tmp_path: Path):
    history = a_day()
    history.record("finance.fee-paid", by="E09000001")
    batches(tmp_path, history)
    assert kept(tmp_path) == dict.fromkeys(history.places() - {("finance", 3)}, 1)


def test_a_batch_of_very_many_days_is_kept_within_the_memory_that_is_allowed(tmp_path: Path):
    history = History()
    for number in range(300):
        history.record("finance.fee-paid", on=date(2023, 1, 1) + timedelta(number))
    batches(tmp_path, history)
    assert len(files(tmp_path)) == 300
    assert kept(tmp_path) == dict.fromkeys(history.places(), 1)
