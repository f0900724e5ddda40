"""Asking a question of a history, through real files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from reporting.answers import Answer
from reporting.archive import Archive
from reporting.questions import QUESTIONS
from reporting.reading import events
from reporting.tests.history import AUTHORITY, History

Ask = Callable[[str, History, date], Answer]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """The answer to a question (by its name) about a history, as at a day. Asked again, it is of the same history."""

    def asked(question: str, history: History, as_at: date) -> Answer:
        with Archive(tmp_path) as archive:
            if history.events and not archive.files:
                archive.append(history.events, {})
        with events(tmp_path, AUTHORITY, as_at) as table:
            return QUESTIONS[question].ask(table, as_at)

    return asked
