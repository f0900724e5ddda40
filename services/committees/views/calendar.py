"""The calendar of meetings: when and where each sits, whom and what it has called, and how it has changed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Index, Integer, Text, Time
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.committees import (
    AgendaPublished,
    KitBooked,
    KitDescribed,
    KitReleased,
    KitWithdrawn,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    MembersCalled,
    MembersStoodDown,
    RefreshmentsOrdered,
    RoomBooked,
    RoomDescribed,
    RoomReleased,
    RoomWithdrawn,
)
from shared.events.values_committees import Sitting

_INSTANT = DateTime(timezone=True)


class Meeting(ViewTable):
    """One meeting as it stands. `sequence` counts its changes and `changed_at` is the last of them, for calendars."""

    __tablename__ = "meeting"
    __table_args__ = (
        Index("meeting_by_day", "day"),
        Index("meeting_by_body", "committee_id", "day"),
        Index("meeting_by_number", "number"),
        {"schema": "calendar"},
    )
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    committee_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    zone: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(_INSTANT)
    ends_at: Mapped[datetime] = mapped_column(_INSTANT)
    status: Mapped[str] = mapped_column(Text, default="confirmed")
    """`confirmed`, `cancelled` or `held`."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was last moved or cancelled."""
    publish_by: Mapped[date]
    short_notice: Mapped[str] = mapped_column(Text)
    summons_again: Mapped[bool] = mapped_column(Boolean, default=False)
    """It was moved after its agenda was out: members are to be summoned anew."""
    venue: Mapped[str] = mapped_column(Text)
    room: Mapped[str] = mapped_column(Text, default="")
    layout: Mapped[str] = mapped_column(Text, default="")
    refreshments: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    webcast: Mapped[bool] = mapped_column(Boolean)
    packs: Mapped[int] = mapped_column(Integer, default=0)
    agenda_published_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    clear_days: Mapped[int | None] = mapped_column(Integer)
    started_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    finished_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime] = mapped_column(_INSTANT)


class RoomUse(ViewTable):
    """A room, or a part of one, that a meeting has, or had before it was moved or cancelled (`standing` false)."""

    __tablename__ = "room_use"
    __table_args__ = (Index("room_use_by_room", "room_id"), {"schema": "calendar"})
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    setup_from: Mapped[datetime] = mapped_column(_INSTANT)
    clear_to: Mapped[datetime] = mapped_column(_INSTANT)
    standing: Mapped[bool] = mapped_column(Boolean)


class KitUse(ViewTable):
    __tablename__ = "kit_use"
    __table_args__ = (Index("kit_use_by_kit", "kit_id"), {"schema": "calendar"})
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    kit_id: Mapped[UUID] = mapped_column(primary_key=True)
    standing: Mapped[bool] = mapped_column(Boolean)


class Called(ViewTable):
    """A member who is, or was, called to a meeting."""

    __tablename__ = "called"
    __table_args__ = (Index("called_by_member", "member_id"), {"schema": "calendar"})
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    despite_clash: Mapped[str] = mapped_column(Text, default="")
    standing: Mapped[bool] = mapped_column(Boolean)


class Room(ViewTable):
    __tablename__ = "room"
    __table_args__ = {"schema": "calendar"}  # noqa: RUF012
    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    venue: Mapped[str] = mapped_column(Text)
    capacities: Mapped[dict[str, int]] = mapped_column(JSONB)
    setup_minutes: Mapped[int] = mapped_column(Integer)
    teardown_minutes: Mapped[int] = mapped_column(Integer)
    parts: Mapped[list[str]] = mapped_column(JSONB)
    equipment: Mapped[list[str]] = mapped_column(JSONB)
    access: Mapped[str] = mapped_column(Text)
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)


class Kit(ViewTable):
    __tablename__ = "kit"
    __table_args__ = {"schema": "calendar"}  # noqa: RUF012
    kit_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)


