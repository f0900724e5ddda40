"""Where bank holidays come from: the gov.uk list that the package `uk-election-timetables` carries and keeps fresh.

The only module that knows that package. A holiday proclaimed after its last release is added with
`working_days.calendar(..., proclaimed=...)`.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@cache
def bank_holidays(division: str) -> MappingProxyType[date, str]:
    """Bank holidays of a gov.uk division (`england-and-wales`, `scotland`, `northern-ireland`) with their names."""
    text = files("uk_election_timetables").joinpath("bank-holidays.json").read_text(encoding="utf-8")
    events: list[dict[str, Any]] = json.loads(text)[division]["events"]
    return MappingProxyType({date.fromisoformat(event["date"]): _name(event) for event in events})


def _name(event: dict[str, Any]) -> str:
    title = str(event["title"]).replace("’", "'")
    return f"{title} (substitute day)" if event.get("notes") == "Substitute day" else title
