"""How alike two people on record are, in points of 100 with the reasons; and which pairs are worth comparing at all.

Points are added for what agrees and taken for what speaks against it, so that twins (another first name) and a father and
son of one name (another birth) stay apart, however much else they share. A likeness is a question to an officer, never an
answer: nobody is merged by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Final
from uuid import UUID

from rapidfuzz.distance import JaroWinkler

from services.registration.duplicates.nicknames import formal, interchangeable
from shared.events.values import PersonName

LIKELY: Final = 75
"""From here on an officer looks at the pair. Measured by `tests/test_likeness.py` on a labelled set."""
SURE: Final = 90
"""Nothing less than the same name and birth; enough to take an application for the answer to an invitation."""
_ALIKE: Final = 0.9
_VOWELS_AND_MORE: Final = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on record, folded for comparing: see `person`."""

    key: UUID
    first: str
    middle: str
    last: str
    birth: date | None
    property_id: UUID | None
    postcode: str
    sound: str
    """How the surname sounds."""
    first_sound: str
    nino: str = ""
    left: str = ""
    """The postcode that the person says to have left."""


@dataclass(frozen=True, slots=True)
class Likeness:
    score: int
    reasons: tuple[str, ...]


def person(
    key: UUID,
    name: PersonName,
    birth: date | None,
    property_id: UUID | None = None,
    postcode: str = "",
    *,
    nino: str = "",
    left: str = "",
) -> Person:
    """A person to compare. A person with one name has it as surname."""
    first, middle, last = (folded(part) for part in (name.first, name.middle, name.last))
    given = first.split(" ", 1)
    if len(given) == 2 and not middle:
        middle = given[1]
    return Person(
        key, given[0], middle, last, birth, property_id, bare(postcode), soundex(last), soundex(formal(given[0])),
        bare(nino), bare(left),
    )  # fmt: skip


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """`Ó Néill-Smith` -> `o neill smith`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain.replace("'", "").replace("’", "")))


def bare(text: str) -> str:
    """A postcode or NINO in capitals, without spaces and hyphens."""
    return "".join(text.upper().split()).replace("-", "")


@lru_cache(maxsize=65_536)
def soundex(name: str) -> str:
    """Russell's Soundex of a folded name: its first letter and three digits; letters with one sound share a digit."""
    letters = [c for c in name if "a" <= c <= "z"]
    if not letters:
        return ""
    code, before = [letters[0]], letters[0].translate(_VOWELS_AND_MORE)
    for letter in letters[1:]:
        digit = letter.translate(_VOWELS_AND_MORE)
        if digit.isdigit() and digit != before:
            code.append(digit)
        if letter not in "hw":
            before = digit
    return "".join(code[:4]).ljust(4, "0")


# ------------------------------------------------------------------- scoring


def likeness(one: Person, other: Person) -> Likeness:
    """How likely two records are of one person. Symmetric."""
    if one.nino and one.nino == other.nino:
        return Likeness(100, ("same-nino",))
    name_points, name_reasons = _names(one, other)
    birth_points, birth_reason = _births(one, other)
    middle_points, middle_reason = _middles(one.middle, other.middle)
    place_points, place_reason = _places(one, other)
    points = name_points + birth_points + middle_points + place_points
    reasons = (*name_reasons, birth_reason, middle_reason, place_reason)
    return Likeness(max(0, min(points, 100)), tuple(reason for reason in reasons if reason))


def _names(one: Person, other: Person) -> tuple[int, tuple[str, ...]]:
    if one.first != one.last and (one.first, one.last) == (other.last, other.first):
        return 50, ("names-reversed",)
    last_points, last_reason = _surnames(one.last, other.last)
    first_points, first_reason = _first_names(one.first, other.first)
    return last_points + first_points, (last_reason, first_reason)


def _surnames(one: str, other: str) -> tuple[int, str]:
    if one == other:
        return 30, "same-surname"
    if alike(one, other) >= _ALIKE:
        return 24, "surname-alike"
    if set(one.split()) & set(other.split()):
        return 22, "part-of-surname"  # one half of a double name
    return 5, "other-surname"


def _first_names(one: str, other: str) -> tuple[int, str]:
    if one == other:
        return 25, "same-first-name"
    if interchangeable(one, other):
        return 22, "short-form-of-name"
    if min(len(one), len(other)) == 1 and one[:1] == other[:1]:
        return 15, "initial"
    if alike(one, other) >= _ALIKE:
        return 20, "first-name-alike"
    return -40, "other-first-name"


def _births(one: Person, other: Person) -> tuple[int, str]:
    if one.birth is None or other.birth is None:
        at_home = one.property_id is not None and one.property_id == other.property_id
        return (10 if at_home else 0), "birth-unknown"
    if one.birth == other.birth:
        return 35, "same-birth"
    if (one.birth.year, one.birth.month, one.birth.day) == (other.birth.year, other.birth.day, other.birth.month):
        return 28, "day-and-month-exchanged"
    digits = zip(one.birth.isoformat(), other.birth.isoformat(), strict=True)
    if sum(a != b for a, b in digits) == 1:
        return 18, "birth-differs-in-a-digit"
    return -35, "other-birth"


def _middles(one: str, other: str) -> tuple[int, str]:
    if not one or not other:
        return 0, ""
    if one == other:
        return 5, "same-middle-name"
    if min(len(one), len(other)) == 1 and one[0] == other[0]:
        return 3, ""
    return (0, "") if alike(one, other) >= _ALIKE else (-15, "other-middle-name")


def _places(one: Person, other: Person) -> tuple[int, str]:
    if one.property_id is not None and one.property_id == other.property_id:
        return 10, "same-property"
    if (one.left and one.left == other.postcode) or (other.left and other.left == one.postcode):
        return 10, "left-that-address"
    if one.postcode and one.postcode == other.postcode:
        return 5, "same-postcode"
    return 0, "another-address"


def alike(one: str, other: str) -> float:
    """Jaro-Winkler similarity, from 0 to 1: kind to slips of the keyboard, above all late in a name."""
    return JaroWinkler.similarity(one, other)


# ------------------------------------------------------------------ blocking


def blocks(someone: Person) -> tuple[str, str, str]:
    """What another record must share, in one at least, to be compared: birth; postcode and sound of the surname; sound of
    both names. What is not known, or sounds like nothing in Latin letters, is shared with nobody."""
    return (
        f"b{someone.birth}" if someone.birth else f"?{someone.key}",
        f"p{someone.postcode}{someone.sound}" if someone.postcode else f"?{someone.key}",
        f"n{someone.sound}{someone.first_sound}" if someone.sound and someone.first_sound else f"?{someone.key}",
    )


def likely_pairs(block: Sequence[Person], which: int) -> Iterator[tuple[Person, Person, Likeness]]:
    """The likely pairs of people who share their block number `which`. A pair that shares an earlier one was met there,
    so over all blocks each pair comes once."""
    keyed = [(someone, blocks(someone)[:which]) for someone in block]
    for (one, earlier), (other, theirs) in combinations(keyed, 2):
        if any(a == b for a, b in zip(earlier, theirs, strict=True)):
            continue
        found = likeness(one, other)
        if found.score >= LIKELY:
            yield one, other, found
