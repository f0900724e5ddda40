"""The officers' desk on one screen: what it is made of, what starts with it, and what each failure looks like."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import asyncpg
import httpx
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from desk import shortcuts
from desk.asking import TIMEOUT, Away, NotThere, Refusal, SignedOut, SignInTooOld
from desk.colleagues import Colleagues
from desk.protection import SAFE_METHODS, Forged, SafePages, own_page
from desk.room import Room
from desk.rooms.absent_votes.pages import absent_votes
from desk.rooms.allowances.pages import allowances
from desk.rooms.application.pages import application
from desk.rooms.audit.pages import audit
from desk.rooms.calendar.pages import meetings
from desk.rooms.canvass_board.pages import canvass_board
from desk.rooms.districts.pages import districts_room
from desk.rooms.election_home.pages import election_home
from desk.rooms.elector.pages import elector
from desk.rooms.gazetteer.pages import gazetteer
from desk.rooms.image_check.pages import image_check
from desk.rooms.my_work.pages import my_work
from desk.rooms.operations.pages import operations
from desk.rooms.post_room.pages import post_room
from desk.rooms.practice.pages import practice
from desk.rooms.property.pages import property_page
from desk.rooms.publication.pages import publication
from desk.rooms.queue.pages import application_queue
from desk.rooms.reads.pages import reads_room
from desk.rooms.renewals.pages import renewals
from desk.rooms.room_week.pages import room_week
from desk.rooms.search.pages import search
from desk.rooms.statistics.pages import statistics
from desk.rooms.supply.pages import supply
from desk.sessions import Sealing, Sessions, session_key
from desk.settings import DeskSettings
from desk.showing import Pages, see_other
from desk.signing_in import pages as signing_in
from desk.signing_in.provider import Provider
from shared.service.correlation import correlation_id
from shared.service.health import health_router
from shared.service.middleware import BodyLimit, RequestScope
from shared.service.problems import Problem

ROOMS: tuple[Room, ...] = (
    my_work,
    practice,
    search,
    application_queue,
    application,
    elector,
    property_page,
    gazetteer,
    districts_room,
    publication,
    absent_votes,
    renewals,
    image_check,
    supply,
    statistics,
    canvass_board,
    election_home,
    meetings,
    room_week,
    allowances,
    post_room,
    audit,
    reads_room,
    operations,
)
"""One line a room. The navigation shows them in this order within their sections."""

SERVICES = ("registration", "elections", "committees", "finance", "notifications")
BODY_LIMIT = 32 * 1024 * 1024
"""Bytes of a form with its files: a gazetteer's change-only update."""


def desk(settings: DeskSettings) -> FastAPI:
    """The application. Raises `WrongSetting` when it starts without what it needs."""
    app = FastAPI(title="Moothall desk", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(settings))
    app.state.settings = settings
    app.state.pages = Pages(ROOMS, settings)
    app.state.urls = {context: settings.url_of(context) for context in SERVICES}

    async def sessions_are_kept() -> None:
        await app.state.pool.fetchval("SELECT count(*) FROM session WHERE false")

    app.include_router(health_router({}, {"sessions": sessions_are_kept}))
    app.include_router(signing_in.router)
    app.include_router(shortcuts.router)
    for room in ROOMS:
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    for failure, page in FAILURES.items():
        app.add_exception_handler(failure, page)
    app.add_middleware(BodyLimit, limit=BODY_LIMIT)
    app.add_middleware(SafePages, secure=settings.secure)
    app.add_middleware(RequestScope)
    return app


def _lifespan(settings: DeskSettings):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        state = app.state
        state.sealing = Sealing(session_key(settings.key_directory))
        async with (
            asyncpg.create_pool(settings.owner_url, min_size=1, max_size=10) as pool,
            httpx.AsyncClient(timeout=TIMEOUT, limits=httpx.Limits(max_connections=100)) as http,
        ):
            state.pool, state.http = pool, http
            state.sessions = Sessions(
                pool,
                state.sealing,
                idle=timedelta(minutes=settings.desk_idle_minutes),
                longest=timedelta(hours=settings.desk_longest_hours),
            )
            state.colleagues = Colleagues(pool, state.sealing)
            await state.sessions.prepare()
            await state.colleagues.prepare()
            state.provider = Provider(settings, http)
            yield

    return lifespan


