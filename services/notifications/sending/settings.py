"""Which channel goes out through which adapter, and how each is reached: environment variables of notifications alone.

A channel that names no adapter keeps its messages waiting, where everybody can see them; letters are then written out by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.notifications.exchange.govuk_notify import KEY, PER_MINUTE, Account
from services.notifications.exchange.smtp import ADDRESS, Relay
from shared.events.values_notifications import MessageChannel
from shared.service.settings import Environment, Settings, WrongSetting, as_sentence

NOTIFY_URL: Final = "https://api.notifications.service.gov.uk"


def _sender(address: str) -> str:
    if not ADDRESS.fullmatch(address):
        raise ValueError("must be an e-mail address, without a name")
    return address


def _key(key: SecretStr) -> SecretStr:
    if not KEY.fullmatch(key.get_secret_value()):
        raise ValueError("must be a key of GOV.UK Notify: its name, the service's id and the secret")
    return key


def _unsubscribe(address: str) -> str:
    if urlsplit(address).scheme not in {"mailto", "https"} or any(c in address for c in "<> \r\n"):
        raise ValueError("must be a mailto: or https: address")
    return address


def _web(address: str) -> str:
    if urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError("must be an http(s) address")
    return address


class SendingSettings(BaseSettings):
    """`MOOT_EMAIL_BY` and so on choose; what the chosen one needs must then be there."""

    model_config = SettingsConfigDict(
        env_prefix="MOOT_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True, extra="ignore"
    )

    email_by: Literal["smtp", "notify"] | None = None
    sms_by: Literal["notify"] | None = None
    letter_by: Literal["print-house", "notify"] | None = None

    smtp_host: str | None = None
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_starttls: bool = True
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: Annotated[str, AfterValidator(_sender)] | None = None
    smtp_unsubscribe: Annotated[str, AfterValidator(_unsubscribe)] | None = None

    notify_url: Annotated[str, AfterValidator(_web)] = NOTIFY_URL
    notify_key: Annotated[SecretStr, AfterValidator(_key)] | None = None
    notify_email_template: UUID | None = None
    notify_sms_template: UUID | None = None
    notify_letter_template: UUID | None = None
    notify_per_minute: int = Field(PER_MINUTE, ge=1, le=3_000)

    print_house: Path | None = None
    print_gather_minutes: float = Field(60, ge=0, description="how long a letter may wait for others to go with it")

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """Read the environment. Raises `WrongSetting`, one sentence, for what is wrong or lacking."""
        try:
            made = cls()
        except ValidationError as broken:
            raise as_sentence(broken, "MOOT_") from None
        made._complete(production=settings.env is Environment.PRODUCTION)
        return made

    def _complete(self, production: bool) -> None:
        for variable, value, asked_by in self._needed():
            if value is None:
                raise WrongSetting(f"{variable} is not set, and {asked_by} needs it.")
        if production and "notify" in self.chosen.values() and not self.notify_url.startswith("https:"):
            raise WrongSetting("MOOT_NOTIFY_URL must be an https address when MOOT_ENV=production.")
        if production and "smtp" in self.chosen.values() and not self.smtp_starttls:
            raise WrongSetting("MOOT_SMTP_STARTTLS must be true when MOOT_ENV=production.")
        if self.chosen.get("letter") == "print-house" and self.print_house and not self.print_house.is_dir():
            raise WrongSetting("MOOT_PRINT_HOUSE must name the directory from which the print house fetches its jobs.")

    @property
    def chosen(self) -> dict[MessageChannel, str]:
        named: dict[MessageChannel, str | None] = {"email": self.email_by, "sms": self.sms_by, "letter": self.letter_by}
        return {channel: by for channel, by in named.items() if by is not None}

    def _needed(self) -> list[tuple[str, object, str]]:
        needed: list[tuple[str, object, str]] = []
        for channel, by in self.chosen.items():
            asked_by = f"MOOT_{channel.upper()}_BY={by}"
            match by:
                case "smtp":
                    needed += [
                        ("MOOT_SMTP_HOST", self.smtp_host, asked_by),
                        ("MOOT_SMTP_FROM", self.smtp_from, asked_by),
                    ]
                case "notify":
                    name = f"notify_{channel}_template"
                    needed += [("MOOT_NOTIFY_KEY", self.notify_key, asked_by)]
                    needed += [(f"MOOT_{name.upper()}", getattr(self, name), asked_by)]
                case "print-house":
                    needed += [("MOOT_PRINT_HOUSE", self.print_house, asked_by)]
        return needed

    @property
    def relay(self) -> Relay | None:
        """The mail relay, if e-mail goes by one."""
        if self.email_by != "smtp" or self.smtp_host is None or self.smtp_from is None:
            return None
        return Relay(
            self.smtp_host, self.smtp_port, self.smtp_from, self.smtp_starttls, self.smtp_user,
            self.smtp_password.get_secret_value(), self.smtp_unsubscribe or "",
        )  # fmt: skip

    @property
    def account(self) -> Account | None:
        """The account at GOV.UK Notify, with the channels that go through it."""
        ids: dict[MessageChannel, UUID | None] = {
            "email": self.notify_email_template, "sms": self.notify_sms_template, "letter": self.notify_letter_template,
        }  # fmt: skip
        templates = {channel: made for channel, made in ids.items() if made and self.chosen.get(channel) == "notify"}
        if not templates or self.notify_key is None:
            return None
        return Account(self.notify_url, self.notify_key.get_secret_value(), templates, self.notify_per_minute)

    @property
    def print_folder(self) -> Path | None:
        """Where letters wait for the print house, if they go by one."""
        return self.print_house if self.letter_by == "print-house" else None
