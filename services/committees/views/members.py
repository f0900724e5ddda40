"""Members of the council: who they are, for which ward, since when, and how long since they last came."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.committees import (
    AbsenceAlertRaised,
    AbsenceApproved,
    MemberAttended,
    MemberContactChanged,
    MemberLeftOffice,
    MemberTookOffice,
)
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.values_committees import OfficeContact


class Member(ViewTable):
    """A member as of their latest term. Name, party and contact are absent once the person's data is erased."""

    __tablename__ = "member"
    __table_args__ = (
        Index("member_by_person", "person_id"),
        Index("member_by_number", "number"),
        {"schema": "members"},
    )
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    surname: Mapped[str | None] = mapped_column(Text)
    party: Mapped[str | None] = mapped_column(Text)
    ward: Mapped[str | None] = mapped_column(Text)
    ward_title: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date]
    term_ends_on: Mapped[date | None]
    left_on: Mapped[date | None]
    because: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    lines: Mapped[list[str]] = mapped_column(JSONB)
    postcode: Mapped[str] = mapped_column(Text, default="")
    last_attended: Mapped[date | None]
    absence_stage: Mapped[str] = mapped_column(Text, default="")
    """The latest warning since they last came; empty: none."""
    lapses_after: Mapped[date | None]
    absence_approved_until: Mapped[date | None]


class Term(ViewTable):
    """One term of office, told by its first day."""

    __tablename__ = "term"
    __table_args__ = {"schema": "members"}  # noqa: RUF012
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    left_on: Mapped[date | None]


@projection("members", version=1, tables=[Member, Term])
class Members:
    view: View

    @on(MemberTookOffice)
    def take_office(self, tx: ViewTransaction, e: Recorded[MemberTookOffice]) -> None:
        who, name = e.data, known(e.data.name)
        tx.put(
            Member, authority=e.authority, member_id=who.member_id, person_id=who.person_id, number=who.number,
            title=who.title, name=str(name) if name else None, surname=name.last if name else None,
            party=known(who.party), ward=who.ward, ward_title=who.ward_title, from_on=who.from_on,
            term_ends_on=who.term_ends_on, left_on=None, last_attended=None, lapses_after=None,
            absence_approved_until=None, **contact_columns(known(who.contact)),
        )  # fmt: skip
        tx.put(Term, authority=e.authority, member_id=who.member_id, from_on=who.from_on, left_on=None)

    @on(MemberContactChanged)
    def change_contact(self, tx: ViewTransaction, e: Recorded[MemberContactChanged]) -> None:
        tx.change(Member, member_id=e.data.member_id, **contact_columns(known(e.data.contact)))

    @on(MemberLeftOffice)
    async def leave_office(self, tx: ViewTransaction, e: Recorded[MemberLeftOffice]) -> None:
        left = e.data
        tx.change(Member, member_id=left.member_id, left_on=left.left_on, because=left.because)
        member = await tx.get(Member, member_id=left.member_id)
        if member is not None:
            tx.change(Term, member_id=left.member_id, from_on=member["from_on"], left_on=left.left_on)

    @on(MemberAttended)
    async def attend(self, tx: ViewTransaction, e: Recorded[MemberAttended]) -> None:
        member = await tx.get(Member, member_id=e.data.member_id)
        if member is not None and (member["last_attended"] or date.min) < e.data.attended_on:
            tx.change(
                Member,
                member_id=e.data.member_id,
                last_attended=e.data.attended_on,
                absence_stage="",
                lapses_after=None,
            )

    @on(AbsenceAlertRaised)
    def warn(self, tx: ViewTransaction, e: Recorded[AbsenceAlertRaised]) -> None:
        alert = e.data
        tx.change(Member, member_id=alert.member_id, absence_stage=alert.stage, lapses_after=alert.lapses_after)

    @on(AbsenceApproved)
    def approve(self, tx: ViewTransaction, e: Recorded[AbsenceApproved]) -> None:
        tx.change(Member, member_id=e.data.member_id, absence_approved_until=e.data.until, absence_stage="")

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        for member in await tx.select(Member, person_id=e.data.subject_id):
            gone = {"name": None, "surname": None, "party": None, **contact_columns(None)}
            tx.change(Member, member_id=member["member_id"], **gone)


def contact_columns(contact: OfficeContact | None) -> dict[str, Any]:
    reached = contact or OfficeContact()
    return {
        "email": reached.email, "phone": reached.phone, "lines": list(reached.lines), "postcode": reached.postcode,
    }  # fmt: skip
