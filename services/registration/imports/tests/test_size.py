"""A whole council is imported and allocated in one run, into a real database, in bounded memory."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

PROPERTIES = 110_000
BOUND = 512 * 2**20
PROJECT = Path(__file__).parents[4]


@pytest.mark.load
async def test_110_000_properties_are_imported_and_allocated_in_under_512_megabytes(registration_database, tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.registration.imports.tests.whole_council",
        registration_database, str(tmp_path), "200000",
        cwd=PROJECT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0
    found = json.loads(out.splitlines()[-1])
    print(found)
    assert found["report"]["state"] == "done"
    assert found["report"]["counts"] == {"added": PROPERTIES, "allocated": PROPERTIES, "unchanged": 0}
    assert found["report"]["refused"] == {}
    assert found["bytes"] < BOUND
