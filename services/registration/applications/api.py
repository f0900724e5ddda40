"""Routes of applications to register. A route translates and dispatches; what may be is the decider's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Body, Request, status
from pydantic import BaseModel, Field

from services.registration.anonymous.depositing import asks_for_anonymity, deposit
from services.registration.applications.case import Open
from services.registration.applications.commands import (
    AcceptAttestation,
    AcceptDocuments,
    AllowApplication,
    CallHearing,
    DisallowObjection,
    EstablishFranchise,
    FindDuplicate,
    ForwardApplication,
    IdentifyProperty,
    MakeObjection,
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
from services.registration.applications.decider import applications
from services.registration.electors.decider import OnRegister, electors
from services.registration.exchange import ier
from services.registration.properties.decider import Known, properties
from shared.eventcore.deciding import Refused, Rule
from shared.eventcore.recording import Receipt
from shared.events.registration import ApplicationReceived, Channel, Match, Verdict
from shared.events.values import (
    AddressLines,
    ApplicationId,
    Authority,
    Category,
    ContactDetails,
    ElectorId,
    FranchiseFacts,
    PersonId,
    PersonName,
    PropertyId,
    Uprn,
    application_id,
    property_id,
)
from shared.law import identifiers
from shared.law.effect import PollAhead, Programme
from shared.law.electors import NOT_ON_REGISTER
from shared.law.evidence import Document, Relationship
from shared.law.polls import PollType
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Now, Today
from shared.service.problems import not_found, refusals
from shared.service.read_audit import audited

router = APIRouter(
    prefix="/applications", tags=["applications"], dependencies=[requires("registration-officer", "ero-deputy")]
)

FOR_ANOTHER_COUNCIL = Rule(
    "meant-for-another-council",
    "This application names another council.",
    "RPA 1983 s.8, s.10ZC; RPR 2001 r.26",
    "Send it to that council's registration officer, or forward it after receiving it under your own code.",
    invalid=True,
)
NOT_ALLOCATED = Rule(
    "property-not-allocated",
    "The property is in no polling district yet, so its electors can have no number.",
    "RPA 1983 ss.9(2), 18A",
    "Allocate the property to its polling district, then allow the application.",
)


class Poll(BaseModel):
    """A poll in whose area the address lies. It may bring the entry forward, by an election notice."""

    poll_type: PollType
    polling_day: date
    second_interim: date | None = None


class Entered(BaseModel):
    """A paper form, a telephone call or a visit, as an officer entered it. Empty answers are left out."""

    channel: Literal["paper", "phone", "in-person"]
    reference: str = Field(min_length=1, max_length=50, examples=["P-2026-0417"])
    name: PersonName
    address: AddressLines
    kind: Category = "ordinary"
    date_of_birth: str = Field("", examples=["1980-12-01"])
    no_date_of_birth: str = ""
    age_band: str = ""
    nino: str = ""
    no_nino: str = ""
    nationalities: str = Field("", examples=["GB, IE"])
    no_nationality: str = ""
    previous_name: PersonName | None = None
    previous_address: AddressLines | None = None
    contact: ContactDetails | None = None
    open_register: bool = False
    anonymous: bool = False
    entry_to_alter: UUID | None = None
    """A change of name: the entry that is to be altered (RPA 1983 s.10ZD)."""
    other: dict[str, str] = Field(default_factory=dict)


@router.post(
    "", status_code=status.HTTP_201_CREATED, responses=refusals("unreadable-ier-document", "meant-for-another-council")
)
async def receive(
    document: Annotated[dict[str, Any], Body(examples=[{"application": {"applicationType": "ordinary", "refNum": "…"}}])],
    request: Request, execute: Execute, officer: Officer, authority: ActingFor, now: Now,
) -> Receipt:  # fmt: skip
    """An application from GOV.UK, as its flat IER map. Sending it twice counts once."""
    form = ier.read(await request.body())
    return await take(form, "gov.uk", request, execute, officer, authority, now)


@router.post("/entered", status_code=status.HTTP_201_CREATED, responses=refusals("name-too-long"))
async def enter(
    body: Entered, request: Request, execute: Execute, officer: Officer, authority: ActingFor, now: Now
) -> Receipt:
    """An application on paper, by telephone or in person."""
    answers = {name: getattr(body, name) for name in body.model_fields_set - {"channel", "anonymous", "entry_to_alter"}}
    form = ier.enter(gss_code=authority, **answers)
    return await take(
        form,
        body.channel,
        request,
        execute,
        officer,
        authority,
        now,
        anonymous=body.anonymous,
        entry=body.entry_to_alter,
    )


async def take(
    form: dict[str, str], channel: Channel, request: Request, execute: Execute, officer: Officer, authority: str,
    now: Now, *, anonymous: bool = False, entry: UUID | None = None,
) -> Receipt:  # fmt: skip
    reference = application_id(Authority(authority), form.get("refNum", "").strip())
    command = ier.to_command(
        form,
        received_at=now,
        channel=channel,
        # One person per application until an officer says otherwise: merging people by likeness has gone wrong elsewhere.
        person_id=PersonId(uuid5(reference, "person")),
        property_id=await known_property(request, authority, form.get("reguprn", "")),
    )
    if command.gss_code != authority:
        raise Refused(FOR_ANOTHER_COUNCIL)
    if entry is not None:
        await on_register(entry, request, authority)
        command = replace(command, entry_to_alter=ElectorId(entry))
    if anonymous or asks_for_anonymity(form):
        return await deposit(command, request, execute, officer, authority)
    return await execute(applications, command.application_id, command, by=officer)


async def on_register(elector: UUID, request: Request, authority: str) -> None:
    """Raises `Refused` unless this elector's entry stands."""
    if not isinstance((await request.app.state.execute.state(electors, elector, authority)).state, OnRegister):
        raise Refused(NOT_ON_REGISTER)


