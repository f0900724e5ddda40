"""Declaring a read model: its tables, and one handler per event.

    class WardCount(ViewTable):
        __tablename__ = "ward_count"
        ward: Mapped[str] = mapped_column(primary_key=True)
        electors: Mapped[int] = mapped_column(default=0)

    @projection("electors_by_ward", version=1, tables=[WardCount])
    class ElectorsByWard:
        @on(EntryConfirmed)
        def add(self, tx: ViewTransaction, entry: Recorded[EntryConfirmed]) -> None:
            tx.increment(WardCount, ward=entry.data.ward, electors=1)

A handler never sees offsets, retries or transactions. Its writes (`put`, `change`, `increment`, `remove`) are blind: they
are merged per batch and go out as a few `unnest` statements, in an order that gives each key the same result as one by one.
Every row carries its `authority`, which row-level security reads.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from inspect import iscoroutinefunction
from operator import itemgetter
from typing import Any, Protocol, TypeVar, cast

import asyncpg
import orjson
from sqlalchemy import Integer, MetaData, Numeric, Table, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, MappedColumn, declared_attr, mapped_column
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from shared.eventcore.checkpoints import Conn
from shared.eventcore.recording import Recorded
from shared.events.definition import REGISTRY, Registry

Row = dict[str, Any]
Key = tuple[Any, ...]
H = TypeVar("H", bound=Callable[..., Any])
V = TypeVar("V", bound=type)
_DIALECT = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]


class ViewTable(DeclarativeBase):
    """One table of a read model. Lives in the PostgreSQL schema named after its view; holds `authority` in every row."""

    metadata = MetaData()

    @declared_attr
    def authority(self) -> MappedColumn[str]:
        return mapped_column(Text, sort_order=-1)


def table_of(model: type[ViewTable]) -> Table:
    return cast(Table, model.__table__)


def on(*events: type) -> Callable[[H], H]:
    """The events that a method handles."""

    def mark(handler: H) -> H:
        handler.handles = events  # type: ignore[attr-defined]
        return handler

    return mark


def contexts_of(wires: Iterable[str]) -> frozenset[str]:
    """Whose topics carry these wire types. `core` events stand in every service's own store and topic."""
    return frozenset(wire.split(".")[1] for wire in wires) - {"core"}


class Handler(Protocol):
    def __call__(self, tx: ViewTransaction, event: Recorded[Any], /) -> Awaitable[None] | None: ...


@dataclass(frozen=True)
class View:
    """A declared read model. `sources` are the contexts whose events it reads."""

    name: str
    version: int
    tables: tuple[type[ViewTable], ...]
    handlers: Mapping[str, Handler] = field(hash=False)
    sources: frozenset[str] = frozenset()

    @property
    def consumer(self) -> str:
        return f"view:{self.name}"

    @property
    def looks(self) -> bool:
        """Whether a handler may read the view's own tables."""
        return any(iscoroutinefunction(handler) for handler in self.handlers.values())


def projection(
    name: str, *, version: int, tables: Sequence[type[ViewTable]], registry: Registry = REGISTRY
) -> Callable[[V], V]:
    """Declare a view. The class keeps it as `cls.view`; a change of `version` asks for a rebuild. A table belongs to one view,
    named by its `__table_args__ = {"schema": <view name>}`, which this sets where it is absent."""

    def declare(cls: V) -> V:
        instance = cls()
        handlers: dict[str, Handler] = {}
        for member in vars(cls).values():
            for event in getattr(member, "handles", ()):
                wire = registry.by_class[event].wire
                if wire in handlers:
                    raise TypeError(f"{name} handles {wire} twice")
                handlers[wire] = member.__get__(instance)
        for table in tables:
            table_of(table).schema = name
        cls.view = View(name, version, tuple(tables), handlers, contexts_of(handlers))  # type: ignore[attr-defined]
        return cls

    return declare


