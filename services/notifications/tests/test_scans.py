"""Scans of what people wrote: kept once, sealed, given back as they were, gone with the person."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from services.notifications.enquiries.decider import KeepScan, enquiries
from services.notifications.enquiries.scans import LARGEST, Scans, recognised
from services.notifications.tests.office import Desk
from services.notifications.tests.test_enquiries import ID, LOGGED
from shared.eventcore.sealing import Tampered
from shared.eventcore.testing.core import AUTHORITY
from shared.eventcore.testing.specs import spec
from shared.events.notifications import EnquiryScanKept
from shared.service.tests.provider import OTHER_COUNCIL

SCANS = Path(__file__).parent.parent / "migrations" / "scans.sql"
PDF = b"%PDF-1.7\nDear council, I am Ada Marsh of Gorse Lane.\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
HASH, OTHER = sha256(PDF).hexdigest(), sha256(PNG).hexdigest()
LETTER = {
    "channel": "letter", "received_on": "2026-06-08", "enquirer": "A Sample", "summary": "A letter about a hedge.",
}  # fmt: skip
KEPT = EnquiryScanKept(ID, HASH, "application/pdf", len(PDF))


def test_a_scan_is_kept_once():
    spec(enquiries).given(LOGGED).when(KeepScan(HASH, "application/pdf", len(PDF))).then(KEPT)
    spec(enquiries).given(LOGGED, KEPT).when(KeepScan(HASH, "application/pdf", len(PDF))).then()


def test_another_scan_does_not_take_its_place():
    spec(enquiries).given(LOGGED, KEPT).when(KeepScan(OTHER, "image/png", 108)).refused("scan-differs")


def test_nothing_is_kept_of_an_enquiry_that_was_not_logged():
    spec(enquiries).given().when(KeepScan(HASH, "application/pdf", 1)).refused("unknown-enquiry")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"), (PNG, "image/png"), (b"\xff\xd8\xff\xe0..JFIF", "image/jpeg"), (b"II*\x00....", "image/tiff"),
        (b"MM\x00*....", "image/tiff"), (b"<html>", None), (b"MZ\x90\x00", None), (b"", None), (b"text %PDF-", None),
    ],
)  # fmt: skip
def test_a_file_is_what_its_first_bytes_say(content: bytes, kind: str | None):
    assert recognised(content) == kind


@pytest.fixture
async def registry(desk: Desk) -> Desk:
    await desk.core.pool.execute(SCANS.read_text("utf-8"))
    desk.on(date(2026, 6, 8))
    return desk


async def logged(desk: Desk, **more: str) -> str:
    return f"/enquiries/{(await desk.done('/enquiries', LETTER | more))['stream_id']}"


async def send(desk: Desk, enquiry: str, content: bytes, **headers: str) -> httpx.Response:
    said = desk.headers() | {"Content-Type": "application/pdf"} | headers
    answer = await desk.client.post(f"{enquiry}/scan", content=content, headers=said)
    await desk.follow()
    return answer


async def fetch(desk: Desk, enquiry: str, *roles: str) -> httpx.Response:
    return await desk.client.get(f"{enquiry}/scan", headers=desk.headers(*roles))


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["type"]).rpartition(":")[2]


async def test_a_scan_comes_back_as_it_was_sent_and_the_enquiry_names_it(registry: Desk):
    enquiry = await logged(registry)
    assert (await send(registry, enquiry, PDF, **{"X-Sha256": HASH})).status_code == 201
    back = await fetch(registry, enquiry)
    assert (back.content, back.headers["content-type"]) == (PDF, "application/pdf")
    assert back.headers["content-disposition"] == f'attachment; filename="{HASH[:16]}.pdf"'
    assert (await registry.get(enquiry))["scan_sha256"] == HASH
    await registry.rebuilt_views_are_equal()


async def test_no_byte_of_it_lies_in_the_clear(registry: Desk):
    await send(registry, await logged(registry), PDF)
    (row,) = await registry.core.pool.fetch("SELECT * FROM scan")
    assert b"Marsh" not in row["sealed"]
    assert b"PDF" not in row["sealed"]
    assert row["sha256"] == HASH


async def test_the_same_scan_sent_again_is_one(registry: Desk):
    enquiry = await logged(registry)
    for _ in range(2):
        assert (await send(registry, enquiry, PDF)).status_code == 201
    assert await registry.core.pool.fetchval("SELECT count(*) FROM scan") == 1


async def test_a_scan_is_erased_with_the_person(registry: Desk):
    person = uuid4()
    enquiry = await logged(registry, enquirer_id=str(person))
    await send(registry, enquiry, PDF)
    await registry.erase(person)
    assert problem(await fetch(registry, enquiry)) == (410, "person-erased")


async def test_nothing_more_is_kept_of_an_erased_person(registry: Desk):
    person = uuid4()
    enquiry = await logged(registry, enquirer_id=str(person))
    await registry.erase(person)
    assert problem(await send(registry, enquiry, PDF)) == (410, "person-erased")
    assert await registry.core.pool.fetchval("SELECT count(*) FROM scan") == 0


async def test_a_file_of_another_kind_is_refused_whatever_it_is_called(registry: Desk):
    enquiry = await logged(registry)
    assert problem(await send(registry, enquiry, b"<script>")) == (422, "scan-type-unknown")


async def test_a_file_that_changed_on_its_way_is_refused(registry: Desk):
    enquiry = await logged(registry)
    assert problem(await send(registry, enquiry, PDF, **{"X-Sha256": OTHER})) == (422, "invalid-request")


async def test_another_file_than_the_one_logged_is_refused_and_not_kept(registry: Desk):
    enquiry = await logged(registry, scan_sha256=OTHER)
    assert problem(await send(registry, enquiry, PDF)) == (409, "scan-differs")
    assert await registry.core.pool.fetchval("SELECT count(*) FROM scan") == 0


async def test_a_file_that_is_too_large_is_refused(registry: Desk):
    enquiry = await logged(registry)
    assert problem(await send(registry, enquiry, PDF + bytes(LARGEST))) == (413, "too-large")


async def test_an_enquiry_of_nobody_has_no_scan(registry: Desk):
    nobody = f"/enquiries/{UUID(int=99)}"
    assert problem(await send(registry, nobody, PDF)) == (409, "unknown-enquiry")
    assert (await fetch(registry, nobody)).status_code == 404
    assert (await fetch(registry, await logged(registry))).status_code == 404


async def test_another_council_and_another_role_see_no_scan(registry: Desk):
    enquiry = await logged(registry)
    await send(registry, enquiry, PDF)
    assert (await fetch(registry, enquiry, "dem-services")).status_code == 404
    there = registry.idp.bearer(roles=["correspondence"], authorities=[OTHER_COUNCIL])
    assert (await registry.client.get(f"{enquiry}/scan", headers=there)).status_code == 404


async def test_who_looked_at_a_scan_is_on_record(registry: Desk):
    enquiry = await logged(registry)
    await send(registry, enquiry, PDF)
    await fetch(registry, enquiry)
    reads = await registry.get(f"/reads?record={enquiry.rpartition('/')[2]}", "dpo")
    assert [read["kind"] for read in reads] == ["scan"]


async def test_a_scan_that_was_changed_in_the_database_is_not_given_out(registry: Desk):
    person = uuid4()
    enquiry = await logged(registry, enquirer_id=str(person))
    await send(registry, enquiry, PDF)
    await registry.core.pool.execute("UPDATE scan SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)")
    kept = Scans(registry.core.pool, registry.core.keys)
    with pytest.raises(Tampered):
        await kept.find(UUID(enquiry.rpartition("/")[2]), person, HASH, AUTHORITY)
