"""What GOV.UK Notify tells us by itself, at the API."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.notifications.exchange.govuk_notify import GovUkNotify
from services.notifications.exchange.print_house import Folder
from services.notifications.main import service
from services.notifications.sending.print_runs import PrintRuns
from services.notifications.sending.receipts import Receipts
from services.notifications.tests.sending_office import AUTHORITY, dies_before_it_records
from shared.eventcore.execute import Executor
from shared.eventcore.store import Store
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.service.app import create_app
from shared.service.tests.provider import client_of, provider, settings_for

TOKEN = "a-token-that-was-agreed"


@pytest.fixture
async def api(office, tmp_path, monkeypatch):
    """The API on the office's store, as its own database role."""
    monkeypatch.setenv("MOOT_NOTIFY_CALLBACK_TOKEN", TOKEN)
    core = office.core
    pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=4)

    @asynccontextmanager
    async def attach(app):
        store = Store("notifications", pool, core.clock)
        app.state.pool, app.state.clock, app.state.store = pool, core.clock, store
        app.state.execute = Executor(store, core.keys, core.keyring.blind, REGISTRY)
        yield
        await store.drain()

    async with provider() as idp:
        settings = settings_for(idp.issuer, tmp_path, context="notifications")
        app = create_app("Notifications", service.routers, settings, parts=[attach, *service.parts])
        async with client_of(app) as client:
            yield Api(client, idp, office)
    await pool.close()


class Api:
    def __init__(self, client, idp, office):
        self.client, self.idp, self.office = client, idp, office

    async def tell(self, sent, status="delivered", token=TOKEN, **changes):
        """Notify's call about one message."""
        body = {
            "id": sent["id"], "reference": sent["reference"], "to": "07700900111", "status": status,
            "created_at": sent["created_at"], "completed_at": sent["created_at"], "sent_at": sent["created_at"],
            "notification_type": sent["type"], "template_id": sent["template"]["id"], "template_version": 1,
        }  # fmt: skip
        answer = await self.client.post(
            "/notify/receipts", json=body | changes, headers={"Authorization": f"Bearer {token}"}
        )
        await self.office.follow()
        return answer.status_code

    async def post(self, path, **body):
        headers = self.idp.bearer(sub="officer", roles=["correspondence"]) | {"Idempotency-Key": str(uuid4())}
        answer = await self.client.post(path, headers=headers, **body)
        await self.office.follow()
        return answer

    async def get(self, path):
        headers = self.idp.bearer(sub="officer", roles=["correspondence"])
        return (await self.client.get(path, headers=headers)).json()


async def sent_by_notify(office, post, channel="sms"):
    message = await office.queue(channel)
    await office.look(office.by_notify(post))
    return message, next(reversed(post.notify.sent.values()))


async def events_of(office, message):
    return [type(e.data).__name__ for e in await office.desk().core.history(message, AUTHORITY)]


async def test_a_receipt_twice_is_one_final_event(office, post, api):
    message, sent = await sent_by_notify(office, post)
    assert [await api.tell(sent) for _ in range(3)] == [204] * 3
    assert await api.tell(sent, "permanent-failure") == 204
    assert (await office.row(message))["status"] == "delivered"
    assert await events_of(office, message) == ["MessageQueued", "MessageSent", "MessageDelivered"]


async def test_a_receipt_before_our_own_record_is_one_final_event_too(office, post, api):
    message = await office.queue("sms")
    await dies_before_it_records(office.by_notify(post))
    (sent,) = post.notify.sent.values()
    assert await api.tell(sent) == 204
    await office.look(office.by_notify(post))
    assert await events_of(office, message) == ["MessageQueued", "MessageSent", "MessageDelivered"]
    assert len(post.notify.sent) == 1


async def test_a_receipt_and_the_asking_for_it_say_the_same_once(office, post, api):
    message, sent = await sent_by_notify(office, post)
    await api.tell(sent)
    office.later(timedelta(minutes=6))
    receipts = Receipts(office.desk(), AUTHORITY, GovUkNotify(post.account()), ["sms"])
    assert await receipts.ask() == 0
    await receipts._record(message, AUTHORITY, sent["id"], "delivered")
    assert await events_of(office, message) == ["MessageQueued", "MessageSent", "MessageDelivered"]


