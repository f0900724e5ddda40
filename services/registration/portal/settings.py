"""Where the ERO Portal is and by which certificate it knows each council: environment variables of registration alone."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from services.registration.exchange.ero_portal.client import Access
from shared.service.settings import WrongSetting, as_sentence

PREFIX: Final = "MOOT_PORTAL_"


def _https(url: str) -> str:
    if urlsplit(url).scheme != "https":
        raise ValueError("must be an https address: the portal knows a council by its certificate")
    return url.rstrip("/")


Portal = Annotated[str, AfterValidator(_https)]
Council = Annotated[str, Field(pattern=r"^[ENSW]\d{8}$")]


class Files(BaseModel):
    """A council's own client certificate from IERDS and its key. Those of a joint board serve several councils."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """One certificate at the portal, and the councils of ours that it is of, by GSS code."""

    access: Access
    councils: frozenset[str]


class PortalSettings(BaseSettings):
    """`MOOT_PORTAL_URL` chooses; without it nothing is asked and nothing answered. One council has `MOOT_PORTAL_CERTIFICATE`
    and `MOOT_PORTAL_KEY`; a process that serves several has them by GSS code, as JSON:

    MOOT_PORTAL_COUNCILS={"E07000999": {"certificate": "/run/secrets/999.pem", "key": "/run/secrets/999.key"}, …}"""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True, extra="ignore"
    )

    url: Portal | None = None
    checks_url: Portal | None = Field(None, description="of register checks, if another")
    certificate: Path | None = None
    key: Path | None = None
    councils: dict[Council, Files] = Field(default_factory=dict, description="certificate and key of each council")
    ca: Path | None = Field(
        None, description="the authorities that sign the portal's own certificate, if none of the usual"
    )
    seconds: float = Field(300, ge=1, le=3600, description="between one look and the next")

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises `WrongSetting`."""
        try:
            return cls()
        except SettingsError:
            raise WrongSetting(
                f'{PREFIX}COUNCILS must be JSON: {{"<GSS code>": {{"certificate": …, "key": …}}}}.'
            ) from None
        except ValidationError as broken:
            raise as_sentence(broken, PREFIX) from None

    def connections(self, own: str) -> tuple[Connection, ...]:
        """One for each certificate; none without a portal. `own`: the council whose process this is. Raises `WrongSetting`, so
        that no council's applications wait unseen because nobody said how to ask for them."""
        if self.url is None:
            return ()
        if self.councils and (self.certificate or self.key):
            raise WrongSetting(f"Set either {PREFIX}COUNCILS, or {PREFIX}CERTIFICATE and {PREFIX}KEY of one council.")
        if self.councils and own not in self.councils:
            raise WrongSetting(f"{PREFIX}COUNCILS names no certificate of {own}, which is MOOT_AUTHORITY.")
        theirs: dict[Access, set[str]] = {}
        for council, files in (self.councils or {own: Files(certificate=self.certificate, key=self.key)}).items():
            theirs.setdefault(self._access(self.url, council, files), set()).add(council)
        return tuple(Connection(access, frozenset(councils)) for access, councils in theirs.items())

    def _access(self, url: str, council: str, files: Files) -> Access:
        where = f"{PREFIX}COUNCILS" if self.councils else f"{PREFIX}CERTIFICATE and {PREFIX}KEY"
        if files.certificate is None or files.key is None:
            raise WrongSetting(f"{where} must name the files from IERDS of {council}: its certificate and its key.")
        access = Access(url, self.checks_url or url, files.certificate, files.key, self.ca)
        try:
            access.tls()
        except (OSError, ssl.SSLError):
            raise WrongSetting(f"{where} or {PREFIX}CA, of {council}, is no file that holds what it should.") from None
        return access
