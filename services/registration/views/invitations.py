"""Invitations to register: who is invited, which step comes next and when, and every one's history."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from sqlalchemy import Boolean, ColumnElement, Index, Integer, Text, and_, case, func, null, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.access import OFFICERS
from services.registration.views.history import Happening, InvitationHistory, timeline, version_of
from services.registration.views.properties import Allocation, Property
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.law.invitations import REMINDERS
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited

Stage = Literal[
    "to-invite",
    "to-remind",
    "to-visit",
    "waiting",
    "to-require",
    "required",
    "to-penalise",
    "penalty",
    "over",
    "closed",
]


class Invitation(ViewTable):
    """One potential elector. The stage follows from these columns and the day on which it is asked."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index("invitation_by_person", "person_id"),
        Index("invitation_by_property", "property_id"),
        Index("invitation_open", "found_on", postgresql_where="closed = ''"),
        {"schema": "invitations"},
    )
    potential_elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    property_id: Mapped[UUID]
    found_on: Mapped[date]
    found_in: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    invite_by: Mapped[date]
    given_on: Mapped[date | None] = mapped_column(default=None)
    reminders: Mapped[int] = mapped_column(Integer, default=0)
    visited_on: Mapped[date | None] = mapped_column(default=None)
    visit: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date | None] = mapped_column(default=None)
    apply_by: Mapped[date | None] = mapped_column(default=None)
    penalty_pence: Mapped[int | None] = mapped_column(Integer, default=None)
    """While it is to be paid."""
    penalised: Mapped[bool] = mapped_column(Boolean, default=False)
    penalty_until: Mapped[date | None] = mapped_column(default=None)
    """The next day that matters to the penalty: for payment, or for an appeal."""
    closed: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None] = mapped_column(default=None)
    # What follows is the person's own, and goes when their data is erased.
    name: Mapped[str | None] = mapped_column(Text)
    parts: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    date_of_birth: Mapped[date | None]


# ------------------------------------------------------------------ handlers


