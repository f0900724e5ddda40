"""What the desk is told by its environment: as any service, and where its own pages, sessions and councils' names are."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from shared.service.settings import Environment, ServiceUrl, Settings

CONTEXT = "desk"


class DeskSettings(Settings):
    """`MOOT_DESK_DATABASE_URL` holds the sessions, `MOOT_KEYS` the key that seals them, `MOOT_CLIENT_ID` and
    `MOOT_CLIENT_SECRET` are the desk's at the provider, `MOOT_<CONTEXT>_URL` says where each service answers."""

    desk_url: ServiceUrl = Field(
        "http://127.0.0.1:8410", description="the address that officers type; the provider sends them back there"
    )
    desk_scope: str = Field(
        "openid profile", description="asked of the provider, e.g. with offline_access or api://…/officer"
    )
    desk_councils: dict[str, str] = Field(default_factory=dict, description="names of councils by GSS code, as JSON")
    desk_idle_minutes: int = Field(30, ge=1, le=60)
    desk_longest_hours: int = Field(10, ge=1, le=12)

    @classmethod
    def read(cls) -> Self:
        """The environment. Raises `WrongSetting`."""
        return cls.load(CONTEXT, "api")

    @model_validator(mode="after")
    def officers_come_by_tls(self) -> Self:
        """Session cookies travel with every request: in production over TLS or not at all."""
        if self.env is Environment.PRODUCTION and not self.secure:
            raise ValueError("MOOT_DESK_URL must be an https address when MOOT_ENV=production")
        return self

    @property
    def secure(self) -> bool:
        """Whether browsers reach the desk by TLS. Plain http is for this machine."""
        return urlsplit(self.desk_url).scheme == "https"

    @property
    def origin(self) -> str:
        parts = urlsplit(self.desk_url)
        return f"{parts.scheme}://{parts.netloc}"

    def council(self, authority: str) -> str:
        """What people call this council."""
        return self.desk_councils.get(authority, authority)
