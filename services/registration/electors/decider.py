"""One entry on the register: added, amended, renumbered, reviewed, removed. Every change has the day it takes effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from services.registration.electors.commands import (
    AddElector,
    AmendElector,
    ChangeContactDetails,
    ChangeFranchise,
    ChangeOpenRegisterPreference,
    ChangeTerm,
    Command,
    ConcludeReview,
    CorrectClericalError,
    OpenReview,
    RemoveElector,
    RenumberElector,
)
from shared.eventcore.deciding import Claim, Decider, Refused, Release
from shared.events.definition import known
from shared.events.registration import (
    ClericalErrorCorrected,
    ContactDetailsChanged,
    ElectorAdded,
    ElectorAmended,
    ElectorFranchiseChanged,
    ElectorRemoved,
    ElectorRenumbered,
    EntryTermChanged,
    OpenRegisterPreferenceChanged,
    ReviewConcluded,
    ReviewOpened,
)
from shared.events.values import (
    ContactDetails,
    ElectorNumber,
    FranchiseFacts,
    PersonName,
    PropertyId,
)
from shared.law import electors as law
from shared.law import registration
from shared.law.declarations import last_day
from shared.law.effect import Effect, Programme, takes_effect
from shared.law.franchise import entitlement
from shared.law.polls import Register
from shared.law.reckoning import LONDON
from shared.law.recorded import facts_of

Event = (
    ElectorAdded
    | ElectorAmended
    | ElectorFranchiseChanged
    | ElectorRenumbered
    | EntryTermChanged
    | OpenRegisterPreferenceChanged
    | ContactDetailsChanged
    | ClericalErrorCorrected
    | ReviewOpened
    | ReviewConcluded
    | ElectorRemoved
)

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotRegistered:
    pass


@dataclass(frozen=True, slots=True)
class OnRegister:
    """`birth` is the date of birth the entry was made with: it names the place this entry holds, whatever is corrected."""

    added: ElectorAdded
    name: PersonName | None
    birth: date | None
    franchise: FranchiseFacts | None
    number: ElectorNumber
    numbered_in: date
    opted_out: bool
    contact: ContactDetails | None
    ends_on: date | None = None
    review: ReviewOpened | None = None
    found_not_entitled: bool = False


@dataclass(frozen=True, slots=True)
class OffRegister:
    removed_on: date


Elector = NotRegistered | OnRegister | OffRegister

# ----------------------------------------------------------------- decisions


def decide(command: Command, elector: Elector) -> Sequence[Event]:
    match elector:
        case NotRegistered():
            if isinstance(command, AddElector):
                return [add(command)]
            raise Refused(law.NOT_ON_REGISTER)
        case OffRegister():
            if isinstance(command, RemoveElector):
                return []
            raise Refused(law.NOT_ON_REGISTER)
        case OnRegister():
            return change(command, elector)
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


def votes_in(franchise: FranchiseFacts, on: date) -> tuple[str, ...]:
    """The registers on which a person of voting age may vote from that day. This, and no more, leaves this service in the
    clear: an attainer's day of a first vote would tell the date of birth (ADR 0006)."""
    try:
        votes_from = entitlement(facts_of(franchise), on).votes_from
    except Refused:
        return ()
    return tuple(sorted(register.value for register, day in votes_from.items() if day <= on))


def change(command: Command, elector: OnRegister) -> Sequence[Event]:
    identity, person = elector.added.elector_id, elector.added.person_id
    match command:
        case AddElector(application_id=application):
            if application is not None and application == elector.added.application_id:
                return []
            raise Refused(law.ALREADY_ON_REGISTER)
        case AmendElector(name, on, application, programme):
            if name == elector.name:
                return []
            effect = effect_of(on, elector, programme)
            was, birth, home = elector.name, elector.birth, elector.added.property_id
            return [ElectorAmended(identity, person, name, effect.on, effect.notice, application, was, birth, home)]
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
        case OpenReview():
            return open_review(command, elector)
        case ConcludeReview():
            return conclude(command, elector)
        case RemoveElector():
            return remove(command, elector)
        case _:
            assert_never(command)


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
            property_id=added.property_id,
        )
    ]


def open_review(command: OpenReview, elector: OnRegister) -> Sequence[Event]:
    open_one, on = elector.review, command.notice_on
    if open_one is not None and open_one.review == "B" and on <= open_one.answer_by:
        raise Refused(law.REVIEW_RUNNING, f"It may be answered until {open_one.answer_by:%-d %B %Y}.")
    match command.review:
        case "A":
            answer_by = registration.review_type_a_ends(on).date
        case "B":
            answer_by = registration.review_type_b_ends(on).date
        case "C":
            window = registration.hearing_window(on)
            if command.hearing_on is None or not window.first <= command.hearing_on <= window.last:
                raise Refused(law.REVIEW_HEARING_OUT_OF_TIME, f"{window.first:%-d %B} to {window.last:%-d %B %Y}.")
            answer_by = command.hearing_on
        case _:
            assert_never(command.review)
    added = elector.added
    listed = not added.anonymous
    return [ReviewOpened(added.elector_id, added.person_id, command.review, on, answer_by, command.reason, listed)]


