"""One anonymous case: taken, shown to be needed, granted by two officers, numbered, renewed each year, ended (ADR 0015)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from services.registration.anonymous.commands import (
    CloseEarlierEntry,
    Command,
    ConfirmIdentity,
    DiscloseRecord,
    EndEntry,
    GiveNumber,
    GrantAnonymity,
    HandOverDocument,
    IdentifyHome,
    IssueDocument,
    ProposeGrant,
    TakeApplication,
    TakeEvidence,
    TurnDown,
    WriteReminder,
)
from services.registration.anonymous.events import (
    AnonymityGranted,
    ApplicationTaken,
    ApplicationTurnedDown,
    ClosedEvent,
    DocumentHandedOver,
    DocumentIssued,
    EarlierEntryClosed,
    EntryEnded,
    EvidenceTaken,
    GrantProposed,
    HomeIdentified,
    IdentityConfirmed,
    NumberGiven,
    RecordDisclosed,
    ReminderWritten,
)
from shared.eventcore.deciding import Decider, Refused
from shared.events import application_form
from shared.events.definition import known
from shared.events.values import ElectorNumber, FranchiseFacts, PersonId
from shared.law import anonymity as law
from shared.law import applications as application_law
from shared.law import identifiers
from shared.law.effect import takes_effect
from shared.law.franchise import entitlement
from shared.law.recorded import facts_of

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotTaken:
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """One person's anonymity. `evidence`: shown since the last grant; `granted`: the term that runs; None before the first.
    `document`: the number on the document that was issued last, of which `issues` were."""

    person_id: PersonId
    taken: ApplicationTaken
    franchise: FranchiseFacts | None
    home: HomeIdentified | None = None
    identified: bool = False
    evidence: tuple[EvidenceTaken, ...] = ()
    proposal: GrantProposed | None = None
    earlier: GrantProposed | None = None
    """The proposal that named an ordinary entry, until that is closed."""
    granted: AnonymityGranted | None = None
    number: ElectorNumber | None = None
    numbered_in: date | None = None
    document: ElectorNumber | None = None
    issues: int = 0
    handed_over: int = 0
    """The issue that the elector has."""
    reminded_of: date | None = None
    ended: EntryEnded | ApplicationTurnedDown | None = None

    @property
    def document_is_outdated(self) -> bool:
        """The number on the document is another than the register's, so it is to be issued anew (RPA 1983 s.13BE)."""
        return self.document is not None and self.document != self.number


State = NotTaken | Case

# ----------------------------------------------------------------- decisions


def decide(command: Command, state: State) -> Sequence[ClosedEvent]:
    match state:
        case NotTaken():
            if isinstance(command, TakeApplication):
                return [take(command)]
            raise Refused(law.NO_SUCH_CASE)
        case Case(ended=None):
            return go_on(command, state)
        case Case():
            return wind_up(command, state)
        case _:
            assert_never(state)


def take(command: TakeApplication) -> ApplicationTaken:
    form, on = dict(command.form), command.received_on
    try:
        facts, address = application_form.franchise(form, command.kind), application_form.address(form)
    except application_form.Unreadable as problem:
        raise Refused(application_law.UNREADABLE_ANSWER, f"{problem}.") from None
    if form.get("nino", "").strip():
        identifiers.nino(form["nino"])
    if facts.date_of_birth:
        identifiers.date_of_birth(facts.date_of_birth, on)
    return ApplicationTaken(
        command.person_id, command.reference, command.channel, on, form, application_form.name(form), facts, address,
        application_form.contact(form),
    )  # fmt: skip


def go_on(command: Command, case: Case) -> Sequence[ClosedEvent]:
    person = case.person_id
    match command:
        case TakeApplication():
            return []  # the form was sent twice; the first one counts
        case IdentifyHome(home, areas):
            return [HomeIdentified(person, home, areas)] if case.granted is None else []
        case ConfirmIdentity(route, note):
            return [] if case.identified else [IdentityConfirmed(person, route, note)]
        case TakeEvidence(kind, made_on, valid_until, detail, of_household):
            law.check_evidence(kind, made_on, valid_until)
            return [EvidenceTaken(person, kind, made_on, valid_until, detail, of_household)]
        case ProposeGrant(officer, on, earlier_entry, differs):
            ready(case, on)
            return [GrantProposed(person, officer, on, earlier_entry, differs)]
        case GrantAnonymity():
            return [grant(command, case)]
        case TurnDown(on, reasons, explanation):
            if case.granted is not None:
                raise Refused(law.CASE_CLOSED)
            if not reasons:
                raise Refused(application_law.REASONS_NEEDED)
            return [ApplicationTurnedDown(person, on, reasons, explanation)]
        case GiveNumber(number, numbered_in, on):
            entered(case)
            same = (number, numbered_in) == (case.number, case.numbered_in)
            return [] if same else [NumberGiven(number, numbered_in, on)]
        case IssueDocument(on):
            entered(case)
            if case.number is None:
                raise Refused(law.NOT_REGISTERED)
            return [DocumentIssued(case.number, case.issues + 1, on)]
        case HandOverDocument(how, on):
            entered(case)
            if not case.issues:
                raise Refused(law.NO_DOCUMENT)
            return [] if case.handed_over == case.issues else [DocumentHandedOver(case.issues, how, on)]
        case WriteReminder(on):
            until = entered(case).ends_on
            return [] if case.reminded_of == until else [ReminderWritten(on, until)]
        case EndEntry():
            return [end(command, case)]
        case CloseEarlierEntry() | DiscloseRecord():
            return wind_up(command, case)
        case _:
            assert_never(command)


