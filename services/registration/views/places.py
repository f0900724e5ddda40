"""Addresses taken apart, with the property's UPRN: for copies of the register that want street, house and reference number
by themselves. One row per event and never changed, so that a copy made at frozen positions can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Integer, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.clock import london_date
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.registration import PropertyAdded, PropertyChanged, PropertyReinstated
from shared.events.values import AddressLines, Uprn
from shared.service.database import Connection


class Place(ViewTable):
    """How a property is described from a day on, by one event."""

    __tablename__ = "place"
    __table_args__ = {"schema": "places"}  # noqa: RUF012
    property_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    effective_from: Mapped[date]
    shard: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    property: Mapped[str] = mapped_column(Text)
    street: Mapped[str] = mapped_column(Text)
    locality: Mapped[str] = mapped_column(Text)
    town: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str] = mapped_column(Text)
    uprn: Mapped[int | None] = mapped_column(BigInteger)


@projection("places", version=1, tables=[Place])
class Places:
    view: View

    @on(PropertyAdded, PropertyChanged, PropertyReinstated)
    def describe(
        self,
        tx: ViewTransaction,
        e: Recorded[PropertyAdded] | Recorded[PropertyChanged] | Recorded[PropertyReinstated],
    ) -> None:
        facts = e.data.facts
        address = facts.address
        tx.put(
            Place, authority=e.authority, property_id=e.stream_id, version=e.version, shard=e.shard, position=e.position,
            effective_from=london_date(e.occurred_at), property=address.property, street=address.street,
            locality=address.locality, town=address.town, area=address.area, postcode=address.postcode, uprn=facts.uprn,
        )  # fmt: skip


async def addresses(
    conn: Connection, authority: str, properties: Sequence[UUID], effective: date, positions: Sequence[int]
) -> dict[UUID, AddressLines]:
    """What held of these properties on that day, as known at these positions; before anything held, the first known."""
    rows = await conn.fetch(
        "SELECT DISTINCT ON (property_id) property_id, property, street, locality, town, area, postcode, uprn"
        " FROM places.place WHERE authority = $1 AND property_id = ANY($2) AND position <= ($4::bigint[])[shard + 1]"
        " ORDER BY property_id, effective_from > $3, CASE WHEN effective_from > $3 THEN version ELSE -version END",
        authority, properties, effective, list(positions),
    )  # fmt: skip
    return {
        row["property_id"]: AddressLines(
            row["property"], row["street"], row["locality"], row["town"], row["area"], row["postcode"],
            Uprn(row["uprn"]) if row["uprn"] is not None else None,
        )
        for row in rows
    }  # fmt: skip
