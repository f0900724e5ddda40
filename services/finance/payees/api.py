"""Routes of payees: bank details entered, checked, confirmed by another officer."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.finance.exchange.modulus import verdict
from services.finance.inputs import Text
from services.finance.payees.decider import ConfirmPayee, ProposePayee, payees, well_formed
from services.finance.views.members import Member
from shared.eventcore.deciding import Refused, Rule
from shared.eventcore.recording import Receipt
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.events.values_finance import PayeeDetails, payee_id
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading, fetch
from shared.service.problems import not_found, refusals

router = APIRouter(
    prefix="/members/{member}/payee", tags=["payees"], dependencies=[requires("finance-clerk", "finance-approver")]
)

MODULUS = Rule(
    "account-fails-modulus-check",
    "There can be no such account number at this sort code.",
    "VocaLink, Validating account numbers (Pay.UK)",
    "Ask the member for sort code and account number again.",
    invalid=True,
)


class Details(BaseModel):
    name: Text = Field(max_length=70)
    pay_reference: Text = Field(max_length=25)
    ni_number: Text = Field(max_length=13)
    sort_code: Text = Field(max_length=8, examples=["08-99-99"])
    account_number: Text = Field(max_length=10)


@router.post(
    "", responses=refusals("account-malformed", "account-fails-modulus-check", "payee-name-needed", "nino-impossible")
)
async def propose(member: UUID, body: Details, execute: Execute, officer: Officer, conn: Reading) -> Receipt:
    """Enter how a member is paid. Nothing changes before another officer confirms it."""
    found = await fetch(conn, select(Member.person_id).where(Member.member_id == member))
    if not found or found[0]["person_id"] is None:
        raise not_found()
    details = well_formed(PayeeDetails(**body.model_dump()))
    if not verdict(details.sort_code, details.account_number):
        raise Refused(MODULUS)
    command = ProposePayee(MemberId(member), PersonId(found[0]["person_id"]), details, officer.id)
    return await execute(payees, payee_id(MemberId(member)), command, by=officer)


class Confirmation(BaseModel):
    called_back: bool = Field(description="the member was called on a number known before")


@router.post("/confirmation", responses=refusals("nothing-proposed", "payee-needs-two", "call-back-needed"))
async def confirm(member: UUID, body: Confirmation, execute: Execute, officer: Officer) -> Receipt:
    """Confirm what another officer entered."""
    return await execute(payees, payee_id(MemberId(member)), ConfirmPayee(officer.id, body.called_back), by=officer)
