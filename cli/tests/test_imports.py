"""`moot import gazetteer|boundaries` against the registration API on a socket."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.tests.conftest import moot
from deploy.local.process import free_port
from services.registration.exchange.tests.supplies import HOME, row, supply
from services.registration.imports.tests.conftest import migrated, registration_database  # noqa: F401
from services.registration.imports.tests.office import ADDRESSING, BOUNDARIES, DATA, Office, opened
from shared.service import logs
from shared.service.tests.provider import serving


@pytest.fixture
async def office(registration_database: str, tmp_path: Path, monkeypatch) -> AsyncIterator[Office]:  # noqa: F811
    logs.configure("info", stream=io.StringIO())  # the API's lines, not the command's
    async with opened(registration_database, tmp_path) as it, serving(it.app) as address:
        monkeypatch.setenv("MOOT_PORT_BASE", str(int(address.rpartition(":")[2]) - 1))
        monkeypatch.setenv("MOOT_TOKEN", it.idp.token())
        yield it


@pytest.mark.skipif(not DATA.is_dir(), reason="the reference data is not beside the project")
async def test_a_gazetteer_and_its_wards_are_brought_in_by_two_commands(office: Office):
    told = await moot("import", "gazetteer", ADDRESSING / "os-abp-exeter-extract.gml.xml", "--json")
    assert (told.code, told.data["state"], told.data["counts"]["added"]) == (0, "done", 21)
    told = await moot("import", "boundaries", BOUNDARIES / "exeter-wards-2013.geojson", "--kind", "ward")
    assert told.code == 0
    assert "allocated" in told.out
    assert "21" in told.out


async def test_refused_rows_are_listed_with_line_field_and_rule(office: Office, tmp_path: Path):
    (tmp_path / "supply.csv").write_text(supply(*HOME, row(21, x_coordinate=5000.0)))
    told = await moot("import", "gazetteer", tmp_path / "supply.csv")
    assert told.code == 0
    (line,) = [line for line in told.out.splitlines() if "duplicate-uprn" in line]
    assert "7" in line
    assert "UPRN" in line


async def test_a_refused_file_is_told_in_a_sentence_and_the_exit_code_is_1(office: Office, tmp_path: Path):
    (tmp_path / "supply.csv").write_text(supply(*HOME, following=2))
    told = await moot("import", "gazetteer", tmp_path / "supply.csv")
    assert told.code == 1
    assert "missing-volume: A volume of this supply is missing." in told.err
    assert not await office.events()


async def test_the_volumes_of_a_supply_are_sent_together(office: Office, tmp_path: Path):
    (tmp_path / "1.csv").write_text(supply(row(11), row(15), row(21), volume=1, following=2))
    (tmp_path / "2.csv").write_text(supply(row(24), row(32), volume=2, following=0))
    told = await moot("import", "gazetteer", tmp_path / "1.csv", tmp_path / "2.csv", "--json")
    assert (told.code, told.data["counts"]["added"]) == (0, 1)


async def test_boundaries_that_are_refused_are_told_as_data_too(office: Office, tmp_path: Path):
    (tmp_path / "wards.geojson").write_text(json.dumps({"type": "Feature"}))
    told = await moot("import", "boundaries", tmp_path / "wards.geojson", "--kind", "ward", "--json")
    assert (told.code, told.data["state"]) == (1, "refused")
    assert told.data["problem"]["type"] == "urn:moothall:problem:not-geojson"


async def test_a_system_that_does_not_run_is_told_in_a_sentence(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("MOOT_PORT_BASE", str(free_port()))
    (tmp_path / "supply.csv").write_text(supply(*HOME))
    told = await moot("import", "gazetteer", tmp_path / "supply.csv")
    assert told.code == 1
    assert "start the system with ./moot up" in told.err
