"""What a question is answered with: a sentence, a table, and bars to draw. Ids, counts, dates and money; never a person's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from reporting.reading import Events

Cell = str | int | date | None
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column for people: the key in a row, its heading, and how a value is written."""

    key: str
    heading: str
    written: Callable[[Cell], str] = lambda value: "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, named by what it counts. `text` is its value as it is written beside it."""

    series: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that belong together, such as those of one month."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """`rows` are data, under the keys of `columns`; `notes` say how the numbers are to be understood."""

    title: str
    as_at: date
    takeaway: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Question:
    """A ready question. `ask` answers it from what was recorded up to the end of a day."""

    name: str
    about: str
    ask: Callable[[Events, date], Answer]


def pounds(pence: Cell) -> str:
    """`£1,234.50`; a debt with its minus before the sign."""
    if not isinstance(pence, int):
        return ""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 application`, `1,200 applications`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def share(part: int, whole: int) -> str:
    """`67 %`; of nothing there is no share."""
    return f"{100 * part / whole:.0f} %" if whole else "nothing"


def day(value: date) -> str:
    return f"{value:%-d %B %Y}"
