"""What a copy shows of one elector: all that a field may print, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.events.values import AddressLines, ElectorNumber, PersonName
from shared.law.franchise import Marking

Change = Literal["", "addition", "removal", "amendment"]


@dataclass(frozen=True, slots=True)
class Home:
    """An address taken apart: `prefix` Flat 2, `number` 10, `street` Gorse Lane. A house without a number has only a prefix."""

    address: AddressLines
    prefix: str
    number: str
    street: str


JurorAge = Literal["", "under 18", "76 or over"]
ListKind = Literal["postal-voters", "proxies", "proxy-postal-voters"]


@dataclass(frozen=True, slots=True)
class AbsentVote:
    """The line of an elector in one list of absent voters. `sent_to`: where the ballot paper goes; of a proxy, who and where."""

    kind: ListKind
    valid_from: date
    valid_until: date | None
    sent_to: tuple[str, ...] = ()
    proxy: PersonName | None = None
    proxy_address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One elector as the copy may show them. An anonymous elector has neither name nor address; one whose address is not
    printed (RPR 2001 r.41) has no `home`. `change`: what a notice says of the entry."""

    number: ElectorNumber
    marking: Marking
    name: PersonName | None = None
    address: tuple[str, ...] = ()
    """As printed, postcode last."""
    home: Home | None = None
    change: Change = ""
    ends_on: date | None = None
    """Of an anonymous entry in the list of overseas electors."""
    absent: AbsentVote | None = None
    juror_age: JurorAge = ""
    """On the day of the copy, as far as it is known and matters for summoning jurors. [Juries Act 1974 s.3]"""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a copy says of itself in every line. `total`: lines in it, where a layout counts them; else 0."""

    authority: str
    on: date
    total: int = 0
