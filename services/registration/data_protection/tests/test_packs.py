"""A pack for the person and nobody else: asked for, made, passed by a second officer, given; and what was wrong put right."""

from __future__ import annotations

import json
import zipfile
from base64 import b64decode
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import UUID

import pytest

from services.registration.absent_votes.commands import AppointProxy, CancelPostalVote, GrantPostalVote, Proxy
from services.registration.absent_votes.decider import absent_votes
from services.registration.data_protection.pack import Record, pack_of
from services.registration.identifiers.decider import WaiveSignature, identifiers, identifiers_id
from services.registration.tests.test_identifiers import PICTURE
from services.registration.views.tests.office import MONDAY, address
from shared.eventcore.recording import Metadata, Recorded
from shared.events.definition import REGISTRY
from shared.events.registration import HearingCalled
from shared.events.values import ElectorId, PersonId, PersonName, absent_votes_id

EFFECT = date(2026, 4, 1)
APPLIED = datetime(2026, 4, 3, 12, tzinfo=UTC)


async def asked(desk, person, right="access"):
    body = {
        "person_id": str(person),
        "right": right,
        "channel": "letter",
        "received_on": "2026-05-11",
        "said": "Show me <b>all</b>",
    }
    case = (await desk.post("/data-protection/requests", body, "one", "dpo")).json()["stream_id"]
    path = f"/data-protection/requests/{case}"
    assert (await desk.post(f"{path}/identity", {"route": "documents"}, "one", "dpo")).status_code == 200
    await desk.follow()
    return path


@pytest.fixture
async def elector(desk):
    """Somebody on the register, with the id of their entry."""
    desk.office.on(MONDAY)
    entry, person = await desk.office.add(await desk.office.property(), effective_on=EFFECT)
    desk.office.on(date(2026, 5, 11))
    await desk.follow()
    return entry, person


async def test_a_pack_is_made_by_one_officer_passed_by_another_and_goes_as_page_data_and_zip(desk, elector):
    path = await asked(desk, elector[1])
    assert (await desk.post(f"{path}/pack", {}, "one", "dpo")).status_code == 200
    made = (await desk.get(f"{path}/pack", "two", "dpo")).json()
    assert (
        (await desk.post(f"{path}/disclosure", {"how": "post"}, "one", "dpo"))
        .json()["type"]
        .endswith("pack-not-checked")
    )
    seen = {"digest": made["digest"], "passed": True}
    assert (await desk.post(f"{path}/pack/check", seen, "one", "dpo")).json()["type"].endswith("maker-is-checker")
    assert (await desk.post(f"{path}/pack/check", seen, "two", "ero-deputy")).status_code == 200
    assert (await desk.post(f"{path}/disclosure", {"how": "post"}, "one", "dpo")).status_code == 200
    page = await desk.get(f"{path}/pack/html", "one", "dpo")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Show me &lt;b&gt;all&lt;/b&gt;" in page.text
    archive = (await desk.get(f"{path}/pack/zip", "one", "dpo")).content
    with zipfile.ZipFile(BytesIO(archive)) as files:
        assert files.read("pack.html").decode() == page.text
        assert json.loads(files.read("pack.json")) == made["pack"]
    assert archive == (await desk.get(f"{path}/pack/zip", "one", "dpo")).content
    await desk.follow()
    assert (await desk.get("/data-protection/requests", "one", "dpo")).json() == []
    (done,) = (await desk.get("/data-protection/requests?ended=true", "one", "dpo")).json()
    assert (done["outcome"], done["answer_by"], done["late"]) == ("disclosed", "2026-06-11", False)


async def test_the_pack_that_was_passed_is_the_one_that_goes_whatever_is_recorded_meanwhile(desk, elector):
    path = await asked(desk, elector[1])
    await desk.post(f"{path}/pack", {}, "one", "dpo")
    before = (await desk.get(f"{path}/pack", "two", "dpo")).json()
    await desk.post(f"/electors/{elector[0]}/open-register", {"opted_out": False})
    await desk.follow()
    assert (await desk.get(f"{path}/pack", "two", "dpo")).json() == before


async def test_an_exempt_fact_is_left_out_and_named_with_its_source(desk, elector):
    path = await asked(desk, elector[1])
    fact = {"record": str(elector[0]), "version": 1, "exemption": "crime"}
    assert (
        await desk.post(f"{path}/pack", {"left_out": [fact | {"exemption": "inconvenient"}]}, "one", "dpo")
    ).status_code == 422
    await desk.post(f"{path}/pack", {"left_out": [fact]}, "one", "dpo")
    pack = (await desk.get(f"{path}/pack", "two", "dpo")).json()["pack"]
    assert [section["record"] for section in pack["sections"]] == ["Request about own data"]
    assert any("DPA 2018 Sch 2 para 2" in what for what in pack["withheld"])


async def test_a_pack_of_a_proxy_tells_nothing_of_the_elector_and_the_electors_nothing_of_the_proxy(desk):
    home = await desk.office.property(5)
    entry, person = await desk.office.add(home, effective_on=EFFECT)
    proxy = PersonId((await desk.office.add(await desk.office.property(6), 9, effective_on=EFFECT))[1])
    await desk.follow()
    stream = absent_votes_id(entry)
    await desk.office.do(absent_votes, stream, GrantPostalVote(entry, person, "maximum", APPLIED, date(2026, 4, 3)))
    await desk.office.do(absent_votes, stream, CancelPostalVote(entry, datetime(2026, 4, 20, 9, tzinfo=UTC)))
    who = Proxy(proxy, PersonName("Prosper", "Stand"), address(street="Secret Street"))
    await desk.office.do(absent_votes, stream, appointment(entry, person, who))
    await desk.follow()
    theirs = (await desk.get(f"/data-protection/people/{proxy}", "dpo", "dpo")).json()
    acting = next(section for section in theirs["sections"] if section["record"] == "Acting as a proxy")
    assert [line["what"] for line in acting["lines"]] == ["Proxy named"]
    assert not {str(entry), str(person)} & set(str(acting["lines"]).replace("'", " ").split())
    assert any(what.startswith("Postal vote cancelled") for what in theirs["withheld"])
    hers = await desk.get(f"/data-protection/people/{person}", "dpo", "dpo")
    assert "Postal vote cancelled" in hers.text
    assert not [word for word in ("Prosper", "Secret Street", str(proxy)) if word in hers.text]


