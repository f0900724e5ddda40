"""The register: in the order of print, marked by law, the same as the history folded by hand at any two times."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.registration.electors import commands as ask
from services.registration.properties import decider as place
from services.registration.views import register_as_at
from services.registration.views.register import Register
from services.registration.views.register_as_at import Moment, alterations, lines, moments_of
from services.registration.views.tests.office import FACTS, NUMBERED_IN
from shared.eventcore.deciding import Decider, Refused
from shared.eventcore.testing.core import AUTHORITY, by
from shared.events import registration as r
from shared.events.values import (
    ElectoralAreas,
    ElectorId,
    ElectorNumber,
    EvidenceSource,
    FranchiseFacts,
    GazetteerFacts,
    PersonId,
    PersonName,
    PollingDistrict,
    PropertyId,
    Ward,
)
from shared.law.polls import PollType

APRIL = date(2026, 4, 1)


async def as_at(office, effective: date = APRIL, known=None, **filters):
    async with office.core.pool.acquire() as conn, conn.transaction():
        return [line async for line in lines(conn, AUTHORITY, Moment(effective, known), **filters)]


async def test_the_register_is_printed_by_district_street_and_house_number(office, client):
    numbers = {}
    for uprn, (district, house, street) in enumerate(
        [("AB", "10", "Gorse Lane"), ("AB", "9", "Gorse Lane"), ("AB", "2", "Amber Road"), ("AA", "7", "Vetch Close")],
        1,
    ):
        home = await office.property(uprn, district, house=house, street=street)
        await office.add(home, uprn, district)
        numbers[uprn] = f"{district}-{uprn}"
    await office.catch_up()
    assert [str(line.number) for line in await as_at(office)] == ["AA-4", "AB-3", "AB-2", "AB-1"]
    page = (await client.get("/register", params={"effective": "2026-04-01", "limit": 3})).json()
    assert [item["number"] for item in page["items"]] == ["AA-4", "AB-3", "AB-2"]
    params = {"effective": "2026-04-01", "limit": 3, "cursor": page["next"]}
    rest = (await client.get("/register", params=params)).json()
    assert [item["address"][0] for item in rest["items"]] == ["10 Gorse Lane"]
    assert (await client.get("/register", params={"effective": "2026-03-31"})).json()["items"] == []


async def test_other_electors_come_by_surname_without_address_and_anonymous_ones_by_number_alone(office, client):
    home = await office.property(1)
    overseas = replace(FACTS, category="overseas")
    await office.add(home, 1, name=PersonName("Zed", "Able"), anonymous=True)
    await office.add(home, 2, name=PersonName("Bea", "Pond"), franchise=overseas)
    await office.add(home, 3, name=PersonName("Cyd", "Ash"), franchise=overseas)
    await office.add(home, 4, name=PersonName("Dot", "Zinc"))
    await office.catch_up()
    items = (await client.get("/register", params={"effective": "2026-04-01"})).json()["items"]
    shown = [(i["number"], i["section"], i["marker"], i["name"], i["address"][:1]) for i in items]
    assert shown == [
        ("AB-4", "streets", "", "Dot Zinc", ["10 Gorse Lane"]),
        ("AB-3", "other-electors", "F", "Cyd Ash", []),
        ("AB-2", "other-electors", "F", "Bea Pond", []),
        ("AB-1 N", "anonymous", "", None, []),
    ]  # fmt: skip
    (count,) = (await client.get("/register/counts", params={"effective": "2026-04-01"})).json()
    assert count == {"district": "AB", "electors": 4, "open": 0, "anonymous": 1, "other_electors": 2}


async def test_marks_and_the_vote_at_a_poll_follow_from_the_facts_on_that_day(office, client):
    home = await office.property(1)
    await office.add(home, 1, franchise=FranchiseFacts(date(1980, 1, 1), nationalities=("PL",)))
    await office.add(home, 2, franchise=FranchiseFacts(date(2008, 5, 8), nationalities=("GB",)))
    await office.add(home, 3)
    await office.catch_up()
    items = (await client.get("/register", params={"effective": "2026-05-07"})).json()["items"]
    assert [(i["marker"], i["attains_on"]) for i in items] == [("B", None), ("", "2026-05-08"), ("", None)]
    for poll, voters in ((PollType.LOCAL, [1, 3]), (PollType.PARLIAMENTARY, [3])):
        assert [line.number.number for line in await as_at(office, date(2026, 5, 7), poll=poll)] == voters
        params = {"effective": "2026-05-07", "poll": poll.value, "limit": 1}
        page = (await client.get("/register", params=params)).json()
        assert page["items"][0]["number"] == f"AB-{voters[0]}"
        assert (page["next"] is None) == (len(voters) == 1)


async def test_the_open_register_leaves_out_who_opted_out_and_who_is_anonymous(office):
    home = await office.property(1)
    await office.add(home, 1, opted_out=False)
    await office.add(home, 2)
    await office.add(home, 3, anonymous=True)
    await office.catch_up()
    assert [line.number.number for line in await as_at(office, open_only=True)] == [1]


async def test_a_past_register_shows_the_past_address(office):
    office.on(date(2026, 3, 2))
    home = await office.property(1)
    await office.add(home)
    office.on(date(2026, 6, 1))
    moved = GazetteerFacts(replace((await facts(office, home)).address, street="10 Gorse Avenue"))
    await office.do(place.properties, home, place.RecordFacts(home, moved))
    areas = ElectoralAreas(PollingDistrict("AB"), Ward("E05999009"))
    command = place.AllocateProperty(home, areas, "manual", date(2026, 12, 1), reason="new boundaries")
    await office.do(place.properties, home, command)
    await office.catch_up()
    (then,), (now,) = await as_at(office), await as_at(office, date(2026, 12, 1))
    assert (then.address[0], then.ward) == ("10 Gorse Lane", "E05999001")
    assert (now.address[0], now.ward) == ("10 Gorse Avenue", "E05999009")


async def facts(office, home):
    state = (await office.core.execute.state(place.properties, home, AUTHORITY)).state
    return state.facts


async def test_one_line_is_read_as_at_any_day_and_as_known_at_any_time(office, client):
    office.on(date(2026, 3, 2))
    ada, _ = await office.add(await office.property(1))
    office.on(date(2026, 6, 1))
    await office.change(ada, ask.AmendElector(PersonName("Ada", "Lake"), date(2026, 6, 1)))
    await office.catch_up()

    async def line(**at):
        return (await client.get(f"/electors/{ada}/line", params=at)).json()["line"]

    assert (await line(effective="2026-04-01"))["name"] == "Ada Iris Marsh"
    amended = (await line(effective="2026-12-01"))["name"]
    assert amended == "Ada Lake"
    known = await line(effective="2026-12-01", known="2026-05-31T23:59:59Z")
    assert known["name"] == "Ada Iris Marsh", "the new name was recorded in June"
    assert await line(effective="2026-03-31") is None, "in force from 1 April"
    assert await line(effective="2026-04-01", known="2026-03-01T00:00:00Z") is None, "recorded on 2 March"


async def test_the_line_of_nobody_and_of_another_councils_elector_are_both_not_there(office, client):
    ada, _ = await office.add(await office.property(1))
    await office.catch_up()
    elsewhere = client.idp.bearer(authorities=["E06000001"])
    nobody = await client.get(f"/electors/{uuid4()}/line")
    foreign = await client.get(f"/electors/{ada}/line", headers=elsewhere)
    assert (nobody.status_code, foreign.status_code) == (404, 404)
    assert nobody.json()["type"] == foreign.json()["type"]


async def test_the_line_of_an_anonymous_elector_has_neither_name_nor_address(office, client):
    bea, _ = await office.add(await office.property(1), anonymous=True)
    await office.catch_up()
    line = (await client.get(f"/electors/{bea}/line", params={"effective": "2026-04-01"})).json()["line"]
    assert (line["number"], line["name"], line["address"]) == ("AB-1 N", None, [])


async def test_a_notice_of_alteration_lists_what_changed_between_two_days(office):
    home = await office.property(1)
    office.on(date(2026, 3, 20))
    await office.add(home, 1)
    amended, _ = await office.add(home, 2, name=PersonName("Bea", "Pond"))
    removed, _ = await office.add(home, 3, name=PersonName("Cyd", "Ash"))
    await office.add(home, 4, effective_on=date(2026, 5, 1), name=PersonName("Dot", "Zinc"))
    source = ask.EvidenceSource("death-certificate", "registrar", APRIL)
    await office.change(removed, ask.RemoveElector("death-certificate", date(2026, 4, 10), (source,)))
    await office.change(amended, ask.AmendElector(PersonName("Bea", "Lake"), date(2026, 4, 10)))
    await office.catch_up()
    async with office.core.pool.acquire() as conn, conn.transaction():
        found = [a async for a in alterations(conn, AUTHORITY, *moments_of(date(2026, 5, 1)))]
        elsewhere = [a async for a in alterations(conn, AUTHORITY, *moments_of(date(2026, 5, 1)), ("AA",))]
        quiet = [a async for a in alterations(conn, AUTHORITY, *moments_of(date(2026, 6, 1)))]
    assert [(a.kind, (a.after or a.before).number.number) for a in found] == [
        ("amendment", 2), ("removal", 3), ("addition", 4),
    ]  # fmt: skip
    assert (str(found[0].before.name), str(found[0].after.name)) == ("Bea Pond", "Bea Lake")
    assert elsewhere == quiet == []


async def test_a_backdated_correction_changes_only_what_is_known_since(office):
    office.on(date(2026, 3, 20))
    identity, _ = await office.add(await office.property(1))
    frozen = await positions(office)
    office.on(date(2026, 6, 3))
    before = office.core.clock() - timedelta(seconds=1)
    await office.do(
        SAYS,
        identity,
        r.ElectorAmended(identity, PersonId(uuid4()), PersonName("Ada", "Lake"), date(2026, 4, 15), "monthly"),
    )
    await office.catch_up()

    async def name(effective, known=None):
        (line,) = await as_at(office, effective, known)
        return line.name.last

    for day, now in ((date(2026, 4, 14), "Marsh"), (date(2026, 4, 15), "Lake"), (date(2026, 9, 1), "Lake")):
        assert await name(day) == now
        assert await name(day, before) == "Marsh"
        assert await name(day, frozen) == "Marsh"


async def positions(office) -> tuple[int, ...]:
    """The last position of each shard, as a publication freezes them."""
    found = dict(await office.core.pool.fetch("SELECT shard, max(position) FROM event GROUP BY shard"))
    return tuple(found.get(shard, 0) for shard in range(64))


async def test_nothing_of_an_erased_person_is_left_and_a_rebuild_says_the_same(office, client):
    home = await office.property(1)
    identity, person = await office.add(home)
    await office.change(identity, ask.AmendElector(PersonName("Ada", "Quillwold"), date(2026, 4, 10)))
    await office.catch_up()
    await office.erase(person)
    await office.catch_up()
    kept = await office.everything_kept("register")
    assert not any(text in kept for text in ("Ada", "ada", "Marsh", "marsh", "Quillwold", "1980"))
    (line,) = (await client.get("/register", params={"effective": "2026-09-01"})).json()["items"]
    assert (line["number"], line["name"], line["address"]) == ("AB-1", None, [])
    await office.a_rebuild_is_equal("register")


# --------------------------------------------- any history, any two times: the query equals the history folded by hand

SAYS = Decider("elector", (), lambda event, _: [event], lambda state, _: state)
"""An elector's stream that takes any event, so that histories may be stranger than any office makes them."""
START = date(2026, 1, 1)
days = st.integers(0, 60).map(lambda n: START + timedelta(days=n))
changes = st.one_of(
    st.tuples(st.just("name"), days, st.sampled_from("PQRS")),
    st.tuples(st.just("correct"), days, st.sampled_from("PQRS")),
    st.tuples(st.just("number"), days, st.integers(1, 9)),
    st.tuples(st.just("opt"), days, st.booleans()),
    st.tuples(st.just("franchise"), days, st.sampled_from(["GB", "PL"])),
)
histories = st.tuples(days, st.lists(changes, max_size=6), st.one_of(st.none(), days))
moments = st.lists(st.tuples(days, st.integers(0, 9)), min_size=6, max_size=6)


