"""Routes of batches: contact every property of a route that is due, and give the printer what the letters say."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Path, Request, Response, status
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from services.registration.canvass import codes
from services.registration.canvass.contacting import Contacting
from services.registration.canvass.years.api import MANAGERS, OFFICERS, Year, of_year, under_way
from services.registration.exchange.register_csv import written
from services.registration.imports.api import Jobs
from services.registration.imports.runs import Run, RunReport
from services.registration.views.canvass_batches import COLUMNS, Chosen, printed
from shared.eventcore.execute import Executor
from shared.events.registration import CanvassContact, CanvassPropertyId
from shared.events.values import Authority as Council
from shared.service.auth import Authority, Officer
from shared.service.database import reading_on
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found, refusals
from shared.service.read_audit import audited

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
router = APIRouter(prefix="/canvasses/{year}", tags=["canvass"])


class Batch(BaseModel):
    """`batch` names it for ever: sent again it contacts only those it has not reached."""

    batch: str = Field(pattern=NAME, examples=["CCA-1"])
    contact: CanvassContact
    route: Literal[1, 2, 3]
    ward: str | None = Field(None, max_length=9)
    district: str | None = Field(None, max_length=6)


@router.post(
    "/contacts", status_code=status.HTTP_202_ACCEPTED, dependencies=[OFFICERS, caught_up("canvass", "electors")],
    responses=refusals("no-canvass", "canvass-closed", "import-under-way"),
)  # fmt: skip
async def contact_many(
    year: Year, body: Batch, request: Request, response: Response, jobs: Jobs, officer: Officer, authority: Authority
) -> RunReport:
    """Contact every open property of a route whose next contact is due, in the background."""
    await under_way(request, authority, year)
    chosen = Chosen(of_year(authority, year), body.route, body.ward, body.district)
    run = Run(batch_run(authority, year, body.batch), authority, "canvass-contacts", officer.id)
    response.headers["Location"] = f"/canvasses/{year}/batches/{body.batch}"
    await jobs.start(run, Contacting(jobs.execute, run, chosen, body.contact, body.batch))
    return await _report(jobs, authority, run.id)


Named = Annotated[str, Path(pattern=NAME)]


@router.get("/batches/{batch}", dependencies=[OFFICERS])
async def batch_report(year: Year, batch: Named, jobs: Jobs, authority: Authority) -> RunReport:
    """How a batch stands: properties done of all, and counts by outcome."""
    return await _report(jobs, authority, batch_run(authority, year, batch))


@router.get(
    "/batches/{batch}/letters.csv", response_class=StreamingResponse,
    dependencies=[MANAGERS, caught_up("canvass", "electors", "properties"), audited("canvass letters")],
)  # fmt: skip
async def letters(year: Year, batch: Named, request: Request, authority: Authority, today: Today) -> StreamingResponse:
    """The letters of a batch in walk order: address, both parts of the security code, names of ordinary electors."""
    execute: Executor = request.app.state.execute

    async def rows() -> AsyncGenerator[list[str]]:
        async with reading_on(request.app.state.pool, authority) as conn:
            async for letter in printed(conn, authority, of_year(authority, year), batch, today):
                place = CanvassPropertyId(letter.canvass_property_id)
                code = codes.code_of(execute.blind, Council(authority), place, max(letter.issue, 1))
                yield [letter.address, code.reference, code.secret, "; ".join(letter.electors)]

    headers = {"Content-Disposition": f'attachment; filename="{batch}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(written(COLUMNS, rows()), media_type="text/csv; charset=utf-8", headers=headers)


def batch_run(authority: str, year: int, batch: str) -> UUID:
    return uuid5(of_year(authority, year), f"batch:{batch}")


async def _report(jobs: Jobs, authority: str, id: UUID) -> RunReport:
    report = await jobs.runs.find(authority, id)
    if report is None:
        raise not_found()
    return report
