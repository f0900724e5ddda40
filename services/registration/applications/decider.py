"""One application to register: received, checked, perhaps objected to, and determined once.

The way of an application (RPR 2001 r.26-31A): received, complete and listed, identity verified by DWP, local data,
documents or attestation, objections answered, then allowed with the day its entry takes effect; or rejected, withdrawn,
found duplicate, forwarded to another council.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import assert_never

from services.registration.applications.case import Application, Ended, NotReceived, Open, evolve
from services.registration.applications.commands import (
    AcceptAttestation,
    AcceptDocuments,
    AllowApplication,
    AllowOnAppeal,
    CallHearing,
    Command,
    DisallowObjection,
    EstablishFranchise,
    FindDuplicate,
    ForwardApplication,
    IdentifyProperty,
    MakeObjection,
    ReceiveApplication,
    RecordDwpResult,
    RecordHearing,
    RecordLocalMatch,
    RejectApplication,
    ReleaseApplication,
    RequestEvidence,
    RequestIdentityCheck,
    SupplyInformation,
    TreatAsAlteration,
    WithdrawApplication,
)
from shared.eventcore.deciding import Claim, Decider, Refused
from shared.events import application_form
from shared.events.registration import (
    ApplicationAllowed,
    ApplicationEvent,
    ApplicationForwarded,
    ApplicationFoundDuplicate,
    ApplicationFoundIncomplete,
    ApplicationHeld,
    ApplicationListed,
    ApplicationReceived,
    ApplicationRejected,
    ApplicationReleased,
    ApplicationTreatedAsAlteration,
    ApplicationWithdrawn,
    AttestationReceived,
    DwpResultReceived,
    EvidenceAccepted,
    EvidenceRequested,
    FranchiseEstablished,
    HearingCalled,
    HearingHeld,
    IdentityCheckRequested,
    IdentityVerified,
    LocalDataMatched,
    LocalDataNotMatched,
    MissingInformationReceived,
    ObjectionDisallowed,
    ObjectionMade,
    PropertyIdentified,
    Route,
)
from shared.events.values import (
    Category,
    FranchiseFacts,
    IdentityDocument,
)
from shared.law import applications as law
from shared.law import evidence, identifiers, provisions, registration
from shared.law.effect import takes_effect
from shared.law.franchise import entitlement
from shared.law.polls import Register
from shared.law.reckoning import LONDON
from shared.law.recorded import facts_of

# ----------------------------------------------------------------- decisions


def decide(command: Command, application: Application) -> Sequence[ApplicationEvent]:
    match application:
        case NotReceived():
            if isinstance(command, ReceiveApplication):
                return receive(command)
            raise Refused(law.NO_SUCH_APPLICATION)
        case Open():
            return go_on(command, application)
        case Ended(how, last):
            if isinstance(command, AllowOnAppeal) and how == "rejected":
                return [allowed_on_appeal(command, last)]
            # The form was sent twice: the first one counts. A machine's late answer changes nothing.
            if isinstance(command, ReceiveApplication | RecordDwpResult | RecordLocalMatch):
                return []
            raise Refused(law.ALREADY_DETERMINED, f"It was {how}.")
        case _:
            assert_never(application)


def receive(command: ReceiveApplication) -> Sequence[ApplicationEvent]:
    on = command.received_at.astimezone(LONDON).date()
    form = dict(command.form)
    franchise = readable(form, command.kind, on)
    received = ApplicationReceived(
        application_id=command.application_id,
        person_id=command.person_id,
        reference=command.reference,
        channel=command.channel,
        kind=command.kind,
        received_at=command.received_at,
        received_on=on,
        gss_code=command.gss_code,
        form=form,
        name=application_form.name(form),
        franchise=franchise,
        address=application_form.address(form),
        contact=application_form.contact(form),
        property_id=command.property_id,
        previous_gss_code=command.previous_gss_code,
        opted_out=application_form.opted_out(form),
        entry_to_alter=command.entry_to_alter,
        unknown_keys=application_form.unknown_keys(form),
        language=application_form.language(form),
    )
    missing = application_form.missing(form, command.kind)
    return [received, ApplicationFoundIncomplete(missing, command.person_id) if missing else listed(on)]


def readable(form: Mapping[str, str], kind: Category, on: date) -> FranchiseFacts:
    """The franchise facts of a form in which every answer can be what it says it is."""
    try:
        facts = application_form.franchise(form, kind)
        application_form.address(form)
    except application_form.Unreadable as problem:
        raise Refused(law.UNREADABLE_ANSWER, f"{problem}.") from None
    if form.get("nino", "").strip():
        identifiers.nino(form["nino"])
    if facts.date_of_birth:
        identifiers.date_of_birth(facts.date_of_birth, on)
    return facts


def listed(on: date) -> ApplicationListed:
    return ApplicationListed(on, registration.earliest_determination(on))


def go_on(command: Command, application: Open) -> Sequence[ApplicationEvent]:
    match command:
        case ReceiveApplication():
            return []  # the form was sent twice; the first one counts
        case SupplyInformation(supplied, received_at):
            return supply(dict(supplied), received_at.astimezone(LONDON).date(), application)
        case IdentifyProperty(place, uprn):
            return [] if place == application.property_id else [PropertyIdentified(place, uprn)]
        case EstablishFranchise(facts, shown_by):
            return [FranchiseEstablished(application.person_id, facts, shown_by)]
        case RequestIdentityCheck(at):
            complete(application)
            return [IdentityCheckRequested(at)]
        case RecordDwpResult():
            return weigh(command, application)
        case RecordLocalMatch(source, matched):
            if not matched:
                return [LocalDataNotMatched(source)]
            return [LocalDataMatched(source), *verified("local-data", application)]
        case ReleaseApplication(reason):
            return [ApplicationReleased(application.person_id, reason)] if application.held else []
        case RequestEvidence(on):
            complete(application)
            return [EvidenceRequested(on, application.person_id)]
        case AcceptDocuments(documents):
            evidence.check_documents(documents)
            shown = tuple(IdentityDocument(document.list_letter, document.value) for document in documents)
            return [EvidenceAccepted(shown), *verified("documents", application)]
        case AcceptAttestation():
            return attest(command, application)
        case MakeObjection(objector, grounds, on):
            in_window = on < complete(application).determine_from
            return [ObjectionMade(application.person_id, objector, grounds, on, in_window)]
        case DisallowObjection(objector, reason, on):
            if objector not in application.objectors:
                raise Refused(law.NO_SUCH_OBJECTION)
            ask_until = registration.ask_for_hearing_by(on).date
            return [ObjectionDisallowed(application.person_id, objector, reason, on, ask_until)]
        case CallHearing(notice_on, hearing_on):
            return call_hearing(notice_on, hearing_on, application)
        case RecordHearing(on, upheld, findings):
            if application.hearing_on is None or on < application.hearing_on:
                raise Refused(law.NO_HEARING)
            return [HearingHeld(application.person_id, on, upheld, findings)]
        case AllowApplication():
            return allow(command, application)
        case RejectApplication(on, reasons, explanation):
            if not reasons:
                raise Refused(law.REASONS_NEEDED)
            return [ApplicationRejected(application.person_id, on, reasons, explanation)]
        case WithdrawApplication(on):
            return [ApplicationWithdrawn(on)]
        case TreatAsAlteration(entry):
            return [] if application.entry_to_alter == entry else [ApplicationTreatedAsAlteration(entry)]
        case AllowOnAppeal():
            raise Refused(law.NOT_REJECTED)
        case FindDuplicate(on, elector, other):
            return [ApplicationFoundDuplicate(on, elector, other)]
        case ForwardApplication(to, on):
            return [ApplicationForwarded(to, on)]
        case _:
            assert_never(command)


def complete(application: Open) -> ApplicationListed:
    if application.listed is None:
        raise Refused(law.INCOMPLETE)
    return application.listed


def supply(supplied: dict[str, str], on: date, application: Open) -> Sequence[ApplicationEvent]:
    if not supplied:
        raise Refused(law.NOTHING_SUPPLIED)
    if application.form is None:
        raise Refused(law.PERSON_ERASED)
    form = {**application.form, **supplied}
    readable(form, application.kind, on)
    missing = application_form.missing(form, application.kind)
    events: list[ApplicationEvent] = [MissingInformationReceived(application.person_id, supplied, on, missing)]
    if not missing and application.listed is None:
        events.append(listed(on))
    return events


def verified(route: Route, application: Open) -> Sequence[ApplicationEvent]:
    """The first route that succeeds verifies; local data that passed beats a later red answer from DWP."""
    complete(application)
    return [] if application.route else [IdentityVerified(route)]


def attest(command: AcceptAttestation, application: Open) -> Sequence[ApplicationEvent]:
    if not command.complete:
        raise Refused(law.ATTESTATION_INCOMPLETE)
    attestor = evidence.Attestor(
        registered_in_england_or_wales=command.registered_in_england_or_wales,
        added_on=command.attestor_added_on,
        relationship=command.relationship,
        of_good_standing=command.of_good_standing,
    )
    evidence.check_attestation(attestor, command.attested_on, command.last_revised_register)
    counted_since = max(command.last_revised_register, command.attestor_added_on)
    return [
        AttestationReceived(command.attestor, command.attested_on, counted_since),
        *verified("attestation", application),
    ]


def weigh(result: RecordDwpResult, application: Open) -> Sequence[ApplicationEvent]:
    events: list[ApplicationEvent] = [
        DwpResultReceived(application.person_id, result.verdict, dict(result.fields), result.deceased, result.nino_uses)
    ]
    if result.verdict == "green":
        events += verified("dwp", application)
    if result.deceased:
        events.append(ApplicationHeld(application.person_id, "reported-deceased"))
    if result.nino_uses > 1:
        events.append(ApplicationHeld(application.person_id, "nino-used-more-than-once"))
    return events


def call_hearing(notice_on: date, hearing_on: date, application: Open) -> Sequence[ApplicationEvent]:
    if not (application.objectors or application.ask_for_hearing_until):
        raise Refused(law.NO_SUCH_OBJECTION)
    window = registration.hearing_window(notice_on)
    if not window.first <= hearing_on <= window.last:
        raise Refused(law.HEARING_OUT_OF_TIME, f"From {window.first:%-d %B %Y} to {window.last:%-d %B %Y}.")
    heard = tuple(sorted(application.objectors | application.disallowed))
    return [HearingCalled(notice_on, hearing_on, application.person_id, heard)]


def allow(command: AllowApplication, application: Open) -> Sequence[ApplicationEvent]:
    on, waits_until = command.determined_on, complete(application).determine_from
    if application.franchise is None:
        raise Refused(law.PERSON_ERASED)
    if application.held:
        raise Refused(law.ON_HOLD)  # why is in the case; a refusal must not tell what DWP answered
    if application.property_id is None:
        raise Refused(law.ADDRESS_NOT_IDENTIFIED)
    if application.route is None:
        raise Refused(law.IDENTITY_NOT_VERIFIED)
    if on < waits_until:
        raise Refused(law.OBJECTION_WINDOW_OPEN, f"The first day is {waits_until:%-d %B %Y}.")
    if application.upheld:
        raise Refused(law.OBJECTION_UPHELD)
    if application.objectors or application.hearing_on:
        raise Refused(law.OBJECTION_STANDS)
    if application.ask_for_hearing_until and on <= application.ask_for_hearing_until:
        raise Refused(
            law.OBJECTION_STANDS, f"A hearing may be asked for until {application.ask_for_hearing_until:%-d %B %Y}."
        )
    registers = registers_of(application)
    effect = takes_effect(on, registers, command.programme)
    return [ApplicationAllowed(application.person_id, application.property_id, on, effect.on, effect.notice)]


def registers_of(application: Open) -> frozenset[Register]:
    """The registers the applicant is entitled to be on. Raises `Refused` for nobody's."""
    if application.franchise is None:
        raise Refused(law.PERSON_ERASED)
    facts = facts_of(application.franchise)
    return entitlement(facts, application.received_on).registers


def allowed_on_appeal(command: AllowOnAppeal, application: Open) -> ApplicationAllowed:
    """What the court found is not decided again here; where the address lies, it must have been told."""
    if application.property_id is None:
        raise Refused(law.ADDRESS_NOT_IDENTIFIED)
    on = command.determined_on
    effect = takes_effect(on, registers_of(application), command.programme)
    starts = on if command.at_once else effect.on
    return ApplicationAllowed(application.person_id, application.property_id, on, starts, effect.notice)


def boundary(event: ApplicationEvent) -> Iterable[Claim]:
    """An elector attests for so many applicants until the register is next revised; then the count starts afresh."""
    if isinstance(event, AttestationReceived):
        limit = provisions.PRIOR_ATTESTATIONS.on(event.attested_on)
        yield Claim(f"attestor:{event.attestor}:{event.counted_since}", evidence.ATTESTOR_USED_UP, limit)


applications: Decider[Command, Application, ApplicationEvent] = Decider(
    "application", NotReceived(), decide, evolve, boundary
)
