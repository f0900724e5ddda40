"""Identifiers that applications and gazetteers carry: what each may look like, and its one normal form.

Each function returns the normal form or raises `Refused`. The value itself never appears in a refusal: it may be
personal data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, NewType

from shared.law.dates import anniversary
from shared.law.rules import Refused, Rule

Nino = NewType("Nino", str)
"""Nine characters, or eight without the suffix: `AB123456C`."""

Uprn = NewType("Uprn", str)
"""Up to twelve digits without leading zeros, so that equal numbers are equal strings."""

GssCode = NewType("GssCode", str)
Postcode = NewType("Postcode", str)
"""Upper case with one space before the last three characters."""

NINO_IMPOSSIBLE: Final = Rule(
    "nino-impossible",
    "This cannot be a National Insurance number.",
    "RPR 2001 r.26(1)(e); HMRC manual NIM39110",
    then="Ask the applicant for the number, or for the reason why it cannot be given.",
    invalid=True,
)
UPRN_IMPOSSIBLE: Final = Rule(
    "uprn-impossible",
    "A UPRN is a number of 1 to 12 digits.",
    "BS 7666; GeoPlace",
    then="Take the number from the gazetteer, or leave it empty.",
    invalid=True,
)
GSS_CODE_IMPOSSIBLE: Final = Rule(
    "gss-code-impossible",
    "A GSS code is a letter and eight digits.",
    "ONS Government Statistical Service coding",
    invalid=True,
)
POSTCODE_IMPOSSIBLE: Final = Rule(
    "postcode-impossible", "This is not a postcode of the United Kingdom.", "BS 7666; Royal Mail PAF", invalid=True
)
ELECTOR_NUMBER_IMPOSSIBLE: Final = Rule(
    "elector-number-impossible",
    "An elector number is the letters of a polling district, a hyphen and a number, such as AB-123 or AB-123/1.",
    "RPR 2001 r.38-41",
    invalid=True,
)
BIRTHDAY_IN_THE_FUTURE: Final = Rule(
    "birthday-in-the-future",
    "The date of birth lies after the day of the application.",
    "RPR 2001 r.26(1)(d)",
    then="Ask the applicant for the date of birth.",
    invalid=True,
)
BIRTHDAY_TOO_LONG_AGO: Final = Rule(
    "birthday-too-long-ago",
    "The date of birth lies more than 120 years back.",
    "Plausibility check, RPR 2001 r.26(1)(d)",
    then="Ask the applicant for the date of birth.",
    invalid=True,
)

OLDEST_AGE: Final = 120
"""Years; nobody in the United Kingdom has lived longer than 115."""

_NINO: Final = re.compile(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-DFM]?", re.ASCII)
_PREFIXES_NEVER_ISSUED: Final = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
_POSTCODE: Final = re.compile(r"GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", re.ASCII)
_ELECTOR_NUMBER: Final = re.compile(r"([A-Z][A-Z0-9]{0,5})-(\d{1,6})(?:/(\d{1,3}))?", re.ASCII)


def nino(text: str) -> Nino:
    """`ab 12-34 56 c` -> `AB123456C`. Raises `Refused` for a number that cannot be."""
    number = re.sub(r"[\s-]", "", text).upper()
    if not _NINO.fullmatch(number) or number[:2] in _PREFIXES_NEVER_ISSUED:
        raise Refused(NINO_IMPOSSIBLE)
    return Nino(number)


def uprn(text: str) -> Uprn:
    """`010001234567` -> `10001234567`. Raises `Refused`."""
    digits = text.strip()
    if not re.fullmatch(r"\d{1,12}", digits, re.ASCII) or int(digits) == 0:
        raise Refused(UPRN_IMPOSSIBLE)
    return Uprn(str(int(digits)))


def gss_code(text: str) -> GssCode:
    """`e07000041` -> `E07000041`. Raises `Refused`."""
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z]\d{8}", code, re.ASCII):
        raise Refused(GSS_CODE_IMPOSSIBLE)
    return GssCode(code)


def postcode(text: str) -> Postcode:
    """`ex43pu` -> `EX4 3PU`. Checks the shape only; whether it exists is for the gazetteer. Raises `Refused`."""
    characters = re.sub(r"\s", "", text).upper()
    normal = f"{characters[:-3]} {characters[-3:]}"
    if not _POSTCODE.fullmatch(normal):
        raise Refused(POSTCODE_IMPOSSIBLE)
    return Postcode(normal)


@dataclass(frozen=True, slots=True, order=True)
class ElectorNumber:
    """A place on the register: polling district, number in its part, suffix of an entry added between two (0: none).

    Not an identity: a revised register renumbers.
    """

    district: str
    number: int
    suffix: int = 0

    def __post_init__(self) -> None:
        if not _ELECTOR_NUMBER.fullmatch(str(self)) or self.number == 0:
            raise Refused(ELECTOR_NUMBER_IMPOSSIBLE)

    @classmethod
    def parse(cls, text: str) -> ElectorNumber:
        """`AB-123/1` -> district AB, number 123, suffix 1. Raises `Refused`."""
        match = _ELECTOR_NUMBER.fullmatch(text.strip().upper())
        if match is None:
            raise Refused(ELECTOR_NUMBER_IMPOSSIBLE)
        return cls(match[1], int(match[2]), int(match[3] or 0))

    def __str__(self) -> str:
        return f"{self.district}-{self.number}" + (f"/{self.suffix}" if self.suffix else "")


def date_of_birth(born: date, on: date) -> date:
    """`born`, if somebody born that day can apply on `on`. Raises `Refused`."""
    if born > on:
        raise Refused(BIRTHDAY_IN_THE_FUTURE)
    if anniversary(born, OLDEST_AGE) < on:
        raise Refused(BIRTHDAY_TOO_LONG_AGO)
    return born
