"""An anonymous elector's returned postal vote is checked against what she signed; only a named officer who checks votes sees it."""

from __future__ import annotations

from base64 import b64decode, b64encode

import httpx

from services.registration.anonymous.tests.office import NAMED, Anonymity, applied, everything_outside
from services.registration.anonymous.tests.test_absent_voting import PROXY, listed
from services.registration.tests.conftest import Desk, desk
from services.registration.tests.test_identifiers import PICTURE

__all__ = ["desk"]
GIVEN = {"signature": PICTURE, "signed_on": "2026-03-02", "date_of_birth": "1979-04-17"}
WAIVED = {"reason": "a tremor", "helped_by": "her sister", "date_of_birth": "1979-04-17"}


def type_of(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


async def released(
    her: Anonymity,
    whose: str = "",
    purpose: str = "opening 1 of May",
    roles: tuple[str, ...] = (NAMED, "identifier-checker"),
) -> httpx.Response:
    headers = her.desk.headers("named one", *roles) | {"X-Reason": purpose}
    return await her.desk.http.get(f"/anonymous/cases/{her.case}{whose}/identifiers", headers=headers)


async def entered(desk: Desk) -> Anonymity:
    her = await applied(desk)
    await her.granted()
    assert (await her.post("postal-vote", {})).status_code == 200
    return her


async def test_what_she_signed_is_released_to_a_named_officer_who_checks_votes_and_each_time_is_on_record(desk: Desk):
    her = await entered(desk)
    given = await her.post("identifiers", GIVEN)
    assert given.status_code == 200, given.text
    shown = (await released(her)).json()
    assert (shown["date_of_birth"], shown["waived"], shown["signed_on"]) == ("1979-04-17", False, "2026-03-02")
    assert b64decode(shown["signature"]).startswith(b"\x89PNG")
    (read, *_) = (await desk.get("/anonymous/reads", "watcher", "dpo")).json()
    assert (read["kind"], read["purpose"]) == ("personal identifiers", "opening 1 of May")


async def test_neither_who_is_named_nor_who_checks_votes_sees_it_without_the_other_right_or_without_a_purpose(
    desk: Desk,
):
    her = await entered(desk)
    await her.post("identifiers", GIVEN)
    for roles in ((NAMED,), ("identifier-checker",), ("ero-deputy",)):
        assert (await released(her, roles=roles)).status_code == 404
    assert type_of(await released(her, purpose=" ")) == "purpose-required"
    assert (await released(her)).status_code == 200


async def test_a_waiver_takes_the_place_of_a_signature_and_needs_its_reason(desk: Desk):
    her = await entered(desk)
    assert type_of(await her.post("identifiers/waiver", WAIVED | {"reason": " "})) == "waiver-reason-needed"
    assert (await released(her)).status_code == 404
    await her.post("identifiers", GIVEN)
    await her.post("identifiers/waiver", WAIVED)
    shown = (await released(her)).json()
    assert (shown["waived"], shown["signature"]) == (True, "")


async def test_her_proxy_votes_by_post_with_a_signature_of_their_own(desk: Desk):
    her = await entered(desk)
    assert type_of(await her.post("proxy/identifiers", GIVEN)) == "no-proxy"
    assert type_of(await her.post("proxy/postal-vote", {})) == "no-proxy"
    await her.post("proxy", PROXY)
    stranger = {"proxy_name": {"first": "Somebody", "last": "Else", "middle": ""}}
    assert type_of(await her.post("proxy/postal-vote", stranger)) == "not-their-proxy"
    assert (await her.post("proxy/postal-vote", {})).status_code == 200
    assert (await her.post("proxy/identifiers", GIVEN | {"date_of_birth": "1961-01-30"})).status_code == 200
    (row,) = await listed(her)  # type: ignore[misc]
    assert (row["way"], row["name"], row["send_to"]) == (
        "postal-proxy", "Perpetua Standish", ["4", "Alder Row", "Gavelford", "ZZ9 8ZZ"],
    )  # fmt: skip
    assert (await released(her, "/proxy")).json()["date_of_birth"] == "1961-01-30"
    assert (await released(her)).status_code == 404
    assert (await her.post("proxy/postal-vote/cancellation", {})).status_code == 200
    (row,) = await listed(her, "2026-06-04")  # type: ignore[misc]
    assert row["way"] == "proxy"


async def test_every_application_may_be_refused_with_reasons_and_one_answered_before_is_not_answered_again(desk: Desk):
    her = await entered(desk)
    await her.post("proxy", PROXY)
    for what in ("postal-vote", "proxy", "proxy/postal-vote"):
        assert type_of(await her.post(f"{what}/refusal", {"reasons": []})) != ""
        said = {"reasons": ["identity-not-confirmed"], "reference": f"R {what}"}
        refused = await her.post(f"{what}/refusal", said)
        assert (refused.status_code, len(refused.json()["events"])) == (200, 1), refused.text
        again = await her.post(f"{what}/refusal", said)
        assert again.json()["events"] == []


async def test_no_row_outside_the_closed_store_tells_that_anybody_signed_and_no_picture_lies_open_within(desk: Desk):
    her = await entered(desk)
    before = sorted(await everything_outside(desk))
    await her.post("identifiers", GIVEN)
    await her.post("proxy", PROXY)
    await her.post("proxy/identifiers/waiver", WAIVED)
    png = b64decode((await released(her)).json()["signature"])
    await desk.follow()
    assert sorted(await everything_outside(desk)) == before
    (kept,) = await desk.closed.pool.fetch("SELECT sealed FROM signature_image")
    events = "".join(row["payload"] for row in await desk.closed.pool.fetch("SELECT payload FROM event"))
    for text in (kept["sealed"], events):
        assert b64encode(png[40:100]).decode()[4:-4] not in text
        assert "tremor" not in text
