"""A round as it leaves for a device: JSON sealed under a passphrase that nobody keeps, and not to be opened after a time.

AES-256-GCM under a key of PBKDF2-HMAC-SHA-256, both of which every browser has (WebCrypto). The associated data binds the
round and the time of expiry, so that neither can be changed. The device seals what it records under the same key.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from pydantic import BaseModel

ITERATIONS = 600_000
"""OWASP's number for PBKDF2-HMAC-SHA-256; some tenths of a second."""
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32


class SealedRound(BaseModel):
    """What the device keeps. Binary values are Base64; `expires_at` is ISO 8601 and part of what is authenticated."""

    version: int = 1
    round_id: str
    expires_at: str
    iterations: int
    salt: str
    nonce: str
    sealed: str


class NotOpened(Exception):
    """The passphrase is another one, or what was sealed was changed."""


def seal(content: Any, round_id: str, expires_at: datetime, passphrase: str) -> SealedRound:
    """`content` (JSON values) sealed for a device. Takes long by intention: run it in a thread."""
    salt, nonce, expiry = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES), expires_at.isoformat()
    cipher = AESGCM(_key(passphrase, salt, ITERATIONS))
    sealed = cipher.encrypt(nonce, orjson.dumps(content), bound(round_id, expiry))
    return SealedRound(
        round_id=round_id, expires_at=expiry, iterations=ITERATIONS, salt=b64encode(salt).decode(),
        nonce=b64encode(nonce).decode(), sealed=b64encode(sealed).decode(),
    )  # fmt: skip


def opened(round_: SealedRound, passphrase: str) -> Any:
    """The content, as the device reads it. Raises `NotOpened`."""
    cipher = AESGCM(_key(passphrase, b64decode(round_.salt), round_.iterations))
    try:
        clear = cipher.decrypt(
            b64decode(round_.nonce), b64decode(round_.sealed), bound(round_.round_id, round_.expires_at)
        )
    except InvalidTag:
        raise NotOpened from None
    return orjson.loads(clear)


def bound(round_id: str, expires_at: str) -> bytes:
    """What is authenticated beside the content."""
    return f"moothall-round-v1|{round_id}|{expires_at}".encode()


def _key(passphrase: str, salt: bytes, iterations: int) -> bytes:
    return PBKDF2HMAC(SHA256(), KEY_BYTES, salt, iterations).derive(passphrase.encode())
