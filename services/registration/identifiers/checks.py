"""Routes of the image check: a signature that came in beside the one on record; accepted, or a better one asked for.

Every picture that is opened is written down with the reason that the officer gave.
"""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from services.registration.identifiers.api import purposeful
from services.registration.identifiers.decider import (
    AcceptSignature,
    AskForFreshSignature,
    identifiers,
    identifiers_id,
)
from services.registration.identifiers.images import SignatureImages
from services.registration.identifiers.signature import weakness
from services.registration.views.signature_checks import CHECKERS, CheckLine, check_of
from shared.eventcore.recording import Receipt
from shared.events.registration import SignatureFault
from shared.events.values import PersonId
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found, refusals
from shared.service.read_audit import audited

FAULTS: Final[dict[SignatureFault, str]] = {
    "does-not-match": "It does not look like the signature on record",
    "unreadable": "The lines are too faint, blurred or dark to be compared",
    "incomplete": "A part of the signature is cut off or covered",
    "too-small": "The signature is too small in the picture",
    "not-a-signature": "The picture shows something else than a signature",
}
"""Why a better picture may be asked for, as officers read it."""

router = APIRouter(
    prefix="/signature-checks/{person}",
    tags=["personal identifiers"],
    dependencies=[CHECKERS, caught_up("signature_checks", "electors")],
)
SEEN = [Depends(purposeful), audited("signature image")]


class Fault(BaseModel):
    fault: SignatureFault
    what: str


class Weakness(BaseModel):
    """What measuring the picture says against it."""

    rule: str
    because: str
    then: str


class CheckPage(CheckLine):
    """`image_id`: what came in; `on_record`: what it is compared with, where there is an earlier one."""

    image_id: UUID
    on_record: UUID | None
    weakness: Weakness | None
    faults: list[Fault]


@router.get("", dependencies=SEEN, responses=refusals("purpose-needed"))
async def signature_check(person: UUID, conn: Reading, request: Request, authority: Authority) -> CheckPage:
    """One signature that came in: what there is to compare it with, and what measuring it says."""
    found = await check_of(conn, person)
    if found is None:
        raise not_found()
    line, image, on_record = found
    png = await SignatureImages(request.app.state.execute).open(PersonId(person), image, authority)
    weak = await asyncio.to_thread(weakness, png) if png else None
    return CheckPage(
        **line.model_dump(), image_id=image, on_record=on_record,
        weakness=Weakness(rule=weak.name, because=weak.because, then=weak.then) if weak else None,
        faults=[Fault(fault=fault, what=what) for fault, what in FAULTS.items() if on_record or fault != "does-not-match"],
    )  # fmt: skip


@router.get(
    "/images/{image}", dependencies=SEEN, response_class=Response,
    responses={**refusals("purpose-needed"), 200: {"content": {"image/png": {}}}},
)  # fmt: skip
async def signature_image(person: UUID, image: UUID, conn: Reading, request: Request, authority: Authority) -> Response:
    """One of the two pictures of a check: PNG, 1050 x 300 pixels, black and white. No cache keeps it."""
    found = await check_of(conn, person)
    if found is None or image not in found[1:]:
        raise not_found()
    png = await SignatureImages(request.app.state.execute).open(PersonId(person), image, authority)
    if png is None:
        raise not_found()
    return Response(png, media_type="image/png", headers={"Cache-Control": "no-store"})


class Seen(BaseModel):
    """`image_id`: of the picture that the officer saw."""

    image_id: UUID


class Wanting(Seen):
    fault: SignatureFault


SETTLED = refusals("another-signature", "signature-checked-already")


@router.post("/acceptance", responses=SETTLED)
async def accept(person: UUID, body: Seen, conn: Reading, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Postal votes can be checked against this signature."""
    await _line(conn, person)
    stream = identifiers_id(PersonId(person))
    return await execute(identifiers, stream, AcceptSignature(body.image_id, today), by=officer)


@router.post("/fresh-signature", responses=SETTLED)
async def ask_again(
    person: UUID, body: Wanting, conn: Reading, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """Ask for a better one. An elector is written to; of a proxy's address only the registration office knows."""
    whose = (await _line(conn, person)).whose
    command = AskForFreshSignature(body.image_id, whose, body.fault, today)
    return await execute(identifiers, identifiers_id(PersonId(person)), command, by=officer)


async def _line(conn: Reading, person: UUID) -> CheckLine:
    found = await check_of(conn, person)
    if found is None:
        raise not_found()
    return found[0]
