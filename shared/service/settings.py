"""What a role is told by its environment (ADR 0001). A wrong value ends the start with one sentence."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Role(StrEnum):
    """What one process of a service does. Each scales, stops and restarts alone."""

    API = "api"
    RELAY = "relay"
    VIEWS = "views"
    POLICIES = "policies"
    DEADLINES = "deadlines"
    SEALER = "sealer"
    SENDING = "sending"
    PORTAL = "portal"
    LIVE = "live"
    ALL = "all"
    MIGRATE = "migrate"


class WrongSetting(Exception):
    """One sentence for the operator: which variable, and what it must be. Never the value, which may be a secret."""


def _postgres(url: SecretStr) -> SecretStr:
    if urlsplit(url.get_secret_value()).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must be a postgresql:// address")
    return url


def _issuer(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be an http(s) address without query or fragment")
    return url


def _service(url: str) -> str:
    return _issuer(url).rstrip("/")


PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres)]
ServiceUrl = Annotated[str, AfterValidator(_service)]


class Databases(BaseSettings):
    """The two ways into a context's database: as owner, and as the role that row-level security binds."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True, extra="ignore")

    database_url: PostgresUrl | None = None
    api_database_url: PostgresUrl | None = None


class Settings(BaseSettings):
    """Everything a role may know from outside. Secrets are `SecretStr`, so no log or traceback prints them."""

    model_config = SettingsConfigDict(
        env_prefix="MOOT_", frozen=True, hide_input_in_errors=True, extra="ignore", populate_by_name=True
    )

    context: str
    role: Role
    databases: Databases
    env: Environment = Environment.DEVELOPMENT
    authority: str = Field("E07000999", pattern=r"^[ENSW]\d{8}$", description="GSS code of the default authority")
    kafka: str = "127.0.0.1:8492"
    keys: Path | None = None
    oidc_issuer: Annotated[str, AfterValidator(_issuer)] = "http://127.0.0.1:8400"
    oidc_audience: str = Field("moothall", min_length=1)
    oidc_roles_claim: str = Field("roles", description="path of the claim with roles, e.g. realm_access.roles")
    oidc_authorities_claim: str = "authorities"
    client_id: str | None = Field(None, min_length=1, description="what the identity provider calls this service")
    client_secret: SecretStr | None = None
    client_scope: str = Field("", description="scope of its own tokens, where the provider wants one: api://…/.default")
    registration_url: ServiceUrl | None = None
    elections_url: ServiceUrl | None = None
    committees_url: ServiceUrl | None = None
    finance_url: ServiceUrl | None = None
    notifications_url: ServiceUrl | None = None
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$")
    requests_per_subject: float = Field(600, gt=0, description="a second and process, from one token's subject")
    requests_per_address: float = Field(3000, gt=0, description="a second and process; an office may share one address")
    export_rows_per_day: int = Field(500_000, gt=0, description="lines of lists that one officer may take out in files")
    step_up_minutes: int = Field(
        15, ge=1, le=600, description="how old a sign-in may be that publishes, exports or pays"
    )
    step_up_acr: str = Field("", description="by which means it must have been made: acr values of the provider")
    grace_seconds: float = Field(20, ge=0, le=600, description="how long a stopping role may take to finish")
    otlp_endpoint: str | None = Field(None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")

    @classmethod
    def load(cls, context: str, role: str) -> Self:
        """Read the environment for one role of one context. Raises `WrongSetting`."""
        prefix = f"MOOT_{context.upper()}_"
        try:
            options: dict[str, Any] = {"_env_prefix": prefix}
            databases = Databases(**options)
        except ValidationError as broken:
            raise as_sentence(broken, prefix) from None
        try:
            values: dict[str, Any] = {"context": context, "role": role, "databases": databases}
            return cls(**values)
        except ValidationError as broken:
            raise as_sentence(broken, "MOOT_") from None

    @model_validator(mode="after")
    def production_trusts_nothing_local(self) -> Self:
        """Production takes no default for what it trusts: a token issuer reached without TLS could be anybody."""
        if self.env is Environment.PRODUCTION and urlsplit(self.oidc_issuer).scheme != "https":
            raise ValueError("MOOT_OIDC_ISSUER must be an https address when MOOT_ENV=production")
        return self

    @property
    def owner_url(self) -> str:
        """The database as its owner: migrations, relay, views, policies. Raises `WrongSetting` when it is not set."""
        return self._required(self.databases.database_url, f"MOOT_{self.context.upper()}_DATABASE_URL")

    @property
    def api_url(self) -> str:
        """The database as `moot_api`. Raises `WrongSetting` when it is not set."""
        return self._required(self.databases.api_database_url, f"MOOT_{self.context.upper()}_API_DATABASE_URL")

    @property
    def key_directory(self) -> Path:
        """Where this service's keys lie. Raises `WrongSetting` when it is not set or not there."""
        if self.keys is None or not self.keys.is_dir():
            raise WrongSetting("MOOT_KEYS must name the directory that holds this service's keys.")
        return self.keys

    def url_of(self, context: str) -> str:
        """Where another service answers, without a closing slash. Raises `WrongSetting` when it is not set."""
        url: str | None = getattr(self, f"{context}_url")
        if url is None:
            raise WrongSetting(
                f"MOOT_{context.upper()}_URL is not set; it must be the http(s) address of that service."
            )
        return url

    @staticmethod
    def _required(url: SecretStr | None, variable: str) -> str:
        if url is None:
            raise WrongSetting(f"{variable} is not set; it must be a postgresql:// address.")
        return url.get_secret_value()


def as_sentence(broken: ValidationError, prefix: str) -> WrongSetting:
    """The first thing that is wrong, by its variable. Also for the settings that one service has alone."""
    first = broken.errors(include_input=False, include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return WrongSetting(f"{message}.")
    name = str(first["loc"][0])
    variable = name if name.isupper() else f"{prefix}{name.upper()}"
    return WrongSetting(f"{variable} is wrong: {message[0].lower()}{message[1:]}.")
