"""What members' allowances come to, in pence: days of a term, monthly instalments, broken months, several offices, forgoing.

The year runs from 1 April to 31 March; a part year is paid by days [SI 2003/1021 reg.4(3), 5(4)]. How the sum is spread over
the months is the council's practice (`Practice`), and so is the limit on special responsibility allowances (SRAs).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

BASIC: Final = "basic"
"""The office every member holds: its allowance is the basic allowance, equal for all. [reg.4]"""
CO_OPTEE: Final = "co-optee"
"""Somebody co-opted, who is not a councillor: an allowance of its own kind, outside the limit on SRAs. [reg.9]"""
MONTHS: Final = 12
LONGEST_INDEX_YEARS: Final = 4
"""An index runs no longer than this without fresh advice of the panel. [reg.10(5)]"""
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AllowanceYear:
    """The year that begins on 1 April of `begins`. Its months are numbered from 1 (April) to 12 (March)."""

    begins: int

    @classmethod
    def of(cls, day: date) -> AllowanceYear:
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def first(self) -> date:
        return date(self.begins, 4, 1)

    @property
    def last(self) -> date:
        return date(self.begins + 1, 3, 31)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def month_begins(self, month: int) -> date:
        """The first day of a month; month 13 begins the next year."""
        return date(self.begins + (month + 2) // 12, (month + 2) % 12 + 1, 1)

    def month_ends(self, month: int) -> date:
        return self.month_begins(month + 1) - ONE_DAY

    def month_of(self, day: date) -> int:
        """The number of the month of a day of this year."""
        return (day.year - self.begins) * 12 + day.month - 3


def is_special(office: str) -> bool:
    """Whether an office is a special responsibility. [reg.5]"""
    return office not in (BASIC, CO_OPTEE)


@dataclass(frozen=True, slots=True)
class Spell:
    """One office held without a break, first and last day included; `last` is None while it is held."""

    office: str
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class RateCard:
    """What each office brings a year, in pence, from `since` until the next card.

    An office is a role (`leader`), or a role in one body (`chair:<id of the body>`), for which the rate of the role
    stands in when the body has none of its own.
    """

    since: date
    annual: Mapping[str, int]

    def of(self, office: str) -> int:
        """The annual amount of an office; 0 when the scheme has no rate for it."""
        own = self.annual.get(office)
        return own if own is not None else self.annual.get(office.partition(":")[0], 0)


@dataclass(frozen=True, slots=True)
class Forgoing:
    """A member gives up `percent` of what falls into these days, by written notice; no `offices` means all. [reg.13]"""

    percent: int
    first: date
    last: date | None = None
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OneSra:
    """How many special responsibility allowances, highest first, a member draws in full; the others at `further` percent."""

    full: int = 1
    further: int = 0


ChangeDay = Literal["incoming", "outgoing"]
"""Which office a day counts for on which a member leaves one and takes another."""
BrokenMonth = Literal["statutory-balance", "days-in-month"]
"""What a part month pays: the rest of the sum by days, so that the year equals the statutory sum; or its share of the month."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What the council's scheme settles where the Regulations leave it open."""

    one_sra: OneSra | None = OneSra()
    """None: every SRA is drawn in full."""
    change_day: ChangeDay = "incoming"
    broken_month: BrokenMonth = "statutory-balance"


@dataclass(frozen=True, slots=True)
class Segment:
    """Days of one year over which one office is paid at one annual rate (pence)."""

    office: str
    first: date
    last: date
    annual: int


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest whole, halves up; for amounts that are not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def entitlement(annual: int, first: date, last: date) -> int:
    """The statutory sum of a part year: the annual amount by days, both ends included. [reg.4(3), 5(4)]"""
    return half_up(annual * ((last - first).days + 1), AllowanceYear.of(first).days)


def instalment(annual: int, month: int) -> int:
    """A whole month's pay: twelve of them are the annual amount to the penny."""
    return half_up(annual * month, MONTHS) - half_up(annual * (month - 1), MONTHS)


def indexed(annual: int, basis_points: int) -> int:
    """An annual amount raised by an index; 320 basis points are 3.2 per cent."""
    return half_up(annual * (10_000 + basis_points), 10_000)


def segments(
    year: AllowanceYear, spells: Iterable[Spell], cards: Sequence[RateCard], practice: Practice
) -> list[Segment]:
    """One member's year cut where an office, a rate or the order of their SRAs changes. `cards` ascend by `since`.

    An office that the scheme has no rate for brings nothing and is left out.
    """
    held = list(_clipped(year, _by_change_day(list(spells), practice.change_day)))
    cuts = {year.first, year.last + ONE_DAY}
    cuts |= {cut for spell in held for cut in (spell.first, _end(spell, year) + ONE_DAY)}
    cuts |= {card.since for card in cards if year.first < card.since <= year.last}
    found: dict[str, list[Segment]] = {}
    for first, after in pairwise(sorted(cuts)):
        offices = {spell.office for spell in held if spell.first <= first <= _end(spell, year)}
        for office, annual in _drawn(offices, _card_on(cards, first), practice.one_sra):
            _extend(found.setdefault(office, []), Segment(office, first, after - ONE_DAY, annual))
    return [segment for office in found.values() for segment in office]