async def known_property(request: Request, authority: str, uprn: str) -> PropertyId | None:
    """The property with this UPRN, if the gazetteer or an officer has told us of it."""
    try:
        place = property_id(Authority(authority), Uprn(int(identifiers.uprn(uprn))))
    except Refused:
        return None
    known = await request.app.state.execute.state(properties, place, authority)
    return place if isinstance(known.state, Known) else None


@router.get("/{application}/form", dependencies=[audited("application form")])
async def form(application: UUID, request: Request, authority: ActingFor) -> dict[str, dict[str, str]]:
    """The application as it was received, key for key."""
    for event in await request.app.state.history(application, authority):
        if isinstance(event.data, ApplicationReceived):
            return ier.write(event.data)
    raise not_found()


@router.post("/{application}/information", responses=refusals("unreadable-answer", "already-determined"))
async def supply(application: UUID, supplied: dict[str, str], execute: Execute, officer: Officer, now: Now) -> Receipt:
    """What was missing, by IER key."""
    return await execute(applications, application, SupplyInformation(supplied, now), by=officer)


class Identified(BaseModel):
    property_id: UUID | None = None
    uprn: int | None = Field(None, ge=1, lt=10**12)


@router.post("/{application}/property", responses=refusals("unknown-property"))
async def identify(
    application: UUID, body: Identified, request: Request, execute: Execute, officer: Officer, authority: ActingFor
) -> Receipt:
    """The address on the form is this property."""
    place = (
        PropertyId(body.property_id) if body.property_id else property_id(Authority(authority), Uprn(body.uprn or 0))
    )
    if not isinstance((await request.app.state.execute.state(properties, place, authority)).state, Known):
        raise not_found()
    uprn = Uprn(body.uprn) if body.uprn else None
    return await execute(applications, application, IdentifyProperty(place, uprn), by=officer)


class Established(BaseModel):
    franchise: FranchiseFacts
    evidence: str = ""


@router.post("/{application}/franchise")
async def establish(application: UUID, body: Established, execute: Execute, officer: Officer) -> Receipt:
    """Facts that decide the applicant's franchise, established by an officer."""
    return await execute(applications, application, EstablishFranchise(body.franchise, body.evidence), by=officer)


