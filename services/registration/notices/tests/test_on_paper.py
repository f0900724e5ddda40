"""What is published, on paper: a notice, a part of the register, the supplement of a polling station."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from uuid import UUID

from pypdf import PdfReader

from services.registration.electors.commands import AddElector, AmendElector, CorrectClericalError
from services.registration.electors.decider import electors
from services.registration.tests.conftest import Desk
from services.registration.tests.test_publication import MAY, published, renumbered, rows_of
from shared.events.values import ElectorId, ElectorNumber, FranchiseFacts, PersonId, PersonName, PollingDistrict
from shared.law.effect import PollAhead, Programme, takes_effect
from shared.law.polls import PollType, Register

POLL = date(2026, 5, 7)
BORN = date(1980, 12, 1)
OVERSEAS = FranchiseFacts(date_of_birth=BORN, nationalities=("GB",), category="overseas")


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


async def paper(desk: Desk, path: str) -> str:
    answer = await desk.get(path)
    assert answer.status_code == 200, answer.text
    return words(answer.content)


async def test_a_notice_of_alteration_reads_by_district_what_was_added_altered_and_removed(desk: Desk):
    home = await desk.office.property()
    renamed, _ = await desk.office.add(home, 4, name=PersonName("Di", "Reed"))
    await desk.office.add(home, 2, effective_on=MAY, name=PersonName("Bea", "Fern"))
    desk.office.on(date(2026, 4, 10))
    await desk.office.change(renamed, AmendElector(PersonName("Di", "Reed-Rush"), date(2026, 4, 10)))
    desk.office.on(MAY)
    await desk.follow()
    notice = await published(desk)
    assert await paper(desk, f"/notices/{notice}/print") == (
        "Notice of alteration of the register Published on and in force from 1 May 2026. "
        "Polling district AB: added Number Mark Name Address AB-2 FERN, Bea 10 Gorse Lane, Gavelford, ZZ1 1AA "
        "Polling district AB: altered Number Mark Name Address AB-4 REED-RUSH, Di 10 Gorse Lane, Gavelford, ZZ1 1AA "
        "Notice of alteration of the register. Page 1 of 1"
    )


async def test_a_part_of_the_register_reads_by_street_then_other_electors_then_numbers(desk: Desk):
    ten, two = await desk.office.property(1, house="10"), await desk.office.property(2, house="2")
    await desk.office.add(ten, 1, name=PersonName("Ten", "Tansy"))
    await desk.office.add(two, 2, name=PersonName("Two", "Teasel"))
    await desk.office.add(ten, 3, name=PersonName("Away", "Ash"), franchise=OVERSEAS)
    await desk.office.add(ten, 4, name=PersonName("No", "Name"), anonymous=True)
    desk.office.on(MAY)
    await desk.follow()
    assert await paper(desk, "/register/part.pdf?district=AB") == (
        "Register of electors: polling district AB In force on 1 May 2026. 4 electors. "
        "Gorse Lane, Gavelford Number Mark Name House Postcode "
        "AB-2 TEASEL, Two 2 ZZ1 1AA AB-1 TANSY, Ten 10 ZZ1 1AA "
        "Other electors Number Mark Name House Postcode AB-3 F ASH, Away "
        "Entries by number only Number Mark Name House Postcode AB-4 N "
        "Register of electors: polling district AB. Page 1 of 1"
    )


async def test_a_revised_register_on_paper_is_an_archive_of_parts(desk: Desk):
    await desk.office.add(await desk.office.property(1, "AB"), 7)
    await desk.office.add(await desk.office.property(2, "CD"), 9, "CD")
    desk.office.on(date(2026, 12, 1))
    await desk.follow()
    await renumbered(desk, date(2026, 12, 1))
    notice = await published(desk, kind="revised-register")
    answer = await desk.get(f"/notices/{notice}/print")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert parts.namelist() == ["full-register-AB.pdf", "full-register-CD.pdf"]
        assert "AB-1 MARSH" in words(parts.read("full-register-AB.pdf"))


async def test_edge_case_14_a_typing_error_mended_at_20_55_on_polling_day_is_in_the_stations_supplement(desk: Desk):
    """At 21:05 it is too late, so the station is told of nothing after nine."""
    home = await desk.office.property()
    typed, _ = await desk.office.add(home, 1, name=PersonName("Ann", "Smiht"))
    late, _ = await desk.office.add(home, 2, name=PersonName("Bob", "Joens"))
    hidden, _ = await desk.office.add(home, 3, name=PersonName("No", "Nmae"), anonymous=True)
    desk.office.on(POLL)
    poll = PollAhead(PollType.LOCAL, POLL)
    in_time, too_late = datetime(2026, 5, 7, 19, 55, tzinfo=UTC), datetime(2026, 5, 7, 20, 5, tzinfo=UTC)
    await desk.office.change(typed, CorrectClericalError(PersonName("Ann", "Smith"), in_time, True, poll, True))
    await desk.office.change(hidden, CorrectClericalError(PersonName("No", "Name"), in_time, True, poll, True))
    # Without naming the poll the correction itself is made; it is the poll's register that it comes too late for.
    await desk.office.change(late, CorrectClericalError(PersonName("Bob", "Jones"), too_late, True))
    await desk.follow()
    asked = f"poll_type=local&polling_day={POLL}&district=AB"
    (told,) = (await desk.get(f"/register/supplement?{asked}")).json()
    assert (told["number"], told["was"], told["name"]) == ("AB-1", "Ann Smiht", "Ann Smith")
    text = await paper(desk, f"/register/supplement.pdf?{asked}")
    assert "AB-1 Ann Smiht Ann Smith 20:55, 7 May" in text
    assert "Jones" not in text


async def test_edge_case_9_a_by_election_notice_leaves_out_another_ward_and_an_overseas_elector(desk: Desk):
    final = date(2026, 4, 29)
    inside, outside = await desk.office.property(1, "AB"), await desk.office.property(2, "CD", street="Far Row")
    await desk.office.add(inside, 1, effective_on=final, name=PersonName("In", "Side"))
    await desk.office.add(outside, 1, "CD", effective_on=final, name=PersonName("Out", "Side"))
    polls = Programme(polls=(PollAhead(PollType.LOCAL, POLL),))
    abroad = takes_effect(date(2026, 4, 20), frozenset({Register.PARLIAMENTARY}), polls)
    await desk.office.add(inside, 2, effective_on=abroad.on, name=PersonName("Over", "Seas"), franchise=OVERSEAS)
    desk.office.on(final)
    await desk.follow()
    poll = {"poll_type": "local", "polling_day": str(POLL)}
    notice = await published(desk, kind="final", poll=poll, areas=["AB"])
    assert [row["Elector Forename"] for row in await rows_of(desk, f"/notices/{notice}.csv")] == ["In"]


async def test_what_a_notice_would_say_is_seen_before_it_is_frozen(desk: Desk):
    home = await desk.office.property()
    await desk.office.add(home, 2, effective_on=MAY, name=PersonName("Bea", "Fern"))
    desk.office.on(date(2026, 4, 10))
    await desk.follow()
    (change,) = (await desk.get(f"/notices/changes?on={MAY}&area=AB")).json()
    assert (change["change"], change["number"], change["before"]) == ("addition", "AB-2", None)
    assert (await desk.get(f"/notices/changes?on={MAY}&area=CD")).json() == []
    assert (await desk.get("/notices/changes?on=2026-04-30")).json() == []


async def test_two_entries_with_one_number_stand_in_the_way(desk: Desk):
    """As after an import of another system's register: numbers of two years."""
    home = await desk.office.property()
    await desk.office.add(home, 1, name=PersonName("First", "Fir"))
    older = AddElector(
        ElectorId(UUID(int=7)), PersonId(UUID(int=8)), PersonName("Second", "Sloe"),
        FranchiseFacts(date_of_birth=BORN, nationalities=("GB",)), home, ElectorNumber(PollingDistrict("AB"), 1),
        date(2024, 12, 1), date(2026, 4, 1), "monthly",
    )  # fmt: skip
    await desk.office.do(electors, older.elector_id, older)
    desk.office.on(MAY)
    await desk.follow()
    (found,) = (await desk.get("/notices/blockers")).json()
    assert (found["rule"], found["stops"], found["records"]) == ("number-twice", True, ["AB-1"])
    draft = (await desk.post("/notices/drafts", {"kind": "monthly"}, "first")).json()["draft"]
    answer = await desk.post("/notices", {"draft": draft}, "second")
    assert answer.json()["type"] == "urn:moothall:problem:publication-blocked"
