"""`moot report`: the ready questions on the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cli.tests.conftest import moot
from reporting.archive import Archive
from reporting.tests.history import History


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two messages, queued on different days."""
    history = History()
    for day in (7, 9):
        history.record(
            "notifications.message-queued", kind="message", on=date(2026, 5, day), template="welcome", channel="letter"
        )
    with Archive(tmp_path / "archive") as kept:
        kept.append(history.events, {})
    monkeypatch.setenv("MOOT_REPORTING", str(tmp_path / "archive"))
    return tmp_path


async def test_without_a_question_the_questions_are_listed():
    told = await moot("report", "--json")
    assert [question["name"] for question in told.data["questions"]] == ["applications", "allowances", "messages"]
    assert "moot report …" in (await moot("report")).out


async def test_a_question_is_answered_as_data_and_as_at_a_day(archive: Path):
    told = await moot("report", "messages", "--as-at", "2026-05-08", "--json")
    assert set(told.data) == {"question", "authority", "title", "as_at", "takeaway", "rows", "notes"}
    assert (told.data["question"], told.data["as_at"], told.data["authority"]) == (
        "messages",
        "2026-05-08",
        "E07000999",
    )
    (row,) = told.data["rows"]
    assert (row["template"], row["channel"], row["messages"], row["waiting"]) == ("welcome", "letter", 1, 1)
    assert (await moot("report", "messages", "--json")).data["rows"][0]["messages"] == 2


async def test_people_get_a_table_and_a_sentence(archive: Path):
    told = await moot("report", "messages", "--as-at", "2026-05-09")
    assert "By 9 May 2026 0 of 2 messages (0 %) had left the council" in told.out
    assert "welcome" in told.out


async def test_what_a_rehearsal_has_recorded_ahead_of_the_calendar_is_part_of_now(archive: Path):
    history = History()
    history.record("notifications.message-queued", kind="message", on=date(2100, 1, 1), template="later", channel="sms")
    with Archive(archive / "archive") as kept:
        kept.append(history.events, {})
    told = await moot("report", "messages", "--json")
    assert (told.data["as_at"], len(told.data["rows"])) == ("2100-01-01", 2)


async def test_another_council_sees_nothing_of_it(archive: Path):
    assert (await moot("report", "messages", "--authority", "E09000001", "--json")).data["rows"] == []


async def test_a_chart_is_written_as_svg_or_png(archive: Path):
    told = await moot("report", "messages", "--svg", archive / "m.svg", "--png", archive / "m.png")
    assert told.code == 0
    assert (archive / "m.svg").read_bytes().startswith(b"<?xml")
    assert (archive / "m.png").read_bytes().startswith(b"\x89PNG")


async def test_what_cannot_be_answered_is_refused_with_what_to_do(archive: Path, monkeypatch: pytest.MonkeyPatch):
    assert "ask one of applications, allowances, messages" in (await moot("report", "budget")).err
    unwritable = await moot("report", "messages", "--svg", archive / "nowhere" / "m.svg")
    assert (unwritable.code, "name another file" in unwritable.err) == (1, True)
    (archive / "archive" / "progress.json").write_text("{")
    assert "is damaged: remove" in (await moot("report", "messages")).err
    monkeypatch.setenv("MOOT_REPORTING", str(archive / "empty"))
    nothing = await moot("report", "messages")
    assert (nothing.code, "start the system with ./moot up" in nothing.err) == (1, True)