def conclude(command: ConcludeReview, elector: OnRegister) -> Sequence[Event]:
    review, on = elector.review, command.concluded_on
    if review is None:
        raise Refused(law.NO_REVIEW)
    if not command.entitled and review.review == "B":
        raise Refused(law.EVIDENCE_REVIEW_LEADS_TO_NOTICE)
    if not command.entitled and (on < review.answer_by or (review.review == "A" and on == review.answer_by)):
        raise Refused(law.REVIEW_RUNNING, f"It may be answered until {review.answer_by:%-d %B %Y}.")
    added = elector.added
    return [ReviewConcluded(added.elector_id, added.person_id, command.entitled, on, command.reason)]


def remove(command: RemoveElector, elector: OnRegister) -> Sequence[Event]:
    justify(command, elector)
    added, on = elector.added, command.determined_on
    effect = effect_of(on, elector, command.programme)
    if elector.name is None:
        raise Refused(law.NOT_ON_REGISTER, "This person's data was erased.")
    return [
        ElectorRemoved(
            elector_id=added.elector_id,
            person_id=added.person_id,
            name=elector.name,
            date_of_birth=elector.birth,
            property_id=added.property_id,
            ground=command.ground,
            effective_on=effect.on,
            determined_on=on,
            notice=effect.notice,
            sources=command.sources,
            reason=command.reason,
        )
    ]


def justify(command: RemoveElector, elector: OnRegister) -> None:
    """Raises `Refused` unless the ground for removal stands. [RPA 1983 s.10ZE; RPR 2001 r.31C]"""
    sources = [law.Source(s.kind, s.origin, s.written_note, s.denies) for s in command.sources]
    match command.ground:
        case "two-sources":
            law.check_two_sources(sources)
        case "satisfied-of-death":
            law.check_report_of_death(sources)
        case "death-certificate" | "registrar-notice":
            law.check_document(command.ground, sources)
        case "registered-elsewhere" | "moved-within-area":
            law.check_allowed_elsewhere(sources)
        case "review":
            if not elector.found_not_entitled:
                raise Refused(law.REVIEW_NOT_CONCLUDED)
        case "expired":
            if elector.ends_on is None or command.determined_on < elector.ends_on:
                raise Refused(law.NOT_EXPIRED)
        case "duplicate-entry":
            if not command.reason.strip():
                raise Refused(law.REASON_NEEDED)
        case _:
            assert_never(command.ground)


def effect_of(determined_on: date, elector: OnRegister, programme: Programme) -> Effect:
    return takes_effect(determined_on, registers_of(elector, determined_on), programme)


def registers_of(elector: OnRegister, on: date) -> frozenset[Register]:
    """The registers the entry stands on; of a person who has lost the franchise, both, so that no notice misses it."""
    if elector.franchise is None:
        return frozenset(Register)
    try:
        return entitlement(facts_of(elector.franchise), on).registers
    except Refused:
        return frozenset(Register)


# -------------------------------------------------------------------- history


def evolve(elector: Elector, event: Event) -> Elector:
    if isinstance(event, ElectorAdded):
        facts = known(event.franchise)
        return OnRegister(
            added=event,
            name=known(event.name),
            birth=facts.date_of_birth if facts else None,
            franchise=facts,
            number=event.number,
            numbered_in=event.numbered_in,
            opted_out=event.opted_out,
            contact=known(event.contact),
            ends_on=event.ends_on,
        )
    if not isinstance(elector, OnRegister):
        raise ValueError("an elector's history begins with ElectorAdded and ends with ElectorRemoved")
    match event:
        case ElectorAmended(name=name) | ClericalErrorCorrected(name=name):
            return replace(elector, name=known(name))
        case ElectorFranchiseChanged():
            return replace(elector, franchise=known(event.franchise))
        case ElectorRenumbered(number=number, numbered_in=numbered_in):
            return replace(elector, number=number, numbered_in=numbered_in)
        case EntryTermChanged(ends_on=ends_on):
            return replace(elector, ends_on=ends_on)
        case OpenRegisterPreferenceChanged(opted_out=opted_out):
            return replace(elector, opted_out=opted_out)
        case ContactDetailsChanged(contact=contact):
            return replace(elector, contact=known(contact))
        case ReviewOpened():
            return replace(elector, review=event, found_not_entitled=False)
        case ReviewConcluded(entitled=entitled):
            return replace(elector, review=None, found_not_entitled=not entitled)
        case ElectorRemoved(effective_on=on):
            return OffRegister(on)
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
            | ReviewConcluded()
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
