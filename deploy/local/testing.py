"""The whole test run: what `./moot test` and `.ci/run` do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.topology import ROOT


@dataclass(frozen=True)
class Outcome:
    """How one check went."""

    check: str
    passed: bool
    seconds: float


def checks(pytest_arguments: Sequence[str]) -> dict[str, list[str]]:
    """The command of every check, cheap ones first."""
    scripts = Path(sys.executable).parent
    # Tests wait for brokers and processes half of their time, so one worker more than there are processors. A file stays on
    # one worker, because its tests share what they have started; each worker has servers of its own.
    workers = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder"]
    return {
        "lints": [str(scripts / "ruff"), "check", "."],
        "layout": [str(scripts / "ruff"), "format", "--check", "."],
        "imports": [str(scripts / "lint-imports"), "--no-logo"],
        "types": [sys.executable, "-m", "mypy"],
        "tests": [sys.executable, "-m", "pytest", "-q", "--durations=15", *workers, *pytest_arguments],
    }


def run_all(pytest_arguments: Sequence[str] = ()) -> list[Outcome]:
    """Run every check, also after one has failed, and print what each says."""
    screen = Console()
    # `moot` puts the project on PYTHONPATH, where mypy would take it for an installed package without types.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    outcomes = []
    for name, command in checks(pytest_arguments).items():
        screen.rule(name)
        began = time.monotonic()
        answer = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
        outcomes.append(Outcome(name, answer.returncode == 0, time.monotonic() - began))
    summary = Table("check", "outcome", "seconds", title="Test run")
    for outcome in outcomes:
        summary.add_row(outcome.check, "passed" if outcome.passed else "FAILED", f"{outcome.seconds:.1f}")
    screen.print(summary)
    return outcomes
