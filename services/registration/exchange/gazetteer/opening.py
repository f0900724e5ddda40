"""From an upload to plain bytes: sizes are limited before and while reading, gzip and zip are unpacked on the way.

Nothing is written to disk and nothing is read ahead of its need, so a bomb costs what was unpacked until the limit.
"""

from __future__ import annotations

import gzip
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Protocol

from services.registration.exchange.gazetteer.refusals import (
    DAMAGED_ARCHIVE,
    EXPANDS_TOO_FAR,
    NOT_ONE_FILE,
    TRUNCATED,
    UNKNOWN_FORMAT,
    UPLOAD_TOO_LARGE,
    FileRefused,
)

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes. Gazetteers of the largest councils measure some 300 MB of CSV and pack eight to fifteen times smaller."""

    upload: int = 512 * MEBIBYTE
    unpacked: int = 2048 * MEBIBYTE
    ratio: int = 100
    ratio_from: int = 16 * MEBIBYTE
    """Up to this size an archive may pack as well as it likes: a bomb that small harms nobody."""


LIMITS = Limits()
DAMAGE = (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, ValueError, RuntimeError, struct.error)
"""What the archive modules raise for bytes that are wrong; found by feeding them damaged files."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def refuse_declared_size(declared: int | None, limits: Limits = LIMITS) -> None:
    """Refuse an upload by its Content-Length, before a byte of it is read. Raises FileRefused."""
    if declared is not None and declared > limits.upload:
        raise FileRefused(UPLOAD_TOO_LARGE, f"{declared:,} bytes; the limit is {limits.upload:,}.")


class Limited(io.RawIOBase):
    """A stream that refuses to give more than `most` bytes. For uploads whose size nobody declared, or lied about."""

    def __init__(self, source: Readable, most: int, refusal: FileRefused) -> None:
        self._source = source
        self._left = most
        self._refusal = refusal

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        filled = 0
        while filled < len(buffer):  # full buffers, so that `peek` shows enough to recognise a format by
            chunk = self._read(len(buffer) - filled)
            if not chunk:
                break
            buffer[filled : filled + len(chunk)] = chunk
            filled += len(chunk)
        return filled

    def _read(self, size: int) -> bytes:
        try:
            chunk = self._source.read(size)
        except DAMAGE as broken:
            raise FileRefused(DAMAGED_ARCHIVE, str(broken)) from broken
        except EOFError:
            raise FileRefused(TRUNCATED, "The archive stops in the middle.") from None
        self._left -= len(chunk)
        if self._left < 0:
            raise self._refusal
        return chunk


def limited(source: Readable, limits: Limits = LIMITS) -> io.BufferedReader:
    """An upload that is refused at its first byte over the limit. Raises FileRefused while reading."""
    return io.BufferedReader(
        Limited(source, limits.upload, FileRefused(UPLOAD_TOO_LARGE, f"The limit is {limits.upload:,} bytes."))
    )


@contextmanager
def unpacked(upload: IO[bytes], limits: Limits = LIMITS) -> Iterator[io.BufferedReader]:
    """The plain bytes of a seekable upload, whether plain, gzip or a zip with one file. Raises FileRefused."""
    size = upload.seek(0, os.SEEK_END)
    refuse_declared_size(size, limits)
    upload.seek(0)
    magic = upload.read(4)
    upload.seek(0)
    most = min(limits.unpacked, max(limits.ratio * size, limits.ratio_from))
    bomb = FileRefused(EXPANDS_TOO_FAR, f"{size:,} bytes unpack to more than {most:,}.")
    if magic[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=upload) as plain:
            yield io.BufferedReader(Limited(plain, most, bomb), MEBIBYTE)
    elif magic == b"PK\x03\x04":
        with _only_member(upload, most, bomb) as member:
            yield io.BufferedReader(Limited(member, most, bomb), MEBIBYTE)
    else:
        yield io.BufferedReader(Limited(upload, limits.upload, bomb), MEBIBYTE)


@contextmanager
def _only_member(upload: IO[bytes], most: int, bomb: FileRefused) -> Iterator[IO[bytes]]:
    try:
        archive = zipfile.ZipFile(upload)
    except zipfile.BadZipFile:
        raise FileRefused(TRUNCATED, "The zip has no directory at its end.") from None
    except DAMAGE as broken:
        raise FileRefused(DAMAGED_ARCHIVE, str(broken)) from broken
    with archive:
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        if any(entry.filename == "[Content_Types].xml" for entry in files):
            raise FileRefused(UNKNOWN_FORMAT, "Seen: an office document or spreadsheet.")
        if len(files) != 1:
            raise FileRefused(NOT_ONE_FILE, f"It holds {len(files)}.")
        if files[0].flag_bits & 1:
            raise FileRefused(DAMAGED_ARCHIVE, "It is encrypted.")
        if files[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused(DAMAGED_ARCHIVE, "It is not packed by the usual method (deflate).")
        if files[0].file_size > most:
            raise bomb
        try:
            member = archive.open(files[0])
        except DAMAGE as broken:
            raise FileRefused(DAMAGED_ARCHIVE, str(broken)) from broken
        with member:
            yield member
