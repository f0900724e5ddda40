"""Routes of postal votes, proxies and proxies who vote by post."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.registration.absent_votes.commands import (
    AppointProxy,
    CancelPostalProxy,
    CancelPostalVote,
    CancelProxy,
    GrantPostalProxy,
    GrantPostalVote,
    Proxy,
    RefusePostalProxy,
    RefusePostalVote,
    RefuseProxy,
)
from services.registration.absent_votes.decider import absent_votes
from services.registration.applications.api import Poll, ahead
from services.registration.electors.decider import OnRegister, electors
from services.registration.properties.decider import Known, properties
from shared.eventcore.deciding import Refused, Rule
from shared.eventcore.recording import Receipt
from shared.events.registration import PostalVoteKind, ProxyKind
from shared.events.values import AddressLines, ContactDetails, ElectorId, PersonId, PersonName, absent_votes_id
from shared.law.effect import PollAhead
from shared.law.electors import NOT_ON_REGISTER
from shared.law.franchise import eligible
from shared.law.polls import Country
from shared.law.proxies import PROXY_NOT_ELIGIBLE
from shared.law.recorded import facts_of
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.now import Now, Today
from shared.service.problems import refusals

router = APIRouter(
    prefix="/electors/{elector}",
    tags=["absent votes"],
    dependencies=[requires("registration-officer", "ero-deputy", "postal-team")],
)


async def entry_of(elector: UUID, request: Request, authority: Authority) -> OnRegister:
    """An absent voter is on the register, or positively determined: the entry exists, even if it takes effect later."""
    entry = (await request.app.state.execute.state(electors, elector, authority)).state
    if not isinstance(entry, OnRegister):
        raise Refused(NOT_ON_REGISTER)
    return entry


Entry = Annotated[OnRegister, Depends(entry_of)]


def one(poll: Poll | None) -> PollAhead | None:
    return ahead([poll])[0] if poll else None


# ---------------------------------------------------------------- postal votes


class Granted(BaseModel):
    """`applied_at`: when the application arrived, if not now; it decides for which polls it is in time."""

    kind: PostalVoteKind = "maximum"
    applied_at: datetime | None = None
    poll: Poll | None = None
    asked_until: date | None = None
    polls_ahead: list[Poll] = Field(default_factory=list)
    ballot_address: AddressLines | None = None
    ballot_address_reason: str = ""
    ballot_returned: bool = False
    reference: str = ""


@router.post(
    "/postal-vote",
    responses=refusals(
        "too-late-for-the-poll", "ballot-address-reason-needed", "anonymous-ballot-address", "not-on-register"
    ),
)
async def grant(
    elector: UUID, body: Granted, entry: Entry, execute: Execute, officer: Officer, now: Now, today: Today
) -> Receipt:
    """Grant a postal vote for a poll, a period, or as long as the law allows."""
    check_address(body, entry)
    command = GrantPostalVote(
        ElectorId(elector), PersonId(entry.added.person_id), body.kind, body.applied_at or now, today,
        one(body.poll), body.asked_until, ahead(body.polls_ahead), overseas_end(entry),
        body.ballot_address, body.ballot_address_reason, body.ballot_returned, body.reference,
    )  # fmt: skip
    return await execute(absent_votes, absent_votes_id(ElectorId(elector)), command, by=officer)


ANONYMOUS_BALLOT_ADDRESS = Rule(
    "anonymous-ballot-address",
    "Where the ballot of an anonymous elector goes is known to the officers named for anonymous entries, and to nobody else.",
    "RPA 1983 s.9B; RPR 2001 r.45B, r.61(4)",
    "Leave the address out, and give it to one of these officers.",
)


def check_address(body: Granted, entry: OnRegister) -> None:
    if entry.added.anonymous and body.ballot_address is not None:
        raise Refused(ANONYMOUS_BALLOT_ADDRESS)


class RefusedVote(BaseModel):
    reasons: list[str] = Field(min_length=1, examples=[["identity-not-confirmed"]])
    explanation: str = ""
    reference: str = ""


@router.post("/postal-vote/refusal", responses=refusals("reasons-needed", "not-on-register"))
async def refuse(
    elector: UUID, body: RefusedVote, entry: Entry, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """Refuse an application for a postal vote, with reasons in writing."""
    return await execute(
        absent_votes, absent_votes_id(ElectorId(elector)), RefusePostalVote(*said(elector, entry, body, today)), by=officer
    )  # fmt: skip


class Cancellation(BaseModel):
    polls_ahead: list[Poll] = Field(default_factory=list)
    ballot_returned: bool = False


@router.post("/postal-vote/cancellation", responses=refusals("no-postal-vote", "ballot-returned"))
async def cancel(elector: UUID, body: Cancellation, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """The elector asks to vote in another way again."""
    command = CancelPostalVote(ElectorId(elector), now, ahead(body.polls_ahead), body.ballot_returned)
    return await execute(absent_votes, absent_votes_id(ElectorId(elector)), command, by=officer)


# --------------------------------------------------------------------- proxies


class ProxyNamedOnForm(BaseModel):
    """Who is to vote: `elector_id` where they are on this register, whose name and address then count; else these, and
    `eligible` says that they are, or will be, registered elsewhere, of voting age and entitled by nationality."""

    elector_id: UUID | None = None
    name: PersonName | None = None
    address: AddressLines | None = None
    contact: ContactDetails = ContactDetails()
    relationship: str = ""
    close_relative: bool = False
    eligible: bool = False


class Appointment(BaseModel):
    """An application to vote by proxy that is allowed. `applied_at`: when it arrived, if not now."""

    kind: ProxyKind
    proxy: ProxyNamedOnForm
    applied_at: datetime | None = None
    poll: Poll | None = None
    asked_until: date | None = None
    polls_ahead: list[Poll] = Field(default_factory=list)
    ground: str = ""
    reason: str = ""
    attested_by: str = ""
    consents: bool
    ballot_returned: bool = False
    reference: str = ""


@router.post(
    "/proxy",
    responses=refusals(
        "not-on-register", "proxy-acts-for-enough", "proxy-acts-for-enough-domestic", "too-late-for-a-proxy",
        "not-the-time-for-an-emergency-proxy", "too-late-to-change", "proxy-not-eligible", "proxy-does-not-consent",
        "attestation-needed", "ground-unknown", "ballot-returned",
    ),
)  # fmt: skip
async def appoint(
    elector: UUID,
    body: Appointment,
    entry: Entry,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    now: Now,
    today: Today,
) -> Receipt:
    """Appoint a proxy for a poll, a period, until further notice, or in an emergency."""
    command = AppointProxy(
        elector_id=ElectorId(elector),
        person_id=PersonId(entry.added.person_id),
        kind=body.kind,
        proxy=await proxy_of(body, request, authority, today),
        applied_at=body.applied_at or now,
        determined_on=today,
        poll=one(body.poll),
        asked_until=body.asked_until,
        polls_ahead=ahead(body.polls_ahead),
        ground=body.ground,
        reason=body.reason,
        attested_by=body.attested_by,
        consents=body.consents,
        domestic=is_domestic(entry),
        registration_ends=overseas_end(entry),
        country=COUNTRIES.get(authority[:1], Country.ENGLAND),
        ballot_returned=body.ballot_returned,
        reference=body.reference,
    )
    return await execute(absent_votes, absent_votes_id(ElectorId(elector)), command, by=officer)


COUNTRIES = {"E": Country.ENGLAND, "W": Country.WALES, "S": Country.SCOTLAND, "N": Country.NORTHERN_IRELAND}
"""By the first letter of a council's GSS code."""


