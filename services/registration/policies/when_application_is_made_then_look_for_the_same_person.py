"""An application that is complete and placed is compared with the register and with other applications.

Whoever is likely the same person becomes a task for an officer (never merged: a student may truly live at two addresses);
an invitation that waits for exactly this person's answer ends. [RPA 1983 s.5, s.9E; RPR 2001 r.32ZD]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from services.registration.duplicates.decider import SuspectDuplicate, suspicions
from services.registration.duplicates.likeness import LIKELY, SURE, Likeness, Person, bare, likeness, person
from services.registration.duplicates.records import Record, sharing_a_block
from services.registration.invitations.commands import CloseInvitation
from services.registration.invitations.decider import invitations
from services.registration.policies.when_application_allowed_then_add_elector import applicant_of
from shared.eventcore.clock import london_date
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events import application_form
from shared.events.definition import known
from shared.events.registration import ApplicationListed, ApplicationReceived, PropertyIdentified, suspicion_id
from shared.events.values import ApplicationId, ElectorId, PersonName

WAITING = (
    "SELECT potential_elector_id, parts, date_of_birth FROM invitations.invitation"
    " WHERE authority = $1 AND property_id = $2 AND closed = '' AND parts IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Who is likely the applicant: records with their likeness, and invitations to somebody of that name."""

    likely: tuple[tuple[Record, Likeness], ...] = ()
    invited: tuple[UUID, ...] = ()


async def gather(lookup: Lookup, event: Recorded[Any]) -> Found:
    who = await applying(lookup, event.stream_id)
    if who is None:
        return Found()
    records = await sharing_a_block(lookup.conn, lookup.authority, who)
    # Where the policy was away for a while, the application may have led to an entry by now: that is no other record.
    others = [record for record in records if record.application_id != event.stream_id]
    likely = [(record, likeness(who, await with_nino(lookup, record, who))) for record in others]
    return Found(tuple(pair for pair in likely if pair[1].score >= LIKELY), await invited(lookup, who))


async def applying(lookup: Lookup, application: UUID) -> Person | None:
    """The applicant, as far as known; None while the application is incomplete, is anonymous, alters an entry, or the
    person was erased."""
    history = [e.data for e in await lookup.history(application)]
    applicant = applicant_of(history)
    if applicant is None or applicant.received.anonymous or applicant.entry_to_alter is not None:
        return None
    if not any(isinstance(e, ApplicationListed) for e in history):
        return None
    form = known(applicant.received.form) or {}
    home = applicant.received.property_id
    for e in history:
        if isinstance(e, PropertyIdentified):
            home = e.property_id
    address, left = application_form.address(form), application_form.address(form, "p")
    return person(
        application, applicant.name, applicant.franchise.date_of_birth, home, address.postcode,
        nino=form.get("nino", ""), left=left.postcode,
    )  # fmt: skip


async def with_nino(lookup: Lookup, record: Record, who: Person) -> Person:
    """The record with the NINO of the application it came from, where it is at the applicant's own address."""
    if not who.nino or record.application_id is None or record.who.property_id != who.property_id:
        return record.who
    for e in await lookup.history(record.application_id):
        if isinstance(e.data, ApplicationReceived):
            return replace(record.who, nino=bare((known(e.data.form) or {}).get("nino", "")))
    return record.who


async def invited(lookup: Lookup, who: Person) -> tuple[UUID, ...]:
    """Open invitations to the applicant at that address: the name must agree, and the birth if it was known."""
    rows = await lookup.conn.fetch(WAITING, lookup.authority, who.property_id) if who.property_id else []
    waiting = [
        person(row["potential_elector_id"], PersonName(**orjson.loads(row["parts"])), row["date_of_birth"] or who.birth,
               who.property_id)
        for row in rows
    ]  # fmt: skip
    return tuple(one.key for one in waiting if likeness(who, one).score >= SURE)


@policy(
    "when_application_is_made_then_look_for_the_same_person", on=[ApplicationListed, PropertyIdentified], given=gather
)
def look_for_the_same_person(found: Found, event: Recorded[Any]) -> Iterable[Do]:
    application, on = ApplicationId(event.stream_id), london_date(event.occurred_at)
    for record, points in found.likely:
        yield suspect(record, application, points, on)
    for potential in found.invited:
        yield Do(invitations, potential, CloseInvitation(on, "applied", application), "the person applied")


def suspect(record: Record, application: ApplicationId, points: Likeness, on: date) -> Do:
    other = record.who.key
    command = SuspectDuplicate(
        () if record.is_application else (ElectorId(other),),
        (application, ApplicationId(other)) if record.is_application else (application,),
        points.score,
        points.reasons,
        on,
        "application",
    )
    return Do(suspicions, suspicion_id(application, other), command, "an application was made")
