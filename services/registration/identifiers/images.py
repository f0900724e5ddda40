"""Where pictures of signatures lie: sealed under their person's key, in a table of this service and in no event (ADR 0011)."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from uuid import UUID, uuid5

import orjson

from shared.eventcore.execute import Executor
from shared.eventcore.sealing import ALREADY_ERASED, DataKey
from shared.events.definition import Erased
from shared.events.values import PersonId
from shared.law.rules import Refused
from shared.service.database import read_as

SEALED_AS = "registration.signature-image"


class SignatureImages:
    """Keeps and opens pictures with the keys and connections of the commands."""

    def __init__(self, execute: Executor) -> None:
        self._keys, self._store = execute.keys, execute.store

    async def keep(self, person: PersonId, png: bytes, authority: str) -> UUID:
        """Keep a picture, before the event that names it: one that no event names is never shown. The same picture of the
        same person is kept once. Raises `Refused`: `subject-erased`."""
        image = uuid5(person, f"signature:{hashlib.sha256(png).hexdigest()}")
        now = self._store.clock()
        async with self._store.pool.acquire() as conn, conn.transaction():
            await read_as(authority, conn)
            key = (await self._keys.load_or_create(conn, [person], authority, now))[person]
            if isinstance(key, Erased):
                raise Refused(ALREADY_ERASED)
            sealed = key.seal(orjson.dumps(b64encode(png).decode()), SEALED_AS, str(image))
            await conn.execute(
                "INSERT INTO signature_image VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
                image, authority, person, sealed, now,
            )  # fmt: skip
        return image

    async def open(self, person: PersonId, image: UUID, authority: str) -> bytes | None:
        """The picture as PNG; None when it was never kept, or its person was erased."""
        async with self._store.pool.acquire() as conn, conn.transaction():
            await read_as(authority, conn)
            sealed = await conn.fetchval(
                "SELECT sealed FROM signature_image WHERE id = $1 AND person_id = $2 AND authority = $3",
                image, person, authority,
            )  # fmt: skip
            key = (await self._keys.load(conn, [person])).get(person)
        if sealed is None or not isinstance(key, DataKey):
            return None
        return b64decode(orjson.loads(key.open(sealed, SEALED_AS, str(image))))
