"""Settings: a wrong value is one sentence that names the variable and not the value."""

from __future__ import annotations

import pytest

from shared.service.settings import Settings, WrongSetting

URL = "postgresql://owner:hunter2@127.0.0.1/moothall_registration"


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith(("MOOT_", "OTEL_")):
            monkeypatch.delenv(name)


def test_each_context_has_databases_of_its_own(monkeypatch):
    monkeypatch.setenv("MOOT_REGISTRATION_DATABASE_URL", URL)
    monkeypatch.setenv("MOOT_ELECTIONS_DATABASE_URL", "postgresql://elsewhere/x")
    assert Settings.load("registration", "relay").owner_url == URL


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MOOT_PORT", "eighty"),
        ("MOOT_PORT", "70000"),
        ("MOOT_ENV", "prod-secret"),
        ("MOOT_AUTHORITY", "Mootshire"),
        ("MOOT_LOG_LEVEL", "chatty"),
        ("MOOT_OIDC_ISSUER", "ftp://secret.example"),
        ("MOOT_REGISTRATION_DATABASE_URL", "mysql://owner:hunter2@db/x"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongSetting) as wrong:
        Settings.load("registration", "api")
    sentence = str(wrong.value)
    assert sentence.startswith(variable)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert value not in sentence


def test_secrets_are_not_shown(monkeypatch):
    monkeypatch.setenv("MOOT_REGISTRATION_DATABASE_URL", URL)
    settings = Settings.load("registration", "all")
    assert "hunter2" not in repr(settings) + str(settings)


def test_a_missing_database_is_named_when_a_role_needs_it():
    settings = Settings.load("registration", "api")
    with pytest.raises(WrongSetting, match="MOOT_REGISTRATION_API_DATABASE_URL is not set"):
        _ = settings.api_url


def test_production_trusts_no_issuer_without_tls(monkeypatch):
    monkeypatch.setenv("MOOT_ENV", "production")
    with pytest.raises(WrongSetting, match="MOOT_OIDC_ISSUER must be an https address"):
        Settings.load("registration", "api")
    monkeypatch.setenv("MOOT_OIDC_ISSUER", "https://login.example/tenant/v2.0")
    Settings.load("registration", "api")


def test_an_unknown_role_is_refused():
    with pytest.raises(WrongSetting):
        Settings.load("registration", "everything")
