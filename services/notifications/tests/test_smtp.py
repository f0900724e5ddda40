"""E-mail, to a real mail server."""

from __future__ import annotations

import email
import ssl
from datetime import UTC, datetime, timedelta
from email.policy import default as parsed
from uuid import UUID

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notifications.exchange.smtp import Relay, Smtp
from services.notifications.messages.decider import RecordFailure, messages
from services.notifications.sending.carrying import Closed, Item, NotTaken, Taken
from services.notifications.sending.contacts import Contact
from services.notifications.tests.sending_office import ADA, AUTHORITY, dies_before_it_records, listen_for_mail
from shared.eventcore.recording import Metadata
from shared.events.notifications import MessageQueued
from shared.events.values_notifications import MessageId, Recipient


def item(office, contact=ADA, title="Receipt", paragraphs=("Thank you.", "We received £152.00."), **changes):
    message = MessageQueued(
        MessageId(UUID(int=7)), Recipient("customer", UUID(int=5)), "receipt", 1, "email", {}, "0@1",
        office.core.clock(), **changes,
    )  # fmt: skip
    return Item(message, AUTHORITY, contact, title, paragraphs)


async def test_an_email_arrives_with_an_id_of_its_own_and_words_that_need_no_picture(office, post):
    message = await office.queue("email")
    await office.look(office.by_smtp(post))
    (mail,) = [email.message_from_bytes(path.read_bytes(), policy=parsed) for path in post.mail.iterdir()]
    assert (mail["From"], mail["To"]) == ("office@example.org", "ada@example.org")
    assert mail["Message-ID"] == f"<{message}.1@example.org>"
    assert mail["Subject"] == "Receipt for your payment"
    assert abs(mail["Date"].datetime - office.core.clock()) < timedelta(minutes=1)
    assert mail.get_content_type() == "text/plain"
    words = mail.get_content()
    assert words.startswith("Dear Ada Sample,")
    assert "£152.00" in words
    assert str(message) in words
    (attempt,) = await office.attempts(message)
    assert (await office.row(message))["status"] == "sent"
    assert attempt["provider_reference"] == f"<{message}.1@example.org>"


async def test_where_somebody_may_ask_to_be_written_to_otherwise_stands_in_the_header(office, post):
    await office.queue("email")
    await office.look(office.by_smtp(post, unsubscribe="mailto:office@example.org?subject=by+post"))
    (path,) = post.mail.iterdir()
    mail = email.message_from_bytes(path.read_bytes(), policy=parsed)
    assert mail["List-Unsubscribe"] == "<mailto:office@example.org?subject=by+post>"


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org\r\nBcc: eve@example.org", "ada@example.org, eve@example.org", "<ada@example.org>",
        "ada@example", "ada @example.org", "ada@example.org\x00",
    ],
)  # fmt: skip
async def test_an_address_cannot_become_another_header_or_two_addresses(office, post, address):
    message = await office.queue("email", Contact("Ada", (), address))
    await office.look(office.by_smtp(post))
    assert post.mails == []
    assert (await office.attempts(message))[0]["problem"] == "permanent-failure"


async def test_a_subject_cannot_become_another_header(office, post):
    smtp = Smtp(post.relay(), office.core.clock)
    assert await smtp.carry(item(office, title="Hello\r\nBcc: eve@example.org")) == NotTaken("permanent-failure")
    assert post.mails == []


async def test_a_name_cannot_become_a_header_either(office, post):
    smtp = Smtp(post.relay(), office.core.clock)
    name = "Ada\r\nBcc: eve@example.org\r\n\r\nBuy"
    assert isinstance(await smtp.carry(item(office, Contact(name, (), "ada@example.org"))), Taken)
    (mail,) = post.mails
    read = email.message_from_bytes(mail.original_content, policy=parsed)
    assert read["Bcc"] is None
    assert mail.rcpt_tos == ["ada@example.org"]


async def test_a_mailbox_that_is_not_there_ends_the_message_and_one_that_is_busy_does_not(office, post):
    gone = await office.queue("email", Contact("Ada", (), "perm-fail@simulator.notify"))
    busy = await office.queue("email", Contact("Ada", (), "temp-fail@simulator.notify"))
    await office.look(office.by_smtp(post))
    assert (await office.row(gone))["status"] == "failed"
    row, attempts = await office.row(busy), await office.attempts(busy)
    assert (row["status"], [each["problem"] for each in attempts]) == ("waiting", ["temporary-failure", ""])
    assert row["due_at"] == attempts[0]["failed_at"] + timedelta(minutes=5)