@projection("invitations", version=1, tables=[Invitation])
class Invitations:
    view: View

    @on(r.PotentialElectorFound)
    def find(self, tx: ViewTransaction, e: Recorded[r.PotentialElectorFound]) -> None:
        found, name = e.data, known(e.data.name)
        tx.put(
            Invitation,
            authority=e.authority,
            potential_elector_id=e.stream_id,
            person_id=found.person_id,
            property_id=found.property_id,
            found_on=found.found_on,
            found_in=found.found_in,
            origin=found.origin,
            invite_by=found.invite_by,
            name=str(name) if name else None,
            parts={"first": name.first, "middle": name.middle, "last": name.last} if name else None,
            date_of_birth=known(found.date_of_birth),
        )

    @on(r.InvitationGiven)
    def invite(self, tx: ViewTransaction, e: Recorded[r.InvitationGiven]) -> None:
        _change(tx, e, given_on=e.data.given_on, next_on=e.data.next_on)

    @on(r.InvitationReminderGiven)
    def remind(self, tx: ViewTransaction, e: Recorded[r.InvitationReminderGiven]) -> None:
        _change(tx, e, reminders=e.data.nth, next_on=e.data.next_on)

    @on(r.InvitationVisitMade)
    async def visit(self, tx: ViewTransaction, e: Recorded[r.InvitationVisitMade]) -> None:
        made = e.data
        row = await tx.get(Invitation, potential_elector_id=e.stream_id)
        later = max(made.next_on, row["next_on"] or made.next_on) if row else made.next_on
        _change(tx, e, visited_on=made.visited_on, visit=made.outcome, next_on=later)

    @on(r.ApplicationRequired)
    def require(self, tx: ViewTransaction, e: Recorded[r.ApplicationRequired]) -> None:
        _change(tx, e, apply_by=e.data.apply_by)

    @on(r.CivilPenaltyImposed)
    def penalise(self, tx: ViewTransaction, e: Recorded[r.CivilPenaltyImposed]) -> None:
        _change(tx, e, penalty_pence=e.data.pence, penalised=True, penalty_until=e.data.pay_by)

    @on(r.CivilPenaltyUpheld)
    def uphold(self, tx: ViewTransaction, e: Recorded[r.CivilPenaltyUpheld]) -> None:
        _change(tx, e, penalty_until=e.data.appeal_by)

    @on(r.CivilPenaltyPaid, r.CivilPenaltyCancelled)
    def settle(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        _change(tx, e, penalty_pence=None, penalty_until=None)

    @on(r.InvitationClosed)
    def close(self, tx: ViewTransaction, e: Recorded[r.InvitationClosed]) -> None:
        _change(tx, e, closed=e.data.because, closed_on=e.data.closed_on)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        person = {"person_id": e.data.subject_id}
        await tx.change_where(Invitation, person, name=None, parts=None, date_of_birth=None)


def _change(tx: ViewTransaction, e: Recorded[Any], **columns: Any) -> None:
    tx.change(Invitation, potential_elector_id=e.stream_id, **columns)


# ------------------------------------------------------------------- queries


def stage(today: date) -> ColumnElement[str]:
    """Which step is next. [RPR 2001 r.32ZC-32ZF]"""
    waits = Invitation.next_on > today
    return case(
        (Invitation.closed != "", "closed"),
        (Invitation.penalty_pence.is_not(None), "penalty"),
        (Invitation.penalised, "over"),
        (Invitation.apply_by >= today, "required"),
        (Invitation.apply_by.is_not(None), "to-penalise"),
        (Invitation.given_on.is_(None), "to-invite"),
        (Invitation.reminders < REMINDERS.on(today), "to-remind"),
        (Invitation.visited_on.is_(None), "to-visit"),
        (waits, "waiting"),
        else_="to-require",
    )


DUE = case(
    (Invitation.closed != "", null()),
    (Invitation.penalty_until.is_not(None), Invitation.penalty_until),
    (Invitation.apply_by.is_not(None), Invitation.apply_by),
    (Invitation.given_on.is_(None), Invitation.invite_by),
    else_=Invitation.next_on,
)
"""The next day that matters."""
_NEVER = date(9999, 12, 31)


class InvitationRow(BaseModel):
    """One potential elector and the next step."""

    potential_elector_id: UUID
    stage: Stage
    due: date | None
    name: str | None
    """Absent once the person's data is erased."""
    property_id: UUID
    address: str | None
    district: str | None
    ward: str | None
    found_on: date
    found_in: str
    given_on: date | None
    reminders: int
    visited_on: date | None
    visit: str
    apply_by: date | None
    penalty_pence: int | None
    closed: str
    closed_on: date | None


class InvitationPage(InvitationRow):
    person_id: UUID
    origin: str
    date_of_birth: date | None
    timeline: list[Happening]


def _invited(today: date) -> Any:
    return (
        select(
            *Invitation.__table__.columns,
            stage(today).label("stage"),
            DUE.label("due"),
            Property.line.label("address"),
            Allocation.district,
            Allocation.ward,
        )
        .outerjoin_from(Invitation, Property, Property.property_id == Invitation.property_id)
        .outerjoin(Allocation, Allocation.property_id == Invitation.property_id)
    )


router = APIRouter(tags=["invitations"], dependencies=[OFFICERS, caught_up("invitations", "properties")])


@router.get("/potential-electors", dependencies=[audited("invitations")])
async def list_invitations(
    conn: Reading,
    paged: Paged,
    today: Today,
    at: Stage | None = None,
    ward: Annotated[str | None, Query(max_length=9)] = None,
    property_id: UUID | None = None,
    due_before: date | None = None,
) -> Page[InvitationRow]:
    """Potential electors by the next day that matters; those at `to-visit` are the visiting officers' round."""
    by = func.coalesce(DUE, _NEVER)
    query = _invited(today)
    wanted = [
        *([stage(today) == at] if at else [Invitation.closed == ""]),
        *([Allocation.ward == ward] if ward else []),
        *([Invitation.property_id == property_id] if property_id else []),
        *([due_before > DUE] if due_before else []),
    ]
    if paged.after is not None:
        day, last = paged.after
        wanted.append(tuple_(by, Invitation.potential_elector_id) > tuple_(date.fromisoformat(day), UUID(last)))
    query = query.where(and_(*wanted)).order_by(by, Invitation.potential_elector_id).limit(paged.limit + 1)
    page = paged.page(
        await fetch(conn, query), lambda row: ((row["due"] or _NEVER).isoformat(), str(row["potential_elector_id"]))
    )
    return Page(items=[InvitationRow(**row) for row in page.items], next=page.next)


@router.get("/potential-electors/{potential_elector_id}", dependencies=[audited("invitation")])
async def invitation_page(
    potential_elector_id: UUID, events: InvitationHistory, conn: Reading, response: Response, today: Today
) -> InvitationPage:
    """One potential elector with all that was sent and done."""
    found = await fetch(conn, _invited(today).where(Invitation.potential_elector_id == potential_elector_id))
    if not found:
        raise not_found()
    version_of(events, response)
    return InvitationPage(**found[0], timeline=timeline(events))
