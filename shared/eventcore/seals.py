"""A seal says, under our signature: these events, in this order, and no others, stood at these positions.

Each seal covers a closed range of positions `(after, to]` of one store and names the hash of the seal before it, so
that whoever has seen one seal has witnessed everything before it. This module needs `cryptography` and the standard
library only.

Signed bytes: "moothall-seal-v1", a zero byte, the canonical JSON of the seal without its signature (Ed25519).
Hash of a seal: SHA-256 of its canonical JSON with the signature. Canonical: ASCII, keys sorted, no spaces.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.eventcore.hashing import HASH_BYTES, instant, leaf, root, sha256

NOTHING_BEFORE = "00" * HASH_BYTES
"""What the first seal names as its predecessor."""
LEAF_RECORD = 8 + HASH_BYTES

Leaf = tuple[int, bytes]
"""Position and content hash of one event."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of a store's chain. Hashes, key and signature are lower-case hex; `key` is the public key itself."""

    store: str
    number: int
    """1, 2, 3 …"""
    after: int
    to: int
    count: int
    root: str
    previous: str
    sealed_at: str
    key: str
    signature: str = ""

    @property
    def hash(self) -> str:
        return sha256(self.to_json().encode()).hex()

    @property
    def head(self) -> str:
        """What a witness writes down: `<number>:<hash>`."""
        return f"{self.number}:{self.hash}"

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Seal:
        """Raises ValueError for anything but a seal as `to_json` writes it."""
        values = json.loads(text)
        kinds = {field.name: int if field.type == "int" else str for field in fields(cls)}
        if not isinstance(values, dict) or {name: type(value) for name, value in values.items()} != kinds:
            raise ValueError("not a seal: its fields are " + ", ".join(kinds))
        return cls(**values)

    @property
    def signed_bytes(self) -> bytes:
        unsigned = {name: value for name, value in asdict(self).items() if name != "signature"}
        return b"moothall-seal-v1\0" + json.dumps(unsigned, sort_keys=True, separators=(",", ":")).encode()

    def is_signed(self) -> bool:
        """Whether the signature is that of `key`. Whose key it is, the reader must know."""
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key)).verify(
                bytes.fromhex(self.signature), self.signed_bytes
            )
        except (InvalidSignature, ValueError):
            return False
        return True


def chain(store: str, ring: str = "") -> str:
    """The name under which a store is sealed; one that a service keeps apart has a chain, and a key, of its own."""
    return f"{store}.{ring}" if ring else store


def public_key(key: Ed25519PrivateKey) -> str:
    """The public key as seals name it, to be handed to whoever shall verify them."""
    return key.public_key().public_bytes_raw().hex()


def merkle_root(leaves: Iterable[Leaf]) -> str:
    return root([leaf(position, content) for position, content in leaves]).hex()


def seal_range(
    leaves: Sequence[Leaf], store: str, previous: Seal | None, to: int, now: datetime, key: Ed25519PrivateKey
) -> Seal:
    """Seal the events after `previous` up to and including position `to`, in ascending order. Raises ValueError."""
    after = previous.to if previous else 0
    positions = [position for position, _ in leaves]
    if not positions or positions != sorted(set(positions)) or not after < positions[0] <= positions[-1] <= to:
        raise ValueError(f"a seal needs events in ascending order within ({after}, {to}]")
    seal = Seal(
        store=store,
        number=previous.number + 1 if previous else 1,
        after=after,
        to=to,
        count=len(leaves),
        root=merkle_root(leaves),
        previous=previous.hash if previous else NOTHING_BEFORE,
        sealed_at=instant(now),
        key=public_key(key),
    )
    return replace(seal, signature=key.sign(seal.signed_bytes).hex())


def link_fault(seal: Seal, previous: Seal | None, trusted: Collection[str]) -> str | None:
    """What is wrong with a seal as the successor of `previous`: the name of the problem, or None."""
    if seal.key not in trusted:
        return "unknown-key"
    if not seal.is_signed():
        return "changed-seal"
    expected = (previous.number + 1, previous.to, previous.hash) if previous else (1, 0, NOTHING_BEFORE)
    if (seal.number, seal.after, seal.previous) != expected or (previous and seal.store != previous.store):
        return "broken-seal-chain"
    return None


def verify_chain(seals: Iterable[Seal], trusted: Collection[str]) -> tuple[Seal, str] | None:
    """The first wrong seal and its problem: `unknown-key`, `changed-seal` or `broken-seal-chain`. None if all hold.

    `trusted` are the public keys that the reader knows to be the store's.
    """
    previous = None
    for seal in seals:
        if fault := link_fault(seal, previous, trusted):
            return seal, fault
        previous = seal
    return None


def pack_leaves(leaves: Iterable[Leaf]) -> bytes:
    """Leaves as they are kept beside a seal: 8 bytes position (big-endian), 32 bytes content hash, and so on."""
    return b"".join(position.to_bytes(8, "big", signed=True) + content for position, content in leaves)


def unpack_leaves(packed: bytes) -> list[Leaf]:
    return [
        (int.from_bytes(packed[at : at + 8], "big", signed=True), packed[at + 8 : at + LEAF_RECORD])
        for at in range(0, len(packed), LEAF_RECORD)
    ]
