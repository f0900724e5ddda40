"""Makes the real PostgreSQL and the real Kafka broker available to every test that asks for them."""

from collections import Counter

import pytest

pytest_plugins = ["shared.eventcore.testing.infrastructure"]


def pytest_collection_finish(session: pytest.Session) -> None:
    """pytest-xdist runs only the first of several tests that have one name, and says nothing of the others."""
    names = Counter(item.nodeid for item in session.items)
    if alike := [name for name, times in names.items() if times > 1]:
        raise pytest.UsageError(f"these tests have a name in common with another: {', '.join(alike)}")
