"""Publishing: two officers, frozen positions, the same text for ever; and the register as a file."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
from datetime import date

from services.registration.electors.commands import AmendElector, ChangeOpenRegisterPreference, RemoveElector
from services.registration.exchange.register_csv import COLUMNS
from services.registration.tests.conftest import Desk
from shared.events.values import EvidenceSource, FranchiseFacts, PersonName

MAY = date(2026, 5, 1)
"""A day on which a monthly notice is due."""


async def prepared(desk: Desk, user: str = "first", **what: object) -> dict:
    answer = await desk.post("/notices/drafts", {"kind": "monthly", **what}, user)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def published(desk: Desk, **what: object) -> str:
    draft = (await prepared(desk, **what))["draft"]
    answer = await desk.post("/notices", {"draft": draft}, "second")
    assert answer.status_code == 200, answer.text
    await desk.follow()
    return answer.json()["stream_id"]


async def renumbered(desk: Desk, publish_on: date) -> None:
    answer = await desk.post("/renumberings", {"publish_on": publish_on.isoformat()})
    assert answer.status_code == 202, answer.text
    while True:
        if (await desk.get(f"/renumberings/{publish_on}")).json()["completed"]:
            break
        await asyncio.sleep(0.02)
    await desk.follow()


async def rows_of(desk: Desk, path: str) -> list[dict[str, str]]:
    answer = await desk.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_a_notice_holds_what_changes_that_day_and_nothing_else(desk: Desk):
    home = await desk.office.property()
    await desk.office.add(home, 1)
    await desk.office.add(home, 2, effective_on=MAY, name=PersonName("Bea", "Fern"))
    gone, _ = await desk.office.add(home, 3, name=PersonName("Cy", "Moss"))
    renamed, _ = await desk.office.add(home, 4, name=PersonName("Di", "Reed"))
    await desk.office.add(home, 5, effective_on=date(2026, 6, 1), name=PersonName("Ed", "Sedge"))
    desk.office.on(date(2026, 4, 10))
    died = EvidenceSource("death-certificate", "register office", date(2026, 4, 9))
    await desk.office.change(gone, RemoveElector("death-certificate", date(2026, 4, 10), (died,)))
    await desk.office.change(renamed, AmendElector(PersonName("Di", "Reed-Rush"), date(2026, 4, 10)))
    desk.office.on(MAY)
    await desk.follow()
    notice = await published(desk)
    changes = {(r["Change"], r["Elector Surname"]) for r in await rows_of(desk, f"/notices/{notice}.csv")}
    assert changes == {("A", "Fern"), ("D", "Moss"), ("M", "Reed-Rush")}
    [told] = (await desk.get("/notices")).json()
    assert (told["additions"], told["removals"], told["amendments"]) == (1, 1, 1)


async def test_a_published_notice_reads_the_same_whatever_happens_later(desk: Desk):
    home = await desk.office.property()
    elector, _ = await desk.office.add(home, 1, effective_on=MAY)
    desk.office.on(MAY)
    await desk.follow()
    notice = await published(desk)
    first = (await desk.get(f"/notices/{notice}.csv")).content
    await desk.office.change(elector, AmendElector(PersonName("Other", "Name"), MAY))
    await desk.office.add(home, 2, effective_on=MAY, name=PersonName("Late", "Comer"))
    await desk.follow()
    again = (await desk.get(f"/notices/{notice}.csv")).content
    assert again == first
    [told] = (await desk.get("/notices")).json()
    assert hashlib.sha256(again).hexdigest() == told["content_sha256"]


async def test_the_officer_who_prepared_a_notice_does_not_publish_it(desk: Desk):
    desk.office.on(MAY)
    await desk.follow()
    draft = (await prepared(desk, "first"))["draft"]
    answer = await desk.post("/notices", {"draft": draft}, "first")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:moothall:problem:publication-needs-two")


async def test_a_draft_cannot_be_forged_or_used_on_another_day(desk: Desk):
    desk.office.on(MAY)
    await desk.follow()
    draft = (await prepared(desk))["draft"]
    assert (await desk.post("/notices", {"draft": draft[:-4] + "AAAA"}, "second")).status_code == 422
    desk.office.on(date(2026, 5, 5))
    assert (await desk.post("/notices", {"draft": draft}, "second")).status_code == 422


async def test_a_notice_on_a_day_that_the_law_does_not_set_is_refused(desk: Desk):
    desk.office.on(date(2026, 5, 5))
    await desk.follow()
    draft = (await prepared(desk))["draft"]
    answer = await desk.post("/notices", {"draft": draft}, "second")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:moothall:problem:wrong-publication-day")
    assert "1 May 2026" in answer.json()["detail"]


async def test_an_election_notice_takes_only_its_polling_districts(desk: Desk):
    """7 May 2026: the final notice is due on 29 April (registration-law.md 3.2)."""
    final = date(2026, 4, 29)
    inside, outside = await desk.office.property(1, "AB"), await desk.office.property(2, "CD", street="Far Row")
    await desk.office.add(inside, 1, effective_on=final, name=PersonName("In", "Side"))
    await desk.office.add(outside, 1, "CD", effective_on=final, name=PersonName("Out", "Side"))
    desk.office.on(final)
    await desk.follow()
    poll = {"poll_type": "local", "polling_day": "2026-05-07"}
    notice = await published(desk, kind="final", poll=poll, areas=["AB"])
    assert [r["Elector Forename"] for r in await rows_of(desk, f"/notices/{notice}.csv")] == ["In"]


async def test_the_revised_register_is_published_whole(desk: Desk):
    home = await desk.office.property()
    for n in (1, 2, 3):
        await desk.office.add(home, n)
    desk.office.on(date(2026, 12, 1))
    await desk.follow()
    await renumbered(desk, date(2026, 12, 1))
    notice = await published(desk, kind="revised-register")
    assert len(await rows_of(desk, f"/notices/{notice}.csv")) == 3
    [told] = (await desk.get("/notices")).json()
    assert (told["kind"], told["electors"]) == ("revised-register", 3)


async def test_the_open_register_is_the_full_one_without_those_who_opted_out_and_the_anonymous(desk: Desk):
    home = await desk.office.property()
    await desk.office.add(home, 1, name=PersonName("Open", "Oak"), opted_out=False)
    await desk.office.add(home, 2, name=PersonName("Shut", "Shaw"), opted_out=True)
    await desk.office.add(home, 3, name=PersonName("Hidden", "Heath"), anonymous=True)
    later, _ = await desk.office.add(home, 4, name=PersonName("Later", "Lee"), opted_out=False)
    desk.office.on(date(2026, 4, 10))
    await desk.office.change(later, ChangeOpenRegisterPreference(True, date(2026, 4, 10)))
    await desk.follow()
    text = (await desk.get("/register.csv?effective=2026-04-20")).text
    assert text.startswith(",".join(COLUMNS) + "\r\n")
    assert text.count("\n") == text.count("\r\n") == 5
    full = await rows_of(desk, "/register.csv?effective=2026-04-20")
    assert [r["Elector Surname"] for r in full] == ["Oak", "Shaw", "Lee", ""]
    assert full[-1]["Elector Markers"] == "N"
    assert not any(full[-1][c] for c in COLUMNS if c.startswith(("Address", "PostCode", "Elector Forename")))
    before = await rows_of(desk, "/register.csv?edition=open&effective=2026-04-20")
    after = await rows_of(desk, "/register.csv?edition=open&effective=2026-05-01")
    assert [r["Elector Surname"] for r in before] == ["Oak", "Lee"]
    assert [r["Elector Surname"] for r in after] == ["Oak"]


async def test_a_date_of_birth_stands_beside_an_attainer_only(desk: Desk):
    home = await desk.office.property()
    born = FranchiseFacts(date_of_birth=date(2009, 1, 2), nationalities=("GB",))
    await desk.office.add(home, 1, name=PersonName("Young", "Yew"), franchise=born)
    await desk.office.add(home, 2, name=PersonName("Grown", "Gale"))
    await desk.follow()
    rows = await rows_of(desk, "/register.csv?effective=2026-05-01")
    assert {r["Elector Surname"]: r["Elector DOB"] for r in rows} == {"Yew": "02/01/2027", "Gale": ""}


async def test_an_export_and_a_page_are_written_down_before_they_are_given(desk: Desk):
    await desk.follow()
    await desk.get("/register.csv")
    answer = await desk.get("/reads", "auditor", "auditor")
    assert [r["kind"] for r in answer.json()] == ["register export"]


async def test_nobody_without_the_role_gets_a_register_or_publishes(desk: Desk):
    await desk.follow()
    for user_role in ("canvasser", "finance-clerk", "operator"):
        assert (await desk.get("/register.csv", "x", user_role)).status_code == 404
        assert (await desk.post("/notices/drafts", {"kind": "monthly"}, "x", user_role)).status_code == 404


async def test_who_publishes_sees_what_was_frozen_and_who_prepared_it_is_told_so(desk: Desk):
    home = await desk.office.property()
    await desk.office.add(home, 1, effective_on=MAY, name=PersonName("Bea", "Fern"))
    desk.office.on(MAY)
    await desk.follow()
    made = await prepared(desk)
    seen = {who: (await desk.get(f"/notices/drafts?draft={made['draft']}", who)).json() for who in ("first", "second")}
    assert (seen["first"].pop("own"), seen["second"].pop("own")) == (True, False)
    assert seen["first"] == seen["second"] == {**made, "poll": None, "areas": []}
    assert (await desk.get("/notices/drafts?draft=AAAA", "second")).status_code == 422
