"""Routes of the scheme of allowances: adopted, amended, indexed, shown."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.finance.inputs import Day, Pence, Text
from services.finance.schemes.decider import AdoptScheme, AmendScheme, ApplyIndex, Scheme, schemes
from shared.eventcore.recording import Receipt
from shared.events.values import Authority
from shared.events.values_finance import Rate, Rates, SchemePractice, scheme_id
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import not_found, refusals

router = APIRouter(prefix="/allowance-scheme", tags=["allowance scheme"])
APPROVERS = requires("finance-approver")
READERS = requires("finance-clerk", "finance-approver", "dem-services", "auditor")


class OfficeRate(BaseModel):
    """What an office brings a year, in pence. `office`: `basic`, `co-optee`, a role (`leader`, `chair`), or a role in one body
    (`chair:<committee id>`)."""

    office: Text = Field(min_length=1, max_length=80)
    annual: Pence


Offices = Annotated[list[OfficeRate], Field(max_length=500)]


class Adoption(BaseModel):
    """What the council resolved, on which day, after which report."""

    effective_from: Day
    adopted_on: Day
    panel_reported_on: Day
    rates: Offices
    practice: SchemePractice = SchemePractice()
    index: Text = Field("", max_length=100)
    index_until: Day | None = None


class Amendment(BaseModel):
    effective_from: Day
    amended_on: Day
    panel_reported_on: Day
    rates: Offices
    practice: SchemePractice = SchemePractice()


class Indexation(BaseModel):
    """320 `basis_points` are 3.2 per cent."""

    effective_from: Day
    index: Text = Field(min_length=1, max_length=100)
    basis_points: int = Field(ge=1, le=10_000)


class SchemeNow(BaseModel):
    """The rates by the day since when they hold, and the council's practice."""

    rates: list[Rates]
    practice: SchemePractice
    index: str
    index_until: date | None


def rates_of(offices: list[OfficeRate]) -> tuple[Rate, ...]:
    return tuple(Rate(rate.office, rate.annual) for rate in offices)


@router.post(
    "/adoptions", dependencies=[APPROVERS],
    responses=refusals(
        "scheme-begins-a-year", "scheme-made-before-its-year", "panel-reports-first", "basic-allowance-needed",
        "rates-unclear", "share-out-of-range", "index-too-long", "scheme-stands",
    ),
)  # fmt: skip
async def adopt(body: Adoption, execute: Execute, officer: Officer, authority: ActingFor) -> Receipt:
    """Enter the scheme that the council made for a year."""
    command = AdoptScheme(
        body.effective_from, body.adopted_on, rates_of(body.rates), body.panel_reported_on, body.practice, body.index,
        body.index_until,
    )  # fmt: skip
    return await execute(schemes, scheme_id(Authority(authority)), command, by=officer)


@router.post(
    "/amendments", dependencies=[APPROVERS],
    responses=refusals(
        "no-scheme", "backdated-too-far", "panel-reports-first", "basic-allowance-needed", "rates-unclear",
        "share-out-of-range",
    ),
)  # fmt: skip
async def amend(body: Amendment, execute: Execute, officer: Officer, authority: ActingFor) -> Receipt:
    """Enter an amendment; what it changes for months already paid comes with the next run."""
    command = AmendScheme(
        body.effective_from, body.amended_on, rates_of(body.rates), body.panel_reported_on, body.practice
    )
    return await execute(schemes, scheme_id(Authority(authority)), command, by=officer)


@router.post(
    "/indexations", dependencies=[APPROVERS],
    responses=refusals("no-scheme", "not-the-schemes-index", "index-ran-out", "backdated-too-far"),
)  # fmt: skip
async def index(body: Indexation, execute: Execute, officer: Officer, authority: ActingFor, today: Today) -> Receipt:
    """Raise every rate by the scheme's own index; arrears come with the next run."""
    command = ApplyIndex(body.effective_from, today, body.index, body.basis_points)
    return await execute(schemes, scheme_id(Authority(authority)), command, by=officer)


@router.get("", dependencies=[READERS])
async def show(request: Request, authority: ActingFor) -> SchemeNow:
    """The scheme as it stands."""
    found = await request.app.state.execute.state(schemes, scheme_id(Authority(authority)), authority)
    match found.state:
        case Scheme(rates, practice, index, index_until):
            return SchemeNow(rates=list(rates), practice=practice, index=index, index_until=index_until)
        case _:
            raise not_found()
