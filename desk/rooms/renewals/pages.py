"""Renewal of absent votes: who has to apply again, or to sign again, is asked and reminded, and what has become of each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Query, Response

from desk.asking import Asking, NotThere, Refusal
from desk.forms import Form, Sent
from desk.room import REGISTRATION, Link, Room, Task
from desk.showing import PER_PAGE, day, see_other
from desk.visiting import Ask, Show
from shared.eventcore.clock import london_date, system_clock
from shared.law.renewals import RENEWAL_DAYS, Calendar, Need, calendar
from shared.law.rules import Refused

NEEDS: dict[Need, str] = {"reapplication": "Apply again", "signature": "Sign again"}
FIGURES = {
    "due": "To be asked",
    "asked": "Waiting for an answer",
    "reminded": "Reminded",
    "answered": "Answered",
    "lapsed": "Lapsed",
}
AT_ONCE = 500
"""Electors whom one request to the service asks."""
LAGGING_SECONDS = 0.2
LONGEST_SECONDS = 5
"""After so long the page comes back, and its button goes on."""
AHEAD = timedelta(weeks=4)
"""Before its notices are due, My work asks for a campaign to be opened."""

Stage = Literal["notice", "reminder"]
Figure = Literal["due", "asked", "reminded", "answered", "lapsed"]

router = APIRouter(prefix="/renewals")


@dataclass(frozen=True, slots=True)
class Coming:
    """A campaign that the law's calendar brings, opened or not."""

    need: Need
    ends_on: date
    days: Calendar

    @property
    def value(self) -> str:
        return f"{self.need} {self.ends_on}"

    @property
    def title(self) -> str:
        return title_of(self.need, self.ends_on)


@router.get("")
async def page(ask: Ask, show: Show) -> Response:
    """Every campaign with its days and figures, and those that can be opened."""
    return await _page(ask, show, Form())


@router.post("")
async def open_one(ask: Ask, show: Show, form: Sent) -> Response:
    """Open a campaign. There is one for each day, however often it is opened."""
    chosen = form.text("campaign", "Choose a campaign")
    one = next((each for each in coming(show.today) if each.value == chosen), None)
    if form.well and one is None:
        form.errors["campaign"] = "Choose a campaign"
    if one is None or not form.well:
        return await _page(ask, show, form)
    try:
        body = {"need": one.need, "ends_on": one.ends_on.isoformat()}
        await ask.command("registration", "/renewal-campaigns", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _page(ask, show, form)
    return see_other("/renewals")


@router.post("/{campaign}/{stage}")
async def run(campaign: UUID, stage: Stage, ask: Ask, show: Show, form: Sent) -> Response:
    """Ask, or remind, those whose turn it is, for some seconds; who is left is asked when the button is pressed again."""
    began, waiting, nth = time.monotonic(), 1, 0
    while waiting and time.monotonic() - began < LONGEST_SECONDS:
        try:
            ran = await ask.command(
                "registration", f"/renewal-campaigns/{campaign}/runs", {"stage": stage, "most": AT_ONCE}, key=f"{form.key}-{nth}"
            )  # fmt: skip
        except Refusal as refusal:
            form.refused(refusal)
            return await _page(ask, show, form)
        waiting, nth = ran["waiting"], nth + 1
        if not ran["done"]:
            await asyncio.sleep(LAGGING_SECONDS)  # what the service reads from has not heard yet of the last electors
    return see_other(f"/renewals#{campaign}")


@router.get("/{campaign}/{figure}")
async def electors(
    campaign: UUID, figure: Figure, ask: Ask, show: Show,
    limit: Annotated[int, Query(ge=1, le=100)] = PER_PAGE[0],
    cursor: Annotated[str, Query(max_length=600)] = "",
) -> Response:  # fmt: skip
    """The electors behind one figure."""
    about = await ask.get("registration", f"/renewal-campaigns/{campaign}")
    found = await ask.get(
        "registration", f"/renewal-campaigns/{campaign}/electors", figure=figure, limit=limit, cursor=cursor
    )
    title = f"{FIGURES[figure]}: {title_of(about['need'], date.fromisoformat(about['ends_on']))}"
    return show(
        "renewals/electors.html", title=title, lines=found["items"], next=found["next"], limit=limit, link=show.link,
        campaign=campaign, figures=FIGURES, figure=figure,
    )  # fmt: skip


async def _page(ask: Asking, show: Show, form: Form) -> Response:
    opened = await ask.get("registration", "/renewal-campaigns")
    for one in opened:
        one["title"] = title_of(one["need"], date.fromisoformat(one["ends_on"]))
    return show(
        "renewals/page.html", title="Renewal of absent votes", form=form, opened=opened, figures=FIGURES,
        to_open=list(not_opened(coming(show.today), opened)),
    )  # fmt: skip


def title_of(need: Need, ends_on: date) -> str:
    """`Apply again: votes that end on 31 January 2027`."""
    what = "votes that end" if need == "reapplication" else "signatures that are too old"
    return f"{NEEDS[need]}: {what} on {day(ends_on)}"


def coming(today: date) -> list[Coming]:
    """The campaigns of the year ahead, and those that still wait for answers, in the order of their notices."""
    found: dict[tuple[Need, int], Coming] = {}
    for need in get_args(Need):
        for year in (today.year, today.year + 1):
            for month, on in RENEWAL_DAYS.on(today):
                ends_on = date(year, month, on)
                try:
                    days = calendar(need, ends_on)
                except Refused:
                    continue  # nothing of that sort ends on that day
                if days.answer_by >= today:
                    found.setdefault((need, month), Coming(need, ends_on, days))
    return sorted(found.values(), key=lambda each: (each.days.notice_on, each.need))


def not_opened(candidates: Iterable[Coming], opened: Iterable[dict[str, Any]]) -> Iterator[Coming]:
    known = {(one["need"], one["ends_on"]) for one in opened}
    return (each for each in candidates if (each.need, each.ends_on.isoformat()) not in known)


async def tasks(ask: Asking) -> list[Task]:
    """Campaigns to open, notices and reminders that are due; nothing is asked where the calendar has nothing near."""
    today = london_date(system_clock())
    near = [each for each in coming(today) if each.days.notice_on - AHEAD <= today]
    if not near:
        return []
    try:
        opened = await ask.get("registration", "/renewal-campaigns")
    except NotThere:
        return []
    return list(waiting(near, opened, today))


def waiting(near: Iterable[Coming], opened: Iterable[dict[str, Any]], today: date) -> Iterator[Task]:
    """What is to be done about the campaigns of these days."""
    known = {(one["need"], one["ends_on"]): one for one in opened}
    kind, url = "Renewal of absent votes", "/renewals"
    for each in near:
        one = known.get((each.need, each.ends_on.isoformat()))
        asked_by = "EC guidance for EROs" if each.need == "reapplication" else "RPR 2001 r.60A"
        if one is None:
            yield Task(each.days.notice_on, kind, f"Open the campaign. {each.title}", url, why=asked_by)
            continue
        if one["due"] and each.days.notice_on <= today:
            yield Task(each.days.notice_on, kind, f"Ask {one['due']:,} electors. {each.title}", url, why=asked_by)
        if one["to_remind"] and each.days.remind_on <= today:
            yield Task(
                each.days.remind_on, kind, f"Remind {one['to_remind']:,} electors. {each.title}", url, why=asked_by
            )


renewals = Room("renewals", "Register", router, REGISTRATION, (Link("Renewals", "/renewals"),), tasks=tasks)
