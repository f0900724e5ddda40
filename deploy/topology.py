"""What Moothall consists of: services, roles, ports, topics, databases and the environment of every process.

The one description. The local runtime starts it, `docker-compose.yml` is tested against it (ADR 0001).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).parents[1]
"""The project's root directory."""
STATE = Path(os.environ.get("MOOT_STATE", ROOT / ".moot")).absolute()
"""Everything that a running system keeps on this machine."""
CACHE = Path(os.environ.get("MOOT_CACHE", ROOT / ".moot" / "cache")).absolute()
"""What was fetched once and may be fetched again: the broker's jars."""

CONTEXTS = ("registration", "elections", "committees", "finance", "notifications")
ROLES = ("api", "relay", "views", "policies", "deadlines", "sealer")
"""What every service has. Each scales, stops and restarts alone; `all` is every role in one process, `migrate` runs
once and ends."""
LIVE = "live"
SENDING = "sending"
PORTAL = "portal"
FURTHER_ROLES = {"registration": (PORTAL, LIVE), "elections": (LIVE,), "notifications": (SENDING, LIVE)}
"""What some services have besides."""
ASKS = {"notifications": ("registration", "committees", "finance")}
"""Which services a service asks at their APIs, in its role `sending`, as a client of the identity provider (ADR 0007)."""
CLIENT = "client"
"""The password that services show to the development issuer."""
REPORTING = "reporting"
"""Not a service: it keeps the events of all of them, and has neither a database nor keys."""
DESK = "desk"
"""The officers' web pages: no facts of its own, a database for who is signed in, and a key that seals it."""
EVERY_ROLE = "all"
MIGRATE = "migrate"

POST_OFFICE = "post-office"
"""Development's mail server and GOV.UK Notify (`deploy/local/post_office.py`). Its key and token guard nothing."""
NOTIFY_KEY = "development-5f0f7f39-1a0a-4b53-9c9b-5d8a3a6f0c11-2b9d4a52-7c36-4e0e-8f21-d6a1c0b7e943"
NOTIFY_CALLBACK_TOKEN = "development"
NOTIFY_TEMPLATES = {
    kind: str(uuid5(NAMESPACE_URL, f"moothall:post-office:{kind}")) for kind in ("email", "sms", "letter")
}

AUTHORITY = "E07000999"
"""Mootshire, an invented district: its code is in no list of the Office for National Statistics."""
COUNCILS = '{"E07000999": "Mootshire"}'
"""Names of councils by code, as the desk shows them."""
AUDIENCE = "moothall"
API_ROLE = "moot_api"
"""The database role that row-level security binds."""

PARTITIONS = 16
SEAL_PARTITIONS = 1


@dataclass(frozen=True, slots=True)
class Topic:
    """A Kafka topic and what distinguishes it from the broker's defaults."""

    name: str
    partitions: int
    config: dict[str, str] = field(default_factory=dict)


RINGS = {"registration": ("anonymous",)}
"""Key rings beside a service's own, of stores that it keeps apart (ADR 0015)."""


def roles(context: str) -> tuple[str, ...]:
    """The roles of a service that run on."""
    return (*ROLES, *FURTHER_ROLES.get(context, ()))


def topics() -> list[Topic]:
    """Every topic of the system: the published facts of each context, and the signed seals of its history.
    The changelogs of the role `live` are made by Faust: they may be lost."""
    return [
        topic
        for context in CONTEXTS
        for topic in (
            Topic(f"{context}.events.v1", PARTITIONS, {"retention.ms": "-1", "cleanup.policy": "delete"}),
            Topic(f"{context}.seals.v1", SEAL_PARTITIONS, {"cleanup.policy": "compact"}),
        )
    ]


