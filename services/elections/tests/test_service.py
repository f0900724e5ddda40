"""Elections as an officer meets it: created by the API, fed by registration's events, moved by a proclamation."""

from datetime import date
from uuid import uuid4

import orjson

from services.elections.calendar.decider import ProclaimBankHoliday, bank_holidays
from services.elections.polls.commands import CancelElection
from services.elections.polls.decider import elections
from services.elections.tests.town import COUNCIL, GORSE, HEATH, MAY, WHOLE
from shared.eventcore.testing.core import AUTHORITY
from shared.events.elections import ElectoralArea, ProclaimedHoliday, calendar_id
from shared.events.registration import (
    AlterationNoticePublished,
    ElectorFranchiseChanged,
    ElectorRemoved,
    ElectorRenumbered,
    PostalVoteCancelled,
    PropertyAllocationCleared,
)
from shared.events.values import (
    Authority,
    ElectorNumber,
    FranchiseFacts,
    NoticeId,
    PersonId,
    PersonName,
    PollingDistrict,
)
from shared.law.voting_systems import PollKind

MOURNING = ProclaimedHoliday(date(2026, 4, 27), "Day of mourning", ("england-and-wales",))
CALENDAR = calendar_id(Authority(AUTHORITY))
ASKED = {
    "kind": "local", "polling_day": "2026-05-07", "organisation": COUNCIL.name, "slug": COUNCIL.slug,
    "contests": [{"area": {"kind": "ward", "name": "Gorse", "code": "E05999001"}, "seats": 2}],
}  # fmt: skip


async def post(client, path, body=None, **headers):
    return await client.post(path, json=body or {}, headers={"Idempotency-Key": str(uuid4()), **headers})


async def electorate(client, election):
    answer = await client.get(f"/elections/{election}/electorate")
    assert answer.status_code == 200, answer.text
    return {contest["area"]: contest for contest in answer.json()}


async def test_an_officer_creates_an_election_and_reads_its_timetable_with_reasons(town, client):
    receipt = (await post(client, "/elections", ASKED)).json()
    await town.settle()
    page = (await client.get(f"/elections/{receipt['stream_id']}")).json()
    assert page["contests"][0]["ballot_id"] == "local.mootshire.gorse.2026-05-07"
    assert page["contests"][0]["voting_system"] == "block-vote"
    steps = {step["key"]: step for step in page["timetable"]}
    assert (steps["nominations"]["day"], steps["nominations"]["closes"]) == ("2026-04-09", "16:00:00")
    assert steps["registration"]["closes"] is None
    assert {"day": "2026-05-04", "reason": "Early May bank holiday"} in steps["postal-votes"]["skipped"]
    assert (await client.get("/elections")).json()["items"][0]["election_id"] == receipt["stream_id"]


async def test_the_same_area_polls_once_and_a_bad_request_is_refused_by_name(town, client):
    assert (await post(client, "/elections", ASKED)).status_code == 201
    clash = await post(client, "/elections", ASKED)
    assert (clash.status_code, clash.json()["type"].rsplit("/", 1)[-1].split(":")[-1]) == (409, "area-already-polls")
    late = await post(client, "/elections", ASKED | {"polling_day": "2026-02-26"})
    assert late.status_code == 422
    assert "too-late-for-its-notice" in late.text


async def test_the_days_for_a_by_election_are_offered(town, client):
    asked = {"kind": "local", "cause_on": "2026-06-01", "by_election": True}
    offered = (await client.get("/polling-days", params=asked)).json()
    assert (offered["first"], offered["last"]) == ("2026-07-06", "2026-07-20")
    assert offered["thursdays"] == ["2026-07-09", "2026-07-16"]
    assert (await client.get("/polling-days", params={**asked, "by_election": False})).status_code == 404
    for unknown in ("2011-01-01", "2045-01-01"):
        assert (await client.get("/polling-days", params={**asked, "cause_on": unknown})).status_code == 422


async def test_what_cannot_be_printed_or_is_no_day_of_a_poll_is_refused_by_field(town, client):
    for body in (
        ASKED | {"organisation": "Moot\x00shire"},
        ASKED | {"polling_day": "9999-12-31"},
        ASKED | {"slug": "Moot Shire"},
        ASKED | {"contests": []},
        ASKED | {"kind": "coronation"},
    ):
        assert (await post(client, "/elections", body)).status_code == 422


