"""Attacks: with an anonymous elector present, whoever looks anywhere outside the closed store learns neither who nor where.

What the law prints (a number, N, until when, and so one more entry of the polling district) is all there is to find.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, get_args

import asyncpg
import pytest
from structlog.testing import capture_logs

from services.registration.absent_votes.arrangements import Event as AbsentVoteEvent
from services.registration.anonymous.events import CLOSED
from services.registration.anonymous.following import AnonymousDesk
from services.registration.anonymous.store import closed_store
from services.registration.anonymous.tests.office import (
    ENTERED,
    NAMED,
    ORDER,
    SECRETS,
    Anonymity,
    applied,
    everything_outside,
)
from services.registration.identifiers.decider import Event as IdentifiersEvent
from services.registration.main import service
from services.registration.tests.conftest import Desk, desk
from services.registration.views.register_as_at import Moment, lines
from shared.eventcore.testing.core import AUTHORITY, ring
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.service.auth import ROLES

__all__ = ["desk"]

WORDS = re.compile("|".join(map(re.escape, SECRETS)), re.IGNORECASE)
EVERYBODY = tuple(sorted(ROLES - {NAMED}))
APRIL = date(2026, 4, 2)
LATER = "2026-05-02"
"""When she is on the register, granted in April."""


@pytest.fixture
async def her(desk: Desk) -> Anonymity:
    """She is on the register, and all that could happen to her has; beside her lives an ordinary elector."""
    home = await desk.office.property(7)
    await desk.office.add(home)
    await desk.follow()
    anonymity = await applied(desk, home, APRIL)
    await anonymity.granted()
    desk.office.on(date.fromisoformat(LATER))
    for what in ("document", "reminder"):
        assert (await anonymity.post(what, {})).status_code == 200
    disclosed = {"recipient": "police", "to": "Chief Superintendent Ref 7"}
    assert (await anonymity.post("disclosures", disclosed)).status_code == 200
    await desk.follow()
    return anonymity


def tells(text: str, her: Anonymity) -> list[str]:
    """What of hers stands in a text."""
    case, person = her.desk.closed.case_of("P-2026-0417", AUTHORITY)
    ids = [str(one) for one in (case, person) if str(one) in text or one.hex in text]
    return sorted({*WORDS.findall(text), *ids})


async def test_no_table_outside_the_closed_store_holds_anything_of_hers(desk: Desk):
    home = await desk.office.property(7)
    await desk.follow()
    before = set(await everything_outside(desk))
    her = await applied(desk, home)
    await her.granted()
    await desk.follow()
    new = [row for row in await everything_outside(desk) if row not in before]
    assert new, "her number is printed"
    assert [row for row in new if tells(row, her) or str(home) in row or "Larch" in row] == []


async def test_no_answer_of_any_route_holds_anything_of_hers(desk: Desk, her: Anonymity):
    entry = desk.closed.entry_of(her.case, AUTHORITY)
    paths = (await desk.http.get("/openapi.json")).json()["paths"]
    headers = desk.headers("curious", *EVERYBODY) | {"X-Reason": "looking"}
    asked = 0
    for path, operations in paths.items():
        if "get" not in operations or path.startswith("/anonymous"):
            continue
        needed = {p["name"]: "Quillfeather" for p in operations["get"].get("parameters", ()) if p["in"] == "query"}
        for identity in (entry, her.case, her.home) if "{" in path else ("",):
            place = re.sub(r"\{[^}]+\}", str(identity), path)
            with capture_logs() as logged:
                answer = await desk.http.get(place, headers=headers, params=needed)
            assert WORDS.search(str(logged)) is None, place
            said = answer.text.replace(str(identity), "") if identity else answer.text
            assert tells(said, her) == [], (path, identity)
            asked += 1
    for asked_for in SECRETS:
        found = await desk.http.get("/search", headers=headers, params={"q": asked_for})
        assert (found.status_code, found.json()) == (200, []), asked_for
    assert asked > 50


async def test_the_page_of_her_entry_is_not_found_and_its_story_says_a_number_alone(desk: Desk, her: Anonymity):
    entry = desk.closed.entry_of(her.case, AUTHORITY)
    assert (await desk.get(f"/electors/{entry}")).status_code == 404
    why = (await desk.get(f"/electors/{entry}/why")).json()
    assert [said["text"] for said in why["sentences"]] == [
        "An anonymous entry stands under AB-2 with the notice of alteration published on 1 May 2026."
    ] or tells(str(why), her) == []
    for what in ("correspondents/elector", "correspondents/applicant"):
        for identity in (entry, her.case):
            assert (await desk.get(f"/{what}/{identity}", "sender", "correspondence")).status_code == 404


async def test_no_list_or_total_differs_by_her_where_the_law_does_not_print_her(desk: Desk):
    home = await desk.office.property(7)
    await desk.office.add(home)
    await desk.follow()
    unprinted = (
        f"/properties/{home}/electors", "/applications", "/search?q=Quillfeather", "/search?q=Zephyrine",
        "/search?q=Larch", "/search?q=AB-2", "/search/suggestions?q=Qui", "/declarations/ending", "/potential-electors",
    )  # fmt: skip
    desk.office.on(APRIL)
    before = {path: await shown(desk, path) for path in unprinted}
    counts = (await desk.get(f"/register/counts?effective={LATER}")).json()[0]
    her = await applied(desk, home, APRIL)
    await her.granted()
    assert {path: await shown(desk, path) for path in unprinted} == before
    after = (await desk.get(f"/register/counts?effective={LATER}")).json()[0]
    assert after == counts | {"electors": counts["electors"] + 1, "anonymous": 1}


async def shown(desk: Desk, path: str) -> Any:
    answer = await desk.get(path)
    return answer.status_code, answer.json() if answer.status_code == 200 else ""


async def test_edge_case_16_she_is_in_no_open_register_on_no_device_in_no_letter_and_on_no_review_list(
    desk: Desk, her: Anonymity
):
    entry = desk.closed.entry_of(her.case, AUTHORITY)
    async with desk.office.core.pool.acquire() as conn, conn.transaction():
        at = Moment(date(2026, 5, 2))
        opened = [line async for line in lines(conn, AUTHORITY, at, open_only=True)]
        full = [line async for line in lines(conn, AUTHORITY, at)]
    assert entry not in {line.elector_id for line in opened}
    (hers,) = (line for line in full if line.elector_id == entry)
    assert (hers.name, hers.address, hers.property_id, set(hers.cells)) == (None, (), None, {""})
    for what, body in (("review", {"review": "A", "notice_on": LATER}), ("open-register", {"opted_out": False})):
        refused = await desk.post(f"/electors/{entry}/{what}", body)
        assert refused.status_code in (404, 409), refused.text
    # A household's letter and a canvasser's device are made of the electors of a property, and she is of none.
    occupants = (await desk.get(f"/properties/{her.home}/electors")).json()
    assert str(entry) not in str(occupants)
    assert len(occupants) == 1


async def test_who_took_the_form_cannot_tell_which_entry_came_of_it(desk: Desk, her: Anonymity):
    register = (await desk.get(f"/register?effective={LATER}")).text
    assert str(her.case) not in register
    trail = (await desk.get("/audit?limit=500", "auditor", "auditor")).json()["items"]
    (listing,) = (line for line in trail if line["type"].endswith("anonymous-entry-listed.v1"))
    closed = await desk.closed.history(her.case, AUTHORITY)
    assert (listing["actor"], listing["reason"], listing["causation_id"]) == ("service:registration", "", "")
    assert listing["correlation_id"] not in {e.metadata.correlation_id for e in closed}


async def test_her_application_is_answered_as_any_other(desk: Desk):
    await desk.office.property(7)
    open_one = await desk.post("/applications/entered", ENTERED | {"anonymous": False, "reference": "P-1"})
    hers = await desk.post("/applications/entered", ENTERED)
    assert (hers.status_code, sorted(hers.json()), sorted(hers.headers)) == (
        open_one.status_code, sorted(open_one.json()), sorted(open_one.headers),
    )  # fmt: skip


async def test_the_log_and_the_measures_tell_nothing(desk: Desk, her: Anonymity, capsys, caplog):
    await her.read()
    await her.post("evidence", ORDER | {"kind": "Quillfeather"})
    measures = (await desk.http.get("/metrics")).text
    written = capsys.readouterr()
    for text in (written.out, written.err, caplog.text, measures):
        assert tells(text, her) == []


async def test_no_refusal_repeats_what_was_said_of_her(desk: Desk):
    await desk.office.property(7)
    for wrong in ({"date_of_birth": "Quillfeather"}, {"nino": "QQ123456C"}, {"name": {"last": "Quillfeather" * 9}}):
        refused = await desk.post("/applications/entered", ENTERED | wrong)
        assert refused.status_code == 422
        assert WORDS.search(refused.text) is None
    her = await applied(desk)
    for what, body in (
        ("evidence", ORDER | {"kind": "Quillfeather"}), ("grant", {}), ("proposal", {}), ("document", {}),
        ("disclosures", {"recipient": "Quillfeather", "to": "Zephyrine"}),
    ):  # fmt: skip
        refused = await her.post(what, body)
        assert refused.status_code in (409, 422)
        assert tells(refused.text, her) == []


async def test_at_rest_the_closed_store_is_sealed_with_keys_of_its_own(desk: Desk, her: Anonymity):
    pool = desk.closed.pool
    tables = await pool.fetch("SELECT table_name FROM information_schema.tables WHERE table_schema = 'anonymous'")
    rows = [str(row) for (table,) in tables for row in await pool.fetch(f"SELECT t::text FROM anonymous.{table} t")]
    assert [row for row in rows if WORDS.search(row) or str(her.home) in row] == []
    async with closed_store(desk.office.core.url, ring(), desk.office.core.clock) as burgled:
        with pytest.raises(Exception, match="does not open under master key"):
            await burgled.history(her.case, AUTHORITY)


def test_the_published_language_has_no_word_for_whom_it_is_about():
    for wire, kind in REGISTRY.context("registration").items():
        if "anonymous-entry" in wire:
            assert (kind.subject, kind.personal) == (None, frozenset())
            assert not {"person_id", "property_id", "name", "address"} & set(kind.cls.__dataclass_fields__)
    alike = {*get_args(AbsentVoteEvent), *get_args(IdentifiersEvent)}
    shared = {kind.wire for kind in CLOSED.by_wire.values() if kind.cls in alike}
    assert REGISTRY.by_wire.keys() & {wire for wire in CLOSED.by_wire if ".core." not in wire} == shared


@pytest.mark.parametrize("path", ["/anonymous/cases", "/anonymous/cases/{case}", "/anonymous/cases/{case}/certificate"])
async def test_only_officers_named_for_it_open_the_store_and_only_for_a_purpose(desk: Desk, her: Anonymity, path: str):
    place = path.format(case=her.case)
    for role in EVERYBODY:
        refused = await desk.http.get(place, headers=desk.headers("curious", role) | {"X-Reason": "looking"})
        assert (refused.status_code, tells(refused.text, her)) == (404, [])
    without = await desk.http.get(place, headers=desk.headers("named one", NAMED))
    assert (without.status_code, without.json()["type"]) == (400, "urn:moothall:problem:purpose-required")
    reads = (await desk.get("/anonymous/reads", "watcher", "dpo")).json()
    assert not any(read["record"] == str(her.case) for read in reads)


async def test_another_councils_named_officer_finds_nothing(desk: Desk, her: Anonymity):
    stranger = desk.idp.bearer(roles=[NAMED], authorities=["E07000041"]) | {"X-Reason": "looking"}
    assert (await desk.http.get(f"/anonymous/cases/{her.case}", headers=stranger)).status_code == 404
    assert (await desk.http.get("/anonymous/cases", headers=stranger)).json() == []


async def test_each_read_is_on_record_with_its_purpose_and_says_not_whom_it_was_about(desk: Desk, her: Anonymity):
    await her.read(reason="she rang about her certificate")
    (read, *_) = (await desk.get("/anonymous/reads", "watcher", "dpo")).json()
    assert (read["kind"], read["record"], read["purpose"]) == ("case", str(her.case), "she rang about her certificate")
    assert WORDS.search(str(read)) is None
    assert (await desk.get("/reads?limit=500", "watcher", "dpo")).text.find(str(her.case)) == -1


async def test_the_role_of_the_api_changes_nothing_in_the_closed_history(desk: Desk, her: Anonymity):
    conn = await asyncpg.connect(as_api(desk.office.core.url), server_settings={"search_path": "anonymous"})
    try:
        for attack in (
            "UPDATE event SET payload = '{}'",
            "DELETE FROM read_log",
            "TRUNCATE event",
            "SELECT * FROM subject_key",
        ):
            try:
                taken = await conn.fetch(attack)
            except asyncpg.PostgresError:
                continue
            assert taken == [], attack
    finally:
        await conn.close()


async def test_the_desk_may_look_again_and_again(desk: Desk, her: Anonymity):
    core = desk.office.core
    before = await core.pool.fetchval("SELECT count(*) FROM event")
    assert await AnonymousDesk(core.execute, core.opener, desk.closed).look() == 0
    assert await core.pool.fetchval("SELECT count(*) FROM event") == before


def test_no_policy_view_or_measure_of_the_service_hears_the_closed_language():
    heard = {wire for policy in service.policies for wire in policy.wires}
    heard |= {wire for view in service.views for wire in view.handlers}
    assert not {wire for wire in heard if wire.startswith("moothall.anonymous.")}