@projection("calendar", version=1, tables=[Meeting, RoomUse, KitUse, Called, Room, Kit])
class Calendar:
    """Holds no personal data: members are their ids."""

    view: View

    @on(MeetingScheduled)
    def schedule(self, tx: ViewTransaction, e: Recorded[MeetingScheduled]) -> None:
        called = e.data
        tx.put(
            Meeting, authority=e.authority, meeting_id=called.meeting_id, number=called.number,
            committee_id=called.committee_id, kind=called.kind, publish_by=called.publish_by,
            short_notice=called.short_notice, venue=called.venue, webcast=called.webcast, refreshments=None,
            agenda_published_at=None, clear_days=None, started_at=None, finished_at=None, changed_at=e.recorded_at,
            **sitting_columns(called.sitting),
        )  # fmt: skip

    @on(MeetingMoved)
    async def move(self, tx: ViewTransaction, e: Recorded[MeetingMoved]) -> None:
        moved = e.data
        tx.change(
            Meeting, meeting_id=moved.meeting_id, publish_by=moved.publish_by, reason=moved.reason,
            short_notice=moved.short_notice, summons_again=moved.summons_again, **sitting_columns(moved.sitting),
        )  # fmt: skip
        await self._changed(tx, moved.meeting_id, e.recorded_at)

    @on(MeetingCancelled)
    async def cancel(self, tx: ViewTransaction, e: Recorded[MeetingCancelled]) -> None:
        tx.change(Meeting, meeting_id=e.data.meeting_id, status="cancelled", reason=e.data.reason)
        await self._changed(tx, e.data.meeting_id, e.recorded_at)

    async def _changed(self, tx: ViewTransaction, meeting: UUID, at: datetime) -> None:
        row = await tx.get(Meeting, meeting_id=meeting)
        if row is not None:
            tx.change(Meeting, meeting_id=meeting, sequence=row["sequence"] + 1, changed_at=at)

    @on(MeetingHeld)
    def hold(self, tx: ViewTransaction, e: Recorded[MeetingHeld]) -> None:
        held = e.data
        tx.change(
            Meeting, meeting_id=held.meeting_id, status="held", started_at=held.started_at, finished_at=held.finished_at
        )

    @on(AgendaPublished)
    def publish(self, tx: ViewTransaction, e: Recorded[AgendaPublished]) -> None:
        pack = e.data
        first = {"agenda_published_at": pack.published_at, "clear_days": pack.clear_days} if pack.pack == 1 else {}
        tx.change(Meeting, meeting_id=pack.meeting_id, packs=pack.pack, summons_again=False, **first)

    @on(RoomBooked)
    def book_room(self, tx: ViewTransaction, e: Recorded[RoomBooked]) -> None:
        booking = e.data.booking
        tx.change(Meeting, meeting_id=e.data.meeting_id, room=booking.name, layout=booking.layout)
        for room in booking.rooms:
            tx.put(
                RoomUse, authority=e.authority, meeting_id=e.data.meeting_id, room_id=room,
                setup_from=booking.setup_from, clear_to=booking.clear_to, standing=True,
            )  # fmt: skip

    @on(RoomReleased)
    def release_room(self, tx: ViewTransaction, e: Recorded[RoomReleased]) -> None:
        for room in e.data.rooms:
            tx.change(RoomUse, meeting_id=e.data.meeting_id, room_id=room, standing=False)

    @on(KitBooked)
    def book_kit(self, tx: ViewTransaction, e: Recorded[KitBooked]) -> None:
        for kit in e.data.kit:
            tx.put(KitUse, authority=e.authority, meeting_id=e.data.meeting_id, kit_id=kit, standing=True)

    @on(KitReleased)
    def release_kit(self, tx: ViewTransaction, e: Recorded[KitReleased]) -> None:
        for kit in e.data.kit:
            tx.change(KitUse, meeting_id=e.data.meeting_id, kit_id=kit, standing=False)

    @on(MembersCalled)
    def call(self, tx: ViewTransaction, e: Recorded[MembersCalled]) -> None:
        for member in e.data.members:
            tx.put(
                Called, authority=e.authority, meeting_id=e.data.meeting_id, member_id=member,
                despite_clash=e.data.despite_clash, standing=True,
            )  # fmt: skip

    @on(MembersStoodDown)
    def stand_down(self, tx: ViewTransaction, e: Recorded[MembersStoodDown]) -> None:
        for member in e.data.members:
            tx.change(Called, meeting_id=e.data.meeting_id, member_id=member, standing=False)

    @on(RefreshmentsOrdered)
    def order(self, tx: ViewTransaction, e: Recorded[RefreshmentsOrdered]) -> None:
        ordered = e.data
        said = {
            "items": [asdict(item) for item in ordered.items],
            "serve_at": ordered.serve_at.isoformat(),
            "order_by": ordered.order_by.isoformat(),
        }
        tx.change(Meeting, meeting_id=ordered.meeting_id, refreshments=said if ordered.items else None)

    @on(RoomDescribed)
    def describe_room(self, tx: ViewTransaction, e: Recorded[RoomDescribed]) -> None:
        room = e.data
        tx.put(
            Room, authority=e.authority, room_id=room.room_id, name=room.name, venue=room.venue,
            capacities={c.layout: c.seats for c in room.capacities}, setup_minutes=room.setup_minutes,
            teardown_minutes=room.teardown_minutes, parts=[str(part) for part in room.parts],
            equipment=list(room.equipment), access=room.access,
        )  # fmt: skip

    @on(RoomWithdrawn)
    def withdraw_room(self, tx: ViewTransaction, e: Recorded[RoomWithdrawn]) -> None:
        tx.change(Room, room_id=e.data.room_id, withdrawn=True)

    @on(KitDescribed)
    def describe_kit(self, tx: ViewTransaction, e: Recorded[KitDescribed]) -> None:
        tx.put(Kit, authority=e.authority, kit_id=e.data.kit_id, name=e.data.name)

    @on(KitWithdrawn)
    def withdraw_kit(self, tx: ViewTransaction, e: Recorded[KitWithdrawn]) -> None:
        tx.change(Kit, kit_id=e.data.kit_id, withdrawn=True)


def sitting_columns(sitting: Sitting) -> dict[str, Any]:
    return {
        "day": sitting.day, "starts": sitting.starts, "ends": sitting.ends, "zone": sitting.zone,
        "starts_at": sitting.starts_at, "ends_at": sitting.ends_at,
    }  # fmt: skip
