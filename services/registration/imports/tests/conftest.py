"""A registration service with its tables migrated, whose API works as the role that row-level security binds."""

from __future__ import annotations

import pytest

from services.registration.imports.tests.office import Office, opened


@pytest.fixture
async def office(database, tmp_path) -> Office:
    async with opened(database, tmp_path) as it:
        yield it
