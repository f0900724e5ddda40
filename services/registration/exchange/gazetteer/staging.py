"""Where the rows of a supply wait until all rows of one property can be seen together.

AddressBase is ordered by record type, so the first property is complete only when the last row is read. The rows go to
a temporary SQLite file and come back ordered by property (or street), record and PRO_ORDER: memory does not grow with
the supply.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from services.registration.exchange.gazetteer.records import (
    TYPES,
    Change,
    Operation,
    Record,
    Street,
    StreetDescriptor,
    key,
)

SCHEMA = """
create table change (
    street integer not null,      -- 1: owner is a USRN, 0: a UPRN
    owner integer not null,
    type integer not null,
    key text not null,
    volume integer not null,
    pro_order integer not null,
    line integer not null,
    operation text not null,
    record blob not null,
    primary key (street, owner, type, key, volume, pro_order, line)
) without rowid;
create table restreeted (uprn integer primary key, usrn integer not null, line integer not null);
"""
SETTINGS = """
pragma journal_mode = off;
pragma synchronous = off;
pragma cache_size = -65536;
pragma temp_store = file;
"""
# Records travel as tuples of their values: a frozen dataclass with slots pickles itself four times slower.
_VALUES: dict[type[Record], Callable[[Record], tuple[Any, ...]]] = {
    cls: attrgetter(*(field.name for field in fields(cls))) for cls in TYPES
}
_CLASSES: dict[int, Callable[..., Record]] = {number: cls for cls, number in TYPES.items()}
IN_ORDER = "order by street, owner, type, key, volume, pro_order, line"


class Staged(NamedTuple):
    """A change as it comes back, with the volume it was in."""

    type: int
    key: str
    volume: int
    line: int
    operation: Operation
    record: Record


class Staging:
    """The changes of one supply, ordered. Not for sharing between threads at the same time."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, changes: Iterable[Change]) -> None:
        """Keep these changes. Streams: nothing of them stays in memory."""
        self._database.executemany(
            "insert into change values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    isinstance(c.record, Street | StreetDescriptor),
                    c.record.usrn if isinstance(c.record, Street | StreetDescriptor) else c.record.uprn,
                    TYPES[type(c.record)],
                    key(c.record),
                    c.volume,
                    c.order,
                    c.line,
                    c.operation,
                    pickle.dumps(_VALUES[type(c.record)](c.record), pickle.HIGHEST_PROTOCOL),
                )
                for c in changes
            ),
        )

    def properties(self) -> Iterator[tuple[int, list[Staged]]]:
        """Each UPRN with its changes, by record and in order of application."""
        return self._owners(0)

    def streets(self) -> Iterator[tuple[int, list[Staged]]]:
        """Each USRN with its changes."""
        return self._owners(1)

    def street(self, usrn: int) -> list[Staged]:
        return self._changes("where street = 1 and owner = ?", usrn)

    def has_property(self, uprn: int) -> bool:
        found = self._database.execute("select 1 from change where street = 0 and owner = ? limit 1", (uprn,))
        return found.fetchone() is not None

    def count_properties(self) -> int:
        """How many UPRNs have changes."""
        (count,) = self._database.execute("select count(distinct owner) from change where street = 0").fetchone()
        return int(count)

    def note_restreeted(self, uprns: Iterable[int], usrn: int, line: int) -> None:
        """Remember properties that a street's change touches. The first street that touches one is remembered."""
        self._database.executemany(
            "insert or ignore into restreeted values (?, ?, ?)", ((uprn, usrn, line) for uprn in uprns)
        )

    def restreeted(self) -> Iterator[tuple[int, int]]:
        """UPRN and line of the properties remembered that have no change of their own."""
        yield from self._database.execute(
            "select uprn, line from restreeted r where not exists "
            "(select 1 from change c where c.street = 0 and c.owner = r.uprn) order by uprn"
        )

    def _owners(self, street: int) -> Iterator[tuple[int, list[Staged]]]:
        rows = self._database.execute(
            "select owner, type, key, volume, line, operation, record from change where street = ? " + IN_ORDER,
            (street,),
        )
        for owner, changes in groupby(rows, key=lambda row: row[0]):
            yield owner, [_staged(row[1:]) for row in changes]

    def _changes(self, where: str, owner: int) -> list[Staged]:
        rows = self._database.execute(
            f"select type, key, volume, line, operation, record from change {where} {IN_ORDER}", (owner,)
        )
        return [_staged(row) for row in rows]


def _staged(row: tuple[int, str, int, int, Operation, bytes]) -> Staged:
    kind, name, volume, line, operation, record = row
    values = pickle.loads(record)  # written by this process a moment ago
    return Staged(kind, name, volume, line, operation, _CLASSES[kind](*values))


@contextmanager
def staging(directory: Path | None = None) -> Iterator[Staging]:
    """An empty staging file in `directory` (the system's temporary one by default), gone afterwards."""
    with TemporaryDirectory(prefix="gazetteer-", dir=directory) as place:
        database = sqlite3.connect(Path(place) / "changes.sqlite", isolation_level=None, check_same_thread=False)
        try:
            database.executescript(SETTINGS)
            database.executescript(SCHEMA)
            database.execute("begin")
            yield Staging(database)
        finally:
            database.close()
