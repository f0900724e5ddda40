"""Which channel goes by which adapter, and what is said when that cannot be."""

from __future__ import annotations

import os
from uuid import UUID

import pytest

from services.notifications.sending.settings import SendingSettings
from services.notifications.sending.worker import Sending, sending
from services.notifications.tests.sending_office import KEY, runtime
from shared.service.settings import Databases, Settings, WrongSetting

SMTP = {"MOOT_EMAIL_BY": "smtp", "MOOT_SMTP_HOST": "mail.example.org", "MOOT_SMTP_FROM": "office@example.org"}
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
    assert (settings.relay, settings.account, settings.print_folder) == (None, None, None)


def test_each_channel_names_its_adapter(load, tmp_path):
    settings = load({**SMTP, **NOTIFY, "MOOT_LETTER_BY": "print-house", "MOOT_PRINT_HOUSE": str(tmp_path)})
    assert settings.chosen == {"email": "smtp", "sms": "notify", "letter": "print-house"}
    assert settings.relay.host == "mail.example.org"
    assert settings.account.templates == {"sms": UUID(int=1)}
    assert settings.print_folder == tmp_path


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
    for shown in (repr(settings), repr(settings.relay), repr(settings.account)):
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
