"""One child process: started with its log, stopped in good order, killed when asked to, never orphaned."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.local.guard import guard


class CannotRun(Exception):
    """Something outside our code stands in the way. The message is one sentence that says what to do."""


@dataclass
class Process:
    """A command that runs until it is stopped. Its output is appended to `log`."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 20.0
    """Seconds between the stop signal and SIGKILL."""
    user: tuple[int, int] | None = None
    """uid and gid to run as; only root may ask for another."""
    cwd: Path | None = None
    _popen: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def pid(self) -> int | None:
        return self._popen.pid if self.running() and self._popen else None

    def running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def exit_code(self) -> int | None:
        """What the last run ended with; negative is the signal that ended it."""
        return None if self._popen is None else self._popen.poll()

    def start(self) -> None:
        guard.start()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        uid, gid = self.user or (None, None)
        with self.log.open("ab") as log:
            # Its own session, so that the terminal's Ctrl-C reaches us alone and we stop the children in order.
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                cwd=self.cwd,
                user=uid,
                group=gid,
                extra_groups=None if self.user is None else [],
                start_new_session=True,
            )
        guard.watch(self._popen.pid, self.stop_signal)

    def stop(self) -> None:
        """Ask, wait, and only then kill."""
        if self._popen is None:
            return
        if self.running():
            self._popen.send_signal(self.stop_signal)
            try:
                self._popen.wait(self.patience)
            except subprocess.TimeoutExpired:
                self.kill()
        self.reap()

    def kill(self) -> None:
        """SIGKILL to it and to everything that it started, as a power cut would."""
        if self._popen is None:
            return
        if self.running():
            family = [psutil.Process(self._popen.pid)]
            family += family[0].children(recursive=True)
            for member in family:
                try:
                    member.kill()
                except psutil.NoSuchProcess:
                    continue
            psutil.wait_procs(family[1:], timeout=5)
        self.reap()

    def reap(self) -> None:
        """Take note of an end that has come."""
        if self._popen is not None:
            self._popen.wait()
            guard.forget(self._popen.pid)

    def await_ready(self, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `is_ready`; an early end or too long a wait is `CannotRun` with the log's last lines."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.running():
                self.reap()
                raise CannotRun(f"{self.name} ended (exit code {self.exit_code}); {self.log} says:\n{tail(self.log)}")
            if time.monotonic() > deadline:
                self.stop()
                raise CannotRun(f"{self.name} was not ready after {seconds:.0f} s; {self.log} says:\n{tail(self.log)}")
            time.sleep(0.05)


def tail(log: Path, lines: int = 8) -> str:
    """The last lines of a log."""
    if not log.exists():
        return "  (nothing)"
    return "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def refuse_busy_port(port: int, wanted_for: str) -> None:
    """`CannotRun` that names the port, and the process on it where the system tells us."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            raise CannotRun(
                f"Port {port}, wanted for {wanted_for}, is taken{_holder(port)}: "
                "stop what holds it, or choose other ports with MOOT_PORT_BASE."
            ) from None


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:  # macOS shows other people's sockets to root only
        pass
    return ""