@router.post("/{application}/identity-check", responses=refusals("application-incomplete"))
async def request_check(application: UUID, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """Name, date of birth and NINO are sent to DWP."""
    return await execute(applications, application, RequestIdentityCheck(now), by=officer)


class Result(BaseModel):
    verdict: Verdict
    fields: dict[str, Match] = Field(default_factory=dict)
    deceased: bool = False
    nino_uses: int = Field(1, ge=1, le=10_000)


@router.post("/{application}/dwp-result")
async def dwp_result(application: UUID, body: Result, execute: Execute, officer: Officer) -> Receipt:
    """DWP's answer, through the IER Digital Service."""
    command = RecordDwpResult(body.verdict, body.fields, body.deceased, body.nino_uses)
    return await execute(applications, application, command, by=officer)


class LocalMatch(BaseModel):
    source: str = Field(min_length=1, max_length=60, examples=["council tax"])
    matched: bool


@router.post("/{application}/local-match")
async def local_match(application: UUID, body: LocalMatch, execute: Execute, officer: Officer) -> Receipt:
    """Whether the council's own records confirm the applicant."""
    return await execute(applications, application, RecordLocalMatch(body.source, body.matched), by=officer)


class Because(BaseModel):
    reason: str = Field(min_length=1, max_length=500)


@router.post("/{application}/release")
async def release(application: UUID, body: Because, execute: Execute, officer: Officer) -> Receipt:
    """An officer looked into what holds the application and lets it go on."""
    return await execute(applications, application, ReleaseApplication(body.reason), by=officer)


@router.post("/{application}/evidence-request")
async def request_evidence(application: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Ask the applicant for documents or an attestation."""
    return await execute(applications, application, RequestEvidence(today), by=officer)


@router.post("/{application}/documents", responses=refusals("documents-insufficient"))
async def documents(application: UUID, body: list[Document], execute: Execute, officer: Officer) -> Receipt:
    """Documents that an officer saw; they must suffice (RPR r.26B)."""
    return await execute(applications, application, AcceptDocuments(tuple(body)), by=officer)


class Attested(BaseModel):
    attestor: UUID
    relationship: Relationship
    last_revised_register: date
    attestor_added_on: date
    registered_in_england_or_wales: bool = True
    of_good_standing: bool = True
    complete: bool = True


@router.post("/{application}/attestation")
async def attest(application: UUID, body: Attested, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """An elector vouches for the applicant (RPR r.26B(5)-(6))."""
    command = AcceptAttestation(
        ElectorId(body.attestor), today, body.relationship, body.last_revised_register, body.attestor_added_on,
        body.registered_in_england_or_wales, body.of_good_standing, body.complete,
    )  # fmt: skip
    return await execute(applications, application, command, by=officer)


class Objection(BaseModel):
    objector: UUID
    grounds: str = Field(min_length=1, max_length=2000)


@router.post("/{application}/objections")
async def object_to(application: UUID, body: Objection, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """An elector objects. Only in the window does it suspend the application."""
    return await execute(
        applications, application, MakeObjection(ElectorId(body.objector), body.grounds, today), by=officer
    )


@router.post("/{application}/objections/{objector}/disallowance")
async def disallow(
    application: UUID, objector: UUID, body: Because, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """Disallow an objection without merit; the objector may ask for a hearing."""
    return await execute(
        applications, application, DisallowObjection(ElectorId(objector), body.reason, today), by=officer
    )


class Hearing(BaseModel):
    hearing_on: date


@router.post("/{application}/hearing", responses=refusals("hearing-out-of-time"))
async def call_hearing(application: UUID, body: Hearing, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Call a hearing, on the third to seventh working day after today's notice (RPR r.30)."""
    return await execute(applications, application, CallHearing(today, body.hearing_on), by=officer)


class Outcome(BaseModel):
    upheld: bool
    findings: str = Field("", max_length=4000)


@router.post("/{application}/hearing/outcome")
async def hearing_held(application: UUID, body: Outcome, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """What the hearing found; `upheld` is the objection's fate."""
    return await execute(applications, application, RecordHearing(today, body.upheld, body.findings), by=officer)


class Allowance(BaseModel):
    polls: list[Poll] = Field(default_factory=list)


@router.post(
    "/{application}/allowance",
    responses=refusals(
        "objection-window-open",
        "identity-not-verified",
        "objection-stands",
        "address-not-identified",
        "property-not-allocated",
    ),
)
async def allow(
    application: UUID, body: Allowance, request: Request, execute: Execute, officer: Officer, authority: ActingFor,
    today: Today,
) -> Receipt:  # fmt: skip
    """Allow the application: the entry takes effect by the next notice that carries it."""
    known = (await request.app.state.execute.state(applications, application, authority)).state
    if isinstance(known, Open) and known.property_id is not None:
        place = (await request.app.state.execute.state(properties, known.property_id, authority)).state
        if not (isinstance(place, Known) and place.allocation and place.allocation.areas.district):
            raise Refused(NOT_ALLOCATED)
    command = AllowApplication(today, Programme(polls=ahead(body.polls)))
    return await execute(applications, application, command, by=officer)


def ahead(polls: Sequence[Poll]) -> tuple[PollAhead, ...]:
    return tuple(PollAhead(poll.poll_type, poll.polling_day, poll.second_interim) for poll in polls)


class Rejection(BaseModel):
    reasons: list[str] = Field(min_length=1, examples=[["not-resident"]])
    explanation: str = Field("", max_length=4000)


@router.post("/{application}/rejection", responses=refusals("reasons-needed"))
async def reject(application: UUID, body: Rejection, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Reject the application; the applicant is told the reasons in writing."""
    command = RejectApplication(today, tuple(body.reasons), body.explanation)
    return await execute(applications, application, command, by=officer)


@router.post("/{application}/withdrawal")
async def withdraw(application: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The applicant takes the application back."""
    return await execute(applications, application, WithdrawApplication(today), by=officer)


class Duplicate(BaseModel):
    elector: UUID | None = None
    application: UUID | None = None


@router.post("/{application}/duplicate")
async def duplicate(application: UUID, body: Duplicate, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The applicant is registered there already, or has applied already."""
    command = FindDuplicate(
        today,
        ElectorId(body.elector) if body.elector else None,
        ApplicationId(body.application) if body.application else None,
    )
    return await execute(applications, application, command, by=officer)


class Alteration(BaseModel):
    elector: UUID


@router.post("/{application}/alteration", responses=refusals("not-on-register", "already-determined"))
async def alteration(
    application: UUID, body: Alteration, request: Request, execute: Execute, officer: Officer, authority: ActingFor
) -> Receipt:
    """The applicant is on the register there under another name: the application alters that entry (RPA 1983 s.10ZD)."""
    await on_register(body.elector, request, authority)
    return await execute(applications, application, TreatAsAlteration(ElectorId(body.elector)), by=officer)


class Forwarding(BaseModel):
    to: str = Field(pattern=r"^[ENSW]\d{8}$", examples=["E07000041"])


@router.post("/{application}/forwarding")
async def forward(application: UUID, body: Forwarding, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The address lies in another council's area."""
    return await execute(applications, application, ForwardApplication(Authority(body.to), today), by=officer)
