"""Copies of the register at the API, on a real store: from the request to the file, its release, and its proof."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.registration.electors.commands import AmendElector, ChangeOpenRegisterPreference, RemoveElector
from services.registration.properties.decider import AllocateProperty, properties
from services.registration.supply.commands import RecordPayment
from services.registration.supply.decider import supplies
from services.registration.tests.conftest import Desk
from shared.eventcore.execute import subject_stream
from shared.eventcore.testing.core import AUTHORITY
from shared.events.values import (
    Authority,
    ElectoralAreas,
    EvidenceSource,
    FranchiseFacts,
    PersonName,
    PollingDistrict,
    Uprn,
    Ward,
    property_id,
)

MAY = date(2026, 5, 1)
"""A day on which a monthly notice is due."""
BORN = date(1980, 12, 1)
COUNCILLOR = {
    "applicant": "Cllr A Sample", "recipient": "elected-representative", "document": "full-register",
    "purpose": "electoral purposes", "in_writing": True, "areas": ["AB"],
}  # fmt: skip
PARTY = {
    "applicant": "B Sample", "organisation": "Example Party", "recipient": "registered-party", "document": "full-register",
    "purpose": "electoral purposes", "in_writing": True, "layout": "xpress-full",
}  # fmt: skip
BUSINESS = {
    "applicant": "C Sample",
    "organisation": "Example Lists Ltd",
    "recipient": "anyone",
    "document": "open-register",
}


async def town(desk: Desk) -> None:
    """Two districts; an elector of each kind that a copy must tell apart."""
    ab, cd = await desk.office.property(1, "AB"), await desk.office.property(2, "CD", street="Far Row")
    await desk.office.add(ab, 1, name=PersonName("Open", "Oak"), opted_out=False)
    await desk.office.add(ab, 2, name=PersonName("Shut", "Shaw"), opted_out=True)
    await desk.office.add(ab, 3, name=PersonName("Hidden", "Heath"), anonymous=True)
    overseas = FranchiseFacts(date_of_birth=BORN, nationalities=("GB",), category="overseas")
    await desk.office.add(ab, 4, name=PersonName("Away", "Ash"), franchise=overseas, opted_out=False)
    await desk.office.add(cd, 1, "CD", name=PersonName("Far", "Fir"), opted_out=False)
    desk.office.on(date(2026, 4, 10))
    await desk.follow()


async def requested(desk: Desk, body: dict[str, Any], **more: object) -> dict[str, Any]:
    answer = await desk.post("/supplies", {**body, **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def made(desk: Desk, supply: str, user: str = "first") -> None:
    answer = await desk.post(f"/supplies/{supply}/file", None, user)
    assert answer.status_code == 200, answer.text


async def released(desk: Desk, body: dict[str, Any], **more: object) -> str:
    supply: str = (await requested(desk, body, **more))["supply_id"]
    await made(desk, supply)
    answer = await desk.post(f"/supplies/{supply}/release", None, "second")
    assert answer.status_code == 200, answer.text
    await desk.follow()
    return supply


async def rows(desk: Desk, supply: str) -> list[dict[str, str]]:
    answer = await desk.get(f"/supplies/{supply}/file")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


async def refused(desk: Desk, rule: str, body: dict[str, Any], **more: object) -> dict[str, Any]:
    answer = await desk.post("/supplies", {**body, **more})
    assert answer.json()["type"] == f"urn:moothall:problem:{rule}", answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_edge_case_37_a_councillor_is_supplied_with_later_notices_and_a_candidate_is_not(desk: Desk):
    await town(desk)
    said = await refused(desk, "no-later-notices", COUNCILLOR, recipient="candidate", later_notices=True)
    assert "r.108" in said["detail"]
    supply = await released(desk, COUNCILLOR, later_notices=True)
    assert [r["Surname"] for r in await rows(desk, supply)] == ["Oak", "Shaw", "Ash", ""]
    line = (await desk.get(f"/supplies/{supply}")).json()
    assert (line["regulation"], line["entries"], line["later_notices"]) == ("RPR 2001 r.103", 4, True)
    assert line["fee"] is None
    assert "offence" in line["statement"][1]


async def test_edge_case_37_a_business_that_asks_for_the_full_register_is_offered_the_open_one(desk: Desk):
    await town(desk)
    said = await refused(desk, "open-register-only", BUSINESS, document="full-register")
    assert said["next"].startswith("Offer the open register")
    entitled = await requested(desk, BUSINESS)
    await desk.follow()
    line = (await desk.get(f"/supplies/{entitled['supply_id']}")).json()
    assert (entitled["fee"], line["fee"]) == (2000 + 150, 2000 + 150)


async def test_edge_case_36_a_copy_of_the_registers_of_two_constituencies_has_two_flat_fees(desk: Desk):
    await town(desk)
    for uprn, district, constituency in ((1, "AB", "E14999001"), (2, "CD", "E14999002")):
        home = property_id(Authority(AUTHORITY), Uprn(uprn))
        areas = ElectoralAreas(PollingDistrict(district), Ward("E05999001"), constituency=constituency)
        await desk.office.do(properties, home, AllocateProperty(home, areas, "boundary", date(2026, 4, 1)))
    await desk.follow()
    assert (await requested(desk, BUSINESS))["fee"] == 2 * (2000 + 150)
    assert (await requested(desk, BUSINESS, form="print"))["fee"] == 2 * (1000 + 500)


async def test_edge_case_38_a_marked_register_needs_a_reason_why_the_unmarked_one_is_insufficient(desk: Desk):
    await town(desk)
    marked = {**PARTY, "document": "marked-register", "poll": "2026-05-07"}
    desk.office.on(date(2026, 5, 8))
    await refused(desk, "why-unmarked-insufficient", marked)
    entitled = await requested(desk, marked, why_marked="To thank those who voted.")
    assert entitled["fee"] == 1000 + 100
    answer = await desk.post(f"/supplies/{entitled['supply_id']}/file", None)
    assert answer.json()["type"] == "urn:moothall:problem:made-with-the-poll"


async def test_the_open_register_is_made_when_it_is_paid_and_holds_nobody_who_opted_out_or_is_anonymous(desk: Desk):
    await town(desk)
    supply = (await requested(desk, BUSINESS))["supply_id"]
    answer = await desk.post(f"/supplies/{supply}/file", None)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:moothall:problem:fee-not-paid")
    await desk.office.do(supplies, UUID(supply), RecordPayment(date(2026, 4, 10)))
    await made(desk, supply)
    assert [r["Surname"] for r in await rows(desk, supply)] == ["Oak", "Ash", "Fir"]


async def test_who_made_a_copy_does_not_take_it_before_another_officer_handed_it_over(desk: Desk):
    await town(desk)
    supply = (await requested(desk, PARTY))["supply_id"]
    await made(desk, supply, "first")
    early = await desk.get(f"/supplies/{supply}/file", "first")
    assert (early.status_code, early.json()["type"]) == (409, "urn:moothall:problem:release-needs-two")
    assert (await desk.get(f"/supplies/{supply}/file", "second")).status_code == 200
    await desk.post(f"/supplies/{supply}/release", None, "second")
    assert (await desk.get(f"/supplies/{supply}/file", "first")).status_code == 200


async def test_a_copy_reads_the_same_for_ever_and_the_ledger_proves_it(desk: Desk):
    await town(desk)
    supply = await released(desk, PARTY)
    first = (await desk.get(f"/supplies/{supply}/file")).content
    late, _ = await desk.office.add(await desk.office.property(3), 9, name=PersonName("Late", "Lime"))
    await desk.office.change(late, AmendElector(PersonName("Later", "Lime"), date(2026, 4, 10)))
    await desk.office.property(1, "AB", street="Renamed Road")
    await desk.follow()
    assert (await desk.get(f"/supplies/{supply}/file")).content == first
    proof = (await desk.get(f"/supplies/{supply}/proof")).json()
    assert (proof["equal"], proof["recorded"]) == (True, hashlib.sha256(first).hexdigest())


async def test_a_copy_is_reproducible_but_for_whom_was_erased_and_not_when_another_line_changed(desk: Desk):
    home = await desk.office.property()
    _, person = await desk.office.add(home, 1)
    for number in (2, 3):
        await desk.office.add(home, number)
    desk.office.on(date(2026, 4, 10))
    await desk.follow()
    supply = await released(desk, PARTY)
    await desk.office.erase(person)
    await desk.follow()
    proof = (await desk.get(f"/supplies/{supply}/proof")).json()
    assert (proof["equal"], proof["reproducible"]) == (False, True)
    (erasure,) = proof["erasures"]
    assert erasure.startswith(f"{subject_stream(person)}@")
    forge = "UPDATE register.entry SET surname = 'Forged', name = name || '{\"last\": \"Forged\"}' WHERE number = 2"
    await desk.office.core.pool.execute(forge)
    forged = (await desk.get(f"/supplies/{supply}/proof")).json()
    assert (forged["equal"], forged["reproducible"], forged["erasures"]) == (False, False, [])


async def test_the_officer_who_made_a_full_register_does_not_hand_it_over(desk: Desk):
    await town(desk)
    supply = (await requested(desk, PARTY))["supply_id"]
    await made(desk, supply, "first")
    answer = await desk.post(f"/supplies/{supply}/release", None, "first")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:moothall:problem:release-needs-two")


async def test_the_list_of_overseas_electors_has_the_address_that_qualifies_and_hides_the_anonymous(desk: Desk):
    await town(desk)
    home = await desk.office.property(7, street="Secret Street")
    abroad = FranchiseFacts(date_of_birth=BORN, nationalities=("GB",), category="overseas")
    await desk.office.add(home, 8, name=PersonName("No", "Name"), franchise=abroad, anonymous=True)
    await desk.follow()
    supply = await released(desk, PARTY, document="overseas-list", layout="overseas-csv")
    ash, hidden = await rows(desk, supply)
    assert (ash["Surname"], ash["Qualifying address 1"], ash["Qualifying postcode"]) == (
        "Ash",
        "10 Gorse Lane",
        "ZZ1 1AA",
    )
    assert (hidden["Number"], hidden["Marker"], hidden["Surname"], hidden["Entry ends"]) == (
        "AB-8",
        "FN",
        "",
        "01/11/2028",
    )
    assert "Secret" not in str(hidden)


async def test_who_is_too_young_or_too_old_for_a_jury_is_told_to_those_who_summon_jurors_and_to_nobody_else(desk: Desk):
    home = await desk.office.property(1, "AB")
    born = {
        "Seventeen": date(2008, 4, 11),
        "Eighteen": date(2008, 4, 10),
        "Old": date(1950, 4, 10),
        "Almost": date(1950, 4, 11),
    }
    for number, (name, day) in enumerate(born.items(), 1):
        facts = FranchiseFacts(date_of_birth=day, nationalities=("GB",))
        await desk.office.add(home, number, name=PersonName("Ada", name), franchise=facts)
    old = FranchiseFacts(date_of_birth=date(1940, 1, 1), nationalities=("GB",))
    await desk.office.add(home, 9, franchise=old, anonymous=True)
    desk.office.on(date(2026, 4, 10))
    await desk.follow()
    bureau = {
        "applicant": "E Sample",
        "recipient": "jury-summoning",
        "document": "full-register",
        "purpose": "summoning jurors",
    }
    copy = await rows(desk, await released(desk, bureau, layout="jury-csv"))
    assert {row["Surname"]: row["Age"] for row in copy} == {
        "Seventeen": "under 18", "Eighteen": "", "Old": "76 or over", "Almost": "", "": "",
    }  # fmt: skip
    assert {row["Age as at"] for row in copy} == {"10/04/2026"}
    assert "76" not in (await desk.get(f"/supplies/{await released(desk, PARTY)}/file")).text


async def test_after_a_publication_each_standing_recipient_has_a_file_of_their_part_waiting(desk: Desk):
    await town(desk)
    standing = await released(desk, COUNCILLOR, later_notices=True, layout="xpress-full")
    await released(desk, PARTY)  # no later notices
    ab, cd = await desk.office.property(1, "AB"), await desk.office.property(2, "CD", street="Far Row")
    await desk.office.add(ab, 10, effective_on=MAY, name=PersonName("New", "Nettle"))
    await desk.office.add(cd, 10, "CD", effective_on=MAY, name=PersonName("Elsewhere", "Elm"))
    desk.office.on(MAY)
    await desk.follow()
    draft = (await desk.post("/notices/drafts", {"kind": "monthly"}, "first")).json()["draft"]
    assert (await desk.post("/notices", {"draft": draft}, "second")).status_code == 200
    await desk.follow()
    waiting = (await desk.get("/supplies?waiting=true")).json()["items"]
    assert [(line["standing"], line["layout"], line["entries"]) for line in waiting] == [
        (standing, "xpress-monthly", 1)
    ]
    (update,) = await rows(desk, waiting[0]["supply_id"])
    assert (update["ElectorSurname"], update["ElectorCreatedMonth"]) == ("Nettle", "5")
    assert (await desk.post(f"/supplies/{waiting[0]['supply_id']}/release", None, "any")).status_code == 200
    await desk.post(f"/supplies/{standing}/later-notices/end", {"reason": "office-ended"})
    await desk.follow()
    assert (await desk.get("/supplies?standing=true")).json()["items"] == []


def received(full: list[dict[str, str]]) -> dict[str, tuple[str, ...]]:
    """What a party's tool makes of a full register in the Xpress layout, by elector number."""
    found = {}
    for row in full:
        suffix = f"/{row['Elector Number Suffix']}" if row["Elector Number Suffix"] != "0" else ""
        number = f"{row['Elector Number Prefix']}-{row['Elector Number']}{suffix}"
        address = [
            row[f"Address{n}"] for n in range(1, 7) if row[f"Address{n}"] and row[f"Address{n}"] != row["PostCode"]
        ]
        found[number] = (
            row["Elector Surname"],
            row["Elector Forename"],
            row["Elector Markers"],
            *address,
            row["PostCode"],
        )
    return found


