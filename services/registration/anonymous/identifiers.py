"""What returned postal votes of anonymous electors and their proxies are checked against: in the closed store (RPR 2001 r.51(3), r.61B).

The rules are anybody's. It is a named officer who enters them, and one who is named and checks postal votes to whom they are
released; each release is on record there.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.registration.absent_votes.decider import absent_votes
from services.registration.anonymous.absent_voting import Entered, votes_of
from services.registration.anonymous.api import Closely
from services.registration.anonymous.reading import NAMED, Closed, opened
from services.registration.identifiers.api import (
    LARGEST_BODY,
    POOR,
    RELEASED_TO,
    Given,
    Released,
    Waived,
    record,
    record_waiver,
    released,
)
from services.registration.identifiers.images import SignatureImages
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.values import PersonId
from shared.law.proxies import NO_PROXY
from shared.service.app import accepts_up_to
from shared.service.auth import Authority, Officer
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(prefix="/anonymous/cases/{case}", tags=["anonymous electors"], dependencies=[NAMED])


async def person_of(entry: Entered) -> PersonId:
    """The elector of the case."""
    return entry.person_id


async def proxy_of(case: UUID, _: Entered, closed: Closed, authority: Authority) -> PersonId:
    """The standing proxy of the case."""
    proxy = (await closed.execute.state(absent_votes, votes_of(case), authority)).state.proxy_for(None)
    if proxy is None:
        raise Refused(NO_PROXY)
    return PersonId(proxy.appointed.proxy_id)


TheElector = Annotated[PersonId, Depends(person_of)]
TheProxy = Annotated[PersonId, Depends(proxy_of)]


async def images_of(closed: Closed) -> SignatureImages:
    return SignatureImages(closed.execute)


Images = Annotated[SignatureImages, Depends(images_of)]


@router.post("/identifiers", responses=POOR)
@accepts_up_to(LARGEST_BODY)
async def give(
    case: UUID, body: Given, person: TheElector, execute: Closely, officer: Officer, images: Images,
    authority: Authority, today: Today,
) -> Receipt:  # fmt: skip
    """The elector's signature and date of birth, as given with an application or for a refresh."""
    return await record(case, body, person, execute, officer, images, authority, today)


@router.post("/proxy/identifiers", responses=POOR)
@accepts_up_to(LARGEST_BODY)
async def give_for_proxy(
    case: UUID, body: Given, person: TheProxy, execute: Closely, officer: Officer, images: Images,
    authority: Authority, today: Today,
) -> Receipt:  # fmt: skip
    """The signature and date of birth of the elector's proxy, who is to vote by post."""
    return await record(case, body, person, execute, officer, images, authority, today)


@router.post("/identifiers/waiver", responses=refusals("waiver-reason-needed", "not-on-register"))
async def waive(
    case: UUID, body: Waived, person: TheElector, execute: Closely, officer: Officer, today: Today
) -> Receipt:
    """The elector need not sign: unable to, or not in the same way twice."""
    return await record_waiver(case, body, person, "elector", execute, officer, today)


@router.post("/proxy/identifiers/waiver", responses=refusals("waiver-reason-needed", "no-proxy", "not-on-register"))
async def waive_for_proxy(
    case: UUID, body: Waived, person: TheProxy, execute: Closely, officer: Officer, today: Today
) -> Receipt:
    """The elector's proxy, who is to vote by post, need not sign."""
    return await record_waiver(case, body, person, "proxy", execute, officer, today)


RELEASE = [RELEASED_TO, opened("personal identifiers")]


@router.get("/identifiers", dependencies=RELEASE, responses=refusals("not-on-register"))
async def release(person: TheElector, closed: Closed, authority: Authority) -> Released:
    """The elector's identifiers, for checking a returned postal vote."""
    return await released(person, closed.execute, authority)


@router.get("/proxy/identifiers", dependencies=RELEASE, responses=refusals("not-on-register", "no-proxy"))
async def release_of_proxy(person: TheProxy, closed: Closed, authority: Authority) -> Released:
    """The proxy's identifiers, for checking a postal vote that the proxy returned."""
    return await released(person, closed.execute, authority)
