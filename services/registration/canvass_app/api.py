"""The files of the visiting officer's web app, and the way in: anybody may load it, and a device enrols with a code."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from services.registration.canvass_app import HOME
from services.registration.visits.decider import WRONG_ENROLMENT, EnrolDevice, Round, rounds
from services.registration.visits.devices import ACTS_FOR, Code, Pass
from shared.eventcore.deciding import Refused
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata
from shared.service.auth import public
from shared.service.correlation import correlation_id
from shared.service.now import Now
from shared.service.problems import not_found, refusals

KINDS = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}  # fmt: skip
FILES = {path.name: path for path in HOME.iterdir() if path.suffix in KINDS}
POLICY = {
    # Nothing from elsewhere, nothing inline: what a name or note holds can never run.
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
router = APIRouter(prefix="/canvass-app", tags=["visiting officers"])


class Enrolment(BaseModel):
    """`code` as the office gave it; `device`: the name under which this device uploads."""

    code: str = Field(min_length=1, max_length=200)
    device: str = Field(min_length=1, max_length=100)


class Enrolled(BaseModel):
    """`token`: a bearer token for this round alone, until `until`."""

    token: str
    until: datetime


@router.post("/enrolments", responses=refusals("wrong-enrolment-code"))
@public
async def enrol(body: Enrolment, request: Request, now: Now) -> Enrolled:
    """Exchange the code for a token. It works once; another device needs another."""
    code, execute = Code.typed(body.code), request.app.state.execute
    assert isinstance(execute, Executor)
    if code is None:
        raise Refused(WRONG_ENROLMENT)
    state = (await execute.state(rounds, code.round_id, code.authority)).state
    if not isinstance(state, Round):
        raise Refused(WRONG_ENROLMENT)
    until = now + ACTS_FOR
    by = Metadata(state.allocated.officer, code.authority, correlation_id(), origin="canvass app")
    await execute(rounds, code.round_id, EnrolDevice(code.digest(execute.blind), body.device, now, until), by=by)
    own = Pass(code.authority, code.round_id, state.allocated.officer, until)
    return Enrolled(token=own.signed(execute.blind), until=until)


@router.get("/{name}", include_in_schema=False)
@public
async def app_file(name: str) -> FileResponse:
    """One file of the app."""
    path = FILES.get(name)
    if path is None:
        raise not_found()
    return FileResponse(path, media_type=KINDS[path.suffix], headers=POLICY)
