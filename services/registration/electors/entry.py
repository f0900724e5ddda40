"""What is known of one entry on the register, and when a decision about it takes effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.eventcore.deciding import Refused
from shared.events.registration import ElectorAdded, ReviewOpened
from shared.events.values import ContactDetails, ElectorId, ElectorNumber, FranchiseFacts, PersonName, PropertyId
from shared.law.effect import Effect, Programme, takes_effect
from shared.law.franchise import entitlement
from shared.law.polls import Register
from shared.law.recorded import facts_of


@dataclass(frozen=True, slots=True)
class NotRegistered:
    pass


@dataclass(frozen=True, slots=True)
class UnderReview:
    """A review that runs. `hearing_on`: of type C from its notice, of type A once the elector asked and was told."""

    opened: ReviewOpened
    answered: bool = False
    hearing_asked: bool = False
    hearing_on: date | None = None


@dataclass(frozen=True, slots=True)
class OnRegister:
    """`birth` is the date of birth the entry was made with: it names the place this entry holds, whatever is corrected.
    `home`: the property that it is at, or will be by the next notice."""

    added: ElectorAdded
    home: PropertyId
    name: PersonName | None
    birth: date | None
    franchise: FranchiseFacts | None
    number: ElectorNumber
    numbered_in: date
    opted_out: bool
    contact: ContactDetails | None
    ends_on: date | None = None
    review: UnderReview | None = None
    found_not_entitled: bool = False


@dataclass(frozen=True, slots=True)
class OffRegister:
    """`last`: as the entry stood when it ended."""

    removed_on: date
    last: OnRegister


@dataclass(frozen=True, slots=True)
class Merged:
    """One with another record. `was`: as this one stood; `entry_ended`: it was on the register until the merge."""

    into: ElectorId
    was: OffRegister
    entry_ended: bool


Elector = NotRegistered | OnRegister | OffRegister | Merged


def effect_of(determined_on: date, elector: OnRegister, programme: Programme) -> Effect:
    """The publication that carries a decision of that day about this entry."""
    return takes_effect(determined_on, registers_of(elector, determined_on), programme)


def registers_of(elector: OnRegister, on: date) -> frozenset[Register]:
    """The registers the entry stands on; of a person who has lost the franchise, both, so that no notice misses it."""
    if elector.franchise is None:
        return frozenset(Register)
    try:
        return entitlement(facts_of(elector.franchise), on).registers
    except Refused:
        return frozenset(Register)


def votes_in(franchise: FranchiseFacts, on: date) -> tuple[str, ...]:
    """The registers on which a person of voting age may vote from that day. This, and no more, leaves this service in the
    clear: an attainer's day of a first vote would tell the date of birth (ADR 0006)."""
    try:
        votes_from = entitlement(facts_of(franchise), on).votes_from
    except Refused:
        return ()
    return tuple(sorted(register.value for register, day in votes_from.items() if day <= on))