async def test_without_tls_nothing_is_sent_in_the_clear(office, post):
    smtp = Smtp(post.relay(starttls=True), office.core.clock)
    assert isinstance(await smtp.carry(item(office)), Closed)
    assert post.mails == []


class Answering:
    """A mail server that takes no mail's content, with one answer."""

    def __init__(self, answer):
        self.answer = answer

    async def handle_DATA(self, _server, _session, _envelope):
        return self.answer


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("554 5.7.1 Looks like spam", NotTaken("permanent-failure")),
        ("452 4.2.2 Mailbox full", NotTaken("temporary-failure")),
        ("421 4.3.2 Closing down", Closed("421")),
    ],
)
async def test_what_a_mail_server_answers_decides_what_comes_next(office, answer, outcome):
    async with await listen_for_mail(Answering(answer), "127.0.0.1", 0) as server:
        relay = Relay("127.0.0.1", server.sockets[0].getsockname()[1], "office@example.org", starttls=False)
        assert await Smtp(relay, office.core.clock).carry(item(office)) == outcome


async def test_a_mail_server_that_is_away_holds_nothing_against_the_message(office, post):
    message = await office.queue("email")
    sender = office.by_smtp(post, port=1)
    await office.look(sender)
    row = await office.row(message)
    assert (row["status"], len(await office.attempts(message))) == ("waiting", 1)
    assert not sender.pauses.is_open("email", office.core.clock())
    office.later(timedelta(seconds=6))
    await office.look(office.by_smtp(post))
    assert (await office.row(message))["status"] == "sent"


async def test_an_email_that_came_back_goes_once_more_and_not_for_ever(office, post):
    message = await office.queue("email")
    await office.look(office.by_smtp(post))
    by = Metadata("officer", AUTHORITY, "c-1", command_id="bounced")
    await office.core.execute(messages, message, RecordFailure("temporary-failure", office.core.clock()), by=by)
    office.later(timedelta(days=2))
    for _ in range(3):
        await office.look(office.by_smtp(post))
        office.later(timedelta(minutes=1))
    assert len(post.mails) == 2
    assert (await office.row(message))["status"] == "sent"
    assert [a["provider_reference"][-15:] for a in await office.attempts(message)] == [
        ".1@example.org>",
        ".2@example.org>",
    ]


async def test_an_email_that_goes_again_after_a_death_is_the_same_email(office, post):
    message = await office.queue("email")
    await dies_before_it_records(office.by_smtp(post))
    await office.look(office.by_smtp(post))
    assert len(post.mails) == 2
    assert len(list(post.mail.iterdir())) == 1, "one Message-ID"
    state = (await office.core.execute.state(messages, message, AUTHORITY)).state
    assert state.stage == "sent"


@pytest.fixture
def certificate(tmp_path):
    """A certificate for `localhost` that nobody has signed but itself."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(key.private_bytes(*form))
    (tmp_path / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return tmp_path / "certificate.pem", tmp_path / "key.pem"


@pytest.mark.parametrize(
    ("trusted", "password", "outcome"), [(True, "right", Taken), (True, "wrong", Closed), (False, "right", Closed)]
)
async def test_a_relay_is_signed_in_to_over_tls_if_it_is_the_one_it_says(
    office, certificate, monkeypatch, trusted, password, outcome
):
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)

    def signs_in(_server, _session, _envelope, _mechanism, shown):
        return AuthResult(success=(shown.login, shown.password) == (b"office", b"right"))

    guarded = {"tls_context": tls, "require_starttls": True, "auth_required": True, "authenticator": signs_in}
    async with await listen_for_mail(Answering("250 OK"), "127.0.0.1", 0, **guarded) as server:
        port = server.sockets[0].getsockname()[1]
        relay = Relay("localhost", port, "office@example.org", starttls=True, user="office", password=password)
        assert isinstance(await Smtp(relay, office.core.clock).carry(item(office)), outcome)
