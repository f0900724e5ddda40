"""An anonymous elector votes by post or by proxy, and nobody outside the closed store can tell that she does."""

from __future__ import annotations

from services.registration.anonymous.tests.office import NAMED, Anonymity, applied, everything_outside
from services.registration.tests.conftest import Desk, desk

__all__ = ["desk"]
PROXY = {
    "kind": "indefinite", "ground": "anonymous", "consents": True,
    "proxy": {
        "name": {"first": "Perpetua", "last": "Standish", "middle": ""}, "eligible": True,
        "address": {"property": "4", "street": "Alder Row", "town": "Gavelford", "postcode": "ZZ9 8ZZ"},
    },
}  # fmt: skip


async def listed(her: Anonymity, poll: str = "2026-05-07", role: str = NAMED) -> list[dict[str, object]] | int:
    headers = her.desk.headers("named one", role) | {"X-Reason": "ballot papers of May"}
    answer = await her.desk.http.get(f"/anonymous/absent-voters?poll={poll}", headers=headers)
    return list(answer.json()) if answer.status_code == 200 else answer.status_code


async def test_whoever_sends_ballot_papers_gets_number_name_and_address_and_the_look_is_on_record(desk: Desk):
    her = await applied(desk)
    await her.granted()
    assert (await her.post("postal-vote", {})).status_code == 200
    (row,) = await listed(her)  # type: ignore[misc]
    assert (row["number"], row["way"], row["name"]) == ("AB-1", "postal", "Zephyrine Quillfeather")
    assert row["send_to"] == ["1", "Larch Way", "Gavelford", "ZZ9 9ZZ"]
    (read, *_) = (await desk.get("/anonymous/reads", "watcher", "dpo")).json()
    assert (read["kind"], read["purpose"]) == ("absent-voters", "ballot papers of May")
    assert await listed(her, role="postal-team") == 404


async def test_the_ballot_paper_goes_to_another_address_only_with_a_reason(desk: Desk):
    her = await applied(desk)
    await her.granted()
    refuge = {"property": "PO Box 9", "street": "", "town": "Gavelford", "postcode": "ZZ9 1ZZ"}
    refused = await her.post("postal-vote", {"ballot_address": refuge})
    assert refused.json()["type"].rpartition(":")[2] == "ballot-address-reason-needed"
    await her.post("postal-vote", {"ballot_address": refuge, "ballot_address_reason": "a safe one"})
    (row,) = await listed(her)  # type: ignore[misc]
    assert row["send_to"] == ["PO Box 9", "Gavelford", "ZZ9 1ZZ"]


async def test_a_proxy_takes_the_place_of_the_postal_vote_and_may_be_taken_back(desk: Desk):
    her = await applied(desk)
    await her.granted()
    await her.post("postal-vote", {})
    appointed = await her.post("proxy", PROXY)
    assert appointed.status_code == 200, appointed.text
    (row,) = await listed(her)  # type: ignore[misc]
    assert (row["way"], row["name"]) == ("proxy", "Perpetua Standish")
    assert (await her.post("proxy/cancellation", {})).status_code == 200
    assert all(row["way"] != "proxy" for row in await listed(her))  # type: ignore[union-attr]


async def test_nobody_is_listed_before_the_entry_holds_after_it_ends_or_without_one(desk: Desk):
    her = await applied(desk)
    assert (await her.post("postal-vote", {})).json()["type"].rpartition(":")[2] == "not-on-register"
    await her.granted()
    await her.post("postal-vote", {})
    assert await listed(her, "2026-03-31") == []
    assert await listed(her, "2027-05-06") == []
    assert (await her.post("ending", {})).status_code == 200
    assert await listed(her, "2026-06-04") == []
    assert (await her.post("postal-vote", {})).json()["type"].rpartition(":")[2] == "not-on-register"


async def test_no_row_outside_the_closed_store_tells_that_she_votes_by_post_or_by_proxy(desk: Desk):
    her = await applied(desk)
    await her.granted()
    before = sorted(await everything_outside(desk))
    assert (await her.post("postal-vote", {})).status_code == 200
    assert (await her.post("proxy", PROXY)).status_code == 200
    await listed(her)
    await desk.follow()
    assert sorted(await everything_outside(desk)) == before
    rows = [str(row) for row in await desk.closed.pool.fetch("SELECT payload FROM event")]
    assert not [row for row in rows if "Perpetua" in row or "Alder" in row or "Larch" in row]
