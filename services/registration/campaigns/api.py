"""Routes that open a campaign of renewal and run it, some hundreds of electors at a time.

A run is a loop of the caller: ask until `waiting` is 0. What was done in a call is done; one that is cut off, repeated or made
twice at once asks nobody twice, since each elector's own stream says who was asked. So there is nothing to resume.
"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.registration.absent_votes.commands import AskToRenew, RemindToRenew
from services.registration.absent_votes.decider import absent_votes
from services.registration.campaigns.decider import OpenCampaign, campaigns
from services.registration.views.renewals import due, to_remind
from shared.eventcore.deciding import Refused
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata, Receipt
from shared.events.registration import RenewalCampaignOpened, RenewalNeed
from shared.events.values import Authority, CampaignId, ElectorId, absent_votes_id, campaign_id
from shared.law.renewals import NO_CAMPAIGN, TOO_EARLY
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.database import fetch, reading_on
from shared.service.http import stamp_all
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(
    prefix="/renewal-campaigns",
    tags=["absent votes"],
    dependencies=[requires("registration-officer", "ero-deputy")],
)
AT_ONCE = 32
"""Commands under way together: the store gathers them into few commits."""


class Opening(BaseModel):
    """`ends_on`: 31 January, or 1 November for overseas electors."""

    need: RenewalNeed
    ends_on: date


@router.post("", status_code=201, responses=refusals("no-renewal-day"))
async def open_campaign(body: Opening, execute: Execute, officer: Officer, authority: ActingFor) -> Receipt:
    """Open the campaign for all whose absent votes end that day, or whose signatures are old by then. There is one."""
    identity = campaign_id(Authority(authority), body.need, body.ends_on)
    return await execute(campaigns, identity, OpenCampaign(identity, body.need, body.ends_on), by=officer)


class Run(BaseModel):
    """`notice` asks those who are due, `reminder` reminds those who have not answered."""

    stage: Literal["notice", "reminder"] = "notice"
    most: int = Field(500, ge=1, le=2000)


class RunReport(BaseModel):
    """`done`: electors asked, or reminded, now; `unchanged`: those of whom it turned out that they need not be, or were
    already. `waiting`: how many there are still; call again until it is 0."""

    done: int
    unchanged: int
    waiting: int


@router.post("/{campaign}/runs", responses=refusals("no-such-campaign", "too-early-to-ask"))
async def run(
    campaign: UUID,
    body: Run,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: ActingFor,
    today: Today,
) -> RunReport:
    """Ask, or remind, the next electors of a campaign."""
    opened = (await request.app.state.execute.state(campaigns, campaign, authority)).state
    if not isinstance(opened, RenewalCampaignOpened):
        raise Refused(NO_CAMPAIGN)
    due_on = opened.notice_on if body.stage == "notice" else opened.remind_on
    if today < due_on:
        raise Refused(TOO_EARLY, f"They are due on {due_on:%-d %B %Y}.")
    async with reading_on(request.app.state.pool, authority) as conn:
        if body.stage == "notice":
            found = await fetch(conn, due(authority, campaign, opened.need, opened.ends_on))
        else:
            ahead = opened.answer_by - opened.remind_on
            found = await fetch(conn, to_remind(authority, campaign, ahead, today))
    now = found[: body.most]
    by = execute.metadata(officer)
    receipts: list[Receipt] = []
    for first in range(0, len(now), AT_ONCE):
        some = (command_of(opened, row, body.stage, today) for row in now[first : first + AT_ONCE])
        receipts += await asyncio.gather(*(carried_out(request.app.state.execute, each, by) for each in some))
    if receipts:
        stamp_all(execute.response, receipts)
    done = sum(bool(receipt.events) for receipt in receipts)
    return RunReport(done=done, unchanged=len(now) - done, waiting=len(found) - len(now))


async def carried_out(execute: Executor, command: AskToRenew | RemindToRenew, by: Metadata) -> Receipt:
    """Without events where this elector was asked, or reminded, before. The command's id is made of what it asks, not of the request."""
    asked = f"{type(command).__name__} {command.campaign_id} {command.elector_id} {command.arrangement}"
    identity = f"renewal:{sha256(asked.encode()).hexdigest()[:40]}"
    stream = absent_votes_id(command.elector_id)
    return await execute(absent_votes, stream, command, by=by._replace(command_id=identity), asked=asked)


def command_of(
    opened: RenewalCampaignOpened, row: dict[str, Any], stage: str, today: date
) -> AskToRenew | RemindToRenew:
    elector, campaign = ElectorId(row["elector_id"]), CampaignId(opened.campaign_id)
    if stage == "reminder":
        return RemindToRenew(elector, row["kind"], campaign, today)
    # Who is asked later than the notices were due has the same time to answer.
    late = today - opened.notice_on if opened.need == "signature" else timedelta()
    answer_by = opened.answer_by + late
    return AskToRenew(elector, row["kind"], opened.need, campaign, opened.ends_on, today, answer_by)
