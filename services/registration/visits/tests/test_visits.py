"""Visiting officers at work: rounds, devices that lose the network, and doors where two people say two things."""

import shutil
import subprocess
from datetime import date

import orjson
import pytest

from services.registration.canvass.tests.office import YEAR
from services.registration.canvass_app import HOME
from services.registration.exchange.sealed_round import NotOpened, SealedRound, opened
from shared.events.values import PersonName

PASSPHRASE = "a walk along the sea wall"
LONG_AGO = {"effective_on": date(2020, 12, 1)}
AUGUST = date(2026, 8, 17)


async def street(canvassers, numbers=("2", "11", "9", "2A"), anonymous=False):
    """Homes of one street on route 2, each with an elector who did not match, all written to once."""
    office = canvassers.office
    homes = {}
    for n, house in enumerate(numbers, 1):
        homes[house] = await office.property(n, house=house)
        await office.add(homes[house], n, name=PersonName("Ada", f"Marsh{n}"), **LONG_AGO)
    if anonymous:
        await office.add(homes["2"], 50, name=PersonName("Hidden", "Person"), anonymous=True, **LONG_AGO)
    await canvassers.follow()
    await canvassers.started()
    await canvassers.send_for_match()
    await canvassers.draw_up()
    for home in homes.values():
        await canvassers.said(f"{canvassers.at(home)}/contacts", {"contact": "form", "batch": "F1"})
    await canvassers.follow()
    office.on(AUGUST)
    return homes


async def round_for(canvassers, user="vo"):
    receipt = await canvassers.said(
        f"/canvasses/{YEAR}/rounds", {"name": "AB, Monday", "officer": canvassers.id_of(user), "district": "AB"}
    )
    await canvassers.follow()
    return receipt["stream_id"]


async def downloaded(canvassers, identity, user="vo"):
    answer = await canvassers.post(
        f"/rounds/{identity}/download", {"device": "tablet-1", "passphrase": PASSPHRASE}, user, "canvasser"
    )
    assert answer.status_code == 200, answer.text
    return SealedRound(**answer.json())


async def uploaded(canvassers, identity, *records, user="vo", device="tablet-1"):
    answer = await canvassers.post(
        f"/rounds/{identity}/records", {"device": device, "records": list(records)}, user, "canvasser"
    )
    assert answer.status_code == 200, answer.text
    await canvassers.follow()
    return answer.json()


def record(visit, outcome="no-answer", minute=0, **reply):
    at = f"2026-08-17T08:{minute:02}:00+00:00"
    said = {"visit_id": visit["visit_id"], "visited_at": at, "outcome": outcome}
    return said | ({"reply": reply} if reply else {})


async def test_a_round_goes_along_the_street_odd_and_even_by_number(canvassers):
    homes = await street(canvassers)
    identity = await round_for(canvassers)
    walk = (await canvassers.get(f"/rounds/{identity}", "vo", "canvasser")).json()
    assert [visit["line"].split()[0] for visit in walk] == ["2", "2A", "9", "11"]
    assert {visit["property_id"] for visit in walk} == {str(home) for home in homes.values()}


async def test_a_property_is_on_one_open_round_at_a_time(canvassers):
    await street(canvassers)
    identity = await round_for(canvassers)
    again = await canvassers.post(
        f"/canvasses/{YEAR}/rounds", {"name": "AB again", "officer": canvassers.id_of("vo"), "district": "AB"}
    )
    assert again.json()["type"].endswith("nothing-to-visit")
    await canvassers.said(f"/rounds/{identity}/end", None)
    await canvassers.follow()
    assert await round_for(canvassers) != identity


async def test_a_round_is_not_found_by_another_canvasser(canvassers):
    await street(canvassers, ("2",))
    identity = await round_for(canvassers)
    assert (await canvassers.get(f"/rounds/{identity}", "another", "canvasser")).status_code == 404
    assert (await canvassers.get("/rounds", "another", "canvasser")).json() == []
    assert len((await canvassers.get("/rounds", "vo", "canvasser")).json()) == 1
    assert len((await canvassers.get("/rounds", "clerk", "registration-officer")).json()) == 1


async def test_a_download_is_sealed_expires_and_holds_the_least_that_a_visit_needs(canvassers):
    await street(canvassers, ("2",), anonymous=True)
    sealed = await downloaded(canvassers, await round_for(canvassers))
    assert "Marsh" not in sealed.model_dump_json()
    content = opened(sealed, PASSPHRASE)
    (visit,) = content["visits"]
    assert [elector["name"] for elector in visit["electors"]] == ["Ada Marsh1"]
    text = orjson.dumps(content).decode()
    assert "Hidden" not in text
    assert "1980" not in text
    assert set(visit) == {"visit_id", "address", "purpose", "calls", "electors", "invited"}
    assert content["expires_at"] == sealed.expires_at
    with pytest.raises(NotOpened):
        opened(sealed, PASSPHRASE + "!")
    with pytest.raises(NotOpened):
        opened(sealed.model_copy(update={"expires_at": "2036-08-17T09:00:00+00:00"}), PASSPHRASE)


