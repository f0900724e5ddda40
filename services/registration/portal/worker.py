"""The worker of the role `portal`: looks at the portal's queues, one poller at a time, and leaves nothing half done.

An item is acknowledged only when it stands in our store with its outcome, so a crash anywhere repeats a step that changes
nothing. What cannot be carried out is acknowledged as failed with the rule that forbids it, and kept here to be put right.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

import orjson
import structlog
from sqlalchemy import select

from services.registration.absent_votes.decider import absent_votes
from services.registration.electors.decider import Merged, OnRegister, electors
from services.registration.exchange.ero_portal.absent_votes import UNREADABLE, Decided, Waiting
from services.registration.exchange.ero_portal.client import (
    LARGEST_PAGE,
    PAGE,
    Portal,
    PortalAway,
    open_portal,
)
from services.registration.exchange.ero_portal.register_checks import RegisterCheck, answer
from services.registration.identifiers.decider import Identifiers, identifiers, identifiers_id
from services.registration.portal.carrying_out import command_of
from services.registration.portal.checks import history_begins, matches
from services.registration.portal.decider import (
    Received,
    ReceiveDecision,
    RecordAcknowledged,
    RecordAnswer,
    RecordApplied,
    RecordFailed,
    checks,
    decisions,
)
from services.registration.portal.settings import Connection, PortalSettings
from services.registration.portal.signatures import identifiers_of, keep
from services.registration.properties.decider import Known, properties
from services.registration.views.polls import polls_ahead
from services.registration.views.portal_decisions import Decision
from shared.eventcore.applying import TRANSIENT
from shared.eventcore.clock import london_date, wall_clock
from shared.eventcore.deciding import Decider, Refused, Rule
from shared.eventcore.errors import StoreUnavailable, VersionConflict
from shared.eventcore.locks import locking
from shared.eventcore.recording import Metadata
from shared.events.registration import PortalQueue, RegisterCheckId, portal_decision_id
from shared.events.values import Authority, ElectorId, PersonId, absent_votes_id
from shared.law.effect import PollAhead
from shared.service.database import fetch, reading_on
from shared.service.runtime import Core

ACTOR: Final = "ero-portal"
QUEUES: Final[tuple[PortalQueue, ...]] = ("postalvotes", "proxyvotes")
ALIVE_SECONDS: Final = 20.0
ONE_AT_A_TIME: Final = 0x45524F50
"""Advisory lock: one poller of a store, whatever is deployed."""
UNKNOWN_ELECTOR: Final = Rule(
    "unknown-elector",
    "The application names no elector by an id of this register.",
    "ERO Portal, EMS API: matched by emsElectorId only",
    "Run the register check again in the portal, choose the elector there, and decide anew.",
)
_log = structlog.get_logger(__name__)


def portal(core: Core) -> PortalWorker:
    """The worker of this service. Raises `WrongSetting`."""
    settings = PortalSettings.load()
    return PortalWorker(core, settings.connections(core.settings.authority), settings.seconds)


class PortalWorker:
    """Every `seconds`, under each council's own certificate: questions first, then applications, each queue until it is empty.
    `away`: looks in vain since the last that was not, of the certificate with the most. `hidden`: queues whose largest page is
    full of what we may not take, so that ours may wait behind it unseen: the items of others under the same certificate, or such
    as the portal takes no acknowledgement for."""

    def __init__(self, core: Core, connections: Sequence[Connection], seconds: float) -> None:
        self._core, self._connections, self._seconds = core, connections, seconds
        self.taken, self.failed, self.answered = 0, 0, 0
        self.looked_at: datetime = wall_clock()
        self._in_vain: dict[frozenset[str], int] = {}
        self._hidden: set[tuple[str, frozenset[str]]] = set()

    @property
    def away(self) -> int:
        return max(self._in_vain.values(), default=0)

    @property
    def hidden(self) -> int:
        return len(self._hidden)

    def progress(self) -> dict[str, Any]:
        return {
            "taken": self.taken, "failed": self.failed, "answered": self.answered, "away": self.away,
            "hidden": self.hidden, "looked_at": self.looked_at.isoformat(),
        }  # fmt: skip

    async def run(self, stop: asyncio.Event) -> None:
        if not self._connections:
            _log.warning("no ERO Portal is configured: nothing is asked of it")
        while not stop.is_set():
            for connection in self._connections:
                await self._look_through(connection, stop)
            await self._pause(stop)

    async def _look_through(self, connection: Connection, stop: asyncio.Event) -> None:
        """A certificate that is turned away keeps no other council waiting."""
        councils = connection.councils
        try:
            async with open_portal(connection.access) as there:
                await self.look(there, councils, stop)
            self._in_vain[councils] = 0
        except (PortalAway, StoreUnavailable, VersionConflict, *TRANSIENT) as problem:
            self._in_vain[councils] = self._in_vain.get(councils, 0) + 1
            _log.warning("portal looked in vain", councils=sorted(councils), problem=type(problem).__name__)

    async def _pause(self, stop: asyncio.Event) -> None:
        """Alive meanwhile: what does not look for a minute counts as stuck."""
        left = self._seconds
        while left > 0 and not stop.is_set():
            self.looked_at = wall_clock()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), min(left, ALIVE_SECONDS))
            left -= ALIVE_SECONDS

    async def look(self, there: Portal, councils: frozenset[str], stop: asyncio.Event) -> None:
        """Take over all that waits for these councils. Whoever else looks at this store now does it for us."""
        async with locking(self._core.pool) as conn:
            if not await conn.fetchval("SELECT pg_try_advisory_lock($1)", ONE_AT_A_TIME):
                return
            await self._answer(there, councils, stop)  # first: no application that is stuck keeps a question waiting
            for council in sorted(councils):
                await self._acknowledge_again(there, Authority(council))
            for queue in QUEUES:
                await self._empty(there, councils, queue, stop)

    # --- applications ------------------------------------------------------------------------------------------------

    async def _empty(self, there: Portal, councils: frozenset[str], queue: PortalQueue, stop: asyncio.Event) -> None:
        """Take what is ours. The portal has no second page: what is not acknowledged stays in front of what comes after it, so a
        page with others' items on it is asked for at its largest, and one that holds nothing new of ours is told of.
        Another council's under the same certificate is left alone: its own system takes it."""
        page, seen = PAGE, set[str]()
        while not stop.is_set():
            found = await there.waiting(queue, page)
            ours = [item for item in found if item.gss_code in councils and item.id and item.id not in seen]
            for item in ours:
                await self.take(there, item)
                self.looked_at = wall_clock()
            seen |= {item.id for item in ours}
            if self._is_done((queue, councils), len(found) < page, bool(ours), page):
                return
            page = PAGE if len(ours) == len(found) else LARGEST_PAGE

    def _is_done(self, queue: tuple[str, frozenset[str]], was_last: bool, held_ours: bool, page: int) -> bool:
        """Whether no page of the queue is left to be looked at, and whether something may be hidden in it."""
        if was_last:
            self._hidden.discard(queue)
            return True
        if held_ours or page < LARGEST_PAGE:
            return False
        self._hidden.add(queue)
        _log.warning("portal page is full of items of others", queue=queue[0], councils=sorted(queue[1]))
        return True

    async def take(self, there: Portal, item: Waiting) -> bool:
        """One item: received, carried out, acknowledged. May be called again at any point. False when the portal does not take
        the acknowledgement: the item is tried again at the next look, and keeps no other waiting."""
        authority = Authority(item.gss_code)
        stream = portal_decision_id(authority, item.queue, item.id)
        by = Metadata(ACTOR, authority, correlation_id=str(stream), origin="portal")
        decision = await self._received(stream, item, by)
        if decision.status is None:
            outcome = await self._carry_out(item, by)
            await self._do(decisions, stream, outcome, by)
            decision = await self._state(stream, authority)
        if decision.status is None:
            raise AssertionError("a decision that was tried has an outcome")
        if not await there.acknowledge(item.queue, item.id, decision.status, decision.message, decision.rule):
            _log.warning("portal refused an acknowledgement", stream_id=stream)
            return False
        if not decision.acknowledged:
            await self._do(decisions, stream, RecordAcknowledged(self._core.clock()), by)
            self.taken += 1
            self.failed += decision.status == "failure"
        return True

    async def _acknowledge_again(self, there: Portal, authority: Authority) -> None:
        """What was acknowledged while we went down is in no queue any more: the portal's word for it is written down."""
        query = select(*Decision.__table__.columns).where(Decision.acknowledged_at.is_(None), Decision.status != "")
        async with reading_on(self._core.pool, authority) as conn:
            left = await fetch(conn, query.where(Decision.authority == authority))
        for row in left:
            if not await there.acknowledge(row["queue"], row["item"], row["status"], row["message"], row["rule"]):
                continue
            by = Metadata(ACTOR, authority, correlation_id=str(row["decision_id"]), origin="portal")
            await self._do(decisions, row["decision_id"], RecordAcknowledged(self._core.clock()), by)

    async def _received(self, stream: UUID, item: Waiting, by: Metadata) -> Received:
        elector, entry = await self._elector(item, by.authority)
        read, person = item.read, PersonId(entry.added.person_id if entry else uuid5(stream, "person"))
        command = ReceiveDecision(
            item.id,
            item.queue,
            person,
            orjson.dumps(item.without_signature()).decode(),
            self._core.clock(),
            bool(read and read.approved),
            elector,
            read.authorised_at if read else None,
            await keep(self._core.execute, read, person, by.authority) if read else None,
        )
        await self._do(decisions, stream, command, by)
        return await self._state(stream, by.authority)

    async def _carry_out(self, item: Waiting, by: Metadata) -> RecordApplied | RecordFailed:
        now = self._core.clock()
        if item.read is None:
            return RecordFailed(UNREADABLE.name, f"{UNREADABLE.because} {item.fault}.", now)
        elector, entry = await self._elector(item, by.authority)
        if elector is None or entry is None:
            if not item.read.approved and not item.read.detail.ems_elector_id:
                return RecordApplied(now)  # refused, and of nobody on the register: nothing stands here to be changed
            return RecordFailed(UNKNOWN_ELECTOR.name, _told(UNKNOWN_ELECTOR), now)
        try:
            await self._decide(item.read, elector, entry, by)
        except Refused as refusal:
            return RecordFailed(refusal.rule.name, _told(refusal.rule), now)
        return RecordApplied(now)

    async def _decide(self, read: Decided, elector: ElectorId, entry: OnRegister, by: Metadata) -> None:
        home: Any = (await self._core.execute.state(properties, entry.added.property_id, by.authority)).state
        ahead: tuple[PollAhead, ...] = ()
        if isinstance(home, Known) and home.allocation is not None:
            async with reading_on(self._core.pool, by.authority) as conn:
                ahead = await polls_ahead(conn, by.authority, home.allocation.areas, london_date(self._core.clock()))
        execute, stream = self._core.execute, absent_votes_id(elector)
        stands: Any = (await execute.state(absent_votes, stream, by.authority)).state
        person, given = PersonId(entry.added.person_id), None
        if read.approved:
            given = await identifiers_of(execute, read, elector, person, stands, by.authority)
            if given is not None:  # what the vote will be checked against is refused before the vote stands
                identifiers.decide(given[1], Identifiers())
        await self._do(absent_votes, stream, command_of(read, elector, entry, by.authority, ahead), by)
        if given is not None:
            signer, command = given
            await self._do(identifiers, identifiers_id(signer), command, by)

    async def _elector(self, item: Waiting, authority: str) -> tuple[ElectorId | None, OnRegister | None]:
        """By the id we gave, and by nothing else."""
        given = item.read.detail.ems_elector_id if item.read else None
        try:
            elector = ElectorId(UUID(given or ""))
        except ValueError:
            return None, None
        entry: Any = (await self._core.execute.state(electors, elector, authority)).state
        while isinstance(entry, Merged):  # an id that we once gave leads to the record it was merged into
            elector = entry.into
            entry = (await self._core.execute.state(electors, elector, authority)).state
        return (elector, entry) if isinstance(entry, OnRegister) else (None, None)

    # --- questions ---------------------------------------------------------------------------------------------------

    async def _answer(self, there: Portal, councils: frozenset[str], stop: asyncio.Event) -> None:
        page, seen = PAGE, set[UUID]()
        while not stop.is_set():
            found = await there.checks(page)
            ours = [check for check in found.read if check.gss_code in councils and check.request_id not in seen]
            for check in ours:
                await self.reply(there, check)
                self.looked_at = wall_clock()
            seen |= {check.request_id for check in ours}
            if self._is_done(("registerchecks", councils), found.held < page, bool(ours), page):
                return
            page = PAGE if len(ours) == found.held else LARGEST_PAGE

    async def reply(self, there: Portal, check: RegisterCheck) -> None:
        """Answer one question; what was told is written down before it is told."""
        authority, now = check.gss_code, self._core.clock()
        async with reading_on(self._core.pool, authority) as conn:
            found = await matches(conn, authority, check, london_date(now))
            begins = await history_begins(conn, authority) if check.historical else None
        told = answer(check, found, now, begins)
        entries = tuple(ElectorId(UUID(match.ems_elector_id)) for match in told.matches or ())
        by = Metadata(ACTOR, authority, correlation_id=str(check.request_id), origin="portal")
        command = RecordAnswer(
            RegisterCheckId(check.request_id), check.created_at, now, len(found), entries, check.historical,
            by_hand=check.acting_staff_id != "EROP",
        )  # fmt: skip
        await self._do(checks, check.request_id, command, by)
        if await there.answer(check.request_id, told):
            self.answered += 1

    async def _do(self, decider: Decider[Any, Any, Any], stream: UUID, command: Any, by: Metadata) -> None:
        await self._core.execute(decider, stream, command, by=by)

    async def _state(self, stream: UUID, authority: str) -> Received:
        state = (await self._core.execute.state(decisions, stream, authority)).state
        if not isinstance(state, Received):
            raise AssertionError("what was received is there")
        return state


def _told(rule: Rule) -> str:
    return f"{rule.because} {rule.then}"
