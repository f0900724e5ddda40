"""What a second file does: changes and deletions with their history, the same again, and a run that was killed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.registration.exchange.tests.supplies import HOME, changes, row, supply
from services.registration.imports import gazetteer
from services.registration.properties.decider import Known, RecordFacts, Retired, properties
from shared.eventcore.testing.core import AUTHORITY, by
from shared.events.registration import (
    GazetteerLoaded,
    PropertyAdded,
    PropertyAllocated,
    PropertyChanged,
    PropertyReinstated,
    PropertyRetired,
)
from shared.events.values import Authority, Uprn, property_id

FULL = supply(*HOME, row(23))
RENUMBERED = changes(row(24, "U", pao_start_number=4))
DELETED = changes(row(21, "D"), row(24, "D"), row(23, "D"), row(32, "D"))


def council(count: int) -> str:
    """A full supply of homes along one street."""
    homes = (
        row(21, uprn=n) + row(24, uprn=n, lpi_key=f"L{n}", pao_start_number=n) + row(32, uprn=n, class_key=f"C{n}")
        for n in range(1, count + 1)
    )
    return supply(row(11), row(15), *homes, count=2 + 3 * count)


def kinds(events):
    return [type(event) for event in events]


async def test_an_update_keeps_the_old_address_in_the_propertys_history(office):
    await office.load(FULL)
    report = await office.load(RENUMBERED)
    assert report["counts"] == {"changed": 1, "allocated": 1, "unchanged": 0}
    added, allocated, changed = await office.history(1)
    assert (added.facts.address.street, changed.facts.address.street) == ("2 High Street", "4 High Street")
    assert (changed.source, changed.change_type) == ("addressbase-premium-csv", "U")
    assert allocated.areas.ward == "E05999001"


async def test_a_deletion_retires_the_property_and_leaves_its_history(office):
    await office.load(FULL)
    await office.load(RENUMBERED)
    report = await office.load(DELETED)
    assert (report["state"], report["counts"], report["refused"]) == ("done", {"retired": 1, "unchanged": 0}, {})
    assert kinds(await office.history(1)) == [PropertyAdded, PropertyAllocated, PropertyChanged, PropertyRetired]
    assert isinstance(await office.property(1), Retired)


async def test_a_property_that_comes_back_is_reinstated(office):
    await office.load(FULL)
    await office.load(DELETED)
    report = await office.load(supply(*HOME, row(23), row(31)))
    assert report["counts"]["reinstated"] == 1
    assert kinds(await office.history(1))[-1] is PropertyReinstated


async def test_a_streets_new_name_reaches_the_properties_on_it(office):
    await office.load(FULL)
    await office.load(changes(row(15, "U", street_description="LOW STREET")))
    assert (await office.property(1)).facts.address.street == "2 Low Street"


async def test_the_same_file_twice_is_one_import_with_one_result(office):
    first = await office.load(FULL)
    before = await office.events()
    again = await office.send("/gazetteer/imports", FULL)
    assert (again.status_code, again.json()["id"], again.json()["counts"]) == (200, first["id"], first["counts"])
    assert await office.events() == before


async def test_a_later_supply_of_the_same_facts_gives_no_event_but_its_own(office):
    await office.load(FULL)
    before = await office.events()
    report = await office.load(supply(*HOME, row(23)).replace("2026-11-22", "2026-11-29"))
    assert report["counts"] == {"unchanged": 1}
    assert await office.events() - before == {"gazetteer-loaded": 1}


async def test_what_an_officer_corrected_stands_until_the_gazetteer_says_something_new(office):
    await office.load(FULL)
    known = await office.property(1)
    corrected = replace(known.facts, class_code="RD03")
    identity = property_id(Authority(AUTHORITY), Uprn(1))
    await office.core.execute(properties, identity, RecordFacts(identity, corrected), by=by())
    await office.load(supply(*HOME, row(23)).replace("2026-11-22", "2026-11-29"))
    assert (await office.property(1)).facts.class_code == "RD03"
    await office.load(changes(row(32, "U", classification_code="RD02")))
    assert (await office.property(1)).facts.class_code == "RD02"


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(gazetteer, "BATCH", 20)


async def interrupted_after(office, count: int, event: str, content: str) -> str:
    """Send a file and stop the process's jobs when so many of these events have been recorded; the run's id."""
    answer = await office.send("/gazetteer/imports", content)
    await office.until(event, count)
    await office.jobs.stop()
    return answer.json()["id"]


async def test_an_interrupted_import_is_finished_by_sending_the_file_again(office, small_batches):
    run = await interrupted_after(office, 40, "property-added", council(400))
    report = await office.report(run)
    assert report["state"] == "interrupted"
    recorded = (await office.events())["property-added"]
    assert 40 <= recorded < 400
    assert await office.core.pool.fetchval("SELECT count(*) FROM gazetteer_property") == 0

    finished = await office.load(council(400))
    assert (finished["id"], finished["state"]) == (run, "done")
    assert finished["counts"]["added"] == 400
    assert await office.events() == {"property-added": 400, "gazetteer-loaded": 1}
    assert await office.core.pool.fetchval("SELECT count(*) FROM gazetteer_property") == 400


async def test_an_interrupted_deletion_is_finished_without_false_refusals(office, small_batches):
    await office.load(council(200))
    deleted = changes(
        *(
            row(21, "D", uprn=n) + row(24, "D", uprn=n, lpi_key=f"L{n}") + row(32, "D", uprn=n, class_key=f"C{n}")
            for n in range(1, 201)
        )
    ).replace("99,0,200", "99,0,600")
    run = await interrupted_after(office, 20, "property-retired", deleted)
    finished = await office.load(deleted)
    assert (finished["id"], finished["state"], finished["refused"]) == (run, "done", {})
    assert finished["counts"]["retired"] == (await office.events())["property-retired"] == 200


async def test_a_run_that_lacks_only_its_own_event_is_finished_by_it(office):
    report = await office.load(FULL)
    before = await office.events()
    # As it stands when the process dies after the working copy was committed; the event comes as a repeat.
    await office.core.pool.execute("UPDATE import_run SET state = 'applied', ended_at = NULL")
    assert (await office.report(report["id"]))["state"] == "interrupted"
    again = await office.load(FULL)
    assert (again["state"], again["counts"], await office.events()) == ("done", report["counts"], before)


async def test_imports_of_one_council_run_one_after_another(office, small_batches):
    await office.send("/gazetteer/imports", council(300))
    answer = await office.send("/gazetteer/imports", FULL)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:moothall:problem:import-under-way")
    await office.jobs.idle()
    assert (await office.load(FULL))["state"] == "done"


async def test_volumes_of_one_supply_come_as_parts_of_a_form_in_any_order(office):
    first = supply(row(11), row(15), row(21), volume=1, following=2)
    second = supply(row(24), row(32), volume=2, following=0)
    parts = [("volume", ("b.csv", second.encode())), ("volume", ("a.csv", first.encode()))]
    answer = await office.client.post("/gazetteer/imports", files=parts)
    await office.jobs.idle()
    assert (await office.report(answer.json()["id"]))["counts"]["added"] == 1
    assert (await office.client.post("/gazetteer/imports", files=parts[::-1])).status_code == 200


async def test_a_loaded_supply_is_recorded_with_the_date_that_it_was_made(office):
    await office.load(FULL)
    (loaded,) = [e for e in await _loaded(office)]
    assert isinstance(loaded, GazetteerLoaded)
    assert (loaded.volume, loaded.process_date.isoformat(), loaded.counts["added"]) == (1, "2026-11-22", 1)


async def _loaded(office):
    stored = await office.core.store.read(after=0)
    async with office.core.pool.acquire() as conn:
        opened = await office.core.opener.open(conn, stored)
    return [e.data for e in opened if isinstance(e.data, GazetteerLoaded)]


async def test_a_property_is_what_its_events_say_and_not_the_working_copy(office):
    await office.load(FULL)
    await office.core.pool.execute("DELETE FROM gazetteer_property")
    before = await office.events()
    report = await office.load(supply(*HOME, row(23)).replace("2026-11-22", "2026-11-29"))
    assert report["counts"]["unchanged"] == 1
    assert await office.events() - before == {"gazetteer-loaded": 1}
    assert isinstance(await office.property(1), Known)
