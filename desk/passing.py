"""Files of a service, passed on to the officer's browser as they come: nothing of them is kept here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from fastapi.responses import StreamingResponse

from desk.asking import Asking


async def file_of(
    ask: Asking, context: str, path: str, name: str, *, show: bool = False, purpose: str = "", **query: Any
) -> StreamingResponse:
    """The file at a path of a service as a download called `name`; `show`: in the browser itself; `purpose`: why it is read,
    for the service's log of reads. Raises as `ask.get`.

    What it is, the service says; that it is nothing else, the browser must believe (`nosniff`, which every page has).
    """
    opened = AsyncExitStack()
    answer = await opened.enter_async_context(ask.download(context, path, purpose=purpose, **query))

    async def parts() -> AsyncIterator[bytes]:
        async with opened:
            async for part in answer.aiter_bytes():
                yield part

    return StreamingResponse(
        parts(),
        media_type=answer.headers.get("content-type", "application/octet-stream"),
        headers={
            "Content-Disposition": f'{"inline" if show else "attachment"}; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