def event_of(elector: ElectorId, person: PersonId, home: PropertyId, change):
    kind, day, value = change
    match kind:
        case "add":
            number = ElectorNumber(PollingDistrict("AB"), 1)
            return r.ElectorAdded(
                elector, person, PersonName("A", "O"), FACTS, home, number, NUMBERED_IN, day, "monthly"
            )
        case "name":
            return r.ElectorAmended(elector, person, PersonName("A", value), day, "monthly")
        case "correct":
            return r.ClericalErrorCorrected(
                elector, person, PersonName("A", value), datetime(2026, 1, 1, tzinfo=UTC), day
            )
        case "number":
            number = ElectorNumber(PollingDistrict("AB"), value)
            return r.ElectorRenumbered(elector, number, number, NUMBERED_IN, day)
        case "opt":
            return r.OpenRegisterPreferenceChanged(elector, value, day)
        case "franchise":
            return r.ElectorFranchiseChanged(elector, person, replace(FACTS, nationalities=(value,)), day, "monthly")
        case "remove":
            return r.ElectorRemoved(
                elector, person, PersonName("A", "O"), None, home, "two-sources", day, day, "monthly"
            )


def by_hand(told, effective, known):
    """What stands of a history: what was recorded up to `known` and holds by `effective`, in the order of recording."""
    entry = None
    for at, (kind, day, value) in told:
        if at > known or day > effective:
            continue
        match kind:
            case "add":
                entry = {"name": "O", "number": 1, "opt": True, "franchise": "GB"}
            case "remove":
                entry = None
            case "correct" if entry:
                entry["name"] = value
            case _ if entry:
                entry[kind] = value
    return entry and tuple(entry.values())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories, moments)