def database(context: str) -> str:
    """The name of the context's database, and of the role that owns it."""
    return f"moothall_{context}"


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports, all from one base: services count from 1, infrastructure stands well apart."""

    base: int = 8400

    @staticmethod
    def from_environment() -> Ports:
        return Ports(int(os.environ.get("MOOT_PORT_BASE", "8400")))

    @property
    def issuer(self) -> int:
        return self.base

    def service(self, context: str) -> int:
        return self.base + 1 + CONTEXTS.index(context)

    @property
    def desk(self) -> int:
        return self.base + 10

    @property
    def reporting(self) -> int:
        return self.base + 20

    @property
    def post_office(self) -> int:
        """Where GOV.UK Notify is played."""
        return self.base + 26

    @property
    def smtp(self) -> int:
        return self.base + 25

    @property
    def postgres(self) -> int:
        return self.base + 32

    @property
    def kafka(self) -> int:
        return self.base + 92

    @property
    def kafka_controller(self) -> int:
        return self.base + 93


@dataclass(frozen=True, slots=True)
class Topology:
    """Where the parts of one system stand and how they reach each other.

    `passwords` are those of the database roles (`moothall_<context>` and `moot_api`), and `client`.
    """

    postgres: str
    """host:port of the server that holds every context's database."""
    kafka: str
    """Bootstrap servers."""
    issuer: str
    """URL of the OpenID provider, as it stands in its tokens."""
    keys: Path
    """Directory with one directory of keys per context."""
    passwords: dict[str, str] = field(repr=False)
    ports: Ports = field(default_factory=Ports)
    host: str = "127.0.0.1"
    """The address that services listen on."""
    api_host: str = "127.0.0.1"
    """The host on which the API of `{context}` is reached."""
    desk_host: str = "127.0.0.1"
    """The host on which the issuer reaches the desk. Officers reach it on their own machine."""
    post_office: str | None = None
    """The host of development's post office, through which messages then go; without one the installation says how."""
    print_house: Path = Path("/print-house")
    """Where that installation's letters wait for the print house."""
    mode: str = "development"

    def database_url(self, context: str, role: str | None = None) -> str:
        """How the owner, or another database role, connects to the context's database."""
        user = role or database(context)
        return f"postgresql://{user}:{quote(self.passwords[user])}@{self.postgres}/{database(context)}"

    def service_url(self, context: str) -> str:
        return f"http://{self.api_host.format(context=context)}:{self.ports.service(context)}"

    def environment(self, context: str, role: str = EVERY_ROLE) -> dict[str, str]:
        """The environment of one process of a service.

        The API gets no password but its own, so that nothing it does escapes row-level security; in `all` it shares
        its process with roles that need the owner's.
        """
        prefix = f"MOOT_{context.upper()}"
        owner = {f"{prefix}_DATABASE_URL": self.database_url(context)}
        api = {f"{prefix}_API_DATABASE_URL": self.database_url(context, API_ROLE)}
        if role == MIGRATE:
            return {"MOOT_ENV": self.mode, "MOOT_LOG_LEVEL": log_level(), **owner}
        common = {
            "MOOT_ENV": self.mode,
            "MOOT_AUTHORITY": os.environ.get("MOOT_AUTHORITY", AUTHORITY),
            "MOOT_KAFKA": self.kafka,
            "MOOT_KEYS": str(self.keys / context),
            "MOOT_OIDC_ISSUER": self.issuer,
            "MOOT_OIDC_AUDIENCE": AUDIENCE,
            "MOOT_HOST": self.host,
            "MOOT_PORT": str(self.ports.service(context)),
            "MOOT_LOG_LEVEL": log_level(),
            **({"api": api, EVERY_ROLE: owner | api, LIVE: {}}.get(role, owner)),
        }
        if role == LIVE:
            del common["MOOT_KEYS"]
        if role in {SENDING, EVERY_ROLE} and context in ASKS:
            common |= {
                "MOOT_CLIENT_ID": os.environ.get("MOOT_CLIENT_ID", context),
                "MOOT_CLIENT_SECRET": os.environ.get("MOOT_CLIENT_SECRET", self.passwords[CLIENT]),
            }
            common |= {f"MOOT_{asked.upper()}_URL": self.service_url(asked) for asked in ASKS[context]}
        if context == "notifications" and self.post_office is not None:
            if role in {SENDING, EVERY_ROLE}:
                common |= self._channels(self.post_office)
            if role in {"api", EVERY_ROLE}:
                common["MOOT_NOTIFY_CALLBACK_TOKEN"] = NOTIFY_CALLBACK_TOKEN
        if endpoint := os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
            common["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint
        return common

    def _channels(self, post_office: str) -> dict[str, str]:
        """E-mail by SMTP, texts by GOV.UK Notify, letters by print house, all of them on this machine."""
        return {
            "MOOT_EMAIL_BY": "smtp",
            "MOOT_SMTP_HOST": post_office,
            "MOOT_SMTP_PORT": str(self.ports.smtp),
            "MOOT_SMTP_STARTTLS": "false",
            "MOOT_SMTP_FROM": "office@mootshire.example",
            "MOOT_SMS_BY": "notify",
            "MOOT_NOTIFY_URL": f"http://{post_office}:{self.ports.post_office}",
            "MOOT_NOTIFY_KEY": NOTIFY_KEY,
            "MOOT_NOTIFY_SMS_TEMPLATE": NOTIFY_TEMPLATES["sms"],
            "MOOT_LETTER_BY": "print-house",
            "MOOT_PRINT_HOUSE": str(self.print_house),
            "MOOT_PRINT_GATHER_MINUTES": "0.05",
        }

    def post_office_environment(self, mail: Path) -> dict[str, str]:
        """The environment of `python -m deploy.local.post_office`, which keeps mails in the directory `mail`."""
        return {
            "MOOT_ENV": self.mode,
            "MOOT_HOST": self.host,
            "MOOT_PORT": str(self.ports.post_office),
            "MOOT_SMTP_PORT": str(self.ports.smtp),
            "MOOT_MAIL": str(mail),
            "MOOT_NOTIFY_KEY": NOTIFY_KEY,
            "MOOT_NOTIFY_CALLBACK": f"{self.service_url('notifications')}/notify/receipts",
            "MOOT_NOTIFY_CALLBACK_TOKEN": NOTIFY_CALLBACK_TOKEN,
        }

    def issuer_environment(self) -> dict[str, str]:
        """The environment of the development issuer (`python -m shared.service.dev_issuer`)."""
        return {
            "MOOT_ENV": self.mode,
            "MOOT_AUTHORITY": os.environ.get("MOOT_AUTHORITY", AUTHORITY),
            "MOOT_KEYS": str(self.keys / "issuer"),
            "MOOT_OIDC_ISSUER": self.issuer,
            "MOOT_OIDC_AUDIENCE": AUDIENCE,
            "MOOT_CLIENT_SECRET": self.passwords[CLIENT],
            "MOOT_ISSUER_PAGES": self.issuer
            if self.desk_host == "127.0.0.1"
            else f"http://127.0.0.1:{self.ports.issuer}",
            "MOOT_DESK_LOGOUT": f"http://{self.desk_host}:{self.ports.desk}/back-channel-logout",
            "MOOT_HOST": self.host,
            "MOOT_PORT": str(self.ports.issuer),
            "MOOT_LOG_LEVEL": log_level(),
        }

    @property
    def desk_url(self) -> str:
        """What an officer on this machine types."""
        return f"http://127.0.0.1:{self.ports.desk}"

    def desk_environment(self) -> dict[str, str]:
        """The environment of `python -m desk`."""
        return {
            "MOOT_ENV": self.mode,
            "MOOT_AUTHORITY": os.environ.get("MOOT_AUTHORITY", AUTHORITY),
            "MOOT_DESK_DATABASE_URL": self.database_url(DESK),
            "MOOT_KEYS": str(self.keys / DESK),
            "MOOT_OIDC_ISSUER": self.issuer,
            "MOOT_OIDC_AUDIENCE": AUDIENCE,
            "MOOT_CLIENT_ID": DESK,
            "MOOT_CLIENT_SECRET": self.passwords[CLIENT],
            "MOOT_DESK_URL": self.desk_url,
            "MOOT_DESK_COUNCILS": COUNCILS,
            **{f"MOOT_{context.upper()}_URL": self.service_url(context) for context in CONTEXTS},
            "MOOT_HOST": self.host,
            "MOOT_PORT": str(self.ports.desk),
            "MOOT_LOG_LEVEL": log_level(),
        }

    def reporting_environment(self, archive: Path) -> dict[str, str]:
        """The environment of `python -m reporting`, which keeps events in the directory `archive`."""
        return {
            "MOOT_ENV": self.mode,
            "MOOT_KAFKA": self.kafka,
            "MOOT_REPORTING": str(archive),
            "MOOT_HOST": self.host,
            "MOOT_PORT": str(self.ports.reporting),
            "MOOT_LOG_LEVEL": log_level(),
        }


def log_level() -> str:
    return os.environ.get("MOOT_LOG_LEVEL", "info")
