"""A canvass from its start to its close, through the API, views and policies, on a real store."""

import csv
import io
from datetime import date
from uuid import uuid4

from services.registration.canvass.tests.office import YEAR
from services.registration.canvass.years.api import of_year
from shared.events.registration import (
    CanvassRoutesAssigned,
    ElectorsSentForMatch,
    PotentialElectorFound,
    ReviewOpened,
)
from shared.events.values import ContactDetails, FranchiseFacts, PersonName
from shared.service.tests.provider import COUNCIL

FORCES = FranchiseFacts(date(1980, 12, 1), nationalities=("GB",), category="forces")
YOUNG = FranchiseFacts(date(2009, 9, 1), nationalities=("GB",))
LONG_AGO = {"effective_on": date(2020, 12, 1)}


async def four_homes(canvassers):
    """Two electors who match; one who does not; only a soldier; nobody."""
    office = canvassers.office
    homes = [await office.property(n, house=str(n)) for n in (1, 2, 3, 4)]
    ada, _ = await office.add(homes[0], 1, **LONG_AGO)
    ben, _ = await office.add(homes[0], 2, name=PersonName("Ben", "Marsh"), **LONG_AGO)
    cleo, _ = await office.add(homes[1], 3, name=PersonName("Cleo", "Reed"), **LONG_AGO)
    await office.add(homes[2], 4, name=PersonName("Dan", "Reed"), franchise=FORCES, **LONG_AGO)
    await canvassers.follow()
    return homes, (ada, ben, cleo)


async def drawn_up(canvassers, **matches):
    homes, (ada, ben, cleo) = await four_homes(canvassers)
    await canvassers.started()
    await canvassers.send_for_match()
    await canvassers.result("national", {ada: "match", ben: "match", cleo: "no-match"})
    report = await canvassers.draw_up()
    return homes, (ada, ben, cleo), report


async def routes(canvassers, homes):
    return [(page["route"], page["reason"]) for page in [await canvassers.page(home) for home in homes]]


async def test_the_file_for_the_match_holds_all_ordinary_electors_and_nobody_else(canvassers):
    _, (ada, ben, cleo) = await four_homes(canvassers)
    await canvassers.started()
    rows = list(csv.DictReader(io.StringIO(await canvassers.send_for_match())))
    assert {row["elector_id"] for row in rows} == {str(ada), str(ben), str(cleo)}
    assert {row["last_name"] for row in rows} == {"Marsh", "Reed"}
    assert rows[0]["date_of_birth"] == "1980-12-01"
    assert rows[0]["uprn"] in {"1", "2"}
    await canvassers.follow()
    (year,) = (await canvassers.get("/canvasses")).json()
    assert (year["electors_sent"], year["result_due"]) == (3, "2026-07-13")


async def test_every_property_gets_its_route_from_the_match_of_every_elector(canvassers):
    homes, _, report = await drawn_up(canvassers)
    assert (report["state"], report["done"], report["total"]) == ("done", 4, 4)
    assert report["counts"] == {"properties": 4, "electors": 3, "matched": 1, "without_electors": 2, "recorded": 4}
    assert await routes(canvassers, homes) == [
        (1, "every-elector-matched"), (2, "not-every-elector-matched"), (2, "no-electors"), (2, "no-electors"),
    ]  # fmt: skip


async def test_drawing_up_again_records_only_what_changed_since(canvassers):
    homes, (_, _, cleo), _ = await drawn_up(canvassers)
    assert (await canvassers.draw_up())["counts"]["recorded"] == 0
    assert (await canvassers.result("local", {cleo: "match"}))["matched"] == 1
    assert (await canvassers.draw_up())["counts"]["recorded"] == 1
    assert (await routes(canvassers, homes))[1] == (1, "every-elector-matched")
    moved = {
        (m["before"], m["now"]): m["properties"]
        for m in (await canvassers.get(f"/canvasses/{YEAR}/route-moves")).json()
    }
    assert {pair: found["count"] for pair, found in moved.items()} == {(1, 1): 1, (2, 1): 1, (2, 2): 2}
    behind = (await canvassers.get(moved[2, 1]["list"])).json()
    assert "items" in behind, behind
    assert [item["property_id"] for item in behind["items"]] == [str(homes[1])]


