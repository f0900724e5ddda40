"""Everything that can be killed is killed while commands flow. About three minutes: `pytest -m fault -s tests/faults`."""

from __future__ import annotations

import pytest
from rich.console import Console
from rich.table import Table

from deploy.faults.run import COLUMNS, run_faults
from shared.eventcore.testing.infrastructure import passable_directory


@pytest.mark.fault
async def test_whatever_is_killed_nothing_is_lost_doubled_or_out_of_order():
    with passable_directory() as directory:
        report = await run_faults(directory, told=lambda outcome: print(outcome, flush=True))
    table = Table(*COLUMNS, title=f"{report.acknowledged} commands acknowledged in {report.seconds:.0f} s")
    for row in report.rows():
        table.add_row(*row)
    Console(width=170).print(table, report.final, report.wrong_answers)
    assert report.holds
