"""What the rehearsed office was told is done, on disk: whatever is killed, all of it must be in the store in the end."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from shared.eventcore.recording import Receipt

LEDGER = "ledger"
DAY, REFUSED = "day", "refused"
BATCH = 10_000


class Ledger:
    """Lines `<stream> <version>` of acknowledged commands, `refused <rule>:<stream>` of those that a decider would not carry out,
    and `day <date>` when a day's work is over."""

    def __init__(self, file: Path) -> None:
        self._path = file
        if file.exists():
            text = file.read_bytes()
            os.truncate(file, text.rfind(b"\n") + 1)  # the last line of a process that was killed may be torn
        self._file = file.open("a", encoding="ascii")

    def acknowledged(self, receipt: Receipt) -> None:
        self._file.write(f"{receipt.stream_id} {receipt.version}\n")

    def was_refused(self, stream_id: UUID, rule: str) -> None:
        self._file.write(f"{REFUSED} {rule}:{stream_id}\n")

    def refused(self) -> dict[str, int]:
        """By rule, on how many streams. What was asked again after a kill was refused again, and counts once."""
        told = {line.split()[1] for line in self._lines() if line.startswith(REFUSED)}
        return dict(Counter(rule.partition(":")[0] for rule in told))

    def answered(self, answer: httpx.Response) -> None:
        """An answer of the API; many tell of no command."""
        receipt = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        if isinstance(receipt, dict) and {"stream_id", "version"} <= receipt.keys():
            self._file.write(f"{receipt['stream_id']} {receipt['version']}\n")
            self.keep()

    def day_over(self, on: date) -> None:
        self._file.write(f"{DAY} {on}\n")
        self.keep()

    def keep(self) -> None:
        """On disk, whatever happens to this process or machine."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def last_day(self) -> date | None:
        """The last day whose work is over."""
        days = [line.split()[1] for line in self._lines() if line.startswith(DAY)]
        return date.fromisoformat(days[-1]) if days else None

    def close(self) -> None:
        self._file.close()

    async def missing(self, pool: asyncpg.Pool[Any]) -> tuple[int, int]:
        """How many commands were acknowledged, and how many of them neither store, shared or closed, knows anything of."""
        acknowledged = missing = 0
        for batch in self.receipts():
            acknowledged += len(batch)
            missing += await pool.fetchval(
                "SELECT count(*) FROM unnest($1::uuid[], $2::int[]) AS told(stream_id, version)"
                " WHERE NOT EXISTS (SELECT FROM event e WHERE e.stream_id = told.stream_id AND e.version = told.version)"
                " AND NOT EXISTS (SELECT FROM anonymous.event e WHERE e.stream_id = told.stream_id AND e.version = told.version)",
                [stream for stream, _ in batch], [version for _, version in batch],
            )  # fmt: skip
        return acknowledged, missing

    def receipts(self) -> Iterator[list[tuple[UUID, int]]]:
        """Streams with the versions to which acknowledged commands brought them, in batches."""
        batch: list[tuple[UUID, int]] = []
        for line in self._lines():
            first, second = line.split()
            if first not in (DAY, REFUSED) and int(second) > 0:
                batch.append((UUID(first), int(second)))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _lines(self) -> Iterator[str]:
        self._file.flush()
        with self._path.open(encoding="ascii") as file:
            yield from file
