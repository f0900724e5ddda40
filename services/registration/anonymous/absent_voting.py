"""Absent votes of anonymous electors: the rules of anybody's, kept in the closed store (RPA 2000 Sch 4; RPR 2001 r.61(4)).

No shared list, view or total knows that a number votes by post or by proxy. Whoever sends ballot papers asks here, as an officer
named for it, and each look is on record.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from services.registration.absent_votes.api import (
    COUNTRIES,
    Appointment,
    Cancellation,
    Granted,
    GrantedToProxy,
    ProxyCancellation,
    RefusedVote,
    one,
    proxy_of,
)
from services.registration.absent_votes.arrangements import Arrangements
from services.registration.absent_votes.commands import (
    AppointProxy,
    CancelPostalProxy,
    CancelPostalVote,
    CancelProxy,
    GrantPostalProxy,
    GrantPostalVote,
    RefusePostalProxy,
    RefusePostalVote,
    RefuseProxy,
)
from services.registration.absent_votes.decider import absent_votes
from services.registration.anonymous.api import Closely
from services.registration.anonymous.decider import Case, cases
from services.registration.anonymous.events import EntryEnded
from services.registration.anonymous.reading import NAMED, Closed, opened
from services.registration.applications.api import ahead
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.definition import known
from shared.events.values import ElectorId, PersonId, absent_votes_id
from shared.law.anonymity import NOT_REGISTERED
from shared.law.polls import Country
from shared.service.auth import Authority, Officer
from shared.service.now import Now, Today
from shared.service.problems import refusals

router = APIRouter(prefix="/anonymous", tags=["anonymous electors"], dependencies=[NAMED])


async def entered_case(case: UUID, closed: Closed, authority: Authority) -> Case:
    """Raises `Refused` unless the case has an entry that goes on."""
    state = (await closed.execute.state(cases, case, authority)).state
    if not isinstance(state, Case) or state.granted is None or state.ended is not None:
        raise Refused(NOT_REGISTERED)
    return state


Entered = Annotated[Case, Depends(entered_case)]


def votes_of(case: UUID) -> UUID:
    """The stream of a case's absent votes, in the closed store: the case stands where an entry's id would."""
    return absent_votes_id(ElectorId(case))


@router.post(
    "/cases/{case}/postal-vote",
    responses=refusals("not-on-register", "too-late-for-the-poll", "ballot-address-reason-needed"),
)
async def grant_postal(
    case: UUID, body: Granted, entry: Entered, execute: Closely, officer: Officer, now: Now, today: Today
) -> Receipt:
    """A postal vote. Without another address the ballot paper goes to the home of the case."""
    command = GrantPostalVote(
        ElectorId(case), entry.person_id, body.kind, body.applied_at or now, today, one(body.poll), body.asked_until,
        ahead(body.polls_ahead), None, body.ballot_address, body.ballot_address_reason, body.ballot_returned, body.reference,
    )  # fmt: skip
    return await execute(absent_votes, votes_of(case), command, by=officer)


@router.post("/cases/{case}/postal-vote/refusal", responses=refusals("reasons-needed", "not-on-register"))
async def refuse_postal(
    case: UUID, body: RefusedVote, entry: Entered, execute: Closely, officer: Officer, today: Today
) -> Receipt:
    """Refuse a postal vote, with reasons that the named officer tells in a letter by hand."""
    return await execute(absent_votes, votes_of(case), RefusePostalVote(*said(case, entry, body, today)), by=officer)


@router.post("/cases/{case}/postal-vote/cancellation", responses=refusals("no-postal-vote", "not-on-register"))
async def cancel_postal(
    case: UUID, body: Cancellation, _: Entered, execute: Closely, officer: Officer, now: Now
) -> Receipt:
    """The elector asks to vote in another way again."""
    command = CancelPostalVote(ElectorId(case), now, ahead(body.polls_ahead), body.ballot_returned)
    return await execute(absent_votes, votes_of(case), command, by=officer)


@router.post(
    "/cases/{case}/proxy",
    responses=refusals(
        "not-on-register", "too-late-for-a-proxy", "proxy-not-eligible", "proxy-does-not-consent", "attestation-needed",
        "proxy-acts-for-enough",
    ),
)  # fmt: skip
async def appoint(
    case: UUID, body: Appointment, entry: Entered, request: Request, execute: Closely, officer: Officer,
    authority: Authority, now: Now, today: Today,
) -> Receipt:  # fmt: skip
    """A proxy; being registered anonymously is itself a ground (RPA 2000 Sch 4 para 3(3)). How many ordinary electors the proxy acts for,
    the officer looks up: neither store asks the other."""
    command = AppointProxy(
        elector_id=ElectorId(case), person_id=entry.person_id, kind=body.kind,
        proxy=await proxy_of(body, request, authority, today), applied_at=body.applied_at or now, determined_on=today,
        poll=one(body.poll), asked_until=body.asked_until, polls_ahead=ahead(body.polls_ahead), ground=body.ground,
        reason=body.reason, attested_by=body.attested_by, consents=body.consents,
        country=COUNTRIES.get(authority[:1], Country.ENGLAND), ballot_returned=body.ballot_returned, reference=body.reference,
    )  # fmt: skip
    return await execute(absent_votes, votes_of(case), command, by=officer)


@router.post("/cases/{case}/proxy/refusal", responses=refusals("reasons-needed", "not-on-register"))
async def refuse_proxy(
    case: UUID, body: RefusedVote, entry: Entered, execute: Closely, officer: Officer, today: Today
) -> Receipt:
    """Refuse to appoint a proxy, with reasons that the named officer tells in a letter by hand."""
    return await execute(absent_votes, votes_of(case), RefuseProxy(*said(case, entry, body, today)), by=officer)


@router.post(
    "/cases/{case}/proxy/cancellation",
    responses=refusals("no-proxy", "too-late-to-change", "ballot-returned", "not-on-register"),
)
async def cancel_proxy(
    case: UUID, body: ProxyCancellation, _: Entered, execute: Closely, officer: Officer, now: Now
) -> Receipt:
    """The elector wants no proxy any more, or the proxy gives it up: the standing one, or that for one poll."""
    command = CancelProxy(
        ElectorId(case), now, one(body.poll), ahead(body.polls_ahead), body.by_proxy, body.ballot_returned
    )
    return await execute(absent_votes, votes_of(case), command, by=officer)


@router.post(
    "/cases/{case}/proxy/postal-vote",
    responses=refusals(
        "no-proxy", "not-their-proxy", "too-late-for-the-poll", "ballot-address-reason-needed", "not-on-register"
    ),
)
async def grant_to_proxy(
    case: UUID, body: GrantedToProxy, _: Entered, execute: Closely, officer: Officer, now: Now, today: Today
) -> Receipt:
    """The proxy may vote by post. Without another address the ballot paper goes to the proxy's own."""
    command = GrantPostalProxy(
        ElectorId(case), body.kind, body.applied_at or now, today, body.proxy_name, one(body.poll), body.asked_until,
        ahead(body.polls_ahead), None, body.ballot_address, body.ballot_address_reason, body.ballot_returned, body.reference,
    )  # fmt: skip
    return await execute(absent_votes, votes_of(case), command, by=officer)


