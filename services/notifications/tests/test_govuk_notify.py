"""GOV.UK Notify, by its official client against a server that answers, limits and refuses as the real one does."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from deploy.local import notify_server
from deploy.topology import NOTIFY_TEMPLATES
from services.notifications.exchange.govuk_notify import GovUkNotify, plain
from services.notifications.sending.limits import TokenBucket
from services.notifications.sending.receipts import Receipts
from services.notifications.tests.sending_office import ADA, AUTHORITY, KEY, dies_before_it_records

TEMPORARY = replace(ADA, phone="07700900003", email="temp-fail@simulator.notify")
PERMANENT = replace(ADA, phone="07700900002", email="perm-fail@simulator.notify")


async def receipts(office, post):
    """Ask Notify what became of everything, as the sender does after a while."""
    office.later(timedelta(minutes=6))
    asking = Receipts(office.desk(), AUTHORITY, GovUkNotify(post.account()), ["email", "sms", "letter"])
    asked = await asking.ask()
    await office.follow()
    return asked


@pytest.mark.parametrize("channel", ["email", "sms", "letter"])
async def test_a_message_is_taken_under_a_reference_that_names_nobody(office, post, channel):
    message = await office.queue(channel)
    await office.look(office.by_notify(post))
    ((identity, sent),) = post.notify.sent.items()
    assert sent["reference"] == f"E07000999/{message}"
    assert "£152.00" in sent["body"]
    (attempt,) = await office.attempts(message)
    assert ((await office.row(message))["status"], attempt["provider_reference"]) == ("sent", identity)


async def test_a_letter_goes_with_its_address_and_leaves_its_hash(office, post):
    message = await office.queue("letter")
    await office.look(office.by_notify(post))
    (sent,) = post.notify.sent.values()
    assert [sent[f"line_{n}"] for n in (1, 2, 3, 4)] == ["Ada Sample", "1 Sample Street", "Mootham", "MO1 1AA"]
    assert len((await office.attempts(message))[0]["content_sha256"]) == 64


async def test_a_name_full_of_markdown_is_only_a_name():
    assert plain("# Ada [win](https://evil.example/x) **S** ((secret))") == "Ada win https evil example x S secret"
    assert plain("J. R. O'Brien-Smith") == "J. R. O'Brien-Smith"
    assert plain("- Ada\n* Sample") == "Ada Sample"


async def test_notify_is_told_which_words_are_not_ours(office, post):
    await office.queue("email", replace(ADA, name="Ada [x](https://evil.example)"))
    await office.look(office.by_notify(post))
    (sent,) = post.notify.sent.values()
    assert "evil.example" not in str(sent)


@pytest.mark.parametrize(
    ("contact", "status", "problem"),
    [(ADA, "delivered", ""), (TEMPORARY, "waiting", "temporary-failure"), (PERMANENT, "failed", "permanent-failure")],
)
async def test_what_became_of_a_message_is_asked_for_when_no_receipt_comes(office, post, contact, status, problem):
    message = await office.queue("sms", contact)
    await office.look(office.by_notify(post))
    assert await receipts(office, post) == 1
    assert (await office.row(message))["status"] == status
    assert (await office.attempts(message))[0]["problem"] == problem


async def test_after_a_temporary_failure_it_is_truly_sent_again(office, post):
    message = await office.queue("sms", TEMPORARY)
    await office.look(office.by_notify(post))
    await receipts(office, post)
    office.later(timedelta(minutes=5))
    await office.look(office.by_notify(post))
    assert len(post.notify.sent) == 2
    assert [a["provider_reference"] for a in await office.attempts(message)] == list(post.notify.sent)


async def test_a_message_that_was_taken_before_we_died_does_not_go_twice(office, post):
    message = await office.queue("email")
    await dies_before_it_records(office.by_notify(post))
    assert (await office.row(message))["status"] == "waiting"
    await office.look(office.by_notify(post))
    (identity,) = post.notify.sent
    assert (await office.attempts(message))[0]["provider_reference"] == identity
    assert post.notify.calls["POST email"] == 1


async def test_two_senders_at_once_send_each_message_once(office, post):
    queued = [await office.queue("email") for _ in range(12)]
    senders = [office.by_notify(post), office.by_notify(post), office.by_notify(post)]
    await asyncio.gather(*(sender.send_due() for sender in senders))
    await asyncio.gather(*(sender.send_due() for sender in senders))  # their view has not followed yet
    await office.follow()
    references = Counter(sent["reference"] for sent in post.notify.sent.values())
    assert set(references.values()) == {1}
    assert len(references) == len(queued)


async def test_a_limit_of_the_minute_is_waited_for_and_uses_up_no_attempt(office, post):
    post.notify.per_minute = 1
    first, second = await office.queue("email"), await office.queue("email")
    sender = office.by_notify(post)
    await office.look(sender)
    rows = [await office.row(message) for message in (first, second)]
    assert sorted(row["status"] for row in rows) == ["sent", "waiting"]
    office.later(timedelta(seconds=30))
    assert await office.look(sender) == 0, "the channel is left alone meanwhile"
    office.later(timedelta(seconds=31))
    await office.look(sender)
    assert {(await office.row(message))["status"] for message in (first, second)} == {"sent"}


async def test_the_limit_of_the_day_is_waited_for_until_midnight_utc(office, post):
    office.core.clock.move_to(datetime(2027, 6, 1, 22, 30, tzinfo=UTC))  # 23:30 in London
    post.notify.daily = {"email": 1, "sms": 0, "letter": 0}
    first, second, third = [await office.queue("email") for _ in range(3)]
    sender = office.by_notify(post)
    await office.look(sender)
    statuses = Counter([(await office.row(message))["status"] for message in (first, second, third)])
    assert statuses == {"sent": 1, "waiting": 2}
    attempts = [attempt for message in (first, second, third) for attempt in await office.attempts(message)]
    limited = [attempt for attempt in attempts if attempt["problem"] == "daily-limit"]
    assert limited
    office.core.clock.move_to(datetime(2027, 6, 1, 23, 59, tzinfo=UTC))
    assert await office.look(sender) == 0
    assert await office.look(office.by_notify(post)) <= 1, "one that was just started learns of it by one message"
    post.notify.daily = {"email": 10, "sms": 0, "letter": 0}
    office.core.clock.move_to(datetime(2027, 6, 2, 0, 0, 1, tzinfo=UTC))  # 01:00 in London
    await office.look(sender)
    assert {(await office.row(message))["status"] for message in (first, second, third)} == {"sent"}


async def test_while_notify_is_down_its_messages_wait_and_nothing_is_held_against_them(office, post):
    queued = [await office.queue("email") for _ in range(20)]
    sender = office.by_notify(post)
    post.notify.down = True
    await office.look(sender)
    assert sum(post.notify.calls.values()) < len(queued), "the channel is left alone after the first answers"
    assert {(await office.row(each))["status"] for each in queued} == {"waiting"}
    post.notify.down = False
    office.later(timedelta(minutes=5, seconds=1))
    await office.look(sender)
    assert {(await office.row(each))["status"] for each in queued} == {"sent"}
    assert {len(await office.attempts(each)) for each in queued} == {1}


async def test_a_message_that_breaks_us_holds_up_no_other(office, post):
    broken, well = await office.queue("email"), await office.queue("email")
    sender = office.by_notify(post)
    reached = sender._desk.reached

    async def breaks(message, authority, homes=None):
        if message.message_id == broken:
            raise ZeroDivisionError
        return await reached(message, authority, homes)

    sender._desk.reached = breaks
    await office.look(sender)
    assert [(await office.row(each))["status"] for each in (broken, well)] == ["waiting", "sent"]
    sender._desk.reached = reached
    assert await office.look(sender) == 0, "it is left alone for a while"
    office.later(timedelta(minutes=5, seconds=1))
    await office.look(sender)
    assert (await office.row(broken))["status"] == "sent"


async def test_a_message_whose_answer_was_lost_is_found_before_it_is_tried_again(office, post):
    message = await office.queue("email")
    notify = GovUkNotify(post.account())
    sender = office.sender(email=notify)
    send = notify._send

    def lost(client, item):
        send(client, item)
        post.notify.down = True
        return send(client, item)

    notify._send = lost
    await office.look(sender)
    assert [attempt["problem"] for attempt in await office.attempts(message)] == ["technical-failure", ""]
    post.notify.down, notify._send = False, send
    office.later(timedelta(minutes=5, seconds=1))
    await office.look(sender)
    assert (await office.row(message))["status"] == "sent"
    assert len(post.notify.sent) == 1


@pytest.mark.parametrize(
    ("channel", "contact"),
    [
        ("email", replace(ADA, email="nobody")), ("sms", replace(ADA, phone="01632 960000")),
        ("letter", replace(ADA, lines=("1 Sample Street", "Mootham"))), ("letter", replace(ADA, lines=("@ home", "x", "y"))),
        ("email", replace(ADA, email="")), ("sms", replace(ADA, phone="")), ("letter", replace(ADA, lines=())), ("sms", None),
    ],
)  # fmt: skip
async def test_who_cannot_be_reached_so_is_not_tried_again(office, post, channel, contact):
    message = await office.queue(channel, contact)
    await office.look(office.by_notify(post))
    assert (await office.row(message))["status"] == "failed"
    assert [attempt["problem"] for attempt in await office.attempts(message)] == ["permanent-failure"]


async def test_a_key_that_notify_does_not_know_closes_the_channel_and_harms_no_message(office, post):
    message = await office.queue("email")
    stranger = replace(post.account(), key=KEY[:-1] + "3")
    sender = office.sender(email=GovUkNotify(stranger))
    await office.look(sender)
    assert ((await office.row(message))["status"], len(await office.attempts(message))) == ("waiting", 1)
    assert not sender.pauses.is_open("email", office.core.clock())


async def test_a_template_that_is_not_there_is_our_mistake_and_no_messages(office, post):
    message = await office.queue("email")
    account = replace(post.account(), templates={"email": UUID(int=9)})
    await office.look(office.sender(email=GovUkNotify(account)))
    assert ((await office.row(message))["status"], len(await office.attempts(message))) == ("waiting", 1)


async def test_a_template_of_another_channel_is_refused_with_a_sentence_and_harms_no_message(office, post):
    message = await office.queue("email")
    account = replace(post.account(), templates={"email": UUID(NOTIFY_TEMPLATES["sms"])})
    notify = GovUkNotify(account)
    said = await notify._unlike("email")
    assert (
        said == "The template at GOV.UK Notify that notify_email_template names is of type sms: name one of type email."
    )
    await office.look(office.sender(email=notify))
    assert ((await office.row(message))["status"], len(await office.attempts(message))) == ("waiting", 1)
    assert len(post.notify.sent) == 0


async def test_a_template_with_other_places_is_refused_with_a_sentence(post, monkeypatch):
    monkeypatch.setitem(notify_server.PLACES, "sms", ("body", "name"))
    said = await GovUkNotify(post.account())._unlike("sms")
    assert said is not None
    assert said.endswith("must have these places and no others: body.")


async def test_an_owner_that_is_away_is_asked_later_and_uses_up_no_attempt(office, post):
    message, other = await office.queue("email"), await office.queue("email")
    office.directory.away = True
    sender = office.by_notify(post)
    await office.look(sender)
    assert office.directory.asked <= 2
    office.directory.away = False
    await office.look(sender)
    assert {(await office.row(each))["status"] for each in (message, other)} == {"waiting"}
    office.later(timedelta(seconds=31))
    await office.look(sender)
    assert {(await office.row(each))["status"] for each in (message, other)} == {"sent"}
    assert len(await office.attempts(message)) == 1


async def test_a_channel_without_an_adapter_leaves_its_messages_waiting(office, post):
    message = await office.queue("sms")
    await office.look(office.by_smtp(post))
    assert (await office.row(message))["status"] == "waiting"


async def test_no_name_address_or_number_is_in_events_views_or_logs(office, post, capfd):
    for channel in ("email", "sms", "letter"):
        for contact in (
            ADA,
            TEMPORARY,
            PERMANENT,
            replace(ADA, email="nobody", phone="01632 960000", lines=("@x", "y", "z")),
        ):
            await office.queue(channel, contact)
    await office.look(office.by_notify(post))
    await receipts(office, post)
    said = await office.stored() + "".join(capfd.readouterr())
    for personal in ("Ada", "Sample", "MO1 1AA", "example.org", "07700", "01632", "simulator"):
        assert personal not in said, personal


async def test_a_bucket_gives_its_tokens_evenly():
    now, slept = 0.0, []

    async def sleep(seconds):
        slept.append(seconds)

    bucket = TokenBucket(120, lambda: now, sleep)
    for _ in range(4):
        await bucket.take()
    assert slept == [0.5, 1.0]
