"""Which edition of which document a request is of: what would be in a copy that is made now."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.registration.exchange.supply.layouts import Document
from services.registration.supply.contents import Edition, frozen_now
from services.registration.supply.decider import NOT_MADE_HERE, made_from_register
from services.registration.views.notices import Published
from services.registration.views.polls import Poll
from shared.eventcore.deciding import Refused
from shared.events.registration import LaterNoticeDue, SupplyRequested
from shared.events.values import PollingDistrict
from shared.law.polls import PollType
from shared.service.database import Connection, fetch
from shared.service.problems import invalid


def document_of(document: str, notice: UUID | None) -> Document | None:
    """What is made for a request; nothing for what is copied from the papers of a poll."""
    match document:
        case "open-register" if notice is not None:
            return "open-notices"
        case "full-register" | "open-register" | "notices" | "overseas-list" | "absent-voter-lists":
            return document
        case _:
            return None


def made_here(request: SupplyRequested | LaterNoticeDue) -> Document:
    """What is made for a request. Raises `Refused` for what is made with the papers of a poll."""
    document = document_of(request.document, request.notice_id)
    if document is None or not made_from_register(request):
        raise Refused(NOT_MADE_HERE)
    return document


def poll_of(request: SupplyRequested | LaterNoticeDue) -> PollType | None:
    """The kind of poll whose lists are asked for."""
    return PollType(request.poll_kind) if isinstance(request, SupplyRequested) and request.poll_kind else None


async def poll_kind(conn: Connection, authority: str, named: PollType | None, on: date | None) -> PollType:
    """The poll that lists are asked for: the one that is named, or the only one that elections announced for the day."""
    if named is not None:
        return named
    query = select(Poll.poll_type).distinct().where(Poll.authority == authority, ~Poll.cancelled)
    announced = sorted(row["poll_type"] for row in await fetch(conn, query.where(Poll.polling_day == on)))
    if len(announced) != 1:
        said = f"On that day there are: {', '.join(announced)}." if announced else "No poll is announced for that day."
        raise invalid("poll_kind", "poll-kind-not-named", said)
    return PollType(announced[0])


async def edition_now(
    conn: Connection,
    authority: str,
    document: Document,
    areas: tuple[PollingDistrict, ...],
    notice: UUID | None,
    on: date,
    poll: PollType | None = None,
) -> Edition:
    """What a copy made now would be of: a notice as it was published, else the register as it is in force on that day."""
    if document in ("notices", "open-notices") and notice is not None:
        query = select(Published.published_on, Published.positions, Published.areas)
        found = await fetch(conn, query.where(Published.authority == authority, Published.notice_id == notice))
        if not found:
            raise invalid("notice_id", "unknown-notice", "There is no such notice.")
        [published] = found
        polling = {PollingDistrict(area) for area in published["areas"]}
        shown = tuple(sorted(polling & set(areas) if polling and areas else polling or set(areas)))
        return Edition(document, published["published_on"], tuple(published["positions"]), shown)
    return Edition(document, on, await frozen_now(conn, document), areas, poll)