def appointment(entry, person, who):
    return AppointProxy(
        entry, person, "indefinite", who, APPLIED, date(2026, 4, 21), ground="overseas", reason="away at sea"
    )


async def test_a_pack_does_not_tell_who_helped(desk):
    entry, person = await desk.office.add(await desk.office.property(5), effective_on=EFFECT)
    waived = WaiveSignature(
        entry, person, APPLIED.date(), date(1980, 12, 1), "cannot hold a pen", "Hilda Helper, 3 Secret Street"
    )
    await desk.office.do(identifiers, identifiers_id(PersonId(person)), waived)
    await desk.follow()
    hers = await desk.get(f"/data-protection/people/{person}", "dpo", "dpo")
    assert "cannot hold a pen" in hers.text
    assert "Hilda" not in hers.text
    assert any(what.startswith("Signature waived, helped by") for what in hers.json()["withheld"])


async def test_what_was_wrong_is_corrected_by_its_own_command_and_whoever_has_it_is_told(desk, elector):
    entry, person = elector
    told = {
        "elector_ids": [str(entry)], "organisation": "Mootshire Constabulary", "power": "RPR 2001 r.109", "purpose": "crime",
        "what": ["address"],
    }  # fmt: skip
    await desk.post("/disclosures", told)
    path = await asked(desk, person, "rectification")
    other, _ = await desk.office.add(await desk.office.property(8), 8, effective_on=EFFECT)
    assert (await desk.post(f"/electors/{entry}/open-register", {"opted_out": False})).status_code == 200
    await desk.follow()

    for wrong in ((other, 1), (entry, 99), (entry, 1)):
        named = {"upheld": True, "decision": "So it is.", "corrected": [{"record": str(wrong[0]), "version": wrong[1]}]}
        assert (
            (await desk.post(f"{path}/rectification", named, "one", "dpo")).json()["type"].endswith("not-a-correction")
        ), wrong
    named["corrected"] = [{"record": str(entry), "version": 2}]
    assert (await desk.post(f"{path}/rectification", named, "one", "dpo")).status_code == 200
    (recipient,) = (await desk.get(f"{path}/recipients", "one", "dpo")).json()
    assert recipient["to"] == "Mootshire Constabulary"
    assert (await desk.post(f"{path}/recipients-told", {}, "one", "dpo")).json()["type"].endswith("recipients-not-told")
    assert (await desk.post(f"{path}/recipients-told", {"told": [recipient["id"]]}, "one", "dpo")).status_code == 200
    await desk.follow()
    (done,) = (await desk.get("/data-protection/requests?ended=true", "one", "dpo")).json()
    assert done["outcome"] == "corrected"


async def test_only_those_named_for_it_see_what_is_asked(desk, elector):
    path = await asked(desk, elector[1])
    for place in ("/data-protection/requests", path, f"{path}/pack", f"{path}/pack/html", f"{path}/recipients"):
        assert (await desk.get(place, "curious", "registration-officer")).status_code == 404
    assert (await desk.get(path, "one", "dpo")).json()["said"] == "Show me <b>all</b>"


async def test_a_pack_holds_the_picture_of_the_signature_and_not_where_it_is_exempt(desk, elector):
    entry, person = elector
    given = {"signature": PICTURE, "signed_on": "2026-04-20", "date_of_birth": "1980-12-01"}
    assert (await desk.post(f"/electors/{entry}/identifiers", given)).status_code == 200
    path = await asked(desk, person)
    await desk.post(f"{path}/pack", {}, "one", "dpo")
    made = (await desk.get(f"{path}/pack", "two", "dpo")).json()["pack"]
    (signed,) = (line for section in made["sections"] for line in section["lines"] if line["picture"])
    assert signed["what"] == "Identifiers recorded"
    assert b64decode(signed["picture"]).startswith(b"\x89PNG")
    assert f"data:image/png;base64,{signed['picture']}" in (await desk.get(f"{path}/pack/html", "two", "dpo")).text
    kept = {"record": str(identifiers_id(PersonId(person))), "version": 1, "exemption": "crime"}
    await desk.post(f"{path}/pack", {"left_out": [kept]}, "one", "dpo")
    assert signed["picture"] not in (await desk.get(f"{path}/pack/html", "two", "dpo")).text


def test_an_applicant_is_not_told_who_objected_when_a_hearing_was_called():
    applicant, objector, form = (UUID(int=n) for n in (1, 2, 3))
    at = datetime(2026, 3, 12, 9, tzinfo=UTC)
    called = HearingCalled(date(2026, 3, 12), date(2026, 3, 18), PersonId(applicant), (ElectorId(objector),))
    recorded = Recorded(
        called, REGISTRY.of(called).wire, form, "application", 5, 0, 1, at, at, Metadata("officer", "E07000999", "c")
    )
    pack = pack_of(applicant, [Record("Application to register", True, [recorded])])
    assert str(objector) not in str(pack.sections)
    assert any(what.startswith("Hearing called, objectors") for what in pack.withheld)
