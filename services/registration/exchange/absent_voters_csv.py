"""The lists of absent voters of a poll as CSV: one line an elector, addresses in seven cells of which the last is the postcode.

UTF-8 without BOM, CRLF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from shared.events.values import ElectorNumber, PersonName
from shared.law.franchise import Marking

ADDRESS_LINES = 6
VOTER = (
    "Elector Number Prefix", "Elector Number", "Elector Number Suffix", "Elector Markers", "Elector Surname",
    "Elector Forename", "From", "Until",
)  # fmt: skip
PROXY = ("Proxy Surname", "Proxy Forename", *(f"Proxy Address{n}" for n in range(1, 7)), "Proxy PostCode")
SENT_TO = (*(f"Sent To {n}" for n in range(1, 7)), "Sent To PostCode")
COLUMNS = {
    "postal-voters": (*VOTER, *SENT_TO),
    "proxies": (*VOTER, *PROXY),
    "proxy-postal-voters": (*VOTER, *PROXY, *SENT_TO),
}
"""By the name of the list."""


class Entry(Protocol):
    @property
    def number(self) -> ElectorNumber: ...
    @property
    def marking(self) -> Marking: ...
    @property
    def name(self) -> PersonName | None: ...


class Voter(Protocol):
    """One line. Of an anonymous elector, everything but number and period is empty."""

    @property
    def line(self) -> Entry: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...
    @property
    def sent_to(self) -> Sequence[str]: ...
    @property
    def proxy_name(self) -> PersonName | None: ...
    @property
    def proxy_address(self) -> Sequence[str]: ...


def cells(kind: str, voter: Voter) -> list[str]:
    """The cells of `COLUMNS[kind]`."""
    number, marking = voter.line.number, voter.line.marking
    until = f"{voter.valid_until:%d/%m/%Y}" if voter.valid_until else ""
    shown = [
        str(number.district), str(number.number), str(number.suffix), marking.before_name + marking.after_number,
        *_named(voter.line.name), f"{voter.valid_from:%d/%m/%Y}", until,
    ]  # fmt: skip
    if kind != "postal-voters":
        shown += [*_named(voter.proxy_name), *_placed(voter.proxy_address)]
    if kind != "proxies":
        shown += _placed(voter.sent_to)
    return shown


def _named(name: PersonName | None) -> Iterator[str]:
    yield name.last if name else ""
    yield " ".join(part for part in (name.first, name.middle) if part) if name else ""


def _placed(address: Sequence[str]) -> list[str]:
    *lines, last = address or ("",)
    if last and not any(character.isdigit() for character in last):  # an address without a postcode
        lines, last = [*lines, last], ""
    return [*lines[:ADDRESS_LINES], *[""] * (ADDRESS_LINES - len(lines)), last]
