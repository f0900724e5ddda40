"""The context that is measured: cases that officers write notes about, with events of some 500 bytes and nothing sealed.

The smallest service that uses the product as registration does: one route, one decider, one view. The reference libraries
do the same with the same fields. Registration itself is measured in `imports`, `register`, `latency` and `memory`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi import Path as InPath
from pydantic import BaseModel
from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.deciding import Decider
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Receipt, Recorded
from shared.events.definition import Registry, event
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.service import Service

CASEWORK = Registry()


@dataclass(frozen=True, slots=True)
class Address:
    uprn: int
    lines: list[str]
    postcode: str


@dataclass(frozen=True, slots=True)
class Details:
    """What an event carries: the fields and the size of an event about an elector."""

    elector_id: str = "3f0c7c1e-9c64-4f0a-9f5e-000000123456"
    council: str = "E07000999"
    ward: str = "E05999050"
    polling_district: str = "CAB"
    surname: str = "Ap Rhys-Cholmondeley"
    forename: str = "Margaret Josephine"
    date_of_birth: str = "1971-03-14"
    address: Address = Address(
        100090123456, ["Flat 12B, Riverside Court", "148 Victoria Embankment", "Mootbridge"], "ZZ12 3AA"
    )
    correlation: str = "c0ffee00-0000-4000-8000-000000123456"
    source: str = "portal, checked against the file of 2026-11-22 and found in order"


@event("casework.case-opened.v1", registry=CASEWORK)
class CaseOpened:
    amount: int
    details: Details


@event("casework.case-noted.v1", registry=CASEWORK)
class CaseNoted:
    amount: int
    details: Details


@dataclass(frozen=True, slots=True)
class Note:
    amount: int
    details: Details = Details()


@dataclass(frozen=True, slots=True)
class Case:
    notes: int = 0
    total: int = 0
    details: Details | None = None


def decide(command: Note, case: Case) -> list[CaseOpened | CaseNoted]:
    kind = CaseNoted if case.notes else CaseOpened
    return [kind(command.amount, command.details)]


def evolve(case: Case, happened: CaseOpened | CaseNoted) -> Case:
    return Case(case.notes + 1, case.total + happened.amount, happened.details)


cases: Decider[Note, Case, CaseOpened | CaseNoted] = Decider("case", Case(), decide, evolve)


class NoteRow(ViewTable):
    """One row per event, so that a bare COPY of the same rows can stand beside it."""

    __tablename__ = "note"
    __table_args__ = (
        Index("note_by_place", "district", "postcode"),
        Index("note_by_surname", "surname"),
        {"schema": "notes"},
    )
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
    uprn: Mapped[int] = mapped_column(BigInteger)
    surname: Mapped[str] = mapped_column(Text)
    district: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str] = mapped_column(Text)


@projection("notes", version=1, tables=[NoteRow], registry=CASEWORK)
class Notes:
    view: View

    @on(CaseOpened, CaseNoted)
    def note(self, tx: ViewTransaction, e: Recorded[CaseOpened] | Recorded[CaseNoted]) -> None:
        said = e.data.details
        tx.put(
            NoteRow, authority=e.authority, case_id=e.stream_id, version=e.version, amount=e.data.amount,
            uprn=said.address.uprn, surname=said.surname, district=said.polling_district, postcode=said.address.postcode,
        )  # fmt: skip


class NewNote(BaseModel):
    amount: int
    details: Details


router = APIRouter(prefix="/cases", tags=["cases"])
Identity = Annotated[UUID, InPath(description="the case")]


@router.post("/{case}/notes", dependencies=[requires("registration-officer")])
async def note(case: Identity, body: NewNote, execute: Execute, officer: Officer) -> Receipt:
    return await execute(cases, case, Note(body.amount, body.details), by=officer)


service = Service(
    context="casework",
    title="Casework",
    home=Path(__file__).parent,
    routers=(router,),
    views=(Notes.view,),
    registry=CASEWORK,
)
