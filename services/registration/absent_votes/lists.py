"""Routes of the lists of absent voters of one poll, as a count, a file and a paper."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.registration.exchange import absent_voters_csv, register_csv
from services.registration.papers import absent_voter_lists as papers
from services.registration.views.absent_voter_lists import AbsentVoter, ListKind, absent_voters
from shared.law.polls import PollType
from shared.service.auth import Authority, requires
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.problems import refusals
from shared.service.read_audit import audited

READERS = requires("registration-officer", "ero-deputy", "elections-officer", "ro-deputy", "postal-team")
router = APIRouter(
    prefix="/absent-voter-lists",
    tags=["absent votes"],
    dependencies=[READERS, caught_up("register", "absent_voters")],
    responses=refusals("no-absent-votes-at-this-poll"),
)


class CSV(StreamingResponse):
    media_type = "text/csv; charset=utf-8"


class PDF(Response):
    media_type = "application/pdf"


async def voters_of(
    kind: ListKind,
    conn: Reading,
    authority: Authority,
    poll: Annotated[PollType, Query()],
    polling_day: Annotated[date, Query()],
    district: Annotated[list[str] | None, Query(description="letters of polling districts; all by default")] = None,
    emergency: Annotated[bool, Query(description="those appointed in an emergency, after the list was final")] = False,
) -> list[AbsentVoter]:
    return await absent_voters(
        conn, authority, kind, poll, polling_day, districts=tuple(district or ()), emergency=emergency
    )


Voters = Annotated[list[AbsentVoter], Depends(voters_of)]


@router.get("/{kind}.csv", dependencies=[audited("absent voter list")], response_class=CSV)
async def as_csv(kind: ListKind, polling_day: date, voters: Voters) -> CSV:
    """One list of a poll as a file."""
    rows = register_csv.written(absent_voters_csv.COLUMNS[kind], _rows(kind, voters))
    name = f'attachment; filename="{kind}-{polling_day}.csv"'
    return CSV(rows, headers={"Content-Disposition": name})


@router.get("/{kind}.pdf", dependencies=[audited("absent voter list")], response_class=PDF)
async def as_pdf(kind: ListKind, polling_day: date, voters: Voters, emergency: bool = False) -> PDF:
    """One list of a poll on paper."""
    paper = papers.paper(kind, polling_day, voters, emergency=emergency)
    name = f'inline; filename="{kind}-{polling_day}.pdf"'
    return PDF(await asyncio.to_thread(papers.pdf, paper), headers={"Content-Disposition": name})


class ListCount(BaseModel):
    kind: ListKind
    electors: int
    anonymous: int


@router.get("/{kind}", dependencies=[audited("absent voter list")])
async def count(kind: ListKind, voters: Voters) -> ListCount:
    """How many are on one list of a poll. The list itself: the same path with `.csv` or `.pdf`."""
    anonymous = sum(voter.line.anonymous for voter in voters)
    return ListCount(kind=kind, electors=len(voters), anonymous=anonymous)


async def _rows(kind: ListKind, voters: Sequence[AbsentVoter]) -> AsyncIterator[list[str]]:
    for voter in voters:
        yield absent_voters_csv.cells(kind, voter)
