"""The state directory: who runs here, with which passwords, and what is known of the processes."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deploy.local.process import CannotRun
from deploy.topology import API_ROLE, CLIENT, CONTEXTS, DESK, database


@dataclass(frozen=True)
class State:
    """Paths under one state directory (`.moot/`), which survives a restart and is what `reset` removes."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def kafka(self) -> Path:
        return self.root / "kafka"

    @property
    def mail(self) -> Path:
        """E-mails that the post office of development took."""
        return self.root / "post" / "mail"

    @property
    def print_house(self) -> Path:
        """Letters as the print house fetches them."""
        return self.root / "post" / "print-house"

    @property
    def reporting(self) -> Path:
        """The archive that `moot report` asks."""
        return self.root / "reporting"

    @property
    def demonstration(self) -> Path:
        """Written when the demonstration council has been loaded, so that a second start does not load another."""
        return self.root / "demonstration.json"

    @property
    def _pid(self) -> Path:
        return self.root / "moot.pid"

    @property
    def _report(self) -> Path:
        return self.root / "status.json"

    def data(self) -> list[Path]:
        """Everything that `reset` removes. The Python environment and the cache stay."""
        return [
            self.postgres, self.kafka, self.keys, self.logs, self.reporting, self.mail.parent, self.demonstration, self._report,
            self._passwords,
        ]  # fmt: skip

    def make(self) -> None:
        """Create the directory; raises `CannotRun` when it is in the way or not ours to write."""
        try:
            # Others may pass through but not look: PostgreSQL may have to run under another account.
            self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            self.keys.mkdir(mode=0o700, exist_ok=True)
            for folder in (self.mail.parent, self.mail, self.print_house):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as broken:
            raise CannotRun(
                f"The state directory {self.root} cannot be used ({broken.strerror}): repair or remove it, "
                "or choose another with MOOT_STATE."
            ) from None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold this directory as its only running system; raises `CannotRun` when another one does.

        The lock ends with the process, however that ends; the number in the file only tells `down` whom to ask.
        """
        handle = os.open(self._pid, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise CannotRun(
                f"Moothall already runs here (process {self._pid.read_text().strip()}): "
                "see ./moot status, stop it with ./moot down."
            ) from None
        try:
            os.truncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
            yield
        finally:
            os.close(handle)

    def holder(self) -> psutil.Process | None:
        """The process that runs the system here, if one does."""
        try:
            handle = os.open(self._pid, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None  # nobody holds it: the number is a dead one
        except BlockingIOError:
            return psutil.Process(int(self._pid.read_text()))
        except (ValueError, psutil.NoSuchProcess):
            return None
        finally:
            os.close(handle)

    @property
    def _passwords(self) -> Path:
        return self.root / "passwords.json"

    def passwords(self) -> dict[str, str]:
        """Of every database role and of services at the issuer, each drawn when it is first asked for. Raises `CannotRun`
        when the file is damaged."""
        found = self._read(self._passwords) if self._passwords.exists() else {}
        if missing := {API_ROLE, CLIENT, *(database(context) for context in (*CONTEXTS, DESK))} - found.keys():
            found |= {role: secrets.token_urlsafe(24) for role in sorted(missing)}
            _write(self._passwords, found)
        return {str(role): str(password) for role, password in found.items()}

    def report(self, status: dict[str, Any]) -> None:
        """Publish what `status` shows."""
        _write(self._report, status)

    def last_report(self) -> dict[str, Any]:
        return self._read(self._report) if self._report.exists() else {}

    @staticmethod
    def _read(path: Path) -> dict[str, Any]:
        try:
            content = json.loads(path.read_text())
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise CannotRun(f"{path} is damaged: restore it, or start afresh with ./moot reset.")
        return content


def _write(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all, for the owner's eyes only."""
    fresh = path.with_name(f"{path.name}.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, indent=2)
    fresh.replace(path)
