"""Lists of the canvass as CSV: UTF-8, CRLF, one header line; no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import asyncpg
from fastapi import Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Select

from shared.service.database import compiled, reading_on

MEDIA_TYPE = "text/csv; charset=utf-8"
CHUNK_ROWS = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A short list, whole."""
    return Response("".join([_line(header), *map(_line, rows)]), media_type=MEDIA_TYPE, headers=_as_file(name))


def streamed_csv(
    pool: asyncpg.Pool[Any], authority: str, name: str, columns: Sequence[str], query: Select[Any]
) -> StreamingResponse:
    """A list of any length, a row as it is read: these columns of `query`."""

    async def lines() -> AsyncIterator[str]:
        sql, arguments = compiled(query)
        waiting = [_line(columns)]
        async with reading_on(pool, authority) as conn:
            async for row in conn.cursor(sql, *arguments, prefetch=CHUNK_ROWS):
                waiting.append(_line([row[column] for column in columns]))
                if len(waiting) >= CHUNK_ROWS:
                    yield "".join(waiting)
                    waiting.clear()
        yield "".join(waiting)

    return StreamingResponse(lines(), media_type=MEDIA_TYPE, headers=_as_file(name))


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.csv"'}


def _line(cells: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_safe("" if cell is None else str(cell)) for cell in cells])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
