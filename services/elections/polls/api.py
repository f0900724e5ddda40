"""Routes of polls: created, arranged, their notices prepared and published, their steps done. Reads are in `views`."""

from __future__ import annotations

import asyncio
from datetime import date, time
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Query, Request, Response, status
from fastapi.responses import HTMLResponse
from pydantic import AfterValidator, BaseModel, Field

from services.elections.exchange.election_ids import election_ids
from services.elections.papers import notices as papers
from services.elections.papers.paper import pdf
from services.elections.papers.poll_card import has_cards, poll_card, specimen
from services.elections.polls.commands import (
    ArrangeNominations,
    CancelElection,
    ChooseSecondInterim,
    CompleteStep,
    CreateElection,
    ProposedContest,
    PublishNotice,
)
from services.elections.polls.decider import Underway, elections, underway
from services.elections.views.access import OFFICERS
from shared.eventcore.recording import Receipt
from shared.events.elections import (
    AreaKind,
    CancellationReason,
    ElectionId,
    ElectoralArea,
    NoticeKind,
    Organisation,
    TimetableChoices,
    VacancyReason,
)
from shared.events.values import PollingDistrict
from shared.law import elections as law
from shared.law.rules import Refused
from shared.law.voting_systems import PollKind
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.now import Now, Today
from shared.service.problems import not_found, refusals

router = APIRouter(prefix="/elections", tags=["elections"], dependencies=[OFFICERS])
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
PUBLISHERS = requires("ro-deputy")
"""Who answers for what hangs in public."""


PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
"""What can be printed on one line of a notice."""
PollDate = Annotated[date, Field(ge=date(2012, 1, 1), le=date(2099, 12, 31))]
"""A day of which the calendar may know something."""