async def test_any_history_reads_the_same_from_the_view_and_folded_by_hand(office, history, asked):
    elector, person, home = ElectorId(uuid4()), PersonId(uuid4()), PropertyId(uuid4())
    added, changed, removed = history
    steps = [("add", added, None), *changed, *([("remove", removed, None)] if removed else [])]
    told, instants = [], [office.core.clock() - timedelta(hours=1)]
    for step in steps:
        await office.core.execute(SAYS, elector, event_of(elector, person, home, step), by=by())
        (recorded,) = await office.core.pool.fetchrow(
            "SELECT max(recorded_at) FROM event WHERE stream_id = $1", elector
        )
        told.append((recorded, step))
        instants.append(recorded)
    await office.core.catch_up(Register.view)
    for effective, pick in asked:
        known = instants[pick % len(instants)]
        for moment, expected in (
            (Moment(effective, known), by_hand(told, effective, known)),
            (Moment(effective), by_hand(told, effective, instants[-1])),
        ):
            async with office.core.pool.acquire() as conn, conn.transaction():
                found = [line async for line in lines(conn, AUTHORITY, moment) if line.elector_id == elector]
            shown = [(at.name.last, at.number.number, at.opted_out, at.franchise.nationalities[0]) for at in found]
            assert shown == ([expected] if expected else [])


