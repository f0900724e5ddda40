"""Routes of members: taking and leaving office, contact, and an absence that the council approves."""

from __future__ import annotations

from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.committees.inputs import Day, Number, Prose, Text
from services.committees.members.decider import ApproveAbsence, ChangeContact, LeaveOffice, TakeOffice, members
from shared.eventcore.recording import Receipt
from shared.events.values import PersonId, PersonName, Ward
from shared.events.values_committees import DepartureReason, MemberId, OfficeContact
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.problems import refusals

router = APIRouter(prefix="/members", tags=["members"], dependencies=[requires("dem-services")])


class Name(BaseModel):
    """As it is to be printed; a person may have one name only, given as `last`."""

    first: Text = Field("", max_length=200)
    middle: Text = Field("", max_length=200)
    last: Text = Field(max_length=200)


class Contact(BaseModel):
    """How the public reaches a member: the office, never the home."""

    email: Text = Field("", max_length=320)
    phone: Text = Field("", max_length=50)
    lines: list[Text] = Field(default_factory=list, max_length=4)
    postcode: Text = Field("", max_length=10)

    def value(self) -> OfficeContact:
        return OfficeContact(self.email, self.phone, tuple(self.lines), self.postcode)


class Declaration(BaseModel):
    """A declaration of acceptance of office. `member_id` and `person_id`: of somebody who held office before.
    `number`: the one they have in the system before this one."""

    name: Name
    party: Text = Field("", max_length=200)
    from_on: Day
    elected_on: Day | None = None
    term_ends_on: Day | None = None
    ward: str | None = Field(None, pattern=r"^[A-Z]\d{8}$")
    ward_title: Text = Field("", max_length=200)
    title: Text = Field("Councillor", max_length=50)
    contact: Contact = Field(default_factory=Contact)
    member_id: UUID | None = None
    person_id: UUID | None = None
    number: Number = 0


@router.post(
    "", status_code=status.HTTP_201_CREATED,
    responses=refusals("already-in-office", "number-taken", invalid=["name-needed", "ends-before-it-began"]),
)  # fmt: skip
async def take_office(body: Declaration, execute: Execute, officer: Officer) -> Receipt:
    """A councillor, or a co-opted member, takes office."""
    member = MemberId(body.member_id or uuid4())
    command = TakeOffice(
        member, PersonId(body.person_id or uuid4()),
        PersonName(body.name.first, body.name.last, body.name.middle), body.party, body.from_on, body.elected_on,
        body.term_ends_on, Ward(body.ward) if body.ward else None, body.ward_title, body.title, body.contact.value(), body.number,
    )  # fmt: skip
    return await execute(members, member, command, by=officer)


@router.put("/{member_id}/contact", responses=refusals("not-in-office"))
async def change_contact(member_id: UUID, body: Contact, execute: Execute, officer: Officer) -> Receipt:
    """How the public reaches the member."""
    return await execute(members, member_id, ChangeContact(body.value()), by=officer)


class Departure(BaseModel):
    """`left_on` is the last day in office."""

    left_on: Day
    because: DepartureReason


@router.post("/{member_id}/departure", responses=refusals("not-in-office", invalid=["ends-before-it-began"]))
async def leave_office(member_id: UUID, body: Departure, execute: Execute, officer: Officer) -> Receipt:
    """The member's term ended, or they resigned, died, were disqualified or lost the office by absence."""
    return await execute(members, member_id, LeaveOffice(body.left_on, body.because), by=officer)


class ApprovedAbsence(BaseModel):
    approved_on: Day
    until: Day
    reason: Prose = Field(min_length=1, max_length=500)


@router.post("/{member_id}/absence", responses=refusals("not-in-office", "absence-approved-too-late"))
async def approve_absence(member_id: UUID, body: ApprovedAbsence, execute: Execute, officer: Officer) -> Receipt:
    """The council approved the reason for an absence, before the six months were over."""
    command = ApproveAbsence(body.approved_on, body.until, body.reason)
    return await execute(members, member_id, command, by=officer)
