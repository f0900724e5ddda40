"""Absent voting at the API, on a real store: limits across electors, what ends with what, the lists of a poll."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import UUID, uuid4

from pypdf import PdfReader

from services.registration.electors import commands as ask
from services.registration.tests.conftest import Desk
from shared.events.values import EvidenceSource, FranchiseFacts, PersonId, PersonName, absent_votes_id

POLL = {"poll_type": "local", "polling_day": "2026-05-07"}
AT = "poll=local&polling_day=2026-05-07"
BRITISH = FranchiseFacts(date_of_birth=date(1980, 12, 1), nationalities=("GB",))
ABROAD = FranchiseFacts(date_of_birth=date(1980, 12, 1), nationalities=("GB",), category="overseas")
IN_TIME, AFTER_PROXIES = "2026-04-21T12:00:00Z", "2026-04-29T12:00:00Z"


def form(who=None, **more):
    person = who or {
        "name": {"first": "Ben", "last": "Fern"}, "eligible": True,
        "address": {"street": "3 Sea Road", "town": "Mootham", "postcode": "ZZ1 1AB"},
    }  # fmt: skip
    said = {"kind": "particular-poll", "proxy": person, "poll": POLL, "reason": "away", "consents": True}
    return said | {"applied_at": IN_TIME} | more


async def electors_of(desk: Desk, *facts: FranchiseFacts, **more):
    desk.office.on(date(2026, 4, 21))
    home = await desk.office.property(1)
    return [
        (await desk.office.add(home, n, name=PersonName("Ada", f"Marsh{'x' * n}"), franchise=f, **more))[0]
        for n, f in enumerate(facts, 1)
    ]


async def refusal(answer):
    return answer.json()["type"].rsplit("/", 1)[-1].rsplit(":", 1)[-1]


async def test_edge_case_30_two_at_home_and_two_overseas_and_no_fifth(desk: Desk):
    electors = await electors_of(desk, BRITISH, BRITISH, BRITISH, ABROAD, ABROAD, ABROAD)
    parliamentary = {"poll_type": "parl", "polling_day": "2026-05-07"}
    said = form(poll=parliamentary)
    answers = [await desk.post(f"/electors/{elector}/proxy", said) for elector in electors]
    assert [answer.status_code for answer in answers] == [200, 200, 409, 200, 200, 409]
    assert await refusal(answers[2]) == "proxy-acts-for-enough-domestic"
    assert await refusal(answers[5]) == "proxy-acts-for-enough"
    # A place that is given back may be taken by another elector.
    gone = await desk.post(f"/electors/{electors[0]}/proxy/cancellation", {"poll": parliamentary})
    assert gone.status_code == 200, gone.text
    assert (await desk.post(f"/electors/{electors[2]}/proxy", said)).status_code == 200


async def test_a_proxy_on_this_register_is_known_by_the_entry_and_counts_with_the_same_person_by_name(desk: Desk):
    first, second, third, proxy = await electors_of(desk, BRITISH, BRITISH, BRITISH, BRITISH)
    entry = {"elector_id": str(proxy), "relationship": "sister"}
    by_name = {
        "name": {"first": "Ada", "last": "Marshxxxx", "middle": "Iris" * 4}, "eligible": True,
        "address": {"street": "10 Gorse Lane", "town": "Gavelford", "postcode": "ZZ1 1AA"},
    }  # fmt: skip
    by_name["name"].pop("middle")
    assert (await desk.post(f"/electors/{first}/proxy", form(entry))).status_code == 200
    assert (await desk.post(f"/electors/{second}/proxy", form(by_name))).status_code == 200
    assert await refusal(await desk.post(f"/electors/{third}/proxy", form(entry))) == "proxy-acts-for-enough-domestic"
    assert await refusal(await desk.post(f"/electors/{proxy}/proxy", form(entry))) == "proxy-is-the-elector"
    nobody = form({"elector_id": str(uuid4())})
    assert await refusal(await desk.post(f"/electors/{third}/proxy", nobody)) == "proxy-not-eligible"


async def test_edge_case_31_a_move_within_the_district_ends_everything_and_frees_the_proxy(desk: Desk):
    first, second, third, new = await electors_of(desk, BRITISH, BRITISH, BRITISH, BRITISH)
    standing = form(kind="indefinite", ground="registered-blind", poll=None)
    for elector in (first, second):
        assert (await desk.post(f"/electors/{elector}/proxy", standing)).status_code == 200
    assert (await desk.post(f"/electors/{first}/proxy/postal-vote", {"kind": "maximum"})).status_code == 200
    allowed = EvidenceSource("application-allowed", "application 9", date(2026, 4, 21))
    await desk.office.change(first, ask.RemoveElector("moved-within-area", date(2026, 4, 21), (allowed,)))
    await desk.follow()
    page = (await desk.get(f"/electors/{first}/absent-votes")).json()
    assert {line["because"] for line in page["arrangements"]} == {"registration-ended"}
    assert len(page["arrangements"]) == 2
    assert await refusal(await desk.post(f"/electors/{first}/proxy", standing)) == "not-on-register"
    assert (await desk.post(f"/electors/{new}/proxy", standing)).status_code == 200, "the new entry applies anew"
    assert await refusal(await desk.post(f"/electors/{third}/proxy", standing)) == "proxy-acts-for-enough-domestic"


async def test_edge_case_29_a_minute_late_for_a_postal_vote_a_proxy_may_still_be_had(desk: Desk):
    (elector,) = await electors_of(desk, BRITISH)
    late = {"kind": "particular-poll", "poll": POLL, "applied_at": "2026-04-21T16:01:00Z"}
    answer = await desk.post(f"/electors/{elector}/postal-vote", late)
    assert await refusal(answer) == "too-late-for-the-poll"
    assert "proxy" in answer.json()["next"]
    assert (await desk.post(f"/electors/{elector}/proxy", form(applied_at="2026-04-21T16:01:00Z"))).status_code == 200


async def a_poll(desk: Desk):
    """One voter by post, one by a proxy, one by a proxy who votes by post, one anonymous by post, one in an emergency."""
    by_post, by_proxy, proxy_by_post, late = await electors_of(desk, BRITISH, BRITISH, BRITISH, BRITISH)
    home = await desk.office.property(1)
    hidden, _ = await desk.office.add(home, 9, name=PersonName("Hidden", "Person"), anonymous=True)
    for elector in (by_post, hidden):
        assert (await desk.post(f"/electors/{elector}/postal-vote", {"kind": "maximum"})).status_code == 200
    for elector in (by_proxy, proxy_by_post):
        assert (await desk.post(f"/electors/{elector}/proxy", form())).status_code == 200
    elsewhere = {"street": "9 Harbour Row", "town": "Brigg", "postcode": "ZZ2 2BB"}
    granted = {"kind": "particular-poll", "poll": POLL, "ballot_address": elsewhere, "ballot_address_reason": "at work"}
    assert (await desk.post(f"/electors/{proxy_by_post}/proxy/postal-vote", granted)).status_code == 200
    desk.office.on(date(2026, 4, 29))
    other = {
        "name": {"first": "Cat", "last": "Gorse"}, "eligible": True,
        "address": {"street": "4 Sea Road", "town": "Mootham", "postcode": "ZZ1 1AB"},
    }  # fmt: skip
    emergency = form(other, kind="emergency", ground="photo-id-lost", applied_at=AFTER_PROXIES)
    assert (await desk.post(f"/electors/{late}/proxy", emergency)).status_code == 200
    await desk.follow()
    return by_post, by_proxy, proxy_by_post, late, hidden


async def lines(desk: Desk, path: str):
    answer = await desk.get(path, "officer", "postal-team")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_the_lists_of_a_poll(desk: Desk):
    await a_poll(desk)
    postal = await lines(desk, f"/absent-voter-lists/postal-voters.csv?{AT}")
    assert [(v["Elector Number"], v["Elector Surname"], v["Sent To 1"], v["Sent To PostCode"]) for v in postal] == [
        ("1", "Marshx", "10 Gorse Lane", "ZZ1 1AA"), ("9", "", "", ""),
    ]  # fmt: skip
    proxies = await lines(desk, f"/absent-voter-lists/proxies.csv?{AT}")
    assert [(v["Elector Number"], v["Proxy Surname"], v["Proxy Address1"]) for v in proxies] == [
        ("2", "Fern", "3 Sea Road"), ("3", "Fern", "3 Sea Road"),
    ]  # fmt: skip
    by_post = await lines(desk, f"/absent-voter-lists/proxy-postal-voters.csv?{AT}")
    assert [(v["Elector Number"], v["Proxy Forename"], v["Sent To 1"]) for v in by_post] == [
        ("3", "Ben", "9 Harbour Row"),
    ]  # fmt: skip
    emergency = await lines(desk, f"/absent-voter-lists/proxies.csv?{AT}&emergency=true")
    assert [(v["Elector Number"], v["Proxy Surname"]) for v in emergency] == [("4", "Gorse")]
    assert await lines(desk, f"/absent-voter-lists/proxies.csv?{AT}&district=ZZ") == []


async def test_an_anonymous_absent_voter_is_a_number_and_a_period_on_every_list(desk: Desk):
    await a_poll(desk)
    text = (await desk.get(f"/absent-voter-lists/postal-voters.csv?{AT}")).text
    assert "AB,9,0,N,,,21/04/2026,31/01/2029,,,,,,,\r\n" in text
    paper = await desk.get(f"/absent-voter-lists/postal-voters.pdf?{AT}")
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "AB-9 N" in words
    assert "Hidden" not in words
    assert (await desk.get(f"/absent-voter-lists/postal-voters?{AT}")).json() == {
        "kind": "postal-voters", "electors": 2, "anonymous": 1,
    }  # fmt: skip


async def test_what_changes_after_the_deadline_leaves_the_list_of_the_poll_as_it_was(desk: Desk):
    by_post, by_proxy, *_ = await a_poll(desk)
    before = await lines(desk, f"/absent-voter-lists/postal-voters.csv?{AT}")
    assert (
        await desk.post(f"/electors/{by_post}/postal-vote/cancellation", {"polls_ahead": [POLL]})
    ).status_code == 200
    # One that came too late and says nothing of the polls ahead is on no list of them either.
    late = {"kind": "maximum", "applied_at": AFTER_PROXIES}
    assert (await desk.post(f"/electors/{by_proxy}/postal-vote", late)).status_code == 200
    await desk.follow()
    assert await lines(desk, f"/absent-voter-lists/postal-voters.csv?{AT}") == before
    assert (
        await refusal(await desk.post(f"/electors/{by_proxy}/proxy/cancellation", {"poll": POLL}))
        == "too-late-to-change"
    )


async def test_the_record_of_absent_voters_and_the_page_of_one(desk: Desk):
    by_post, *_ = await a_poll(desk)
    record = (await desk.get("/absent-voters?kind=postal-vote&limit=1")).json()
    more = (await desk.get(f"/absent-voters?kind=postal-vote&limit=1&cursor={record['next']}")).json()
    assert len({line["elector_id"] for line in record["items"] + more["items"]}) == 2
    proxies = (await desk.get("/absent-voters?ends_by=2027-01-01&kind=proxy")).json()["items"]
    assert sorted(line["proxy_name"] for line in proxies) == ["Ben Fern", "Ben Fern", "Cat Gorse"]
    page = (await desk.get(f"/electors/{by_post}/absent-votes")).json()
    assert [(a["kind"], a["valid_until"], a["stands"]) for a in page["arrangements"]] == [
        ("postal-vote", "2029-01-31", True),
    ]  # fmt: skip


async def test_the_record_says_whose_an_absent_vote_is_and_whether_there_is_a_signature(desk: Desk):
    first, second = await electors_of(desk, BRITISH, BRITISH)
    for elector in (first, second):
        assert (await desk.post(f"/electors/{elector}/postal-vote", {"kind": "maximum"})).status_code == 200
    waived = {"reason": "A tremor.", "date_of_birth": "1980-12-01"}
    assert (await desk.post(f"/electors/{second}/identifiers/waiver", waived)).status_code == 200
    await desk.follow()
    kept = (await desk.get("/absent-voters")).json()["items"]
    assert {(line["name"], line["image"]) for line in kept} == {("Ada Marshx", "missing"), ("Ada Marshxx", "waived")}
    [line] = (await desk.get("/absent-voters?image=waived")).json()["items"]
    assert (line["elector_id"], bool(line["number"])) == (str(second), True)


async def test_an_erased_proxy_is_forgotten_and_the_view_rebuilds_to_the_same(desk: Desk):
    _, by_proxy, *_ = await a_poll(desk)
    page = (await desk.get(f"/electors/{by_proxy}/absent-votes")).json()
    await desk.office.erase(PersonId(UUID(page["arrangements"][0]["proxy_id"])))
    await desk.follow()
    (gone,) = (await desk.get(f"/electors/{by_proxy}/absent-votes")).json()["arrangements"]
    assert (gone["proxy_name"], gone["proxy_address"]) == (None, None)
    await desk.office.a_rebuild_is_equal("absent_voters")


async def test_edge_case_33_who_renews_early_from_overseas_votes_by_post_to_the_new_expiry(desk: Desk):
    (elector,) = await electors_of(desk, ABROAD, ends_on=date(2026, 11, 1), effective_on=date(2024, 3, 1))
    path = f"/electors/{elector}"
    assert (await desk.post(f"{path}/postal-vote", {"kind": "maximum"})).status_code == 200
    desk.office.on(date(2026, 7, 15))
    await desk.office.change(elector, ask.ChangeTerm(date(2029, 11, 1), date(2026, 7, 15)))
    assert (await desk.post(f"{path}/postal-vote", {"kind": "maximum"})).status_code == 200
    await desk.follow()
    page = (await desk.get(f"{path}/absent-votes")).json()
    assert [line["valid_until"] for line in page["arrangements"]] == ["2029-11-01", "2026-11-01"]


async def test_a_service_voters_postal_vote_has_its_own_three_years(desk: Desk):
    forces = FranchiseFacts(date_of_birth=date(1980, 12, 1), nationalities=("GB",), category="forces")
    (elector,) = await electors_of(desk, forces, ends_on=date(2031, 3, 31))
    assert (await desk.post(f"/electors/{elector}/postal-vote", {"kind": "maximum"})).status_code == 200
    await desk.follow()
    (line,) = (await desk.get(f"/electors/{elector}/absent-votes")).json()["arrangements"]
    assert line["valid_until"] == "2029-01-31"


async def test_where_an_anonymous_electors_ballot_goes_is_not_kept_here(desk: Desk):
    (hidden,) = await electors_of(desk, BRITISH, anonymous=True)
    elsewhere = {"ballot_address": {"street": "9 Harbour Row"}, "ballot_address_reason": "safer"}
    answer = await desk.post(f"/electors/{hidden}/postal-vote", {"kind": "maximum", **elsewhere})
    assert await refusal(answer) == "anonymous-ballot-address"


async def test_the_same_application_of_a_queue_changes_nothing_the_second_time(desk: Desk):
    (elector,) = await electors_of(desk, BRITISH)
    said = form(reference="5f1d7a2b9c3e4d6f8a0b1c2d")
    first, again = [await desk.post(f"/electors/{elector}/proxy", said) for _ in range(2)]
    assert first.json()["events"] == ["ProxyAppointed", "ProxyNamed"]
    assert again.json()["events"] == []
    assert first.json()["stream_id"] == str(absent_votes_id(elector))
    refused = {"reasons": ["proxy-limits"], "reference": "5f1d7a2b9c3e4d6f8a0b1c2e"}
    assert (await desk.post(f"/electors/{elector}/proxy/refusal", refused)).json()["events"] == ["ProxyRefused"]
    assert (await desk.post(f"/electors/{elector}/proxy/refusal", refused)).json()["events"] == []