def is_overseas(entry: OnRegister) -> bool:
    return entry.franchise is not None and entry.franchise.category == "overseas"


def overseas_end(entry: OnRegister) -> date | None:
    """The last day of an overseas registration, which an absent vote follows instead of the three years. Other entries that
    end are renewed while their absent votes go on. [RPA 1985 s.1; RPA 2000 Sch 4]"""
    return entry.ends_on if is_overseas(entry) else None


def is_domestic(entry: OnRegister) -> bool:
    """Neither an overseas nor a service elector: of these a proxy may act for two only. [RPA 2000 Sch 4 para 6]"""
    return entry.franchise is None or entry.franchise.category not in ("overseas", "forces", "crown")


async def proxy_of(body: Appointment, request: Request, authority: str, today: date) -> Proxy:
    """The proxy as this register knows them, else as the form names them. Raises `Refused`: `proxy-not-eligible`."""
    form = body.proxy
    if form.elector_id is None:
        if form.name is None or form.address is None:
            raise Refused(PROXY_NOT_ELIGIBLE, "Give the proxy's entry on this register, or name and address.")
        return Proxy(
            PersonId(uuid4()), form.name, form.address, None, form.contact, form.relationship, form.close_relative,
            form.eligible,
        )  # fmt: skip
    state = request.app.state.execute.state
    theirs: Any = (await state(electors, form.elector_id, authority)).state
    if not isinstance(theirs, OnRegister) or theirs.name is None or theirs.franchise is None:
        raise Refused(PROXY_NOT_ELIGIBLE, "There is no such entry on this register.")
    home: Any = (await state(properties, theirs.home, authority)).state
    facts = facts_of(theirs.franchise, anonymous=theirs.added.anonymous)
    poll = body.poll
    return Proxy(
        PersonId(theirs.added.person_id),
        theirs.name,
        home.facts.address if isinstance(home, Known) else AddressLines(),
        ElectorId(form.elector_id),
        form.contact,
        form.relationship,
        form.close_relative,
        eligible=poll is None or eligible(facts, poll.poll_type, poll.polling_day),
    )


