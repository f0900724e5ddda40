"""Parameters of every room's routes: `Visit` is who came, `Ask` asks the services as them, `Show` draws a page for them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request

from desk.asking import Asking, SignedOut
from desk.protection import own_form
from desk.sessions import Session, Sessions
from desk.settings import DeskSettings
from desk.showing import Pages, Showing
from desk.signing_in.provider import Provider, SignInFailed
from shared.service.problems import Problem

SPARE_SECONDS = 30
"""A token is renewed this long before it ends, so that none ends on its way."""


def cookie_name(settings: DeskSettings) -> str:
    """`__Host-`: set by this host over TLS for all its paths, and by nobody else. Plain http knows no such cookie."""
    return "__Host-moot" if settings.secure else "moot"


async def visit(request: Request) -> Session:
    """The session of this request, with a token that is good for a while. Raises `SignedOut`, `Forged`."""
    settings: DeskSettings = request.app.state.settings
    sessions: Sessions = request.app.state.sessions
    number = request.cookies.get(cookie_name(settings), "")
    session = await sessions.find(number) if number else None
    if session is None:
        raise SignedOut
    await own_form(request, session, settings.origin)
    if session.tokens.expires_at - time.time() < SPARE_SECONDS:
        session = await renewed(sessions, request.app.state.provider, session)
    return session


async def renewed(sessions: Sessions, provider: Provider, session: Session) -> Session:
    """The session with new tokens and what its officer may do now. Raises `SignedOut` where the provider gives no more."""

    async def renew(current: Session) -> Session:
        left = current.tokens.expires_at - time.time()
        if left >= SPARE_SECONDS:
            return current  # another request of this session was quicker
        try:
            tokens = await provider.refresh(current.tokens)
            identity = await provider.identify(tokens)
        except (SignInFailed, Problem) as failed:
            if left > 0:
                return current
            raise SignedOut from failed
        authorities = tuple(sorted(identity.authorities))
        chosen = current.authority if current.authority in authorities else next(iter(authorities), "")
        return replace(current, tokens=tokens, roles=identity.roles, authorities=authorities, authority=chosen)

    changed = await sessions.change_alone(session.number, renew)
    if changed is None:
        raise SignedOut
    return changed


Visit = Annotated[Session, Depends(visit)]
"""Parameter of a route: the officer's session."""


async def asking(request: Request, session: Visit) -> Asking:
    state = request.app.state
    return Asking(state.http, state.urls, session, state.sessions)


Ask = Annotated[Asking, Depends(asking)]
"""Parameter of a route: `await ask.get("registration", "/applications")`."""


async def showing(request: Request, session: Visit, ask: Ask) -> Showing:
    pages: Pages = request.app.state.pages
    pages.colleagues = await request.app.state.colleagues.names()
    return Showing(pages, request, session, ask)


Show = Annotated[Showing, Depends(showing)]
"""Parameter of a route: `return show("elector/page.html", title="Elector", elector=elector)`."""