@router.post("/cases/{case}/proxy/postal-vote/refusal", responses=refusals("reasons-needed", "not-on-register"))
async def refuse_postal_proxy(
    case: UUID, body: RefusedVote, entry: Entered, execute: Closely, officer: Officer, today: Today
) -> Receipt:
    """Refuse the proxy's application to vote by post, with reasons that the named officer tells in a letter by hand."""
    return await execute(absent_votes, votes_of(case), RefusePostalProxy(*said(case, entry, body, today)), by=officer)


@router.post("/cases/{case}/proxy/postal-vote/cancellation", responses=refusals("no-postal-vote", "not-on-register"))
async def cancel_postal_proxy(
    case: UUID, body: Cancellation, _: Entered, execute: Closely, officer: Officer, now: Now
) -> Receipt:
    """The proxy goes to the polling station again."""
    command = CancelPostalProxy(ElectorId(case), now, ahead(body.polls_ahead), body.ballot_returned)
    return await execute(absent_votes, votes_of(case), command, by=officer)


def said(
    case: UUID, entry: Case, body: RefusedVote, today: date
) -> tuple[ElectorId, PersonId, date, tuple[str, ...], str, str]:
    """What every refusal says."""
    return ElectorId(case), entry.person_id, today, tuple(body.reasons), body.explanation, body.reference


class AbsentVoter(BaseModel):
    """Who votes otherwise than in person at a poll: the printed number, `way`, and whom and where to send to. By `proxy` and by
    `postal-proxy` these are the proxy's, who goes to the polling station or votes by post."""

    case: UUID
    number: str
    way: str
    name: str | None
    send_to: list[str]


@router.get("/absent-voters", dependencies=[opened("absent-voters")])
async def absent_voters(poll: date, closed: Closed, authority: Authority) -> list[AbsentVoter]:
    """Anonymous absent voters at a poll of that day, by number, for the named officer who sends ballot papers and proxy poll cards."""
    found = []
    for key, case in (await closed.all_cases(authority)).items():
        if case.number is None or not stands_at(case, poll):
            continue
        votes = (await closed.execute.state(absent_votes, votes_of(key), authority)).state
        found += [
            AbsentVoter(case=key, number=str(case.number), way=way, name=name, send_to=list(send_to))
            for way, name, send_to in ways(case, votes, poll)
        ]
    return sorted(found, key=lambda row: row.number)


def stands_at(case: Case, poll: date) -> bool:
    """Whether the entry is on the register on that day."""
    granted, ended = case.granted, case.ended
    gone = isinstance(ended, EntryEnded) and ended.effective_on <= poll
    return granted is not None and granted.effective_on <= poll <= granted.ends_on and not gone


def ways(case: Case, votes: Arrangements, poll: date) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """How the elector votes at that poll: none of it, by post, or by proxy; with name and address to send to."""
    if (appointed := votes.proxy_at(poll)) and appointed.named:
        name, address = known(appointed.named.name), known(appointed.named.address)
        theirs = [grant for grant in votes.postal_proxies if grant.proxy_id == appointed.appointed.proxy_id]
        by_post = [grant for grant in theirs if grant.valid_from <= poll <= grant.valid_until]
        if by_post:
            address = known(by_post[-1].ballot_address) or address
        return [
            ("postal-proxy" if by_post else "proxy", str(name) if name else None, address.lines() if address else ())
        ]
    grants = [grant for grant in votes.grants if grant.valid_from <= poll <= grant.valid_until]
    if not grants:
        return []
    name, address = known(case.taken.name), known(grants[-1].ballot_address) or known(case.taken.address)
    return [("postal", str(name) if name else None, address.lines() if address else ())]
