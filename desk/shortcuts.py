"""Help: what keys do, of those pages that this officer may open."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desk.room import REGISTRATION
from desk.showing import Pages
from desk.visiting import Show, Visit
from shared.service.settings import Environment

router = APIRouter()


@router.get("/help")
async def help_page(request: Request, session: Visit, show: Show) -> Response:
    """Shortcuts, and how to switch them off."""
    pages: Pages = request.app.state.pages
    links = [link for room in pages.rooms if room.open_to(session.roles) for link in room.links]
    invented = pages.settings.env is not Environment.PRODUCTION and not REGISTRATION.isdisjoint(session.roles)
    return show(
        "help.html", title="Help and shortcuts", shortcuts=[(link.keys, link.title) for link in links if link.keys],
        practice="/practice" if invented else "",
    )  # fmt: skip
