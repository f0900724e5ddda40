"""What an officer typed: read, checked, and kept for showing again with what is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from desk.asking import Refusal

KEY_FIELD, VERSION_FIELD = "key", "version"
_DATE = re.compile(r"(\d{1,2})[\s/.-]+(\d{1,2}|[A-Za-z]{3,9})[\s/.-]+(\d{4})|(\d{4})-(\d{2})-(\d{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NOT_A_DATE = "Enter a real date, such as 27/3/2026"


class Form:
    """The fields of a form. Reading one notes what is wrong with it in `errors`, by field; a page shows them together.

    `key` makes its command happen once however often the form is sent; `version` is what the officer saw.
    """

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values = values or {}
        self.errors: dict[str, str] = {}
        self.refusal: Refusal | None = None
        self.key = self.typed(KEY_FIELD) or str(uuid4())
        self.version = self.typed(VERSION_FIELD)

    def typed(self, name: str) -> str:
        """What stands in a field, as it was typed."""
        value = self._values.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def several(self, name: str) -> list[str]:
        """What is ticked of a list of choices."""
        many = getattr(self._values, "getlist", None)
        found = many(name) if many else self._values.get(name, [])
        return [value for value in ([found] if isinstance(found, str) else found) if isinstance(value, str) and value]

    def text(self, name: str, missing: str = "", longest: int = 4000) -> str:
        """A text; `missing` is what to say where it must not be empty."""
        value = self.typed(name)
        if not value and missing:
            self.errors[name] = missing
        elif len(value) > longest:
            self.errors[name] = f"Use at most {longest:,} characters"
        return value[:longest]

    def choice(self, name: str, among: Collection[str], missing: str) -> str:
        value = self.typed(name)
        if value not in among:
            self.errors[name] = missing
        return value

    def day(self, name: str, missing: str = "") -> date | None:
        """A typed date: 27/3/2026, 27 March 2026 or 2026-03-27."""
        value = self.typed(name)
        if not value:
            if missing:
                self.errors[name] = missing
            return None
        if (found := typed_date(value)) is None:
            self.errors[name] = NOT_A_DATE
        return found

    def number(self, name: str, missing: str = "", *, least: int = 0) -> int | None:
        """A whole number, with or without commas."""
        value = self.typed(name).replace(",", "")
        if not value and not missing:
            return None
        if not (value.isascii() and value.isdecimal() and len(value) < 19 and int(value) >= least):
            self.errors[name] = (missing if not value else "") or f"Enter a whole number from {least}"
            return None
        return int(value)

    def id(self, name: str, missing: str) -> UUID | None:
        try:
            return UUID(self.typed(name))
        except ValueError:
            self.errors[name] = missing
            return None

    def file(self, name: str, missing: str) -> UploadFile | None:
        value = self._values.get(name)
        if isinstance(value, UploadFile) and value.filename:
            return value
        self.errors[name] = missing
        return None

    def refused(self, refusal: Refusal) -> None:
        """Show why the service refused, at the fields that it names where they are this form's."""
        self.refusal = refusal
        self.errors |= {name: message for name, message in refusal.errors.items() if name in self._values}

    @property
    def well(self) -> bool:
        return not self.errors and self.refusal is None


def typed_date(text: str) -> date | None:
    """The day that was typed, or nothing where there is no such day."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year, *iso = found.groups()
    if iso[0]:
        year, month, day = iso
    if not month.isdecimal():
        if month[:3].lower() not in _MONTHS:
            return None
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


async def sent(request: Request) -> Form:
    return Form(await request.form())


Sent = Annotated[Form, Depends(sent)]
"""Parameter of a route: the form that was sent."""
