"""Inspections and disclosures are logged, supervised and under a power, or not at all."""

from __future__ import annotations

from uuid import uuid4

from services.registration.tests.conftest import Desk

INSPECTION = {
    "place": "Town Hall, room 2", "began_at": "2026-05-05T09:00:00Z", "ended_at": "2026-05-05T09:40:00Z",
    "supervised_by": "R Officer", "inspector": "A Sample",
}  # fmt: skip
DISCLOSURE = {
    "elector_ids": [str(uuid4())], "organisation": "Mootshire Constabulary", "power": "RPR 2001 r.109",
    "purpose": "preventing and detecting crime", "what": ["address"],
}  # fmt: skip


async def test_an_inspection_is_logged_with_who_supervised_it(desk: Desk):
    assert (await desk.post("/inspections", INSPECTION)).status_code == 200
    await desk.follow()
    (line,) = (await desk.get("/inspections", "dpo", "dpo")).json()
    assert (line["inspector"], line["supervised_by"], line["document"]) == ("A Sample", "R Officer", "full-register")


async def test_the_register_is_not_inspected_without_supervision_or_backwards_in_time(desk: Desk):
    answer = await desk.post("/inspections", {**INSPECTION, "supervised_by": " "})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:moothall:problem:inspection-not-supervised")
    answer = await desk.post("/inspections", {**INSPECTION, "ended_at": INSPECTION["began_at"]})
    assert answer.json()["type"] == "urn:moothall:problem:inspection-ends-before-it-begins"


async def test_what_was_told_of_an_elector_is_found_by_the_entry(desk: Desk):
    assert (await desk.post("/disclosures", DISCLOSURE)).status_code == 200
    assert (await desk.post("/disclosures", {**DISCLOSURE, "elector_ids": [str(uuid4())]})).status_code == 200
    await desk.follow()
    [elector] = DISCLOSURE["elector_ids"]
    (line,) = (await desk.get(f"/disclosures?elector={elector}", "auditor", "auditor")).json()
    assert (line["organisation"], line["power"]) == ("Mootshire Constabulary", "RPR 2001 r.109")
    assert len((await desk.get("/disclosures")).json()) == 2


async def test_nothing_is_disclosed_without_a_power(desk: Desk):
    answer = await desk.post("/disclosures", {**DISCLOSURE, "power": ""})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:moothall:problem:disclosure-needs-a-power")
    assert (await desk.get("/disclosures", "x", "finance-clerk")).status_code == 404
