"""Routes of personal identifiers: given with an application, waived, and released to those who check returned postal votes."""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.registration.absent_votes.arrangements import Arrangements
from services.registration.absent_votes.decider import absent_votes
from services.registration.electors.decider import OnRegister, electors
from services.registration.identifiers.decider import (
    Identifiers,
    RecordIdentifiers,
    WaiveSignature,
    identifiers,
    identifiers_id,
)
from services.registration.identifiers.images import SignatureImages
from services.registration.identifiers.signature import standard
from shared.eventcore.deciding import Refused, Rule
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Receipt
from shared.events.definition import known
from shared.events.registration import IdentifierSource, IdentifiersRecorded, SignatureWaived, Signer
from shared.events.values import ElectorId, PersonId, absent_votes_id
from shared.law.electors import NOT_ON_REGISTER
from shared.law.proxies import NO_PROXY
from shared.service.app import accepts_up_to
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.http import Reason
from shared.service.now import Today
from shared.service.problems import invalid, not_found, refusals
from shared.service.read_audit import audited

router = APIRouter(prefix="/electors/{elector}", tags=["personal identifiers"])
ENTERED_BY = requires("registration-officer", "ero-deputy", "postal-team")
RELEASED_TO = requires("identifier-checker")
"""Nobody else sees a signature or what it is compared with: not who enters it, nor who grants the postal vote."""

LARGEST_FILE = 8 * 2**20
LARGEST_BODY = LARGEST_FILE * 4 // 3 + 4096
"""Base64 takes four letters for three bytes."""

PURPOSE_NEEDED = Rule(
    "purpose-needed",
    "Personal identifiers are released for checking postal votes, and each release says for which.",
    "RPR 2001 r.61B, r.85-85A; UK GDPR article 5(1)(b)",
    "Say in the header X-Reason at which opening of which poll they are checked.",
    invalid=True,
)


async def person_of(elector: UUID, request: Request, authority: Authority) -> PersonId:
    """The elector as a person."""
    entry = (await request.app.state.execute.state(electors, elector, authority)).state
    if not isinstance(entry, OnRegister):
        raise Refused(NOT_ON_REGISTER)
    return PersonId(entry.added.person_id)


async def proxy_of(elector: UUID, request: Request, authority: Authority, poll: date | None = None) -> PersonId:
    """The elector's standing proxy as a person, or with `poll` the proxy at the poll of that day."""
    now: Arrangements = (
        await request.app.state.execute.state(absent_votes, absent_votes_id(ElectorId(elector)), authority)
    ).state
    proxy = now.proxy_at(poll) if poll else now.proxy_for(None)
    if proxy is None:
        raise Refused(NO_PROXY)
    return proxy.appointed.proxy_id


TheElector = Annotated[PersonId, Depends(person_of)]
TheProxy = Annotated[PersonId, Depends(proxy_of)]


class Given(BaseModel):
    """`signature`: a scan or photograph, PNG or JPEG, in base64."""

    signature: str = Field(max_length=LARGEST_BODY, json_schema_extra={"contentEncoding": "base64"})
    signed_on: date
    date_of_birth: date
    source: IdentifierSource = "application"
    reference: str = Field("", max_length=50)


class Waived(BaseModel):
    """`helped_by`: name and address of who helped with the application."""

    reason: str = Field(max_length=500)
    helped_by: str = Field("", max_length=500)
    date_of_birth: date
    source: IdentifierSource = "application"
    reference: str = Field("", max_length=50)


POOR = refusals(
    "signature-not-a-picture", "signature-picture-too-large", "signature-blank", "signature-too-dark",
    "signature-too-small", "signature-touches-the-edge", "date-of-birth-needed", "signed-in-the-future", "no-proxy",
)  # fmt: skip


@router.post("/identifiers", dependencies=[ENTERED_BY], responses=POOR)
@accepts_up_to(LARGEST_BODY)
async def give(
    elector: UUID, body: Given, person: TheElector, execute: Execute, officer: Officer, request: Request,
    authority: Authority, today: Today,
) -> Receipt:  # fmt: skip
    """The elector's signature and date of birth, as given with an application or for a refresh."""
    return await record(elector, body, person, execute, officer, images_of(request), authority, today)