async def test_a_failure_that_may_pass_is_tried_again_and_its_late_receipt_changes_nothing(office, post, api):
    message, first = await sent_by_notify(office, post)
    await api.tell(first, "temporary-failure")
    assert (await office.row(message))["status"] == "waiting"
    office.later(timedelta(minutes=5, seconds=1))
    await office.look(office.by_notify(post))
    await api.tell(first, "temporary-failure")
    assert (await office.row(message))["status"] == "sent"
    await api.tell(next(reversed(post.notify.sent.values())))
    assert (await office.row(message))["status"] == "delivered"


async def test_a_returned_letter_has_failed_for_good(office, post, api):
    message, sent = await sent_by_notify(office, post, "letter")
    body = {"notification_id": sent["id"], "reference": sent["reference"], "date_sent": "2026-08-07"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert (await api.client.post("/notify/returned-letters", json=body, headers=headers)).status_code == 204
    await office.follow()
    assert (await office.row(message))["status"] == "failed"


@pytest.mark.parametrize("token", ["", "another", TOKEN + "x"])
async def test_nobody_else_is_listened_to(office, post, api, token):
    message, sent = await sent_by_notify(office, post)
    assert await api.tell(sent, token=token) == 401
    assert (await office.row(message))["status"] == "sent"


async def test_without_a_token_of_ours_there_is_no_such_route(office, post, api):
    api.client._transport.app.state.notify_callback_token = None
    _, sent = await sent_by_notify(office, post)
    assert await api.tell(sent, token="") == 404


async def test_what_is_not_ours_or_ends_nothing_is_heard_and_left(office, post, api):
    message, sent = await sent_by_notify(office, post)
    assert await api.tell(sent, reference=None) == 204
    assert await api.tell(sent, reference="another system's") == 204
    assert await api.tell(sent, status="sending") == 204
    assert await api.tell(sent, reference=f"{AUTHORITY}/{UUID(int=3)}") == 409
    assert await events_of(office, message) == ["MessageQueued", "MessageSent"]


async def test_another_council_cannot_be_told_of_our_messages(office, post, api):
    message, sent = await sent_by_notify(office, post)
    assert await api.tell(sent, reference=f"E07000998/{message}") == 409
    assert (await office.row(message))["status"] == "sent"


async def test_an_officer_follows_a_job_from_the_press_to_the_last_letter(office, api, tmp_path):
    letters = [await office.queue("letter") for _ in range(3)]
    await PrintRuns(office.desk(), AUTHORITY, Folder(tmp_path), timedelta()).run()
    await office.follow()
    (line,) = (await api.get("/print-jobs"))["items"]
    assert (line["status"], line["letters"], line["unaccounted"], line["reconciled"]) == ("handed-over", 3, 3, False)
    job = line["job_id"]
    rows = [f"{job},1,posted", f"{job},2,posted", f"{job},2,posted", f"{job},4,posted"]
    wrong = await api.post(f"/print-jobs/{job}/reports", content="\n".join(["job,seq,outcome", *rows]))
    assert wrong.json()["type"].endswith("no-such-letter-in-job")
    for said in (["1,posted", "2,posted"], ["2,returned"], ["3,posted"]):
        report = "\n".join(["job,seq,outcome", *(f"{job},{each}" for each in said)])
        assert (await api.post(f"/print-jobs/{job}/reports", content=report)).status_code == 200
    page = await api.get(f"/print-jobs/{job}")
    assert (page["posted"], page["returned"], page["unaccounted"], page["reconciled"]) == (3, 1, 0, True)
    assert {each["message_id"] for each in page["lines"]} == {str(message) for message in letters}
    assert (await api.post(f"/print-jobs/{job}/reprints")).status_code == 200
    assert (await api.get(f"/print-jobs/{job}"))["reprints"] == 1


async def test_a_report_that_cannot_be_read_is_refused_by_its_lines(api):
    job = uuid4()
    refused = await api.post(f"/print-jobs/{job}/reports", content=f"job,seq,outcome\n{job},one,posted\n")
    assert refused.status_code == 422
    assert [(error["field"], error["rule"]) for error in refused.json()["errors"]] == [("line 2", "seq")]
    unknown = await api.post(f"/print-jobs/{job}/reports", content=f"job,seq,outcome\n{job},1,posted\n")
    assert unknown.json()["type"].endswith("unknown-print-job")
