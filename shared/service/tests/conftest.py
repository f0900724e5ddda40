"""Log lines of these tests go nowhere, through the real configuration."""

from __future__ import annotations

import io

import pytest

from shared.service import logs


@pytest.fixture(autouse=True)
def _quiet():
    logs.configure("info", stream=io.StringIO())
