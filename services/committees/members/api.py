"""Routes of members: taking and leaving office, contact, and an absence that the council approves."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.committees.members.decider import ApproveAbsence, ChangeContact, LeaveOffice, TakeOffice, members
from shared.eventcore.recording import Receipt
from shared.events.values import PersonId, PersonName, Ward
from shared.events.values_committees import DepartureReason, MemberId, OfficeContact
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.problems import refusals

router = APIRouter(prefix="/members", tags=["members"], dependencies=[requires("dem-services")])


class Declaration(BaseModel):
    """A declaration of acceptance of office. `member_id` and `person_id`: of somebody who held office before.
    `number`: the one they have in the system before this one."""

    name: PersonName
    party: str = Field("", max_length=200)
    from_on: date
    elected_on: date | None = None
    term_ends_on: date | None = None
    ward: str | None = Field(None, pattern=r"^[A-Z]\d{8}$")
    ward_title: str = Field("", max_length=200)
    title: str = Field("Councillor", max_length=50)
    contact: OfficeContact = Field(default_factory=OfficeContact)
    member_id: UUID | None = None
    person_id: UUID | None = None
    number: int = Field(0, ge=0, lt=2**31)


@router.post(
    "", status_code=status.HTTP_201_CREATED,
    responses=refusals("already-in-office", "number-taken", invalid=["name-needed", "ends-before-it-began"]),
)  # fmt: skip
async def take_office(body: Declaration, execute: Execute, officer: Officer) -> Receipt:
    """A councillor, or a co-opted member, takes office."""
    member = MemberId(body.member_id or uuid4())
    command = TakeOffice(
        member, PersonId(body.person_id or uuid4()), body.name, body.party, body.from_on, body.elected_on,
        body.term_ends_on, Ward(body.ward) if body.ward else None, body.ward_title, body.title, body.contact, body.number,
    )  # fmt: skip
    return await execute(members, member, command, by=officer)


@router.put("/{member_id}/contact", responses=refusals("not-in-office"))
async def change_contact(member_id: UUID, body: OfficeContact, execute: Execute, officer: Officer) -> Receipt:
    """How the public reaches the member."""
    return await execute(members, member_id, ChangeContact(body), by=officer)


class Departure(BaseModel):
    """`left_on` is the last day in office."""

    left_on: date
    because: DepartureReason


@router.post("/{member_id}/departure", responses=refusals("not-in-office", invalid=["ends-before-it-began"]))
async def leave_office(member_id: UUID, body: Departure, execute: Execute, officer: Officer) -> Receipt:
    """The member's term ended, or they resigned, died, were disqualified or lost the office by absence."""
    return await execute(members, member_id, LeaveOffice(body.left_on, body.because), by=officer)


class ApprovedAbsence(BaseModel):
    approved_on: date
    until: date
    reason: str = Field(min_length=1, max_length=500)


@router.post("/{member_id}/absence", responses=refusals("not-in-office", "absence-approved-too-late"))
async def approve_absence(member_id: UUID, body: ApprovedAbsence, execute: Execute, officer: Officer) -> Receipt:
    """The council approved the reason for an absence, before the six months were over."""
    command = ApproveAbsence(body.approved_on, body.until, body.reason)
    return await execute(members, member_id, command, by=officer)
