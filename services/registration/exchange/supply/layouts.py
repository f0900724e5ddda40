"""The layouts there are, read from `layouts/*.json` and checked: a layout names only fields that exist."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from services.registration.exchange.supply.fields import FIELDS

FOLDER: Final = Path(__file__).parent / "layouts"
Document = Literal["full-register", "open-register", "notices", "open-notices", "overseas-list", "absent-voter-lists"]


class Column(BaseModel):
    """`title` is the reader's word, `shows` ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    shows: str

    @field_validator("shows")
    @classmethod
    def is_a_field(cls, shows: str) -> str:
        if shows not in FIELDS:
            raise ValueError(f"there is no field '{shows}'; there are: {', '.join(FIELDS)}")
        return shows


class Layout(BaseModel):
    """One layout. `reader`: a spreadsheet takes some texts for formulas, which are then written with an apostrophe before
    them; another system takes every text as it is. `unsure`: what has not been confirmed by whoever reads it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    version: int
    title: str
    documents: tuple[Document, ...]
    file: Literal["csv", "xlsx"]
    reader: Literal["spreadsheet", "system"]
    columns: tuple[Column, ...]
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    title_line: bool = False
    """The first line is the title; the names of the columns follow."""
    unsure: str = ""
    later: str = ""
    """The layout in which later notices follow a register in this one."""

    @property
    def header(self) -> list[str]:
        return [column.title for column in self.columns]

    @property
    def counts_lines(self) -> bool:
        """Each line says how many there are, so that all must be known before the first is written."""
        return any(column.shows == "lines in all" for column in self.columns)


@cache
def layouts() -> Mapping[tuple[str, int], Layout]:
    """Every version of every layout: what was supplied in an old one is made again in it."""
    read = (Layout.model_validate_json(path.read_bytes()) for path in sorted(FOLDER.glob("*.json")))
    return MappingProxyType({(layout.name, layout.version): layout for layout in read})


def newest(name: str) -> Layout | None:
    """The layout of this name that new copies are made in."""
    return max(
        (layout for layout in layouts().values() if layout.name == name), key=lambda each: each.version, default=None
    )