async def test_what_a_notice_changes_is_found_among_those_alone_whom_something_begins_or_ends_for(office, monkeypatch):
    """As the whole register of both days would tell it: whatever was recorded, and for whichever two days."""
    chance = Random(20261123)
    office.on(date(2026, 3, 20))
    homes = [await office.property(n, house=str(n)) for n in range(1, 7)]
    people = [
        (await office.add(home, n, effective_on=chance.choice((APRIL, date(2026, 5, 1)))))[0]
        for n, home in enumerate(homes * 3, 1)
    ]
    for month in range(4, 9):
        office.on(date(2026, month, 9))
        for identity in chance.sample(people, 5):
            match chance.randrange(4):
                case 0:
                    await office.change(
                        identity, ask.AmendElector(PersonName("Bea", "Lake", f"{identity}"[:8]), date(2026, month, 9))
                    )
                case 1:
                    number = ElectorNumber(PollingDistrict("AC"), 100 * month + chance.randrange(100))
                    await office.change(
                        identity, ask.RenumberElector(number, date(2026, month, 20), date(2026, month + 1, 1))
                    )
                case 2:
                    await office.change(
                        identity,
                        ask.ChangeFranchise(
                            FranchiseFacts(date(1999, 1, 1), nationalities=("IE",)), date(2026, month, 9)
                        ),
                    )
                case _:
                    with suppress(Refused):
                        seen = EvidenceSource("death-certificate", "case 1", date(2026, month, 9))
                        gone = ask.RemoveElector("death-certificate", date(2026, month, 9), (seen,))
                        await office.change(identity, gone)
                        people.remove(identity)
        n = chance.randrange(6)
        await office.property(n + 1, house=f"{n + 1}{'ABCDEF'[month - 4]}")
    await office.catch_up()
    days = [date(2026, 3, 1) + timedelta(days=chance.randrange(240)) for _ in range(12)]
    found = 0
    async with office.core.pool.acquire() as conn, conn.transaction():
        for first, last in [*pairwise(days), *((d - timedelta(1), d) for d in days), (APRIL, APRIL)]:
            asked = AUTHORITY, Moment(first), Moment(last)
            quick = [a async for a in alterations(conn, *asked)]
            with monkeypatch.context() as slowly:
                slowly.setattr(register_as_at, "_touched", lambda *_: None)
                assert [a async for a in alterations(conn, *asked)] == quick, (first, last)
            found += len(quick)
    assert found > 50
