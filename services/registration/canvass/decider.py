"""One property in a canvass: matched, on a route, contacted, answered, visited. [RPA 1983 s.9D; RPR 2001 r.32ZBA-32ZBF]

A reply never registers or removes anybody: a new name is reported for an invitation, a name struck out is one source. The
first valid reply closes the property; later ones are kept as notes, and what they say of people still counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from services.registration.canvass import replies, rules
from services.registration.canvass.commands import (
    ChooseRoute,
    Command,
    ConcludeEnquiry,
    IssueCode,
    MakeContact,
    MatchProperty,
    ReceiveResponse,
    RecordDelivery,
    RecordPosting,
    RecordVisit,
    ResolveConflict,
    TryCode,
)
from shared.eventcore.deciding import Decider, Refused
from shared.events.definition import known
from shared.events.registration import (
    Answer,
    CanvassContact,
    CanvassContactDelivered,
    CanvassContactMade,
    CanvassEnquiryOpened,
    CanvassId,
    CanvassLetterPosted,
    CanvassOutcome,
    CanvassPropertyClosed,
    CanvassReply,
    CanvassResponseReceived,
    CanvassRoute,
    CanvassRouteAssigned,
    ElectorMatch,
    ElectorReported,
    NewResidentReported,
    PropertyMatched,
    ReplyChannel,
    ResidentsDisagreed,
    SecurityCodeIssued,
    SecurityCodeMistaken,
    VisitConflictFound,
    VisitConflictResolved,
    VisitRecorded,
    canvass_property_id,
    household_id,
)
from shared.events.values import ElectorId, PersonId, PropertyId
from shared.law import canvass as law

Event = (
    PropertyMatched
    | CanvassRouteAssigned
    | CanvassContactMade
    | CanvassContactDelivered
    | CanvassLetterPosted
    | SecurityCodeIssued
    | SecurityCodeMistaken
    | CanvassResponseReceived
    | NewResidentReported
    | ElectorReported
    | ResidentsDisagreed
    | CanvassEnquiryOpened
    | CanvassPropertyClosed
    | VisitRecorded
    | VisitConflictFound
    | VisitConflictResolved
)

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotMatched:
    """The data step has not come to this property."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The reply that closed the property."""

    channel: ReplyChannel
    answers: tuple[Answer, ...]
    reply: CanvassReply


@dataclass(frozen=True, slots=True)
class Canvassed:
    """`contacts`: those of the present route. `gone`, `staying`: electors whom replies said to be so. `names`: of new
    residents reported so far, in lower case."""

    canvass_id: CanvassId
    property_id: PropertyId
    electors: tuple[ElectorMatch, ...]
    adults: int
    class_code: str
    route: CanvassRoute = 2
    by_officer: bool = False
    contacts: tuple[CanvassContact, ...] = ()
    made: frozenset[UUID] = frozenset()
    posted: frozenset[UUID] = frozenset()
    code: tuple[str, str] | None = None
    issue: int = 0
    mistaken: int = 0
    responses: frozenset[UUID] = frozenset()
    standing: Standing | None = None
    outcome: CanvassOutcome | None = None
    gone: frozenset[ElectorId] = frozenset()
    staying: frozenset[ElectorId] = frozenset()
    names: frozenset[str] = frozenset()
    enquiry: bool = False
    visits: frozenset[UUID] = frozenset()
    conflicts: dict[UUID, VisitConflictFound] = field(default_factory=dict)

    @property
    def household(self) -> law.Household:
        return law.Household(tuple(bool(elector.by) for elector in self.electors), self.adults)

    @property
    def known(self) -> frozenset[ElectorId]:
        return frozenset(elector.elector_id for elector in self.electors)


State = NotMatched | Canvassed

# -------------------------------------------------------------------- decide


def decide(command: Command, state: State) -> Sequence[Event]:
    if isinstance(command, MatchProperty):
        return match(command, state)
    if isinstance(state, NotMatched):
        raise Refused(rules.NOT_IN_CANVASS)
    match command:
        case ChooseRoute():
            return [choose_route(command, state)]
        case MakeContact():
            return make_contact(command, state)
        case RecordDelivery():
            return record_delivery(command, state)
        case RecordPosting(contact_id, on):
            if contact_id not in state.made:
                raise Refused(rules.NO_SUCH_CONTACT)
            posted = CanvassLetterPosted(state.canvass_id, state.property_id, contact_id, on)
            return [] if contact_id in state.posted else [posted]
        case IssueCode(reference, digest):
            return issue(reference, digest, state)
        case TryCode(digest):
            return try_code(digest, state)
        case ReceiveResponse():
            return receive(command, state)
        case ConcludeEnquiry(reason):
            if not state.enquiry:
                raise Refused(rules.NO_ENQUIRY)
            return [to_route(state, 2, reason or "vague-reply")]
        case RecordVisit():
            return record_visit(command, state)
        case ResolveConflict():
            return resolve(command, state)
        case _:
            assert_never(command)