def updated(known: dict[str, tuple[str, ...]], update: list[dict[str, str]]) -> dict[str, tuple[str, ...]]:
    """That register after a monthly update, by the rules that its readers document."""
    found = dict(known)
    for row in update:
        deleted, created = int(row["ElectorDeletedMonth"]), int(row["ElectorCreatedMonth"])
        if deleted and not created:
            found.pop(row["ElectorNumber"])
        elif not deleted:
            address = [row[f"PropertyAddress{n}"] for n in range(1, 6) if row[f"PropertyAddress{n}"]]
            found[row["ElectorNumber"]] = (
                row["ElectorSurname"], row["ElectorForename"], row["MarkersRegisterText"], *address, row["PropertyPostCode"],
            )  # fmt: skip
    return found


async def test_the_full_register_and_the_monthly_updates_after_it_make_the_next_full_register(desk: Desk):
    await town(desk)
    home = await desk.office.property(4, street="Mill Row")
    gone, _ = await desk.office.add(home, 20, name=PersonName("Gone", "Gorse"))
    renamed, _ = await desk.office.add(home, 21, name=PersonName("Once", "Other"), suffix=1)
    await desk.follow()
    full = await released(desk, PARTY, later_notices=True)
    died = EvidenceSource("death-certificate", "register office", date(2026, 4, 9))
    await desk.office.change(gone, RemoveElector("death-certificate", date(2026, 4, 10), (died,)))
    await desk.office.change(renamed, AmendElector(PersonName("Now", "Named"), date(2026, 4, 10)))
    await desk.office.add(home, 22, effective_on=MAY, name=PersonName("New", "Nettle"))
    desk.office.on(MAY)
    await desk.follow()
    draft = (await desk.post("/notices/drafts", {"kind": "monthly"}, "first")).json()["draft"]
    await desk.post("/notices", {"draft": draft}, "second")
    await desk.follow()
    (update,) = (await desk.get("/supplies?waiting=true")).json()["items"]
    fresh = received(await rows(desk, await released(desk, PARTY)))
    assert updated(received(await rows(desk, full)), await rows(desk, update["supply_id"])) == fresh
    assert fresh["AB-21/1"][:2] == ("Named", "Now")


