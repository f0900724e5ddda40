"""What one member is entitled to: the offices they hold, day by day, and what they forgo. [SI 2003/1021 reg.4-5, 13]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.finance import (
    AllowanceForgone,
    EntitlementEnded,
    EntitlementEvent,
    EntitlementStarted,
    ForgoingEnded,
)
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.law.allowances import ONE_DAY, Forgoing, Spell, is_special

# --------------------------------------------------------------------- rules

ALREADY_ENTITLED = Rule(
    "already-entitled",
    "The member holds this office on that day already.",
    "SI 2003/1021 reg.4-5",
    "End the entitlement that runs, or start after it.",
)
NOT_ENTITLED = Rule(
    "not-entitled",
    "The member does not hold this office.",
    "SI 2003/1021 reg.4-5",
    "Look at what the member holds.",
)
ENDS_BEFORE_IT_STARTS = Rule(
    "ends-before-it-starts",
    "The last day in an office is not before the first.",
    "SI 2003/1021 reg.4(3), 5(4)",
    "Correct the day; the day before the first undoes an entitlement that never was.",
    invalid=True,
)
PERCENT_OUT_OF_RANGE = Rule(
    "percent-out-of-range",
    "A member forgoes 1 to 100 per cent.",
    "SI 2003/1021 reg.13",
    "Enter a percentage from 1 to 100.",
    invalid=True,
)
FORGOING_NOT_BACKDATED = Rule(
    "forgoing-not-backdated",
    "A member gives up what is still to come: not what fell due before the notice.",
    "SI 2003/1021 reg.13",
    "Let it begin on the day of the notice, or later. What was paid may be given back as a gift.",
    invalid=True,
)
NOTHING_FORGONE = Rule(
    "nothing-forgone", "The member forgoes nothing on that day.", "SI 2003/1021 reg.13", "Look at the member's notices."
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class StartEntitlement:
    member_id: MemberId
    office: str
    first_day: date
    person_id: PersonId | None = None


@dataclass(frozen=True, slots=True)
class EndEntitlement:
    member_id: MemberId
    office: str
    last_day: date


@dataclass(frozen=True, slots=True)
class EndEveryEntitlement:
    """The member is a member no longer after `last_day`: every office ends, and what was still to begin never does."""

    member_id: MemberId
    last_day: date


@dataclass(frozen=True, slots=True)
class ForgoAllowance:
    member_id: MemberId
    percent: int
    first_day: date
    notice_on: date
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EndForgoing:
    member_id: MemberId
    last_day: date
    notice_on: date


Command = StartEntitlement | EndEntitlement | EndEveryEntitlement | ForgoAllowance | EndForgoing

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Entitlements:
    """What the arithmetic of allowances needs of one member."""

    spells: tuple[Spell, ...] = ()
    forgoings: tuple[Forgoing, ...] = ()
    person_id: PersonId | None = None

    def running(self, office: str) -> Spell | None:
        return next((spell for spell in self.spells if spell.office == office and spell.last is None), None)

    def left_on(self) -> date | None:
        """The member's last day, when they were a member and are one no longer."""
        terms = [spell.last for spell in self.spells if not is_special(spell.office)]
        return max((last for last in terms if last is not None), default=None) if None not in terms else None


def decide(command: Command, member: Entitlements) -> Sequence[EntitlementEvent]:
    match command:
        case StartEntitlement():
            return start(command, member)
        case EndEntitlement(identity, office, last_day):
            spell = member.running(office)
            if spell is not None:
                return [ended(identity, spell, last_day)]
            if any(spell.office == office for spell in member.spells):
                return []  # it ended when the member left the council
            raise Refused(NOT_ENTITLED)
        case EndEveryEntitlement(identity, last_day):
            running = [spell for spell in member.spells if spell.last is None]
            # What was still to begin never does: its spell is left without a day.
            return [ended(identity, spell, max(last_day, spell.first - ONE_DAY)) for spell in running]
        case ForgoAllowance(identity, percent, first_day, notice_on, offices):
            if not 1 <= percent <= 100:
                raise Refused(PERCENT_OUT_OF_RANGE)
            if first_day < notice_on:
                raise Refused(FORGOING_NOT_BACKDATED)
            return [AllowanceForgone(identity, percent, first_day, notice_on, offices)]
        case EndForgoing(identity, last_day, notice_on):
            if not any(f.first <= last_day and (f.last is None or f.last > last_day) for f in member.forgoings):
                raise Refused(NOTHING_FORGONE)
            return [ForgoingEnded(identity, last_day, notice_on)]
        case _:
            assert_never(command)


def start(command: StartEntitlement, member: Entitlements) -> Sequence[EntitlementEvent]:
    identity, office, first_day = command.member_id, command.office, command.first_day
    of_office = [spell for spell in member.spells if spell.office == office]
    if any(spell.first == first_day for spell in of_office):
        return []
    if any(spell.last is None or first_day < spell.first for spell in of_office):
        raise Refused(ALREADY_ENTITLED)
    # A member elected again accepts office before the old term has ended: no day is paid twice.
    first_day = max([first_day, *(spell.last + ONE_DAY for spell in of_office if spell.last is not None)])
    started = EntitlementStarted(identity, office, first_day, command.person_id)
    left_on = member.left_on()
    if is_special(office) and left_on is not None and first_day <= left_on:
        # News of the seat came after news of the member's departure, which had ended every office known then.
        return [started, ended(identity, Spell(office, first_day), left_on)]
    return [started]


def ended(member: MemberId, spell: Spell, last_day: date) -> EntitlementEnded:
    if last_day < spell.first - ONE_DAY:
        raise Refused(ENDS_BEFORE_IT_STARTS)
    return EntitlementEnded(member, spell.office, spell.first, last_day)


def evolve(member: Entitlements, event: EntitlementEvent) -> Entitlements:
    match event:
        case EntitlementStarted():
            spells = (*member.spells, Spell(event.office, event.first_day))
            return replace(member, spells=spells, person_id=event.person_id or member.person_id)
        case EntitlementEnded():
            return replace(
                member,
                spells=tuple(
                    replace(spell, last=event.last_day)
                    if (spell.office, spell.first) == (event.office, event.first_day)
                    else spell
                    for spell in member.spells
                ),
            )
        case AllowanceForgone():
            forgoing = Forgoing(event.percent, event.first_day, offices=event.offices)
            return replace(member, forgoings=(*until(member.forgoings, event.first_day - ONE_DAY), forgoing))
        case ForgoingEnded():
            return replace(member, forgoings=until(member.forgoings, event.last_day))
        case _:
            assert_never(event)


def until(forgoings: Sequence[Forgoing], last: date) -> tuple[Forgoing, ...]:
    """Earlier notices as far as they still hold when nothing holds after `last`."""
    return tuple(replace(f, last=min(f.last or last, last)) for f in forgoings if f.first <= last)


entitlements: Decider[Command, Entitlements, EntitlementEvent] = Decider(
    "allowance-entitlements", Entitlements(), decide, evolve
)
