"""How an applicant, elector or proxy is written to: name and address as they stand now, read from the history and not kept."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request

from services.registration.views.history import ApplicationHistory, ElectorHistory, history
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.application_form import cleaned
from shared.events.definition import known
from shared.events.values import AddressLines, ContactDetails, ElectorId, PersonName, PropertyId, absent_votes_id
from shared.law.rules import Refused, Rule
from shared.service.auth import Authority
from shared.service.correspondents import ASKED, ERASED, Correspondent, erased
from shared.service.problems import not_found, refusals

ANONYMOUS = Rule(
    "anonymous-entry",
    "Name and address of an anonymous elector leave the registration office in no message.",
    "RPA 1983 s.9B; RPR 2001 r.45B",
    "Let a registration officer write to them by hand, in an envelope that says nothing.",
)
ELSEWHERE = ("corraddressline1", "corraddressline2", "corraddressline3", "corraddressline4", "corraddressline5")
"""Where an overseas or service voter has letters sent; the keys of IER."""

E = TypeVar("E")
router = APIRouter(prefix="/correspondents", tags=["correspondents"], dependencies=ASKED)


@router.get("/applicant/{application_id}", responses=ERASED | refusals("anonymous-entry"))
async def applicant(events: ApplicationHistory, request: Request, authority: Authority) -> Correspondent:
    """Somebody who applied: as on the form, with what was supplied since. Or somebody invited to apply, where they are
    thought to live."""
    if events and isinstance(events[0].data, r.PotentialElectorFound):
        return await _invited(events[0].data, request, authority)
    received = _first(events, r.ApplicationReceived)
    if received.anonymous:
        raise Refused(ANONYMOUS)
    form = _form(events)
    name, address = known(received.name), known(received.address)
    if form is None or name is None or address is None:
        raise erased()
    return _written_to(name, _elsewhere(form) or list(address.lines()), known(received.contact))


@router.get("/elector/{elector_id}", responses=ERASED | refusals("anonymous-entry"))
async def elector(events: ElectorHistory, request: Request, authority: Authority) -> Correspondent:
    """An elector, also one whose entry has ended: the latest name, at the address of the entry or where the application
    wants letters sent."""
    added = _first(events, r.ElectorAdded)
    if added.anonymous:
        raise Refused(ANONYMOUS)
    name, contact, home = known(added.name), known(added.contact), added.property_id
    for event in events:
        match event.data:
            case r.ElectorAmended() | r.ClericalErrorCorrected():
                name = known(event.data.name)
            case r.ContactDetailsChanged():
                contact = known(event.data.contact)
            case r.ElectorReaddressed():
                home = event.data.property_id
            case _:
                pass
    if name is None:
        raise erased()
    form = _form(await history(request, authority, added.application_id)) if added.application_id else None
    lines = _elsewhere(form or {}) or await _home(home, request, authority)
    return _written_to(name, lines, contact)


@router.get("/proxy/{elector_id}/{proxy_id}", responses=ERASED | refusals("anonymous-entry"))
async def proxy(
    proxy_id: UUID, elector_id: UUID, events: ElectorHistory, request: Request, authority: Authority
) -> Correspondent:
    """Who votes, or voted, by proxy for an elector: as last named in that. The fact `elector` is for whom."""
    voter = await elector(events, request, authority)
    votes = await history(request, authority, absent_votes_id(ElectorId(elector_id)))
    named = [e.data for e in votes if isinstance(e.data, r.ProxyNamed) and e.data.proxy_id == proxy_id]
    if not named:
        raise not_found()
    name, address = known(named[-1].name), known(named[-1].address)
    if name is None or address is None:
        raise erased()
    written_to = _written_to(name, list(address.lines()), known(named[-1].contact))
    return written_to.model_copy(update={"facts": {"elector": voter.name}})


async def _invited(found: r.PotentialElectorFound, request: Request, authority: str) -> Correspondent:
    name = known(found.name)
    if name is None:
        raise erased()
    return _written_to(name, await _home(found.property_id, request, authority), None)


def _first(events: list[Recorded[Any]], kind: type[E]) -> E:
    if not events or not isinstance(events[0].data, kind):
        raise not_found()
    return events[0].data


def _form(events: list[Recorded[Any]]) -> dict[str, str] | None:
    """The form with what was supplied after it; None once the person was erased."""
    form: dict[str, str] = {}
    for event in events:
        match event.data:
            case r.ApplicationReceived(form=said) | r.MissingInformationReceived(supplied=said):
                opened = known(said)
                if opened is None:
                    return None
                form |= opened
            case _:
                pass
    return form


def _elsewhere(form: dict[str, str]) -> list[str]:
    """The address for letters, where it is not the one that entitles to vote."""
    lines = [cleaned(form.get(key, "")) for key in (*ELSEWHERE, "corrpostcode", "corrcountry")]
    return [line for line in lines if line] if lines[0] else []


async def _home(property_id: PropertyId, request: Request, authority: str) -> list[str]:
    """The address of the property as the gazetteer has it now, also when it has been retired."""
    address = AddressLines()
    for event in await history(request, authority, property_id):
        match event.data:
            case r.PropertyAdded() | r.PropertyChanged() | r.PropertyReinstated():
                address = event.data.facts.address
            case _:
                pass
    return list(address.lines())


def _written_to(name: PersonName, lines: list[str], contact: ContactDetails | None) -> Correspondent:
    reached = contact or ContactDetails()
    return Correspondent(name=str(name), lines=lines, email=reached.email, phone=reached.phone)
