"""Routes of entries on the register: amended, reviewed, corrected, removed; the person behind them held or erased."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field

from services.registration.applications.api import Poll, ahead
from services.registration.data_protection.destruction.decider import ProposeDestruction, destructions
from services.registration.data_protection.destruction.run import ERASURE
from services.registration.electors.commands import (
    AmendElector,
    AnswerReview,
    AskForReviewHearing,
    ChangeContactDetails,
    ChangeFranchise,
    ChangeOpenRegisterPreference,
    ConcludeReview,
    CorrectClericalError,
    OpenReview,
    RemoveElector,
    RenumberElector,
)
from services.registration.electors.decider import Merged, OffRegister, OnRegister, electors
from shared.eventcore.deciding import Refused, Rule
from shared.eventcore.recording import Receipt
from shared.events.registration import DestructionId, DueRecord, RemovalGround, ReviewType
from shared.events.values import (
    ContactDetails,
    ElectorNumber,
    EvidenceSource,
    FranchiseFacts,
    PersonName,
    PollingDistrict,
)
from shared.law.effect import Programme
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.http import stamp
from shared.service.now import Now, Today
from shared.service.problems import refusals

router = APIRouter(prefix="/electors", tags=["electors"])
OFFICERS = requires("registration-officer", "ero-deputy")
Elector = Annotated[UUID, Path(description="the elector's stable id; the printed number may change")]


class NewName(BaseModel):
    name: PersonName
    polls: list[Poll] = Field(default_factory=list)


@router.post("/{elector}/name", dependencies=[OFFICERS], responses=refusals("not-on-register"))
async def amend(elector: Elector, body: NewName, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """A new name after an allowed application; it is printed from the next notice on."""
    command = AmendElector(body.name, today, programme=Programme(polls=ahead(body.polls)))
    return await execute(electors, elector, command, by=officer)


class NewFranchise(BaseModel):
    franchise: FranchiseFacts
    evidence: str = ""


@router.post("/{elector}/franchise", dependencies=[OFFICERS])
async def franchise(elector: Elector, body: NewFranchise, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Other facts about where the elector may vote."""
    return await execute(electors, elector, ChangeFranchise(body.franchise, today, body.evidence), by=officer)


class OpenRegister(BaseModel):
    opted_out: bool