async def test_recent_additions_match_by_themselves(canvassers):
    office = canvassers.office
    home = await office.property()
    await office.add(home, effective_on=date(2026, 6, 1))
    await canvassers.follow()
    await canvassers.started(recent_days=60)
    await canvassers.draw_up()
    assert await routes(canvassers, [home]) == [(1, "every-elector-matched")]


async def test_a_home_of_people_under_18_is_on_route_2(canvassers):
    home = await canvassers.office.property()
    elector, _ = await canvassers.office.add(home, franchise=YOUNG, **LONG_AGO)
    await canvassers.follow()
    await canvassers.started()
    await canvassers.send_for_match()
    await canvassers.result("national", {elector: "match"})
    await canvassers.draw_up()
    assert await routes(canvassers, [home]) == [(2, "only-under-18")]


async def test_bad_rows_of_a_result_are_told_by_line_and_strangers_are_counted(canvassers):
    _, (ada, *_) = await four_homes(canvassers)
    await canvassers.started()
    await canvassers.send_for_match()
    taken = await canvassers.result("national", {ada: "match", uuid4(): "match", "nobody": "match", uuid4(): "perhaps"})
    assert (taken["matched"], taken["unknown"], taken["refused"]) == (1, 1, 2)
    assert [(bad["line"], bad["column"]) for bad in taken["refusals"]] == [(4, "elector_id"), (5, "result")]


async def test_a_year_is_canvassed_once_and_not_after_it_closed(canvassers):
    await canvassers.started()
    again = await canvassers.post("/canvasses", {"year": YEAR, "recent_days": 0})
    assert again.json()["type"].endswith("canvass-started")
    early = await canvassers.post(f"/canvasses/{YEAR}/match-results/national", None)
    assert early.json()["type"].endswith("nothing-sent-for-match")
    await canvassers.said(f"/canvasses/{YEAR}/close", None)
    late = await canvassers.post(f"/canvasses/{YEAR}/routes", None)
    assert late.json()["type"].endswith("canvass-closed")


async def test_where_only_a_soldier_is_registered_route_3_is_refused_without_saying_why(canvassers):
    homes, _, _ = await drawn_up(canvassers)
    choice = {"route": 3, "reason": "the warden answers", "ground": "hostel", "person_known": True}
    refused = await canvassers.post(f"{canvassers.at(homes[2])}/route", choice)
    assert refused.json()["type"].endswith("not-for-route-3")
    assert (await canvassers.page(homes[2]))["electors"] == 0
    await canvassers.said(f"{canvassers.at(homes[3])}/route", choice)
    page = await canvassers.page(homes[3])
    assert [(r["route"], r["was"], r["by_officer"]) for r in page["routes"]] == [(2, None, False), (3, 2, True)]
    assert page["routes"][1]["reason"] == "the warden answers"


async def test_a_household_answers_with_its_code_and_nobody_is_registered_or_removed(canvassers):
    homes, (_, _, cleo), _ = await drawn_up(canvassers)
    code = await canvassers.said(f"{canvassers.at(homes[1])}/security-code", None)
    await canvassers.follow()
    reference, secret = code["code"].split()
    entered = {"reference": reference.lower(), "secret": secret}
    opened = await canvassers.said(f"/canvass-replies/{COUNCIL}/opening", entered)
    assert (opened["electors"], opened["answered"]) == ([{"elector_id": str(cleo), "name": "Cleo Reed"}], False)
    reply = {
        "code": entered,
        "answers": ["added", "left"],
        "gone": [str(cleo)],
        "added": [{"first": "Eve", "last": "Reed"}],
    }
    assert await canvassers.said(f"/canvass-replies/{COUNCIL}", reply) == {"closed": True}
    page = await canvassers.page(homes[1])
    assert (page["outcome"], [r["channel"] for r in page["replies"]]) == ("added", ["web"])
    (source,) = (await canvassers.get(f"/electors/{cleo}/canvass-reports")).json()
    assert (source["kind"], source["denies"]) == ("canvass-reply", False)
    assert (await canvassers.get(f"/electors/{cleo}")).json()["removed_on"] is None
    found = [e async for e in every(canvassers, PotentialElectorFound)]
    assert [(e.name, e.property_id, e.found_in) for e in found] == [(PersonName("Eve", "Reed"), homes[1], "canvass")]


