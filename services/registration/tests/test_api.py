"""Registration through its API: what officers send, and what they are told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import pytest

from deploy.topology import ROOT
from services.registration.tests.conftest import Desk
from shared.events.values import PersonName

MONDAY = date(2026, 3, 2)
IER = Path(ROOT).parent / "shared" / "data" / "ier"
ANOTHER = "E09000007"


def examples() -> list[tuple[str, dict[str, str]]]:
    found = []
    for file in sorted(IER.glob("*.json")):
        for kind, cases in json.loads(file.read_text()).items():
            found += [(f"{file.stem} {kind} {i}", case["application"]) for i, case in enumerate(cases)]
    return found


FORM = {
    "applicationType": "ordinary", "refNum": "R-1", "gssCode": "E07000999", "fn": "Ada", "ln": "Marsh", "dob": "1980-12-01",
    "nat": "GB", "nino": "XX123456A", "oadr": "none", "opnreg": "false", "regstreet": "10 Gorse Lane",
    "regpostcode": "ZZ1 1AA", "reguprn": "1",
}  # fmt: skip


async def applied(desk: Desk, **changed: str) -> str:
    answer = await desk.post("/applications", {"application": FORM | changed})
    assert answer.status_code == 201, answer.text
    return answer.json()["stream_id"]


async def problem_of(desk: Desk, path: str, body: object) -> str:
    answer = await desk.post(path, body)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()["type"].rsplit(":", 1)[1]


@pytest.mark.skipif(not IER.is_dir(), reason="the reference examples lie beside the project, not in it")
@pytest.mark.parametrize(("form"), [form for _, form in examples()], ids=[name for name, _ in examples()])
async def test_every_ier_example_is_received_and_comes_back_key_for_key(desk: Desk, form: dict[str, str]):
    headers = desk.headers("officer") | desk.idp.bearer(
        sub="officer", authorities=[ANOTHER], roles=["registration-officer"]
    )
    answer = await desk.http.post("/applications", json={"application": form}, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.json()["events"][0] == "ApplicationReceived"
    back = await desk.http.get(f"/applications/{answer.json()['stream_id']}/form", headers=headers)
    assert back.json() == {"application": form}


async def test_an_application_becomes_an_elector_by_its_events_alone(desk: Desk):
    await desk.office.property(1)
    desk.office.on(MONDAY)
    application = await applied(desk)
    assert (await desk.post(f"/applications/{application}/dwp-result", {"verdict": "green"})).status_code == 200
    desk.office.on(date(2026, 3, 10))
    assert (await desk.post(f"/applications/{application}/allowance", {})).status_code == 200
    await desk.follow()
    elector = uuid5(UUID(application), "elector")
    page = (await desk.get(f"/electors/{elector}")).json()
    assert (page["name"], page["number"], page["added_on"]) == ("Ada Marsh", "AB-1", "2026-04-01")


async def test_the_same_form_sent_twice_is_one_application(desk: Desk):
    await desk.office.property(1)
    first, second = await applied(desk), await applied(desk)
    assert first == second
    assert len(await desk.office.core.store.stream(UUID(first), "E07000999")) == 2


async def test_an_officer_enters_a_paper_form(desk: Desk):
    body = {
        "channel": "paper", "reference": "P-7", "name": {"first": "Ada", "last": "Marsh"},
        "address": {"street": "10 Gorse Lane", "postcode": "ZZ1 1AA"}, "date_of_birth": "1980-12-01",
        "nationalities": "GB", "no_nino": "never had one",
    }  # fmt: skip
    answer = await desk.post("/applications/entered", body)
    assert answer.status_code == 201, answer.text
    await desk.follow()
    case = (await desk.get(f"/applications/{answer.json()['stream_id']}")).json()
    assert (case["channel"], case["stage"]) == ("paper", "listed")


async def test_a_form_without_nino_or_reason_is_incomplete_until_it_is_supplied(desk: Desk):
    form = {key: value for key, value in FORM.items() if key != "nino"}
    answer = await desk.post("/applications", {"application": form})
    assert answer.json()["events"] == ["ApplicationReceived", "ApplicationFoundIncomplete"]
    supplied = await desk.post(f"/applications/{answer.json()['stream_id']}/information", {"nino": "XX123456A"})
    assert supplied.json()["events"] == ["MissingInformationReceived", "ApplicationListed"]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"dob": "2027-01-01"}, "birthday-in-the-future"),
        ({"nino": "QQ123456C"}, "nino-impossible"),
        ({"gssCode": "E07000001"}, "meant-for-another-council"),
        ({"applicationType": "holiday"}, "ier-application-type-unknown"),
    ],
)
async def test_bad_input_is_refused_by_name_and_nothing_is_recorded(desk: Desk, changed: dict[str, str], rule: str):
    before = await desk.office.core.pool.fetchval("SELECT count(*) FROM event")
    answer = await desk.post("/applications", {"application": FORM | changed})
    assert answer.status_code == 422
    assert answer.json()["type"] == f"urn:moothall:problem:{rule}"
    assert answer.json()["source"]
    assert not any(value and value in answer.text for key, value in changed.items() if key in {"nino", "dob"})
    assert await desk.office.core.pool.fetchval("SELECT count(*) FROM event") == before


async def test_nothing_is_allowed_before_the_objection_window_closes_and_the_refusal_names_the_day(desk: Desk):
    await desk.office.property(1)
    desk.office.on(MONDAY)
    application = await applied(desk)
    await desk.post(f"/applications/{application}/dwp-result", {"verdict": "green"})
    answer = await desk.post(f"/applications/{application}/allowance", {})
    assert answer.status_code == 409
    assert "10 March 2026" in answer.json()["detail"]


async def test_a_property_in_no_district_is_named_before_anybody_is_allowed_there(desk: Desk):
    await desk.office.property(1, district="")
    application = await applied(desk)
    assert await problem_of(desk, f"/applications/{application}/allowance", {}) == "property-not-allocated"


async def test_only_two_officers_erase_and_only_when_the_entry_has_ended(desk: Desk):
    home = await desk.office.property(1)
    elector, _ = await desk.office.add(home)
    body = {"legal_basis": "UK GDPR article 17(1)(a)"}
    assert (await desk.post(f"/electors/{elector}/erasure", body, "x", "registration-officer")).status_code == 404
    answer = await desk.post(f"/electors/{elector}/erasure", body, "x", "dpo")
    assert answer.json()["type"].endswith("entry-stands")


async def test_a_postal_vote_rests_on_an_entry(desk: Desk):
    assert await problem_of(desk, f"/electors/{uuid4()}/postal-vote", {"kind": "maximum"}) == "not-on-register"


async def test_a_lost_update_is_refused_with_412(desk: Desk):
    home = await desk.office.property(1)
    elector, _ = await desk.office.add(home)
    headers = desk.headers("officer") | {"If-Match": '"9"'}
    answer = await desk.http.post(f"/electors/{elector}/open-register", json={"opted_out": False}, headers=headers)
    assert answer.status_code == 412


async def test_an_elector_is_renumbered_and_no_two_share_a_number(desk: Desk):
    home = await desk.office.property(1)
    first, _ = await desk.office.add(home, 1)
    second, _ = await desk.office.add(home, 2, name=PersonName("Bea", "Fern"))
    body = {"district": "AB", "number": 7, "numbered_in": "2026-12-01", "effective_on": "2026-12-01"}
    assert (await desk.post(f"/electors/{first}/number", body)).json()["events"] == ["ElectorRenumbered"]
    assert await problem_of(desk, f"/electors/{second}/number", body) == "elector-number-taken"
    await desk.follow()
    lines = (await desk.get("/register?effective=2026-12-01")).json()["items"]
    assert {line["name"]: line["number"] for line in lines}["Bea Fern"] == "AB-2"
    assert "AB-7" in {line["number"] for line in lines}
