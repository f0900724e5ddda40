"""Requests over keep-alive connections, as cheap as asyncio can make them: the load generator shares the machine."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import cast
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class Connection(asyncio.Protocol):
    """One connection, one request at a time. Understands answers with a Content-Length."""

    def __init__(self) -> None:
        self._received = b""
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._waiting is None:
            return
        length = int(_LENGTH.search(self._received, 0, end + 2)[1])  # type: ignore[index]
        if len(self._received) >= end + 4 + length:
            status, answer = int(self._received[9:12]), self._received[: end + 4 + length]
            self._received = self._received[end + 4 + length :]
            waiting, self._waiting = self._waiting, None
            waiting.set_result((status, answer))

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionResetError())

    def send(self, request: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """The answer to come: its status, and head and body as received."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


@asynccontextmanager
async def connections(addresses: Sequence[str], count: int) -> AsyncIterator[list[Connection]]:
    """`count` connections, dealt to the addresses in turn."""
    loop, opened = asyncio.get_running_loop(), []
    for n in range(count):
        parts = urlsplit(addresses[n % len(addresses)])
        _, one = await loop.create_connection(Connection, parts.hostname or "", parts.port or 80)
        opened.append(one)
    try:
        yield opened
    finally:
        for one in opened:
            one.close()


class RefusedUnderLoad(Exception):
    """An answer that was no success: the figure would mean nothing."""


async def closed_loop(on: Sequence[Connection], requests: Iterator[bytes]) -> float:
    """Each connection sends its next request when the last is answered. Answers requests per second."""
    done = 0

    async def line(connection: Connection) -> None:
        nonlocal done
        for request in requests:
            status, answer = await connection.send(request)
            if status >= 300:
                raise RefusedUnderLoad(answer.decode(errors="replace")[-400:])
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(line(connection) for connection in on))
    return done / (time.perf_counter() - started)


def post(path: str, body: bytes, token: str, key: str) -> bytes:
    """The bytes of a command."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