def without_offset(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("a time of day in London has no offset")
    return at


Clock = Annotated[time, AfterValidator(without_offset)]


class Area(BaseModel):
    kind: AreaKind
    name: str = Field(min_length=1, max_length=200, pattern=PRINTABLE)
    code: str = Field("", pattern=r"^([A-Z]\d{8})?$", description="GSS code")
    districts: list[Annotated[str, Field(pattern=r"^[A-Z0-9]{1,6}$")]] = Field(
        default_factory=list, description="of an area that is a list of polling districts"
    )

    def value(self) -> ElectoralArea:
        return ElectoralArea(self.kind, self.name, self.code, tuple(PollingDistrict(d) for d in self.districts))


class ProposedBallot(BaseModel):
    """One contest. `seats` 0 where nobody is elected; `question` where one is put."""

    area: Area
    seats: int = Field(ge=0, le=50)
    question: str = Field("", max_length=1000, pattern=PRINTABLE)


class NewElection(BaseModel):
    """A poll to be held. `organisation`: its name as printed; `slug`: its short name in election ids, e.g. `stroud`."""

    kind: PollKind
    polling_day: PollDate
    organisation: str = Field(min_length=1, max_length=200, pattern=PRINTABLE)
    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")
    contests: list[ProposedBallot] = Field(min_length=1, max_length=200)
    by_election: bool = False
    reason: VacancyReason | None = None
    cause_on: PollDate | None = Field(None, description="day of the vacancy, demand, decision or Speaker's notice")
    business: bool = False
    second_interim: PollDate | None = None
    close_of_nominations: PollDate | None = Field(None, description="chosen at a UK Parliamentary by-election")


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=refusals(
        "area-already-polls",
        invalid=(
            "contest-needed", "area-not-identified", "wrong-number-of-seats", "question-needed", "too-late-for-its-notice",
            "polling-day-outside-its-window", "holidays-unknown", "no-law-on-record", "election-id-impossible", "cause-needed",
            "close-of-nominations-outside-its-limits", "second-interim-notice-outside-its-window",
        ),
    ),
)  # fmt: skip
async def create(body: NewElection, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Create a poll with its contests; its timetable is fixed at once, its election ids are made and checked."""
    identity = ElectionId(uuid4())
    organisation = Organisation(body.organisation, body.slug)
    areas = [contest.area.value() for contest in body.contests]
    ids = [election_ids(body.kind, body.polling_day, organisation, a, by_election=body.by_election) for a in areas]
    command = CreateElection(
        identity,
        body.kind,
        body.polling_day,
        organisation,
        tuple(
            ProposedContest(area, contest.seats, known.ballot, contest.question)
            for area, contest, known in zip(areas, body.contests, ids, strict=True)
        ),
        ids[0].groups,
        ids[0].scheme,
        created_on=today,
        by_election=body.by_election,
        reason=body.reason,
        cause_on=body.cause_on,
        business=body.business,
        choices=TimetableChoices(body.second_interim, body.close_of_nominations),
    )
    return await execute(elections, identity, command, by=officer)


class Cancellation(BaseModel):
    reason: CancellationReason


@router.post("/{election}/cancellation", dependencies=[PUBLISHERS], responses=refusals("unknown-election"))
async def cancel(election: UUID, body: Cancellation, execute: Execute, officer: Officer, today: Today) -> Receipt:
    return await execute(elections, election, CancelElection(body.reason, today), by=officer)


class SecondInterim(BaseModel):
    day: PollDate | None = Field(description="none: there will be no second interim notice")


@router.post(
    "/{election}/second-interim-notice",
    responses=refusals("unknown-election", "election-cancelled", invalid=("second-interim-notice-outside-its-window",)),
)
async def choose_second_interim(
    election: UUID, body: SecondInterim, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """The registration officer's choice of a day between the first interim and the final notice of alteration."""
    return await execute(elections, election, ChooseSecondInterim(body.day, today), by=officer)


class NominationArrangements(BaseModel):
    """Where papers are delivered, where the forms are had, in which hours, and who signs the notice by office."""

    place: str = Field(min_length=1, max_length=500, pattern=PRINTABLE)
    forms_from: str = Field(min_length=1, max_length=500, pattern=PRINTABLE)
    nominations_from: Clock = time(10)
    nominations_to: Clock = time(16)
    officer_name: str = Field(min_length=1, max_length=200, pattern=PRINTABLE)


@router.post(
    "/{election}/nomination-arrangements",
    responses=refusals(
        "unknown-election",
        "notice-of-election-hangs",
        invalid=("no-nominations", "nomination-hours-fixed", "nomination-hours-reversed"),
    ),
)
async def arrange(
    election: UUID, body: NominationArrangements, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    return await execute(elections, election, ArrangeNominations(**body.model_dump(), on=today), by=officer)


class Completion(BaseModel):
    note: str = Field("", max_length=500, pattern=PRINTABLE, description="no personal data")


@router.post("/{election}/steps/{step}/completion", responses=refusals("unknown-election", invalid=("no-such-step",)))
async def complete(
    election: UUID,
    step: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,60}$")],
    body: Completion,
    execute: Execute,
    officer: Officer,
    today: Today,
) -> Receipt:
    """A step of the timetable, or the poll cards, are done."""
    return await execute(elections, election, CompleteStep(step, today, body.note), by=officer)


@router.get("/{election}/drafts/{notice}.html", response_class=HTMLResponse, responses=refusals("unknown-election"))
async def draft(election: UUID, notice: NoticeKind, request: Request, authority: Authority, now: Now) -> HTMLResponse:
    """A notice as it would be published now."""
    return HTMLResponse(papers.render(notice, await _ready(request, election, authority, notice), now)[0])


@router.get("/{election}/notices/{notice}.pdf", response_class=Response, responses=PDF)
async def published_pdf(election: UUID, notice: NoticeKind, request: Request, authority: Authority) -> Response:
    """The notice that hangs as tagged PDF, made again from the events up to its publication."""
    history = await request.app.state.history(election, authority)
    paper = papers.published(notice, [event.data for event in history])
    if paper is None:
        raise not_found()
    return Response(await asyncio.to_thread(pdf, paper), media_type="application/pdf")


@router.get("/{election}/poll-card-proof.pdf", response_class=Response, responses=PDF)
async def poll_card_proof(
    election: UUID, request: Request, authority: Authority,
    contest: Annotated[UUID | None, Query(description="the first where none is named")] = None,
    station: Annotated[str, Query(max_length=300, pattern=PRINTABLE, description="name and address of a polling station")] = "",
) -> Response:  # fmt: skip
    """A poll card for nobody as tagged PDF, to be approved before any is printed."""
    poll = (await request.app.state.execute.state(elections, election, authority)).state
    if not isinstance(poll, Underway) or not has_cards(poll):
        raise not_found()
    asked = next((one for one in poll.created.contests if contest in (None, one.contest_id)), None)
    if asked is None:
        raise not_found()
    return Response(
        await asyncio.to_thread(pdf, poll_card(poll, asked, specimen(station))), media_type="application/pdf"
    )


@router.post(
    "/{election}/notices/{notice}",
    dependencies=[PUBLISHERS],
    responses=refusals(
        "unknown-election", "nomination-arrangements-needed", "notice-already-published", "notice-out-of-time"
    ),
)
async def publish(
    election: UUID,
    notice: NoticeKind,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    now: Now,
) -> Receipt:
    """Publish a notice: its words are kept as they are now and never change."""
    content, sha256 = papers.render(notice, await _ready(request, election, authority, notice), now)
    return await execute(elections, election, PublishNotice(notice, now, content, sha256), by=officer)


async def _ready(request: Request, election: UUID, authority: str, notice: NoticeKind) -> Underway:
    """The poll, if a notice can be printed from what is known of it. Raises `Refused`."""
    folded: Any = await request.app.state.execute.state(elections, election, authority)
    poll = underway(folded.state)
    if not poll.steps:
        raise Refused(law.NO_TIMETABLE)
    if notice == "notice-of-election":
        if poll.step("nominations") is None:
            raise Refused(law.NO_NOMINATIONS)
        if poll.arrangements is None:
            raise Refused(law.ARRANGEMENTS_NEEDED)
    return poll
