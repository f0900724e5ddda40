"""Bodies and political groups: what there is, and who sits, sat or leads where. Says nothing of a person but their id."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.committees import (
    CommitteeCreated,
    CommitteeDissolved,
    CommitteeRenamed,
    CommitteeSeatLeft,
    CommitteeSeatTaken,
    GroupEnded,
    GroupFormed,
    GroupLeaderChosen,
    GroupRenamed,
    MemberJoinedGroup,
    MemberLeftGroup,
)


class Body(ViewTable):
    __tablename__ = "body"
    __table_args__ = (Index("body_by_number", "number"), {"schema": "bodies"})
    committee_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    seats: Mapped[int] = mapped_column(Integer)
    quorum: Mapped[int] = mapped_column(Integer)
    notice: Mapped[dict[str, Any]] = mapped_column(JSONB)
    parent: Mapped[UUID | None]
    created_on: Mapped[date]
    dissolved_on: Mapped[date | None]


class Seat(ViewTable):
    """A member in a role on a body. `left_on` is the last day; none while they sit."""

    __tablename__ = "seat"
    __table_args__ = (Index("seat_by_member", "member_id"), {"schema": "bodies"})
    committee_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    left_on: Mapped[date | None]
    because: Mapped[str] = mapped_column(Text, default="")


class Group(ViewTable):
    __tablename__ = "political_group"
    __table_args__ = {"schema": "bodies"}  # noqa: RUF012
    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    leader: Mapped[UUID | None]
    formed_on: Mapped[date]
    ended_on: Mapped[date | None]


class GroupMember(ViewTable):
    """A member is in one group at a time: the row goes when they leave."""

    __tablename__ = "group_member"
    __table_args__ = {"schema": "bodies"}  # noqa: RUF012
    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    joined_on: Mapped[date]


@projection("bodies", version=1, tables=[Body, Seat, Group, GroupMember])
class Bodies:
    view: View

    @on(CommitteeCreated)
    def create(self, tx: ViewTransaction, e: Recorded[CommitteeCreated]) -> None:
        body = e.data
        notice = asdict(body.notice) | {"cutoff": body.notice.cutoff and body.notice.cutoff.isoformat()}
        tx.put(
            Body, authority=e.authority, committee_id=body.committee_id, number=body.number, title=body.title,
            kind=body.kind, category=body.category, seats=body.seats, quorum=body.quorum, notice=notice,
            parent=body.parent, created_on=body.created_on, dissolved_on=None,
        )  # fmt: skip

    @on(CommitteeRenamed)
    def rename(self, tx: ViewTransaction, e: Recorded[CommitteeRenamed]) -> None:
        tx.change(Body, committee_id=e.data.committee_id, title=e.data.title)

    @on(CommitteeDissolved)
    def dissolve(self, tx: ViewTransaction, e: Recorded[CommitteeDissolved]) -> None:
        tx.change(Body, committee_id=e.data.committee_id, dissolved_on=e.data.dissolved_on)

    @on(CommitteeSeatTaken)
    def take_seat(self, tx: ViewTransaction, e: Recorded[CommitteeSeatTaken]) -> None:
        seat = e.data
        tx.put(
            Seat, authority=e.authority, committee_id=seat.committee_id, member_id=seat.member_id, role=seat.role,
            from_on=seat.from_on, left_on=None,
        )  # fmt: skip

    @on(CommitteeSeatLeft)
    async def leave_seat(self, tx: ViewTransaction, e: Recorded[CommitteeSeatLeft]) -> None:
        left = e.data
        for seat in await tx.select(Seat, committee_id=left.committee_id, member_id=left.member_id, role=left.role):
            if seat["left_on"] is None:
                key = {name: seat[name] for name in ("committee_id", "member_id", "role", "from_on")}
                tx.change(Seat, **key, left_on=left.left_on, because=left.because)

    @on(GroupFormed)
    def form(self, tx: ViewTransaction, e: Recorded[GroupFormed]) -> None:
        group = e.data
        tx.put(
            Group, authority=e.authority, group_id=group.group_id, name=group.name, leader=group.leader,
            formed_on=group.formed_on, ended_on=None,
        )  # fmt: skip
        for member in group.members:
            tx.put(
                GroupMember, authority=e.authority, group_id=group.group_id, member_id=member, joined_on=group.formed_on
            )

    @on(MemberJoinedGroup)
    def join(self, tx: ViewTransaction, e: Recorded[MemberJoinedGroup]) -> None:
        joined = e.data
        tx.put(
            GroupMember, authority=e.authority, group_id=joined.group_id, member_id=joined.member_id,
            joined_on=joined.joined_on,
        )  # fmt: skip

    @on(MemberLeftGroup)
    async def leave(self, tx: ViewTransaction, e: Recorded[MemberLeftGroup]) -> None:
        tx.remove(GroupMember, group_id=e.data.group_id, member_id=e.data.member_id)
        group = await tx.get(Group, group_id=e.data.group_id)
        if group is not None and group["leader"] == e.data.member_id:
            tx.change(Group, group_id=e.data.group_id, leader=None)

    @on(GroupLeaderChosen)
    def choose(self, tx: ViewTransaction, e: Recorded[GroupLeaderChosen]) -> None:
        tx.change(Group, group_id=e.data.group_id, leader=e.data.leader)

    @on(GroupRenamed)
    def rename_group(self, tx: ViewTransaction, e: Recorded[GroupRenamed]) -> None:
        tx.change(Group, group_id=e.data.group_id, name=e.data.name)

    @on(GroupEnded)
    def end(self, tx: ViewTransaction, e: Recorded[GroupEnded]) -> None:
        tx.change(Group, group_id=e.data.group_id, ended_on=e.data.ended_on)
        for member in e.data.members:
            tx.remove(GroupMember, group_id=e.data.group_id, member_id=member)