async def every(canvassers, kind):
    events = await canvassers.office.core.store.read(after=0, limit=10_000)
    async with canvassers.office.core.pool.acquire() as conn:
        for event in await canvassers.office.core.opener.open(conn, events):
            if isinstance(event.data, kind):
                yield event.data


async def test_a_code_that_is_guessed_at_is_locked_and_only_its_hash_is_stored(canvassers):
    homes, _, _ = await drawn_up(canvassers)
    code = (await canvassers.said(f"{canvassers.at(homes[1])}/security-code", None))["code"]
    await canvassers.follow()
    reference, secret = code.split()
    stored = " ".join(str(row) for row in await canvassers.office.core.rows("event"))
    assert secret not in stored
    assert secret.replace("-", "") not in stored
    asked = f"/canvass-replies/{COUNCIL}/opening"
    for _ in range(5):
        wrong = await canvassers.post(asked, {"reference": reference, "secret": "AAAA-AAAA"})
        assert wrong.json()["type"].endswith("wrong-security-code")
    right = await canvassers.post(asked, {"reference": reference, "secret": secret})
    assert right.json()["type"].endswith("security-code-locked")
    renewed = (await canvassers.said(f"{canvassers.at(homes[1])}/security-code", None))["code"].split()
    await canvassers.follow()
    assert (await canvassers.post(asked, dict(zip(("reference", "secret"), renewed, strict=True)))).status_code == 200
    stranger = await canvassers.post(asked, {"reference": "ABCDE-FGHJK", "secret": secret})
    assert stranger.json()["type"].endswith("wrong-security-code")


async def test_edge_case_27_a_denied_report_opens_a_review_and_removes_nobody(canvassers):
    homes, (ada, ben, _), _ = await drawn_up(canvassers)
    gone = {"channel": "web", "answers": ["left"], "gone": [str(ben)]}
    await canvassers.said(f"{canvassers.at(homes[0])}/responses", gone)
    await canvassers.said(f"{canvassers.at(homes[0])}/responses", {"channel": "phone", "answers": ["no-change"]})
    await canvassers.follow()
    (review,) = [event for event in await canvassers.events(ben) if isinstance(event, ReviewOpened)]
    assert review.review == "B"
    assert (await canvassers.get(f"/electors/{ben}")).json()["removed_on"] is None
    assert not [event for event in await canvassers.events(ada) if isinstance(event, ReviewOpened)]
    reports = (await canvassers.get(f"/electors/{ben}/canvass-reports")).json()
    assert sorted(report["denies"] for report in reports) == [False, True]
    assert len({report["origin"] for report in reports}) == 1


async def test_the_board_counts_and_each_figure_opens_its_list(canvassers):
    homes, _, _ = await drawn_up(canvassers)
    await canvassers.said(f"{canvassers.at(homes[1])}/contacts", {"contact": "form", "batch": "F1"})
    await canvassers.said(f"{canvassers.at(homes[1])}/responses", {"channel": "form", "answers": ["no-change"]})
    await canvassers.said(f"{canvassers.at(homes[3])}/contacts", {"contact": "visit"})
    await canvassers.follow()
    lines = (await canvassers.get(f"/canvasses/{YEAR}/board?by=route")).json()
    counts = {line["name"]: {k: v["count"] for k, v in line.items() if isinstance(v, dict)} for line in lines}
    assert counts["2"] == {
        "properties": 3, "sent": 2, "replied": 1, "visited": 0, "outstanding": 2, "due": 1, "conflicts": 0,
    }  # fmt: skip
    assert [line["replied_percent"] for line in lines] == [0.0, 33.3]
    for line in lines:
        for value in line.values():
            if isinstance(value, dict):
                assert len((await canvassers.get(value["list"])).json()["items"]) == value["count"], value
    days = (await canvassers.get(f"/canvasses/{YEAR}/responses")).json()
    assert [(day["channel"], day["replies"]) for day in days] == [("form", 1)]
    for name in ("board", "responses", "route-moves", "properties"):
        text = (await canvassers.get(f"/canvasses/{YEAR}/{name}.csv")).text
        assert len(text.splitlines()) > 1, name
    (ward,) = (await canvassers.get(f"/canvasses/{YEAR}/board?by=ward")).json()
    assert ward["properties"]["count"] == 4


