"""The lists of absent voters of a poll as copies: made from the events for those entitled, the same bytes for ever."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from pypdf import PdfReader

from services.registration.supply.tests.test_supplies import made, refused, released, requested, rows
from services.registration.tests.conftest import Desk
from services.registration.tests.test_absent_votes import a_poll
from services.registration.views.polls import Poll
from shared.eventcore.execute import subject_stream
from shared.eventcore.testing.core import AUTHORITY
from shared.events.values import PersonId

CANDIDATE = {
    "applicant": "D Sample", "recipient": "candidate", "document": "absent-voter-lists", "purpose": "electoral purposes",
    "in_writing": True, "areas": ["AB"], "poll": "2026-05-07", "poll_kind": "local", "layout": "absent-voters-csv",
}  # fmt: skip


async def announced(desk: Desk, *kinds: str) -> None:
    """Elections tell of polls on that day."""
    table = Poll.__table__.fullname
    for kind in kinds:
        await desk.office.core.pool.execute(
            f"INSERT INTO {table} (authority, election_id, poll_type, polling_day, cancelled) VALUES ($1, $2, $3, $4, false)",
            AUTHORITY, uuid4(), kind, date(2026, 5, 7),
        )  # fmt: skip


async def proof_of(desk: Desk, supply: str) -> dict[str, Any]:
    await desk.follow()
    told: dict[str, Any] = (await desk.get(f"/supplies/{supply}/proof")).json()
    return told


async def test_a_candidate_has_the_three_lists_of_the_poll_as_one_file(desk: Desk):
    await a_poll(desk)
    copy = await rows(desk, await released(desk, CANDIDATE))
    assert [(v["List"], v["Elector Number"], v["Elector Surname"], v["Sent To 1"], v["Proxy Surname"]) for v in copy] == [
        ("Postal", "1", "Marshx", "10 Gorse Lane", ""), ("Postal", "9", "", "", ""),
        ("Proxy", "2", "Marshxx", "", "Fern"), ("Proxy", "3", "Marshxxx", "", "Fern"),
        ("Postal proxy", "3", "Marshxxx", "9 Harbour Row", "Fern"),
    ]  # fmt: skip
    assert {v["Elector Markers"] for v in copy if v["Elector Number"] == "9"} == {"N"}


async def test_the_lists_come_as_workbook_as_paper_and_in_the_layout_of_another_vendor(desk: Desk):
    await a_poll(desk)
    book = await desk.get(f"/supplies/{await released(desk, CANDIDATE, layout='absent-voters-xlsx')}/file")
    assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(book.content)).namelist()
    paper = await desk.get(f"/supplies/{await released(desk, CANDIDATE, form='print')}/file")
    words = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(paper.content)).pages).split())
    order = [
        "poll on 7 May 2026",
        "Postal voters: polling district AB",
        "MARSHX, Ada",
        "Proxies:",
        "Proxy postal voters:",
    ]
    assert sorted(order, key=words.index) == order
    assert "Person" not in words
    eros = await desk.get(f"/supplies/{await released(desk, CANDIDATE, layout='eros-absent')}/file")
    title, *table = io.StringIO(eros.text)
    assert title.startswith('"Idox Eros')
    last = list(csv.DictReader(table))[-1]
    assert (last["Absent_Status"], last["Proxy_Name"], last["Send_Postcode"], last["Election_Date"]) == (
        "Postal proxy", "Ben Fern", "ZZ2 2BB", "07/05/2026",
    )  # fmt: skip


async def test_lists_that_were_supplied_stay_the_same_whatever_is_granted_or_ended_afterwards(desk: Desk):
    by_post, _, by_proxy, *_ = await a_poll(desk)
    supply = await released(desk, CANDIDATE)
    first = (await desk.get(f"/supplies/{supply}/file")).content
    ended = await desk.post(f"/electors/{by_post}/postal-vote/cancellation", {})
    assert ended.status_code == 200, ended.text
    new = await desk.post(
        f"/electors/{by_proxy}/postal-vote", {"kind": "maximum", "applied_at": "2026-04-20T09:00:00Z"}
    )
    assert new.status_code == 200, new.text
    proof = await proof_of(desk, supply)
    assert proof["equal"], "the copy that was handed over"
    later = (await desk.get(f"/supplies/{await released(desk, CANDIDATE)}/file")).content
    assert (await desk.get(f"/supplies/{supply}/file")).content == first != later


async def test_lists_are_reproducible_but_for_a_proxy_who_was_erased(desk: Desk):
    _, by_proxy, *_ = await a_poll(desk)
    supply = await released(desk, CANDIDATE)
    page = (await desk.get(f"/electors/{by_proxy}/absent-votes")).json()
    proxy = PersonId(UUID(page["arrangements"][0]["proxy_id"]))
    await desk.office.erase(proxy)
    proof = await proof_of(desk, supply)
    assert (proof["equal"], proof["reproducible"]) == (False, True)
    assert [erasure.split("@")[0] for erasure in proof["erasures"]] == [str(subject_stream(proxy))]


async def test_the_kind_of_poll_is_the_one_that_elections_announced_and_is_named_where_there_are_more(desk: Desk):
    await a_poll(desk)
    unnamed = {**CANDIDATE, "poll_kind": None}
    [none] = (await refused(desk, "invalid-request", unnamed))["errors"]
    assert (none["rule"], none["message"]) == ("poll-kind-not-named", "No poll is announced for that day.")
    await announced(desk, "local")
    supply = (await requested(desk, unnamed))["supply_id"]
    await made(desk, supply)
    await announced(desk, "pcc")
    [many] = (await refused(desk, "invalid-request", unnamed))["errors"]
    assert "local, pcc" in many["message"]


async def test_nobody_without_an_entitlement_has_the_lists(desk: Desk):
    await a_poll(desk)
    await refused(desk, "not-entitled-to-that", CANDIDATE, recipient="credit-reference-agency")
    await refused(desk, "open-register-only", CANDIDATE, recipient="anyone")
