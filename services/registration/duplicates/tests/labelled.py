"""A register of invented people in which it is known who is on it twice, and who only seems to be.

Drawn from a seed, so the same for everybody. Duplicates: the same, with slips in names, nicknames, initials, exchanged or
mistyped births, another surname or address. Traps: twins, father and son of one name, namesakes, neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from services.registration.duplicates.likeness import Person, person
from services.registration.duplicates.nicknames import GROUPS
from shared.events.values import PersonName

_COMMON = """smith jones taylor brown williams wilson johnson davies patel robinson wright thompson evans walker white
roberts green hall wood harris martin jackson clarke lewis hill baker moore cooper ward turner khan hughes edwards morris"""
_STARTS = """ash brad bur car clif cot dal dun ed far gil had har hol kel lang mar mel nor oak pem rad row san thorn wal
whit"""
_ENDS = "bourne by combe dale den field ford ham hurst land ley more ridge shaw stead stone ton wick wood worth"
STEMS = _COMMON.split()
SURNAMES = [start + end for start in _STARTS.split() for end in _ENDS.split()]


@dataclass(frozen=True, slots=True)
class Record:
    """One entry: `someone` says who it truly is."""

    key: UUID
    someone: int
    name: PersonName
    birth: date | None
    home: UUID
    postcode: str

    def person(self) -> Person:
        return person(self.key, self.name, self.birth, self.home, self.postcode)


def register(people: int, seed: int = 1) -> list[Record]:
    """Some `people` entries with about one duplicate in fifty and as many traps, in no order."""
    draw, records = Random(seed), []
    homes = people // 2
    for someone in range(people):
        record = Record(_id(draw), someone, _name(draw), _birth(draw), *_home(draw, homes))
        records.append(record)
        chance = draw.random()
        if chance < 0.02:
            records.append(_again(record, draw, homes))
        elif chance < 0.04:
            records.append(_another(record, people + someone, draw))
    draw.shuffle(records)
    return records


def truth(records: list[Record]) -> set[frozenset[UUID]]:
    """The pairs that are one person."""
    first: dict[int, UUID] = {}
    return {frozenset((first[r.someone], r.key)) for r in records if first.setdefault(r.someone, r.key) != r.key}


def _id(draw: Random) -> UUID:
    return UUID(int=draw.getrandbits(128))


def _name(draw: Random) -> PersonName:
    first = draw.choice(GROUPS)[0]
    last = draw.choice(STEMS) if draw.random() < 0.4 else draw.choice(SURNAMES)
    middle = draw.choice(GROUPS)[0] if draw.random() < 0.6 else ""
    return PersonName(first.title(), last.title(), middle.title())


def _birth(draw: Random) -> date:
    return date(1930, 1, 1) + timedelta(days=draw.randrange(28_000))


def _home(draw: Random, homes: int) -> tuple[UUID, str]:
    home = draw.randrange(homes)
    return UUID(int=home + 1), f"ZZ{home // 200} {home // 15 % 10}AA"


def _again(record: Record, draw: Random, homes: int) -> Record:
    """The same person on record once more."""
    again = replace(record, key=_id(draw))
    name, birth = record.name, record.birth
    slip = draw.choice(
        ["none", "moved", "moved", "nickname", "typo", "typo", "initial", "exchanged", "digit", "married", "reversed"]
    )
    match slip:
        case "moved":
            home, postcode = _home(draw, homes)
            return replace(again, home=home, postcode=postcode)
        case "nickname":
            group = next(group for group in GROUPS if group[0] == name.first.lower())
            return replace(again, name=replace(name, first=draw.choice(group[1:]).title(), middle=""))
        case "typo":
            home, postcode = _home(draw, homes) if draw.random() < 0.5 else (record.home, record.postcode)
            return replace(again, name=replace(name, last=_mistyped(name.last, draw)), home=home, postcode=postcode)
        case "initial":
            return replace(again, name=replace(name, first=name.first[0], middle=name.middle[:1]))
        case "exchanged" if birth and birth.day <= 12:
            return replace(again, birth=birth.replace(month=birth.day, day=birth.month))
        case "digit" if birth:
            return replace(
                again, birth=birth.replace(year=birth.year + draw.choice([-10, 1, 10]), day=min(birth.day, 28))
            )
        case "married":
            return replace(again, name=replace(name, last=draw.choice(SURNAMES).title()))
        case "reversed":
            return replace(again, name=PersonName(name.last, name.first, name.middle))
        case _:
            return again


def _another(record: Record, someone: int, draw: Random) -> Record:
    """Somebody else who looks like the same."""
    other = replace(record, key=_id(draw), someone=someone)
    match draw.choice(["twin", "father", "namesake", "spouse"]):
        case "twin":
            return replace(other, name=replace(record.name, first=_unlike(record.name.first, draw), middle=""))
        case "father":
            older = (record.birth or date(1980, 1, 1)) - timedelta(days=draw.randrange(7_000, 14_000))
            return replace(other, birth=older)
        case "namesake":
            home, postcode = UUID(int=draw.getrandbits(64)), "ZY1 1AA"
            return replace(other, birth=_birth(draw), home=home, postcode=postcode)
        case _:
            return replace(
                other, name=PersonName(_unlike(record.name.first, draw), record.name.last), birth=_birth(draw)
            )


def _unlike(first: str, draw: Random) -> str:
    while (other := draw.choice(GROUPS)[0].title()) == first:
        pass
    return other


def _mistyped(word: str, draw: Random) -> str:
    at = draw.randrange(1, len(word) - 1)
    match draw.choice(["dropped", "doubled", "exchanged", "other"]):
        case "dropped":
            return word[:at] + word[at + 1 :]
        case "doubled":
            return word[:at] + word[at] + word[at:]
        case "exchanged":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            return word[:at] + draw.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]
