"""The lists of absent voters of a poll on paper, by polling district: tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Protocol

from services.registration.papers.registers import Group, RegisterPaper, long_date, pdf
from shared.events.values import ElectorNumber, PersonName
from shared.law.franchise import Marking

__all__ = ["paper", "pdf"]

TITLES = {
    "postal-voters": "Postal voters list",
    "proxies": "List of proxies",
    "proxy-postal-voters": "Proxy postal voters list",
}
HEADINGS = {
    "postal-voters": ("Number", "Until", "Elector", "Ballot paper sent to"),
    "proxies": ("Number", "Until", "Elector", "Proxy", "Proxy's address"),
    "proxy-postal-voters": ("Number", "Until", "Elector", "Proxy", "Ballot paper sent to"),
}


class Entry(Protocol):
    @property
    def number(self) -> ElectorNumber: ...
    @property
    def marking(self) -> Marking: ...
    @property
    def name(self) -> PersonName | None: ...


class Voter(Protocol):
    @property
    def line(self) -> Entry: ...
    @property
    def valid_until(self) -> date | None: ...
    @property
    def sent_to(self) -> Sequence[str]: ...
    @property
    def proxy_name(self) -> PersonName | None: ...
    @property
    def proxy_address(self) -> Sequence[str]: ...


def paper(kind: str, polling_day: date, voters: Iterable[Voter], *, emergency: bool = False) -> RegisterPaper:
    """One list of one poll; of an anonymous elector, number and period."""
    groups = [
        Group(f"Polling district {district}", tuple(_cells(kind, voter) for voter in there))
        for district, there in groupby(voters, key=lambda voter: voter.line.number.district)
    ]
    title = f"{TITLES[kind]}{': emergency appointments' if emergency else ''}, poll on {long_date(polling_day)}"
    count = sum(len(group.lines) for group in groups)
    return RegisterPaper(title, (f"Electors: {count}.",), HEADINGS[kind], tuple(groups), "There are none.")


def _cells(kind: str, voter: Voter) -> tuple[str, ...]:
    number, marking = voter.line.number, voter.line.marking
    letters = " ".join(part for part in (marking.before_name, str(voter.line.name or "")) if part)
    shown = (
        f"{number}{marking.after_number and ' ' + marking.after_number}",
        f"{voter.valid_until:%d/%m/%Y}" if voter.valid_until else "further notice",
        letters,
    )
    proxy = (str(voter.proxy_name or ""),)
    match kind:
        case "postal-voters":
            return (*shown, ", ".join(voter.sent_to))
        case "proxies":
            return (*shown, *proxy, ", ".join(voter.proxy_address))
        case _:
            return (*shown, *proxy, ", ".join(voter.sent_to))
