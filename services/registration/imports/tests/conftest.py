"""A registration service with its tables migrated, whose API works as the role that row-level security binds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.registration.imports.tests.office import Office, opened
from services.registration.main import service
from shared.eventcore.testing.infrastructure import temporary_database
from shared.service.migrate import migrate


@pytest_asyncio.fixture(scope="session")
async def migrated(postgres_url: str) -> AsyncIterator[str]:
    """The name of a migrated database that others are copied from."""
    async with temporary_database(postgres_url) as url:
        await migrate(service.migrations, url)
        yield url.rpartition("/")[2]


@pytest.fixture
async def registration_database(postgres_url: str, migrated: str) -> AsyncIterator[str]:
    async with temporary_database(postgres_url, migrated) as url:
        yield url


@pytest.fixture
async def office(registration_database: str, tmp_path) -> AsyncIterator[Office]:
    async with opened(registration_database, tmp_path) as it:
        yield it
