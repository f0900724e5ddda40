"""A whole year of a small registration office, with its working process killed on the way: nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from deploy.local.postgres import installations
from deploy.topology import ROOT

LONGEST = 600


@pytest.mark.skipif(not list(installations()), reason="a rehearsal needs a PostgreSQL server of its own")
def test_a_year_of_registration_loses_nothing_although_its_process_is_killed(tmp_path_factory):
    directory = tmp_path_factory.mktemp("rehearsal")
    for place in (directory, *directory.parents[:2]):
        place.chmod(0o711)  # as root, PostgreSQL runs under another account
    report = directory / "year.html"
    command = [
        sys.executable,
        "-m",
        "cli",
        "rehearse",
        "registration-year",
        "--electors",
        "150",
        "--faults",
        "1",
        "--json",
    ]
    ran = subprocess.run(
        [*command, "--report", str(report)], cwd=ROOT, env={**os.environ, "MOOT_STATE": str(directory / "state")},
        stdout=subprocess.PIPE, timeout=LONGEST, check=False,
    )  # fmt: skip
    said = json.loads(ran.stdout)
    assert (said["register_equal"], said["notices_reproducible"], said["lost"]) == (True, True, 0)
    assert said["killed"] == 1
    assert said["notices"] == 13  # two revised registers, nine monthly notices, two for the poll
    assert said["electors"] > 100
    assert "All of it holds." in report.read_text("utf-8")
    assert not (directory / "state" / "rehearsal").exists()