@pytest.mark.skipif(shutil.which("node") is None, reason="no JavaScript runtime here")
async def test_a_browser_opens_what_was_sealed(canvassers, tmp_path):
    await street(canvassers, ("2",))
    sealed = await downloaded(canvassers, await round_for(canvassers))
    assert in_a_browser(tmp_path, sealed, "2026-08-17") == opened(sealed, PASSPHRASE)
    assert in_a_browser(tmp_path, sealed, "2026-08-20") is None  # it has expired


def in_a_browser(tmp_path, sealed, today):
    """What the app's own script reads of a sealed round on a day."""
    script = tmp_path / "open.mjs"
    script.write_text(
        f"import {{open}} from {str(HOME / 'sealed.js')!r};"
        f"const found = await open({sealed.model_dump_json()}, {PASSPHRASE!r}, new Date({today!r}));"
        "console.log(JSON.stringify(found.content));"
    )
    found = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True, timeout=60)
    return orjson.loads(found.stdout)


async def test_an_upload_sent_again_changes_nothing(canvassers):
    homes = await street(canvassers, ("2", "4"))
    identity = await round_for(canvassers)
    first, second = opened(await downloaded(canvassers, identity), PASSPHRASE)["visits"]
    sent = record(first), record(second, "answered", 5, answers=["no-change"])
    assert [r["status"] for r in await uploaded(canvassers, identity, *sent)] == ["recorded", "recorded"]
    assert [r["status"] for r in await uploaded(canvassers, identity, *sent)] == ["repeated", "repeated"]
    later = await uploaded(canvassers, identity, record(first, minute=30), device="tablet-2")
    assert [r["status"] for r in later] == ["recorded"]
    pages = [await canvassers.page(home) for home in homes.values()]
    assert [(page["visits"], page["outcome"]) for page in pages] == [(2, ""), (1, "no-change")]
    assert pages[1]["replies"][0]["channel"] == "visit"


async def test_each_record_is_answered_for_by_itself(canvassers):
    await street(canvassers, ("2",))
    identity = await round_for(canvassers)
    (visit,) = opened(await downloaded(canvassers, identity), PASSPHRASE)["visits"]
    strange = record({"visit_id": "00000000-0000-4000-8000-000000000001"})
    ahead = record(visit) | {"visited_at": "2026-08-18T08:00:00+00:00"}
    unclear = record(visit, "answered", 7, answers=["added"])
    answers = await uploaded(canvassers, identity, strange, ahead, unclear, record(visit))
    assert [answer["status"] for answer in answers] == ["refused", "refused", "refused", "recorded"]
    rules = [answer["type"].rpartition(":")[2] for answer in answers]
    assert rules == ["visit-not-on-round", "visit-out-of-time", "answer-not-clear", ""]


@pytest.mark.parametrize(
    ("kept", "outcome", "invited"), [("mine", "added", 1), ("theirs", "no-change", 0), ("both", "added", 1)]
)
async def test_a_reply_that_came_while_the_device_was_away_is_a_card_for_an_officer(canvassers, kept, outcome, invited):
    homes = await street(canvassers, ("2",))
    identity = await round_for(canvassers)
    (visit,) = opened(await downloaded(canvassers, identity), PASSPHRASE)["visits"]
    await canvassers.said(f"{canvassers.at(homes['2'])}/responses", {"channel": "phone", "answers": ["no-change"]})
    (answer,) = await uploaded(
        canvassers, identity, record(visit, "answered", answers=["added"], added=[{"first": "Eve", "last": "Reed"}])
    )
    assert answer["status"] == "conflict"
    (card,) = (await canvassers.get(f"/rounds/{identity}/conflicts", "vo", "canvasser")).json()
    assert (card["mine"]["added"], card["theirs"]["answers"], card["theirs"]["channel"]) == (
        ["Eve Reed"],
        ["no-change"],
        "phone",
    )
    assert not card["may_resolve"]
    (shown,) = (await canvassers.get(f"/canvasses/{YEAR}/conflicts")).json()
    assert shown == card | {"may_resolve": True}
    settle = f"{canvassers.at(homes['2'])}/conflicts/{card['record_id']}/resolution"
    assert (await canvassers.post(settle, {"kept": kept}, "vo", "canvasser")).status_code == 404
    await canvassers.said(settle, {"kept": kept, "reason": "rang them"})
    page = await canvassers.page(homes["2"])
    assert (page["outcome"], page["conflicts"]) == (outcome, 0)
    waiting = (await canvassers.get("/potential-electors")).json()
    assert len(waiting["items"]) == invited
    assert (await canvassers.get(f"/rounds/{identity}/conflicts", "vo", "canvasser")).json() == []


async def test_the_rounds_are_rebuilt_from_the_events(canvassers):
    await street(canvassers, ("2", "4"))
    identity = await round_for(canvassers)
    first, _ = opened(await downloaded(canvassers, identity), PASSPHRASE)["visits"]
    await uploaded(canvassers, identity, record(first))
    await canvassers.said(f"/rounds/{identity}/end", None)
    await canvassers.follow()
    await canvassers.office.a_rebuild_is_equal("canvass_rounds")
    await canvassers.office.a_rebuild_is_equal("canvass")
