"""How registration tells another service whom to write to: the latest name and address, to the right role, on the record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import httpx
import pytest

from services.registration.absent_votes.commands import AppointProxy, Proxy
from services.registration.absent_votes.decider import absent_votes
from services.registration.applications.commands import SupplyInformation
from services.registration.electors.commands import AmendElector, ChangeContactDetails
from services.registration.tests.conftest import Desk
from services.registration.views.tests.office import MONDAY, address
from shared.events.values import ContactDetails, ElectorId, PersonId, PersonName, absent_votes_id

ABROAD = {
    "corraddressline1": "7 Rue des Mouettes", "corraddressline2": "Honfleur", "corrpostcode": "14600",
    "corrcountry": "France",
}  # fmt: skip


async def asked(desk: Desk, kind: str, identity: object, *roles: str) -> httpx.Response:
    return await desk.get(f"/correspondents/{kind}/{identity}", "notifications", *(roles or ("correspondence",)))


async def test_an_applicant_is_written_to_as_the_form_says(desk: Desk):
    application, _ = await desk.office.apply()
    assert (await asked(desk, "applicant", application)).json() == {
        "name": "Ada Iris Marsh", "lines": ["Flat 2", "10 Gorse Lane", "ZZ1 1AA"], "email": "ada@example.org", "phone": "",
        "facts": {},
    }  # fmt: skip


async def test_what_was_supplied_later_counts(desk: Desk):
    application, _ = await desk.office.apply({"nino": ""})
    at = desk.office.core.clock()
    await desk.office.ask(application, SupplyInformation({"nino": "AB123456D"} | ABROAD, at))
    assert (await asked(desk, "applicant", application)).json()["lines"] == list(ABROAD.values())


async def test_an_elector_is_written_to_by_the_latest_name_at_the_address_of_the_entry(desk: Desk):
    home = await desk.office.property()
    elector, _ = await desk.office.add(home, contact=ContactDetails("01632 960001", "ada@example.org"))
    await desk.office.change(
        elector,
        AmendElector(PersonName("Ada", "Quill"), MONDAY),
        ChangeContactDetails(ContactDetails(email="quill@example.org")),
    )
    assert (await asked(desk, "elector", elector)).json() == {
        "name": "Ada Quill", "lines": ["10 Gorse Lane", "Gavelford", "ZZ1 1AA"], "email": "quill@example.org", "phone": "",
        "facts": {},
    }  # fmt: skip


async def test_an_elector_abroad_is_written_to_where_the_application_says(desk: Desk):
    home = await desk.office.property()
    application, person = await desk.office.apply(ABROAD, kind="ordinary")
    elector, _ = await desk.office.add(home, application_id=application, person_id=person)
    assert (await asked(desk, "elector", elector)).json()["lines"] == list(ABROAD.values())


async def test_nothing_of_an_elector_entered_as_anonymous_in_the_open_is_told(desk: Desk):
    home = await desk.office.property()
    elector, _ = await desk.office.add(home, anonymous=True, ends_on=date(2027, 4, 1))
    answer = await asked(desk, "elector", elector)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:moothall:problem:anonymous-entry")
    assert not any(word in answer.text for word in ("Ada", "Marsh", "Gorse"))


async def appointed(desk: Desk) -> tuple[ElectorId, PersonId]:
    """An elector, and the person who votes for them."""
    elector, person = await desk.office.add(await desk.office.property(), effective_on=date(2026, 4, 1))
    prosper = PersonId(uuid4())
    who = Proxy(prosper, PersonName("Prosper", "Stand"), address(), contact=ContactDetails(email="prosper@example.org"))
    applied = datetime(2026, 4, 3, 12, tzinfo=UTC)
    command = AppointProxy(
        elector, person, "indefinite", who, applied, date(2026, 4, 21), ground="overseas", reason="away at sea"
    )
    await desk.office.do(absent_votes, absent_votes_id(elector), command)
    return elector, prosper


async def test_a_proxy_is_written_to_as_named_and_told_for_whom_they_vote(desk: Desk):
    elector, prosper = await appointed(desk)
    told = (await asked(desk, "proxy", f"{elector}/{prosper}")).json()
    assert (told["name"], told["email"]) == ("Prosper Stand", "prosper@example.org")
    assert told["lines"][0] == "10 Gorse Lane"
    assert told["facts"] == {"elector": "Ada Iris Marsh"}


async def test_whoever_is_nobodys_proxy_is_not_found_and_an_erased_one_gone(desk: Desk):
    elector, prosper = await appointed(desk)
    assert (await asked(desk, "proxy", f"{elector}/{uuid4()}")).status_code == 404
    await desk.office.erase(prosper)
    assert (await asked(desk, "proxy", f"{elector}/{prosper}")).status_code == 410


async def test_an_erased_person_is_gone(desk: Desk):
    home = await desk.office.property()
    application, person = await desk.office.apply()
    elector, _ = await desk.office.add(home, application_id=application, person_id=person)
    await desk.office.erase(person)
    for answer in (await asked(desk, "elector", elector), await asked(desk, "applicant", application)):
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:moothall:problem:person-erased")


@pytest.mark.parametrize("kind", ["elector", "applicant"])
async def test_whoever_is_not_there_is_not_found(desk: Desk, kind: str):
    assert (await asked(desk, kind, uuid4())).status_code == 404
    home = await desk.office.property()
    assert (await asked(desk, kind, home)).status_code == 404


async def test_only_correspondence_may_ask(desk: Desk):
    application, _ = await desk.office.apply()
    assert (await asked(desk, "applicant", application, "registration-officer", "auditor")).status_code == 404


async def test_another_council_finds_nobody(desk: Desk):
    application, _ = await desk.office.apply()
    stranger = desk.idp.bearer(roles=["correspondence"], authorities=["E07000041"])
    answer = await desk.http.get(f"/correspondents/applicant/{application}", headers=stranger)
    assert answer.status_code == 404


async def test_that_it_was_read_is_on_record(desk: Desk):
    application, _ = await desk.office.apply()
    headers = desk.headers("notifications", "correspondence") | {"X-Reason": "to send a message"}
    await desk.http.get(f"/correspondents/applicant/{application}", headers=headers)
    (read,) = (await desk.get(f"/reads?record={application}", "reader", "dpo")).json()
    assert (read["kind"], read["purpose"]) == ("correspondent", "to send a message")
