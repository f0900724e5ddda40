"""The log of inspections and disclosures: what the law lets people see or learn, written down as it happens.
[RPR 2001 r.7, r.43, r.93; UK GDPR article 30]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import DisclosureId, Inspected, InspectionId, RecordDisclosed, RegisterInspected
from shared.events.values import ElectorId, PersonId
from shared.law.marked_registers import require_open
from shared.law.reckoning import LONDON
from shared.law.supply import POLL_NOT_NAMED, UNMARKED_SUFFICES

NOT_SUPERVISED = Rule(
    "inspection-not-supervised",
    "The full register is inspected under supervision, with notes by hand only.",
    "RPR 2001 r.7, r.43",
    "Name the officer who stays with the inspector.",
    invalid=True,
)
ENDS_BEFORE_IT_BEGINS = Rule(
    "inspection-ends-before-it-begins",
    "An inspection ends after it begins.",
    "RPR 2001 r.43",
    "Correct the times.",
    invalid=True,
)
POWER_NEEDED = Rule(
    "disclosure-needs-a-power",
    "What is recorded of an elector is told to nobody without an enactment that allows it.",
    "RPR 2001 r.94; UK GDPR article 6(1)(c), (e)",
    "Ask under which section they ask, check it, and enter it.",
    invalid=True,
)
LOGGED_OTHERWISE = Rule(
    "already-logged", "This was logged otherwise; the log does not change.", "UK GDPR article 30", "Make a new entry."
)


@dataclass(frozen=True, slots=True)
class LogInspection:
    inspection_id: InspectionId
    person_id: PersonId
    inspector: str
    document: Inspected
    place: str
    began_at: datetime
    ended_at: datetime
    supervised_by: str
    poll: date | None = None
    purpose: str = ""
    why_marked: str = ""


@dataclass(frozen=True, slots=True)
class LogDisclosure:
    disclosure_id: DisclosureId
    elector_ids: tuple[ElectorId, ...]
    organisation: str
    power: str
    purpose: str
    what: tuple[str, ...]
    on: date
    by: str
    agreement: str = ""


Command = LogInspection | LogDisclosure
Event = RegisterInspected | RecordDisclosed


@dataclass(frozen=True, slots=True)
class Blank:
    pass


@dataclass(frozen=True, slots=True)
class Logged:
    entry: Event


Log = Blank | Logged


def decide(command: Command, log: Log) -> Sequence[Event]:
    entry = inspected(command) if isinstance(command, LogInspection) else disclosed(command)
    match log:
        case Blank():
            return [entry]
        case Logged(known):
            if known == entry:
                return []
            raise Refused(LOGGED_OTHERWISE)
        case _:
            assert_never(log)


def inspected(command: LogInspection) -> RegisterInspected:
    if not command.supervised_by.strip():
        raise Refused(NOT_SUPERVISED)
    if command.ended_at <= command.began_at:
        raise Refused(ENDS_BEFORE_IT_BEGINS)
    if command.document == "marked-register":
        open_to_inspection(command)
    return RegisterInspected(
        command.inspection_id, command.person_id, command.inspector, command.document, command.place, command.began_at,
        command.ended_at, command.supervised_by, command.poll, command.purpose, command.why_marked,
    )  # fmt: skip


def open_to_inspection(command: LogInspection) -> None:
    """Anyone may inspect a marked register who says in writing what for and why the unmarked one is not enough, in the year
    after its poll. [RPR 2001 r.118, to be verified]"""
    if command.poll is None:
        raise Refused(POLL_NOT_NAMED)
    if not (command.purpose.strip() and command.why_marked.strip()):
        raise Refused(UNMARKED_SUFFICES)
    require_open(command.poll, command.began_at.astimezone(LONDON).date())


def disclosed(command: LogDisclosure) -> RecordDisclosed:
    if not command.power.strip():
        raise Refused(POWER_NEEDED)
    return RecordDisclosed(
        command.disclosure_id, command.elector_ids, command.organisation, command.power, command.purpose, command.what,
        command.on, command.by, command.agreement,
    )  # fmt: skip


def evolve(_log: Log, event: Event) -> Log:
    return Logged(event)


access_log: Decider[Command, Log, Event] = Decider("access-log", Blank(), decide, evolve)
