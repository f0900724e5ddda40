"""What follows from a case, what the register prints of it, and the day: a pure function, made so by a worker (ADR 0015).

Each step may be taken again without harm, so the closed store and the shared one need no transaction in common.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import SystemRandom
from typing import Any, Final, assert_never
from uuid import UUID

import asyncpg
import structlog

from services.registration.anonymous.commands import CloseEarlierEntry, EndEntry, GiveNumber
from services.registration.anonymous.decider import Case, cases
from services.registration.anonymous.events import AnonymityGranted, EntryEnded
from services.registration.anonymous.store import ClosedStore, closed_store, desk
from services.registration.anonymous_entries.decider import (
    AlterEntry,
    Entry,
    Listed,
    ListEntry,
    NotListed,
    Printed,
    StrikeOff,
    StruckOff,
    anonymous_entries,
)
from services.registration.electors.commands import RemoveElector
from services.registration.electors.decider import Elector, Merged, NotRegistered, OffRegister, OnRegister, electors
from services.registration.electors.entry import votes_in
from services.registration.policies.when_application_allowed_then_add_elector import (
    next_number,
    numbering_in_use,
    numbering_of,
)
from shared.eventcore.applying import TRANSIENT, describe
from shared.eventcore.clock import LONDON, london_date, wall_clock
from shared.eventcore.deciding import Refused
from shared.eventcore.execute import Executor
from shared.eventcore.opening import Opener
from shared.eventcore.policy import Lookup
from shared.eventcore.recording import Metadata
from shared.events.definition import known
from shared.events.registration import PrintedMark
from shared.events.values import ElectoralAreas, ElectorId, ElectorNumber, FranchiseFacts
from shared.law.effect import Programme
from shared.law.electors import NUMBER_TAKEN
from shared.law.franchise import marker
from shared.law.recorded import facts_of
from shared.service.runtime import Core

LOOK_SECONDS: Final = 2.0
ATTEMPTS: Final = 100
SPREAD: Final = timedelta(days=7)
"""Over which the removals of earlier entries are spread, so that neither time nor order pairs one with a number that is listed."""
TO_SPARE: Final = timedelta(hours=12)
"""Before the day of the notice that the removal belongs to."""
ANOTHER_ENTRY: Final = "the person has another entry"
log = structlog.get_logger(__name__)

# ---------------------------------------------------------------- what follows


@dataclass(frozen=True, slots=True)
class RemoveEarlier:
    """The ordinary entry that the person had goes with the notice that lists the anonymous one."""

    entry: ElectorId
    determined_on: date
    programme: Programme


@dataclass(frozen=True, slots=True)
class CloseEarlier:
    """That removal holds: what the shared store knows of the person is shut for ever."""

    entry: ElectorId


@dataclass(frozen=True, slots=True)
class GetListed:
    """Under the next free number of the district."""

    areas: ElectoralAreas
    effective_on: date
    notice: str
    ends_on: date
    mark: PrintedMark
    votes_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteNumber:
    number: ElectorNumber
    numbered_in: date


@dataclass(frozen=True, slots=True)
class PrintAnew:
    printed: Printed
    effective_on: date


@dataclass(frozen=True, slots=True)
class Expire:
    determined_on: date


@dataclass(frozen=True, slots=True)
class TakeOff:
    effective_on: date
    notice: str


Step = RemoveEarlier | CloseEarlier | GetListed | NoteNumber | PrintAnew | Expire | TakeOff


def what_follows(case: Case, entry: Entry, earlier: Elector, now: datetime, drawn: float) -> Step | None:
    """The next step of a case, or None when all is as it should be. `earlier`: the ordinary entry it names; `drawn`: the
    case's own lot, from 0 up to 1. The entry's own steps come first: nothing that holds up the earlier one keeps somebody off
    the register, or on it."""
    if case.granted is None:
        return None
    own = own_step(case, case.granted, entry, london_date(now))
    return own or earlier_step(case, case.granted, earlier, now, drawn)


def leaves_at(granted: AnonymityGranted, drawn: float) -> datetime:
    """When the earlier entry goes: some time in the week after the day of the grant, and before the day of the notice that both
    stand in; at once when that leaves no time."""
    begins = datetime.combine(granted.determined_on + timedelta(days=1), time(), LONDON)
    ends = min(begins + SPREAD, datetime.combine(granted.effective_on, time(), LONDON) - TO_SPARE)
    return (
        begins + (ends - begins) * drawn if begins < ends else datetime.combine(granted.determined_on, time(), LONDON)
    )


def earlier_step(case: Case, granted: AnonymityGranted, earlier: Elector, now: datetime, drawn: float) -> Step | None:
    named = known(case.earlier.earlier_entry) if case.earlier else None
    if named is None:
        return None
    if isinstance(earlier, OnRegister):
        if now < leaves_at(granted, drawn):
            return None
        return RemoveEarlier(named, granted.determined_on, Programme(polls=granted.polls))
    if isinstance(earlier, OffRegister) and earlier.removed_on <= london_date(now):
        return CloseEarlier(named)
    return None


def own_step(case: Case, granted: AnonymityGranted, entry: Entry, on: date) -> Step | None:
    ended = case.ended
    if isinstance(ended, EntryEnded):
        return TakeOff(ended.effective_on, ended.notice) if isinstance(entry, Listed) else None
    if case.home is None or case.franchise is None:
        return None
    mark, classes = mark_of(case.franchise, on), votes_in(case.franchise, max(on, granted.effective_on))
    match entry:
        case NotListed():
            areas = known(case.home.areas)
            if areas is None:
                return None
            return GetListed(areas, granted.effective_on, granted.notice, granted.ends_on, mark, classes)
        case Listed(printed=printed):
            if (printed.number, printed.numbered_in) != (case.number, case.numbered_in):
                return NoteNumber(printed.number, printed.numbered_in)
            wanted = replace(printed, ends_on=granted.ends_on, mark=mark, votes_in=classes)
            if wanted != printed:
                return PrintAnew(wanted, max(on, granted.effective_on))
        case StruckOff():
            return None
        case _:
            assert_never(entry)
    return Expire(on) if on > granted.ends_on else None


def mark_of(facts: FranchiseFacts, on: date) -> PrintedMark:
    """The letter that may stand before the N; none for somebody who has lost the franchise."""
    try:
        letter = marker(facts_of(facts, anonymous=True), on).before_name
    except Refused:
        return ""
    return letter if letter in ("F", "B", "L") else ""  # type: ignore[return-value]


# ---------------------------------------------------------------- making it so


class AnonymousDesk:
    """Looks at every case, again and again, and takes the steps that follow."""

    def __init__(self, shared: Executor, opener: Opener, closed: ClosedStore) -> None:
        self._shared, self._opener, self._closed = shared, opener, closed
        self.steps = 0

    async def look(self) -> int:
        """Take every step that follows now; answers how many."""
        before = self.steps
        every = await self._closed.pool.fetch("SELECT authority, id FROM stream WHERE kind = $1", cases.kind)
        # In no order: of several that waited together, neither numbers nor removals tell which case came first.
        for authority, case in SystemRandom().sample(every, len(every)):
            with suppress(Refused):  # a legal hold on the earlier entry, say: it waits, and the case shows it
                while await self._go_on(authority, case):
                    self.steps += 1
        return self.steps - before

    async def _go_on(self, authority: str, identity: UUID) -> bool:
        folded = await self._closed.execute.state(cases, identity, authority)
        case, now = folded.state, self._closed.store.clock()
        if not isinstance(case, Case):
            return False
        named = known(case.earlier.earlier_entry) if case.earlier else None
        printed = self._closed.entry_of(identity, authority)
        entry = (await self._shared.state(anonymous_entries, printed, authority)).state
        earlier: Elector = (await self._shared.state(electors, named, authority)).state if named else NotRegistered()
        while isinstance(earlier, Merged):  # the record that it was merged into is the one that stands
            named = earlier.into
            earlier = (await self._shared.state(electors, named, authority)).state
        step = what_follows(case, entry, earlier, now, self._closed.drawn(identity, authority))
        if isinstance(step, RemoveEarlier | CloseEarlier) and named is not None:
            step = replace(step, entry=named)
        if step is not None:
            await self._take(step, identity, authority, london_date(now))
        return step is not None

    async def _take(self, step: Step, case: UUID, authority: str, today: date) -> None:
        by, entry = desk(authority), self._closed.entry_of(case, authority)
        match step:
            case RemoveEarlier(earlier, on, programme):
                command = RemoveElector("duplicate-entry", on, reason=ANOTHER_ENTRY, programme=programme)
                await self._shared(electors, earlier, command, by=by)
            case CloseEarlier(earlier):
                person = (await self._shared.state(electors, earlier, authority)).subject
                if person is not None:
                    await self._shared.erase(person, legal_basis="UK GDPR article 17(1)(a)", asked_by=by.actor, by=by)
                await self._closed.execute(cases, case, CloseEarlierEntry(today), by=by)
            case GetListed():
                await self._list(step, entry, authority, by)
            case NoteNumber(number, numbered_in):
                await self._closed.execute(cases, case, GiveNumber(number, numbered_in, today), by=by)
            case PrintAnew(printed, on):
                await self._shared(anonymous_entries, entry, AlterEntry(printed, on), by=by)
            case Expire(on):
                await self._closed.execute(cases, case, EndEntry("expired", on), by=by)
            case TakeOff(on, notice):
                await self._shared(anonymous_entries, entry, StrikeOff(on, notice), by=by)
            case _:
                assert_never(step)

    async def _list(self, step: GetListed, entry: ElectorId, authority: str, by: Metadata) -> None:
        """The read model may lag, so that a number is taken meanwhile: then the one after it."""
        for attempt in range(ATTEMPTS):
            async with self._shared.store.pool.acquire() as conn:
                lookup = Lookup(self._shared, self._opener, conn, authority, attempt)
                numbered_in = await numbering_in_use(lookup) or numbering_of(step.effective_on)
                number = await next_number(lookup, step.areas.district, numbered_in)
            printed = Printed(number, numbered_in, step.ends_on, step.mark, step.votes_in)
            command = ListEntry(entry, printed, step.effective_on, step.notice, step.areas)
            try:
                await self._shared(anonymous_entries, entry, command, by=by)
            except Refused as refusal:
                if refusal.rule is not NUMBER_TAKEN:
                    raise
            else:
                return
        raise RuntimeError(f"no number was free in {ATTEMPTS} attempts")


class AnonymousDeskWorker:
    """The desk in the role `deadlines`: looks at the injected clock, so that a rehearsal can run at any speed."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.looked_at = wall_clock()

    def progress(self) -> dict[str, Any]:
        return {"looked_at": self.looked_at.isoformat()}

    async def run(self, stop: asyncio.Event) -> None:
        core = self._core
        async with closed_store(core.settings.owner_url, core.settings.key_directory, core.clock) as closed:
            at_work = AnonymousDesk(core.execute, core.opener, closed)
            while not stop.is_set():
                try:
                    await at_work.look()
                    await closed.seal()
                except (*TRANSIENT, asyncpg.PostgresError) as problem:
                    log.warning("anonymous_desk.look_failed", problem=describe(problem))
                self.looked_at = wall_clock()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
