"""A whole system in a directory of its own: real PostgreSQL and Kafka, and services that only say that they are there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.topology import CACHE, CONTEXTS, ROOT, Ports
from shared.eventcore.testing.infrastructure import passable_directory
from tests.ports import free_ports

DRIVER = """
import pathlib, sys
import deploy.local.system
deploy.local.system.ROOT = pathlib.Path(sys.argv.pop(1))  # where the services are started
from cli.__main__ import app
app(prog_name="moot")
"""


@dataclass
class Moot:
    """The `moot` command on a state directory and ports of its own."""

    state: Path
    services: Path
    ports: Ports

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", DRIVER, str(self.services), *arguments]

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOOT_")}
        ours = {"MOOT_STATE": self.state, "MOOT_PORT_BASE": self.ports.base, "MOOT_CACHE": CACHE, "PYTHONPATH": ROOT}
        return {**inherited, **{name: str(value) for name, value in ours.items()}}

    def __call__(self, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env={**self.environment, **extra},
            cwd=ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )

    def parts(self) -> dict[str, dict[str, Any]]:
        return {part["name"]: part for part in json.loads(self("status", "--json").stdout)["parts"]}


@pytest.fixture
def moot() -> Iterator[Moot]:
    """A system that is not started yet; stopped after the test."""
    with passable_directory() as directory:
        command = Moot(directory / "state", _tree_of_fakes(directory / "tree"), free_ports(20_000, 27_000))
        yield command
        command("down")


def _tree_of_fakes(tree: Path) -> Path:
    fake = Path(__file__).with_name("fake_services.py")
    services = (f"services/{context}/__main__.py" for context in CONTEXTS)
    others = (
        "shared/service/dev_issuer.py",
        "reporting/__main__.py",
        "deploy/local/post_office.py",
        "desk/__main__.py",
    )
    for module in [*services, *others]:
        target = tree / module
        target.parent.mkdir(parents=True)
        shutil.copy(fake, target)
        for package in (target.parent, target.parent.parent):  # regular packages, or the real ones would win
            (package / "__init__.py").touch()
    return tree