async def test_a_printed_register_is_a_part_for_each_district_by_street_with_numbers_at_the_end(desk: Desk):
    await town(desk)
    supply = await released(desk, PARTY, form="print")
    answer = await desk.get(f"/supplies/{supply}/file")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert parts.namelist() == ["full-register-AB.pdf", "full-register-CD.pdf"]
        pages = PdfReader(io.BytesIO(parts.read(parts.namelist()[0]))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
    order = [
        "Gorse Lane, Gavelford",
        "OAK, Open",
        "SHAW, Shut",
        "Other electors",
        "ASH, Away",
        "Entries by number only",
        "AB-3",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "Heath" not in text


async def test_who_bought_the_open_register_may_buy_what_a_publication_changes_in_it(desk: Desk):
    await town(desk)
    home = await desk.office.property()
    shy, _ = await desk.office.add(home, 30, name=PersonName("Shy", "Sloe"), opted_out=True)
    bold, _ = await desk.office.add(home, 31, name=PersonName("Bold", "Birch"), opted_out=False)
    await desk.office.add(home, 32, effective_on=MAY, name=PersonName("New", "Nettle"), opted_out=False)
    await desk.office.add(home, 33, effective_on=MAY, name=PersonName("Coy", "Cedar"), opted_out=True)
    await desk.office.add(home, 34, effective_on=MAY, name=PersonName("Nobody", "Named"), anonymous=True)
    await desk.office.change(shy, ChangeOpenRegisterPreference(False, date(2026, 4, 10)))
    await desk.office.change(bold, ChangeOpenRegisterPreference(True, date(2026, 4, 10)))
    desk.office.on(MAY)
    await desk.follow()
    draft = (await desk.post("/notices/drafts", {"kind": "monthly"}, "first")).json()["draft"]
    await desk.post("/notices", {"draft": draft}, "second")
    await desk.follow()
    (notice,) = (await desk.get("/notices")).json()
    changes = {**BUSINESS, "layout": "notice-csv", "notice_id": notice["notice_id"]}
    await refused(desk, "open-register-only", changes, document="notices")
    unfit = (await desk.post("/supplies", {**changes, "layout": "register-csv"})).json()
    assert [error["rule"] for error in unfit["errors"]] == ["unknown-layout"]
    entitled = await requested(desk, changes)
    assert (entitled["entries"], entitled["fee"]) == (3, 2000 + 150)
    await desk.office.do(supplies, UUID(entitled["supply_id"]), RecordPayment(MAY))
    await made(desk, entitled["supply_id"])
    found = {(row["Change"], row["Surname"]) for row in await rows(desk, entitled["supply_id"])}
    assert found == {("A", "Sloe"), ("D", "Birch"), ("A", "Nettle")}


@pytest.mark.parametrize("user_role", ["canvasser", "finance-clerk", "operator", "elections-officer"])
async def test_nobody_without_the_role_supplies_or_reads_a_copy(desk: Desk, user_role):
    await desk.follow()
    assert (await desk.post("/supplies", PARTY, "x", user_role)).status_code == 404
    assert (await desk.get("/supplies", "x", user_role)).status_code == 404


async def test_every_copy_fetched_is_written_down_before_it_is_given(desk: Desk):
    await town(desk)
    supply = await released(desk, PARTY)
    await desk.get(f"/supplies/{supply}/file")
    reads = (await desk.get("/reads", "auditor", "auditor")).json()
    assert ("supply file", supply) in {(r["kind"], r["record"]) for r in reads}


async def test_the_open_register_of_a_later_day_has_who_opted_in_since(desk: Desk):
    await town(desk)
    home = await desk.office.property()
    shy, _ = await desk.office.add(home, 30, name=PersonName("Shy", "Sloe"), opted_out=True)
    await desk.office.change(shy, ChangeOpenRegisterPreference(False, date(2026, 4, 10)))
    desk.office.on(MAY)
    await desk.follow()
    supply = (await requested(desk, BUSINESS))["supply_id"]
    await desk.office.do(supplies, UUID(supply), RecordPayment(MAY))
    await made(desk, supply)
    assert "Sloe" in {r["Surname"] for r in await rows(desk, supply)}
