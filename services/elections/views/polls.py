"""Polls with their contests, timetables and notices: what is planned, what moved and why, what hangs."""

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
from shared.events.elections import (
    ElectionCancelled,
    ElectionCreated,
    ElectorateCounted,
    NominationArrangementsMade,
    NoticePublished,
    StepCompleted,
    TimetableFixed,
    TimetableRecomputed,
)
from shared.law.polls import PollType
from shared.law.voting_systems import PollKind

SCHEMA = {"schema": "polls"}


class Election(ViewTable):
    """One poll. `cancelled`: why, or empty. `place`, `hours` of nominations once they are arranged."""

    __tablename__ = "election"
    __table_args__ = (Index("election_by_day", "polling_day"), SCHEMA)
    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    officer: Mapped[str] = mapped_column(Text)
    polling_day: Mapped[date]
    organisation: Mapped[str] = mapped_column(Text)
    by_election: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(Text)
    id_scheme: Mapped[str] = mapped_column(Text)
    group_ids: Mapped[list[str]] = mapped_column(JSONB)
    nominations_at: Mapped[str] = mapped_column(Text, default="")
    cancelled: Mapped[str] = mapped_column(Text, default="")


class Contest(ViewTable):
    """One ballot paper. `register_used`: whose electors vote; empty where the register of electors does not say."""

    __tablename__ = "contest"
    __table_args__ = (Index("contest_by_election", "election_id"), SCHEMA)
    contest_id: Mapped[UUID] = mapped_column(primary_key=True)
    election_id: Mapped[UUID]
    polling_day: Mapped[date]
    ballot_id: Mapped[str] = mapped_column(Text)
    area_kind: Mapped[str] = mapped_column(Text)
    area_name: Mapped[str] = mapped_column(Text)
    area_code: Mapped[str] = mapped_column(Text)
    districts: Mapped[list[str]] = mapped_column(JSONB)
    seats: Mapped[int] = mapped_column(Integer)
    voting_system: Mapped[str] = mapped_column(Text)
    system_source: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    register_used: Mapped[str] = mapped_column(Text)
    postal_voting: Mapped[bool] = mapped_column(Boolean)


class Step(ViewTable):
    """One step of a timetable as it stands. `closes`: London time of day, none for the midnight that ends the day."""

    __tablename__ = "step"
    __table_args__ = SCHEMA
    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    closes: Mapped[time | None] = mapped_column(Time)
    closes_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    opens_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rule: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    skipped: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(Text)


class Done(ViewTable):
    """A step that an officer or a publication has met."""

    __tablename__ = "done"
    __table_args__ = SCHEMA
    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    completed_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text)


class Recomputation(ViewTable):
    """Why and how a timetable moved, once for each time."""

    __tablename__ = "recomputation"
    __table_args__ = SCHEMA
    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    because: Mapped[str] = mapped_column(Text)
    recomputed_on: Mapped[date]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    notices_kept: Mapped[list[str]] = mapped_column(JSONB)


class Count(ViewTable):
    """How many might vote when the register was altered, by contest."""

    __tablename__ = "count"
    __table_args__ = SCHEMA
    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    counted_on: Mapped[date]
    because: Mapped[str] = mapped_column(Text)
    contests: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class Notice(ViewTable):
    """A notice that hangs, word for word."""

    __tablename__ = "notice"
    __table_args__ = SCHEMA
    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    notice: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    content: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str] = mapped_column(Text)


