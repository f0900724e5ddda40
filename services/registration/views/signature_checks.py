"""Signatures that came in, for an officer to look at beside the one on record. The pictures are not here: see `identifiers`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import DateTime, Index, Select, Text, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.electors import Elector
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.service.auth import requires
from shared.service.database import Connection, Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged

State = Literal["waiting", "accepted", "asked-again"]
CHECKERS = requires("identifier-checker")
"""Nobody else sees a signature, nor that one waits."""


class SignatureCheck(ViewTable):
    """The latest signature of a person. `on_record`: the picture that it is compared with, if there is an earlier one."""

    __tablename__ = "signature_check"
    __table_args__ = (
        Index("signature_check_by_state", "authority", "state", "received_at"),
        {"schema": "signature_checks"},
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    elector_id: Mapped[UUID]
    image_id: Mapped[UUID]
    signed_on: Mapped[date]
    source: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    on_record: Mapped[UUID | None] = mapped_column(default=None)
    on_record_signed_on: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    fault: Mapped[str] = mapped_column(Text, default="")
    settled_on: Mapped[date | None] = mapped_column(default=None)


@projection("signature_checks", version=1, tables=[SignatureCheck])
class SignatureChecks:
    """Holds no personal data: that somebody signed, and when."""

    view: View

    @on(r.IdentifiersRecorded)
    async def receive(self, tx: ViewTransaction, e: Recorded[r.IdentifiersRecorded]) -> None:
        earlier = next(iter(await tx.select(SignatureCheck, person_id=e.data.person_id)), None)
        image, signed_on = (earlier["image_id"], earlier["signed_on"]) if earlier else (None, None)
        if earlier and earlier["state"] == "asked-again" and earlier["on_record"]:
            # What was found wanting takes the place of nothing.
            image, signed_on = earlier["on_record"], earlier["on_record_signed_on"]
        tx.put(
            SignatureCheck,
            authority=e.authority,
            person_id=e.data.person_id,
            elector_id=e.data.elector_id,
            image_id=e.data.image_id,
            signed_on=e.data.signed_on,
            source=e.data.source,
            received_at=e.recorded_at,
            on_record=image,
            on_record_signed_on=signed_on,
            state="waiting",
            fault="",
            settled_on=None,
        )

    @on(r.SignatureAccepted)
    def accept(self, tx: ViewTransaction, e: Recorded[r.SignatureAccepted]) -> None:
        tx.change(SignatureCheck, person_id=e.data.person_id, state="accepted", settled_on=e.data.checked_on)

    @on(r.FreshSignatureRequested)
    def ask_again(self, tx: ViewTransaction, e: Recorded[r.FreshSignatureRequested]) -> None:
        found = e.data
        tx.change(
            SignatureCheck, person_id=found.person_id, state="asked-again", fault=found.fault, settled_on=found.asked_on
        )

    @on(r.SignatureWaived)
    def waive(self, tx: ViewTransaction, e: Recorded[r.SignatureWaived]) -> None:
        tx.remove(SignatureCheck, person_id=e.data.person_id)

    @on(SubjectErased)
    def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        tx.remove(SignatureCheck, person_id=e.data.subject_id)


# ------------------------------------------------------------------- answers


class CheckLine(BaseModel):
    """One signature. `number`: of the elector, whose own or whose proxy's it is."""

    person_id: UUID
    elector_id: UUID
    number: str
    whose: Literal["elector", "proxy"]
    signed_on: date
    source: r.IdentifierSource
    received_at: datetime
    on_record_signed_on: date | None
    state: State
    fault: r.SignatureFault | Literal[""]
    settled_on: date | None


def checks(state: State | None = None) -> Select[UUID, datetime]:
    """Signatures, the longest waiting first, with the elector's number."""
    proxys = Elector.person_id != SignatureCheck.person_id
    query = select(*SignatureCheck.__table__.columns, Elector.number, proxys.label("proxys")).join(
        Elector, Elector.elector_id == SignatureCheck.elector_id
    )
    if state is not None:
        query = query.where(SignatureCheck.state == state)
    return query


async def check_of(conn: Connection, person: UUID) -> tuple[CheckLine, UUID, UUID | None] | None:
    """The latest signature of a person, with its picture and the picture on record."""
    rows = await fetch(conn, checks().where(SignatureCheck.person_id == person))
    return (_line(rows[0]), rows[0]["image_id"], rows[0]["on_record"]) if rows else None


router = APIRouter(
    prefix="/signature-checks",
    tags=["personal identifiers"],
    dependencies=[CHECKERS, caught_up("signature_checks", "electors")],
)


@router.get("")
async def signatures_to_check(
    conn: Reading, paged: Paged, state: Annotated[State, Query()] = "waiting"
) -> Page[CheckLine]:
    """Signatures that an officer has to look at, the longest waiting first; or those that are settled."""
    order = (SignatureCheck.received_at, SignatureCheck.person_id)
    query = checks(state)
    if paged.after is not None:
        at, last = paged.after
        query = query.where(tuple_(*order) > tuple_(datetime.fromisoformat(at), UUID(last)))
    rows = await fetch(conn, query.order_by(*order).limit(paged.limit + 1))
    page = paged.page(rows, lambda row: (row["received_at"].isoformat(), str(row["person_id"])))
    return Page(items=[_line(row) for row in page.items], next=page.next)


def _line(row: dict[str, object]) -> CheckLine:
    return CheckLine(**{**row, "whose": "proxy" if row["proxys"] else "elector"})
