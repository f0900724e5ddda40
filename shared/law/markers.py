"""The letters that mark entries of imported registers, and which of them cannot stand. [RPR 2001 r.41A, r.42]

Our own entries get their marking from facts (`franchise.marker`); letters are read only where another system's register
comes in.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.polls import Country
from shared.law.rules import Rule

_SINCE: Final = date(2012, 1, 1)
_R42: Final = "RPR 2001 r.41A, r.42; EC guidance"

OBSOLETE: Final = Rule(
    "marker-obsolete",
    "K, E and U marked electors of European Parliament elections and of earlier law.",
    "RPR 2001 r.42 before 2020",
    then="Review the nationality of this elector, then drop the letter.",
)
NOT_IN_USE_HERE: Final = Rule(
    "marker-not-in-use",
    "This letter marks nobody on a register of this country on that day.",
    _R42,
    then="Review the facts about this elector: a G in England should have become B, or the entry have been removed.",
)
UNKNOWN_LETTER: Final = Rule(
    "marker-unknown",
    "No law gives this letter a meaning; it may be a code of the system that wrote the file.",
    _R42,
    then="Ask the supplier of the file; keep the letter with the import.",
)

_OBSOLETE_LETTERS: Final = frozenset("KEU")
_KNOWN_LETTERS: Final = frozenset("FLBGMN")
IN_USE: Final = {
    Country.ENGLAND: Dated(
        "markers in England",
        Provision(frozenset("FLGN"), _SINCE, _R42, until=date(2024, 5, 6)),
        Provision(frozenset("FLGBN"), date(2024, 5, 7), "SI 2023/1150, eligibility review", until=date(2025, 1, 31)),
        Provision(frozenset("FLBN"), date(2025, 2, 1), "SI 2023/1150"),
    ),
    Country.WALES: Dated("markers in Wales", Provision(frozenset("FLGBN"), _SINCE, _R42)),
    Country.SCOTLAND: Dated(
        "markers in Scotland", Provision(frozenset("FLGBMN"), _SINCE, "RP (Scotland) Regs 2001; EC")
    ),
}


def doubt(letter: str, country: Country, on: date) -> Rule | None:
    """Why an imported letter needs a review; None if it may stand. An empty marker always may."""
    if not letter:
        return None
    if letter in _OBSOLETE_LETTERS:
        return OBSOLETE
    if letter not in _KNOWN_LETTERS:
        return UNKNOWN_LETTER
    return None if country in IN_USE and letter in IN_USE[country].on(on) else NOT_IN_USE_HERE