def ddl(view: View, schema: str) -> list[str]:
    """Statements that create the tables of a view in `schema`, readable by the API role under row-level security, as far as
    events need them to be applied."""
    out = [f'CREATE SCHEMA "{schema}"', f'GRANT USAGE ON SCHEMA "{schema}" TO moot_api']
    for model in view.tables:
        placed = table_of(model).to_metadata(MetaData(), schema=schema)
        out.append(str(CreateTable(placed).compile(dialect=_DIALECT)))
        out += _indexes(placed, later=False, looks=view.looks)
        name = f'"{schema}"."{placed.name}"'
        out += [
            f"GRANT SELECT ON {name} TO moot_api",
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY own_authorities ON {name} FOR SELECT TO moot_api USING (in_my_authorities(authority))",
        ]
    return out


def later_indexes(view: View, schema: str) -> list[str]:
    """The indexes that only queries need. Made on a filled table they cost a third of what they do while it is filled."""
    placed = [table_of(model).to_metadata(MetaData(), schema=schema) for model in view.tables]
    return [statement for table in placed for statement in _indexes(table, later=True, looks=view.looks)]


def _indexes(table: Table, *, later: bool, looks: bool) -> list[str]:
    """A unique one refuses events, and a handler that looks may look by any: those come with the table."""
    chosen = [index for index in table.indexes if bool(looks or index.unique) is not later]
    return [str(CreateIndex(index).compile(dialect=_DIALECT)) for index in sorted(chosen, key=lambda i: str(i.name))]


class _Shape:
    """The SQL of one table of a view, in one schema."""

    def __init__(self, model: type[ViewTable], schema: str) -> None:
        table = table_of(model)
        self.table, self.schema = table.name, schema
        self.name = f'"{schema}"."{table.name}"'
        self.types = {c.name: c.type.compile(dialect=_DIALECT) for c in table.columns}
        self.key = tuple(c.name for c in table.primary_key.columns)
        self.key_of = _taking(self.key)
        self.defaults = {
            c.name: c.default.arg for c in table.columns if isinstance(c.default, ScalarElementColumnDefault)
        }
        self.numbers = {c.name for c in table.columns if isinstance(c.type, Numeric | Integer) and not c.primary_key}
        self.json = {name for name, kind in self.types.items() if kind in ("JSONB", "JSON")}
        if any("[]" in kind for kind in self.types.values()):
            raise TypeError(f"{table.name}: use JSONB for lists, unnest flattens arrays")

    def source(self, columns: Sequence[str]) -> str:
        """`unnest($1::text[], …) AS u(…)`; JSON travels as text."""
        kinds = ("text" if c in self.json else self.types[c] for c in columns)
        values = ", ".join(f"${i}::{kind}[]" for i, kind in enumerate(kinds, 1))
        return f"unnest({values}) AS u({', '.join(columns)})"

    def sent(self, column: str, values: list[Any]) -> list[Any]:
        """The values of a column as they are sent."""
        if column not in self.json:
            return values
        return [None if value is None else orjson.dumps(value).decode() for value in values]

    def value(self, column: str) -> str:
        return f"u.{column}::jsonb" if column in self.json else f"u.{column}"

    def match(self) -> str:
        return " AND ".join(f"t.{k} = u.{k}" for k in self.key)


_shape = lru_cache(256)(_Shape)


def _taking(columns: tuple[str, ...]) -> Callable[[Row], Key]:
    """What takes these values out of a row, as a tuple."""
    if len(columns) > 1:
        return itemgetter(*columns)
    (column,) = columns
    return lambda row: (row[column],)


@dataclass(slots=True)
class _Patch:
    """Increments, and then changes, of one key."""

    added: Row = field(default_factory=dict)
    changed: Row = field(default_factory=dict)


_Merged = Row | _Patch | None
"""What a batch does to one key: it leaves a whole row there, or patches what stands, or (None) removes it."""