def match(command: MatchProperty, state: State) -> Sequence[Event]:
    """What the data step says now. It changes no route that an officer chose, or on which contacts have begun."""
    household = law.Household(tuple(bool(e.by) for e in command.electors), command.adults, command.doubts)
    found = PropertyMatched(
        command.canvass_id, command.property_id, household.all_matched, command.electors, command.adults,
        command.class_code,
    )  # fmt: skip
    route, reason = law.route_of(household)
    if isinstance(state, NotMatched):
        return [found, CanvassRouteAssigned(command.canvass_id, command.property_id, route, reason)]
    same = (command.electors, command.adults, command.class_code) == (state.electors, state.adults, state.class_code)
    events: list[Event] = [] if same else [found]
    settled = state.by_officer or state.contacts or state.outcome or state.enquiry
    if route != state.route and not settled:
        events.append(to_route(state, route, reason))
    return events


def choose_route(command: ChooseRoute, state: Canvassed) -> Event:
    if command.route == state.route:
        raise Refused(rules.ROUTE_AS_IT_IS)
    if not command.reason.strip() or (command.route == 3) != bool(command.ground):
        raise Refused(rules.REASON_NEEDED)
    if command.route == 3:
        law.check_route_3(state.household, state.class_code, command.person_known, command.only_excluded)
    if command.route == 1:
        law.check_route_1(state.household)
    return replace(to_route(state, command.route, command.reason), by_officer=True, ground=command.ground)


def to_route(state: Canvassed, route: CanvassRoute, reason: str) -> CanvassRouteAssigned:
    return CanvassRouteAssigned(state.canvass_id, state.property_id, route, reason, was=state.route)


def make_contact(command: MakeContact, state: Canvassed) -> Sequence[Event]:
    if command.contact_id in state.made:
        return []
    if state.outcome:
        raise Refused(rules.ANSWERED)
    on, kind = command.made_on, command.contact
    fitting = law.next_kinds(state.route, state.contacts, on) or law.PROGRAMMES[state.route].on(on).following
    if kind not in fitting:
        raise Refused(law.CONTACT_OUT_OF_PLACE, f"Route {state.route} asks for: {', '.join(sorted(fitting))}.")
    if not state.known.issuperset(command.recipients):
        raise Refused(rules.NOT_AN_ELECTOR_HERE)
    issued = issue(*command.code, state) if command.code else ()
    made = CanvassContactMade(
        state.canvass_id, state.property_id, command.contact_id, kind, len(state.contacts) + 1, on, command.batch,
        command.recipients, kind not in law.NO_REPLY_NEEDED, law.next_by(state.route, (*state.contacts, kind), on),
        state.issue + len(issued) if command.code else 0,
    )  # fmt: skip
    return [*issued, made]


def issue(reference: str, digest: str, state: Canvassed) -> Sequence[Event]:
    if state.code == (reference, digest):
        return []
    return [SecurityCodeIssued(state.canvass_id, state.property_id, state.issue + 1, reference, digest)]


def try_code(digest: str, state: Canvassed) -> Sequence[Event]:
    if state.code is None:
        raise Refused(rules.WRONG_CODE)
    if state.mistaken >= law.CODE_ATTEMPTS:
        raise Refused(rules.CODE_LOCKED)
    if digest == state.code[1]:
        return []
    return [SecurityCodeMistaken(state.canvass_id, state.property_id, state.mistaken + 1)]


def record_delivery(command: RecordDelivery, state: Canvassed) -> Sequence[Event]:
    if command.contact_id not in state.made:
        raise Refused(rules.NO_SUCH_CONTACT)
    delivered = CanvassContactDelivered(
        state.canvass_id, state.property_id, command.contact_id, command.result, command.known_on
    )
    came_back = command.result in ("returned", "bounced") and state.contacts[-1:] == ("cca",)
    if came_back and state.route == 1 and not state.outcome:
        return [delivered, to_route(state, 2, "returned-mail")]
    return [delivered]


def receive(command: ReceiveResponse, state: Canvassed) -> Sequence[Event]:
    if command.response_id in state.responses:
        return []
    replies.check(command.answers, command.reply, state.known)
    received = CanvassResponseReceived(
        state.canvass_id, state.property_id, command.response_id, household_of(state), command.channel, command.answers,
        command.reply, command.received_on, noted=state.outcome is not None,
    )  # fmt: skip
    facts = replies.facts(command.response_id, command.answers, command.reply, command.received_on, state)
    return [received, *facts, *following(command, state)]


def following(command: ReceiveResponse, state: Canvassed) -> Iterable[Event]:
    """What a reply does to the property itself."""
    if state.outcome:
        return
    outcome = replies.outcome_of(command.answers)
    if outcome:
        yield CanvassPropertyClosed(state.canvass_id, state.property_id, outcome, command.received_on)
    elif "vague" in command.answers and state.route == 1:
        if command.contactable and not state.enquiry:
            yield CanvassEnquiryOpened(state.canvass_id, state.property_id, command.response_id, command.received_on)
        else:
            yield to_route(state, 2, "vague-reply")


