"""GET …/why: the explanation of one entry or application, from their streams."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel

from services.registration.views.access import OFFICERS
from services.registration.views.history import ApplicationHistory, ElectorHistory, history
from services.registration.views.why import answer, explain
from shared.eventcore.clock import london_date
from shared.eventcore.recording import Recorded
from shared.service.auth import Authority
from shared.service.now import Now
from shared.service.problems import not_found
from shared.service.read_audit import audited


class Said(BaseModel):
    """One sentence, the event it tells, and the law it rests on."""

    text: str
    event_id: str
    on: date
    source: str
    effective: date | None


class Explanation(BaseModel):
    """Whether the entry is in force on `asked_for`, in a line, and how it came to that, sentence by sentence."""

    asked_for: date
    on_register: bool
    answer: str
    sentences: list[Said]


def asked_at(
    now: Now, as_at: Annotated[AwareDatetime | None, Query(description="as it was known then; now by default")] = None
) -> AwareDatetime:
    return as_at or now


AsAt = Annotated[AwareDatetime, Depends(asked_at)]
router = APIRouter(tags=["why"], dependencies=[OFFICERS, audited("why")])


@router.get("/electors/{elector_id}/why")
async def why_elector(events: ElectorHistory, request: Request, authority: Authority, as_at: AsAt) -> Explanation:
    """Why is, or is not, this person on the register? With the applications that led to the entry and its changes."""
    applications = {found for e in events if (found := getattr(e.data, "application_id", None))}
    return explanation([*await history(request, authority, *sorted(applications)), *events], as_at)


@router.get("/applications/{application_id}/why")
async def why_application(events: ApplicationHistory, as_at: AsAt) -> Explanation:
    """How far has this application come, and why?"""
    return explanation(events, as_at)


def explanation(events: list[Recorded[Any]], as_at: AwareDatetime) -> Explanation:
    if not events:
        raise not_found()
    then = sorted((e for e in events if e.recorded_at <= as_at), key=lambda e: (e.recorded_at, e.position))
    on = london_date(as_at)
    answered = answer(then, on)
    told = [Said(**{name: getattr(s, name) for name in Said.model_fields}) for s in explain(then)]
    return Explanation(asked_for=on, on_register=answered.on_register, answer=answered.text, sentences=told)
