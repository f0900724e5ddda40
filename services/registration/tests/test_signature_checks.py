"""The image check: what waits for it, who sees the pictures and why, and what an officer decides."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.registration.identifiers.decider import (
    AcceptSignature,
    AskForFreshSignature,
    WaiveSignature,
    identifiers,
)
from services.registration.identifiers.signature import weakness
from services.registration.identifiers.tests.test_signature import as_file, drawn
from services.registration.tests.conftest import Desk
from services.registration.tests.test_identifiers import ADA, BORN, GIVEN, HERSELF, IMAGE, TODAY
from shared.eventcore.testing.specs import spec
from shared.events.registration import FreshSignatureRequested, IdentifiersRecorded, SignatureAccepted

CHECKER, WHY = "identifier-checker", {"X-Reason": "image check"}
CAME_IN = IdentifiersRecorded(ADA, HERSELF, IMAGE, date(2026, 4, 20), BORN)
ACCEPT = AcceptSignature(IMAGE, TODAY)
ASK = AskForFreshSignature(IMAGE, "elector", "too-small", TODAY)


def test_a_signature_is_accepted_or_a_better_one_is_asked_for():
    spec(identifiers).given(CAME_IN).when(ACCEPT).then(SignatureAccepted(ADA, HERSELF, IMAGE, TODAY))
    asked = FreshSignatureRequested(ADA, HERSELF, IMAGE, "elector", "too-small", TODAY)
    spec(identifiers).given(CAME_IN).when(ASK).then(asked)


@pytest.mark.parametrize("again", [ACCEPT, ASK])
def test_a_check_is_settled_once(again: Any):
    accepted = SignatureAccepted(ADA, HERSELF, IMAGE, TODAY)
    spec(identifiers).given(CAME_IN, accepted).when(again).refused("signature-checked-already")


@pytest.mark.parametrize("late", [ACCEPT, ASK])
def test_nothing_is_decided_of_a_picture_that_another_has_replaced(late: Any):
    newer = IdentifiersRecorded(ADA, HERSELF, UUID(int=4), TODAY, BORN)
    spec(identifiers).given(CAME_IN, newer).when(late).refused("another-signature")
    (waived,) = spec(identifiers).given(CAME_IN).when(WaiveSignature(ADA, HERSELF, TODAY, BORN, "a tremor")).events
    spec(identifiers).given(CAME_IN, waived).when(late).refused("another-signature")


def test_the_same_picture_sent_again_waits_again():
    asked = FreshSignatureRequested(ADA, HERSELF, IMAGE, "elector", "too-small", TODAY)
    accepted = SignatureAccepted(ADA, HERSELF, IMAGE, TODAY)
    spec(identifiers).given(CAME_IN, asked, CAME_IN).when(ACCEPT).then(accepted)


def test_measuring_a_good_picture_finds_nothing_and_one_cut_off_is_told():
    assert weakness(as_file(drawn())) is None
    cut = drawn()
    cut = cut.crop((cut.width // 3, 0, cut.width, cut.height))
    found = weakness(as_file(cut))
    assert found is not None
    assert found.name == "signature-touches-the-edge"


async def test_a_signature_that_comes_in_is_compared_with_the_one_on_record(desk: Desk):
    person = await _signed(desk)
    (line,) = await _queue(desk)
    assert (line["person_id"], line["whose"], line["on_record_signed_on"]) == (str(person), "elector", None)
    first = await _page(desk, person)
    assert first["on_record"] is None
    assert "does-not-match" not in {each["fault"] for each in first["faults"]}, "there is nothing to match"
    assert (await _settle(desk, person, "acceptance", first)).status_code == 200
    await desk.follow()
    assert await _queue(desk) == []

    await _send(desk, line["elector_id"], _another(), "2026-04-21")
    second = await _page(desk, person)
    assert (second["on_record"], second["on_record_signed_on"]) == (first["image_id"], "2026-04-20")
    for image in (second["image_id"], second["on_record"]):
        shown = await desk.http.get(f"/signature-checks/{person}/images/{image}", headers=_may(desk))
        assert shown.content.startswith(b"\x89PNG")
        assert shown.headers["Cache-Control"] == "no-store"


async def test_what_was_found_wanting_is_nothing_to_compare_with(desk: Desk):
    person = await _signed(desk)
    first = await _page(desk, person)
    await _settle(desk, person, "acceptance", first)
    await desk.follow()
    (line,) = await _queue(desk, "accepted")
    await _send(desk, line["elector_id"], _another(), "2026-04-21")
    second = await _page(desk, person)
    await _settle(desk, person, "fresh-signature", second, fault="does-not-match")
    await desk.follow()
    (asked,) = await _queue(desk, "asked-again")
    assert (asked["fault"], asked["settled_on"]) == ("does-not-match", "2026-04-21")
    await _send(desk, line["elector_id"], GIVEN["signature"], "2026-04-21")
    assert (await _page(desk, person))["on_record"] == first["image_id"]


async def test_pictures_are_for_who_checks_them_and_each_look_says_why_and_is_written_down(desk: Desk):
    person = await _signed(desk)
    image = (await _page(desk, person))["image_id"]
    paths = [f"/signature-checks/{person}", f"/signature-checks/{person}/images/{image}"]
    for path in ["/signature-checks", *paths]:
        headers = desk.headers("officer", "ero-deputy", "registration-officer", "postal-team") | WHY
        assert (await desk.http.get(path, headers=headers)).status_code == 404
    for path in paths:
        silent = await desk.http.get(path, headers=desk.headers("checker", CHECKER))
        assert silent.json()["type"].endswith("purpose-needed")
    body = {"image_id": image}
    assert (await desk.post(f"/signature-checks/{person}/acceptance", body, "o", "ero-deputy")).status_code == 404
    missing = await desk.http.get(f"/signature-checks/{person}/images/{UUID(int=77)}", headers=_may(desk))
    assert missing.status_code == 404, "no picture but those of the check"
    await desk.http.get(paths[1], headers=_may(desk))
    reads = (await desk.get(f"/reads?record={person}", "audit", "auditor")).json()
    assert {(read["kind"], read["purpose"]) for read in reads} == {("signature image", "image check")}


async def test_nothing_waits_of_somebody_who_need_not_sign(desk: Desk):
    await _signed(desk)
    (line,) = await _queue(desk)
    waiver = {"reason": "a tremor", "date_of_birth": "1980-12-01"}
    await desk.post(f"/electors/{line['elector_id']}/identifiers/waiver", waiver)
    await desk.follow()
    assert await _queue(desk) == []


async def _signed(desk: Desk) -> UUID:
    """A person whose first signature waits for its check."""
    desk.office.on(TODAY)
    elector, person = await desk.office.add(await desk.office.property(1))
    await _send(desk, str(elector), GIVEN["signature"], "2026-04-20")
    return person


async def _send(desk: Desk, elector: str, picture: str, signed_on: str) -> None:
    answer = await desk.post(f"/electors/{elector}/identifiers", GIVEN | {"signature": picture, "signed_on": signed_on})
    assert answer.is_success, answer.text
    await desk.follow()


async def _queue(desk: Desk, state: str = "waiting") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await desk.get(f"/signature-checks?state={state}", "c", CHECKER)).json()["items"]
    return items


async def _page(desk: Desk, person: UUID) -> dict[str, Any]:
    answer = await desk.http.get(f"/signature-checks/{person}", headers=_may(desk))
    assert answer.is_success, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def _settle(desk: Desk, person: UUID, how: str, page: dict[str, Any], **more: str) -> Any:
    return await desk.post(f"/signature-checks/{person}/{how}", {"image_id": page["image_id"], **more}, "c", CHECKER)


def _may(desk: Desk) -> dict[str, str]:
    return desk.headers("checker", CHECKER) | WHY


def _another() -> str:
    """A signature that looks otherwise."""
    return b64encode(as_file(drawn().rotate(4, fillcolor="white"))).decode()
