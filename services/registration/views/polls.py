"""The polls ahead, as elections announce them: absent votes and notices are held against their deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Index, Text, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.elections import (
    ElectionCancelled,
    ElectionCreated,
    ElectoralArea,
    TimetableFixed,
    TimetableRecomputed,
)
from shared.events.values import ElectoralAreas
from shared.law.effect import PollAhead
from shared.law.polls import PollType
from shared.law.voting_systems import PollKind
from shared.service.database import Connection, fetch


class Poll(ViewTable):
    """A poll of our electors. One whose voters are not those of the register is not here."""

    __tablename__ = "poll"
    __table_args__ = (Index("poll_by_day", "polling_day"), {"schema": "polls"})
    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    poll_type: Mapped[str] = mapped_column(Text)
    polling_day: Mapped[date]
    second_interim: Mapped[date | None] = mapped_column(default=None)
    cancelled: Mapped[bool] = mapped_column(Boolean, default=False)


class PollArea(ViewTable):
    """Where it is polled: an area of a kind by its code, or a polling district by its letters, or all (`authority`)."""

    __tablename__ = "poll_area"
    __table_args__ = {"schema": "polls"}  # noqa: RUF012
    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)


@projection("polls", version=1, tables=[Poll, PollArea])
class Polls:
    view: View

    @on(ElectionCreated)
    def announce(self, tx: ViewTransaction, e: Recorded[ElectionCreated]) -> None:
        made = e.data
        poll_type = PollKind(made.kind).poll_type if made.kind in {kind.value for kind in PollKind} else None
        if poll_type is None:
            return
        tx.put(
            Poll,
            authority=e.authority,
            election_id=made.election_id,
            poll_type=poll_type.value,
            polling_day=made.polling_day,
        )
        for kind, code in {place for contest in made.contests for place in _places(contest.area)}:
            tx.put(PollArea, authority=e.authority, election_id=made.election_id, kind=kind, code=code)

    @on(TimetableFixed, TimetableRecomputed)
    def choose(self, tx: ViewTransaction, e: Recorded[TimetableFixed] | Recorded[TimetableRecomputed]) -> None:
        tx.change(Poll, election_id=e.data.election_id, second_interim=e.data.choices.second_interim)

    @on(ElectionCancelled)
    def cancel(self, tx: ViewTransaction, e: Recorded[ElectionCancelled]) -> None:
        tx.change(Poll, election_id=e.data.election_id, cancelled=True)


def _places(area: ElectoralArea) -> Iterator[tuple[str, str]]:
    if area.kind == "polling-districts":
        yield from ((area.kind, district) for district in area.districts)
    else:
        yield area.kind, area.code


async def polls_ahead(conn: Connection, authority: str, areas: ElectoralAreas, today: date) -> tuple[PollAhead, ...]:
    """The polls from today on in whose area an address lies."""
    here = (
        select(Poll.poll_type, Poll.polling_day, Poll.second_interim)
        .distinct()
        .join(PollArea, PollArea.election_id == Poll.election_id)
        .where(Poll.authority == authority, ~Poll.cancelled, Poll.polling_day >= today, _holds(areas))
        .order_by(Poll.polling_day, Poll.poll_type)
    )
    return tuple(
        PollAhead(PollType(r["poll_type"]), r["polling_day"], r["second_interim"]) for r in await fetch(conn, here)
    )


def _holds(areas: ElectoralAreas) -> ColumnElement[bool]:
    by_kind: dict[str, Any] = {
        "ward": areas.ward, "county-division": areas.county_division, "constituency": areas.constituency,
        "parish": areas.parish, "parish-ward": areas.parish_ward, "polling-districts": areas.district,
    }  # fmt: skip
    inside = [and_(PollArea.kind == kind, PollArea.code == code) for kind, code in by_kind.items() if code]
    return or_(PollArea.kind == "authority", *inside)
