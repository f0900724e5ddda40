"""The hash of an event and the Merkle tree over many, byte for byte, so that anyone can compute them again.

Content hash: SHA-256 over these ten texts in this order, each as its UTF-8 length in 8 bytes (big-endian), then itself:
    "moothall-event-v1", wire type, stream id (lower case, hyphens), version (decimal), shard (decimal), authority,
    occurred at, recorded at (both UTC as `2026-05-07T21:00:00.000000+00:00`), stored payload, stored metadata
Payload and metadata are the stored characters, personal values sealed. The position is not in the content hash, because
the database draws it last; the leaf binds the two:
    leaf = SHA-256(0x00, position in 8 bytes (big-endian), content hash)
    node = SHA-256(0x01, left, right)          the tree of RFC 6962, section 2.1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256, Hash

HASH_BYTES = 32


def sha256(data: bytes) -> bytes:
    digest = Hash(SHA256())
    digest.update(data)
    return digest.finalize()


def instant(at: datetime) -> str:
    """An aware instant as it is hashed and exported: UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def content_hash(
    wire: str,
    stream_id: UUID | str,
    version: int,
    shard: int,
    authority: str,
    occurred_at: datetime,
    recorded_at: datetime,
    payload: str,
    metadata: str,
) -> bytes:
    """The 32 bytes that stand for one stored event, wherever it is kept."""
    return hash_of_texts(
        wire, str(stream_id), version, shard, authority, instant(occurred_at), instant(recorded_at), payload, metadata
    )


def hash_of_texts(*values: str | int) -> bytes:
    """The content hash from the nine values as an export spells them."""
    texts = [b"moothall-event-v1", *(str(value).encode() for value in values)]
    return sha256(b"".join(len(text).to_bytes(8, "big") + text for text in texts))


def leaf(position: int, content: bytes) -> bytes:
    return sha256(b"\x00" + position.to_bytes(8, "big", signed=True) + content)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree head; of no leaves, the hash of nothing."""
    if not leaves:
        return sha256(b"")
    *_, (top,) = _levels(leaves)
    return top


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The neighbours, from the bottom up, that lead from one leaf to the root. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    levels = list(_levels(leaves))[:-1]
    return [level[beside] for depth, level in enumerate(levels) if (beside := (index >> depth) ^ 1) < len(level)]


def verify_inclusion(leaf_hash: bytes, index: int, count: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether a leaf stands at `index` among the `count` leaves under that root."""
    if not 0 <= index < count:
        return False
    current, rest = leaf_hash, iter(proof)
    while count > 1:
        if index ^ 1 < count:  # the last node of an odd level has no neighbour and moves up as it is
            beside = next(rest, None)
            if beside is None:
                return False
            current = node(beside, current) if index & 1 else node(current, beside)
        index, count = index >> 1, (count + 1) >> 1
    return next(rest, None) is None and current == expected_root


def _levels(leaves: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """All levels of the tree from the leaves to the root."""
    level = leaves
    while True:
        yield level
        if len(level) == 1:
            return
        pairs = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs if len(level) % 2 == 0 else [*pairs, level[-1]]
