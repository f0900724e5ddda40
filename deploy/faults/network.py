"""The network between services and broker: a TCP relay that can fall silent, as a cut network does.

Nothing is refused and nothing is closed: bytes that were on their way arrive when the cut is mended, if anybody still
waits for them. A killed process, whose connections end at once, is the easier case.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

CHUNK = 1 << 16


class Wire:
    """Listens on `port` and passes everything to `target` on this machine, while it is whole."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self._whole = asyncio.Event()
        self._whole.set()
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        self._whole.set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        try:
            yield
        finally:
            server.close()
            for connection in self._connections:
                connection.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._whole.wait()
            broker_in, broker_out = await asyncio.open_connection("127.0.0.1", self.target)
            ways = [
                asyncio.create_task(way)
                for way in (self._pass(client_in, broker_out), self._pass(broker_in, client_out))
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)  # either end hung up: so do we
            finally:
                for way in ways:
                    way.cancel()
                broker_out.close()
        except OSError:
            pass  # nobody listens there now, and the client finds that out
        finally:
            client_out.close()
            self._connections.discard(task)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(CHUNK):
                await self._whole.wait()
                sink.write(chunk)
                await sink.drain()