@router.post("/{elector}/open-register", dependencies=[OFFICERS])
async def open_register(
    elector: Elector, body: OpenRegister, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """Opt out of the open register, or back in."""
    return await execute(electors, elector, ChangeOpenRegisterPreference(body.opted_out, today), by=officer)


@router.post("/{elector}/contact", dependencies=[OFFICERS])
async def contact(elector: Elector, body: ContactDetails, execute: Execute, officer: Officer) -> Receipt:
    """How the elector may be reached. Never printed."""
    return await execute(electors, elector, ChangeContactDetails(body), by=officer)


class Correction(BaseModel):
    name: PersonName
    own_mistake: bool
    poll: Poll | None = None
    told_presiding_officer: bool = False


@router.post("/{elector}/correction", dependencies=[OFFICERS], responses=refusals("too-late-to-correct"))
async def correct(elector: Elector, body: Correction, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """Put right a mistake of our own, until 9pm on polling day (RPA 1983 s.13B(3B)-(3D))."""
    poll = ahead([body.poll])[0] if body.poll else None
    command = CorrectClericalError(body.name, now, body.own_mistake, poll, body.told_presiding_officer)
    return await execute(electors, elector, command, by=officer)


class NewNumber(BaseModel):
    """`numbered_in`: the publication day of the revised register whose numbering the number belongs to."""

    district: str = Field(pattern=r"^[A-Z]{1,6}$")
    number: int = Field(ge=1, le=99_999)
    suffix: int = Field(0, ge=0, le=99)
    numbered_in: date
    effective_on: date


@router.post(
    "/{elector}/number", dependencies=[OFFICERS], responses=refusals("elector-number-taken", "not-on-register")
)
async def renumber(elector: Elector, body: NewNumber, execute: Execute, officer: Officer) -> Receipt:
    """Another number, by a revised register or a change of polling district (RPR r.40). No two electors share one."""
    number = ElectorNumber(PollingDistrict(body.district), body.number, body.suffix)
    return await execute(electors, elector, RenumberElector(number, body.numbered_in, body.effective_on), by=officer)


class Review(BaseModel):
    review: ReviewType
    reason: str = Field("", max_length=2000)
    hearing_on: date | None = None


@router.post("/{elector}/review", dependencies=[OFFICERS])
async def open_review(elector: Elector, body: Review, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Give notice of a review of type A, B or C (RPR r.31D-31F)."""
    return await execute(electors, elector, OpenReview(body.review, today, body.reason, body.hearing_on), by=officer)


class Answer(BaseModel):
    note: str = Field("", max_length=2000)


@router.post("/{elector}/review/answer", dependencies=[OFFICERS], responses=refusals("no-review"))
async def answer(elector: Elector, body: Answer, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The elector answered the request for evidence (type B); no notice follows by itself any more."""
    return await execute(electors, elector, AnswerReview(today, body.note), by=officer)


@router.post(
    "/{elector}/review/hearing-request", dependencies=[OFFICERS], responses=refusals("review-hearing-not-possible")
)
async def ask_for_hearing(elector: Elector, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The elector asks to be heard in answer to a notice of type A."""
    return await execute(electors, elector, AskForReviewHearing(today), by=officer)


class Conclusion(BaseModel):
    entitled: bool
    reason: str = Field("", max_length=2000)


@router.post("/{elector}/review/conclusion", dependencies=[OFFICERS])
async def conclude(elector: Elector, body: Conclusion, execute: Execute, officer: Officer, today: Today) -> Receipt:
    return await execute(electors, elector, ConcludeReview(body.entitled, today, body.reason), by=officer)


class Removal(BaseModel):
    ground: RemovalGround
    sources: list[EvidenceSource] = Field(default_factory=list)
    reason: str = Field("", max_length=2000)
    polls: list[Poll] = Field(default_factory=list)


@router.post("/{elector}/removal", dependencies=[OFFICERS], responses=refusals("not-on-register"))
async def remove(elector: Elector, body: Removal, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Take the entry off the register on one of the grounds of RPA 1983 s.10ZE."""
    programme = Programme(polls=ahead(body.polls))
    command = RemoveElector(body.ground, today, tuple(body.sources), body.reason, programme)
    return await execute(electors, elector, command, by=officer)


# ------------------------------------------------- the person behind the entry

ENTRY_STANDS = Rule(
    "entry-stands",
    "This person is still on the register, or the entry has ended within the time it must be kept.",
    "UK GDPR article 17(3)(b); RPA 1983 s.9",
    "Erase them when the entry has been removed and its retention has run out.",
)


class Erasure(BaseModel):
    """On which basis the law allows it."""

    legal_basis: str = Field(min_length=3, max_length=200, examples=["UK GDPR article 17(1)(a)"])


@router.post("/{elector}/erasure", dependencies=[requires("dpo")], responses=refusals("entry-stands"))
async def erase(
    elector: Elector,
    body: Erasure,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    today: Today,
) -> Receipt:
    """Propose to destroy the person's key, so that their data reads as erased here, on Kafka and in every copy of either. Another
    officer confirms it (`/data-protection/destructions/{stream_id}/confirmation`). Records that were merged into this one have
    keys of their own, and are erased each by its id."""
    known = (await request.app.state.execute.state(electors, elector, authority)).state
    ended = known.was if isinstance(known, Merged) else known
    if not isinstance(ended, OffRegister) or ended.removed_on > today:
        raise Refused(ENTRY_STANDS)
    due = DueRecord(ERASURE, await person_of(elector, request, authority))
    identity = DestructionId(uuid4())
    command = ProposeDestruction(identity, officer.id, today, {ERASURE: body.legal_basis}, (due,))
    return await execute(destructions, identity, command, by=officer)


class Hold(BaseModel):
    reason: str = Field(min_length=3, max_length=200, examples=["election petition"])
    review_on: date | None = None


@router.post("/{elector}/legal-hold", dependencies=[requires("dpo")], responses=refusals("already-held"))
async def hold(
    elector: Elector, body: Hold, request: Request, execute: Execute, officer: Officer, authority: Authority
) -> Receipt:
    """Keep this person's data whatever retention says."""
    person = await person_of(elector, request, authority)
    by = execute.metadata(officer)
    receipt = await request.app.state.execute.hold(person, reason=body.reason, review_on=body.review_on, by=by)
    return stamp(execute.response, receipt)


@router.post("/{elector}/legal-hold/lifting", dependencies=[requires("dpo")])
async def lift(
    elector: Elector, body: Hold, request: Request, execute: Execute, officer: Officer, authority: Authority
) -> Receipt:
    person = await person_of(elector, request, authority)
    receipt = await request.app.state.execute.lift_hold(person, reason=body.reason, by=execute.metadata(officer))
    return stamp(execute.response, receipt)


async def person_of(elector: UUID, request: Request, authority: str) -> UUID:
    folded = await request.app.state.execute.state(electors, elector, authority)
    if folded.subject is None or not isinstance(folded.state, OnRegister | OffRegister | Merged):
        raise Refused(NOT_KNOWN)
    person: UUID = folded.subject
    return person


NOT_KNOWN = Rule("unknown-elector", "There is no such elector.", "RPA 1983 s.9", "Search by name, address or number.")
