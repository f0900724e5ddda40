"""The data step at the size of a large council: in minutes, in bounded memory, and taken up again where it was broken off."""

from __future__ import annotations

import asyncio
import resource
import time

import pytest

from services.registration.canvass.routing import BATCH
from services.registration.canvass.tests.office import YEAR
from services.registration.canvass.years.api import of_year
from shared.eventcore.testing.core import AUTHORITY

PROPERTIES, ELECTORS, MATCHED = 110_000, 200_000, 0.8
MINUTES, BOUND = 10, 512 * 2**20
_HOMES = """
    INSERT INTO properties.property (authority, property_id, class_code, address, line, walk, postcode, electoral, because,
                                     source, judged, retired, ended)
    SELECT $1, md5('home' || n)::uuid, 'RD04', '{}', n || ' Long Road', lpad(n::text, 12, '0'), 'ZZ1 1AA', true, '', 'officer',
           false, false, '' FROM generate_series(1, $2) n
"""
_PEOPLE = """
    INSERT INTO electors.elector (authority, elector_id, person_id, property_id, number, added_on, notice, opted_out, anonymous,
                                  review, ground, name, franchise)
    SELECT $1, md5('elector' || n)::uuid, md5('person' || n)::uuid, md5('home' || 1 + n % $2)::uuid, 'AB-' || n, '2020-12-01',
           'monthly', true, false, '', '', 'Elector ' || n, '{"category": "ordinary", "date_of_birth": "1980-12-01"}'
    FROM generate_series(1, $3) n
"""
_RESULTS = """
    INSERT INTO canvass_match SELECT $1, $2, elector_id, 'national', hashtext(elector_id::text) % 100 < $3
    FROM electors.elector
"""


@pytest.mark.load
async def test_200_000_electors_of_110_000_properties_get_their_routes_in_minutes_and_bounded_memory(canvassers):
    await canvassers.started()
    pool = canvassers.office.core.pool
    await pool.execute(_HOMES, AUTHORITY, PROPERTIES)
    await pool.execute(_PEOPLE, AUTHORITY, PROPERTIES, ELECTORS)
    await pool.execute(_RESULTS, AUTHORITY, of_year(AUTHORITY, YEAR), int(MATCHED * 100))
    await pool.execute("ANALYZE")
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    await canvassers.said(f"/canvasses/{YEAR}/routes", None)
    await reached(canvassers, PROPERTIES // 4)
    await canvassers.app.state.imports.stop()  # the process goes away, as in a deploy
    broken_off = (await canvassers.get(f"/canvasses/{YEAR}/routes")).json()
    assert broken_off["state"] == "interrupted"

    await canvassers.said(f"/canvasses/{YEAR}/routes", None)
    await canvassers.app.state.imports.idle()
    report = (await canvassers.get(f"/canvasses/{YEAR}/routes")).json()
    seconds = time.monotonic() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print({"seconds": round(seconds, 1), "megabytes": grown >> 20, "counts": report["counts"]})

    assert (report["state"], report["done"]) == ("done", PROPERTIES)
    assert (report["counts"]["properties"], report["counts"]["electors"]) == (PROPERTIES, ELECTORS)
    assert report["counts"]["recorded"] < PROPERTIES - PROPERTIES // 4 + BATCH
    routes = await pool.fetchval("SELECT count(*) FROM event WHERE type LIKE '%canvass-route-assigned%'")
    assert routes == PROPERTIES
    assert seconds < MINUTES * 60
    assert grown < BOUND


async def reached(canvassers, properties):
    while (await canvassers.get(f"/canvasses/{YEAR}/routes")).json()["done"] < properties:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
