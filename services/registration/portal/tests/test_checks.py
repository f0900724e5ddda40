"""Whom a question of the portal finds on a real register, and what the portal concludes from the answer."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.registration.applications import commands as application
from services.registration.electors import commands as elector
from services.registration.exchange.ero_portal.register_checks import RegisterCheck, outcome
from services.registration.portal.checks import history_begins, matches
from services.registration.views.register_checks import entry_of
from services.registration.views.tests.office import FACTS, MONDAY
from shared.eventcore.testing.core import AUTHORITY
from shared.events.values import EvidenceSource, PersonName

TODAY = date(2026, 11, 22)


def asked(**said) -> RegisterCheck:
    return RegisterCheck.model_validate(
        {
            "requestid": str(uuid4()), "gssCode": AUTHORITY, "actingStaffId": "EROP", "createdAt": "2026-11-22T09:00:00Z",
            "fn": "Ada", "ln": "Marsh", "dob": "1980-12-01", "regstreet": "10 Gorse Lane", "regpostcode": "ZZ1 1AA", **said,
        }
    )  # fmt: skip


async def told(office, **said):
    """The matches told, and what the portal makes of them."""
    check = asked(**said)
    await office.catch_up()
    async with office.core.pool.acquire() as conn:
        found = await matches(conn, AUTHORITY, check, TODAY)
    return found, outcome(check, len(found), found[0] if len(found) == 1 else None, TODAY).value


async def left(office, identity, on: date) -> None:
    gone = [EvidenceSource("council-tax", "account", on), EvidenceSource("returned-mail", "canvass", on)]
    office.on(on)
    await office.change(identity, elector.RemoveElector("two-sources", on, tuple(gone)))


@pytest.mark.parametrize(
    ("said", "concluded"),
    [
        ({}, "EXACT_MATCH"),
        ({"fn": "  ADA ", "ln": "marsh", "regpostcode": "zz11aa"}, "EXACT_MATCH"),
        ({"reguprn": "000000000001", "regstreet": "Gorse Cottage", "regpostcode": "ZZ1 9ZZ"}, "EXACT_MATCH"),
        ({"ln": "Reed"}, "PARTIAL_MATCH"),
        ({"fn": "Adela"}, "PARTIAL_MATCH"),
        ({"dob": "1980-01-12"}, "PARTIAL_MATCH"),
        ({"regstreet": "3 Amber Road", "regpostcode": "ZZ1 2AB"}, "PARTIAL_MATCH"),
        ({"ln": "Reed", "regstreet": "3 Amber Road", "regpostcode": "ZZ1 2AB"}, "NO_MATCH"),
        ({"fn": "Bo"}, "PARTIAL_MATCH"),
        ({"fn": "Bo", "dob": "1999-09-09"}, "NO_MATCH"),
        ({"fn": "Bo", "ln": "Reed"}, "NO_MATCH"),
    ],
)
async def test_an_elector_is_found_by_enough_in_common(office, said, concluded):
    await office.add(await office.property(1), 1, name=PersonName("Ada", "Marsh", "Iris"))
    assert (await told(office, **said))[1] == concluded


async def test_the_answer_says_all_that_is_known_of_the_entry(office):
    home = await office.property(1)
    french = replace(FACTS, nationalities=("FR",), resident_since=date(2015, 1, 1))
    identity, _ = await office.add(home, 1, name=PersonName("Ada", "Marsh"), franchise=french)
    (match,), _ = await told(office)
    assert match.ems_elector_id == str(identity)
    assert (match.franchise_code, match.registered_from, match.registered_until) == ("B", date(2026, 4, 1), None)
    assert (match.uprn, match.street, match.postcode) == ("1", "10 Gorse Lane", "ZZ1 1AA")


async def test_by_our_own_id_nothing_else_is_looked_at(office):
    identity, _ = await office.add(await office.property(1), 1, name=PersonName("Ada", "Marsh"))
    (match,), _ = await told(office, emsElectorId=str(identity), fn="Zoe", ln="Other", dob=None)
    assert match.last == "Marsh"
    assert (await told(office, emsElectorId=str(uuid4())))[0] == []
    assert (await told(office, emsElectorId="not one of ours"))[0] == []


async def test_the_id_of_a_record_that_was_merged_leads_to_the_record_it_was_merged_into(office):
    home = await office.property(1)
    stays, _ = await office.add(home, 1, name=PersonName("Ada", "Marsh"))
    goes, _ = await office.add(home, 2, name=PersonName("Ada", "Mrash"))
    office.on(date(2026, 5, 1))
    await office.change(goes, elector.MergeElector(stays, date(2026, 5, 1), asked_by="one", officer="other"))
    (match,), _ = await told(office, emsElectorId=str(goes))
    assert (match.ems_elector_id, match.last) == (str(stays), "Marsh")
    await office.change(goes, elector.UndoMerge(date(2026, 5, 2)))
    (match,), _ = await told(office, emsElectorId=str(goes))
    assert match.last == "Mrash"


async def test_a_former_name_is_found_too(office):
    identity, _ = await office.add(await office.property(1), 1, name=PersonName("Ada", "Marsh"))
    await office.change(identity, elector.AmendElector(PersonName("Ada", "Reed"), date(2026, 5, 1)))
    (match,), concluded = await told(office)
    assert (match.last, concluded) == ("Reed", "PARTIAL_MATCH")


async def test_who_left_has_expired_and_is_found_in_history(office):
    identity, _ = await office.add(await office.property(1), 1, name=PersonName("Ada", "Marsh"))
    await left(office, identity, date(2026, 6, 1))
    (match,), concluded = await told(office)
    assert (match.registered_until, concluded) == (date(2026, 6, 30), "EXPIRED")
    assert (await told(office, historicalSearch=True))[1] == "EXACT_MATCH"


async def test_who_moved_within_the_area_is_told_by_the_entry_that_stands(office):
    gone, person = await office.add(await office.property(1), 1, name=PersonName("Ada", "Marsh"))
    await left(office, gone, date(2026, 6, 1))
    there = await office.property(2, house="12")
    stands, _ = await office.add(
        there, 2, name=PersonName("Ada", "Marsh"), person_id=person, effective_on=date(2026, 7, 1)
    )
    (match,), concluded = await told(office, regstreet="12 Gorse Lane")
    assert (match.ems_elector_id, concluded) == (str(stands), "EXACT_MATCH")


async def test_a_student_with_two_entries_is_told_by_the_address_asked_for(office):
    for uprn, house in ((1, "10"), (2, "77")):
        await office.add(await office.property(uprn, house=house), uprn, name=PersonName("Ada", "Marsh"))
    (match,), _ = await told(office, regstreet="77 Gorse Lane")
    assert match.uprn == "2"
    assert (await told(office, regstreet="9 Vetch Close"))[1] == "MULTIPLE_MATCH"


async def test_an_open_application_is_pending_and_a_rejected_one_is_nobody(office):
    identity, _ = await office.apply({"regproperty": ""})
    (match,), concluded = await told(office)
    assert (concluded, match.registered_from) == ("PENDING_DETERMINATION", None)
    await office.ask(identity, application.RejectApplication(MONDAY + timedelta(days=9), ("not-resident",)))
    assert (await told(office))[0] == []


async def test_who_applied_for_another_name_is_the_entry_that_stands_and_nobody_besides(office):
    home = await office.property(1)
    stands, _ = await office.add(home, 1, name=PersonName("Ada", "Reed"))
    identity, _ = await office.apply({"regproperty": ""}, home=home)
    await office.ask(identity, application.TreatAsAlteration(stands))
    (match,), _ = await told(office)
    assert match.ems_elector_id == str(stands)


async def test_what_an_applicant_supplies_later_finds_them_too(office):
    identity, _ = await office.apply({"regproperty": "", "fn": "Ad", "dob": "", "nodobreason": "unsure"})
    await office.ask(identity, application.SupplyInformation({"fn": "Ada", "dob": "1980-12-01"}, office.core.clock()))
    assert (await told(office))[1] == "PENDING_DETERMINATION"


async def test_nobody_anonymous_and_nobody_erased_is_ever_told(office):
    home = await office.property(1)
    await office.add(home, 1, name=PersonName("Ada", "Marsh"), anonymous=True)
    _, person = await office.add(await office.property(2), 2, name=PersonName("Ada", "Marsh"))
    await office.erase(person)
    assert (await told(office, historicalSearch=True))[0] == []


async def test_more_than_ten_of_one_name_at_one_postcode_are_all_counted(office):
    for number in range(1, 13):
        home = await office.property(number, house=str(100 + number))
        await office.add(home, number, name=PersonName("Ada", "Marsh"))
    assert (await told(office))[1] == "TOO_MANY_MATCHES"


async def test_how_far_back_can_be_searched_is_the_first_entry(office):
    async with office.core.pool.acquire() as conn:
        assert await history_begins(conn, AUTHORITY) is None
    await office.add(await office.property(1), 1)
    await office.catch_up()
    async with office.core.pool.acquire() as conn:
        begins = await history_begins(conn, AUTHORITY)
    assert begins.isoformat() == "2026-04-01T00:00:00+01:00"


async def test_the_view_rebuilt_is_the_view_kept(office):
    await office.apply()
    await office.add(await office.property(1), 1)
    await office.catch_up()
    await office.a_rebuild_is_equal("register_checks")


async def test_who_was_rejected_and_allowed_on_appeal_is_told_whichever_is_read_first(office):
    home = await office.property(1)
    identity, person = await office.apply({"regproperty": ""}, home=home)
    rejected = MONDAY + timedelta(days=9)
    await office.ask(identity, application.RejectApplication(rejected, ("not-resident",)))
    await office.ask(identity, application.AllowOnAppeal(rejected, at_once=True))
    entry = entry_of(identity)
    await office.add(home, 1, elector_id=entry, person_id=person, name=PersonName("Ada", "Marsh"))
    (match,), concluded = await told(office)
    assert (match.ems_elector_id, concluded) == (str(entry), "EXACT_MATCH")
    await office.the_order_of_shards_does_not_matter("register_checks")


async def test_an_application_counts_only_until_there_is_an_entry(office):
    home = await office.property(1)
    identity, person = await office.apply({"regproperty": "", "dob": "1980-12-02"}, home=home)
    entry = entry_of(identity)
    await office.add(home, 1, elector_id=entry, person_id=person, name=PersonName("Ada", "Marsh"))
    (match,), concluded = await told(office)
    assert (match.date_of_birth, concluded) == (date(1980, 12, 1), "EXACT_MATCH")
    await office.the_order_of_shards_does_not_matter("register_checks")
