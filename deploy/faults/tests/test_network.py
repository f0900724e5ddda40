"""A cut wire says nothing, refuses nothing and loses nothing."""

from __future__ import annotations

import asyncio

import pytest

from deploy.faults.network import Wire
from deploy.local.process import free_port


async def test_a_cut_wire_falls_silent_and_delivers_when_it_is_mended():
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    wire = Wire(free_port(), free_port())
    server = await asyncio.start_server(echo, "127.0.0.1", wire.target)
    async with wire.laid():
        reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
        writer.write(b"before\n")
        assert await reader.readline() == b"before\n"
        wire.cut()
        writer.write(b"during\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.readline(), 0.2)
        wire.mend()
        assert await reader.readline() == b"during\n"
        writer.close()
    server.close()


async def test_where_nobody_listens_the_connection_ends():
    wire = Wire(free_port(), free_port())
    async with wire.laid():
        reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
        assert await reader.read() == b""
        writer.close()
