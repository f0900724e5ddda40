"""One entry on the register: added, amended, renumbered, reviewed, removed. Every change has the day it takes effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from services.registration.electors import reviews
from services.registration.electors.commands import (
    AddElector,
    AlterAddress,
    AmendElector,
    AnswerReview,
    AskForReviewHearing,
    CallReviewHearing,
    ChangeContactDetails,
    ChangeFranchise,
    ChangeOpenRegisterPreference,
    ChangeTerm,
    Command,
    ConcludeReview,
    CorrectClericalError,
    MergeElector,
    OpenReview,
    ReinstateElector,
    RemoveElector,
    RenumberElector,
    UndoMerge,
)
from services.registration.electors.entry import (
    Elector,
    Merged,
    NotRegistered,
    OffRegister,
    OnRegister,
    effect_of,
    registers_of,
    votes_in,
)
from services.registration.electors.leaving import merge, merging, remove, return_or_merge, undo
from services.registration.electors.readdressing import readdress
from shared.eventcore.deciding import Claim, Decider, Refused, Release
from shared.events.definition import known
from shared.events.registration import (
    AnonymousEntryAltered,
    AnonymousEntryListed,
    AnonymousEntryStruckOff,
    ClericalErrorCorrected,
    ContactDetailsChanged,
    ElectorAdded,
    ElectorAmended,
    ElectorFranchiseChanged,
    ElectorReaddressed,
    ElectorRemoved,
    ElectorRenumbered,
    ElectorsMerged,
    EntryTermChanged,
    MergeUndone,
    OpenRegisterPreferenceChanged,
    ReviewAnswered,
    ReviewConcluded,
    ReviewHearingAsked,
    ReviewHearingCalled,
    ReviewOpened,
)
from shared.events.values import PersonName, PropertyId
from shared.law import electors as law
from shared.law import registration
from shared.law.declarations import last_day
from shared.law.effect import takes_effect
from shared.law.franchise import entitlement
from shared.law.reckoning import LONDON
from shared.law.recorded import facts_of

__all__ = ["Elector", "Event", "Merged", "NotRegistered", "OffRegister", "OnRegister", "electors"]

Event = (
    ElectorAdded
    | ElectorAmended
    | ElectorFranchiseChanged
    | ElectorRenumbered
    | ElectorReaddressed
    | EntryTermChanged
    | OpenRegisterPreferenceChanged
    | ContactDetailsChanged
    | ClericalErrorCorrected
    | reviews.Event
    | ElectorRemoved
    | ElectorsMerged
    | MergeUndone
)

AnonymousEntry = AnonymousEntryListed | AnonymousEntryAltered | AnonymousEntryStruckOff

# ----------------------------------------------------------------- decisions


def decide(command: Command, elector: Elector) -> Sequence[Event]:
    match elector:
        case NotRegistered():
            if isinstance(command, AddElector):
                return [add(command)]
            raise Refused(law.NOT_ON_REGISTER)
        case OnRegister():
            return change(command, elector)
        case OffRegister():
            return return_or_merge(command, elector)
        case Merged():
            return undo(command, elector)
        case _:
            assert_never(elector)


def add(command: AddElector) -> ElectorAdded:
    category, ends_on = command.franchise.category, command.ends_on
    if category != "ordinary" and ends_on is None:
        ends_on = last_day(category, command.effective_on)
    return ElectorAdded(
        elector_id=command.elector_id,
        person_id=command.person_id,
        name=command.name,
        franchise=command.franchise,
        property_id=command.property_id,
        number=command.number,
        numbered_in=command.numbered_in,
        effective_on=command.effective_on,
        notice=command.notice,
        opted_out=command.opted_out or command.anonymous,  # an anonymous elector is never in the open register
        anonymous=command.anonymous,
        ends_on=ends_on,
        application_id=command.application_id,
        contact=command.contact,
        votes_in=votes_in(command.franchise, command.effective_on),
    )


def change(command: Command, elector: OnRegister) -> Sequence[Event]:
    identity, person = elector.added.elector_id, elector.added.person_id
    match command:
        case AddElector(application_id=application):
            if application is not None and application == elector.added.application_id:
                return []
            raise Refused(law.ALREADY_ON_REGISTER)
        case AmendElector():
            return amend(command, elector)
        case ChangeFranchise(facts, on, evidence, programme):
            registers = entitlement(facts_of(facts, anonymous=elector.added.anonymous), on).registers
            effect = takes_effect(on, registers | registers_of(elector, on), programme)
            classes = votes_in(facts, effect.on)
            return [ElectorFranchiseChanged(identity, person, facts, effect.on, effect.notice, evidence, classes)]
        case ChangeTerm(ends_on, on):
            return [] if ends_on == elector.ends_on else [EntryTermChanged(identity, ends_on, elector.ends_on, on)]
        case RenumberElector(number, numbered_in, on):
            if (number, numbered_in) == (elector.number, elector.numbered_in):
                return []
            return [ElectorRenumbered(identity, number, elector.number, numbered_in, on)]
        case AlterAddress():
            return readdress(command, elector)
        case ChangeOpenRegisterPreference(opted_out, on):
            if elector.added.anonymous and not opted_out:
                raise Refused(law.ANONYMOUS_NEVER_IN_OPEN_REGISTER)
            if opted_out == elector.opted_out:
                return []
            return [OpenRegisterPreferenceChanged(identity, opted_out, registration.notice_for(on).publish)]
        case ChangeContactDetails(contact):
            return [] if contact == elector.contact else [ContactDetailsChanged(identity, person, contact)]
        case CorrectClericalError():
            return correct(command, elector)
        case OpenReview() | AnswerReview() | AskForReviewHearing() | CallReviewHearing() | ConcludeReview():
            return reviews.decide(command, elector)
        case RemoveElector():
            return [remove(command, elector)]
        case MergeElector():
            return merge(command, elector)
        case ReinstateElector():
            return []  # it stands
        case UndoMerge():
            raise Refused(law.NOT_MERGED)
        case _:
            assert_never(command)


def amend(command: AmendElector, elector: OnRegister) -> Sequence[Event]:
    """Until it takes effect the elector votes under the old name. [RPA 1983 s.10ZD]"""
    if command.name == elector.name:
        return []
    starts, notice = command.effective_on, command.notice
    if starts is None:
        effect = effect_of(command.determined_on, elector, command.programme)
        starts, notice = effect.on, effect.notice
    added = elector.added
    return [
        ElectorAmended(
            elector_id=added.elector_id,
            person_id=added.person_id,
            name=command.name,
            effective_on=starts,
            notice=notice,
            application_id=command.application_id,
            was=elector.name,
            date_of_birth=elector.birth,
            property_id=elector.home,
        )
    ]


def correct(command: CorrectClericalError, elector: OnRegister) -> Sequence[Event]:
    if not command.own_mistake:
        raise Refused(law.NOT_A_CLERICAL_ERROR)
    on = command.corrected_at.astimezone(LONDON).date()
    polling_today = command.poll is not None and command.poll.polling_day == on
    if command.poll is not None and polling_today:
        notices = registration.election_notices(command.poll.poll_type, on)
        if not notices.clerical_errors.met_by(command.corrected_at):
            raise Refused(law.TOO_LATE_TO_CORRECT)
        if not command.told_presiding_officer:
            raise Refused(law.TELL_THE_PRESIDING_OFFICER)
    if command.name == elector.name:
        return []
    added, told = elector.added, command.told_presiding_officer
    return [
        ClericalErrorCorrected(
            elector_id=added.elector_id,
            person_id=added.person_id,
            name=command.name,
            corrected_at=command.corrected_at,
            effective_on=on,
            told_presiding_officer=told,
            was=elector.name,
            date_of_birth=elector.birth,
            property_id=elector.home,
        )
    ]


# -------------------------------------------------------------------- history


def evolve(elector: Elector, event: Event | AnonymousEntry) -> Elector:
    if isinstance(event, ElectorAdded):
        facts = known(event.franchise)
        return OnRegister(
            added=event,
            home=event.property_id,
            name=known(event.name),
            birth=facts.date_of_birth if facts else None,
            franchise=facts,
            number=event.number,
            numbered_in=event.numbered_in,
            opted_out=event.opted_out,
            contact=known(event.contact),
            ends_on=event.ends_on,
        )
    if isinstance(event, ElectorsMerged | MergeUndone):
        return merging(elector, event)
    if isinstance(event, ElectorRenumbered) and isinstance(elector, OffRegister):
        return replace(elector, last=replace(elector.last, number=event.number, numbered_in=event.numbered_in))
    if isinstance(event, AnonymousEntry):
        return elector  # the register names it beside ours; here there is no such entry (ADR 0015)
    if not isinstance(elector, OnRegister):
        raise ValueError("an entry changes while it stands: from ElectorAdded to ElectorRemoved")
    match event:
        case ElectorAmended(name=name) | ClericalErrorCorrected(name=name):
            return replace(elector, name=known(name))
        case ElectorFranchiseChanged():
            return replace(elector, franchise=known(event.franchise))
        case ElectorRenumbered(number=number, numbered_in=numbered_in):
            return replace(elector, number=number, numbered_in=numbered_in)
        case ElectorReaddressed(property_id=home):
            return replace(elector, home=home)
        case EntryTermChanged(ends_on=ends_on):
            return replace(elector, ends_on=ends_on)
        case OpenRegisterPreferenceChanged(opted_out=opted_out):
            return replace(elector, opted_out=opted_out)
        case ContactDetailsChanged(contact=contact):
            return replace(elector, contact=known(contact))
        case ReviewOpened() | ReviewAnswered() | ReviewHearingAsked() | ReviewHearingCalled() | ReviewConcluded():
            return reviews.evolve(elector, event)
        case ElectorRemoved(effective_on=on):
            return OffRegister(on, elector)
        case _:
            assert_never(event)


def boundary(event: Event) -> Iterable[Claim | Release]:
    """One entry per person and property, whether the person is known by id or by name and birth; one number per register.

    A number is not given back by a removal: it is on poll cards and in notices until the next revised register.
    """
    match event:
        case ElectorAdded(name=name, franchise=franchise, property_id=home):
            facts = known(franchise)
            yield Claim(f"person:{event.person_id}:{home}", law.ALREADY_ON_REGISTER)
            if place := place_of(known(name), facts.date_of_birth if facts else None, home):
                yield Claim(place, law.ALREADY_ON_REGISTER)
            yield Claim(f"number:{event.numbered_in}:{event.number}", law.NUMBER_TAKEN)
        case ElectorAmended() | ClericalErrorCorrected():
            birth = known(event.date_of_birth)
            before = place_of(known(event.was), birth, event.property_id)
            after = place_of(known(event.name), birth, event.property_id)
            if before and after and before != after:
                yield Release(before)
                yield Claim(after, law.ALREADY_ON_REGISTER)
        case ElectorRenumbered():
            yield Claim(f"number:{event.numbered_in}:{event.number}", law.NUMBER_TAKEN)
        case ElectorReaddressed(was=left_at, property_id=home):
            yield Release(f"person:{event.person_id}:{left_at}")
            yield Claim(f"person:{event.person_id}:{home}", law.ALREADY_ON_REGISTER)
            called, born = known(event.name), known(event.date_of_birth)
            if (left := place_of(called, born, left_at)) and (taken := place_of(called, born, home)):
                yield Release(left)
                yield Claim(taken, law.ALREADY_ON_REGISTER)
        case ElectorRemoved(property_id=home):
            yield Release(f"person:{event.person_id}:{home}")
            if place := place_of(known(event.name), known(event.date_of_birth), home):
                yield Release(place)
        case (
            ElectorFranchiseChanged()
            | EntryTermChanged()
            | OpenRegisterPreferenceChanged()
            | ContactDetailsChanged()
            | ReviewOpened()
            | ReviewAnswered()
            | ReviewHearingAsked()
            | ReviewHearingCalled()
            | ReviewConcluded()
            | ElectorsMerged()
            | MergeUndone()
        ):
            return
        case _:
            assert_never(event)


def place_of(name: PersonName | None, birth: date | None, home: PropertyId | None) -> str | None:
    """The tag under which an entry holds its place; None without a date of birth, for father and son may share a name."""
    if name is None or birth is None or home is None:
        return None
    letters = "".join(c for c in str(name).casefold() if c.isalpha())
    return f"entry:{letters}:{birth}:{home}"


electors: Decider[Command, Elector, Event] = Decider("elector", NotRegistered(), decide, evolve, boundary)
