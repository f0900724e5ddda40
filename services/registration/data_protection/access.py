"""Where the facts of a pack are: the records that concern a person, as they stood at an instant."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import or_, select

from services.registration.data_protection.pack import Pack, Record, pack_of
from services.registration.identifiers.decider import identifiers_id
from services.registration.identifiers.images import SignatureImages
from services.registration.views.absent_voters import Arrangement
from services.registration.views.access_log import Inspection
from services.registration.views.applications import Application
from services.registration.views.canvass import Report
from services.registration.views.canvass import Response as Reply
from services.registration.views.data_requests import SubjectRequest
from services.registration.views.electors import Elector
from services.registration.views.hearings import Appeal
from services.registration.views.history import history
from services.registration.views.invitations import Invitation
from services.registration.views.movers import Leaving
from services.registration.views.supplies import Supply
from services.registration.views.voter_cards import VoterCard
from shared.eventcore.execute import subject_stream
from shared.events.registration import (
    ElectorReported,
    IdentifiersRecorded,
    LeftOut,
    ResidentsDisagreed,
    VoterCardId,
    declaration_id,
    voter_card_holder,
)
from shared.events.values import ElectorId, PersonId, absent_votes_id
from shared.service.database import Connection, fetch, reading_on
from shared.service.http import caught_up
from shared.service.problems import not_found

VIEWS = [
    caught_up(view)
    for view in (
        "applications", "electors", "invitations", "absent_voters", "supplies", "hearings", "movers", "access_log",
        "data_requests", "voter_cards", "canvass",
    )
]  # fmt: skip
"""What must have caught up for a pack to be whole."""
CANVASS_SAID = (ElectorReported, ResidentsDisagreed)


async def pack_for(
    person: UUID, request: Request, authority: str, as_at: datetime | None = None, exempt: Iterable[LeftOut] = ()
) -> Pack:
    """All that is held of a person, or was recorded by `as_at`. Raises not-found when that is nothing."""
    async with reading_on(request.app.state.pool, authority) as conn:
        found = await streams_of(conn, person)
    records = [
        Record(
            held.what, held.own,
            [
                e for e in await history(request, authority, held.stream)
                if (as_at is None or e.recorded_at <= as_at) and (not held.only or isinstance(e.data, held.only))
            ],
            held.named,
        )
        for held in found
    ]  # fmt: skip
    signatures = await signatures_of(PersonId(person), records, request, authority)
    held = pack_of(person, records, exempt, signatures)
    if not held.sections:
        raise not_found()
    return held


async def signatures_of(
    person: PersonId, records: Iterable[Record], request: Request, authority: str
) -> dict[UUID, str]:
    """The pictures that the facts name, PNG in base64; of what was destroyed, none."""
    images = SignatureImages(request.app.state.execute)
    facts = (e.data for record in records for e in record.events)
    named = {fact.image_id for fact in facts if isinstance(fact, IdentifiersRecorded)}
    opened = {image: await images.open(person, image, authority) for image in sorted(named)}
    return {image: b64encode(png).decode() for image, png in opened.items() if png is not None}


@dataclass(frozen=True, slots=True)
class Held:
    """A record that concerns a person. `own`: it is about them. `named`: further ids that they have in it; `only`: the facts of it
    that may be about them, where it is for the most part about others."""

    what: str
    own: bool
    stream: UUID
    named: frozenset[UUID] = frozenset()
    only: tuple[type[Any], ...] = ()


async def streams_of(conn: Connection, person: UUID) -> list[Held]:
    """The records that concern a person."""

    async def ids(column: Any, condition: Any) -> list[UUID]:
        return sorted({row[column.key] for row in await fetch(conn, select(column).where(condition))})

    applied = await ids(Application.application_id, Application.person_id == person)
    electors = [ElectorId(entry) for entry in await ids(Elector.elector_id, Elector.person_id == person)]
    about = or_(Arrangement.person_id == person, Arrangement.proxy_id == person)
    voting = [ElectorId(entry) for entry in await ids(Arrangement.elector_id, about)]
    cards = await ids(VoterCard.card_id, VoterCard.elector_id.in_(electors))
    reported = select(Reply.canvass_property_id).join(Report, Report.response_id == Reply.response_id)
    homes = {row["canvass_property_id"] for row in await fetch(conn, reported.where(Report.elector_id.in_(electors)))}
    appealed = await ids(Appeal.appeal_id, Appeal.case_id.in_([*applied, *electors]))
    return [
        *(Held("Invitation to register", True, one) for one in await ids(Invitation.potential_elector_id, Invitation.person_id == person)),
        *(Held("Application to register", True, one) for one in applied),
        *(Held("Entry on the register", True, one) for one in electors),
        *(Held("Declaration", True, declaration_id(one)) for one in electors),
        *(Held("Absent votes", True, absent_votes_id(one)) for one in electors),
        *(Held("Acting as a proxy", False, absent_votes_id(one)) for one in voting if one not in electors),
        *(Held("Appeal", True, one) for one in appealed),
        *(Held("Notice of a move", True, one) for one in await ids(Leaving.notice_id, Leaving.person_id == person)),
        *(Held("Request for a copy of the register", True, one) for one in await ids(Supply.supply_id, Supply.person_id == person)),
        *(Held("Inspection of the register", True, one) for one in await ids(Inspection.inspection_id, Inspection.person_id == person)),
        *(Held("Request about own data", True, one) for one in await ids(SubjectRequest.request_id, SubjectRequest.person_id == person)),
        *(Held("Voter Authority Certificate", True, one, frozenset({voter_card_holder(VoterCardId(one))})) for one in cards),
        *(Held("What a household said in a canvass", False, one, frozenset(electors), CANVASS_SAID) for one in sorted(homes)),
        Held("Identifiers for absent voting", True, identifiers_id(PersonId(person))),
        Held("Erasure and legal hold", True, subject_stream(person)),
    ]  # fmt: skip
