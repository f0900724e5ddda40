"""Which channel goes out through which adapter, and in whose name: environment variables of notifications alone.

A channel that names no adapter keeps its messages waiting, where everybody can see them; letters are then written out by hand.
So does a council that has no sender of its own on a channel: nothing goes out in the name of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

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


Address = Annotated[str, AfterValidator(_sender)]
Council = Annotated[str, Field(pattern=r"^[ENSW]\d{8}$")]


class Sender(BaseModel):
    """What people see of one council, and what it has with its providers. `notify_key_file`: a file that holds its key, so that
    it stands in no environment."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    smtp_from: Address | None = None
    smtp_reply_to: Address | None = None
    smtp_unsubscribe: Annotated[str, AfterValidator(_unsubscribe)] | None = None
    notify_key_file: Path | None = None
    notify_email_template: UUID | None = None
    notify_sms_template: UUID | None = None
    notify_letter_template: UUID | None = None
    print_house: Path | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """How the messages of one council go out: by its own relay address, account and folder; None for none."""

    relay: Relay | None = None
    account: Account | None = None
    print_folder: Path | None = None

    @property
    def channels(self) -> frozenset[MessageChannel]:
        ways: list[MessageChannel] = [*(self.account.templates if self.account else ())]
        ways += ["email"] if self.relay else []
        ways += ["letter"] if self.print_folder else []
        return frozenset(ways)


