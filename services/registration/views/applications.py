"""The queue of applications: where each stands, what is due next by law, and what to look at before deciding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import application_form
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.values import AddressLines, PersonName
from shared.law.registration import objection_window


class Application(ViewTable):
    """One application. Its stage follows from these columns (`queue.STAGE`), so that almost no write needs to read."""

    __tablename__ = "application"
    __table_args__ = (
        Index("application_by_person", "person_id"),
        Index("application_by_receipt", "received_on", "application_id"),
        Index("application_by_effect", "authority", "effective_on", postgresql_where="outcome = 'allowed'"),
        Index("application_open", "received_on", postgresql_where="outcome = ''"),
        {"schema": "applications"},
    )
    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    reference: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    anonymous: Mapped[bool] = mapped_column(Boolean)
    entry_to_alter: Mapped[UUID | None]
    property_id: Mapped[UUID | None]
    missing: Mapped[str] = mapped_column(Text, default="")
    """Keys of what the form lacks, parted by spaces."""
    listed_on: Mapped[date | None] = mapped_column(default=None)
    objections_until: Mapped[date | None] = mapped_column(default=None)
    determine_from: Mapped[date | None] = mapped_column(default=None)
    route: Mapped[str] = mapped_column(Text, default="")
    on_hold: Mapped[bool] = mapped_column(Boolean, default=False)
    hearing_on: Mapped[date | None] = mapped_column(default=None)
    hearing_until: Mapped[date | None] = mapped_column(default=None)
    """The last day on which an objector may ask for a hearing."""
    upheld: Mapped[bool] = mapped_column(Boolean, default=False)
    outcome: Mapped[str] = mapped_column(Text, default="")
    determined_on: Mapped[date | None] = mapped_column(default=None)
    effective_on: Mapped[date | None] = mapped_column(default=None)
    notice: Mapped[str] = mapped_column(Text, default="")
    # What follows is the person's own, and goes when their data is erased.
    first: Mapped[str | None] = mapped_column(Text)
    middle: Mapped[str | None] = mapped_column(Text)
    last: Mapped[str | None] = mapped_column(Text)
    address: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    dwp: Mapped[str | None] = mapped_column(Text, default=None)
    held_because: Mapped[str | None] = mapped_column(Text, default=None)


class Objection(ViewTable):
    """An elector objects. `standing`: made in time, and neither disallowed nor heard."""

    __tablename__ = "objection"
    __table_args__ = {"schema": "applications"}  # noqa: RUF012
    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    objector: Mapped[UUID] = mapped_column(primary_key=True)
    made_on: Mapped[date]
    standing: Mapped[bool] = mapped_column(Boolean)


FORGOTTEN: dict[str, None] = dict.fromkeys(("first", "middle", "last", "address", "dwp", "held_because"))
"""What is left of the personal columns."""


@projection("applications", version=2, tables=[Application, Objection])
class Applications:
    view: View

    @on(r.ApplicationReceived)
    def receive(self, tx: ViewTransaction, e: Recorded[r.ApplicationReceived]) -> None:
        form, name, address = e.data, known(e.data.name), known(e.data.address)
        tx.put(
            Application,
            authority=e.authority,
            application_id=e.stream_id,
            person_id=form.person_id,
            reference=form.reference,
            channel=form.channel,
            kind=form.kind,
            received_on=form.received_on,
            anonymous=form.anonymous,
            entry_to_alter=form.entry_to_alter,
            property_id=form.property_id,
            first=name and name.first,
            middle=name and name.middle,
            last=name and name.last,
            address=address and asdict(address),
        )

    @on(r.ApplicationTreatedAsAlteration)
    def alter(self, tx: ViewTransaction, e: Recorded[r.ApplicationTreatedAsAlteration]) -> None:
        tx.change(Application, application_id=e.stream_id, entry_to_alter=e.data.elector_id)

    @on(r.ApplicationFoundIncomplete)
    def lack(self, tx: ViewTransaction, e: Recorded[r.ApplicationFoundIncomplete]) -> None:
        tx.change(Application, application_id=e.stream_id, missing=" ".join(e.data.missing))

    @on(r.MissingInformationReceived)
    async def supply(self, tx: ViewTransaction, e: Recorded[r.MissingInformationReceived]) -> None:
        changed: dict[str, Any] = {"missing": " ".join(e.data.still_missing)}
        supplied = known(e.data.supplied) or {}
        row = await tx.get(Application, application_id=e.stream_id)
        if row is not None and supplied.keys() & {"fn", "mn", "ln"}:
            changed |= asdict(renamed(PersonName(row["first"] or "", row["last"] or "", row["middle"] or ""), supplied))
        if supplied.keys() & {"reg" + part for part in application_form.ADDRESS}:
            changed["address"] = asdict(application_form.address(supplied))
        tx.change(Application, application_id=e.stream_id, **changed)

    @on(r.ApplicationListed)
    def list(self, tx: ViewTransaction, e: Recorded[r.ApplicationListed]) -> None:
        listed = e.data
        closes = objection_window(listed.listed_on).closes if listed.public else None
        tx.change(
            Application,
            application_id=e.stream_id,
            listed_on=listed.listed_on,
            objections_until=closes,
            determine_from=listed.determine_from,
        )

    @on(r.PropertyIdentified)
    def place(self, tx: ViewTransaction, e: Recorded[r.PropertyIdentified]) -> None:
        tx.change(Application, application_id=e.stream_id, property_id=e.data.property_id)

    @on(r.DwpResultReceived)
    def answered(self, tx: ViewTransaction, e: Recorded[r.DwpResultReceived]) -> None:
        tx.change(Application, application_id=e.stream_id, dwp=known(e.data.verdict))

    @on(r.ApplicationHeld)
    async def hold(self, tx: ViewTransaction, e: Recorded[r.ApplicationHeld]) -> None:
        row = await tx.get(Application, application_id=e.stream_id)
        reasons = [row and row["held_because"], known(e.data.reason)]
        because = "; ".join(reason for reason in reasons if reason) or None
        tx.change(Application, application_id=e.stream_id, on_hold=True, held_because=because)

    @on(r.ApplicationReleased)
    def release(self, tx: ViewTransaction, e: Recorded[r.ApplicationReleased]) -> None:
        tx.change(Application, application_id=e.stream_id, on_hold=False, held_because=None)

    @on(r.IdentityVerified)
    def verify(self, tx: ViewTransaction, e: Recorded[r.IdentityVerified]) -> None:
        tx.change(Application, application_id=e.stream_id, route=e.data.route)

    @on(r.ObjectionMade)
    def object(self, tx: ViewTransaction, e: Recorded[r.ObjectionMade]) -> None:
        made = e.data
        tx.put(
            Objection, authority=e.authority, application_id=e.stream_id, objector=made.objector, made_on=made.made_on,
            standing=made.in_window,
        )  # fmt: skip

    @on(r.ObjectionDisallowed)
    def disallow(self, tx: ViewTransaction, e: Recorded[r.ObjectionDisallowed]) -> None:
        tx.change(Objection, application_id=e.stream_id, objector=e.data.objector, standing=False)
        tx.change(Application, application_id=e.stream_id, hearing_until=e.data.hearing_until)

    @on(r.HearingCalled)
    def call(self, tx: ViewTransaction, e: Recorded[r.HearingCalled]) -> None:
        tx.change(Application, application_id=e.stream_id, hearing_on=e.data.hearing_on)

    @on(r.HearingHeld)
    async def hear(self, tx: ViewTransaction, e: Recorded[r.HearingHeld]) -> None:
        await tx.change_where(Objection, {"application_id": e.stream_id}, standing=False)
        tx.change(
            Application, application_id=e.stream_id, hearing_on=None, hearing_until=None, upheld=e.data.upheld
        )  # fmt: skip

    @on(r.ApplicationAllowed)
    def allow(self, tx: ViewTransaction, e: Recorded[r.ApplicationAllowed]) -> None:
        allowed = e.data
        tx.change(
            Application,
            application_id=e.stream_id,
            outcome="allowed",
            determined_on=allowed.determined_on,
            effective_on=allowed.effective_on,
            notice=allowed.notice,
            property_id=allowed.property_id,
        )

    @on(
        r.ApplicationRejected,
        r.ApplicationWithdrawn,
        r.ApplicationFoundDuplicate,
        r.ApplicationForwarded,
    )
    def end(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        outcome, on = ended(e.data)
        tx.change(Application, application_id=e.stream_id, outcome=outcome, determined_on=on)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Application, {"person_id": e.data.subject_id}, **FORGOTTEN)


def ended(
    event: r.ApplicationRejected | r.ApplicationWithdrawn | r.ApplicationFoundDuplicate | r.ApplicationForwarded,
) -> tuple[str, date]:
    """How and when an application came to an end other than being allowed."""
    match event:
        case r.ApplicationRejected(determined_on=on):
            return "rejected", on
        case r.ApplicationWithdrawn(withdrawn_on=on):
            return "withdrawn", on
        case r.ApplicationFoundDuplicate(found_on=on):
            return "duplicate", on
        case r.ApplicationForwarded(forwarded_on=on):
            return "forwarded", on


def renamed(name: PersonName, supplied: Mapping[str, str]) -> PersonName:
    """A name after more of the form was answered."""
    return application_form.name({"fn": name.first, "mn": name.middle, "ln": name.last, **supplied})


def address_of(kept: dict[str, Any] | None) -> AddressLines | None:
    """The address in a row."""
    return AddressLines(**kept) if kept else None
