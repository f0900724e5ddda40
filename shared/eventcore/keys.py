"""The secrets of one service: master keys that wrap the data keys of people, the blind-index key and the seal key.

A key directory (`MOOT_KEYS`) holds
    master.key      32 random bytes, version 1; `master.2.key`, `master.3.key` … are its successors
    blind.key       32 random bytes; never rotated, since every look-up hash was made with it
    seal.key        Ed25519 private key, PEM (PKCS 8), unencrypted
and, where the service keeps a second store apart from its own (ADR 0015), the same again for the ring of that store:
    anonymous-master.key, anonymous-blind.key, anonymous-seal.key

The newest master wraps; every older one still unwraps until `SubjectKeys.rewrap` has moved all data keys on. Removing
the old file then also shuts the wrapped keys in old backups, and so finishes the erasure of the people erased since.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

KEY_BYTES = 32
NONCE_BYTES = 12
MASTER_FILE = re.compile(r"master(?:\.([1-9][0-9]{0,8}))?\.key")


class KeyFault(Exception):
    """A key is missing, unreadable or wrong. The text is a sentence for the operator and holds no key material."""


class Wrapping(Protocol):
    """What a key management service must offer to stand in for master keys on disk."""

    @property
    def current(self) -> int:
        """The master version that `wrap` uses."""

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        """Encrypt a data key so that it opens only with the same `context`."""

    def unwrap(self, wrapped: bytes, master: int, context: bytes) -> bytes:
        """Decrypt what `wrap` made under master version `master`; raises `KeyFault`."""


class MasterKeys:
    """Master keys held in memory, by version. AES-256-GCM; the associated data binds the version and the context."""

    def __init__(self, by_version: Mapping[int, bytes]) -> None:
        self._ciphers = {version: AESGCM(key) for version, key in by_version.items()}
        self.current = max(by_version)

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._ciphers[self.current].encrypt(nonce, data_key, self._bind(self.current, context))

    def unwrap(self, wrapped: bytes, master: int, context: bytes) -> bytes:
        if master not in self._ciphers:
            raise KeyFault(
                f"A data key is wrapped under master key version {master}, which is not in the key directory."
            )
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return self._ciphers[master].decrypt(nonce, sealed, self._bind(master, context))
        except (InvalidTag, ValueError):
            raise KeyFault(
                f"A data key does not open under master key version {master}:"
                " the key file is another one, or the row was altered."
            ) from None

    @staticmethod
    def _bind(master: int, context: bytes) -> bytes:
        return b"moothall-wrap-v1\0%d\0%b" % (master, context)


class BlindIndex:
    """Keyed hashes by which personal values are found or kept unique without being stored."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, kind: str, normalised: str, authority: str) -> bytes:
        """HMAC-SHA-256 (32 bytes) of a value within its authority. `kind` ("nino", "name-and-birth", a boundary's name)
        keeps equal values of different meaning apart; the caller normalises case, spaces and accents beforehand."""
        mac = hmac.HMAC(self._key, hashes.SHA256())
        for part in (b"moothall-blind-v1", kind.encode(), authority.encode(), normalised.encode()):
            mac.update(len(part).to_bytes(8, "big") + part)
        return mac.finalize()


@dataclass(frozen=True)
class Keyring:
    """All keys of one service. Never printed: its representation names no secret."""

    masters: Wrapping = field(repr=False)
    blind: BlindIndex = field(repr=False)
    seal: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def load(cls, directory: Path, ring: str = "") -> Keyring:
        """Read a key directory, of a further ring by its name. Raises `KeyFault` when a key is missing, of the wrong size,
        or open to other users."""
        if not directory.is_dir():
            raise KeyFault(f"There is no key directory {directory}: set MOOT_KEYS, or run `moot up` to create one.")
        prefix = ring and f"{ring}-"
        masters = {
            int(found[1] or 1): _secret(path)
            for path in sorted(directory.glob(f"{prefix}*.key"))
            if (found := MASTER_FILE.fullmatch(path.name.removeprefix(prefix)))
        }
        if not masters:
            raise KeyFault(f"There is no {prefix}master.key in {directory}: without it no personal data can be read.")
        blind, seal = _secret(directory / f"{prefix}blind.key"), _seal_key(directory / f"{prefix}seal.key")
        return cls(MasterKeys(masters), BlindIndex(blind), seal)

    @classmethod
    def create(cls, directory: Path, *rings: str) -> Keyring:
        """Make a new key directory, with further `rings`, complete or not at all; raises `KeyFault` if it already holds anything, since a
        new master key would make every personal value unreadable."""
        if directory.exists() and any(directory.iterdir()):
            raise KeyFault(f"{directory} already holds files; keys are never overwritten.")
        directory.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
        for ring in ("", *rings):
            _make(fresh, ring)
        fresh.rename(directory)
        return cls.load(directory)

    @classmethod
    def add(cls, directory: Path, ring: str) -> Keyring:
        """Make a further ring in a key directory that has none of it yet; raises `KeyFault` if it has."""
        if any(directory.glob(f"{ring}-*.key")):
            raise KeyFault(f"{directory} already holds keys of the ring {ring}; keys are never overwritten.")
        _make(directory, ring)
        return cls.load(directory, ring)

    @staticmethod
    def rotate_master(directory: Path, ring: str = "") -> int:
        """Add the next master key, of a further ring by its name, and return its version. Restart the roles, then run
        `SubjectKeys.rewrap`."""
        prefix = ring and f"{ring}-"
        versions = [
            int(found[1] or 1)
            for path in directory.glob(f"{prefix}*.key")
            if (found := MASTER_FILE.fullmatch(path.name.removeprefix(prefix)))
        ]
        version = max(versions, default=0) + 1
        name = f"{prefix}master.{version}.key" if version > 1 else f"{prefix}master.key"
        _write(directory / name, secrets.token_bytes(KEY_BYTES))
        return version


def _make(directory: Path, ring: str) -> None:
    seal = Ed25519PrivateKey.generate()
    for name, content in (
        ("master.key", secrets.token_bytes(KEY_BYTES)),
        ("blind.key", secrets.token_bytes(KEY_BYTES)),
        ("seal.key", seal.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())),
    ):
        _write(directory / (f"{ring}-{name}" if ring else name), content)


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeyFault(f"There is no {path.name} in {path.parent}.") from None
    except PermissionError:
        raise KeyFault(f"{path} cannot be read by this user.") from None
    if mode & 0o027:  # reading by the group is allowed: that is how an orchestrator mounts a secret
        raise KeyFault(f"{path} is open to other users (mode {mode & 0o777:03o}): run `chmod 600 {path}`.")
    return content


def _secret(path: Path) -> bytes:
    content = _read(path)
    if len(content) != KEY_BYTES:
        raise KeyFault(f"{path} must hold exactly {KEY_BYTES} bytes and holds {len(content)}.")
    return content


def _seal_key(path: Path) -> Ed25519PrivateKey:
    content = _read(path)
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        raise KeyFault(f"{path} is not an unencrypted PEM private key.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFault(f"{path} must be an Ed25519 key.")
    return key
