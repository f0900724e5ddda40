"""The homes of a council with the electors of a day's register, for redrawing its districts."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Select, Text, any_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from services.registration.districts.what_if import Home
from services.registration.statistics.electorate import kind, kinds_of, votes_by_post
from services.registration.views.properties import Allocation, Property
from services.registration.views.register import Entry
from services.registration.views.register_as_at import Moment, in_force
from shared.events.values import ElectoralAreas, PollingDistrict, Ward
from shared.service.database import Connection, fetch


def with_electors(authority: str, on: date, attaining: list[str]) -> Select[Any]:
    """Every property where people may register, or are. `attaining`: the kinds that are attainers."""
    alike = cast(literal(attaining, ARRAY(Text)), ARRAY(JSONB))
    living = (
        select(
            Entry.property_id,
            func.count().label("electors"),
            func.count().filter(kind(Entry, on) == any_(alike)).label("attainers"),
            func.count().filter(votes_by_post(Entry, authority, on)).label("postal_voters"),
        )
        .where(in_force(authority, Moment(on)), ~Entry.anonymous)
        .group_by(Entry.property_id)
        .subquery("living")
    )
    lies = (Allocation.district, Allocation.ward, Allocation.parish, Allocation.parish_ward, Allocation.county_division)
    return (
        select(
            Property.property_id, Property.x, Property.y, *lies, Allocation.constituency, living.c.electors,
            living.c.attainers, living.c.postal_voters,
        )
        .outerjoin_from(Property, Allocation, Property.property_id == Allocation.property_id)
        .outerjoin(living, living.c.property_id == Property.property_id)
        .where(
            Property.authority == authority,
            or_(living.c.electors.is_not(None), Property.electoral & ~Property.retired),
        )
    )  # fmt: skip


async def homes(conn: Connection, authority: str, on: date) -> list[Home]:
    attaining = await kinds_of(conn, authority, on, "attainers")
    return [
        Home(
            row["property_id"], row["x"], row["y"],
            ElectoralAreas(
                PollingDistrict(row["district"] or ""), Ward(row["ward"] or ""), row["parish"] or "",
                row["parish_ward"] or "", row["county_division"] or "", row["constituency"] or "",
            ),
            row["electors"] or 0, row["attainers"] or 0, row["postal_voters"] or 0,
        )
        for row in await fetch(conn, with_electors(authority, on, attaining))
    ]  # fmt: skip
