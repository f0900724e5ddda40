"""Voter Authority Certificates: what one looks like, how long it serves, and when the council's record of it is destroyed.
[RPA 1983 s.13BD; SI 2022/1382; EC guidance on voter identification]"""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.dates import anniversary
from shared.law.rules import Refused, Rule

_SOURCE: Final = "RPA 1983 s.13BD; SI 2022/1382"
_BEGAN: Final = date(2023, 1, 16)

RENEW_BY_YEARS: Final = Dated(
    "years after which a Voter Authority Certificate should be renewed", Provision(10, _BEGAN, _SOURCE)
)
"""It does not expire: a polling station takes it as long as the likeness is good."""
NUMBER_LENGTH: Final = 20
KEPT_UNTIL_JULY: Final = Dated(
    "the 1 July after issue on which the record of a certificate is destroyed, counted",
    Provision(10, _BEGAN, "SI 2022/1382; EC guidance (record of a certificate)"),
)
TEMPORARY_KEPT_UNTIL_JULY: Final = Dated(
    "the 1 July after issue on which the record of a temporary certificate is destroyed, counted",
    Provision(2, _BEGAN, "SI 2022/1382; EC guidance (record of a temporary certificate)"),
)

NUMBER_WRONG: Final = Rule(
    "voter-card-number-wrong",
    f"The number of a Voter Authority Certificate has {NUMBER_LENGTH} letters and digits.",
    _SOURCE,
    "Enter the number as it is printed, without spaces.",
    invalid=True,
)


def renew_by(issued_on: date) -> date:
    """The day printed on a certificate."""
    return anniversary(issued_on, RENEW_BY_YEARS.on(issued_on))


def destroyed_on(issued_on: date, *, temporary: bool) -> date:
    """The 1 July on which the council's record goes. Where the day of issue is a 1 July, counting starts with the next."""
    count = (TEMPORARY_KEPT_UNTIL_JULY if temporary else KEPT_UNTIL_JULY).on(issued_on)
    first = date(issued_on.year, 7, 1)
    if issued_on >= first:
        first = anniversary(first, 1)
    return anniversary(first, count - 1)


def checked_number(printed: str) -> str:
    """The number without spaces, in capitals. Raises `Refused`."""
    number = "".join(printed.split()).upper()
    if len(number) != NUMBER_LENGTH or not (number.isascii() and number.isalnum()):
        raise Refused(NUMBER_WRONG)
    return number