async def test_who_is_no_elections_officer_sees_and_creates_nothing(town, client):
    client.headers.update(client.idp.bearer(roles=["finance-clerk"]))
    assert (await post(client, "/elections", ASKED)).status_code == 404
    assert (await client.get("/elections")).status_code == 404


async def test_another_council_sees_none_of_it(town, client):
    election = await town.create()
    await town.settle()
    client.headers.update(client.idp.bearer(roles=["ro-deputy"], authorities=["E07000041"]))
    assert (await client.get(f"/elections/{election}")).status_code == 404
    assert (await client.get("/elections")).json()["items"] == []
    assert (await client.get(f"/elections/{election}/drafts/timetable.html")).status_code in (404, 409)


async def test_a_proclaimed_holiday_finds_a_timetable_that_was_there_and_one_that_comes_later(town, client):
    before = await town.create()
    await town.settle()
    proclaimed = {"day": "2026-04-27", "name": "Day of mourning", "nations": ["england-and-wales"]}
    assert (await post(client, "/bank-holidays", proclaimed)).status_code == 200
    after = await town.create(PollKind.PCC, WHOLE)
    await town.settle()
    for election in (before, after):
        page = (await client.get(f"/elections/{election}")).json()
        assert {step["key"]: step["day"] for step in page["timetable"]}["postal-votes"] == "2026-04-20"
        (recomputed,) = page["recomputed"]
        moved = {change["key"]: (change["was"], change["becomes"]) for change in recomputed["changes"]}
        assert moved["postal-votes"] == ("2026-04-21", "2026-04-20")
        assert recomputed["because"] == "Proclaimed: Day of mourning on 27 April 2026"


