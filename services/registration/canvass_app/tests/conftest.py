"""A canvassing office on a database of its own."""

import pytest

from services.registration.canvass.tests.office import migrated, opened


@pytest.fixture
async def canvassers(copy_of, tmp_path):
    async with copy_of(migrated) as url, opened(url, tmp_path) as it:
        yield it
