"""Routes of the calendar: a bank holiday is proclaimed."""

from __future__ import annotations

from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.elections.calendar.decider import ProclaimBankHoliday, bank_holidays
from shared.eventcore.recording import Receipt
from shared.events.elections import ProclaimedHoliday, calendar_id
from shared.events.values import Authority
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(prefix="/bank-holidays", tags=["bank holidays"], dependencies=[requires("ro-deputy")])


class Proclamation(BaseModel):
    """A bank holiday, or a day of public thanksgiving or mourning, that the holiday data does not hold yet."""

    day: date = Field(ge=date(2012, 1, 1), le=date(2099, 12, 31))
    name: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")
    nations: list[Literal["england-and-wales", "scotland", "northern-ireland"]] = Field(min_length=1)


@router.post("", responses=refusals(invalid=("holiday-has-passed", "unknown-nation")))
async def proclaim(
    body: Proclamation, execute: Execute, officer: Officer, authority: ActingFor, today: Today
) -> Receipt:
    """Every timetable that spans the day is worked out anew; published notices stand, and what moved is told."""
    holiday = ProclaimedHoliday(body.day, body.name, tuple(sorted(set(body.nations))))
    command = ProclaimBankHoliday(holiday, today)
    return await execute(bank_holidays, calendar_id(Authority(authority)), command, by=officer)
