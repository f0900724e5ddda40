"""What follows a publication: each recipient of later notices is sent their part of it, in the layout they know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from services.registration.supply.commands import RecordFile, SendLaterNotice
from services.registration.supply.contents import Edition, entries_by_constituency
from services.registration.supply.making import Made, layout_for, layout_of_notices, make
from services.registration.supply.printing import PRINT
from services.registration.views.supplies import Supply
from shared.events.registration import AlterationNoticePublished, RevisedRegisterPublished, SupplyId
from shared.events.values import PersonId, PollingDistrict
from shared.service.database import Connection, fetch

Publication = AlterationNoticePublished | RevisedRegisterPublished


@dataclass(frozen=True, slots=True)
class Sending:
    """One copy to be sent: its request, and its file when no fee is due first."""

    request: SendLaterNotice
    file: RecordFile


async def sendings(conn: Connection, authority: str, published: Publication, by: str, secret: bytes) -> list[Sending]:
    """What is to be sent after a publication, one for each who has the register with later notices. `secret`: of
    `fingerprint_key`."""
    made: dict[tuple[str, str, tuple[str, ...]], tuple[Made, tuple[int, ...]]] = {}
    found: list[Sending] = []
    for row in await _standing(conn, authority):
        areas = _part(row["areas"], published)
        if areas is None:
            continue
        whole = isinstance(published, RevisedRegisterPublished)
        name = row["layout"] if whole or row["form"] == PRINT else layout_of_notices(row["layout"])
        edition = Edition("full-register" if whole else "notices", published.published_on, published.positions, areas)
        layout = layout_for(name, edition.document, row["form"])
        key = (row["form"], layout[0], areas)
        if key not in made:  # many parties ask for the same file
            counted = await entries_by_constituency(conn, authority, edition) if row["fee_due"] else ()
            made[key] = await make(conn, authority, edition, layout, secret), counted
        found.append(_sending(row, published, edition, layout, *made[key], by))
    return found


async def _standing(conn: Connection, authority: str) -> list[dict[str, Any]]:
    """The supplies that later notices follow: handed over, and not stopped since."""
    query = select(*Supply.__table__.columns).where(
        Supply.authority == authority,
        Supply.later_notices,
        Supply.released_on.is_not(None),
        Supply.stopped_on.is_(None),
    )
    return await fetch(conn, query.order_by(Supply.supply_id))


def _part(areas: Sequence[str], published: Publication) -> tuple[PollingDistrict, ...] | None:
    """The polling districts of the publication that a recipient has; None when it concerns none of them."""
    theirs = {PollingDistrict(area) for area in areas}
    polling = set(published.areas) if isinstance(published, AlterationNoticePublished) else set()
    if theirs and polling and not theirs & polling:
        return None
    return tuple(sorted(theirs & polling if theirs and polling else theirs or polling))


def _sending(
    row: dict[str, Any],
    published: Publication,
    edition: Edition,
    layout: tuple[str, int],
    made: Made,
    counted: tuple[int, ...],
    by: str,
) -> Sending:
    on: date = published.published_on
    standing: UUID = row["supply_id"]
    request = SendLaterNotice(
        supply_id=SupplyId(uuid5(standing, str(published.notice_id))),
        standing=SupplyId(standing),
        notice_id=published.notice_id,
        person_id=PersonId(row["person_id"]),
        recipient=row["recipient"],
        purpose=row["purpose"],
        organisation=row["organisation"],
        form=row["form"],
        layout=layout[0],
        areas=edition.areas,
        power=row["power"],
        entries=counted or (made.entries,),
        on=on,
        whole=edition.document == "full-register",
    )
    file = RecordFile(
        edition.on, edition.positions, *layout, made.entries, made.size, made.sha256, on, by, edition.areas,
        made.fingerprint.text(),
    )  # fmt: skip
    return Sending(request, file)