@projection("polls", version=2, tables=[Election, Contest, Step, Done, Recomputation, Count, Notice])
class Polls:
    """Holds no personal data."""

    view: View

    @on(ElectionCreated)
    def create(self, tx: ViewTransaction, e: Recorded[ElectionCreated]) -> None:
        made = e.data
        tx.put(
            Election, authority=e.authority, election_id=made.election_id, kind=made.kind, title=made.title,
            officer=made.officer, polling_day=made.polling_day, organisation=made.organisation.name,
            by_election=made.by_election, reason=made.reason, id_scheme=made.id_scheme, group_ids=list(made.group_ids),
        )  # fmt: skip
        poll_type = PollKind(made.kind).poll_type
        for contest in made.contests:
            area = contest.area
            tx.put(
                Contest, authority=e.authority, contest_id=contest.contest_id, election_id=made.election_id,
                polling_day=made.polling_day, ballot_id=contest.ballot_id, area_kind=area.kind, area_name=area.name,
                area_code=area.code, districts=list(area.districts), seats=contest.seats,
                voting_system=contest.voting_system, system_source=contest.system_source, question=contest.question,
                register_used=poll_type.register.value if poll_type else "",
                postal_voting=poll_type not in (None, PollType.PARISH_POLL),
            )  # fmt: skip

    @on(TimetableFixed)
    def fix(self, tx: ViewTransaction, e: Recorded[TimetableFixed]) -> None:
        self._steps(tx, e)

    @on(TimetableRecomputed)
    async def recompute(self, tx: ViewTransaction, e: Recorded[TimetableRecomputed]) -> None:
        moved = e.data
        planned = {step.key for step in moved.steps}
        for row in await tx.select(Step, election_id=moved.election_id):
            if row["key"] not in planned:  # a second interim notice that is not wanted any more
                tx.remove(Step, election_id=moved.election_id, key=row["key"])
        self._steps(tx, e)
        tx.put(
            Recomputation, authority=e.authority, election_id=moved.election_id, version=e.version,
            because=moved.because, recomputed_on=moved.recomputed_on, notices_kept=list(moved.notices_kept),
            changes=[asdict(change) for change in moved.changes],
        )  # fmt: skip

    def _steps(self, tx: ViewTransaction, e: Recorded[TimetableFixed] | Recorded[TimetableRecomputed]) -> None:
        for step in e.data.steps:
            fields = {name: getattr(step, name) for name in step.__slots__}
            fields["skipped"] = [asdict(off) for off in step.skipped]
            tx.put(Step, authority=e.authority, election_id=e.data.election_id, **fields)

    @on(ElectorateCounted)
    def count(self, tx: ViewTransaction, e: Recorded[ElectorateCounted]) -> None:
        counted = e.data
        tx.put(
            Count, authority=e.authority, election_id=counted.election_id, version=e.version,
            counted_on=counted.counted_on, because=counted.because,
            contests=[{**asdict(each), "contest_id": str(each.contest_id)} for each in counted.contests],
        )  # fmt: skip

    @on(NominationArrangementsMade)
    def arrange(self, tx: ViewTransaction, e: Recorded[NominationArrangementsMade]) -> None:
        tx.change(Election, election_id=e.data.election_id, nominations_at=e.data.place)

    @on(NoticePublished)
    def publish(self, tx: ViewTransaction, e: Recorded[NoticePublished]) -> None:
        hung = e.data
        tx.put(
            Notice, authority=e.authority, election_id=hung.election_id, version=e.version, notice=hung.notice,
            published_at=hung.published_at, content=hung.content, content_sha256=hung.content_sha256,
        )  # fmt: skip
        tx.put(
            Done, authority=e.authority, election_id=hung.election_id, step=hung.notice,
            completed_on=hung.published_at.date(), note="published",
        )  # fmt: skip

    @on(StepCompleted)
    def complete(self, tx: ViewTransaction, e: Recorded[StepCompleted]) -> None:
        done = e.data
        tx.put(
            Done, authority=e.authority, election_id=done.election_id, step=done.step, completed_on=done.completed_on,
            note=done.note,
        )  # fmt: skip

    @on(ElectionCancelled)
    def cancel(self, tx: ViewTransaction, e: Recorded[ElectionCancelled]) -> None:
        tx.change(Election, election_id=e.data.election_id, cancelled=e.data.reason)
