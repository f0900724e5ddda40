"""Which channel goes by which adapter, and what is said when that cannot be."""

from __future__ import annotations

import json
import os
from email import message_from_bytes
from uuid import UUID

import pytest

from services.notifications.exchange.smtp import Smtp
from services.notifications.sending.settings import SendingSettings, Ways
from services.notifications.sending.worker import Sending, sending
from services.notifications.tests.sending_office import KEY, runtime
from shared.service.settings import Databases, Settings, WrongSetting

OWN, OTHER = "E07000999", "E07000998"
SMTP = {"MOOT_EMAIL_BY": "smtp", "MOOT_SMTP_HOST": "mail.example.org", "MOOT_SMTP_FROM": "office@example.org"}
SERVING = {
    "MOOT_EMAIL_BY": "smtp",
    "MOOT_SMTP_HOST": "mail.example.org",
    "MOOT_SMS_BY": "notify",
    "MOOT_LETTER_BY": "print-house",
}
NOTIFY = {"MOOT_SMS_BY": "notify", "MOOT_NOTIFY_KEY": KEY, "MOOT_NOTIFY_SMS_TEMPLATE": str(UUID(int=1))}


@pytest.fixture
def load(monkeypatch):
    """Read the settings from these variables and no others."""

    def read(given, env="test"):
        for name in os.environ:
            if name.startswith("MOOT_"):
                monkeypatch.delenv(name)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        issuer = "https://issuer.example.org"
        settings = Settings(context="notifications", role="sending", env=env, databases=Databases(), oidc_issuer=issuer)
        return SendingSettings.load(settings)

    return read


def test_nothing_set_is_no_adapter(load):
    settings = load({})
    assert settings.chosen == {}
    assert settings.ways(OWN) == {OWN: Ways()}


def test_each_channel_names_its_adapter(load, tmp_path):
    settings = load({**SMTP, **NOTIFY, "MOOT_LETTER_BY": "print-house", "MOOT_PRINT_HOUSE": str(tmp_path)})
    assert settings.chosen == {"email": "smtp", "sms": "notify", "letter": "print-house"}
    ways = settings.ways(OWN)[OWN]
    assert ways.relay.host == "mail.example.org"
    assert ways.account.templates == {"sms": UUID(int=1)}
    assert ways.print_folder == tmp_path


@pytest.mark.parametrize(
    ("given", "env", "sentence"),
    [
        ({"MOOT_EMAIL_BY": "pigeon"}, "test", "MOOT_EMAIL_BY is wrong: "),
        ({**SMTP, "MOOT_SMTP_HOST": ""}, "test", "MOOT_SMTP_HOST is not set, and MOOT_EMAIL_BY=smtp needs it."),
        (
            {**SMTP, "MOOT_SMTP_FROM": "The Office <o@example.org>"},
            "test",
            "MOOT_SMTP_FROM is wrong: must be an e-mail",
        ),
        ({**SMTP, "MOOT_SMTP_PORT": "many"}, "test", "MOOT_SMTP_PORT is wrong: "),
        ({**SMTP, "MOOT_SMTP_UNSUBSCRIBE": "ftp://x"}, "test", "MOOT_SMTP_UNSUBSCRIBE is wrong: "),
        ({**SMTP, "MOOT_SMTP_STARTTLS": "false"}, "production", "MOOT_SMTP_STARTTLS must be true when"),
        ({**NOTIFY, "MOOT_NOTIFY_KEY": "secret"}, "test", "MOOT_NOTIFY_KEY is wrong: must be a key of GOV.UK Notify"),
        ({**NOTIFY, "MOOT_NOTIFY_SMS_TEMPLATE": ""}, "test", "MOOT_NOTIFY_SMS_TEMPLATE is not set, and MOOT_SMS_BY="),
        ({**NOTIFY, "MOOT_NOTIFY_URL": "http://x"}, "production", "MOOT_NOTIFY_URL must be an https address when"),
        (
            {**NOTIFY, "MOOT_NOTIFY_KEY": "", "MOOT_NOTIFY_KEY_FILE": "/nowhere"},
            "test",
            "MOOT_NOTIFY_KEY_FILE must name",
        ),
        ({"MOOT_SENDERS": "secret"}, "test", "MOOT_SENDERS must be JSON"),
        ({"MOOT_SENDERS": '{"Mootham": {}}'}, "test", "MOOT_SENDERS is wrong: "),
        (
            {"MOOT_SENDERS": '{"E07000998": {"smtp_from": "secret"}}'},
            "test",
            "MOOT_SENDERS is wrong: must be an e-mail",
        ),
        ({**SMTP, "MOOT_SENDERS": '{"E07000998": {}}'}, "test", "Set either MOOT_SENDERS, or MOOT_SMTP_FROM of one"),
        ({"MOOT_LETTER_BY": "print-house"}, "test", "MOOT_PRINT_HOUSE is not set, and MOOT_LETTER_BY=print-house"),
        ({"MOOT_LETTER_BY": "print-house", "MOOT_PRINT_HOUSE": "/nowhere"}, "test", "MOOT_PRINT_HOUSE must name the"),
    ],
)
def test_what_is_wrong_or_lacking_is_one_sentence_that_quotes_no_value(load, given, env, sentence):
    with pytest.raises(WrongSetting) as wrong:
        load(given, env)
    assert str(wrong.value).startswith(sentence)
    assert "secret" not in str(wrong.value).replace("and the secret", "")