async def sign_in_first(request: Request, _: Exception) -> Response:
    """Sign in, then come back; what was typed into a form is lost, so that page says so."""
    if request.method in SAFE_METHODS:
        return see_other(f"/sign-in?next={quote(_here(request), safe='')}")
    said = ("You have been signed out since this page was shown, and nothing was recorded.",)
    return _page(request, "Sign in again", 401, *said, link=("Sign in", "/sign-in"))


async def confirm_first(request: Request, _: Exception) -> Response:
    """Sign in afresh, then come back to the page that this was asked on."""
    settings: DeskSettings = request.app.state.settings
    form = own_page(request.headers.get("referer", "/").removeprefix(settings.origin))
    page = _here(request) if request.method in SAFE_METHODS else form
    if len(page) > signing_in.LONGEST_NEXT:
        page = "/" + page.split("/")[1].partition("?")[0]  # the first page of that room
    said = (
        "This publishes, pays, or takes personal data out of the register. It asks for a sign-in of the last "
        f"{settings.step_up_minutes} minutes, so that nobody does it at a desk that you left.",
        "Nothing was recorded. Sign in again and you come back to where you were.",
    )
    link = ("Sign in again", f"/sign-in?again=true&next={quote(page, safe='')}")
    return _page(request, "Confirm that it is you", 401, *said, link=link)


def _here(request: Request) -> str:
    return own_page(request.url.path + (f"?{request.url.query}" if request.url.query else ""))


async def not_there(request: Request, _: Exception) -> Response:
    return _page(
        request, "Page not found", 404, "There is nothing here that you can see. Check the address, or search for it."
    )


async def forged(request: Request, _: Exception) -> Response:
    return _page(
        request,
        "Nothing was recorded",
        403,
        "This form did not come from a page of yours. Open the page again and send it anew.",
    )


async def away(request: Request, failure: Exception) -> Response:
    what = f"The {failure.context} service" if isinstance(failure, Away) else "A part of Moothall"
    said = f"{what} does not answer at the moment. Nothing that you have sent was recorded, unless a page told you so."
    answer = _page(request, "Try again in a moment", 503, said)
    answer.headers["Retry-After"] = "5"
    return answer


async def refused(request: Request, refusal: Exception) -> Response:
    """A refusal that no form of ours shows: a filter in an address that a service does not know."""
    assert isinstance(refusal, Refusal)
    said = [refusal.sentence, *refusal.errors.values(), refusal.next, refusal.source]
    return _page(request, "This cannot be shown", refusal.status, *(part for part in said if part))


async def unreadable(request: Request, _: Exception) -> Response:
    return _page(
        request, "Page not found", 404, "There is nothing at this address. Check it, or search for what you need."
    )


async def unexpected(request: Request, _: Exception) -> Response:
    said = "Something went wrong on our side. Try again; if it happens again, report it."
    return _page(request, "There is a problem", 500, said, correlation=correlation_id())


async def of_http(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)
    if failure.status_code in {404, 405}:
        return await not_there(request, failure)
    if failure.status_code >= 500:
        return await away(request, failure)
    return _page(request, "This cannot be done", failure.status_code, failure.detail)


FAILURES = {
    SignedOut: sign_in_first,
    SignInTooOld: confirm_first,
    NotThere: not_there,
    Forged: forged,
    Away: away,
    Refusal: refused,
    Problem: of_http,
    HTTPException: of_http,
    RequestValidationError: unreadable,
    Exception: unexpected,
}


def _page(
    request: Request,
    title: str,
    status: int,
    *said: str,
    link: tuple[str, str] = ("My work", "/"),
    correlation: str = "",
) -> Response:
    pages: Pages = request.app.state.pages
    return pages.plain("message.html", title, status, said=said, link=link, correlation=correlation)
