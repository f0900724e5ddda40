"""The list behind a figure, brought page by page, with a count of what has come so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from cli import telling

Item = dict[str, Any]


def tell_list(title: str, items: Iterable[Item], as_json: bool, names_elsewhere: tuple[str, ...] = ()) -> None:
    """As a table, or as JSON `{"items": [...]}`. `names_elsewhere`: fields left out of the table, as ids for people to no end."""
    found = _counted(items)
    if as_json:
        telling.as_json({"items": found})
        return
    columns = [name for name in (found[0] if found else {}) if name not in names_elsewhere]
    rows = [[_said(item[name]) for name in columns] for item in found]
    telling.table(f"{title}: {len(found):,}", [name.replace("_", " ") for name in columns], rows)


def _counted(items: Iterable[Item]) -> list[Item]:
    told = Progress(
        SpinnerColumn(), TextColumn("{task.completed:,.0f} listed"), console=Console(stderr=True), transient=True
    )
    with told:
        return list(told.track(items))


def _said(value: Any) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value