def record_visit(command: RecordVisit, state: Canvassed) -> Sequence[Event]:
    if command.record_id in state.visits:
        return []
    contacts = (*state.contacts, "visit")
    called = VisitRecorded(
        state.canvass_id, state.property_id, command.round_id, command.visit_id, command.record_id, command.officer,
        command.device, command.visited_at, command.outcome,
        None if state.outcome else law.next_by(state.route, contacts, command.visited_on),
    )  # fmt: skip
    if command.reply is None:
        return [called]
    replies.check(command.answers, command.reply, state.known)
    said = (frozenset(command.answers), command.reply)
    standing = state.standing
    if standing is not None and said != (frozenset(standing.answers), standing.reply):
        return [called, conflict(command, command.reply, standing, state)]
    reply = ReceiveResponse(command.record_id, "visit", command.answers, command.reply, command.visited_on)
    return [called, *receive(reply, state)]


def conflict(command: RecordVisit, mine: CanvassReply, theirs: Standing, state: Canvassed) -> VisitConflictFound:
    return VisitConflictFound(
        state.canvass_id, state.property_id, command.record_id, command.round_id, household_of(state), command.answers,
        mine, theirs.reply, command.visited_at, theirs.channel,
    )  # fmt: skip


def resolve(command: ResolveConflict, state: Canvassed) -> Sequence[Event]:
    found = state.conflicts.get(command.record_id)
    if found is None:
        raise Refused(rules.NO_CONFLICT)
    settled = VisitConflictResolved(
        state.canvass_id, state.property_id, command.record_id, command.kept, command.reason
    )
    mine = known(found.mine)
    if command.kept == "theirs" or mine is None:
        return [settled]
    theirs = state.standing.answers if state.standing and command.kept == "both" else ()
    on = command.resolved_on
    received = CanvassResponseReceived(
        state.canvass_id, state.property_id, command.record_id, household_of(state), "visit", found.answers, mine, on
    )
    outcome = replies.outcome_of((*found.answers, *theirs))
    closed = [CanvassPropertyClosed(state.canvass_id, state.property_id, outcome, on)] if outcome else []
    return [settled, received, *replies.facts(command.record_id, found.answers, mine, on, state), *closed]


def household_of(state: Canvassed) -> PersonId:
    return household_id(canvass_property_id(state.canvass_id, state.property_id))


# -------------------------------------------------------------------- evolve


def evolve(state: State, event: Event) -> State:
    if isinstance(event, PropertyMatched):
        if isinstance(state, Canvassed):
            return replace(state, electors=event.electors, adults=event.adults, class_code=event.class_code)
        return Canvassed(event.canvass_id, event.property_id, event.electors, event.adults, event.class_code)
    if isinstance(state, NotMatched):
        return state
    match event:
        case CanvassRouteAssigned(route=route, by_officer=by_officer):
            return replace(state, route=route, by_officer=by_officer, contacts=(), enquiry=False)
        case CanvassContactMade(contact_id=contact_id, contact=kind):
            return replace(state, contacts=(*state.contacts, kind), made=state.made | {contact_id})
        case CanvassLetterPosted(contact_id=contact_id):
            return replace(state, posted=state.posted | {contact_id})
        case SecurityCodeIssued(issue=issued, reference=reference, digest=digest):
            return replace(state, code=(reference, digest), issue=issued, mistaken=0)
        case SecurityCodeMistaken(attempts=attempts):
            return replace(state, mistaken=attempts)
        case CanvassResponseReceived():
            return heard(state, event)
        case NewResidentReported(name=name):
            return replace(state, names=state.names | {str(known(name)).casefold()})
        case ElectorReported(elector_id=elector, source=source):
            if source.denies:
                return replace(state, staying=state.staying | {elector})
            return replace(state, gone=state.gone | {elector})
        case CanvassEnquiryOpened():
            return replace(state, enquiry=True)
        case CanvassPropertyClosed(outcome=outcome):
            return replace(state, outcome=outcome, enquiry=False)
        case VisitRecorded(record_id=record):
            return replace(state, contacts=(*state.contacts, "visit"), visits=state.visits | {record})
        case VisitConflictFound(record_id=record):
            return replace(state, conflicts={**state.conflicts, record: event})
        case VisitConflictResolved(record_id=record):
            return replace(state, conflicts={k: v for k, v in state.conflicts.items() if k != record})
        case CanvassContactDelivered() | ResidentsDisagreed():
            return state
        case _:
            assert_never(event)


def heard(state: Canvassed, event: CanvassResponseReceived) -> Canvassed:
    reply = known(event.reply) or CanvassReply()
    standing = state.standing
    if not event.noted and replies.outcome_of(event.answers):
        standing = Standing(event.channel, event.answers, reply)
    return replace(
        state,
        responses=state.responses | {event.response_id},
        standing=standing,
        staying=state.staying | replies.said_to_stay(event.answers, reply, state.known),
    )


properties_in_canvass: Decider[Command, State, Event] = Decider("canvass-property", NotMatched(), decide, evolve)
