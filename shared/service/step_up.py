"""Step-up: what does most harm in the wrong hands asks for a sign-in that is minutes old. [RFC 9470]

    @router.post("/notices", dependencies=[OFFICERS, FRESHLY_SIGNED_IN], …)

A session that was left open, or a token that was stolen, publishes no register, takes out no copy and pays nobody. The caller is
told by the challenge how old a sign-in may be, and by which means it must have been made where the council names one; the desk then
sends its officer to the provider and back. A system that signs in as itself has no such moment, and is not let through.
"""

from __future__ import annotations

import time

from fastapi import Depends, Request

from shared.service.auth import DENIED, Officer
from shared.service.problems import Problem
from shared.service.settings import Settings
from shared.service.tokens import LEEWAY

INSUFFICIENT = "insufficient_user_authentication"
"""The error of the challenge by which a client knows that a fresh sign-in helps. [RFC 9470 section 3]"""


async def freshly_signed_in(request: Request, officer: Officer) -> None:
    """Raises `Problem` 401 unless the officer proved who they are within `MOOT_STEP_UP_MINUTES`, by `MOOT_STEP_UP_ACR`."""
    settings: Settings = request.app.state.settings
    seconds = settings.step_up_minutes * 60
    wanted = settings.step_up_acr.split()
    recent = officer.signed_in_at is not None and time.time() <= officer.signed_in_at + seconds + LEEWAY
    if recent and (not wanted or officer.signed_in_by in wanted):
        return
    DENIED.labels("sign-in-too-old").inc()
    means = f', acr_values="{settings.step_up_acr}"' if wanted else ""
    raise Problem(
        401, "sign-in-too-old", f"This asks for a sign-in of the last {settings.step_up_minutes} minutes.",
        source="RFC 9470; Moothall limits: step-up", next="Sign in again, then repeat this.",
        headers={"WWW-Authenticate": f'Bearer error="{INSUFFICIENT}", max_age="{seconds}"{means}'},
    )  # fmt: skip


FRESHLY_SIGNED_IN = Depends(freshly_signed_in)
"""`dependencies=[requires("ero-deputy"), FRESHLY_SIGNED_IN]` of a route: publish, take out in bulk, pay, open what is sealed."""
