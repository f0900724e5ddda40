"""The post office of development: a mail server, and GOV.UK Notify as its documentation describes it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import aiosmtplib
import httpx
import psutil
import pytest
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from deploy.local.notify_server import NotifyServer
from deploy.local.post_office import Place, WrongEnvironment, http_server
from deploy.topology import NOTIFY_KEY, NOTIFY_TEMPLATES, ROOT

ADDRESS = {"address_line_1": "A Sample", "address_line_2": "1 Sample Street", "address_line_3": "MO1 1AA"}
WORDS = {"subject": "Hello", "body": "Words"}


class Clock:
    def __init__(self):
        self.now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self):
        return self.now


@asynccontextmanager
async def served(app):
    http = http_server(app)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(http.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        http.should_exit = True
        await serving


@pytest.fixture
async def notify():
    """The server, and the official client to call it by name: `await notify("send_sms_notification", …)`."""
    server = NotifyServer(NOTIFY_KEY, Clock(), settles_after=0, callback_wait=0)
    async with served(server.app()) as url:

        async def call(name, *args, key=NOTIFY_KEY, **kwargs):
            return await asyncio.to_thread(getattr(NotificationsAPIClient(key, url), name), *args, **kwargs)

        call.server = server
        yield call


async def refused(call, *args, **kwargs):
    """Status and kind of an error."""
    with pytest.raises(HTTPError) as refusal:
        await call(*args, **kwargs)
    return refusal.value.status_code, refusal.value.message[0]["error"]


def text(number="07700900111", **changes):
    return ("send_sms_notification", number, NOTIFY_TEMPLATES["sms"], {"body": "Words"} | changes)


async def test_what_is_sent_is_found_by_id_and_by_reference_newest_first(notify):
    first = await notify(*text(), reference="E07000999/1")
    second = await notify(*text(), reference="E07000999/1")
    await notify(*text(), reference="E07000999/2")
    assert first.keys() >= {"id", "reference", "content", "uri", "template"}
    assert (await notify("get_notification_by_id", first["id"]))["reference"] == "E07000999/1"
    found = (await notify("get_all_notifications", reference="E07000999/1"))["notifications"]
    assert [each["id"] for each in found] == [second["id"], first["id"]]


async def test_a_list_comes_in_pages_of_250(notify):
    for number in range(252):
        notify.server.sent[str(number)] = {
            "id": str(number), "reference": None, "type": "letter", "created_at": notify.server.clock().isoformat(),
            "template": {},
        }  # fmt: skip
    first = await notify("get_all_notifications")
    assert len(first["notifications"]) == 250
    rest = await notify("get_all_notifications", older_than=first["notifications"][-1]["id"])
    assert [each["id"] for each in rest["notifications"]] == ["1", "0"]
    assert "next" not in rest["links"]


@pytest.mark.parametrize(
    ("number", "status"),
    [("07700900111", "delivered"), ("+44 7700 900003", "temporary-failure"), ("07700900002", "permanent-failure")],
)
async def test_the_test_numbers_end_as_they_should(notify, number, status):
    sent = await notify(*text(number))
    assert (await notify("get_notification_by_id", sent["id"]))["status"] == status


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (text("01632 960000"), "ValidationError"),
        (text(body=""), "BadRequestError"),
        (("send_sms_notification", "07700900111", "no-template", {"body": "x"}), "BadRequestError"),
        (("send_email_notification", "nobody", NOTIFY_TEMPLATES["email"], WORDS | {"greeting": "x"}), "ValidationError"),
        (("send_letter_notification", NOTIFY_TEMPLATES["letter"], WORDS | {"address_line_1": "A"}), "ValidationError"),
        (("send_letter_notification", NOTIFY_TEMPLATES["letter"], WORDS | ADDRESS | {"address_line_3": "x"}), "ValidationError"),
        (("send_letter_notification", NOTIFY_TEMPLATES["letter"], WORDS | ADDRESS | {"address_line_1": "@"}), "ValidationError"),
    ],
)  # fmt: skip
async def test_what_cannot_be_sent_is_refused_by_its_kind(notify, asked, kind):
    assert await refused(notify, *asked) == (400, kind)


async def test_a_letter_with_an_address_is_taken(notify):
    sent = await notify("send_letter_notification", NOTIFY_TEMPLATES["letter"], WORDS | ADDRESS)
    assert (await notify("get_notification_by_id", sent["id"]))["status"] == "received"


async def test_a_key_that_is_not_the_services_is_refused(notify):
    assert await refused(notify, *text(), key=NOTIFY_KEY[:-1] + "0") == (403, "AuthError")
    other = NOTIFY_KEY.replace("5f0f7f39", "00000000")
    assert await refused(notify, *text(), key=other) == (403, "AuthError")


async def test_what_is_not_there_is_not_found(notify):
    assert await refused(notify, "get_notification_by_id", "0") == (404, "NoResultFound")
    assert await refused(notify, "get_template", "0") == (404, "NoResultFound")


async def test_limits_are_of_the_minute_and_of_the_day_in_utc(notify):
    server, clock = notify.server, notify.server.clock
    server.per_minute, server.daily = 2, {"sms": 3, "email": 1, "letter": 1}
    await notify(*text())
    await notify(*text())
    assert await refused(notify, *text()) == (429, "RateLimitError")
    clock.now += timedelta(minutes=1)
    await notify(*text())
    clock.now = datetime(2026, 6, 1, 23, 59, tzinfo=UTC)
    assert await refused(notify, *text()) == (429, "TooManyRequestsError")
    clock.now = datetime(2026, 6, 2, tzinfo=UTC)
    await notify(*text())


async def test_it_calls_back_until_it_is_heard(notify):
    heard = []

    async def listen(request):
        heard.append((request.headers["authorization"], await request.json()))
        return Response(status_code=204 if len(heard) == 3 else 503)

    async with served(Starlette(routes=[Route("/", listen, methods=["POST"])])) as url:
        notify.server.callback = (url, "token")
        sent = await notify(*text(), reference="E07000999/1")
        for _ in range(200):
            if len(heard) == 3:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
    assert len(heard) == 3, "twice in vain, and not again once it was heard"
    token, receipt = heard[-1]
    assert (token, receipt["id"], receipt["status"]) == ("Bearer token", sent["id"], "delivered")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"MOOT_ENV": "production"}, "does not run when MOOT_ENV=production"),
        ({"MOOT_PORT": "x", "MOOT_SMTP_PORT": "1", "MOOT_MAIL": "m", "MOOT_NOTIFY_KEY": "k"}, "must be numbers"),
        ({}, "MOOT_SMTP_PORT is not set"),
    ],
)
def test_a_wrong_environment_is_one_sentence(given, sentence):
    with pytest.raises(WrongEnvironment, match=sentence):
        Place.from_environment(given)


async def test_the_process_keeps_each_mail_once_is_light_and_stops_when_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        smtp, http = one.getsockname()[1], two.getsockname()[1]
    environment = {
        "MOOT_ENV": "development", "MOOT_SMTP_PORT": str(smtp), "MOOT_PORT": str(http), "MOOT_MAIL": str(tmp_path / "mail"),
        "MOOT_NOTIFY_KEY": NOTIFY_KEY,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.local.post_office", cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        await ready(f"http://127.0.0.1:{http}/health/ready")
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = "office@example.org", "ada@example.org", "<1@example.org>"
        mail.set_content("Hello")
        for _ in range(2):
            await aiosmtplib.send(mail, hostname="127.0.0.1", port=smtp)
        (kept,) = (tmp_path / "mail").iterdir()
        assert b"Hello" in kept.read_bytes()
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await aiosmtplib.send(mail, recipients=["perm-fail@simulator.notify"], hostname="127.0.0.1", port=smtp)
        assert psutil.Process(process.pid).memory_info().rss < 60 * 1024 * 1024
    finally:
        process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def ready(url):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            async with httpx.AsyncClient(trust_env=False) as http:
                if (await http.get(url)).is_success:
                    return
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.1)
    raise TimeoutError(url)
