"""Routes by which named officers decide on anonymity; two of them for each grant (ADR 0015)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from services.registration.anonymous.commands import (
    ConfirmIdentity,
    DiscloseRecord,
    EndEntry,
    GrantAnonymity,
    HandOverDocument,
    IdentifyHome,
    IssueDocument,
    ProposeGrant,
    TakeEvidence,
    TurnDown,
    WriteReminder,
)
from services.registration.anonymous.decider import Case, cases
from services.registration.anonymous.events import HandedOver
from services.registration.anonymous.reading import NAMED, Closed
from services.registration.anonymous.store import desk
from services.registration.anonymous_entries.decider import RenumberEntry, anonymous_entries
from services.registration.applications.api import NOT_ALLOCATED, Poll, ahead
from services.registration.duplicates.likeness import LIKELY, likeness, person
from services.registration.electors.decider import Merged, OnRegister, electors
from services.registration.properties.decider import Known, properties
from shared.eventcore.deciding import Refused
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Receipt
from shared.events.definition import known
from shared.events.values import Authority as Gss
from shared.events.values import ElectorId, ElectorNumber, PollingDistrict, PropertyId, Uprn, property_id
from shared.law.anonymity import ANOTHER_PERSONS_ENTRY
from shared.law.effect import Programme
from shared.law.electors import NOT_ON_REGISTER
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute, RequestCommands
from shared.service.http import stamp
from shared.service.now import Today
from shared.service.problems import not_found, refusals

router = APIRouter(prefix="/anonymous/cases/{case}", tags=["anonymous electors"], dependencies=[NAMED])


async def closed_commands(execute: Execute, closed: Closed) -> RequestCommands:
    return execute.through(closed.execute)


Closely = Annotated[RequestCommands, Depends(closed_commands)]
"""Parameter of a command route: carries commands out in the closed store."""


class Home(BaseModel):
    property_id: UUID | None = None
    uprn: int | None = Field(None, ge=1, le=999_999_999_999)


@router.post("/home", responses=refusals("property-not-allocated", "no-such-case"))
async def home(
    case: UUID, body: Home, request: Request, execute: Closely, officer: Officer, authority: Authority
) -> Receipt:
    """The address is this property. The ordinary store is asked, and told nothing."""
    place = PropertyId(body.property_id) if body.property_id else property_id(Gss(authority), Uprn(body.uprn or 0))
    found = (await request.app.state.execute.state(properties, place, authority)).state
    if not isinstance(found, Known):
        raise not_found()
    if found.allocation is None or not found.allocation.areas.district:
        raise Refused(NOT_ALLOCATED)
    return await execute(cases, case, IdentifyHome(place, found.allocation.areas), by=officer)


class Identity(BaseModel):
    route: Literal["dwp", "local-data", "documents", "attestation"]
    note: str = Field("", max_length=500)


@router.post("/identity", responses=refusals("no-such-case"))
async def identity(case: UUID, body: Identity, execute: Closely, officer: Officer) -> Receipt:
    """The applicant is who they say they are."""
    return await execute(cases, case, ConfirmIdentity(body.route, body.note), by=officer)


class EvidenceGiven(BaseModel):
    """`valid_until`: of an attestation always; of an order, where it names a day. `of_household`: the case of whoever it names."""

    kind: str = Field(max_length=60)
    made_on: date
    valid_until: date | None = None
    detail: str = Field("", max_length=2000)
    of_household: UUID | None = None


@router.post(
    "/evidence", responses=refusals("no-such-case", "case-closed", invalid=["unknown-evidence", "attestation-term"])
)
async def evidence(case: UUID, body: EvidenceGiven, execute: Closely, officer: Officer) -> Receipt:
    """A court order or an attestation, for the application or for a renewal."""
    command = TakeEvidence(body.kind, body.made_on, body.valid_until, body.detail, body.of_household)
    return await execute(cases, case, command, by=officer)


class Proposal(BaseModel):
    """`differs_because`: why that entry is theirs though name or birth differ, as after a marriage."""

    earlier_entry: UUID | None = Field(None, description="the ordinary entry that the person has, if any")
    differs_because: str = Field("", max_length=500)


@router.post(
    "/proposal",
    responses=refusals(
        "evidence-needed", "evidence-not-in-force", "identity-not-verified", "another-persons-entry", "not-on-register",
        "no-such-case",
    ),
)  # fmt: skip
async def propose(
    case: UUID, body: Proposal, request: Request, execute: Closely, closed: Closed, officer: Officer,
    authority: Authority, today: Today,
) -> Receipt:  # fmt: skip
    """One officer is satisfied; another must be, too. Also for a renewal. The entry that is to go is compared first."""
    earlier = ElectorId(body.earlier_entry) if body.earlier_entry else None
    if earlier is not None:
        state = (await closed.execute.state(cases, case, authority)).state
        entry = await standing_entry(request.app.state.execute, earlier, authority)
        if isinstance(state, Case) and not body.differs_because and not reads_like(state, entry):
            raise Refused(ANOTHER_PERSONS_ENTRY)
    return await execute(cases, case, ProposeGrant(officer.id, today, earlier, body.differs_because), by=officer)


async def standing_entry(shared: Executor, entry: ElectorId, authority: str) -> OnRegister:
    """The ordinary entry, or the one that it was merged into. Raises `Refused` when it is not on the register."""
    state = (await shared.state(electors, entry, authority)).state
    while isinstance(state, Merged):
        state = (await shared.state(electors, state.into, authority)).state
    if not isinstance(state, OnRegister):
        raise Refused(NOT_ON_REGISTER)
    return state


def reads_like(case: Case, entry: OnRegister) -> bool:
    """Whether an ordinary entry is likely this person's, by name and birth."""
    name, birth = known(case.taken.name), case.franchise.date_of_birth if case.franchise else None
    if name is None or entry.name is None:
        return False
    hers, theirs = person(UUID(int=0), name, birth), person(UUID(int=1), entry.name, entry.birth)
    return likeness(hers, theirs).score >= LIKELY


