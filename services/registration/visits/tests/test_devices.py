"""A device acts for a visiting officer on one round: enrolled with a code that works once, until its pass is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.registration.canvass.tests.office import Canvassers
from services.registration.visits.devices import ACTS_FOR, CODE_GOOD_FOR, Pass
from services.registration.visits.tests.test_visits import AUGUST, PASSPHRASE, record, round_for, street
from shared.eventcore.keys import BlindIndex

WRONG = "urn:moothall:problem:wrong-enrolment-code"
BLIND, NOON = BlindIndex(b"k" * 32), datetime(2026, 8, 17, 12, tzinfo=UTC)


async def a_code(canvassers: Canvassers, identity: str) -> str:
    return str((await canvassers.said(f"/rounds/{identity}/enrolment", None))["code"])


async def enrolled(canvassers: Canvassers, code: str, device: str = "tablet-1"):
    return await canvassers.http.post("/canvass-app/enrolments", json={"code": code, "device": device})


async def bearer(canvassers: Canvassers, identity: str) -> dict[str, str]:
    answer = await enrolled(canvassers, await a_code(canvassers, identity))
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}", "Idempotency-Key": "once"}


async def test_an_enrolled_device_downloads_walks_and_uploads_its_round_in_the_name_of_its_officer(canvassers):
    await street(canvassers)
    identity = await round_for(canvassers)
    device = await bearer(canvassers, identity)
    taken = {"device": "tablet-1", "passphrase": PASSPHRASE}
    assert (await canvassers.http.post(f"/rounds/{identity}/download", json=taken, headers=device)).status_code == 200
    (first, *_) = (await canvassers.http.get(f"/rounds/{identity}", headers=device)).json()
    sent = {"device": "tablet-1", "records": [record(first)]}
    uploaded = await canvassers.http.post(f"/rounds/{identity}/records", json=sent, headers=device)
    assert [answer["status"] for answer in uploaded.json()] == ["recorded"]
    actor = await canvassers.office.core.pool.fetchval(
        "SELECT metadata->>'actor' FROM event ORDER BY position DESC LIMIT 1"
    )
    assert actor == canvassers.id_of("vo")


async def test_a_device_sees_its_own_round_and_nothing_else(canvassers):
    await street(canvassers)
    identity = await round_for(canvassers)
    device = await bearer(canvassers, identity)
    await canvassers.said(f"/rounds/{identity}/end", None)
    await canvassers.follow()
    other = await round_for(canvassers)
    listed = (await canvassers.http.get("/rounds?open=false", headers=device)).json()
    assert [line["round_id"] for line in listed] == [identity]
    for path in (f"/rounds/{other}", "/canvasses/2026/conflicts", "/register", "/applications"):
        assert (await canvassers.http.get(path, headers=device)).status_code == 404, path


async def test_a_code_works_once_and_the_latest_alone(canvassers):
    await street(canvassers)
    identity = await round_for(canvassers)
    earlier, code = await a_code(canvassers, identity), await a_code(canvassers, identity)
    assert (await enrolled(canvassers, earlier)).json()["type"] == WRONG
    assert (await enrolled(canvassers, f" {code.upper()} ")).status_code == 200
    assert (await enrolled(canvassers, code, "tablet-2")).json()["type"] == WRONG


async def test_a_code_is_good_for_a_day_and_not_for_a_round_that_ended(canvassers):
    await street(canvassers)
    identity = await round_for(canvassers)
    code = await a_code(canvassers, identity)
    canvassers.office.on(AUGUST + CODE_GOOD_FOR + timedelta(days=1))
    assert (await enrolled(canvassers, code)).json()["type"] == WRONG
    code = await a_code(canvassers, identity)
    await canvassers.said(f"/rounds/{identity}/end", None)
    assert (await enrolled(canvassers, code)).json()["type"] == WRONG


@pytest.mark.parametrize("code", ["nonsense", "a.b.c", "E07000999.00000000000040008000000000000001.secret"])
async def test_whoever_guesses_learns_nothing(canvassers, code):
    answer = await enrolled(canvassers, code)
    assert (answer.status_code, answer.json()["type"]) == (409, WRONG)


async def test_a_pass_ends_and_the_device_is_told_to_enrol_again(canvassers):
    await street(canvassers)
    identity = await round_for(canvassers)
    device = await bearer(canvassers, identity)
    canvassers.office.on(AUGUST + ACTS_FOR + timedelta(days=1))
    answer = await canvassers.http.get(f"/rounds/{identity}", headers=device)
    assert (answer.status_code, answer.json()["next"]) == (401, "Ask the electoral office for a new enrolment code.")


async def test_no_code_stands_in_the_history(canvassers):
    await street(canvassers)
    identity = await round_for(canvassers)
    secret = (await a_code(canvassers, identity)).rpartition(".")[2]
    texts = await canvassers.office.core.pool.fetch("SELECT payload::text || metadata::text AS text FROM event")
    assert not any(secret in row["text"] for row in texts)


async def test_a_canvasser_issues_no_code(canvassers):
    await street(canvassers)
    identity = await round_for(canvassers)
    assert (await canvassers.post(f"/rounds/{identity}/enrolment", None, "vo", "canvasser")).status_code == 404


def test_a_pass_that_was_changed_or_made_with_another_key_opens_nothing():
    own = Pass("E07000999", UUID(int=7), "officer", NOON + ACTS_FOR)
    token = own.signed(BLIND)
    assert Pass.read(token, BLIND, NOON) == own
    assert Pass.read(token, BlindIndex(b"x" * 32), NOON) is None
    assert Pass.read(token[:-4] + "AAAA", BLIND, NOON) is None
    assert Pass.read(f"{token}.more", BLIND, NOON) is None
    assert Pass.read(token, BLIND, NOON + ACTS_FOR + timedelta(seconds=1)) is None
