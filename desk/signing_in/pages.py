"""Sign in, sign out, and work for another of one's councils."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from desk.forms import Sent
from desk.protection import own_page
from desk.sessions import Sealing, Session, Sessions
from desk.settings import DeskSettings
from desk.showing import Pages, see_other
from desk.signing_in.provider import CALLBACK, Asked, Provider, SignInFailed
from desk.visiting import Show, Visit, cookie_name

ON_THE_WAY = b"on the way to the provider"
ON_THE_WAY_SECONDS = 600
LONGEST_NEXT = 2000
"""Characters of the address to come back to: with what else is remembered it must fit into a cookie of 4 kB."""

router = APIRouter()


def way_cookie(settings: DeskSettings) -> str:
    return f"{cookie_name(settings)}-way"


@router.get("/sign-in")
async def sign_in(
    request: Request, next: Annotated[str, Query(max_length=LONGEST_NEXT)] = "/", again: bool = False
) -> RedirectResponse:
    """Send the officer to the provider, and remember in their browser alone what was asked of it. `again`: even if the provider
    has signed them in already."""
    settings: DeskSettings = request.app.state.settings
    provider: Provider = request.app.state.provider
    sealing: Sealing = request.app.state.sealing
    asked = Asked.for_page(own_page(next), again=again)
    remembered = urlsafe_b64encode(sealing.seal(asdict(asked), ON_THE_WAY)).decode()
    answer = see_other(await provider.sign_in_url(asked))
    _give(answer, settings, way_cookie(settings), remembered, ON_THE_WAY_SECONDS)
    return answer


@router.get(CALLBACK)
async def signed_in(request: Request, state: str = "", code: str = "") -> Response:
    """Back from the provider: a session under a new number, and on to the page that was asked for."""
    settings: DeskSettings = request.app.state.settings
    provider: Provider = request.app.state.provider
    sessions: Sessions = request.app.state.sessions
    sealing: Sealing = request.app.state.sealing
    pages: Pages = request.app.state.pages
    try:
        remembered = sealing.open(urlsafe_b64decode(request.cookies.get(way_cookie(settings), "")), ON_THE_WAY)
    except ValueError:
        remembered = None
    try:
        if remembered is None or not code or state != remembered["state"]:
            raise SignInFailed("it is not the answer to what this browser asked")
        asked = Asked(**remembered)
        found = await provider.redeem(code, asked)
    except SignInFailed:
        said = ("You were not signed in: the answer of your sign-in service did not fit, or came too late.",)
        return pages.plain("message.html", "Sign in again", 400, said=said, link=("Sign in", "/sign-in"))
    authorities = tuple(sorted(found.identity.authorities))
    authority = next(iter(authorities), "")
    if (number := request.cookies.get(cookie_name(settings), "")) != "":
        before = await sessions.find(number)
        authority = before.authority if before and before.authority in authorities else authority
        await sessions.end(number)
    session = await sessions.begin(
        Session("", found.name, found.identity.roles, authorities, authority, found.tokens, ""),
        sign_in=found.sign_in,
        officer=found.identity.subject,
    )
    await request.app.state.colleagues.note(found.identity.id, found.name)
    answer = see_other(own_page(asked.next))
    _give(answer, settings, cookie_name(settings), session.number, settings.desk_longest_hours * 3600)
    answer.delete_cookie(way_cookie(settings), secure=settings.secure, httponly=True, samesite="lax")
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, session: Visit) -> Response:
    """End the session here, then at the provider."""
    settings: DeskSettings = request.app.state.settings
    pages: Pages = request.app.state.pages
    await request.app.state.sessions.end(session.number)
    elsewhere = await request.app.state.provider.sign_out_url(session.tokens)
    said = ("You are signed out of the desk. Your sign-in service is asked to sign you out, too.",)
    answer = pages.plain("message.html", "Signing out", said=said, link=("Go on", elsewhere))
    # Not a redirect: browsers hold what a form leads to to `form-action`, and the provider is elsewhere.
    answer.headers["Refresh"] = f"0; url={elsewhere}"
    answer.delete_cookie(cookie_name(settings), secure=settings.secure, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@router.get("/signed-out")
async def signed_out(request: Request) -> Response:
    """Nothing is open any more."""
    pages: Pages = request.app.state.pages
    return pages.plain(
        "message.html", "You are signed out", said=("Nothing of yours is open here.",), link=("Sign in", "/sign-in")
    )


@router.post("/back-channel-logout")
async def back_channel(request: Request, logout_token: Annotated[str, Form(max_length=20_000)] = "") -> Response:
    """The provider says that somebody is signed out (OpenID Connect Back-Channel Logout 1.0)."""
    try:
        sign_in, officer = await request.app.state.provider.signed_out(logout_token)
    except SignInFailed:
        return Response(status_code=400, headers={"Cache-Control": "no-store"})
    await request.app.state.sessions.end_elsewhere(sign_in=sign_in, officer=officer)
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


@router.get("/authority")
async def choose_authority(show: Show) -> Response:
    """Which council to work for."""
    return show("authority.html", title="Choose a council")


@router.post("/authority")
async def work_for(request: Request, session: Visit, form: Sent, show: Show) -> Response:
    """Work for another council that the officer's token opens."""
    authority = form.choice("authority", session.authorities, "Choose a council")
    if form.errors:
        return show("authority.html", title="Choose a council", form=form)
    await request.app.state.sessions.change(replace(session, authority=authority))
    return see_other("/")


def _give(answer: Response, settings: DeskSettings, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=settings.secure, httponly=True, samesite="lax")