@router.post("/proxy/identifiers", dependencies=[ENTERED_BY], responses=POOR)
@accepts_up_to(LARGEST_BODY)
async def give_for_proxy(
    elector: UUID, body: Given, person: TheProxy, execute: Execute, officer: Officer, request: Request,
    authority: Authority, today: Today,
) -> Receipt:  # fmt: skip
    """The signature and date of birth of this elector's proxy, who is to vote by post."""
    return await record(elector, body, person, execute, officer, images_of(request), authority, today)


def images_of(request: Request) -> SignatureImages:
    return SignatureImages(request.app.state.execute)


async def record(
    elector: UUID, body: Given, person: PersonId, execute: Execute, officer: Officer, images: SignatureImages,
    authority: str, today: date,
) -> Receipt:  # fmt: skip
    """The picture made standard and kept, and the identifiers with it."""
    try:
        file = b64decode(body.signature, validate=True)
    except (NotBase64, ValueError):
        raise invalid("signature", "not-base64", "The picture must be written in base64.") from None
    made = await asyncio.to_thread(standard, file)
    image = await images.keep(person, made.png, authority)
    command = RecordIdentifiers(
        ElectorId(elector), person, image, body.signed_on, today, body.date_of_birth, body.source, body.reference
    )
    return await execute(identifiers, identifiers_id(person), command, by=officer)


@router.post("/identifiers/waiver", dependencies=[ENTERED_BY], responses=refusals("waiver-reason-needed"))
async def waive(
    elector: UUID, body: Waived, person: TheElector, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """The elector need not sign: unable to, or not in the same way twice."""
    return await record_waiver(elector, body, person, "elector", execute, officer, today)


@router.post("/proxy/identifiers/waiver", dependencies=[ENTERED_BY], responses=refusals("waiver-reason-needed"))
async def waive_for_proxy(
    elector: UUID, body: Waived, person: TheProxy, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """This elector's proxy, who is to vote by post, need not sign."""
    return await record_waiver(elector, body, person, "proxy", execute, officer, today)


async def record_waiver(
    elector: UUID, body: Waived, person: PersonId, whose: Signer, execute: Execute, officer: Officer, today: date
) -> Receipt:
    """The waiver of who is to vote by post, elector or proxy."""
    command = WaiveSignature(
        ElectorId(elector), person, today, body.date_of_birth, body.reason, body.helped_by, body.source, body.reference,
        whose,
    )  # fmt: skip
    return await execute(identifiers, identifiers_id(person), command, by=officer)


class Released(BaseModel):
    """What a postal voting statement is compared with. `signature`: PNG, 1050 x 300 pixels, black and white, in base64;
    empty where it was waived. Of the reason for a waiver nothing is told."""

    person_id: UUID
    date_of_birth: date
    signature: str = Field(json_schema_extra={"contentEncoding": "base64", "contentMediaType": "image/png"})
    waived: bool
    signed_on: date


async def purposeful(_: Authority, reason: Reason) -> None:
    """Raises `Refused` without a purpose; who may not ask for this council has been told nothing by then."""
    if not reason:
        raise Refused(PURPOSE_NEEDED)


RELEASE = [RELEASED_TO, Depends(purposeful), audited("personal identifiers")]


@router.get("/identifiers", dependencies=RELEASE, responses=refusals("purpose-needed"))
async def release(person: TheElector, request: Request, authority: Authority) -> Released:
    """The elector's identifiers, for checking a returned postal vote."""
    return await released(person, request.app.state.execute, authority)


@router.get("/proxy/identifiers", dependencies=RELEASE, responses=refusals("purpose-needed", "no-proxy"))
async def release_of_proxy(person: TheProxy, request: Request, authority: Authority) -> Released:
    """The proxy's identifiers, for checking a postal vote that the proxy returned."""
    return await released(person, request.app.state.execute, authority)


async def released(person: PersonId, execute: Executor, authority: str) -> Released:
    """What counts for that person now, out of the store that commands are carried out in."""
    now: Identifiers = (await execute.state(identifiers, identifiers_id(person), authority)).state
    birth = known(now.latest.date_of_birth) if now.latest else None
    if now.latest is None or birth is None:
        raise not_found()
    match now.latest:
        case SignatureWaived(waived_on=on):
            return Released(person_id=person, date_of_birth=birth, signature="", waived=True, signed_on=on)
        case IdentifiersRecorded(image_id=image, signed_on=on):
            png = await SignatureImages(execute).open(person, image, authority)
            if png is None:
                raise not_found()
            picture = b64encode(png).decode()
            return Released(person_id=person, date_of_birth=birth, signature=picture, waived=False, signed_on=on)
