"""An event as a policy meets it; and a committee office on a real store."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from services.committees.tests.office import Office
from shared.eventcore.recording import Metadata, Recorded
from shared.eventcore.testing.core import event_core
from shared.events.definition import REGISTRY

HELD_TIMES = Path(__file__).parent.parent / "migrations" / "held_times.sql"


@pytest.fixture
def recorded():
    def record(data, at=datetime(2026, 9, 24, 9, 0, tzinfo=UTC)):
        by = Metadata("officer-1", "E07000999", str(uuid4()))
        stream = getattr(data, "member_id", None) or uuid4()
        return Recorded(data, "", stream, "", 1, 0, 1, at, at, by)

    return record


@pytest.fixture
async def office(database):
    async with event_core(database, "committees", REGISTRY) as core:
        await core.pool.execute(HELD_TIMES.read_text("utf-8"))
        yield Office(core)
