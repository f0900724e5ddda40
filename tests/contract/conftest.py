"""Each service in use, once for all tests of this package that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from deploy.topology import CONTEXTS
from shared.service import http
from tests.contract.asking import Caller
from tests.contract.diaries import DIARIES
from tests.contract.listening import service_of
from tests.contract.serving import served


def pytest_itemcollected(item: pytest.Item) -> None:
    """Schemathesis makes a test of each operation and names them all alike. pytest-xdist tells tests apart by their names."""
    if operation := getattr(item, "operation_label", None):
        item._id = item._id.with_params(operation)


def in_use(context: str) -> Any:
    """A fixture: who asks the service, after some days of its office. At the end no view and no policy may have choked on
    anything that was recorded."""

    @pytest.fixture(scope="package", name=context)
    def caller(postgres_url: str) -> Iterator[Caller]:
        with (
            pytest.MonkeyPatch.context() as changed,
            capture_logs(),  # else each failure is drawn with all its variables, for minutes
            served(service_of(context), postgres_url) as running,
        ):
            changed.setattr(http, "PATIENCE", 0.05)
            it = Caller(running)
            it.lives_through(DIARIES[context])
            yield it
        assert [f"{found['consumer']} of {found['type']}: {found['problem']}" for found in running.parked] == []

    return caller


registration, elections, committees, finance, notifications = map(in_use, CONTEXTS)
