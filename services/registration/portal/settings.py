"""Where the ERO Portal is and by which certificate it knows us: environment variables of registration alone."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.registration.exchange.ero_portal.client import Access
from shared.service.settings import WrongSetting, as_sentence


def _https(url: str) -> str:
    if urlsplit(url).scheme != "https":
        raise ValueError("must be an https address: the portal knows a council by its certificate")
    return url.rstrip("/")


Portal = Annotated[str, AfterValidator(_https)]


class PortalSettings(BaseSettings):
    """`MOOT_PORTAL_URL` chooses; without it nothing is asked and nothing answered. The certificate is the council's own, from
    IERDS."""

    model_config = SettingsConfigDict(
        env_prefix="MOOT_PORTAL_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True, extra="ignore"
    )

    url: Portal | None = None
    checks_url: Portal | None = Field(None, description="of register checks, if another")
    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = Field(
        None, description="the authorities that sign the portal's own certificate, if none of the usual"
    )
    seconds: float = Field(300, ge=1, le=3600, description="between one look and the next")

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises `WrongSetting`."""
        try:
            made = cls()
        except ValidationError as broken:
            raise as_sentence(broken, "MOOT_PORTAL_") from None
        if made.access is not None:
            try:
                made.access.tls()
            except (OSError, ssl.SSLError):
                raise WrongSetting(
                    "MOOT_PORTAL_CERTIFICATE, MOOT_PORTAL_KEY or MOOT_PORTAL_CA is no file that holds what it should."
                ) from None
        return made

    @property
    def access(self) -> Access | None:
        """None: no portal. Raises `WrongSetting`."""
        if self.url is None:
            return None
        if self.certificate is None or self.key is None:
            raise WrongSetting("MOOT_PORTAL_CERTIFICATE and MOOT_PORTAL_KEY must name the council's files from IERDS.")
        return Access(self.url, self.checks_url or self.url, self.certificate, self.key, self.ca)
