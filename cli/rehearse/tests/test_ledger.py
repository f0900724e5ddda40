"""The ledger is read back after a kill: whole lines count, a torn one does not."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from uuid import UUID

from cli.rehearse.ledger import Ledger
from shared.eventcore.recording import Receipt

STREAM = UUID(int=9)


def test_the_last_day_is_the_last_that_was_over(tmp_path):
    file = tmp_path / "ledger"
    with closing(Ledger(file)) as ledger:
        assert ledger.last_day() is None
        ledger.day_over(date(2026, 3, 2))
        ledger.acknowledged(Receipt(STREAM, 1, 5, 12))
        ledger.day_over(date(2026, 3, 3))
        ledger.acknowledged(Receipt(STREAM, 2, 5, 13))
    with closing(Ledger(file)) as again:
        assert again.last_day() == date(2026, 3, 3)


def test_a_torn_line_counts_for_nothing_and_spoils_no_later_one(tmp_path):
    file = tmp_path / "ledger"
    file.write_text(f"{STREAM} 1\nday 2026-03-02\n{STREAM} 1")
    with closing(Ledger(file)) as ledger:
        ledger.day_over(date(2026, 3, 3))
        assert ledger.last_day() == date(2026, 3, 3)
        assert [receipt for batch in ledger.receipts() for receipt in batch] == [(STREAM, 1)]
