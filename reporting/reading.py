"""Asking the archive: a DuckDB table `event` of what one council had recorded by the end of a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from reporting.layout import COLUMNS, standing

Events = duckdb.DuckDBPyConnection
"""`event` has the columns of `layout.COLUMNS`, and `fact`: the name in its type, such as `allowance-paid`."""


@contextmanager
def events(root: Path, authority: str, as_at: date) -> Iterator[Events]:
    """What `authority` had recorded up to the end of `as_at`, in London. Without an archive the table is empty.

    Raises `Unusable`; `duckdb.IOException` when files were merged in this moment: ask once more.
    """
    found = [str(path) for path in standing(root, as_at)]
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        if found:
            connection.read_parquet(found, hive_partitioning=True).create_view("kept")
        else:
            connection.execute(f"CREATE TABLE kept ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
        connection.execute("SET VARIABLE authority = ?", [authority])
        connection.execute(
            "CREATE VIEW event AS SELECT *, split_part(type, '.', 3) AS fact FROM kept"
            " WHERE authority = getvariable('authority')"
        )
        yield connection