@router.post("/proxy/refusal", responses=refusals("reasons-needed", "not-on-register"))
async def refuse_proxy(
    elector: UUID, body: RefusedVote, entry: Entry, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """Refuse an application to vote by proxy, with reasons in writing."""
    return await execute(
        absent_votes, absent_votes_id(ElectorId(elector)), RefuseProxy(*said(elector, entry, body, today)), by=officer
    )  # fmt: skip


class ProxyCancellation(Cancellation):
    """`poll`: of an appointment for that poll only. `by_proxy`: it is the proxy who no longer wants to act."""

    poll: Poll | None = None
    by_proxy: bool = False


@router.post("/proxy/cancellation", responses=refusals("no-proxy", "too-late-to-change", "ballot-returned"))
async def cancel_proxy(elector: UUID, body: ProxyCancellation, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """The elector wants no proxy any more, or the proxy gives it up."""
    command = CancelProxy(
        ElectorId(elector), now, one(body.poll), ahead(body.polls_ahead), body.by_proxy, body.ballot_returned
    )
    return await execute(absent_votes, absent_votes_id(ElectorId(elector)), command, by=officer)


# --------------------------------------------------------------- postal proxies


class GrantedToProxy(Granted):
    """`proxy_name`: of who applied, to be held against the proxy appointed."""

    proxy_name: PersonName | None = None


@router.post(
    "/proxy/postal-vote",
    responses=refusals("no-proxy", "not-their-proxy", "too-late-for-the-poll", "ballot-address-reason-needed"),
)
async def grant_to_proxy(
    elector: UUID, body: GrantedToProxy, entry: Entry, execute: Execute, officer: Officer, now: Now, today: Today
) -> Receipt:
    """The elector's proxy may vote by post: three years at most, and never longer than the appointment."""
    check_address(body, entry)
    command = GrantPostalProxy(
        ElectorId(elector), body.kind, body.applied_at or now, today, body.proxy_name, one(body.poll), body.asked_until,
        ahead(body.polls_ahead), overseas_end(entry), body.ballot_address, body.ballot_address_reason,
        body.ballot_returned, body.reference,
    )  # fmt: skip
    return await execute(absent_votes, absent_votes_id(ElectorId(elector)), command, by=officer)


@router.post("/proxy/postal-vote/refusal", responses=refusals("reasons-needed", "not-on-register"))
async def refuse_postal_proxy(
    elector: UUID, body: RefusedVote, entry: Entry, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """Refuse the proxy's application to vote by post, with reasons in writing."""
    command = RefusePostalProxy(*said(elector, entry, body, today))
    return await execute(absent_votes, absent_votes_id(ElectorId(elector)), command, by=officer)


@router.post("/proxy/postal-vote/cancellation", responses=refusals("no-postal-vote", "ballot-returned"))
async def cancel_postal_proxy(
    elector: UUID, body: Cancellation, execute: Execute, officer: Officer, now: Now
) -> Receipt:
    """The proxy goes to the polling station again."""
    command = CancelPostalProxy(ElectorId(elector), now, ahead(body.polls_ahead), body.ballot_returned)
    return await execute(absent_votes, absent_votes_id(ElectorId(elector)), command, by=officer)


def said(
    elector: UUID, entry: OnRegister, body: RefusedVote, today: date
) -> tuple[ElectorId, PersonId, date, tuple[str, ...], str, str]:
    """What every refusal says."""
    return (
        ElectorId(elector), PersonId(entry.added.person_id), today, tuple(body.reasons), body.explanation, body.reference,
    )  # fmt: skip
