"""Where the facts of a pack are: the records that concern a person, as they stood at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import or_, select

from services.registration.data_protection.pack import Pack, Record, pack_of
from services.registration.identifiers.decider import identifiers_id
from services.registration.views.absent_voters import Arrangement
from services.registration.views.access_log import Inspection
from services.registration.views.applications import Application
from services.registration.views.data_requests import SubjectRequest
from services.registration.views.electors import Elector
from services.registration.views.hearings import Appeal
from services.registration.views.history import history
from services.registration.views.invitations import Invitation
from services.registration.views.movers import Leaving
from services.registration.views.supplies import Supply
from shared.eventcore.execute import subject_stream
from shared.events.registration import LeftOut, declaration_id
from shared.events.values import ElectorId, PersonId, absent_votes_id
from shared.service.database import Connection, fetch, reading_on
from shared.service.http import caught_up
from shared.service.problems import not_found

VIEWS = [
    caught_up(view)
    for view in (
        "applications", "electors", "invitations", "absent_voters", "supplies", "hearings", "movers", "access_log",
        "data_requests",
    )
]  # fmt: skip
"""What must have caught up for a pack to be whole."""


async def pack_for(
    person: UUID, request: Request, authority: str, as_at: datetime | None = None, exempt: Iterable[LeftOut] = ()
) -> Pack:
    """All that is held of a person, or was recorded by `as_at`. Raises not-found when that is nothing."""
    async with reading_on(request.app.state.pool, authority) as conn:
        found = await streams_of(conn, person)
    records = [
        Record(what, own, [e for e in await history(request, authority, stream) if as_at is None or e.recorded_at <= as_at])
        for what, own, stream in found
    ]  # fmt: skip
    held = pack_of(person, records, exempt)
    if not held.sections:
        raise not_found()
    return held


async def streams_of(conn: Connection, person: UUID) -> list[tuple[str, bool, UUID]]:
    """The records that concern a person: by name, whether it is their own, and stream."""

    async def ids(column: Any, condition: Any) -> list[UUID]:
        return sorted({row[column.key] for row in await fetch(conn, select(column).where(condition))})

    applied = await ids(Application.application_id, Application.person_id == person)
    electors = [ElectorId(entry) for entry in await ids(Elector.elector_id, Elector.person_id == person)]
    about = or_(Arrangement.person_id == person, Arrangement.proxy_id == person)
    voting = [ElectorId(entry) for entry in await ids(Arrangement.elector_id, about)]
    appealed = await ids(Appeal.appeal_id, Appeal.case_id.in_([*applied, *electors]))
    return [
        *(("Invitation to register", True, one) for one in await ids(Invitation.potential_elector_id, Invitation.person_id == person)),
        *(("Application to register", True, one) for one in applied),
        *(("Entry on the register", True, one) for one in electors),
        *(("Declaration", True, declaration_id(one)) for one in electors),
        *(("Absent votes", True, absent_votes_id(one)) for one in electors),
        *(("Acting as a proxy", False, absent_votes_id(one)) for one in voting if one not in electors),
        *(("Appeal", True, one) for one in appealed),
        *(("Notice of a move", True, one) for one in await ids(Leaving.notice_id, Leaving.person_id == person)),
        *(("Request for a copy of the register", True, one) for one in await ids(Supply.supply_id, Supply.person_id == person)),
        *(("Inspection of the register", True, one) for one in await ids(Inspection.inspection_id, Inspection.person_id == person)),
        *(("Request about own data", True, one) for one in await ids(SubjectRequest.request_id, SubjectRequest.person_id == person)),
        ("Identifiers for absent voting", True, identifiers_id(PersonId(person))),
        ("Erasure and legal hold", True, subject_stream(person)),
    ]  # fmt: skip
