"""The figures of a day's register: what counts as what, and that each figure is as long as the list behind it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from services.registration.absent_votes.commands import GrantPostalVote
from services.registration.absent_votes.decider import absent_votes
from services.registration.statistics.electorate import SORTS, sorts
from services.registration.views.tests.office import FACTS
from shared.events.values import FranchiseFacts, absent_votes_id

DAY = date(2026, 12, 1)
ATTAINER = FranchiseFacts(date_of_birth=date(2009, 3, 1), nationalities=("GB",))
OVERSEAS = replace(FACTS, category="overseas")
POLE = replace(FACTS, nationalities=("PL",), resident_since=date(2015, 1, 1))
PEER = replace(FACTS, sitting_peer=True)


def test_a_british_resident_of_age_is_a_parliamentary_and_a_local_elector():
    assert sorts(FACTS, False, DAY) == {"entries", "parliamentary", "local"}


def test_an_attainer_is_counted_among_the_electors_that_they_will_be():
    assert sorts(ATTAINER, False, DAY) == {"entries", "parliamentary", "local", "attainers"}
    assert "attainers" not in sorts(ATTAINER, False, date(2027, 3, 1))


def test_an_overseas_elector_a_peer_and_an_eu_citizen_have_one_franchise_each():
    assert sorts(OVERSEAS, False, DAY) == {"entries", "parliamentary", "overseas"}
    assert sorts(PEER, False, DAY) == {"entries", "local", "peers"}
    assert sorts(POLE, False, DAY) == {"entries", "local", "eu"}


def test_a_soldier_and_somebody_without_a_home_are_counted_as_what_they_declared():
    assert "service" in sorts(replace(FACTS, category="forces"), False, DAY)
    assert "service" in sorts(replace(FACTS, category="crown"), False, DAY)
    assert "local_connection" in sorts(replace(FACTS, category="local-connection"), False, DAY)


def test_edge_case_16_no_sort_but_the_printed_number_counts_an_anonymous_elector():
    for facts in (FACTS, OVERSEAS, POLE, PEER, replace(FACTS, category="forces")):
        assert sorts(facts, True, DAY) <= {"entries", "anonymous", "parliamentary", "local"}


def test_of_an_erased_person_only_the_entry_is_counted():
    assert sorts(None, False, DAY) == {"entries"}


async def _a_town(office):
    first, second = await office.property(1, "AA", "E05999001"), await office.property(2, "AB", "E05999002", house="11")
    number = 0
    electors = []
    for home, district in ((first, "AA"), (second, "AB")):
        for facts in (FACTS, ATTAINER, OVERSEAS, POLE, PEER, replace(FACTS, date_of_birth=date(1966, 2, 3))):
            number += 1
            electors.append(await office.add(home, number, district, franchise=facts, effective_on=date(2026, 4, 1)))
    return electors


async def test_every_figure_is_as_long_as_the_list_that_it_opens(desk):
    electors = await _a_town(desk.office)
    await desk.follow()
    answer = (await desk.get(f"/statistics/electorate?on={DAY}&by=ward")).json()
    assert [line["ward"] for line in answer["lines"]] == ["E05999001", "E05999002"]
    assert answer["total"]["entries"] == len(electors)
    assert answer["total"]["attainers"] == 2
    for line in answer["lines"]:
        for sort in SORTS:
            listed = await desk.get(f"/statistics/electorate/{sort}?on={DAY}&ward={line['ward']}&limit=500")
            assert len(listed.json()["items"]) == line[sort], sort


async def test_the_list_comes_in_pages_and_by_polling_district(desk):
    await _a_town(desk.office)
    await desk.follow()
    path = f"/statistics/electorate/parliamentary?on={DAY}&district=AA&limit=2"
    page = (await desk.get(path)).json()
    rest = (await desk.get(f"{path}&cursor={page['next']}")).json()
    numbers = [item["number"] for item in page["items"] + rest["items"]]
    assert (len(numbers), len(set(numbers)), rest["next"]) == (4, 4, None)


async def test_a_postal_vote_in_force_on_the_day_is_counted_and_listed(desk):
    ((elector, person), *_) = await _a_town(desk.office)
    await desk.follow()
    await _grant(desk, elector, person)
    await desk.follow()
    answer = (await desk.get(f"/statistics/electorate?on={DAY}&by=authority")).json()
    assert answer["total"]["postal_voters"] == 1
    listed = (await desk.get(f"/statistics/electorate/postal_voters?on={DAY}")).json()["items"]
    assert [item["elector_id"] for item in listed] == [str(elector)]
    assert (await desk.get("/statistics/electorate?on=2026-04-02")).json()["total"]["postal_voters"] == 0


async def test_figures_come_as_a_file_and_to_nobody_without_the_role(desk):
    await _a_town(desk.office)
    await desk.follow()
    file = await desk.get(f"/statistics/electorate?on={DAY}&csv=true")
    assert file.text.splitlines()[0].startswith("constituency,ward,district,entries,parliamentary,local,attainers")
    assert len(file.text.splitlines()) == 3
    assert (await desk.get("/statistics/electorate", "clerk", "finance-clerk")).status_code == 404
    assert (await desk.get("/statistics/electorate/entries", "reporter", "reporting")).status_code == 404


async def _grant(desk, elector, person):
    applied = datetime(2026, 4, 3, 12, tzinfo=UTC)
    command = GrantPostalVote(elector, person, "maximum", applied, date(2026, 4, 3))
    await desk.office.do(absent_votes, absent_votes_id(elector), command)