def monthly(segment: Segment, practice: Practice) -> list[int]:
    """What each of the twelve months pays for a segment."""
    year = AllowanceYear.of(segment.first)
    if practice.broken_month == "days-in-month":
        return [_share_of_month(year, month, segment) for month in range(1, MONTHS + 1)]
    due = [0, *(_due(year, month, segment) for month in range(1, MONTHS + 1))]
    return [after - before for before, after in pairwise(due)]


def payable(
    year: AllowanceYear,
    spells: Iterable[Spell],
    cards: Sequence[RateCard],
    practice: Practice,
    forgoings: Sequence[Forgoing] = (),
) -> dict[str, list[int]]:
    """What one member is due in each of the twelve months, by office, less what they forgo."""
    sums: dict[str, list[int]] = {}
    for segment in segments(year, spells, cards, practice):
        months = sums.setdefault(segment.office, [0] * MONTHS)
        for index, pence in enumerate(monthly(segment, practice)):
            months[index] += pence - _forgone(year, index + 1, segment, pence, forgoings)
    return sums


# ---------------------------------------------------------------- cutting a year


def _by_change_day(spells: list[Spell], change_day: ChangeDay) -> Iterator[Spell]:
    """On a day that ends one special office and begins another, only one of them counts."""
    special = [spell for spell in spells if is_special(spell.office)]
    for spell in spells:
        others = [other for other in special if other is not spell] if is_special(spell.office) else []
        ends = any(other.first == spell.last for other in others)
        begins = any(other.last == spell.first for other in others)
        if ends and change_day == "incoming" and spell.last is not None:
            yield Spell(spell.office, spell.first, spell.last - ONE_DAY)
        elif begins and change_day == "outgoing":
            yield Spell(spell.office, spell.first + ONE_DAY, spell.last)
        else:
            yield spell


def _clipped(year: AllowanceYear, spells: Iterable[Spell]) -> Iterator[Spell]:
    for spell in spells:
        first, last = max(spell.first, year.first), min(spell.last or year.last, year.last)
        if first <= last:
            yield Spell(spell.office, first, last)


def _end(spell: Spell, year: AllowanceYear) -> date:
    return spell.last or year.last


def _card_on(cards: Sequence[RateCard], day: date) -> RateCard:
    return next((card for card in reversed(cards) if card.since <= day), RateCard(day, {}))


def _drawn(offices: set[str], card: RateCard, limit: OneSra | None) -> Iterator[tuple[str, int]]:
    """The offices of a day with what each brings a year, after the limit on SRAs."""
    paid = [(office, annual) for office in sorted(offices) if (annual := card.of(office))]
    special = sorted((pair for pair in paid if is_special(pair[0])), key=lambda pair: (-pair[1], pair[0]))
    yield from (pair for pair in paid if not is_special(pair[0]))
    for rank, (office, amount) in enumerate(special):
        if limit is None or rank < limit.full:
            yield office, amount
        elif limit.further:
            yield office, half_up(amount * limit.further, 100)


def _extend(segments_of_office: list[Segment], next_: Segment) -> None:
    if segments_of_office:
        last = segments_of_office[-1]
        if last.last + ONE_DAY == next_.first and last.annual == next_.annual:
            segments_of_office[-1] = Segment(last.office, last.first, next_.last, last.annual)
            return
    segments_of_office.append(next_)


# ------------------------------------------------------------ spreading it over months


def _due(year: AllowanceYear, month: int, segment: Segment) -> int:
    """What is due from the first day of a segment to the end of a month.

    Whole months pay instalments; the broken month pays the rest of the sum by days. Where both ends are broken the first
    pays its days, and the last the rest.
    """
    begins, ends = year.month_of(segment.first), year.month_of(segment.last)
    if month < begins:
        return 0
    if month >= ends:
        return entitlement(segment.annual, segment.first, segment.last)
    if segment.first == year.month_begins(begins):
        return _instalments(segment.annual, begins, month)
    if segment.last == year.month_ends(ends):
        broken = entitlement(segment.annual, segment.first, segment.last) - _instalments(
            segment.annual, begins + 1, ends
        )
    else:
        broken = entitlement(segment.annual, segment.first, year.month_ends(begins))
    return broken + _instalments(segment.annual, begins + 1, month)


def _instalments(annual: int, first: int, last: int) -> int:
    return half_up(annual * last, MONTHS) - half_up(annual * (first - 1), MONTHS)


def _share_of_month(year: AllowanceYear, month: int, segment: Segment) -> int:
    begins, ends = year.month_begins(month), year.month_ends(month)
    days = _overlap(begins, ends, segment.first, segment.last)
    return half_up(instalment(segment.annual, month) * days, (ends - begins).days + 1)


def _forgone(year: AllowanceYear, month: int, segment: Segment, pence: int, forgoings: Sequence[Forgoing]) -> int:
    """What a member gives up of a month's pay: by the days of the month in which the office was held and forgone."""
    first, last = max(segment.first, year.month_begins(month)), min(segment.last, year.month_ends(month))
    if first > last or pence <= 0:
        return 0
    weight = sum(
        forgoing.percent * _overlap(first, last, forgoing.first, forgoing.last or year.last)
        for forgoing in forgoings
        if not forgoing.offices or segment.office in forgoing.offices
    )
    return min(pence, half_up(pence * weight, 100 * ((last - first).days + 1)))


def _overlap(first: date, last: date, other_first: date, other_last: date) -> int:
    return max(0, (min(last, other_last) - max(first, other_first)).days + 1)