async def test_the_notice_of_election_hangs_word_for_word_whatever_moves(town, client):
    election = await town.create()
    early = await post(client, f"/elections/{election}/notices/notice-of-election")
    assert (early.status_code, "nomination-arrangements-needed" in early.text) == (409, True)
    arranged = {"place": "Moot Hall <Gavelford>", "forms_from": "the Moot Hall", "officer_name": "R. Officer"}
    offset = {**arranged, "nominations_from": "10:00:00+01:00"}
    assert (await post(client, f"/elections/{election}/nomination-arrangements", offset)).status_code == 422
    assert (await post(client, f"/elections/{election}/nomination-arrangements", arranged)).status_code == 200
    draft = await client.get(f"/elections/{election}/drafts/notice-of-election.html")
    assert (await post(client, f"/elections/{election}/notices/notice-of-election")).status_code == 200
    await town.do(bank_holidays, CALENDAR, ProclaimBankHoliday(MOURNING, date(2026, 2, 2)))
    await town.settle()
    hung = await client.get(f"/elections/{election}/notices/notice-of-election.html")
    assert hung.headers["content-type"] == "text/html; charset=utf-8"
    assert hung.text == draft.text
    assert "4pm on Thursday 9 April 2026" in hung.text
    assert "Moot Hall &lt;Gavelford&gt;" in hung.text
    printed = await client.get(f"/elections/{election}/notices/notice-of-election.pdf")
    assert (printed.headers["content-type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    assert (await client.get(f"/elections/{election}/notices/timetable.pdf")).status_code == 404
    page = (await client.get(f"/elections/{election}")).json()
    assert page["recomputed"][-1]["notices_kept"] == ["notice-of-election"]
    assert {step["key"]: step["day"] for step in page["timetable"]}["nominations"] == "2026-04-08"


async def test_a_poll_card_is_proved_before_one_is_printed(town, client):
    election = await town.create()
    printed = await client.get(
        f"/elections/{election}/poll-card-proof.pdf", params={"station": "Village Hall, Moor Road"}
    )
    assert (printed.headers["content-type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    assert (await client.get(f"/elections/{uuid4()}/poll-card-proof.pdf")).status_code == 404
    other = await client.get(f"/elections/{election}/poll-card-proof.pdf", params={"contest": str(uuid4())})
    assert other.status_code == 404, "a contest of another poll"


# ---------------------------------------------------------------- electorate


async def test_the_electorate_follows_registrations_events_by_district_contest_and_register(town, client):
    gorse, heath = await town.home(GORSE), await town.home(HEATH, constituency="E14999001")
    first = await town.elector(gorse, 1)
    await town.elector(gorse, 2, votes_in=("local",))
    await town.elector(gorse, 3, votes_in=("parliamentary",))
    await town.elector(gorse, 4, votes_in=())
    await town.elector(heath, 1, "HE")
    await town.posts(first)
    local = await town.create()
    house = await town.create(PollKind.RECALL, GORSE, day=date(2026, 5, 12), cause_on=date(2026, 3, 2))
    await town.settle()
    found = await electorate(client, local)
    assert (found["Gorse"]["electors"], found["Gorse"]["postal_voters"], found["Gorse"]["not_counted_yet"]) == (2, 1, 1)
    assert found["Gorse"]["districts"] == [{"district": "AB", "electors": 2, "postal_voters": 1, "not_counted_yet": 1}]
    assert found["Heath"]["electors"] == 1
    petition = await electorate(client, house)
    assert (petition["Gorse"]["register_used"], petition["Gorse"]["electors"]) == ("parliamentary", 2)


async def test_who_leaves_moves_or_votes_in_person_again_is_counted_so_on_polling_day(town, client):
    home = await town.home(GORSE)
    leaves, moves, entitled, late, _ = [await town.elector(home, n) for n in range(1, 6)]
    post_box = await town.posts(moves)
    await town.posts(entitled, poll=date(2025, 5, 1))
    person = PersonId(uuid4())
    removed = ElectorRemoved(
        leaves,
        person,
        PersonName("Ada", "Marsh"),
        None,
        home,
        "two-sources",
        date(2026, 4, 1),
        date(2026, 3, 2),
        "monthly",
    )
    await town.happened(leaves, removed)
    after = ElectorRemoved(
        late,
        person,
        PersonName("Ada", "Marsh"),
        None,
        home,
        "two-sources",
        date(2026, 6, 1),
        date(2026, 5, 2),
        "monthly",
    )
    await town.happened(late, after)
    old, new = ElectorNumber(PollingDistrict("AB"), 2), ElectorNumber(PollingDistrict("AC"), 1)
    await town.happened(moves, ElectorRenumbered(moves, new, old, date(2025, 12, 1), date(2026, 3, 2)))
    await town.happened(post_box, PostalVoteCancelled(moves, date(2026, 3, 2)))
    changed = ElectorFranchiseChanged(
        entitled, person, FranchiseFacts(nationalities=("PL",)), date(2026, 4, 1), "monthly", votes_in=("local",)
    )
    await town.happened(entitled, changed)
    await town.elector(home, 6, ends_on=date(2026, 5, 6))
    await town.elector(home, 7, effective_on=date(2026, 6, 1))
    election = await town.create(PollKind.LOCAL, GORSE)
    await town.settle()
    found = (await electorate(client, election))["Gorse"]
    assert {d["district"]: d["electors"] for d in found["districts"]} == {"AB": 3, "AC": 1}
    assert found["postal_voters"] == 0


async def test_areas_of_every_kind_find_their_electors_and_a_property_without_areas_none(town, client):
    placed = await town.home(GORSE, parish="E04999001", parish_ward="E04999001A", county_division="E58999001")
    cleared = await town.home(GORSE)
    await town.happened(cleared, PropertyAllocationCleared(cleared, "its point moved"))
    await town.elector(placed, 1)
    await town.elector(cleared, 2)
    await town.elector(cleared, 1, "ZZ")
    areas = {
        "parish": ElectoralArea("parish", "Slad", "E04999001"),
        "division": ElectoralArea("county-division", "Moor", "E58999001"),
        "districts": ElectoralArea("polling-districts", "Valley", districts=(PollingDistrict("AB"),)),
        "whole": WHOLE,
    }
    expected = {"parish": 1, "division": 1, "districts": 2, "whole": 3}
    for name, area in areas.items():
        election = await town.create(PollKind.LOCAL, area)
        await town.settle()
        (found,) = (await electorate(client, election)).values()
        assert (name, found["electors"]) == (name, expected[name])


async def test_a_published_notice_of_alteration_has_every_poll_to_come_count_its_electorate(town, client):
    home = await town.home(GORSE)
    first = await town.elector(home, 1)
    await town.elector(home, 2)
    await town.posts(first)
    coming, cancelled = await town.create(PollKind.LOCAL, GORSE), await town.create(PollKind.LOCAL, HEATH)
    await town.do(elections, cancelled, CancelElection("CREATED_BY_MISTAKE", date(2026, 2, 2)))
    await town.settle()
    notice = NoticeId(uuid4())
    published = AlterationNoticePublished(
        notice, "monthly", date(2026, 3, 2), date(2026, 2, 20), (0,) * 64, 2, 0, 0, "ab" * 32
    )
    await town.happened(notice, published)
    await town.settle()
    page = (await client.get(f"/elections/{coming}")).json()
    (contest,) = page["contests"]
    counted = {"contest_id": contest["contest_id"], "electors": 2, "postal_voters": 1, "not_counted_yet": 0}
    assert page["counts"] == [
        {"counted_on": "2026-03-02", "because": "Monthly notice published", "contests": [counted]}
    ]
    assert (await client.get(f"/elections/{cancelled}")).json()["counts"] == []
    rows = await town.core.pool.fetch("SELECT metadata FROM event WHERE type LIKE '%electorate-counted%'")
    assert [orjson.loads(row["metadata"])["causation_id"] for row in rows] == [f"{notice}@1"]


async def test_a_ballot_that_is_not_taken_from_the_register_counts_nobody(town, client):
    await town.elector(await town.home(), 1)
    election = await town.create(PollKind.BID, WHOLE, day=date(2026, 6, 11))
    await town.settle()
    (found,) = (await electorate(client, election)).values()
    assert (found["register_used"], found["electors"], found["districts"]) == ("", 0, [])


async def test_nothing_that_tells_who_somebody_is_reaches_elections(town):
    elector = await town.elector(await town.home(), 1)
    await town.posts(elector)
    await town.settle()
    kept = str([await town.core.rows(f"electorate.{table}") for table in ("elector", "postal_voter", "place")])
    for personal in ("Ada", "Marsh", "1980", "GB", "person"):
        assert personal not in kept


# ----------------------------------------------------------------- checklist


async def test_the_checklist_names_blockers_owners_and_the_time_left(town, client):
    town.on(date(2026, 3, 26))
    await town.elector(await town.home(GORSE), 1)
    local = await town.create()
    await town.create(PollKind.PCC, WHOLE)
    await town.settle()
    items = {item["step"]: item for item in (await client.get(f"/elections/{local}/checklist")).json()}
    notice = items["notice-of-election"]
    assert (notice["state"], notice["owner"], notice["clock"]["words"]) == (
        "blocked",
        "returning officer",
        "in 2 working days",
    )
    assert notice["blockers"] == ["Where and when nomination papers are delivered is not arranged."]
    assert items["poll-cards"]["blockers"] == [
        "The notice of election is not published.",
        "Police and Crime Commissioner election is on the same day, and its notice is not published.",
        "No elector is known in Heath: are its properties allocated?",
    ]
    assert (items["postal-votes"]["task"], items["postal-votes"]["state"]) == (False, "coming")


async def test_what_is_done_is_ticked_and_what_is_late_is_overdue(town, client):
    local = await town.create()
    assert (await post(client, f"/elections/{local}/steps/interim-1/completion")).status_code == 200
    town.on(date(2026, 4, 29))
    await town.settle()
    items = {item["step"]: item for item in (await client.get(f"/elections/{local}/checklist")).json()}
    assert (items["interim-1"]["state"], items["interim-1"]["completed_on"]) == ("done", "2026-02-02")
    assert (items["notice-of-poll"]["state"], items["notice-of-poll"]["clock"]["words"]) == (
        "overdue",
        "passed 1 working day ago",
    )
    assert items["registration"]["state"] == "passed"
    assert items["final-notice"]["clock"]["words"] == "today"
    assert MAY.isoformat() in items["poll"]["clock"]["closes_at"]
