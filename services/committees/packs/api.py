"""Agenda packs to read and to print: open to anybody once published; part 2 to democratic services alone."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from services.committees.papers import agenda
from services.committees.papers.agenda import NotPublished, Pack, pack_of
from services.committees.views.access import OFFICERS, opened
from shared.service.auth import Authority, public
from shared.service.problems import not_found
from shared.service.read_audit import audited

Form = Literal["html", "pdf"]
Number = Annotated[int, Path(ge=1, le=9_999)]
PAPER = opened("text/html", "application/pdf")
router = APIRouter(prefix="/agendas", tags=["agendas"])


@router.get("/{meeting_id}/{number}.{form}", response_class=Response, responses=PAPER)
@public
async def public_pack(meeting_id: UUID, number: Number, form: Form, request: Request) -> Response:
    """Pack 1 is the agenda, later ones its supplements, each as it was published."""
    return await printed(await pack(request, request.app.state.settings.authority, meeting_id, number), form)


@router.get(
    "/{meeting_id}/{number}/restricted.{form}", response_class=Response, responses=PAPER,
    dependencies=[OFFICERS, audited("restricted agenda")],
)  # fmt: skip
async def restricted_pack(
    meeting_id: UUID, number: Number, form: Form, request: Request, authority: Authority
) -> Response:
    """The part 2 items of a pack, each page marked. The read is written down."""
    return await printed(await pack(request, authority, meeting_id, number, restricted=True), form)


async def pack(request: Request, authority: str, meeting: UUID, number: int, *, restricted: bool = False) -> Pack:
    history = await request.app.state.history(meeting, authority)
    try:
        return pack_of((recorded.data for recorded in history), number, restricted=restricted)
    except NotPublished:
        raise not_found() from None


async def printed(pack: Pack, form: Form) -> Response:
    if form == "html":
        return Response(agenda.html(pack), media_type="text/html; charset=utf-8")
    return Response(await asyncio.to_thread(agenda.pdf, pack), media_type="application/pdf")
