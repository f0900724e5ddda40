"""Scans of what people wrote: recognised by their first bytes, named by their content, sealed at rest.

Each file has a key of its own, and that key is sealed under the enquirer's: what is erased with the person is a few bytes, and
the file, in every backup, with it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventcore.keys import KEY_BYTES, NONCE_BYTES
from shared.eventcore.sealing import DataKey, SubjectKeys, Tampered
from shared.events.definition import Erased
from shared.events.values_notifications import ScanType
from shared.service.database import read_as

if TYPE_CHECKING:
    import asyncpg

LARGEST: Final = 16 * 2**20
"""Bytes: some hundred pages in black and white."""
BEGINNINGS: Final[dict[bytes, ScanType]] = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}
"""What a file is by its first bytes; what its sender calls it proves nothing."""
WIRE, FIELD = "notifications.scan", "key"
"""Where the key of a file is sealed for."""


class ScanErased(Exception):
    """The enquirer was erased, and what they wrote with them."""


@dataclass(frozen=True, slots=True)
class Scan:
    media_type: ScanType
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def recognised(content: bytes) -> ScanType | None:
    """What the file is; None for anything but PDF, PNG, JPEG and TIFF."""
    return next((kind for beginning, kind in BEGINNINGS.items() if content.startswith(beginning)), None)


class Scans:
    """The scans of one service, in its database."""

    def __init__(self, pool: asyncpg.Pool[Any], keys: SubjectKeys) -> None:
        self._pool, self._keys = pool, keys

    async def keep(self, enquiry: UUID, enquirer: UUID, scan: Scan, authority: str, now: datetime) -> None:
        """Keep a scan; the same one a second time changes nothing. Raises `ScanErased`."""
        secret, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + AESGCM(secret).encrypt(nonce, scan.content, _bind(enquiry, scan.sha256))
        async with self._pool.acquire() as conn, conn.transaction():
            await read_as(authority, conn)
            key = (await self._keys.load_or_create(conn, [enquirer], authority, now))[enquirer]
            if isinstance(key, Erased):
                raise ScanErased
            await conn.execute(
                "INSERT INTO scan (authority, enquiry_id, sha256, media_type, sealed_key, sealed, stored_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                authority, enquiry, scan.sha256, scan.media_type, key.seal(orjson.dumps(secret.hex()), WIRE, FIELD),
                sealed, now,
            )  # fmt: skip

    async def find(self, enquiry: UUID, enquirer: UUID, name: str, authority: str) -> Scan | None:
        """The scan with this SHA-256. Raises `ScanErased`, and `Tampered` when it is not what was kept."""
        async with self._pool.acquire() as conn, conn.transaction(readonly=True):
            await read_as(authority, conn)
            row = await conn.fetchrow(
                "SELECT media_type, sealed_key, sealed FROM scan WHERE enquiry_id = $1 AND sha256 = $2", enquiry, name
            )
            key = (await self._keys.load(conn, [enquirer])).get(enquirer)
        if row is None or key is None:
            return None
        if isinstance(key, Erased):
            raise ScanErased
        return Scan(row["media_type"], _opened(row, key, enquiry, name))


def _opened(row: asyncpg.Record, key: DataKey, enquiry: UUID, name: str) -> bytes:
    secret = bytes.fromhex(orjson.loads(key.open(row["sealed_key"], WIRE, FIELD)))
    sealed: bytes = row["sealed"]
    try:
        return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bind(enquiry, name))
    except InvalidTag:
        raise Tampered(WIRE, "sealed", str(enquiry)) from None


def _bind(enquiry: UUID, name: str) -> bytes:
    """A scan moved to another enquiry, or another name, does not open."""
    return f"moothall-scan-v1\0{enquiry.hex}\0{name}".encode()