def test_secrets_do_not_show(load):
    settings = load({**SMTP, **NOTIFY, "MOOT_SMTP_PASSWORD": "hunter2"})
    for shown in (repr(settings), repr(settings.ways(OWN))):
        assert "hunter2" not in shown
        assert KEY[-36:] not in shown


async def test_the_role_does_not_start_without_a_name_of_its_own_to_ask_for_addresses(office, load):
    load(SMTP)
    with pytest.raises(WrongSetting, match="MOOT_CLIENT_ID"):
        sending(runtime(office.core))


async def test_the_role_shows_what_it_does(office, load):
    worker = Sending(runtime(office.core), load(SMTP))
    progress = worker.progress()
    assert (progress["channels"], progress["paused"], progress["sent"]) == ({"email": "smtp"}, [], 0)


def test_each_council_has_a_sender_of_its_own(load, tmp_path):
    house, key = tmp_path / "house-999", tmp_path / "key-998"
    house.mkdir()
    key.write_text(f"{KEY}\n")
    senders = {
        OWN: {"smtp_from": "office@999.example", "smtp_reply_to": "electors@999.example", "print_house": str(house)},
        OTHER: {"notify_key_file": str(key), "notify_sms_template": str(UUID(int=2))},
    }
    settings = load(SERVING | {"MOOT_SENDERS": json.dumps(senders)})
    ways = settings.ways(OWN)
    assert (ways[OWN].relay.sender, ways[OWN].relay.reply_to) == ("office@999.example", "electors@999.example")
    assert (ways[OWN].account, ways[OWN].print_folder) == (None, house)
    assert (ways[OTHER].relay, ways[OTHER].print_folder) == (None, None)
    assert (ways[OTHER].account.key, ways[OTHER].account.templates) == (KEY, {"sms": UUID(int=2)})
    assert settings.without_sender(OWN) == {OWN: {"sms"}, OTHER: {"email", "letter"}}


def test_two_councils_do_not_share_a_folder_of_jobs(load, tmp_path):
    senders = {council: {"print_house": str(tmp_path)} for council in (OWN, OTHER)}
    with pytest.raises(WrongSetting, match="another print_house for each council"):
        load(SERVING | {"MOOT_SENDERS": json.dumps(senders)})


async def test_a_council_without_a_sender_waits_and_is_named_and_nothing_goes_out_in_anothers_name(
    office, post, load, capfd
):
    theirs, ours = await office.queue("email", authority=OTHER), await office.queue("email")
    worker = Sending(runtime(office.core), load(SMTP))
    await worker.notice()
    assert worker.progress()["waiting_without_a_sender"] == {OTHER: ["email"]}
    assert await office.look(office.by_smtp(post)) == 1
    assert ((await office.row(ours))["status"], (await office.row(theirs))["status"]) == ("sent", "waiting")
    relay = post.relay(sender="office@998.example", reply_to="electors@998.example")
    assert await office.look(office.sender(OTHER, email=Smtp(relay, office.core.clock))) == 1
    headers = [message_from_bytes(mail.content) for mail in post.mails]
    assert [mail["From"] for mail in headers] == ["office@example.org", "office@998.example"]
    assert [mail["Reply-To"] for mail in headers] == [None, "electors@998.example"]
