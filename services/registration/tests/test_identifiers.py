"""Personal identifiers: what is recorded, where it is not, and who sees it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import date
from uuid import UUID

import pytest

from services.registration.identifiers.decider import (
    RecordIdentifiers,
    WaiveSignature,
    identifiers,
    identifiers_id,
)
from services.registration.identifiers.tests.test_signature import as_file, drawn
from services.registration.tests.conftest import Desk
from shared.eventcore.testing.core import AUTHORITY
from shared.eventcore.testing.specs import spec
from shared.events.registration import IdentifiersRecorded, SignatureWaived
from shared.events.values import ElectorId, PersonId

ADA, HERSELF, IMAGE = ElectorId(UUID(int=1)), PersonId(UUID(int=2)), UUID(int=3)
TODAY, BORN = date(2026, 4, 21), date(1980, 12, 1)
BEN = {
    "name": {"first": "Ben", "last": "Fern"}, "eligible": True,
    "address": {"street": "3 Sea Road", "town": "Mootham", "postcode": "ZZ1 1AB"},
}  # fmt: skip
PICTURE = b64encode(as_file(drawn())).decode()
GIVEN = {"signature": PICTURE, "signed_on": "2026-04-20", "date_of_birth": "1980-12-01"}
WAIVED = {"reason": "a tremor", "helped_by": "Cat Gorse, 9 Sea Road", "date_of_birth": "1980-12-01"}


def record(**more):
    said = {"signed_on": date(2026, 4, 20), "date_of_birth": BORN} | more
    return RecordIdentifiers(ADA, HERSELF, IMAGE, said.pop("signed_on"), TODAY, said.pop("date_of_birth"), **said)


def test_identifiers_are_recorded_and_the_latest_count():
    first = IdentifiersRecorded(ADA, HERSELF, IMAGE, date(2026, 4, 20), BORN)
    spec(identifiers).when(record()).then(first)
    waived = SignatureWaived(ADA, HERSELF, TODAY, BORN, "a tremor", "Cat Gorse")
    spec(identifiers).given(first).when(WaiveSignature(ADA, HERSELF, TODAY, BORN, "a tremor", "Cat Gorse")).then(waived)
    assert spec(identifiers).given(first, waived).state().latest == waived


def test_nothing_is_recorded_twice_for_one_application():
    once = record(reference="Q-1", source="portal")
    spec(identifiers).given(*spec(identifiers).when(once).events).when(once).nothing_happens()


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (record(date_of_birth=None), "date-of-birth-needed"),
        (record(date_of_birth=date(2026, 5, 1)), "birthday-in-the-future"),
        (record(signed_on=date(2026, 4, 22)), "signed-in-the-future"),
        (WaiveSignature(ADA, HERSELF, TODAY, BORN, " "), "waiver-reason-needed"),
    ],
)
def test_what_cannot_be_is_refused(command, rule):
    spec(identifiers).when(command).refused(rule)


async def an_elector(desk: Desk):
    desk.office.on(TODAY)
    return await desk.office.add(await desk.office.property(1))


async def released(desk: Desk, path: str, purpose="opening 1, poll of 7 May 2026", role="identifier-checker"):
    reason = {"X-Reason": purpose} if purpose else {}
    return await desk.http.get(path, headers=desk.headers("checker", role) | reason)


async def test_a_signature_goes_in_as_a_photograph_and_comes_out_as_the_standard_picture_to_who_checks_votes(
    desk: Desk,
):
    elector, person = await an_elector(desk)
    answer = await desk.post(f"/electors/{elector}/identifiers", GIVEN, "officer", "postal-team")
    assert answer.json()["events"] == ["IdentifiersRecorded"], answer.text
    shown = (await released(desk, f"/electors/{elector}/identifiers")).json()
    assert b64decode(shown["signature"]).startswith(b"\x89PNG")
    assert (shown["date_of_birth"], shown["waived"], shown["person_id"]) == ("1980-12-01", False, str(person))
    await desk.follow()
    (held,) = await desk.office.core.rows("absent_voters.identifiers")
    assert (held["person_id"], held["signed_on"], held["waived"]) == (person, date(2026, 4, 20), False)


async def test_who_grants_the_vote_sees_no_signature_and_each_release_says_what_for_and_is_written_down(desk: Desk):
    elector, _ = await an_elector(desk)
    path = f"/electors/{elector}/identifiers"
    await desk.post(path, GIVEN)
    for role in ("postal-team", "registration-officer", "ero-deputy", "elections-officer"):
        assert (await released(desk, path, role=role)).status_code == 404
    assert (await released(desk, path, purpose="")).json()["type"].endswith("purpose-needed")
    assert (await released(desk, path)).status_code == 200
    (read,) = await desk.office.core.pool.fetch("SELECT * FROM read_log WHERE kind = 'personal identifiers'")
    assert (read["record"], read["purpose"]) == (str(elector), "opening 1, poll of 7 May 2026")


async def test_the_picture_is_in_no_event_and_lies_sealed_and_goes_with_the_person(desk: Desk):
    elector, person = await an_elector(desk)
    path = f"/electors/{elector}/identifiers"
    await desk.post(path, GIVEN)
    png = b64decode((await released(desk, path)).json()["signature"])
    core = desk.office.core
    events = "".join(row["payload"] for row in await core.pool.fetch("SELECT payload FROM event"))
    (kept,) = await core.pool.fetch("SELECT * FROM signature_image")
    for text in (events, kept["sealed"]):
        assert b64encode(png[40:100]).decode()[4:-4] not in text
        assert PICTURE[200:240] not in text
    assert '"1980-12-01"' not in await core.pool.fetchval(
        "SELECT payload FROM event WHERE type LIKE '%identifiers-recorded%'"
    )
    await desk.office.erase(person)
    assert (await released(desk, path)).status_code == 404
    assert (await desk.post(path, GIVEN)).json()["type"].endswith("subject-erased")


async def test_the_same_picture_is_kept_once_and_a_council_sees_its_own_only(desk: Desk):
    elector, _ = await an_elector(desk)
    for _ in range(2):
        assert (await desk.post(f"/electors/{elector}/identifiers", GIVEN)).status_code == 200
    assert [r["authority"] for r in await desk.office.core.pool.fetch("SELECT authority FROM signature_image")] == [
        AUTHORITY
    ]
    stranger = desk.idp.bearer(sub="x", roles=["identifier-checker"], authorities=["E07000041"])
    answer = await desk.http.get(f"/electors/{elector}/identifiers", headers=stranger | {"X-Reason": "opening 1"})
    assert answer.status_code in (404, 409)
    assert "1980" not in answer.text


async def test_a_waiver_shows_no_picture_and_not_its_reason(desk: Desk):
    elector, _ = await an_elector(desk)
    assert (await desk.post(f"/electors/{elector}/identifiers/waiver", WAIVED)).status_code == 200
    answer = await released(desk, f"/electors/{elector}/identifiers")
    assert (answer.json()["waived"], answer.json()["signature"]) == (True, "")
    assert "tremor" not in answer.text


async def test_the_proxys_identifiers_are_the_proxys(desk: Desk):
    elector, _ = await an_elector(desk)
    path = f"/electors/{elector}/proxy/identifiers"
    assert (await desk.post(path, GIVEN)).json()["type"].endswith("no-proxy")
    said = {"kind": "indefinite", "proxy": BEN, "ground": "registered-blind", "consents": True}
    assert (await desk.post(f"/electors/{elector}/proxy", said)).status_code == 200
    answer = await desk.post(path, GIVEN | {"date_of_birth": "1970-01-01"})
    page_id = (await released(desk, path)).json()["person_id"]
    assert answer.json()["stream_id"] == str(identifiers_id(PersonId(UUID(page_id))))
    assert (await released(desk, path)).json()["date_of_birth"] == "1970-01-01"
    assert (await released(desk, f"/electors/{elector}/identifiers")).status_code == 404


@pytest.mark.parametrize(("picture", "rule"), [("AAAA", "signature-not-a-picture"), ("not base64!", "invalid")])
async def test_a_poor_picture_is_refused_and_nothing_is_kept(desk: Desk, picture, rule):
    elector, _ = await an_elector(desk)
    answer = await desk.post(f"/electors/{elector}/identifiers", GIVEN | {"signature": picture})
    assert answer.status_code == 422
    assert rule in answer.text
    assert await desk.office.core.pool.fetchval("SELECT count(*) FROM signature_image") == 0
