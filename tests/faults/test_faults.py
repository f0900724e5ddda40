"""One fault of each sort, all services at work; the whole set is `moot faults` (docs/reliability.md)."""

from __future__ import annotations

import pytest
from rich.console import Console
from rich.table import Table

from deploy.faults.kinds import QUICK, faults
from deploy.faults.run import COLUMNS, run_faults
from shared.eventcore.testing.infrastructure import passable_directory


@pytest.mark.fault
async def test_whatever_breaks_nothing_is_lost_doubled_or_out_of_order():
    chosen = [fault for fault in faults(restarts=3) if fault.name in QUICK]
    with passable_directory() as directory:
        report = await run_faults(directory, chosen, told=lambda outcome: print(outcome, flush=True))
    table = Table(*COLUMNS, title=f"{report.acknowledged} commands acknowledged in {report.seconds:.0f} s")
    for row in report.rows():
        table.add_row(*row)
    Console(width=200).print(table, report.final)
    assert len(report.outcomes) == len(QUICK)
    assert report.holds
