"""Routes of publication: one officer prepares a notice, another publishes it; both see the same frozen content."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.registration.applications.api import Poll, ahead
from services.registration.exchange import register_csv
from services.registration.exports.allowance import Allowance
from services.registration.notices.decider import (
    AlterationKind,
    Contents,
    PublishNotice,
    PublishRevisedRegister,
    due_publication,
    notices,
)
from services.registration.notices.publication import Edition, contents_of, text_of
from services.registration.notices.readiness import Blocker, blockers
from services.registration.supply.contents import frozen_now
from services.registration.views.notices import Published
from services.registration.views.register_as_at import Moment, alterations, counts, moments_of
from services.registration.views.register_file import copied, register_file
from services.registration.views.register_pages import RegisterLine
from shared.eventcore.deciding import Refused, Rule
from shared.eventcore.recording import Receipt
from shared.events.values import Authority, PollingDistrict, notice_id
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading, fetch, reading_on
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import invalid, not_found, refusals
from shared.service.read_audit import audited
from shared.service.remembered import Remembered, Within
from shared.service.step_up import FRESHLY_SIGNED_IN

router = APIRouter(tags=["notices of alteration"])


class CSV(StreamingResponse):
    media_type = "text/csv; charset=utf-8"


OFFICERS = requires("registration-officer", "ero-deputy")
READERS = requires("registration-officer", "ero-deputy", "elections-officer", "ro-deputy")

ANOTHER_OFFICER = Rule(
    "publication-needs-two",
    "The officer who prepared a publication does not publish it.",
    "Moothall separation of duties: publish; RPA 1983 s.13A, s.13",
    "Let another officer look at it and publish it.",
)
CHANGED_SINCE = Rule(
    "changed-since-prepared",
    "The content is not the one that was prepared: a person in it was erased meanwhile.",
    "RPA 1983 s.13A, s.13",
    "Prepare it again.",
)


BLOCKED = Rule(
    "publication-blocked",
    "Something stands in the way of this publication.",
    "RPA 1983 s.13-13B; RPR 2001 r.38-42",
    "GET /notices/blockers names it with the entries it concerns.",
)


class Preparation(BaseModel):
    """`kind` revised-register prepares the whole register; the others a notice. An election notice names its poll and area."""

    kind: AlterationKind | Literal["revised-register"] = "monthly"
    poll: Poll | None = None
    areas: list[str] = Field(default_factory=list, examples=[["AB", "AC"]])


class Prepared(BaseModel):
    """What would be published today. `draft` is for the officer who publishes: it freezes this content."""

    kind: str
    published_on: date
    additions: int
    removals: int
    amendments: int
    electors: int
    content_sha256: str
    draft: str


class InTheWay(BaseModel):
    """`stops`: nothing is published before it is put right. `records`: the first of the entries it concerns."""

    rule: str
    because: str
    source: str
    next: str
    stops: bool
    count: int
    records: list[str]

    @classmethod
    def of(cls, found: Blocker) -> InTheWay:
        rule = found.rule
        return cls(
            rule=rule.name, because=rule.because, source=rule.source, next=rule.then, stops=found.stops,
            count=found.count, records=list(found.records),
        )  # fmt: skip


what_is_in_the_way = Remembered()


@router.get("/notices/blockers", dependencies=[OFFICERS, caught_up("register"), audited("blockers")])
async def in_the_way(
    request: Request,
    response: Response,
    conn: Reading,
    authority: ActingFor,
    today: Today,
    kind: Annotated[Literal["notice", "revised-register"], Query()] = "notice",
    on: Annotated[date | None, Query(description="the day of publication; today by default")] = None,
    within: Within = 0,
) -> list[InTheWay]:
    """What stands in the way of a publication: look here before it is prepared. The whole register is read for it."""
    day = on or today

    async def look() -> list[InTheWay]:
        return [InTheWay.of(each) for each in await blockers(conn, authority, day, whole=kind == "revised-register")]

    return await what_is_in_the_way(request, response, f"{authority} {day}", within, look)


class Altered(BaseModel):
    """One entry that a notice would name: as printed before and after."""

    change: Literal["addition", "removal", "amendment"]
    number: str
    before: RegisterLine | None
    after: RegisterLine | None


@router.get("/notices/changes", dependencies=[OFFICERS, caught_up("register"), audited("changes")])
async def changes(
    conn: Reading,
    authority: ActingFor,
    today: Today,
    on: Annotated[date | None, Query(description="the day of publication; today by default")] = None,
    area: Annotated[list[str] | None, Query(description="polling districts of the poll; all by default")] = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> list[Altered]:
    """What a notice of that day would say, as things stand: nothing is frozen yet."""
    found: list[Altered] = []
    before, after = moments_of(on or today)
    async for each in alterations(conn, authority, before, after, tuple(area or ())):
        was, is_ = (RegisterLine.of(line) if line else None for line in (each.before, each.after))
        shown = is_ or was
        if len(found) == limit or shown is None:
            break
        found.append(Altered(change=each.kind, number=shown.number, before=was, after=is_))
    return found


@router.post("/notices/drafts", dependencies=[OFFICERS, caught_up("register")], responses=refusals("poll-needed"))
async def prepare(
    body: Preparation, request: Request, conn: Reading, officer: Officer, authority: ActingFor, today: Today
) -> Prepared:
    """Freeze what the register holds now and count what would be published."""
    if body.kind != "revised-register":
        due_publication(body.kind, today, ahead([body.poll])[0] if body.poll else None)
    whole = body.kind == "revised-register"
    edition = Edition(today, await frozen_now(conn), tuple(PollingDistrict(a) for a in body.areas), whole)
    contents = await contents_of(conn, authority, edition)
    kept = [
        officer.id,
        body.model_dump(mode="json"),
        today.isoformat(),
        list(edition.positions),
        contents.content_sha256,
    ]
    return Prepared(
        kind=body.kind, published_on=today, additions=contents.additions, removals=contents.removals,
        amendments=contents.amendments, electors=contents.electors, content_sha256=contents.content_sha256,
        draft=request.app.state.cursors.seal(kept, f"draft {authority}"),
    )  # fmt: skip


class Frozen(Prepared):
    """A draft as it is looked at before it is published. `own`: who asks has prepared it, and so does not publish it."""

    poll: Poll | None
    areas: list[str]
    own: bool


@router.get("/notices/drafts", dependencies=[OFFICERS], responses=refusals("changed-since-prepared"))
async def prepared(
    request: Request, conn: Reading, officer: Officer, authority: ActingFor,
    draft: Annotated[str, Query(max_length=6000)],
) -> Frozen:  # fmt: skip
    """What a draft froze: its figures, for the officer who is to publish it."""
    preparer, asked, on, positions, sha256 = request.app.state.cursors.open(draft, f"draft {authority}")
    what = Preparation.model_validate(asked)
    areas = tuple(PollingDistrict(area) for area in what.areas)
    edition = Edition(date.fromisoformat(on), tuple(positions), areas, what.kind == "revised-register")
    contents = await contents_of(conn, authority, edition)
    if contents.content_sha256 != sha256:
        raise Refused(CHANGED_SINCE)
    return Frozen(
        kind=what.kind, published_on=edition.on, additions=contents.additions, removals=contents.removals,
        amendments=contents.amendments, electors=contents.electors, content_sha256=sha256, draft=draft, poll=what.poll,
        areas=what.areas, own=preparer == officer.id,
    )  # fmt: skip


class Publication(BaseModel):
    draft: str
    polls: list[date] = Field(
        default_factory=list, description="elections this year that may postpone the revised register"
    )


@router.post(
    "/notices", dependencies=[OFFICERS, FRESHLY_SIGNED_IN],
    responses=refusals("publication-needs-two", "wrong-publication-day", "already-published", "changed-since-prepared",
        "publication-blocked",
    ),
)  # fmt: skip
async def publish(
    body: Publication,
    request: Request,
    conn: Reading,
    execute: Execute,
    officer: Officer,
    authority: ActingFor,
    today: Today,
) -> Receipt:
    """Publish what another officer prepared. It holds from the start of this day and never changes."""
    preparer, asked, on, positions, sha256 = request.app.state.cursors.open(body.draft, f"draft {authority}")
    if preparer == officer.id:
        raise Refused(ANOTHER_OFFICER)
    if on != today.isoformat():
        raise invalid("draft", "of-another-day", "This was prepared on another day: prepare it again.")
    draft = Preparation.model_validate(asked)
    areas = tuple(PollingDistrict(a) for a in draft.areas)
    edition = Edition(today, tuple(positions), areas, draft.kind == "revised-register")
    stopping = [found for found in await blockers(conn, authority, today, whole=edition.whole) if found.stops]
    if stopping:
        raise Refused(BLOCKED, " ".join(found.rule.because for found in stopping))
    contents = await contents_of(conn, authority, edition)
    if contents.content_sha256 != sha256:
        raise Refused(CHANGED_SINCE)
    poll = ahead([draft.poll])[0] if draft.poll else None
    identity = notice_id(Authority(authority), draft.kind, today, poll.polling_day if poll else None)
    return await execute(notices, identity, _command(draft, identity, today, contents, body.polls), by=officer)


def _command(draft: Preparation, identity: Any, today: date, contents: Contents, polls: list[date]) -> Any:
    if draft.kind == "revised-register":
        # Published by 1 December, or by 1 February when an election falls late: it closes the canvass of that year.
        canvass = today.year - 1 if today.month <= 2 else today.year
        return PublishRevisedRegister(identity, canvass, today, contents, tuple(polls))
    poll = ahead([draft.poll])[0] if draft.poll else None
    return PublishNotice(identity, draft.kind, today, contents, poll, tuple(PollingDistrict(a) for a in draft.areas))


PUBLISHED = select(*Published.__table__.columns)


class Notice(BaseModel):
    """One publication. Its text is at `/notices/{notice_id}.csv`."""

    notice_id: UUID
    kind: str
    published_on: date
    additions: int
    removals: int
    amendments: int
    electors: int
    content_sha256: str
    poll: date | None
    areas: list[str]


@router.get("/notices", dependencies=[READERS, caught_up("notices")])
async def published(conn: Reading, authority: ActingFor) -> list[Notice]:
    """What has been published, newest first."""
    query = PUBLISHED.where(Published.authority == authority).order_by(
        Published.published_on.desc(), Published.notice_id
    )
    return [Notice(**row) for row in await fetch(conn, query)]


@router.get(
    "/notices/{notice}.csv", dependencies=[READERS, caught_up("notices"), audited("notice")], response_class=CSV
)
async def notice_csv(notice: UUID, request: Request, authority: ActingFor, take_out: Allowance) -> CSV:
    """A notice, or a revised register, printed again from the positions that it froze."""

    async def parts() -> AsyncIterator[bytes]:
        async with reading_on(request.app.state.pool, authority) as conn:
            async for part in text_of(
                conn, authority, edition, dict.fromkeys(("addition", "removal", "amendment", "elector"), 0)
            ):
                yield part

    async with reading_on(request.app.state.pool, authority) as conn:
        rows = await fetch(conn, PUBLISHED.where(Published.authority == authority, Published.notice_id == notice))
    if not rows:
        raise not_found()
    row = rows[0]
    whole = row["kind"] == "revised-register"
    await take_out(row["electors"] if whole else row["additions"] + row["removals"] + row["amendments"])
    edition = Edition(row["published_on"], tuple(row["positions"]), tuple(row["areas"]), whole)
    return _csv(parts(), f"{row['kind']}-{row['published_on']}")


@router.get(
    "/register.csv",
    dependencies=[READERS, FRESHLY_SIGNED_IN, caught_up("register"), audited("register export")],
    response_class=CSV,
)
async def register_as_csv(
    request: Request, authority: ActingFor, today: Today, conn: Reading, take_out: Allowance,
    edition: Annotated[Literal["full", "open"], Query()] = "full",
    effective: Annotated[date | None, Query(description="the day it is in force; today by default")] = None,
    district: Annotated[str | None, Query(max_length=6)] = None,
) -> CSV:  # fmt: skip
    """The full or the open register, as at any day."""
    day = effective or today
    number = "open" if edition == "open" else "electors"
    rows = await fetch(conn, counts(authority, Moment(day)))
    await take_out(sum(row[number] for row in rows if district in (None, row["district"])))

    statement = register_file(authority, Moment(day), district=district, open_only=edition == "open")

    async def parts() -> AsyncIterator[bytes]:
        async with (
            reading_on(request.app.state.pool, authority) as conn,
            aclosing(copied(conn, statement)) as lines,
        ):
            async for part in register_csv.headed(register_csv.COLUMNS, lines):
                yield part

    return _csv(parts(), f"{edition}-register-{day}")


def _csv(parts: AsyncIterator[bytes], name: str) -> CSV:
    return CSV(parts, headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})
