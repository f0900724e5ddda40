"""The file of a preview, kept in pieces in the database until it is committed: any replica may be asked to."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import IO, Any
from uuid import UUID

import asyncpg

from services.registration.imports.upload import CHUNK, Upload
from shared.eventcore.store import act_for


async def keep(pool: asyncpg.Pool[Any], authority: str, run: UUID, upload: Upload) -> None:
    """Keep the file of this preview, in place of the one that waited before."""
    async with pool.acquire() as conn, conn.transaction():
        await act_for(conn, authority)
        await conn.execute("DELETE FROM import_file WHERE authority = $1", authority)
        for volume, file in enumerate(upload.files):
            file.seek(0)
            ordinal = 0
            while piece := file.read(CHUNK):
                await conn.execute(
                    "INSERT INTO import_file VALUES ($1, $2, $3, $4, $5)", run, volume, ordinal, authority, piece
                )
                ordinal += 1
            file.seek(0)


async def kept(pool: asyncpg.Pool[Any], authority: str, run: UUID, sha256: str) -> Upload | None:
    """The file again; None when another preview took its place, or it was committed."""
    with ExitStack() as stack:
        files: dict[int, IO[bytes]] = {}
        async with pool.acquire() as conn, conn.transaction(readonly=True):
            await act_for(conn, authority)
            sql = "SELECT volume, piece FROM import_file WHERE run_id = $1 ORDER BY volume, ordinal"
            async for row in conn.cursor(sql, run, prefetch=4):
                if row["volume"] not in files:
                    files[row["volume"]] = stack.enter_context(tempfile.TemporaryFile())
                files[row["volume"]].write(row["piece"])
        if not files:
            return None
        for file in files.values():
            file.seek(0)
        return Upload(list(files.values()), sha256, stack.pop_all())


async def drop(pool: asyncpg.Pool[Any], authority: str) -> None:
    """Nothing waits to be committed any more."""
    async with pool.acquire() as conn, conn.transaction():
        await act_for(conn, authority)
        await conn.execute("DELETE FROM import_file WHERE authority = $1", authority)