def wind_up(command: Command, case: Case) -> Sequence[ClosedEvent]:
    """What may still be done when the case has ended."""
    match command:
        case CloseEarlierEntry(on):
            if case.earlier is None:
                return []
            return [EarlierEntryClosed(case.person_id, known(case.earlier.earlier_entry), on)]
        case DiscloseRecord(recipient, to, officer, on):
            if recipient not in law.RECIPIENTS:
                raise Refused(law.UNKNOWN_RECIPIENT)
            return [RecordDisclosed(case.person_id, recipient, to, officer, on)]
        case TakeApplication() | EndEntry():
            return []
        case _:
            raise Refused(law.CASE_CLOSED)


def ready(case: Case, on: date) -> None:
    """Raises `Refused` unless all that a grant of that day rests on is there."""
    if case.franchise is None:
        raise Refused(application_law.PERSON_ERASED)
    if case.home is None:
        raise Refused(law.HOME_NEEDED)
    if not case.identified:
        raise Refused(law.IDENTITY_NEEDED)
    shown = [(known(e.made_on), known(e.valid_until)) for e in case.evidence]
    law.check_in_force([(made_on, until) for made_on, until in shown if made_on is not None], on)


def grant(command: GrantAnonymity, case: Case) -> AnonymityGranted:
    on, proposal = command.determined_on, case.proposal
    if proposal is None or case.franchise is None:
        raise Refused(law.NOT_PROPOSED)
    if proposal.officer == command.officer:
        raise Refused(law.SAME_OFFICER)
    if known(proposal.earlier_entry) != command.earlier_entry:
        raise Refused(law.ANOTHER_EARLIER_ENTRY)
    ready(case, on)
    relevant = case.taken.received_on if case.granted is None else on
    registers = entitlement(facts_of(case.franchise, anonymous=True), relevant).registers
    effect = takes_effect(on, registers, command.programme)
    until = law.last_day(effect.on)
    return AnonymityGranted(
        case.person_id, command.officer, on, effect.on, effect.notice, until, command.programme.polls
    )


def end(command: EndEntry, case: Case) -> EntryEnded:
    granted, on = entered(case), command.determined_on
    if command.because == "expired" and on <= granted.ends_on:
        raise Refused(law.NOT_OVER)
    facts = facts_of(case.franchise, anonymous=True) if case.franchise else None
    registers = entitlement(facts, case.taken.received_on).registers if facts else ()
    effect = takes_effect(on, registers, command.programme)
    return EntryEnded(on, effect.on, effect.notice, command.because)


def entered(case: Case) -> AnonymityGranted:
    if case.granted is None:
        raise Refused(law.NOT_REGISTERED)
    return case.granted


# -------------------------------------------------------------------- history


def evolve(state: State, event: ClosedEvent) -> State:
    if isinstance(event, ApplicationTaken):
        return Case(event.person_id, event, known(event.franchise))
    if not isinstance(state, Case):
        raise ValueError("a case begins with ApplicationTaken")
    match event:
        case HomeIdentified():
            return replace(state, home=event)
        case IdentityConfirmed():
            return replace(state, identified=True)
        case EvidenceTaken():
            return replace(state, evidence=(*state.evidence, event))
        case GrantProposed():
            return replace(state, proposal=event)
        case AnonymityGranted():
            # What one officer proposed touches nobody: the entry it names counts once the second has granted it.
            proposal = state.proposal
            named = proposal if proposal and known(proposal.earlier_entry) is not None else state.earlier
            return replace(state, granted=event, proposal=None, evidence=(), earlier=named)
        case ApplicationTurnedDown():
            return replace(state, ended=event, earlier=None)
        case NumberGiven():
            return replace(state, number=event.number, numbered_in=event.numbered_in)
        case DocumentIssued():
            return replace(state, document=event.number, issues=event.issue)
        case DocumentHandedOver():
            return replace(state, handed_over=event.issue)
        case ReminderWritten():
            return replace(state, reminded_of=event.ends_on)
        case EarlierEntryClosed():
            return replace(state, earlier=None)
        case RecordDisclosed():
            return state
        case EntryEnded():
            return replace(state, ended=event)
        case _:
            assert_never(event)


cases: Decider[Command, State, ClosedEvent] = Decider("anonymous-case", NotTaken(), decide, evolve)
