"""Answers that take seconds to work out and change little: worked out once at a time, and given again to whom an older one will do.

A route that remembers has the parameter `within` (`Within`): how many seconds old an answer may be; 0, by default, asks anew. `X-As-Of`
says when it held. An officer's own write (`X-Position`) is never hidden by an older answer.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from fastapi import FastAPI, Query, Request, Response

T = TypeVar("T")
MOST = 64
"""Answers kept in one process."""
LONGEST = 900
Within = Annotated[
    int, Query(ge=0, le=LONGEST, description="seconds: an answer may be as old as that (`X-As-Of`); 0 asks anew")
]


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    as_of: datetime
    worked_out: float


class Remembered:
    """The answers of one route, by authority and parameters."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[FastAPI, OrderedDict[tuple[str, ...], _Kept]] = WeakKeyDictionary()
        self._under_way: dict[tuple[str, ...], asyncio.Lock] = {}

    async def __call__(
        self, request: Request, response: Response, authority: str, within: int, make: Callable[[], Awaitable[T]]
    ) -> T:
        """What `make` answers, or answered within that time. Whoever asks for the same meanwhile waits for it."""
        query = sorted(item for item in request.query_params.multi_items() if item[0] != "within")
        key = (authority, request.headers.get("X-Position", ""), *(f"{name}={value}" for name, value in query))
        kept = self._kept.setdefault(request.app, OrderedDict())
        clock = request.app.state.monotonic
        lock = self._under_way.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                found = kept.get(key)
                if found is None or clock() - found.worked_out >= within:
                    as_of = request.app.state.clock()
                    found = _Kept(await make(), as_of, clock())
                    if response.headers.get("X-Stale") != "true":
                        kept[key] = found
                        kept.move_to_end(key)
                        if len(kept) > MOST:
                            kept.popitem(last=False)
        finally:
            if not lock.locked():
                self._under_way.pop(key, None)
        response.headers["X-As-Of"] = found.as_of.isoformat()
        return cast(T, found.value)
