"""`./moot` makes its environment once, however many are started at the same moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.topology import ROOT

pytest.importorskip("fcntl", reason="nobody waits where there is no flock")

START = """
import os, sys, time
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

loader = SourceFileLoader("moot", sys.argv[1])
moot = module_from_spec(spec_from_loader("moot", loader))
loader.exec_module(moot)

def installer(command):
    with open(os.path.join(moot.ROOT, "calls"), "a") as calls:
        calls.write("venv\\n" if "venv" in command else "pip\\n")
    time.sleep(0.3)
    os.makedirs(os.path.dirname(moot.PYTHON), exist_ok=True)
    open(moot.PYTHON, "w").close()
    return int(sys.argv[2])

moot.subprocess.call = installer
moot.install()
"""
"""`install()` of the script, with a stand-in for venv and pip that writes down its calls and takes its time."""


def start(place: Path, fails: int = 0) -> subprocess.Popen[str]:
    (place / "moot").write_bytes((ROOT / "moot").read_bytes())
    (place / "requirements.lock").write_text("nothing==1\n")
    return subprocess.Popen(
        [sys.executable, "-c", START, str(place / "moot"), str(fails)], stderr=subprocess.PIPE, text=True
    )


def test_of_two_starts_at_once_one_installs_and_the_other_waits_for_it(tmp_path):
    starts = [start(tmp_path), start(tmp_path)]
    told = sorted(each.communicate(timeout=30)[1] for each in starts)
    assert [each.returncode for each in starts] == [0, 0]
    assert (tmp_path / "calls").read_text().split() == ["venv", "pip"]
    assert "installing what requirements.lock names" in told[0]
    assert "waiting for another start" in told[1]


def test_a_start_whose_installation_failed_leaves_the_next_one_free_to_install(tmp_path):
    broken = start(tmp_path, fails=1)
    assert "Python cannot make an environment" in broken.communicate(timeout=30)[1]
    assert broken.returncode == 1
    assert start(tmp_path).wait(timeout=30) == 0
    assert (tmp_path / "calls").read_text().split() == ["venv", "venv", "pip"]


def test_a_start_killed_while_it_installs_keeps_nobody_waiting(tmp_path):
    killed = start(tmp_path)
    assert killed.stderr is not None
    killed.stderr.readline()
    killed.kill()
    killed.communicate(timeout=30)
    assert start(tmp_path).wait(timeout=30) == 0