class SendingSettings(BaseSettings):
    """`MOOT_EMAIL_BY` and so on choose; what the chosen one needs must then be there. One council, `MOOT_AUTHORITY`, has its
    sender in variables of its own; a process that serves several has them by GSS code, as JSON:

    MOOT_SENDERS={"E07000999": {"smtp_from": "office@…", "notify_key_file": "/run/secrets/…", "print_house": "/print/999"}, …}"""

    model_config = SettingsConfigDict(
        env_prefix="MOOT_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True, extra="ignore"
    )

    email_by: Literal["smtp", "notify"] | None = None
    sms_by: Literal["notify"] | None = None
    letter_by: Literal["print-house", "notify"] | None = None

    senders: dict[Council, Sender] = Field(default_factory=dict, description="the sender of each council")

    smtp_host: str | None = None
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_starttls: bool = True
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: Address | None = None
    smtp_reply_to: Address | None = None
    smtp_unsubscribe: Annotated[str, AfterValidator(_unsubscribe)] | None = None

    notify_url: Annotated[str, AfterValidator(_web)] = NOTIFY_URL
    notify_key: Annotated[SecretStr, AfterValidator(_key)] | None = None
    notify_key_file: Path | None = None
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
        except SettingsError:
            raise WrongSetting('MOOT_SENDERS must be JSON: {"<GSS code>": {"smtp_from": …}}.') from None
        except ValidationError as broken:
            raise as_sentence(broken, "MOOT_") from None
        made._complete(production=settings.env is Environment.PRODUCTION)
        made.ways(settings.authority)
        return made

    def ways(self, own: str) -> Mapping[str, Ways]:
        """How each council's messages go out. `own`: the council whose process this is, when no others are named. Raises
        `WrongSetting`."""
        if not self.senders:
            of = Sender(**{name: getattr(self, name) for name in Sender.model_fields})
            return {own: self._ways(of, self.notify_key or self._key_of(of, "MOOT_NOTIFY_KEY_FILE"))}
        found = {}
        for council, of in self.senders.items():
            found[council] = self._ways(of, self._key_of(of, f"MOOT_SENDERS, notify_key_file of {council},"))
        folders = [each.print_folder.resolve() for each in found.values() if each.print_folder]
        if len(set(folders)) < len(folders):
            raise WrongSetting("MOOT_SENDERS must name another print_house for each council: their letters never mix.")
        return found

    def without_sender(self, own: str) -> Mapping[str, frozenset[MessageChannel]]:
        """The chosen channels on which a council has no sender."""
        lacking = {council: frozenset(self.chosen) - ways.channels for council, ways in self.ways(own).items()}
        return {council: channels for council, channels in lacking.items() if channels}

    @property
    def chosen(self) -> dict[MessageChannel, str]:
        named: dict[MessageChannel, str | None] = {"email": self.email_by, "sms": self.sms_by, "letter": self.letter_by}
        return {channel: by for channel, by in named.items() if by is not None}

    def _complete(self, production: bool) -> None:
        for variable, value, asked_by in self._needed():
            if value is None:
                raise WrongSetting(f"{variable} is not set, and {asked_by} needs it.")
        if production and "notify" in self.chosen.values() and not self.notify_url.startswith("https:"):
            raise WrongSetting("MOOT_NOTIFY_URL must be an https address when MOOT_ENV=production.")
        if production and "smtp" in self.chosen.values() and not self.smtp_starttls:
            raise WrongSetting("MOOT_SMTP_STARTTLS must be true when MOOT_ENV=production.")
        alone = [name for name in (*Sender.model_fields, "notify_key") if getattr(self, name) is not None]
        if self.senders and alone:
            raise WrongSetting(f"Set either MOOT_SENDERS, or MOOT_{alone[0].upper()} of one council.")

    def _needed(self) -> list[tuple[str, object, str]]:
        needed: list[tuple[str, object, str]] = []
        for channel, by in self.chosen.items():
            asked_by = f"MOOT_{channel.upper()}_BY={by}"
            if by == "smtp":
                needed += [("MOOT_SMTP_HOST", self.smtp_host, asked_by)]
            if self.senders:
                continue  # what one of several councils lacks is named at the start, and holds up no other
            match by:
                case "smtp":
                    needed += [("MOOT_SMTP_FROM", self.smtp_from, asked_by)]
                case "notify":
                    name = f"notify_{channel}_template"
                    needed += [("MOOT_NOTIFY_KEY", self.notify_key or self.notify_key_file, asked_by)]
                    needed += [(f"MOOT_{name.upper()}", getattr(self, name), asked_by)]
                case "print-house":
                    needed += [("MOOT_PRINT_HOUSE", self.print_house, asked_by)]
        return needed

    @staticmethod
    def _key_of(sender: Sender, where: str) -> SecretStr | None:
        if sender.notify_key_file is None:
            return None
        try:
            return _key(SecretStr(sender.notify_key_file.read_text().strip()))
        except (OSError, ValueError):  # which would quote what the file holds
            raise WrongSetting(f"{where} must name a file that holds a key of GOV.UK Notify.") from None

    def _ways(self, sender: Sender, key: SecretStr | None) -> Ways:
        if sender.print_house and self.letter_by == "print-house" and not sender.print_house.is_dir():
            where = "MOOT_SENDERS, print_house," if self.senders else "MOOT_PRINT_HOUSE"
            raise WrongSetting(f"{where} must name the directory from which the print house fetches its jobs.")
        by_house = self.letter_by == "print-house"
        return Ways(self._relay(sender), self._account(sender, key), sender.print_house if by_house else None)

    def _relay(self, sender: Sender) -> Relay | None:
        if self.email_by != "smtp" or self.smtp_host is None or sender.smtp_from is None:
            return None
        return Relay(
            self.smtp_host, self.smtp_port, sender.smtp_from, self.smtp_starttls, self.smtp_user,
            self.smtp_password.get_secret_value(), sender.smtp_unsubscribe or "", sender.smtp_reply_to or "",
        )  # fmt: skip

    def _account(self, sender: Sender, key: SecretStr | None) -> Account | None:
        ids: dict[MessageChannel, UUID | None] = {
            "email": sender.notify_email_template, "sms": sender.notify_sms_template,
            "letter": sender.notify_letter_template,
        }  # fmt: skip
        templates = {channel: made for channel, made in ids.items() if made and self.chosen.get(channel) == "notify"}
        if not templates or key is None:
            return None
        return Account(self.notify_url, key.get_secret_value(), templates, self.notify_per_minute)
