"""Taking what a device recorded: each record into the property's canvass, or into the invitation that it follows up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel

from services.registration.canvass.commands import RecordVisit
from services.registration.canvass.decider import Canvassed, properties_in_canvass
from services.registration.invitations.commands import RecordInvitationVisit
from services.registration.invitations.decider import invitations
from services.registration.visits.decider import NOT_ON_ROUND, VISIT_OUT_OF_TIME
from shared.eventcore.clock import london_date
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata, Receipt
from shared.events.definition import known
from shared.events.registration import (
    Answer,
    CallOutcome,
    CanvassReply,
    RoundAllocated,
    RoundVisit,
    VisitOutcome,
    canvass_property_id,
)
from shared.law.rules import Refused
from shared.service.problems import NAMESPACE

Outcome = CallOutcome
CLOCK_AHEAD = timedelta(minutes=10)
"""By how much a device's clock may be fast."""
SEEN: dict[Outcome, VisitOutcome] = {
    "answered": "seen", "no-answer": "not-seen", "no-access": "not-seen", "refused": "seen",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One call as the device recorded it."""

    visit_id: UUID
    visited_at: datetime
    outcome: Outcome
    answers: tuple[Answer, ...] = ()
    reply: CanvassReply | None = None
    note: str = ""


class Taken(BaseModel):
    """What became of one record. `repeated`: it was here already; `refused`: why, and what to do."""

    record_id: UUID
    visit_id: UUID
    status: Literal["recorded", "repeated", "conflict", "refused"]
    type: str = ""
    title: str = ""
    next: str = ""


class Uploading:
    """One upload of a round's records, in the name of the officer who sends them."""

    def __init__(self, execute: Executor, allocated: RoundAllocated, device: str, now: datetime, by: Metadata) -> None:
        self._execute, self._round, self._device, self._now, self._by = execute, allocated, device, now, by
        self._visits = {visit.visit_id: visit for visit in allocated.visits}

    async def __call__(self, record: Record) -> Taken:
        """Take one record. Says what is wrong with a bad one: the others are taken all the same."""
        named = f"{self._round.officer}|{self._device}|{record.visited_at.astimezone(UTC).isoformat()}"
        identity = uuid5(record.visit_id, named)
        try:
            receipt = await self._record(identity, record)
        except Refused as refusal:
            rule = refusal.rule
            return Taken(
                record_id=identity, visit_id=record.visit_id, status="refused", type=NAMESPACE + rule.name,
                title=rule.because, next=rule.then,
            )  # fmt: skip
        status: Literal["recorded", "repeated", "conflict"] = "recorded"
        if receipt.repeated or not receipt.events:
            status = "repeated"
        elif "VisitConflictFound" in receipt.events:
            status = "conflict"
        return Taken(record_id=identity, visit_id=record.visit_id, status=status)

    async def _record(self, identity: UUID, record: Record) -> Receipt:
        visit = self._visits.get(record.visit_id)
        if visit is None:
            raise Refused(NOT_ON_ROUND)
        on = london_date(record.visited_at)
        if record.visited_at > self._now + CLOCK_AHEAD or on < self._round.allocated_on:
            raise Refused(VISIT_OUT_OF_TIME)
        by = self._by._replace(command_id=f"visit:{identity.hex}")
        decider, stream, command = self._command(identity, visit, record)
        return await self._execute(decider, stream, command, by=by, asked=by.command_id)

    def _command(self, identity: UUID, visit: RoundVisit, record: Record) -> tuple[Any, UUID, Any]:
        on = london_date(record.visited_at)
        if visit.potential_elector_id is not None:
            seen = RecordInvitationVisit(on, SEEN[record.outcome], record.note)
            return invitations, visit.potential_elector_id, seen
        command = RecordVisit(
            identity, self._round.round_id, visit.visit_id, self._round.officer, self._device, record.visited_at, on,
            record.outcome, record.answers, record.reply,
        )  # fmt: skip
        place = canvass_property_id(self._round.canvass_id, visit.property_id)
        return properties_in_canvass, place, command


class Side(BaseModel):
    """One of two replies, in words."""

    answers: list[str]
    added: list[str]
    gone: list[UUID]
    changes: str
    note: str
    channel: str


class Card(BaseModel):
    """A conflict: what the visiting officer was told (`mine`) and what had been replied (`theirs`)."""

    record_id: UUID
    property_id: UUID
    visited_at: datetime
    mine: Side
    theirs: Side
    may_resolve: bool


async def cards(execute: Executor, authority: str, found: Sequence[dict[str, Any]], may_resolve: bool) -> list[Card]:
    """The conflicts in full, from the properties' own histories; one that was settled meanwhile is left out."""
    shown = []
    for row in found:
        place = canvass_property_id(row["canvass_id"], row["property_id"])
        state = (await execute.state(properties_in_canvass, place, authority)).state
        conflict = state.conflicts.get(row["record_id"]) if isinstance(state, Canvassed) else None
        if conflict is None or not isinstance(state, Canvassed):
            continue
        theirs = state.standing.answers if state.standing else ()
        shown.append(
            Card(
                record_id=conflict.record_id, property_id=conflict.property_id, visited_at=conflict.visited_at,
                mine=side(conflict.answers, known(conflict.mine), "visit"),
                theirs=side(theirs, known(conflict.theirs), conflict.their_channel), may_resolve=may_resolve,
            )
        )  # fmt: skip
    return shown


def side(answers: Sequence[str], reply: CanvassReply | None, channel: str) -> Side:
    said = reply or CanvassReply()
    added = [str(resident.name) for resident in said.added]
    return Side(
        answers=list(answers), added=added, gone=list(said.gone), changes=said.changes, note=said.note, channel=channel
    )