class ViewTransaction:
    """The writes of one view in one batch. Created by the runner; `flush` is the runner's."""

    def __init__(self, conn: Conn, view: View, schema: str, copied: set[type[ViewTable]]) -> None:
        """`copied` are the tables whose whole rows are new until one is not; the runner's, for all its batches."""
        self._conn, self._copied = conn, copied
        self._shapes = {model: _shape(model, schema) for model in view.tables}
        # Rounds of merged changes: a key that must first be changed and then incremented goes on in the next round.
        self._rounds: dict[type[ViewTable], list[dict[Key, _Merged]]] = {model: [{}] for model in view.tables}
        # What stands first in the keys of those changes, as text: a look at rows of another needs none of them written.
        self._touched: dict[type[ViewTable], set[str]] | None = {m: set() for m in view.tables} if view.looks else None

    def put(self, model: type[ViewTable], **values: Any) -> None:
        """Write a whole row, replacing the one of the same key."""
        shape = self._shapes[model]
        self._changes(model, key := shape.key_of(values))[key] = (
            {**shape.defaults, **values} if shape.defaults else values
        )

    def change(self, model: type[ViewTable], **values: Any) -> None:
        """Set some columns of the row with this key; nothing happens when there is none."""
        key = self._shapes[model].key_of(values)
        merged = self._changes(model, key).setdefault(key, _Patch())
        if isinstance(merged, _Patch):
            merged.changed.update(values)
        elif merged is not None:
            merged.update(values)

    def increment(self, model: type[ViewTable], **values: Any) -> None:
        """Add to number columns of the row with this key. A new row starts at the columns' defaults; other values given
        here are used only then."""
        shape, rounds = self._shapes[model], self._rounds[model]
        key = shape.key_of(values)
        merged = self._changes(model, key).setdefault(key, _Patch())
        if merged is None:
            merged = rounds[-1][key] = dict(shape.defaults)
        elif isinstance(merged, _Patch) and merged.changed:
            rounds.append({key: (merged := _Patch())})
        into = merged.added if isinstance(merged, _Patch) else merged
        for column, value in values.items():
            if column in shape.numbers:
                into[column] = into.get(column, 0) + value
            else:
                into.setdefault(column, value)

    def remove(self, model: type[ViewTable], **key: Any) -> None:
        """Remove the row with this key."""
        self._changes(model, of := self._shapes[model].key_of(key))[of] = None

    async def get(self, model: type[ViewTable], **key: Any) -> Row | None:
        """The row as this batch leaves it so far. Costs a round trip: prefer blind writes."""
        await self._write_before(model, key)
        shape = self._shapes[model]
        where = " AND ".join(f"{k} = ${i}" for i, k in enumerate(key, 1))
        found = await self._conn.fetchrow(f"SELECT * FROM {shape.name} WHERE {where}", *key.values())
        return None if found is None else dict(found)

    async def select(self, model: type[ViewTable], **where: Any) -> list[Row]:
        """All rows with these values. Costs a round trip."""
        await self._write_before(model, where)
        terms = " AND ".join(f"{k} = ${i}" for i, k in enumerate(where, 1))
        return [
            dict(r)
            for r in await self._conn.fetch(f"SELECT * FROM {self._shapes[model].name} WHERE {terms}", *where.values())
        ]

    async def change_where(self, model: type[ViewTable], where: Row, **values: Any) -> None:
        """Set columns of every row with these values. Costs a round trip."""
        await self._flush_table(model)
        shape, n = self._shapes[model], len(values)
        sets = ", ".join(f"{c} = ${i}" for i, c in enumerate(values, 1))
        terms = " AND ".join(f"{c} = ${i}" for i, c in enumerate(where, n + 1))
        await self._conn.execute(f"UPDATE {shape.name} SET {sets} WHERE {terms}", *values.values(), *where.values())

    async def flush(self) -> None:
        for model in self._rounds:
            await self._flush_table(model)

    def _changes(self, model: type[ViewTable], key: Key) -> dict[Key, _Merged]:
        """Where a change of `key` goes."""
        if self._touched is not None:
            self._touched[model].add(str(key[0]))
        return self._rounds[model][-1]

    async def _write_before(self, model: type[ViewTable], where: Row) -> None:
        """Write what a look at `where` might find. Rows of one elector wait while another's are looked at, so that a batch
        about many does not write for each of them."""
        first = self._shapes[model].key[0]
        if self._touched is None or first not in where or str(where[first]) in self._touched[model]:
            await self._flush_table(model)

    async def _flush_table(self, model: type[ViewTable]) -> None:
        rounds, shape = self._rounds[model], self._shapes[model]
        self._rounds[model] = [{}]
        if self._touched is not None:
            self._touched[model].clear()
        for changes in rounds:
            patches = [merged for merged in changes.values() if isinstance(merged, _Patch)]
            await self._remove(shape, [key for key, merged in changes.items() if merged is None])
            rows = [merged for merged in changes.values() if isinstance(merged, dict)]
            if rows and not (model in self._copied and await self._copy(model, rows)):
                await self._put(shape, rows)
            await self._increment(shape, [patch.added for patch in patches if patch.added])
            await self._set(shape, [patch.changed for patch in patches if patch.changed])

    async def _run(self, shape: _Shape, sql: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        listed = list(rows)
        await self._conn.execute(sql, *(shape.sent(c, [row.get(c) for row in listed]) for c in columns))

    async def _remove(self, shape: _Shape, keys: list[Key]) -> None:
        if keys:
            sql = f"DELETE FROM {shape.name} t USING {shape.source(shape.key)} WHERE {shape.match()}"
            await self._run(shape, sql, shape.key, (dict(zip(shape.key, key, strict=True)) for key in keys))

    async def _copy(self, model: type[ViewTable], rows: list[Row]) -> bool:
        """COPY does at half the price what `_put` does, if all keys are new. The first time that one is not, the table is
        known for one whose rows are written again."""
        shape = self._shapes[model]
        columns = list(shape.types)
        values = zip(*(shape.sent(c, [row.get(c) for row in rows]) for c in columns), strict=True)
        try:
            async with self._conn.transaction():
                await self._conn.copy_records_to_table(
                    shape.table, schema_name=shape.schema, columns=columns, records=values
                )
        except asyncpg.UniqueViolationError:
            self._copied.discard(model)
            return False
        return True

    async def _put(self, shape: _Shape, rows: list[Row]) -> None:
        columns = list(shape.types)
        others = [c for c in columns if c not in shape.key]
        sql = (
            f"INSERT INTO {shape.name} ({', '.join(columns)}) SELECT {', '.join(map(shape.value, columns))} FROM {shape.source(columns)}"
            f" ON CONFLICT ({', '.join(shape.key)}) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in others)}"
        )
        await self._run(shape, sql, columns, rows)

    async def _increment(self, shape: _Shape, rows: list[Row]) -> None:
        for columns, group in _by_columns(rows):
            numbers = [c for c in columns if c in shape.numbers]
            fixed = [*columns, *(c for c in shape.defaults if c not in columns)]
            filled = [{**shape.defaults, **row} for row in group]
            sql = (
                f"INSERT INTO {shape.name} AS t ({', '.join(fixed)}) SELECT {', '.join(map(shape.value, fixed))} FROM {shape.source(fixed)}"
                f" ON CONFLICT ({', '.join(shape.key)}) DO UPDATE SET {', '.join(f'{c} = t.{c} + excluded.{c}' for c in numbers)}"
            )
            await self._run(shape, sql, fixed, filled)

    async def _set(self, shape: _Shape, rows: list[Row]) -> None:
        for columns, group in _by_columns(rows):
            sets = ", ".join(f"{c} = {shape.value(c)}" for c in columns if c not in shape.key)
            if sets:
                sql = f"UPDATE {shape.name} t SET {sets} FROM {shape.source(columns)} WHERE {shape.match()}"
                await self._run(shape, sql, columns, group)


def _by_columns(rows: Iterable[Row]) -> Iterable[tuple[tuple[str, ...], list[Row]]]:
    """Rows grouped by the set of columns they name: one statement each."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    return groups.items()
