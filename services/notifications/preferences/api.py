"""Routes of preferences: how somebody wants to be written to, asked and recorded by an officer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel

from services.notifications.preferences.decider import RecordPreferences, preferences
from services.notifications.views.access import CORRESPONDENCE
from shared.eventcore.recording import Receipt
from shared.events.values_notifications import Language, MessageChannel, PreferenceSource, preferences_stream
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute
from shared.service.read_audit import audited

router = APIRouter(prefix="/preferences/{correspondent}", tags=["preferences"], dependencies=[CORRESPONDENCE])
Correspondent = Annotated[
    UUID,
    Path(description="a member's id in committees; of anybody else the person's id in the service that knows them"),
]


class Wanted(BaseModel):
    channel: MessageChannel = "letter"
    language: Language = "en"
    large_print: bool = False


class Known(Wanted):
    """`source`: who told us; absent while nobody has."""

    source: PreferenceSource | None


@router.get("", dependencies=[audited("preferences")])
async def show(correspondent: Correspondent, request: Request, authority: Authority) -> Known:
    """How this person is written to from now on."""
    stream = preferences_stream(correspondent)
    known = (await request.app.state.execute.state(preferences, stream, authority)).state
    return Known(channel=known.channel, language=known.language, large_print=known.large_print, source=known.source)


@router.post("")
async def record(correspondent: Correspondent, body: Wanted, execute: Execute, officer: Officer) -> Receipt:
    """The person wants to be written to like this. Messages that wait already stay as they are."""
    command = RecordPreferences(correspondent, body.channel, body.language, body.large_print)
    return await execute(preferences, preferences_stream(correspondent), command, by=officer)
