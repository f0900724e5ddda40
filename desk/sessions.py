"""Who is signed in: sessions in PostgreSQL, of which a browser holds nothing but a number that nobody can guess.

The number has 256 random bits; only its SHA-256 is stored. What a session says (tokens, name, roles) is sealed with AES-256-GCM under the
desk's key and bound to its row, so that neither a copy of the database nor a row put in another's place signs anybody in. A lost or
exchanged key signs everybody out and does no other harm.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventcore.clock import Clock, system_clock
from shared.service.settings import WrongSetting

NONCE = 12
KEY_FILE = "session.key"
SEEN_EVERY = timedelta(minutes=1)
"""How exactly idleness is known: a session is not written at each request."""

TABLE = """
CREATE TABLE IF NOT EXISTS session (
    id_hash bytea PRIMARY KEY,
    sign_in bytea NOT NULL,
    officer bytea NOT NULL,
    sealed bytea NOT NULL,
    positions jsonb NOT NULL DEFAULT '{}',
    began_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS session_by_sign_in ON session (sign_in);
CREATE INDEX IF NOT EXISTS session_by_officer ON session (officer);
"""
"""`sign_in` and `officer` are hashes of the provider's `sid` and `sub`, by which it signs somebody out."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the provider gave. `expires_at`: seconds since 1970 at which `access` ends."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    identity: str = field(repr=False)
    expires_at: float


@dataclass(frozen=True, slots=True)
class Session:
    """An officer at the desk. `authority` is the council that they are working for now."""

    number: str = field(repr=False)
    name: str
    roles: frozenset[str]
    authorities: tuple[str, ...]
    authority: str
    tokens: Tokens
    csrf: str = field(repr=False)
    positions: dict[str, str] = field(default_factory=dict)
    """`registration/12` -> the last position that a command of this session wrote in that shard."""

    def written(self, context: str) -> str:
        """`X-Position` for a GET to this service: what this officer has written there."""
        mine = (key.partition("/") for key in self.positions)
        return ",".join(f"{shard}:{self.positions[f'{c}/{shard}']}" for c, _, shard in mine if c == context)


def session_key(directory: Path) -> bytes:
    """The key in `directory`. Raises `WrongSetting`."""
    try:
        key = (directory / KEY_FILE).read_bytes()
    except OSError:
        raise WrongSetting(f"MOOT_KEYS names a directory without a readable {KEY_FILE}.") from None
    if len(key) != 32:
        raise WrongSetting(f"{KEY_FILE} must hold 32 random bytes.")
    return key


def make_session_key(directory: Path) -> None:
    """Draw the key of a new desk, if there is none yet."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = directory / KEY_FILE
    if not file.exists():
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(secrets.token_bytes(32))


class Sealing:
    """Seals JSON under the desk's key, bound to what it is for."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, value: Any, bound_to: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, orjson.dumps(value), bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> Any | None:
        """What was sealed, or nothing where it was sealed by another key or for something else."""
        try:
            return orjson.loads(self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound_to))
        except (InvalidTag, ValueError):
            return None


class Sessions:
    """The sessions of all replicas of the desk. `idle` and `longest`: when one ends by itself."""

    def __init__(
        self, pool: asyncpg.Pool, sealing: Sealing, *, idle: timedelta, longest: timedelta, now: Clock = system_clock
    ) -> None:
        self._pool, self._sealing, self._idle, self._longest, self._now = pool, sealing, idle, longest, now

    async def prepare(self) -> None:
        """Make the table where it is missing. Sessions may be lost."""
        await self._pool.execute(TABLE)

    async def begin(self, session: Session, *, sign_in: str, officer: str) -> Session:
        """Store a session under a new number, whatever number its browser came with, and forget those that have ended."""
        begun = replace(session, number=secrets.token_urlsafe(32), csrf=secrets.token_urlsafe(32))
        now = self._now()
        await self._pool.execute(
            "DELETE FROM session WHERE seen_at < $1 OR began_at < $2", now - self._idle, now - self._longest
        )
        await self._pool.execute(
            "INSERT INTO session (id_hash, sign_in, officer, sealed, began_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)",
            _hash(begun.number), _hash(sign_in), _hash(officer), self._sealed(begun), now,
        )  # fmt: skip
        return begun

    async def find(self, number: str) -> Session | None:
        """The session with this number, unless it has ended: by sign-out, by idleness, by age."""
        now = self._now()
        row = await self._pool.fetchrow("SELECT * FROM session WHERE id_hash = $1", _hash(number))
        if row is None or row["seen_at"] < now - self._idle or row["began_at"] < now - self._longest:
            return None
        if row["seen_at"] < now - SEEN_EVERY:
            await self._pool.execute("UPDATE session SET seen_at = $2 WHERE id_hash = $1", row["id_hash"], now)
        return self._opened(number, row)

    async def change_alone(self, number: str, how: Callable[[Session], Awaitable[Session]]) -> Session | None:
        """Change a session while no other request does, in whichever replica: a refresh token is good once."""
        async with self._pool.acquire() as conn, conn.transaction():
            row = await conn.fetchrow("SELECT * FROM session WHERE id_hash = $1 FOR UPDATE", _hash(number))
            session = self._opened(number, row) if row else None
            if row is None or session is None:
                return None
            changed = await how(session)
            if changed is not session:
                await conn.execute(
                    "UPDATE session SET sealed = $2 WHERE id_hash = $1", row["id_hash"], self._sealed(changed)
                )
            return changed

    async def change(self, session: Session) -> None:
        """Keep what changed, such as the council worked for."""
        await self._pool.execute(
            "UPDATE session SET sealed = $2 WHERE id_hash = $1", _hash(session.number), self._sealed(session)
        )

    async def note(self, number: str, context: str, tokens: str) -> dict[str, str]:
        """Remember that this officer has written up to `tokens` (`shard:position`, several with commas) at a service; what is new in
        `Session.positions`."""
        parts = (token.strip().partition(":") for token in tokens.split(","))
        written = {f"{context}/{shard}": position for shard, _, position in parts}
        await self._pool.execute(
            "UPDATE session SET positions = positions || $2::jsonb WHERE id_hash = $1",
            _hash(number),
            orjson.dumps(written).decode(),
        )
        return written

    async def end(self, number: str) -> None:
        await self._pool.execute("DELETE FROM session WHERE id_hash = $1", _hash(number))

    async def end_elsewhere(self, *, sign_in: str | None, officer: str | None) -> None:
        """The provider signed somebody out: of one sign-in, or of all of theirs."""
        if sign_in:
            await self._pool.execute("DELETE FROM session WHERE sign_in = $1", _hash(sign_in))
        elif officer:
            await self._pool.execute("DELETE FROM session WHERE officer = $1", _hash(officer))

    def _sealed(self, session: Session) -> bytes:
        said = {**asdict(session), "roles": sorted(session.roles), "positions": {}, "number": ""}
        return self._sealing.seal(said, _hash(session.number))

    def _opened(self, number: str, row: asyncpg.Record) -> Session | None:
        said = self._sealing.open(row["sealed"], row["id_hash"])
        if said is None:
            return None
        return Session(
            **{
                **said, "number": number, "roles": frozenset(said["roles"]), "authorities": tuple(said["authorities"]),
                "tokens": Tokens(**said["tokens"]), "positions": orjson.loads(row["positions"]),
            }
        )  # fmt: skip


def _hash(number: str) -> bytes:
    return sha256(number.encode()).digest()
