"""The scheme of members' allowances: adopted for a year, amended, indexed. [SI 2003/1021 reg.4-5, 10, 19]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.finance import RatesIndexed, SchemeAdopted, SchemeAmended, SchemeEvent
from shared.events.values_finance import Rate, Rates, SchemePractice
from shared.law.allowances import BASIC, LONGEST_INDEX_YEARS, AllowanceYear, OneSra, Practice, RateCard, indexed

# --------------------------------------------------------------------- rules

BEGINS_A_YEAR = Rule(
    "scheme-begins-a-year",
    "A scheme is made for a year, which begins on 1 April.",
    "SI 2003/1021 reg.10(1)",
    "Let it begin on 1 April, or amend the scheme that stands.",
    invalid=True,
)
MADE_BEFORE = Rule(
    "scheme-made-before-its-year",
    "A scheme is made before the beginning of its year.",
    "SI 2003/1021 reg.10(1)",
    "Amend the scheme that stands instead.",
    invalid=True,
)
PANEL_FIRST = Rule(
    "panel-reports-first",
    "Before it makes or amends a scheme the council has regard to the recommendations of its independent panel.",
    "SI 2003/1021 reg.19",
    "Enter the day of the panel's report; it cannot be after the council's decision.",
    invalid=True,
)
BASIC_NEEDED = Rule(
    "basic-allowance-needed",
    "A scheme provides for a basic allowance, the same for every member.",
    "SI 2003/1021 reg.4",
    "Enter what `basic` brings a year.",
    invalid=True,
)
RATES_UNCLEAR = Rule(
    "rates-unclear",
    "Every office has one rate: pence a year, not negative, below ten million pounds.",
    "SI 2003/1021 reg.4-5, 9",
    "Enter each office once.",
    invalid=True,
)
SHARE_UNCLEAR = Rule(
    "share-out-of-range",
    "Further special responsibility allowances are paid at 0 to 100 per cent, after none or more in full.",
    "Council's scheme",
    "Enter a percentage from 0 to 100.",
    invalid=True,
)
INDEX_TOO_LONG = Rule(
    "index-too-long",
    "A scheme relies on an index for at most four years before it seeks fresh advice of its panel.",
    "SI 2003/1021 reg.10(5)",
    "Let the index end within four years.",
    invalid=True,
)
NO_SCHEME = Rule(
    "no-scheme", "There is no scheme yet.", "SI 2003/1021 reg.4(1)", "Enter the scheme that the council adopted."
)
SCHEME_STANDS = Rule(
    "scheme-stands",
    "There is another scheme for this year already.",
    "SI 2003/1021 reg.10(2)-(3)",
    "Amend it; a new scheme begins with another year.",
)
BACKDATED = Rule(
    "backdated-too-far",
    "An amendment or an index holds from the beginning of the year in which it is made at the earliest.",
    "SI 2003/1021 reg.10(6)",
    "Let it hold from 1 April of that year, or later.",
    invalid=True,
)
NOT_THE_INDEX = Rule(
    "not-the-schemes-index",
    "The scheme does not name this index.",
    "SI 2003/1021 reg.10(4)",
    "Use the scheme's own index, or amend the scheme after the panel's report.",
)
INDEX_RAN_OUT = Rule(
    "index-ran-out",
    "The index has run out: the panel must advise afresh.",
    "SI 2003/1021 reg.10(5)",
    "Amend the scheme after the panel's report.",
)

MOST_ANNUAL: Final = 10**9
"""Pence: more is a slip of the keyboard, not an allowance."""

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class AdoptScheme:
    effective_from: date
    adopted_on: date
    rates: tuple[Rate, ...]
    panel_reported_on: date
    practice: SchemePractice
    index: str = ""
    index_until: date | None = None


@dataclass(frozen=True, slots=True)
class AmendScheme:
    effective_from: date
    amended_on: date
    rates: tuple[Rate, ...]
    panel_reported_on: date
    practice: SchemePractice


@dataclass(frozen=True, slots=True)
class ApplyIndex:
    """320 `basis_points` raise by 3.2 per cent."""

    effective_from: date
    applied_on: date
    index: str
    basis_points: int


Command = AdoptScheme | AmendScheme | ApplyIndex

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NoScheme:
    pass


@dataclass(frozen=True, slots=True)
class Scheme:
    """`rates` ascend by the day since when they hold."""

    rates: tuple[Rates, ...]
    practice: SchemePractice
    index: str
    index_until: date | None

    def cards(self) -> tuple[RateCard, ...]:
        """The rates as the arithmetic of allowances takes them."""
        return tuple(RateCard(r.since, {rate.office: rate.annual for rate in r.rates}) for r in self.rates)

    def law(self) -> Practice:
        """The practice as the arithmetic of allowances takes it."""
        p = self.practice
        limit = None if p.special_in_full is None else OneSra(p.special_in_full, p.special_further)
        return Practice(limit, p.change_day, p.broken_month)


def decide(command: Command, scheme: NoScheme | Scheme) -> Sequence[SchemeEvent]:
    match command:
        case AdoptScheme():
            return adopt(command, scheme)
        case AmendScheme(effective_from, amended_on, rates, panel_reported_on, practice):
            existing(scheme)
            not_backdated(effective_from, amended_on)
            complete(rates, practice, panel_reported_on, amended_on)
            return [SchemeAmended(effective_from, amended_on, rates, panel_reported_on, practice)]
        case ApplyIndex():
            return apply_index(command, existing(scheme))
        case _:
            assert_never(command)


def adopt(command: AdoptScheme, scheme: NoScheme | Scheme) -> Sequence[SchemeEvent]:
    begins = command.effective_from
    if (begins.month, begins.day) != (4, 1):
        raise Refused(BEGINS_A_YEAR)
    if command.adopted_on >= begins:
        raise Refused(MADE_BEFORE)
    complete(command.rates, command.practice, command.panel_reported_on, command.adopted_on)
    if (until := command.index_until) is not None:
        longest = begins.year + LONGEST_INDEX_YEARS, begins.month, begins.day
        if (until.year, until.month, until.day) >= longest:
            raise Refused(INDEX_TOO_LONG)
    if isinstance(scheme, Scheme) and any(r.since >= begins for r in scheme.rates):
        raise Refused(SCHEME_STANDS)
    return [
        SchemeAdopted(
            begins, command.adopted_on, command.rates, command.panel_reported_on, command.practice, command.index,
            command.index_until,
        )
    ]  # fmt: skip


def apply_index(command: ApplyIndex, scheme: Scheme) -> Sequence[SchemeEvent]:
    begins = command.effective_from
    if not scheme.index or command.index != scheme.index:
        raise Refused(NOT_THE_INDEX)
    if scheme.index_until is not None and begins > scheme.index_until:
        raise Refused(INDEX_RAN_OUT)
    not_backdated(begins, command.applied_on)
    in_force = [r for r in scheme.rates if r.since <= begins][-1:]
    later = [r for r in scheme.rates if r.since > begins]
    raised = tuple(
        Rates(
            max(r.since, begins),
            tuple(Rate(rate.office, indexed(rate.annual, command.basis_points)) for rate in r.rates),
        )
        for r in (*in_force, *later)
    )
    return [RatesIndexed(begins, command.applied_on, command.index, command.basis_points, raised)]


def existing(scheme: NoScheme | Scheme) -> Scheme:
    match scheme:
        case Scheme():
            return scheme
        case NoScheme():
            raise Refused(NO_SCHEME)
        case _:
            assert_never(scheme)


def not_backdated(effective_from: date, decided_on: date) -> None:
    if effective_from < AllowanceYear.of(decided_on).first:
        raise Refused(BACKDATED)


def complete(rates: Sequence[Rate], practice: SchemePractice, panel_reported_on: date, decided_on: date) -> None:
    if panel_reported_on > decided_on:
        raise Refused(PANEL_FIRST)
    offices = [rate.office for rate in rates]
    if len(set(offices)) != len(offices) or any(not 0 <= rate.annual < MOST_ANNUAL for rate in rates):
        raise Refused(RATES_UNCLEAR)
    if not any(rate.office == BASIC and rate.annual > 0 for rate in rates):
        raise Refused(BASIC_NEEDED)
    if not 0 <= practice.special_further <= 100 or not 0 <= (practice.special_in_full or 0) <= 100:
        raise Refused(SHARE_UNCLEAR)


def evolve(scheme: NoScheme | Scheme, event: SchemeEvent) -> Scheme:
    before = scheme.rates if isinstance(scheme, Scheme) else ()
    kept = tuple(r for r in before if r.since < event.effective_from)
    match event:
        case SchemeAdopted():
            return Scheme(
                (*kept, Rates(event.effective_from, event.rates)), event.practice, event.index, event.index_until
            )
        case SchemeAmended():
            amended = (*kept, Rates(event.effective_from, event.rates))
            return replace(existing(scheme), rates=amended, practice=event.practice)
        case RatesIndexed():
            return replace(existing(scheme), rates=(*kept, *event.rates))
        case _:
            assert_never(event)


schemes: Decider[Command, NoScheme | Scheme, SchemeEvent] = Decider("allowance-scheme", NoScheme(), decide, evolve)
