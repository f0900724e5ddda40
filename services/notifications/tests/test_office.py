"""From the fact that somebody is to be told of to the letter that arrived, and enquiries, through the API."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from shared.events.definition import Sealed
from shared.events.finance import AllowancePaid
from shared.service.tests.provider import OTHER_COUNCIL

SEALED = Sealed("v1.x")
PAID = AllowancePaid(UUID(int=6), UUID(int=2), 2026, 1, date(2026, 8, 7), 15_200, (), SEALED, SEALED)
HOME = {"name": "A Sample", "lines": ["1 Sample Street", "Mootham", "MO1 1AA"]}
CALL = {
    "channel": "phone", "received_on": "2026-06-08", "enquirer": "A Sample", "contact": "01632 960000",
    "summary": "When is the next meeting?",
}  # fmt: skip


async def queued(desk) -> str:
    await desk.news(PAID)
    (line,) = (await desk.get("/messages"))["items"]
    return f"/messages/{line['message_id']}"


async def test_a_fact_heard_three_times_is_one_letter_that_is_printed_posted_and_delivered(desk):
    await desk.news(PAID, times=3)
    (line,) = (await desk.get("/messages?status=waiting"))["items"]
    message = f"/messages/{line['message_id']}"
    page = await desk.done(f"{message}/letter", HOME)
    assert "1 Sample Street" in page
    assert "£152.00" in page
    await desk.done(f"{message}/sending", {"provider_reference": "bag 12"})
    await desk.done(f"{message}/delivery")
    found = await desk.get(message)
    (attempt,) = found["attempts"]
    assert (found["status"], found["due_at"]) == ("delivered", None)
    assert attempt["content_sha256"] == sha256(page.encode()).hexdigest()
    assert attempt["provider_reference"] == "bag 12"
    (count,) = await desk.get("/messages/outcomes", "reporting")
    delivered = {
        "template": "pay-statement",
        "channel": "letter",
        "status": "delivered",
        "messages": 1,
        "oldest_due_at": None,
    }
    assert count == delivered
    await desk.rebuilt_views_are_equal()


async def test_no_name_or_address_is_kept_of_a_letter(desk):
    message = await queued(desk)
    await desk.done(f"{message}/letter", HOME)
    stored = await desk.core.pool.fetchval("SELECT string_agg(e::text, ' ') FROM event e")
    assert "letter-composed" in stored
    assert "Sample" not in stored


async def test_a_letter_printed_again_on_another_day_is_the_same(desk):
    message = await queued(desk)
    page = await desk.done(f"{message}/letter", HOME)
    desk.later(timedelta(days=2))
    assert await desk.done(f"{message}/letter", HOME) == page
    moved = await desk.done(f"{message}/letter", HOME | {"lines": ["2 Other Road", "Mootham", "MO1 1AB"]})
    (attempt,) = (await desk.get(message))["attempts"]
    assert attempt["content_sha256"] == sha256(moved.encode()).hexdigest() != sha256(page.encode()).hexdigest()


async def test_what_one_recipient_was_sent_is_found(desk):
    await desk.news(PAID)
    assert len((await desk.get(f"/messages?recipient={PAID.member_id}"))["items"]) == 1
    assert (await desk.get(f"/messages?recipient={UUID(int=99)}"))["items"] == []


async def test_a_failed_attempt_shows_when_the_next_is_due(desk):
    message = await queued(desk)
    await desk.done(f"{message}/letter", HOME)
    await desk.done(f"{message}/failure", {"problem": "technical-failure"})
    found = await desk.get(message)
    assert [attempt["problem"] for attempt in found["attempts"]] == ["technical-failure", ""]
    assert (found["status"], found["due_at"]) == ("waiting", found["attempts"][1]["due_at"])
    assert await desk.refused(f"{message}/letter", HOME) == "message-not-yet-due"
    desk.later(timedelta(days=1, seconds=1))
    await desk.done(f"{message}/letter", HOME)
    await desk.rebuilt_views_are_equal()


async def test_an_address_that_the_post_would_not_take_is_refused_and_so_is_an_unknown_message(desk):
    message = await queued(desk)
    assert await desk.refused(f"{message}/letter", HOME | {"lines": ["@ home", "MO1 1AA"]}) == "address-unfit"
    assert await desk.refused(f"/messages/{UUID(int=99)}/letter", HOME) == "unknown-message"


async def test_an_enquiry_is_logged_linked_answered_and_closed(desk):
    desk.on(date(2026, 6, 8))
    enquiry = f"/enquiries/{(await desk.done('/enquiries', CALL))['stream_id']}"
    meeting = str(UUID(int=70))
    await desk.done(f"{enquiry}/links", {"to": "meeting", "target_id": meeting})
    desk.on(date(2026, 6, 23))
    (line,) = (await desk.get("/enquiries"))["items"]
    assert (line["due_on"], line["age_days"], line["overdue"]) == ("2026-06-22", 15, True)
    assert await desk.refused(f"{enquiry}/closing", {"outcome": "answered"}) == "enquiry-not-answered"
    await desk.done(f"{enquiry}/answer", {"answer": "On 2 July."})
    await desk.done(f"{enquiry}/closing", {"outcome": "answered"})
    found = await desk.get(enquiry)
    assert (found["answer"], found["answered_on"], found["outcome"]) == ("On 2 July.", "2026-06-23", "answered")
    assert found["links"] == [{"kind": "meeting", "target_id": meeting}]
    assert (await desk.get("/enquiries"))["items"] == []
    assert len((await desk.get("/enquiries?closed=true"))["items"]) == 1
    await desk.rebuilt_views_are_equal()


async def test_open_enquiries_stand_in_the_order_in_which_they_fall_due(desk):
    desk.on(date(2026, 6, 8))
    await desk.done("/enquiries", CALL | {"kind": "foi"})
    await desk.done("/enquiries", CALL)
    first = await desk.get("/enquiries?limit=1")
    then = await desk.get(f"/enquiries?limit=1&cursor={first['next']}")
    assert [page["items"][0]["kind"] for page in (first, then)] == ["general", "foi"]


async def test_an_email_fetched_twice_is_one_enquiry(desk):
    desk.on(date(2026, 6, 8))
    email = CALL | {"channel": "email", "email_message_id": "<1@example.org>"}
    once, again = await desk.done("/enquiries", email), await desk.done("/enquiries", email)
    assert once["stream_id"] == again["stream_id"]
    assert len((await desk.get("/enquiries"))["items"]) == 1


async def test_an_enquirer_who_was_erased_leaves_the_case_and_no_name(desk):
    desk.on(date(2026, 6, 8))
    enquiry = f"/enquiries/{(await desk.done('/enquiries', CALL))['stream_id']}"
    await desk.done(f"{enquiry}/answer", {"answer": "On 2 July."})
    await desk.erase(UUID((await desk.get(enquiry))["enquirer_id"]))
    found = await desk.get(enquiry)
    assert [found[part] for part in ("enquirer", "contact", "summary", "answer")] == [None] * 4
    assert found["answered_on"] == "2026-06-08"
    await desk.rebuilt_views_are_equal()


async def test_another_council_and_another_role_see_none_of_it(desk):
    desk.on(date(2026, 8, 10))
    message = await queued(desk)
    elsewhere = desk.idp.bearer(roles=["correspondence"], authorities=[OTHER_COUNCIL])
    assert (await desk.client.get("/messages", headers=elsewhere)).json()["items"] == []
    assert (await desk.client.get(message, headers=elsewhere)).status_code == 404
    assert (await desk.client.get(message, headers=desk.headers("reporting"))).status_code == 404
    assert (await desk.post("/enquiries", CALL, "finance-clerk")).status_code == 404
