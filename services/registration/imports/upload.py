"""Files as they come in: onto disk as they are read, never into memory, and hashed on the way."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from fastapi import Request
from starlette.datastructures import UploadFile

from shared.service.problems import invalid

CHUNK = 2**20
MOST_VOLUMES = 99


@dataclass
class Upload:
    """One file, or the volumes of one supply. Whoever has it closes it."""

    files: list[IO[bytes]]
    sha256: str
    """Of the file; of several, of their sorted hashes: the order of volumes does not matter."""
    _open: ExitStack

    def close(self) -> None:
        self._open.close()


async def received(request: Request) -> Upload:
    """The body of a request: the file itself, or `multipart/form-data` with a part for each volume."""
    with ExitStack() as stack:
        files: list[IO[bytes]] = []
        hashes: list[str] = []
        async for chunks in _bodies(request):
            file = stack.enter_context(tempfile.TemporaryFile())
            digest = hashlib.sha256()
            async for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
            file.seek(0)
            files.append(file)
            hashes.append(digest.hexdigest())
        if not files:
            raise invalid("body", "no-file", "The form holds no file.")
        joined = hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest() if len(hashes) > 1 else hashes[0]
        return Upload(files, joined, stack.pop_all())


async def _bodies(request: Request) -> AsyncIterator[AsyncIterator[bytes]]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        yield request.stream()
        return
    async with request.form(max_files=MOST_VOLUMES, max_fields=0) as form:  # parts wait on disk, too
        for _, part in form.multi_items():
            if isinstance(part, UploadFile):
                yield _chunks(part)


async def _chunks(part: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await part.read(CHUNK):
        yield chunk
