"""How a device comes to act for a visiting officer: a code that an officer issues for one round, used up for a pass to it.

The code names council and round and holds a secret of a hundred bits; the round's history keeps its keyed hash. The pass is a
bearer token of this service's own, under a keyed hash like those of canvass letters: nobody without the key makes one, nothing is
kept of it, and it opens one round, in the name of whom that is allocated to, with a canvasser's rights and until a day.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, Final, Protocol
from uuid import UUID

import orjson
from fastapi import FastAPI

from shared.eventcore.clock import Clock
from shared.eventcore.keys import BlindIndex
from shared.service.auth import Identity
from shared.service.problems import Problem

CODE_GOOD_FOR: Final = timedelta(hours=24)
ACTS_FOR: Final = timedelta(days=7)
"""As long as a round may be opened on a device."""
SECRET_BYTES: Final = 13
_SCHEME, _SCOPE = "Bearer round.", "round:"


@dataclass(frozen=True, slots=True)
class Code:
    authority: str
    round_id: UUID
    secret: str

    @classmethod
    def drawn(cls, authority: str, round_id: UUID) -> Code:
        return cls(authority, round_id, secrets.token_hex(SECRET_BYTES))

    @classmethod
    def typed(cls, text: str) -> Code | None:
        """None for what is no code at all."""
        try:
            authority, identity, secret = text.strip().split(".")
            return cls(authority.upper(), UUID(identity), secret.lower())
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.authority}.{self.round_id.hex}.{self.secret}"

    def digest(self, blind: BlindIndex) -> str:
        return blind.of("round-enrolment", f"{self.round_id}:{self.secret}", self.authority).hex()


@dataclass(frozen=True, slots=True)
class Pass:
    """What a device may do: one round, for `officer`."""

    authority: str
    round_id: UUID
    officer: str
    until: datetime

    def signed(self, blind: BlindIndex) -> str:
        said = orjson.dumps([self.authority, str(self.round_id), self.officer, self.until.isoformat()])
        parts = (said, _seal(blind, said, self.authority))
        return ".".join(["round", *(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)])

    @classmethod
    def read(cls, token: str, blind: BlindIndex, now: datetime) -> Pass | None:
        """None unless it is one of ours and its time has not passed."""
        try:
            _, said, seal = (part.encode("ascii") for part in token.split("."))
            text, given = (urlsafe_b64decode(part + b"=" * (-len(part) % 4)) for part in (said, seal))
            authority, round_id, officer, until = orjson.loads(text)
            own = cls(str(authority), UUID(round_id), str(officer), datetime.fromisoformat(until))
        except (ValueError, TypeError):
            return None
        return own if compare_digest(given, _seal(blind, text, own.authority)) and now <= own.until else None

    def identity(self) -> Identity:
        """Whoever holds it is the round's officer as a canvasser, and may do nothing but on this round."""
        return Identity(
            subject=f"device of {self.officer}",
            id=self.officer,
            roles=frozenset({"canvasser"}),
            authorities=frozenset({self.authority}),
            scopes=frozenset({f"{_SCOPE}{self.round_id}"}),
        )


def may_see(who: Identity, round_id: UUID) -> bool:
    """Whether somebody's token opens this round as far as it names rounds at all: it can only narrow what they may do."""
    named = {scope for scope in who.scopes if scope.startswith(_SCOPE)}
    return not named or f"{_SCOPE}{round_id}" in named


def _seal(blind: BlindIndex, said: bytes, authority: str) -> bytes:
    return blind.of("round-pass", said.decode(), authority)


class Verifier(Protocol):
    async def identify(self, authorization: str | None) -> Identity: ...


class Devices:
    """Knows passes of devices, and gives every other token to the provider's verifier."""

    def __init__(self, others: Verifier, blind: BlindIndex, clock: Clock) -> None:
        self._others, self._blind, self._clock = others, blind, clock

    async def identify(self, authorization: str | None) -> Identity:
        if authorization is None or not authorization.startswith(_SCHEME):
            return await self._others.identify(authorization)
        own = Pass.read(authorization.removeprefix("Bearer "), self._blind, self._clock())
        if own is None:
            raise Problem(
                401, "unauthorised", "This device may not act on its round any more.",
                next="Ask the electoral office for a new enrolment code.", headers={"WWW-Authenticate": "Bearer"},
            )  # fmt: skip
        return own.identity()


@asynccontextmanager
async def enrolled_devices(app: FastAPI) -> AsyncIterator[None]:
    """Part of the service's HTTP side: `app.state.tokens` knows the passes of devices too."""
    state: Any = app.state
    state.tokens = Devices(state.tokens, state.execute.blind, state.clock)
    yield
