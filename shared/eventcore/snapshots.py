"""Disposable folds of long streams. Sealed under the person's key like the events they are made of; dropped by a new shape."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

import asyncpg
import orjson
from pydantic import TypeAdapter

from shared.eventcore.deciding import Decider
from shared.eventcore.sealing import DataKey, SubjectKeys

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Folded(Generic[S]):
    """A stream folded: its version, its state, and the person it is about."""

    version: int
    state: S
    subject: UUID | None = None


class Snapshots:
    """The `snapshot` table. Losing it costs time, nothing else."""

    def __init__(self, pool: asyncpg.Pool[Any], keys: SubjectKeys) -> None:
        self._pool, self._keys = pool, keys

    async def load(self, decider: Decider[Any, S, Any], stream_id: UUID, authority: str) -> Folded[S] | None:
        """The newest fold of this shape; None when there is none, or its person was erased (then the events are folded,
        whose personal fields read as erased)."""
        async with self._pool.acquire() as conn:
            row = await conn.fetchrow(
                "SELECT version, subject, state FROM snapshot WHERE stream_id = $1 AND authority = $2 AND shape = $3",
                stream_id, authority, shape(decider),
            )  # fmt: skip
            if row is None:
                return None
            text = row["state"].encode()
            if row["subject"] is not None:
                key = (await self._keys.load(conn, [row["subject"]])).get(row["subject"])
                if not isinstance(key, DataKey):
                    return None
                text = key.open(row["state"], f"snapshot:{decider.kind}", "state")
        return Folded(row["version"], _adapter(decider).validate_json(text), row["subject"])

    async def keep(self, decider: Decider[Any, S, Any], stream_id: UUID, authority: str, folded: Folded[S]) -> None:
        text = _adapter(decider).dump_json(folded.state)
        async with self._pool.acquire() as conn:
            if folded.subject is not None:
                key = (await self._keys.load(conn, [folded.subject])).get(folded.subject)
                if not isinstance(key, DataKey):
                    return
                text = key.seal(text, f"snapshot:{decider.kind}", "state").encode()
            await conn.execute(
                "INSERT INTO snapshot AS s VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (stream_id)"
                " DO UPDATE SET version = excluded.version, shape = excluded.shape, subject = excluded.subject, state = excluded.state"
                " WHERE s.version < excluded.version OR s.shape <> excluded.shape",
                stream_id, authority, folded.version, shape(decider), folded.subject, text.decode(),
            )  # fmt: skip


@cache
def _adapter(decider: Decider[Any, Any, Any]) -> TypeAdapter[Any]:
    if decider.state is None:
        raise TypeError(f"the decider of {decider.kind} keeps snapshots and must name its `state` type")
    return TypeAdapter(decider.state)


@cache
def shape(decider: Decider[Any, Any, Any]) -> str:
    """Changes with the fields of the state and with `state_version`, so that a deploy never reads an old shape."""
    schema = orjson.dumps([decider.state_version, _adapter(decider).json_schema()], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(schema).hexdigest()[:16]
