"""Putting an application into the closed store: anybody may who takes applications, and learns nothing from it (ADR 0015)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from fastapi import Request

from services.registration.anonymous.commands import TakeApplication
from services.registration.anonymous.decider import cases
from services.registration.anonymous.store import ClosedStore
from services.registration.applications.commands import ReceiveApplication
from shared.eventcore.clock import london_date
from shared.eventcore.recording import Receipt
from shared.events.application_form import cleaned
from shared.service.auth import Identity
from shared.service.commands import RequestCommands

ASKS: tuple[str, ...] = ("anonymous", "anonymity")
"""Keys of a form by which somebody may ask; IER publishes none (verify)."""


def asks_for_anonymity(form: Mapping[str, str]) -> bool:
    return any(cleaned(form.get(key, "")).lower() in ("true", "yes", "1") for key in ASKS)


async def deposit(
    received: ReceiveApplication, request: Request, execute: RequestCommands, officer: Identity, authority: str
) -> Receipt:
    """Take into the closed store what would have gone into the open one. A form sent twice counts once. Raises `Refused`."""
    closed = cast(ClosedStore, request.app.state.closed)
    case, person = closed.case_of(received.reference, authority)
    command = TakeApplication(
        person, received.reference, received.channel, received.kind, london_date(received.received_at), received.form
    )
    return await execute.through(closed.execute)(cases, case, command, by=officer)
