"""Letters of a canvass, as registration sees them: what they say is asked at the moment of use, and what became of them comes back."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from services.registration.canvass.commands import RecordPosting
from services.registration.canvass.decider import properties_in_canvass
from services.registration.canvass.tests.office import YEAR
from services.registration.policies.when_canvass_letter_goes_or_comes_back_then_record_it import record_letter
from shared.eventcore.recording import Metadata, Recorded
from shared.eventcore.testing.core import AUTHORITY, by
from shared.events.definition import REGISTRY
from shared.events.notifications import MessageFailed, MessageSent
from shared.events.values_notifications import Household, MessageId

JULY = date(2026, 7, 20)


async def contacted(canvassers, kind="form"):
    """A property with one elector that has been written to, and its contact."""
    home = await canvassers.office.property()
    await canvassers.office.add(home)
    await canvassers.started()
    await canvassers.draw_up()
    await canvassers.said(f"/canvasses/{YEAR}/contacts", {"batch": "CF-1", "contact": kind, "route": 2})
    await canvassers.app.state.imports.idle()
    page = await canvassers.page(home)
    return home, UUID(page["made"][0]["contact_id"])


async def asked(canvassers, *contacts, role="correspondence"):
    query = "&".join(f"contact={contact}" for contact in contacts)
    return await canvassers.get(f"/correspondents/households?{query}", "notifications", role)


async def test_households_are_asked_of_together_with_the_code_that_opens_their_reply(canvassers):
    _, contact = await contacted(canvassers)
    answer = await asked(canvassers, contact, uuid4())
    (household,) = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert household["lines"] == ["10 Gorse Lane", "Gavelford", "ZZ1 1AA"]
    assert len(household["electors"]) == 1
    reference, secret = household["code"].split()
    code = {"reference": reference, "secret": secret}
    opened = await canvassers.http.post(f"/canvass-replies/{AUTHORITY}/opening", json=code)
    assert opened.status_code == 200, opened.text
    assert [elector["name"] for elector in opened.json()["electors"]] == household["electors"]
    stored = await canvassers.office.core.pool.fetchval("SELECT string_agg(e::text, ' ') FROM event e")
    assert secret.replace("-", "") not in stored
    assert secret not in stored


async def test_a_letter_written_again_carries_its_own_code_although_another_was_issued_since(canvassers):
    home, contact = await contacted(canvassers)
    before = (await asked(canvassers, contact)).json()
    renewed = await canvassers.said(f"{canvassers.at(home)}/security-code", None)
    await canvassers.follow()
    after = (await asked(canvassers, contact)).json()
    assert after == before
    assert renewed["code"] != before[0]["code"]


async def test_only_correspondence_asks(canvassers):
    _, contact = await contacted(canvassers)
    assert (await asked(canvassers, contact, role="registration-officer")).status_code in (403, 404)


def heard(fact):
    stream = uuid4()
    at = fact.sent_at if isinstance(fact, MessageSent) else fact.failed_at
    return Recorded(
        fact, REGISTRY.of(fact).wire, stream, "message", 2, 1, 1, at, at, Metadata("sending", AUTHORITY, "x")
    )


async def told(canvassers, fact):
    for step in record_letter.react(heard(fact)):
        await canvassers.office.core.execute(step.decider, step.stream_id, step.command, by=by())


async def test_a_letter_that_was_posted_and_came_back_is_on_the_propertys_page(canvassers):
    home, contact = await contacted(canvassers)
    place, now = canvassers.place(home), canvassers.office.core.clock()
    household = Household(home, place, contact)
    sent = MessageSent(MessageId(uuid4()), 1, now, "AB-000001", household)
    await told(canvassers, sent)
    await told(canvassers, sent)
    (made,) = (await canvassers.page(home))["made"]
    assert made["posted_on"] == now.date().isoformat()
    await told(canvassers, MessageFailed(sent.message_id, 1, now, "temporary-failure", now, household))
    assert (await canvassers.page(home))["made"][0]["result"] == ""
    await told(canvassers, MessageFailed(sent.message_id, 1, now, "returned", None, household))
    assert (await canvassers.page(home))["made"][0]["result"] == "returned"


async def test_a_letter_of_no_canvass_changes_nothing(canvassers):
    sent = MessageSent(MessageId(uuid4()), 1, canvassers.office.core.clock())
    assert list(record_letter.react(heard(sent))) == []


async def test_the_posting_of_a_contact_is_recorded_once(canvassers):
    home, contact = await contacted(canvassers)
    for _ in range(2):
        await canvassers.office.core.execute(
            properties_in_canvass, canvassers.place(home), RecordPosting(contact, JULY), by=by()
        )
    events = await canvassers.events(canvassers.place(home))
    assert [type(event).__name__ for event in events].count("CanvassLetterPosted") == 1
