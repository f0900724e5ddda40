"""A whole council's register looked through: 200,000 people, in seconds to minutes, in the memory of a block."""

from __future__ import annotations

import time
from datetime import date

import orjson
import psutil
import pytest

from services.registration.duplicates.run import look_through
from services.registration.duplicates.tests.labelled import register, truth
from services.registration.views.duplicates import Duplicates
from shared.eventcore.testing.core import AUTHORITY, by, event_core
from shared.events.definition import REGISTRY

PEOPLE = 200_000


@pytest.mark.load
async def test_200_000_people_are_looked_through_in_bounded_time_and_memory(database):
    records = register(PEOPLE)
    async with event_core(database, "registration", REGISTRY) as core:
        await core.set_up_views(Duplicates.view)
        async with core.pool.acquire() as conn:
            await filled(conn, records)
            before, started = psutil.Process().memory_info().rss, time.perf_counter()
            found = await look_through(conn, core.execute, AUTHORITY, date(2026, 5, 1), by())
            took = time.perf_counter() - started
        grown = (psutil.Process().memory_info().rss - before) / 2**20
        pairs = await core.pool.fetch(
            "SELECT payload->'electors'->>0 AS one, payload->'electors'->>1 AS other FROM event"
            " WHERE type LIKE '%duplicate-suspected%'"
        )
    true = {frozenset(map(str, pair)) for pair in truth(records)}
    raised = {frozenset(tuple(pair)) for pair in pairs}
    hits = len(raised & true)
    print(
        f"{len(records):,} entries in {took:.0f} s, {grown:.0f} MB more: {found.raised:,} tasks of {len(true):,} duplicates,"
        f" precision {hits / len(raised):.3f}, recall {hits / len(true):.3f}"
    )
    assert found.raised == len(raised)
    assert hits / len(raised) > 0.9
    assert hits / len(true) > 0.95
    assert took < 300
    assert grown < 200


async def filled(conn, records):
    """The view as it stands when all these are on the register."""
    people = [(record, record.person()) for record in records]
    await conn.copy_records_to_table(
        "likely",
        schema_name="duplicates",
        columns=[
            "authority", "record_id", "kind", "person_id", "property_id", "ended", "name", "born", "sound", "first_sound",
        ],
        records=(
            (
                AUTHORITY, record.key, "elector", record.key, record.home, False,
                orjson.dumps({"first": record.name.first, "middle": record.name.middle, "last": record.name.last}).decode(),
                record.birth, who.sound, who.first_sound,
            )
            for record, who in people
        ),
    )  # fmt: skip
    homes = {record.home: record.postcode.replace(" ", "") for record in records}
    await conn.copy_records_to_table(
        "postcode",
        schema_name="duplicates",
        columns=["authority", "property_id", "postcode"],
        records=((AUTHORITY, home, postcode) for home, postcode in homes.items()),
    )
    await conn.execute("ANALYZE duplicates.likely; ANALYZE duplicates.postcode")
