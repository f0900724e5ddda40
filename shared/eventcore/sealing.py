"""Personal values are sealed under a data key per person; destroying that key erases the person everywhere at once.

`DataKey` seals and opens; `SubjectKeys` keeps the wrapped keys in `subject_key`. A sealed value reads
`v1.<base64url of nonce (12 bytes), ciphertext, tag (16 bytes)>` (AES-256-GCM). Its associated data binds the subject,
the wire type and the field, so a sealed value moved anywhere else does not open. Why an officer acts is told in words of
their own, which may name anybody: sealed too, for everybody but the service itself (`seal_reason`).
"""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventcore.keys import KEY_BYTES, NONCE_BYTES, BlindIndex, Keyring
from shared.events.definition import Erased
from shared.law.rules import Refused, Rule

if TYPE_CHECKING:
    from asyncpg import Record

    from shared.eventcore.checkpoints import Conn

__all__ = ["BlindIndex", "DataKey", "KeyState", "SubjectKeys", "Tampered"]

NOBODY = UUID(int=0)
CACHE_SECONDS = 2.0
"""For how long after an erasure a process may still hold the key."""
CACHE_SIZE = 4096
PAD = 32
"""Clear values are padded with spaces (JSON ignores them) to a multiple of this, so that length tells little."""

LEGAL_HOLD = Rule(
    "legal-hold",
    "This person's data is under a legal hold and must be kept.",
    "UK GDPR article 17(3)(b) and (e)",
    "Lift the hold first, when its reason has ended.",
)
ALREADY_HELD = Rule(
    "already-held",
    "This person's data is already under a legal hold.",
    "UK GDPR article 17(3)(b) and (e)",
    "Lift that hold first, or leave it in place.",
)
REASON = ("metadata", "reason")
"""What a sealed reason is bound to, in the place of wire type and field."""
UNKNOWN_SUBJECT = Rule("unknown-subject", "No personal data is held for this person here.", "UK GDPR article 17(1)")
ALREADY_ERASED = Rule("subject-erased", "This person's data was erased.", "UK GDPR article 17(1)")


class Tampered(Exception):
    """A sealed value was altered, or stands where it was not sealed for. Names the place, never the value."""

    def __init__(self, wire: str, field: str, place: str = "") -> None:
        super().__init__(f"{wire} {field}{place and f' of {place}'}: the sealed value is not authentic")
        self.wire, self.field, self.place = wire, field, place


class DataKey:
    """The key of one person. Seals and opens JSON values; never shows itself."""

    __slots__ = ("_cipher", "subject_id")

    def __init__(self, subject_id: UUID, secret: bytes) -> None:
        self.subject_id = subject_id
        self._cipher = AESGCM(secret)

    def seal(self, clear: bytes, wire: str, field: str, *, nonce: bytes | None = None) -> str:
        """Seal a JSON value. `nonce` is random unless a golden sample must come out the same every time."""
        nonce = nonce or secrets.token_bytes(NONCE_BYTES)
        padded = clear.ljust(-(-len(clear) // PAD) * PAD)
        sealed = self._cipher.encrypt(nonce, padded, self._bind(wire, field))
        return "v1." + urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, token: str, wire: str, field: str) -> bytes:
        """The JSON value that was sealed for this subject, wire type and field; raises `Tampered`."""
        try:
            version, text = token.split(".")
            sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            if version != "v1":
                raise ValueError(version)
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bind(wire, field))
        except (InvalidTag, ValueError, Base64Error):
            raise Tampered(wire, field) from None

    def _bind(self, wire: str, field: str) -> bytes:
        return f"moothall-seal-v1\0{wire}\0{field}\0{self.subject_id.hex}".encode()


KeyState = DataKey | Erased | None
"""What a reader has: the key, the knowledge that it was destroyed, or no access to keys (another service)."""


@dataclass(frozen=True, slots=True)
class _Cached:
    authority: str
    key: DataKey | Erased
    until: float


