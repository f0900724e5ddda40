"""The one system that every browser test uses: started by the worker that comes first, stopped by the one that leaves last."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from deploy.topology import ROOT, STATE, Ports
from shared.eventcore.clock import system_clock
from tests.ports import free_ports

ELECTORS, SEED = "400", "3"


@dataclass(frozen=True)
class System:
    """A running Moothall with an invented council. Tests share it: each takes an application or elector of its own."""

    state: Path
    ports: Ports

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.ports.desk}"

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.ports.issuer}"

    def ask(self, context: str, path: str, user: str = "registration-officer", **query: Any) -> Any:
        """What a service answers to a member of staff, beside the desk."""
        token = httpx.post(f"{self.issuer}/token", params={"user": user}).json()["access_token"]
        url = f"http://127.0.0.1:{self.ports.service(context)}{path}"
        answer = httpx.get(url, params=query, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        return answer.raise_for_status().json()

    def there(self, context: str, path: str, user: str) -> bool:
        """Whether a service shows something at a path to a member of staff."""
        try:
            self.ask(context, path, user)
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code != httpx.codes.NOT_FOUND:
                raise
            return False
        return True

    def tell(
        self, context: str, path: str, body: Any = None, user: str = "registration-officer", method: str = "POST"
    ) -> Any:
        """A command of a member of staff, beside the desk; the receipt."""
        token = httpx.post(f"{self.issuer}/token", params={"user": user}).json()["access_token"]
        url = f"http://127.0.0.1:{self.ports.service(context)}{path}"
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        answer = httpx.request(method, url, json=body, headers=headers, timeout=30)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def move_on(self, context: str, days: int) -> None:
        """Let a service live this many days ahead of the calendar. Its clock stays where it is if that is further on."""
        token = httpx.post(f"{self.issuer}/token", params={"user": "ero-deputy"}).json()["access_token"]
        url = f"http://127.0.0.1:{self.ports.service(context)}/rehearsal/clock"
        then = {"now": (system_clock() + timedelta(days=days)).isoformat()}
        answer = httpx.put(url, json=then, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        assert answer.status_code in {200, 422}, answer.text

    def moot(self, *words: str) -> None:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("MOOT_") or name == "MOOT_CACHE"
        }
        environment |= {"MOOT_STATE": str(self.state), "MOOT_PORT_BASE": str(self.ports.base)}
        answer = subprocess.run(
            [sys.executable, "-m", "cli", *words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert answer.returncode == 0, f"moot {' '.join(words)}: {answer.stderr[-3000:]}"


@contextmanager
def shared_system() -> Iterator[System]:
    """The system of this test run, in whichever process the tests are; or the one at the port base `MOOT_TEST_SYSTEM`, which
    `./moot up` started before: a test while it is written need not wait for another."""
    if base := os.environ.get("MOOT_TEST_SYSTEM"):
        yield System(STATE, Ports(int(base)))
        return
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    home = Path(tempfile.gettempdir()) / f"moot-browser-{run}"
    home.mkdir(mode=0o711, exist_ok=True)
    system = _joined(home)
    try:
        yield system
    finally:
        _left(home, system)


def _joined(home: Path) -> System:
    with _alone(home) as register:
        system = System(home / "state", Ports(register["base"]) if register.get("base") else free_ports(30_000, 32_700))
        if not register.get("users"):
            system.moot("up", "--detach", "--electors", ELECTORS, "--seed", SEED)
        register |= {"base": system.ports.base, "users": register.get("users", 0) + 1}
    return system


def _left(home: Path, system: System) -> None:
    with _alone(home) as register:
        register["users"] -= 1
        if not register["users"]:
            system.moot("down")
            shutil.rmtree(system.state)


@contextmanager
def _alone(home: Path) -> Iterator[dict[str, Any]]:
    """The register of who uses the system, held by one process at a time."""
    with (home / "register").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        register: dict[str, Any] = json.loads(file.read() or "{}")
        yield register
        file.seek(0)
        file.truncate()
        json.dump(register, file)