async def test_the_view_is_rebuilt_from_the_events(canvassers):
    homes, _, _ = await drawn_up(canvassers)
    await canvassers.said(f"{canvassers.at(homes[0])}/responses", {"channel": "phone", "answers": ["no-change"]})
    await canvassers.follow()
    await canvassers.office.a_rebuild_is_equal("canvass")


async def test_what_was_sent_and_drawn_up_is_in_the_history_of_the_year(canvassers):
    await drawn_up(canvassers)
    kinds = [type(event) for event in await canvassers.events(of_year(COUNCIL, YEAR))]
    assert kinds.count(ElectorsSentForMatch) == 1
    assert kinds[-1] is CanvassRoutesAssigned


async def test_a_batch_contacts_everybody_due_on_a_route_once_and_its_letters_carry_codes_that_work(canvassers):
    homes, _, _ = await drawn_up(canvassers)

    async def batch(name, contact, route):
        await canvassers.said(f"/canvasses/{YEAR}/contacts", {"batch": name, "contact": contact, "route": route})
        await canvassers.app.state.imports.idle()
        await canvassers.follow()
        return (await canvassers.get(f"/canvasses/{YEAR}/batches/{name}")).json()["counts"]

    assert await batch("CF-1", "form", 2) == {"contacted": 3}
    assert await batch("CF-1", "form", 2) == {}
    assert await batch("CCA-1", "cca", 1) == {"contacted": 1}
    assert (await canvassers.page(homes[1]))["due_on"] == "2026-08-03"
    text = (await canvassers.get(f"/canvasses/{YEAR}/batches/CF-1/letters.csv")).text
    letters = list(csv.DictReader(io.StringIO(text)))
    assert [letter["electors"] for letter in letters] == ["Cleo Reed", "", ""]
    entered = {"reference": letters[0]["reference"], "secret": letters[0]["secret"]}
    opened = await canvassers.said(f"/canvass-replies/{COUNCIL}/opening", entered)
    assert [elector["name"] for elector in opened["electors"]] == ["Cleo Reed"]
    refused = await canvassers.post(f"{canvassers.at(homes[1])}/contacts", {"contact": "responsible-person"})
    assert refused.json()["type"].endswith("contact-out-of-place")


async def test_an_e_communication_goes_to_adults_who_gave_an_address_and_to_nobody_else(canvassers):
    office = canvassers.office
    reached, unreached = await office.property(1), await office.property(2, house="12")
    ada, _ = await office.add(reached, 1, contact=ContactDetails(email="ada@example.org"), **LONG_AGO)
    ben, _ = await office.add(reached, 2, name=PersonName("Ben", "Marsh"), **LONG_AGO)
    cleo, _ = await office.add(unreached, 3, name=PersonName("Cleo", "Reed"), **LONG_AGO)
    await canvassers.follow()
    await canvassers.started()
    await canvassers.send_for_match()
    await canvassers.result("national", {ada: "match", ben: "match", cleo: "match"})
    await canvassers.draw_up()
    await canvassers.said(f"/canvasses/{YEAR}/contacts", {"batch": "E-1", "contact": "e-communication", "route": 1})
    await canvassers.app.state.imports.idle()
    report = (await canvassers.get(f"/canvasses/{YEAR}/batches/E-1")).json()
    assert report["counts"] == {"contacted": 1, "nobody_to_write_to": 1}
    page = await canvassers.page(reached)
    assert [(made["contact"], made["recipients"]) for made in page["made"]] == [("e-communication", 1)]