class SubjectKeys:
    """The data keys of a service's people: made on first use, cached for `CACHE_SECONDS`, destroyed on erasure.

    Once an erasure is committed, every load from the table says so; a process may still hold the key in its cache for
    at most `CACHE_SECONDS`. What it seals in that time is unreadable from the start, never the reverse.
    """

    def __init__(self, keyring: Keyring, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._masters = keyring.masters
        self._blind = keyring.blind
        self._reasons: dict[str, DataKey] = {}
        self._monotonic = monotonic
        self._cache: OrderedDict[UUID, _Cached] = OrderedDict()

    def seal_reason(self, reason: str, authority: str) -> str:
        """Why an officer acts, as it goes into metadata and on to Kafka. It lasts as long as the event: erasing people cannot
        find whom it may name."""
        return self._of_reasons(authority).seal(reason.encode(), *REASON) if reason else ""

    def open_reason(self, told: str, authority: str) -> str:
        """What `seal_reason` was given. Another service's, and what was told before reasons were sealed, stay as they are."""
        try:
            return self._of_reasons(authority).open(told, *REASON).decode().rstrip()
        except Tampered:
            return told

    def _of_reasons(self, authority: str) -> DataKey:
        """Made of the one key that is never rotated, so that old reasons open when old masters are gone."""
        if authority not in self._reasons:
            self._reasons[authority] = DataKey(NOBODY, self._blind.of("reason", "", authority))
        return self._reasons[authority]

    async def load(self, conn: Conn, subject_ids: Iterable[UUID]) -> dict[UUID, DataKey | Erased]:
        """The keys that exist; a subject without a key is absent from the answer."""
        return {subject: cached.key for subject, cached in (await self._load(conn, subject_ids)).items()}

    async def load_or_create(
        self, conn: Conn, subject_ids: Iterable[UUID], authority: str, now: datetime
    ) -> dict[UUID, DataKey | Erased]:
        """The key of every subject, made where there was none. An erased subject stays `Erased`.

        Best called before the append's transaction: a key outlives a failed append harmlessly. Raises `Refused`
        (`unknown-subject`) for a subject of another authority.
        """
        wanted = set(subject_ids)
        known = await self._load(conn, wanted)
        if missing := sorted(wanted - known.keys()):
            await conn.execute(
                "SELECT create_subject_keys($1, $2, $3, $4, $5)",
                missing,
                [self._masters.wrap(secrets.token_bytes(KEY_BYTES), subject.bytes) for subject in missing],
                authority,
                self._masters.current,
                now,
            )
            known |= await self._load(conn, missing)  # a competitor's key may have won: the table decides
        if any(subject not in known or known[subject].authority != authority for subject in wanted):
            raise Refused(UNKNOWN_SUBJECT)
        return {subject: known[subject].key for subject in wanted}

    async def erase(self, conn: Conn, subject_id: UUID, authority: str, now: datetime) -> bool:
        """Destroy a person's key; False when it was gone already. Raises `Refused`: `legal-hold`, `unknown-subject`."""
        async with conn.transaction():
            row = await self._lock(conn, subject_id, authority)
            if row["held_at"]:
                raise Refused(LEGAL_HOLD, f"held since {row['held_at']:%Y-%m-%d}")
            await conn.execute(
                "UPDATE subject_key SET wrapped = NULL, erased_at = $2 WHERE subject_id = $1 AND erased_at IS NULL",
                subject_id,
                now,
            )
        self._cache.pop(subject_id, None)
        return row["erased_at"] is None

    async def place_hold(
        self, conn: Conn, subject_id: UUID, authority: str, *, reason: str, by: str, now: datetime
    ) -> None:
        """Keep a person's data. Raises `Refused`: `already-held`, `subject-erased`, `unknown-subject`."""
        async with conn.transaction():
            row = await self._lock(conn, subject_id, authority)
            if row["erased_at"]:
                raise Refused(ALREADY_ERASED)
            if row["held_at"]:
                raise Refused(ALREADY_HELD, f"held since {row['held_at']:%Y-%m-%d}")
            await conn.execute(
                "UPDATE subject_key SET held_reason = $2, held_by = $3, held_at = $4 WHERE subject_id = $1",
                subject_id,
                reason,
                by,
                now,
            )

    async def lift_hold(self, conn: Conn, subject_id: UUID, authority: str) -> bool:
        """Let a person be erased again; False when there was no hold. Raises `Refused`: `unknown-subject`."""
        async with conn.transaction():
            row = await self._lock(conn, subject_id, authority)
            if row["held_at"]:
                await conn.execute(
                    "UPDATE subject_key SET held_reason = NULL, held_by = NULL, held_at = NULL WHERE subject_id = $1",
                    subject_id,
                )
        return row["held_at"] is not None

    async def rewrap(self, conn: Conn, batch: int = 1000) -> int:
        """Wrap every data key under the newest master key; returns how many moved. Safe to stop and run again."""
        moved = 0
        while True:
            async with conn.transaction():
                rows = await conn.fetch(
                    "SELECT subject_id, wrapped, master FROM subject_key"
                    " WHERE master <> $1 AND wrapped IS NOT NULL LIMIT $2 FOR UPDATE SKIP LOCKED",
                    self._masters.current,
                    batch,
                )
                await conn.execute(
                    """UPDATE subject_key k SET wrapped = f.wrapped, master = $3
                       FROM unnest($1::uuid[], $2::bytea[]) AS f (subject_id, wrapped)
                       WHERE k.subject_id = f.subject_id""",
                    [row["subject_id"] for row in rows],
                    [self._masters.wrap(self._unwrap(row), row["subject_id"].bytes) for row in rows],
                    self._masters.current,
                )
            moved += len(rows)
            if not rows:
                return moved

    async def _load(self, conn: Conn, subject_ids: Iterable[UUID]) -> dict[UUID, _Cached]:
        now = self._monotonic()
        found: dict[UUID, _Cached] = {}
        missing: list[UUID] = []
        for subject in set(subject_ids):
            cached = self._cache.get(subject)
            if cached is not None and now < cached.until:
                found[subject] = cached
            else:
                missing.append(subject)
        if not missing:
            return found
        for row in await conn.fetch(
            "SELECT * FROM load_subject_keys($1)",
            missing,
        ):
            subject = row["subject_id"]
            key = Erased() if row["wrapped"] is None else DataKey(subject, self._unwrap(row))
            found[subject] = _Cached(row["authority"], key, now + CACHE_SECONDS)
            if row["committed"]:
                self._cache[subject] = found[subject]
                self._cache.move_to_end(subject)
        while len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        return found

    def _unwrap(self, row: Record) -> bytes:
        return self._masters.unwrap(row["wrapped"], row["master"], row["subject_id"].bytes)

    @staticmethod
    async def _lock(conn: Conn, subject_id: UUID, authority: str) -> Record:
        row = await conn.fetchrow(
            "SELECT held_at, erased_at FROM subject_key WHERE subject_id = $1 AND authority = $2 FOR UPDATE",
            subject_id,
            authority,
        )
        if row is None:
            raise Refused(UNKNOWN_SUBJECT)
        return row
