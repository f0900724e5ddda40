"""Cases from beginning to end: reviews with hearings and appeals, movers, changes of name, removals."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar

from services.registration.applications.commands import AcceptDocuments, AllowApplication, RejectApplication
from services.registration.electors.commands import RemoveElector
from services.registration.main import service
from services.registration.views.tests.office import AUTHORITY
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.deciding import Refused
from shared.events.values import EvidenceSource, PersonName
from shared.law.evidence import Document

IER = Path(__file__).resolve().parents[4] / "shared" / "data" / "ier"
ADA = PersonName("Ada", "Marsh")
PASSPORT = AcceptDocuments((Document.PASSPORT,))


async def clock_strikes(desk, day):
    desk.office.on(day)
    core = desk.office.core
    await Deadlines(service.deadlines).carry_out_due(core.pool, core.execute, core.clock())
    await desk.follow()


async def on_register(desk, day):
    """Surnames, as they are printed."""
    items = (await desk.get(f"/register?effective={day}")).json()["items"]
    return [next(last for last in ("Marsh", "Poole") if last in item["name"]) for item in items]


async def an_elector(desk, name=ADA, **kw):
    desk.office.on(date(2026, 3, 2))
    home = await desk.office.property()
    elector, _ = await desk.office.add(home, name=name, **kw)
    await desk.follow()
    return elector, home


async def test_edge_case_21_an_unanswered_request_for_evidence_becomes_a_notice_of_type_a_by_itself(desk):
    elector, _ = await an_elector(desk)
    desk.office.on(date(2026, 6, 1))
    assert (await desk.post(f"/electors/{elector}/review", {"review": "B"})).status_code == 200
    await desk.follow()
    await clock_strikes(desk, date(2026, 6, 29))
    assert [row["review"] for row in (await desk.get("/reviews")).json()] == ["B"]
    await clock_strikes(desk, date(2026, 6, 30))
    [row] = (await desk.get("/reviews")).json()
    assert (row["review"], row["until"], row["ready"]) == ("A", "2026-07-14", False)
    assert await on_register(desk, "2026-06-30") == ["Marsh"]


async def test_an_answered_request_for_evidence_brings_no_notice(desk):
    elector, _ = await an_elector(desk)
    desk.office.on(date(2026, 6, 1))
    await desk.post(f"/electors/{elector}/review", {"review": "B"})
    await desk.post(f"/electors/{elector}/review/answer", {"note": "a lease"})
    await desk.follow()
    await clock_strikes(desk, date(2026, 6, 30))
    assert [row["review"] for row in (await desk.get("/reviews")).json()] == ["B"]


async def test_edge_case_16_an_anonymous_elector_is_on_no_list_of_reviews(desk):
    elector, _ = await an_elector(desk, anonymous=True)
    desk.office.on(date(2026, 6, 1))
    await desk.post(f"/electors/{elector}/review", {"review": "A"})
    await desk.follow()
    assert (await desk.get("/reviews")).json() == []


async def test_a_review_is_heard_in_a_room_that_nobody_else_has_appealed_against_and_undone_by_the_court(desk):
    elector, _ = await an_elector(desk)
    desk.office.on(date(2026, 6, 1))
    await desk.post(f"/electors/{elector}/review", {"review": "A"})
    hearing = {
        "about": "review", "case_id": str(elector), "day": "2026-06-08", "starts": "10:00", "minutes": 60,
        "room": "Gavel Room", "officer": "ann",
    }  # fmt: skip
    early = await desk.post("/hearings", hearing)
    assert early.json()["type"].endswith("review-hearing-not-asked")
    await desk.post(f"/electors/{elector}/review/hearing-request", None)
    assert (
        (await desk.post("/hearings", hearing | {"day": "2026-06-02"})).json()["type"].endswith("hearing-out-of-time")
    )
    arranged = await desk.post("/hearings", hearing)
    assert arranged.status_code == 201
    await desk.follow()
    taken = await desk.post("/hearings", hearing | {"starts": "10:45", "officer": "bob"})
    assert taken.json()["type"].endswith("hearing-room-taken")
    engaged = await desk.post("/hearings", hearing | {"starts": "10:45", "room": "Chamber"})
    assert engaged.json()["type"].endswith("hearing-officer-engaged")
    [listed] = (await desk.get("/hearings")).json()
    assert (listed["day"], listed["room"]) == ("2026-06-08", "Gavel Room")
    [event] = Calendar.from_ical((await desk.get("/hearings.ics")).content).walk("VEVENT")
    assert event["dtstart"].dt.isoformat() == "2026-06-08T09:00:00+00:00"

    desk.office.on(date(2026, 6, 8))
    concluded = await desk.post(f"/electors/{elector}/review/conclusion", {"entitled": False})
    assert concluded.status_code == 200, concluded.text
    await desk.post(f"/electors/{elector}/removal", {"ground": "review"})
    appeal = {"about": "removal", "case_id": str(elector), "received_on": "2026-06-22"}
    late = await desk.post("/appeals", appeal | {"received_on": "2026-06-23"})
    assert late.json()["type"].endswith("appeal-out-of-time")
    received = await desk.post("/appeals", appeal)
    assert received.status_code == 201
    await desk.follow()
    assert await on_register(desk, "2026-07-01") == []
    desk.office.on(date(2026, 8, 3))
    allowed = {"allowed": True, "decided_on": "2026-08-03", "at_once": True}
    await desk.post(f"/appeals/{received.json()['stream_id']}/decision", allowed)
    await desk.follow()
    assert await on_register(desk, "2026-08-02") == []
    assert await on_register(desk, "2026-08-03") == ["Marsh"]
    assert (await desk.get("/appeals?ended=true")).json()[0]["outcome"] == "allowed"


async def test_an_appeal_against_a_rejection_that_the_court_allows_registers_the_applicant(desk):
    desk.office.on(date(2026, 3, 2))
    home = await desk.office.property()
    application, _ = await desk.office.apply(home=home)
    await desk.office.ask(application, RejectApplication(date(2026, 3, 16), ("not-resident",)))
    appeal = {"about": "rejection", "case_id": str(application), "received_on": "2026-03-30"}
    received = await desk.post("/appeals", appeal)
    desk.office.on(date(2026, 5, 1))
    order = {"allowed": True, "decided_on": "2026-05-01"}
    decided = await desk.post(f"/appeals/{received.json()['stream_id']}/decision", order)
    assert decided.status_code == 200, decided.text
    await desk.follow()
    assert await on_register(desk, "2026-06-01") == ["Marsh"]


async def test_edge_case_18_the_old_entry_of_a_mover_goes_only_when_the_other_council_has_allowed_the_application(desk):
    elector, _ = await an_elector(desk)
    desk.office.on(date(2026, 6, 1))
    notice = {
        "of": "E08000035", "reference": "L-1", "name": {"first": "Ada", "last": "Marsh"},
        "left": {"street": "10 Gorse Lane", "postcode": "ZZ1 1AA"},
    }  # fmt: skip
    path = f"/movers/{(await desk.post('/movers', notice)).json()['stream_id']}"
    assert (await desk.post(f"{path}/removal", {})).json()["type"].endswith("not-allowed-elsewhere")
    await desk.post(f"{path}/match", {"elector": str(elector)})
    await desk.post(f"{path}/outcome", {"allowed": False, "decided_on": "2026-06-01"})
    assert (await desk.post(f"{path}/removal", {})).json()["type"].endswith("not-allowed-elsewhere")
    await desk.post(f"{path}/outcome", {"allowed": True, "decided_on": "2026-06-01"})
    await desk.follow()
    assert await on_register(desk, "2026-07-02") == ["Marsh"]
    assert (await desk.post(f"{path}/removal", {})).status_code == 200
    await desk.follow()
    assert await on_register(desk, "2026-07-02") == []
    assert (await desk.get("/movers?outcome=allowed")).json()[0]["reference"] == "L-1"


async def test_the_council_that_an_applicant_left_is_to_be_told_when_we_allowed_it(desk):
    home = await desk.office.property()
    application, _ = await desk.office.apply(home=home, previous_gss_code="E08000035")
    await desk.office.ask(application, PASSPORT, AllowApplication(date(2026, 3, 16)))
    await desk.follow()
    [told] = (await desk.get("/movers/arrived")).json()
    assert (told["to_council"], told["allowed_on"]) == ("E08000035", "2026-03-16")
    await desk.post(f"/movers/{told['notice_id']}/sent", None)
    await desk.follow()
    assert (await desk.get("/movers/arrived")).json() == []


async def test_who_moves_within_the_council_loses_the_old_entry_when_the_new_application_is_allowed(desk):
    await an_elector(desk, PersonName("Ada", "Marsh", "Iris"))
    new_home = await desk.office.property(2, house="12")
    application, _ = await desk.office.apply({"pstreet": "10 Gorse Lane", "ppostcode": "ZZ1 1AA"}, home=new_home)
    await desk.follow()
    [pair] = (await desk.get("/duplicates")).json()["items"]
    await desk.post(f"/duplicates/{pair['suspicion_id']}/confirmation", {"moved": True})
    await desk.follow()
    assert (await desk.get(f"/applications/{application}")).json()["stage"] == "listed"
    assert len(await on_register(desk, "2026-04-02")) == 1
    await desk.office.ask(application, PASSPORT, AllowApplication(date(2026, 3, 16)))
    await desk.follow()
    items = (await desk.get("/register?effective=2026-04-02")).json()["items"]
    assert ["12 Gorse Lane" in str(item["address"]) for item in items] == [True]


async def test_a_change_of_name_holds_from_its_notice_and_until_then_the_old_name_votes(desk):
    elector, home = await an_elector(desk, effective_on=date(2026, 3, 2))
    application, _ = await desk.office.apply(
        {"ln": "Poole", "pfn": "Ada", "pln": "Marsh", "nameChangeReason": "marriage"}, home=home, entry_to_alter=elector
    )
    await desk.office.ask(application, PASSPORT)
    with pytest.raises(Refused, match="objection-window-open"):
        await desk.office.ask(application, AllowApplication(date(2026, 3, 9)))
    await desk.office.ask(application, AllowApplication(date(2026, 3, 16)))
    await desk.follow()
    assert await on_register(desk, "2026-03-31") == ["Marsh"]
    assert await on_register(desk, "2026-04-01") == ["Poole"]


async def test_who_applies_again_at_the_same_address_under_another_name_has_the_entry_altered(desk):
    elector, home = await an_elector(desk, effective_on=date(2026, 3, 2))
    application, _ = await desk.office.apply({"ln": "Poole"}, home=home)
    altered = await desk.post(f"/applications/{application}/alteration", {"elector": str(elector)})
    assert altered.status_code == 200
    await desk.office.ask(application, PASSPORT, AllowApplication(date(2026, 3, 16)))
    await desk.follow()
    assert await on_register(desk, "2026-04-01") == ["Poole"]


def source(kind, origin, **how):
    return EvidenceSource(kind, origin, date(2026, 6, 1), **how)


async def test_edge_case_19_one_returned_letter_keeps_the_entry_and_council_tax_closed_ends_it(desk):
    elector, _ = await an_elector(desk)
    letter, other = source("returned-mail", "mailing 1"), source("council-tax-closed", "account 7")
    for sources in ((letter,), (letter, letter)):
        with pytest.raises(Refused, match="too-few-sources"):
            await desk.office.change(elector, RemoveElector("two-sources", date(2026, 6, 1), sources))
    await desk.office.change(elector, RemoveElector("two-sources", date(2026, 6, 1), (letter, other)))
    await desk.follow()
    assert await on_register(desk, "2026-07-02") == []


async def test_edge_case_20_a_daughters_report_by_phone_written_down_removes_and_a_neighbours_does_not(desk):
    elector, _ = await an_elector(desk)
    with pytest.raises(Refused, match="report-of-death-not-enough"):
        await desk.office.change(
            elector, RemoveElector("satisfied-of-death", date(2026, 6, 1), (source("neighbour", "call"),))
        )
    oral = source("close-relative", "call", written_note=False)
    with pytest.raises(Refused, match="written-note-needed"):
        await desk.office.change(elector, RemoveElector("satisfied-of-death", date(2026, 6, 1), (oral,)))
    daughter = source("close-relative", "call")
    await desk.office.change(elector, RemoveElector("satisfied-of-death", date(2026, 6, 1), (daughter,)))
    await desk.follow()
    assert await on_register(desk, "2026-07-02") == []


async def test_edge_case_27_a_denial_keeps_the_entry_and_a_review_decides(desk):
    elector, _ = await an_elector(desk)
    gone, denial = source("co-resident", "form 1"), source("co-resident", "form 2", denies=True)
    other = source("returned-mail", "mailing 1")
    with pytest.raises(Refused, match="sources-contradict"):
        await desk.office.change(elector, RemoveElector("two-sources", date(2026, 6, 1), (gone, other, denial)))
    assert (
        await desk.post(f"/electors/{elector}/review", {"review": "C", "hearing_on": "2026-06-01"})
    ).status_code == 422


def examples():
    if not IER.is_dir():
        return [pytest.param({}, marks=pytest.mark.skip(reason="the IER examples are not beside the project"))]
    return [
        pytest.param(case["application"], id=f"{kind}: {case['case']}")
        for path in sorted(IER.glob("*.json"))
        for kind, cases in json.loads(path.read_text("utf-8")).items()
        for case in cases
    ]


async def test_every_type_and_variant_of_an_ier_application_comes_from_receipt_to_an_entry(desk):
    """Each golden example in a home of its own; what it lacks is asked for and supplied, as in an office."""
    desk.office.on(date(2026, 3, 2))
    applications = {}
    for number, example in enumerate(param.values[0] for param in examples()):
        home = await desk.office.property(number + 1, house=str(number + 1))
        form = example | {"gssCode": AUTHORITY, "refNum": f"R-{number}"}
        received = await desk.post("/applications", {"application": form})
        assert received.status_code == 201, received.text
        application = received.json()["stream_id"]
        assert (await desk.get(f"/applications/{application}/form")).json() == {"application": form}
        applications[application] = (form, home)
    await desk.follow()
    for application, (form, home) in applications.items():
        path = f"/applications/{application}"
        lacking = (await desk.get(path)).json()["missing"]
        if lacking:
            said = {"ln": "Smith", "dob": "1980-12-01", "nino": "AB123456D", "nat": "GB", "regproperty": "1"}
            assert (await desk.post(f"{path}/information", {key: said[key] for key in lacking})).status_code == 200
        if not form.get("nat"):
            facts = {"date_of_birth": "1980-12-01", "nationalities": ["GB"], "category": form["applicationType"]}
            await desk.post(f"{path}/franchise", {"franchise": facts})
        await desk.post(f"{path}/property", {"property_id": str(home)})
        await desk.post(f"{path}/documents", ["passport"])
    desk.office.on(date(2026, 3, 16))
    for application, (form, _) in applications.items():
        allowed = await desk.post(f"/applications/{application}/allowance", {})
        assert allowed.status_code == 200, (form["applicationType"], allowed.text)
    await desk.follow()
    entries = (await desk.get("/register?effective=2026-04-02&limit=100")).json()["items"]
    assert len(entries) == len(applications) > 4
