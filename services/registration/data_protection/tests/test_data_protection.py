"""What is held of a person is given to that person alone; what is due is destroyed, unless the law holds it."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.registration.absent_votes.commands import GrantPostalVote
from services.registration.absent_votes.decider import absent_votes
from services.registration.applications import commands as application
from services.registration.canvass.commands import MatchProperty, ReceiveResponse
from services.registration.canvass.decider import properties_in_canvass
from services.registration.electors.commands import RemoveElector
from services.registration.electors.decider import electors
from services.registration.views.tests.office import MONDAY
from services.registration.voter_cards.decider import Apply, Approve, Issue, voter_cards
from shared.eventcore.testing.core import AUTHORITY, by
from shared.events.registration import CanvassReply, ElectorMatch, VoterCardId, canvass_id, canvass_property_id
from shared.events.values import Authority, absent_votes_id
from shared.law.retention import Class, ended_by

EFFECT = date(2026, 4, 1)


def test_a_month_before_the_last_of_march_is_the_last_of_february():
    assert ended_by(Class.CANVASS_REPLIES, date(2027, 3, 31)) == date(2027, 2, 28)
    assert ended_by(Class.PROXIES, date(2027, 5, 1)) == date(2024, 5, 1)


@pytest.fixture
async def rejected(desk):
    """Somebody whose application was rejected in March, with a note that speaks of another."""
    home = await desk.office.property()
    identity, person = await desk.office.apply(day=MONDAY, home=home)
    objector, _ = await desk.office.add(home, 9, effective_on=EFFECT)
    await desk.office.ask(
        identity,
        application.MakeObjection(objector, "Heard it from Bea Nettle", date(2026, 3, 4)),
        application.RejectApplication(date(2026, 3, 20), ("not-resident",)),
    )
    desk.office.on(date(2026, 5, 11))
    await desk.follow()
    return person


async def test_a_person_is_given_what_is_held_and_nothing_about_anybody_else(desk, rejected):
    answer = await desk.get(f"/data-protection/people/{rejected}", "dpo", "dpo")
    held = answer.json()
    assert [section["record"] for section in held["sections"]] == ["Application to register"]
    received = held["sections"][0]["lines"][0]
    assert (received["what"], received["said"]["name"]["last"]) == ("Application received", "Marsh")
    assert "Bea Nettle" not in answer.text
    assert any(left_out.startswith("Objection made, grounds") for left_out in held["withheld"])


async def test_an_entry_comes_with_its_absent_votes_and_on_paper(desk):
    elector, person = await desk.office.add(await desk.office.property(), effective_on=EFFECT)
    applied = datetime(2026, 4, 3, 12, tzinfo=UTC)
    granted = GrantPostalVote(elector, person, "maximum", applied, date(2026, 4, 3))
    await desk.office.do(absent_votes, absent_votes_id(elector), granted)
    await desk.follow()
    held = (await desk.get(f"/data-protection/people/{person}", "dpo", "dpo")).json()
    assert [section["record"] for section in held["sections"]] == ["Entry on the register", "Absent votes"]
    paper = await desk.get(f"/data-protection/people/{person}/pdf", "dpo", "dpo")
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")


async def test_the_pack_is_for_data_protection_officers_and_every_look_is_written_down(desk, rejected):
    assert (await desk.get(f"/data-protection/people/{rejected}")).status_code == 404
    await desk.get(f"/data-protection/people/{rejected}", "dpo", "dpo")
    reads = (await desk.get(f"/reads?record={rejected}", "auditor", "auditor")).json()
    assert [read["kind"] for read in reads] == ["subject-access"]


async def proposed(desk, classes=("unsuccessful-applications",)):
    return await desk.post("/data-protection/destructions", {"classes": list(classes)}, "one", "dpo")


async def confirmed(desk, run, user="two"):
    answer = await desk.post(f"/data-protection/destructions/{run}/confirmation", {}, user, "dpo")
    return answer.status_code, answer.json()


async def test_what_one_officer_proposes_another_destroys_and_the_run_is_counted(desk, rejected):
    run = (await proposed(desk)).json()["stream_id"]
    status, refused = await confirmed(desk, run, "one")
    assert (status, refused["type"].rpartition(":")[2]) == (409, "maker-is-checker")
    rule = {"rule": "unsuccessful-applications", "destroyed": 1, "held": 0, "needed": 0}
    assert await confirmed(desk, run) == (200, {"counts": [rule]})
    assert (await proposed(desk)).json()["type"].endswith("nothing-due")
    await desk.follow()
    (listed,) = (await desk.get("/data-protection/destructions", "auditor", "auditor")).json()
    assert (listed["state"], listed["people"], listed["counts"]) == ("done", 1, [rule])
    (erased,) = await desk.office.core.pool.fetch("SELECT payload FROM event WHERE type LIKE '%subject-erased%'")
    said = json.loads(erased["payload"])
    officers = (listed["proposed_by"], listed["decided_by"])
    assert (said["asked_by"], said["approved_by"]) == officers
    assert officers[0] != officers[1]


async def test_a_legal_hold_placed_after_the_proposal_keeps_what_was_due(desk, rejected):
    run = (await proposed(desk)).json()["stream_id"]
    await desk.office.core.execute.hold(rejected, reason="police request", review_on=None, by=by())
    counts = (await confirmed(desk, run))[1]["counts"]
    assert counts == [{"rule": "unsuccessful-applications", "destroyed": 0, "held": 1, "needed": 0}]
    assert (await proposed(desk)).json()["type"].endswith("nothing-due")


async def test_who_was_registered_after_the_proposal_is_kept(desk, rejected):
    run = (await proposed(desk)).json()["stream_id"]
    await desk.office.add(await desk.office.property(1), person_id=rejected, effective_on=EFFECT)
    await desk.follow()
    counts = (await confirmed(desk, run))[1]["counts"]
    assert counts == [{"rule": "unsuccessful-applications", "destroyed": 0, "held": 0, "needed": 1}]


async def test_an_elector_is_erased_by_two_officers(desk):
    elector, person = await desk.office.add(await desk.office.property(), effective_on=EFFECT)
    await desk.office.do(electors, elector, RemoveElector("duplicate-entry", date(2026, 4, 20), reason="told us"))
    desk.office.on(date(2026, 6, 2))
    await desk.follow()
    run = (
        await desk.post(f"/electors/{elector}/erasure", {"legal_basis": "UK GDPR article 17(1)(a)"}, "one", "dpo")
    ).json()
    assert (await confirmed(desk, run["stream_id"], "one"))[0] == 409
    counts = (await confirmed(desk, run["stream_id"]))[1]["counts"]
    assert counts == [{"rule": "erasure", "destroyed": 1, "held": 0, "needed": 0}]
    assert await desk.office.core.pool.fetchval(
        "SELECT erased_at IS NOT NULL FROM subject_key WHERE subject_id = $1", person
    )


async def test_nobody_on_the_register_is_due(desk):
    home = await desk.office.property()
    identity, person = await desk.office.apply(day=MONDAY, home=home)
    await desk.office.ask(identity, application.RejectApplication(date(2026, 3, 20), ("not-resident",)))
    await desk.office.add(home, person_id=person, effective_on=EFFECT)
    desk.office.on(date(2026, 5, 11))
    await desk.follow()
    kept = (await desk.get("/data-protection/retention", "dpo", "dpo")).json()
    assert [line["due"] for line in kept] == [[]] * len(Class)


async def test_the_log_joins_copies_disclosures_and_inspections(desk):
    told = {
        "elector_ids": ["00000000-0000-0000-0000-000000000001"],
        "organisation": "Mootshire Constabulary", "power": "RPR 2001 r.109", "purpose": "crime", "what": ["address"],
    }  # fmt: skip
    await desk.post("/disclosures", told)
    looked = {
        "place": "Town Hall", "began_at": "2026-05-05T09:00:00Z", "ended_at": "2026-05-05T09:40:00Z", "supervised_by": "R Officer",
    }  # fmt: skip
    await desk.post("/inspections", looked)
    await desk.follow()
    log = (await desk.get("/data-protection/log", "dpo", "dpo")).json()
    assert {line["how"] for line in log} == {"record disclosed", "register inspected"}
    assert {line["basis"] for line in log} == {"RPR 2001 r.109", "RPR 2001 r.7, r.43"}


async def test_a_pack_holds_the_certificate_and_what_a_household_said_of_the_person_and_not_of_others(desk):
    home = await desk.office.property()
    elector, person = await desk.office.add(home, effective_on=EFFECT)
    other, _ = await desk.office.add(home, 2, effective_on=EFFECT)
    desk.office.on(date(2026, 7, 10))
    card = VoterCardId(UUID(int=7))
    for step in (
        Apply(card, elector, date(2026, 7, 1), "online"),
        Approve(date(2026, 7, 2)),
        Issue("A1B2C3D4E5F6G7H8J9K0", date(2026, 7, 3)),
    ):
        await desk.office.do(voter_cards, card, step)
    canvass = canvass_id(Authority(AUTHORITY), 2026)
    place = canvass_property_id(canvass, home)
    living = (ElectorMatch(elector, ""), ElectorMatch(other, ""))
    await desk.office.do(properties_in_canvass, place, MatchProperty(canvass, home, living, 2))
    gone = CanvassReply(gone=(elector, other), changes="Bea Nettle says so")
    reply = ReceiveResponse(UUID(int=8), "phone", ("left", "changed"), gone, date(2026, 7, 10))
    await desk.office.do(properties_in_canvass, place, reply)
    await desk.follow()
    answer = await desk.get(f"/data-protection/people/{person}", "dpo", "dpo")
    sections = {section["record"]: section["lines"] for section in answer.json()["sections"]}
    assert "A1B2C3D4E5F6G7H8J9K0" in [line["said"].get("number") for line in sections["Voter Authority Certificate"]]
    [said] = sections["What a household said in a canvass"]
    assert (said["what"], said["said"]["elector_id"]) == ("Elector reported", str(elector))
    assert "Bea Nettle" not in answer.text
    assert str(other) not in answer.text
