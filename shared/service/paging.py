"""Lists in pages, by keyset: a cursor holds the sort key of the last row, so pages stay right while rows come and go.

Sort keys are often names. A cursor travels in URLs, which other systems log, so it is encrypted, and bound to the
list it was made for: a cursor that was changed, or is used on another list, authority or filter, is refused.
"""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

from shared.service.auth import Authority
from shared.service.problems import invalid

T = TypeVar("T")
DEFAULT_LIMIT = 50
HIGHEST_LIMIT = 500
_NONCE = 12


class Page(BaseModel, Generic[T]):
    """One page of a list. `next` is the cursor of the following page, absent on the last."""

    items: list[T]
    next: str | None = Field(None, description="give it as `cursor` to get the following page")


class Cursors:
    """Makes and opens cursors with a key of 32 bytes that all replicas of a service share."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(hashlib.blake2b(key, digest_size=32, person=b"moot-cursor").digest())

    def seal(self, after: Sequence[Any], of: str) -> str:
        """A cursor that continues after the row with sort key `after` (JSON values) in the list `of`."""
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, orjson.dumps(list(after)), of.encode())
        return urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def open(self, cursor: str, of: str) -> list[Any]:
        """The sort key in a cursor. Raises `Problem` 422 for one we did not make for this list."""
        try:
            raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            values: list[Any] = orjson.loads(self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], of.encode()))
        except (InvalidTag, ValueError):
            raise invalid("cursor", "not-a-cursor", "This cursor does not belong to this list.") from None
        return values


@dataclass(frozen=True)
class Paging:
    """What a list route needs: at most `limit` rows after the sort key `after` (`None`: from the start)."""

    limit: int
    after: list[Any] | None
    _cursors: Cursors
    _list: str

    def page(self, rows: Sequence[T], key: Callable[[T], Sequence[Any]]) -> Page[T]:
        """A page of `rows`, which the query fetched with `limit + 1` so that we know whether more follow."""
        items = list(rows[: self.limit])
        more = len(rows) > self.limit
        return Page(items=items, next=self._cursors.seal(key(items[-1]), self._list) if more else None)


async def paging(
    request: Request,
    authority: Authority,
    limit: Annotated[int, Query(ge=1, le=HIGHEST_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Paging:
    filters = sorted((k, v) for k, v in request.query_params.multi_items() if k not in {"cursor", "limit"})
    of = orjson.dumps([request.url.path, authority, filters]).decode()
    cursors: Cursors = request.app.state.cursors
    return Paging(limit, cursors.open(cursor, of) if cursor else None, cursors, of)


Paged = Annotated[Paging, Depends(paging)]
"""Parameter of a list route."""
