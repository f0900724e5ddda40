"""Published files, through the API, into a real database."""

from __future__ import annotations

import csv

import pytest

from services.registration.imports.decider import supplies, supply_id
from services.registration.imports.tests.office import ADDRESSING, BOUNDARIES, DATA
from services.registration.properties.decider import Known
from shared.eventcore.testing.core import AUTHORITY
from shared.events.registration import GazetteerLoaded

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the reference data is not beside the project")
EXETER = ADDRESSING / "os-abp-exeter-extract.gml.xml"


def expected() -> dict[int, dict[str, str]]:
    with (ADDRESSING / "exeter-expected-property.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["uprn"]): row for row in csv.DictReader(file)}


async def test_the_exeter_extract_becomes_exactly_the_expected_properties(office):
    report = await office.load(EXETER)
    assert (report["state"], report["refused"]) == ("done", {})
    assert report["counts"]["added"] == len(expected()) == 21
    for uprn, row in expected().items():
        known = await office.property(uprn)
        assert isinstance(known, Known)
        assert (known.facts.class_code, known.facts.x, known.facts.y) == (
            row["class"],
            float(row["x"]),
            float(row["y"]),
        )
    assert (await office.property(100040205681)).facts.address.street.startswith("162A ")


async def test_every_exeter_address_is_allocated_to_its_ward_by_the_boundaries(office):
    await office.load(EXETER)
    report = await office.use("ward", BOUNDARIES / "exeter-wards-2013.geojson")
    assert (report["state"], report["counts"]) == ("done", {"allocated": 21})
    for uprn, row in expected().items():
        allocation = (await office.property(uprn)).allocation
        assert (allocation.areas.ward, allocation.method) == (row["ward_code"], "boundary")
        assert allocation.boundary_version.startswith("ward ")


async def test_boundaries_loaded_first_place_properties_as_they_come_in(office):
    await office.use("ward", BOUNDARIES / "exeter-wards-2013.geojson")
    report = await office.load(EXETER)
    assert report["counts"]["allocated"] == 21
    assert (await office.property(100040239485)).allocation.method == "boundary"


async def test_without_boundaries_the_gazetteers_own_wards_are_used_and_say_so(office):
    await office.load(EXETER)
    for uprn, row in expected().items():
        allocation = (await office.property(uprn)).allocation
        assert (allocation.areas.ward, allocation.method) == (row["ward_code"], "gazetteer")


async def test_the_same_boundaries_again_change_nothing(office):
    await office.load(EXETER)
    await office.use("ward", BOUNDARIES / "exeter-wards-2013.geojson")
    before = await office.events()
    await office.use("ward", BOUNDARIES / "exeter-wards-2013.geojson")
    assert await office.events() == before


async def test_a_sample_cut_from_a_larger_file_must_be_declared_an_extract(office):
    refused = await office.load(ADDRESSING / "abp-v1-sample-dundee.csv")
    assert refused["state"] == "refused"
    assert not await office.events()
    report = await office.load(ADDRESSING / "abp-v1-sample-dundee.csv", extract=True)
    assert (report["state"], report["counts"]["added"]) == ("done", 1)
    assert report["refused"] == {"no-property": 2}
    assert report["refusals"][0] | {"reason": ""} == {
        "volume": 1, "line": 5, "record": 28, "field": "UPRN", "value": report["refusals"][0]["value"],
        "rule": "no-property", "reason": "", "first_line": None,
    }  # fmt: skip


async def test_dtf_insert_update_and_delete_are_kept_in_the_working_copy(office):
    for name in ("insert", "update", "delete"):
        report = await office.load(ADDRESSING / f"dtf73-{name}.csv")
        assert report["state"] == "done", report
    rows = await office.core.pool.fetch("SELECT usrn, street::text FROM gazetteer_street ORDER BY usrn")
    assert [row["usrn"] for row in rows] == [20900161, 20900163]
    assert "666666" in rows[0]["street"]


async def test_a_loaded_file_is_a_fact_with_its_counts(office):
    report = await office.load(EXETER)
    state = await office.core.execute.state(supplies, supply_id(AUTHORITY, report["file_sha256"]), AUTHORITY)
    assert isinstance(state.state, GazetteerLoaded)
    assert (state.state.source, state.state.version) == ("addressbase-premium-gml", "abp-gml")
    assert state.state.counts["added"] == 21
