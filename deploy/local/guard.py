"""Stops what a killed parent left behind: `python -m deploy.local.guard` reads of its parent's children on stdin.

The parent writes `+<pid> <signal>` for each child it starts and `-<pid>` for each it has seen end. However the parent
ends, SIGKILL included, standard input closes; then whatever is left is asked to stop, last started first.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

PATIENCE = 15.0
"""Seconds that a child gets to stop in good order before it is killed."""


class Guard:
    """The parent's end of the guard process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Have the guard there before the first child, so that no child is ever without one."""
        with self._lock:
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "deploy.local.guard"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd=Path(__file__).parents[2],
                    text=True,
                    start_new_session=True,
                )

    def watch(self, pid: int, stop_signal: signal.Signals) -> None:
        with self._lock:
            self._tell(f"+{pid} {stop_signal.value}")

    def forget(self, pid: int) -> None:
        with self._lock:
            self._tell(f"-{pid}")

    def _tell(self, line: str) -> None:
        assert self._process is not None, "start comes first"
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


guard = Guard()
"""One for this process."""


def has_ended(process: psutil.Process, within: float) -> bool:
    """Wait for somebody else's child. One that only waits for a slow init to collect it has ended, too."""
    deadline = time.monotonic() + within
    try:
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
    except psutil.NoSuchProcess:
        pass
    return True


def keep_watch() -> None:
    """Follow the parent until it is gone, then stop what it left."""
    children: dict[int, tuple[psutil.Process, int]] = {}
    for line in sys.stdin:
        if line.startswith("+"):
            pid, stop_signal = map(int, line[1:].split())
            with contextlib.suppress(psutil.NoSuchProcess):
                children[pid] = (psutil.Process(pid), stop_signal)
        else:
            children.pop(int(line[1:]), None)
    for process, stop_signal in reversed(children.values()):
        with contextlib.suppress(psutil.Error):
            process.send_signal(stop_signal)
            if not has_ended(process, within=PATIENCE):
                process.kill()


if __name__ == "__main__":
    keep_watch()
