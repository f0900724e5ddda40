"""Files that cannot be trusted are refused by name, and nothing of them is taken; bad rows are refused one by one."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile

import pytest

from services.registration.exchange.gazetteer.opening import LIMITS
from services.registration.exchange.tests.supplies import HOME, row, supply

FULL = supply(*HOME)


async def nothing_changed(office) -> bool:
    kept = await office.core.pool.fetchval("SELECT count(*) FROM gazetteer_property")
    return not await office.events() and kept == 0


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("supply.csv", FULL + "\r\n" * 40_000_000)
    return packed.getvalue()


async def test_an_upload_of_a_gigabyte_is_refused_before_it_is_read(office):
    async def body():
        raise AssertionError("a byte was asked for")
        yield b""

    answer = await office.client.post("/gazetteer/imports", content=body(), headers={"Content-Length": str(2**30)})
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:moothall:problem:too-large")
    assert str(LIMITS.upload) in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (zip_bomb, "expands-too-far", None),
        (lambda: FULL.replace("MOOTBRIDGE", "PONT Y TŶ").encode("utf-16-le"), "unknown-format", None),
        (lambda: FULL.replace("MOOTBRIDGE", "CAFÉ").encode("cp1252"), "wrong-encoding", 3),
        (lambda: FULL[: FULL.index("99,0")].encode(), "truncated-file", 6),
        (lambda: gzip.compress(FULL.encode())[:-12], "truncated-file", None),
        (lambda: supply(*HOME, count=3).encode(), "record-count-mismatch", 7),
        (lambda: supply(*HOME, following=2).encode(), "missing-volume", None),
        (lambda: b"", "unknown-format", None),
        (lambda: b"name,born\r\nAda,1980\r\n", "unknown-format", None),
        (lambda: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><gml/>', "unknown-format", None),
    ],
    ids=[
        "zip bomb", "wrong encoding", "wrong code page", "truncated", "truncated archive", "wrong count",
        "missing volume", "nothing", "another format", "entities",
    ],
)  # fmt: skip
async def test_a_file_that_cannot_be_trusted_is_refused_by_name_with_nothing_changed(office, content, rule, line):
    report = await office.load(content())
    assert report["state"] == "refused"
    assert report["problem"]["type"] == f"urn:moothall:problem:{rule}"
    assert report["problem"]["line"] == line
    assert report["problem"]["title"]
    assert await nothing_changed(office)


async def test_a_refused_file_can_be_sent_again_with_what_it_lacked(office):
    in_1252 = FULL.replace("MOOTBRIDGE", "CAFÉ").encode("cp1252")
    assert (await office.load(in_1252))["state"] == "refused"
    assert (await office.load(in_1252, encoding="cp1252"))["state"] == "done"
    assert (await office.property(1)).facts.address.town == "Café"


async def test_bad_rows_are_refused_one_by_one_and_the_good_ones_stay(office):
    twice = supply(*HOME, row(21, x_coordinate=5000.0), row(24, uprn=2, lpi_key="L2", pao_start_number="x" * 30))
    report = await office.load(twice)
    assert (report["state"], report["counts"]["added"]) == ("done", 1)
    assert report["refused"] == {"duplicate-uprn": 1, "not-a-number": 1}
    refused = {r["rule"]: r for r in report["refusals"]}
    assert (refused["duplicate-uprn"]["line"], refused["duplicate-uprn"]["first_line"]) == (7, 4)
    assert (refused["duplicate-uprn"]["field"], refused["duplicate-uprn"]["value"]) == ("UPRN", "1")
    assert (refused["not-a-number"]["line"], refused["not-a-number"]["record"]) == (8, 24)
    assert "xxx" not in str(report)
    assert (await office.property(1)).facts.x == 1000.0


async def test_the_refused_rows_can_be_had_as_csv_without_formulas(office):
    report = await office.load(supply(*HOME, row(21, uprn=7, x_coordinate="=1+1")))
    answer = await office.client.get(f"/gazetteer/imports/{report['id']}/refusals.csv")
    heading, *rows = csv.reader(io.StringIO(answer.text))
    assert heading[:7] == ["volume", "line", "record", "field", "value", "rule", "reason"]
    assert [r[:6] for r in rows] == [["1", "7", "21", "X_COORDINATE", "'=1+1", "not-a-coordinate"]]


async def test_boundaries_that_cannot_be_read_are_refused_at_once(office):
    answer = await office.send("/boundaries/ward", b"PK\x03\x04")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:moothall:problem:not-geojson")
    assert await nothing_changed(office)


async def test_imports_are_for_registration_officers_and_hidden_from_others(office):
    run = (await office.load(FULL))["id"]
    for roles in (["canvasser"], ["auditor"]):
        stranger = office.idp.bearer(roles=roles)
        assert (await office.client.post("/gazetteer/imports", content=FULL, headers=stranger)).status_code == 404
        assert (await office.client.get(f"/gazetteer/imports/{run}", headers=stranger)).status_code == 404
    elsewhere = office.idp.bearer(authorities=["E07000041"])
    assert (await office.client.get(f"/gazetteer/imports/{run}", headers=elsewhere)).status_code == 404
    assert (await office.client.get("/gazetteer/imports", headers=elsewhere)).json() == []