class Grant(BaseModel):
    """`earlier_entry`: as proposed, so that two officers name the entry that goes."""

    earlier_entry: UUID | None = None
    polls: list[Poll] = Field(default_factory=list)


@router.post(
    "/grant",
    responses=refusals(
        "maker-is-checker", "not-proposed", "another-earlier-entry", "evidence-not-in-force", "no-such-case"
    ),
)
async def grant(case: UUID, body: Grant, execute: Closely, officer: Officer, today: Today) -> Receipt:
    """The second officer grants it: for twelve months from the next notice that carries it."""
    command = GrantAnonymity(
        officer.id,
        today,
        Programme(polls=ahead(body.polls)),
        ElectorId(body.earlier_entry) if body.earlier_entry else None,
    )
    return await execute(cases, case, command, by=officer)


class Rejection(BaseModel):
    reasons: list[str] = Field(min_length=1, max_length=10, examples=[["evidence-not-in-force"]])
    explanation: str = Field("", max_length=4000)


@router.post("/rejection", responses=refusals("case-closed", "no-such-case"))
async def reject(case: UUID, body: Rejection, execute: Closely, officer: Officer, today: Today) -> Receipt:
    """The application is rejected, or taken back (`withdrawn`)."""
    return await execute(cases, case, TurnDown(today, tuple(body.reasons), body.explanation), by=officer)


@router.post("/document", responses=refusals("not-on-register", "no-such-case"))
async def document(case: UUID, execute: Closely, officer: Officer, today: Today) -> Receipt:
    """An anonymous elector's document was issued with the number that the register has now."""
    return await execute(cases, case, IssueDocument(today), by=officer)


class HandingOver(BaseModel):
    how: HandedOver


@router.post("/document/handing-over", responses=refusals("no-document", "not-on-register", "no-such-case"))
async def hand_over(case: UUID, body: HandingOver, execute: Closely, officer: Officer, today: Today) -> Receipt:
    """The elector came for it, or it was brought to them by hand."""
    return await execute(cases, case, HandOverDocument(body.how, today), by=officer)


@router.post("/reminder", responses=refusals("not-on-register", "no-such-case"))
async def remind(case: UUID, execute: Closely, officer: Officer, today: Today) -> Receipt:
    """A letter that the entry ends has gone out by hand."""
    return await execute(cases, case, WriteReminder(today), by=officer)


class Ending(BaseModel):
    polls: list[Poll] = Field(default_factory=list)


@router.post("/ending", responses=refusals("not-on-register", "no-such-case"))
async def end(case: UUID, body: Ending, execute: Closely, officer: Officer, today: Today) -> Receipt:
    """The entry ends before its time: the elector wishes it, or a review found them not entitled."""
    return await execute(cases, case, EndEntry("ended", today, Programme(polls=ahead(body.polls))), by=officer)


class NewNumber(BaseModel):
    """`numbered_in`: the publication day of the revised register whose numbering the number belongs to."""

    district: str = Field(pattern=r"^[A-Z]{1,6}$")
    number: int = Field(ge=1, le=99_999)
    suffix: int = Field(0, ge=0, le=99)
    numbered_in: date
    effective_on: date


@router.post("/number", responses=refusals("elector-number-taken", "not-on-register"))
async def renumber(
    case: UUID, body: NewNumber, request: Request, response: Response, closed: Closed, authority: Authority
) -> Receipt:
    """Another number, by a revised register (RPR r.40). The elector's document is then due again."""
    number = ElectorNumber(PollingDistrict(body.district), body.number, body.suffix)
    command, entry = RenumberEntry(number, body.numbered_in, body.effective_on), closed.entry_of(case, authority)
    receipt: Receipt = await request.app.state.execute(anonymous_entries, entry, command, by=desk(authority))
    return stamp(response, receipt)


class Disclosure(BaseModel):
    recipient: str = Field(max_length=40, examples=["police"])
    to: str = Field(min_length=3, max_length=300, description="who asked, of what rank, under which reference")


@router.post("/disclosures", responses=refusals("no-such-case", invalid=["no-right-to-the-record"]))
async def disclose(case: UUID, body: Disclosure, execute: Closely, officer: Officer, today: Today) -> Receipt:
    """The record is opened to one of the few who have a right to it; written down before it is handed over."""
    return await execute(cases, case, DiscloseRecord(body.recipient, body.to, officer.id, today), by=officer)
