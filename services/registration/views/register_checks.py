"""Who may be meant by a question of the ERO Portal: every entry there ever was, and everybody whose application is open.

A row for an application while it is open and one for the entry, both under the id that the entry has for its whole life, and
one for each name it was ever known by. Two rows, as each is of one stream: two streams come in any order, and after an appeal
the rejection of an application may be read later than the entry. Names are folded as in `search`. Nobody anonymous is here.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import DateTime, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.applications import renamed
from services.registration.views.properties import normal_postcode
from services.registration.views.search import folded
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import application_form
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.values import PersonName


class Candidate(ViewTable):
    """An entry; or an open application, which counts only while there is no entry. `removed_on`: the first day the entry is
    not in force."""

    __tablename__ = "candidate"
    __table_args__ = (
        Index("candidate_by_person", "person_id"),
        Index("candidate_by_birth", "born"),
        Index("candidate_by_property", "property_id"),
        {"schema": "register_checks"},
    )
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    entered: Mapped[bool] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    property_id: Mapped[UUID | None]
    added_on: Mapped[date | None] = mapped_column(default=None)
    removed_on: Mapped[date | None] = mapped_column(default=None)
    applied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), default=None)
    # What follows is the person's own, and goes when their data is erased.
    name: Mapped[dict[str, str] | None] = mapped_column(JSONB, default=None)
    born: Mapped[date | None] = mapped_column(default=None)
    franchise: Mapped[dict[str, Any] | None] = mapped_column(JSONB, default=None)
    address: Mapped[dict[str, Any] | None] = mapped_column(JSONB, default=None)
    """As the applicant wrote it: of an application whose property is not known yet."""
    postcode: Mapped[str | None] = mapped_column(Text, default=None)
    phone: Mapped[str | None] = mapped_column(Text, default=None)
    email: Mapped[str | None] = mapped_column(Text, default=None)


class KnownAs(ViewTable):
    """A name that an entry was known by, from one event on."""

    __tablename__ = "known_as"
    __table_args__ = (Index("known_as_by_name", "last", "first"), {"schema": "register_checks"})
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    first: Mapped[str | None] = mapped_column(Text)
    last: Mapped[str | None] = mapped_column(Text)


class PostalArrangement(ViewTable):
    """The postal vote in force, or last in force, of an entry."""

    __tablename__ = "postal_arrangement"
    __table_args__ = (Index("postal_arrangement_by_person", "person_id"), {"schema": "register_checks"})
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    poll: Mapped[date | None]
    elsewhere: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(Text)


class Attested(ViewTable):
    """An elector vouched for an applicant."""

    __tablename__ = "attested"
    __table_args__ = (Index("attested_by_attestor", "attestor"), {"schema": "register_checks"})
    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    attestor: Mapped[UUID]
    attested_on: Mapped[date]


_FORGOTTEN = dict.fromkeys(("name", "born", "franchise", "address", "postcode", "phone", "email"))


def entry_of(application: UUID) -> UUID:
    """The id that the entry of an application has, once there is one."""
    return uuid5(application, "elector")


@projection("register_checks", version=2, tables=[Candidate, KnownAs, PostalArrangement, Attested])
class RegisterChecks:
    view: View

    @on(r.ApplicationReceived)
    def receive(self, tx: ViewTransaction, e: Recorded[r.ApplicationReceived]) -> None:
        said = e.data
        name, facts, address, contact = (
            known(said.name), known(said.franchise), known(said.address), known(said.contact),
        )  # fmt: skip
        if said.anonymous or said.entry_to_alter is not None or name is None:
            return
        elector = entry_of(e.stream_id)
        tx.put(
            Candidate,
            authority=e.authority,
            elector_id=elector,
            entered=False,
            person_id=said.person_id,
            property_id=said.property_id,
            applied_at=said.received_at,
            name=asdict(name),
            born=facts.date_of_birth if facts else None,
            franchise=asdict(facts) if facts else None,
            address=asdict(address) if address else None,
            postcode=normal_postcode(address.postcode) if address else None,
            phone=contact.phone if contact else None,
            email=contact.email if contact else None,
        )
        self._name(tx, e, elector, said.person_id, name, version=0)

    @on(r.MissingInformationReceived)
    async def supply(self, tx: ViewTransaction, e: Recorded[r.MissingInformationReceived]) -> None:
        supplied, elector = known(e.data.supplied) or {}, entry_of(e.stream_id)
        row = (
            await tx.get(Candidate, elector_id=elector, entered=False)
            if supplied.keys() & {"fn", "mn", "ln", "dob"}
            else None
        )
        if row is None or row["name"] is None:
            return
        name = renamed(PersonName(**orjson.loads(row["name"])), supplied)
        born = application_form.franchise(supplied, "ordinary").date_of_birth or row["born"]
        tx.change(Candidate, elector_id=elector, entered=False, name=asdict(name), born=born)
        self._name(tx, e, elector, row["person_id"], name, version=-e.version)

    @on(r.PropertyIdentified)
    def place(self, tx: ViewTransaction, e: Recorded[r.PropertyIdentified]) -> None:
        tx.change(Candidate, elector_id=entry_of(e.stream_id), entered=False, property_id=e.data.property_id)

    @on(
        r.ApplicationRejected,
        r.ApplicationWithdrawn,
        r.ApplicationFoundDuplicate,
        r.ApplicationForwarded,
        r.ApplicationTreatedAsAlteration,
    )
    def end(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        tx.remove(Candidate, elector_id=entry_of(e.stream_id), entered=False)

    @on(r.ElectorAdded)
    def add(self, tx: ViewTransaction, e: Recorded[r.ElectorAdded]) -> None:
        added, name, facts, contact = e.data, known(e.data.name), known(e.data.franchise), known(e.data.contact)
        if added.anonymous:
            return
        tx.put(
            Candidate,
            authority=e.authority,
            elector_id=added.elector_id,
            entered=True,
            person_id=added.person_id,
            property_id=added.property_id,
            added_on=added.in_force_since or added.effective_on,
            name=asdict(name) if name else None,
            born=facts.date_of_birth if facts else None,
            franchise=asdict(facts) if facts else None,
            phone=contact.phone if contact else None,
            email=contact.email if contact else None,
        )
        self._name(tx, e, added.elector_id, added.person_id, name)

    @on(r.ElectorAmended, r.ClericalErrorCorrected)
    def rename(self, tx: ViewTransaction, e: Recorded[r.ElectorAmended] | Recorded[r.ClericalErrorCorrected]) -> None:
        name = known(e.data.name)
        tx.change(Candidate, elector_id=e.data.elector_id, entered=True, name=asdict(name) if name else None)
        self._name(tx, e, e.data.elector_id, e.data.person_id, name)

    @on(r.ElectorReaddressed)
    def readdress(self, tx: ViewTransaction, e: Recorded[r.ElectorReaddressed]) -> None:
        tx.change(Candidate, elector_id=e.data.elector_id, entered=True, property_id=e.data.property_id)

    @on(r.ElectorFranchiseChanged)
    def entitle(self, tx: ViewTransaction, e: Recorded[r.ElectorFranchiseChanged]) -> None:
        facts = known(e.data.franchise)
        born, kept = (facts.date_of_birth, asdict(facts)) if facts else (None, None)
        tx.change(Candidate, elector_id=e.data.elector_id, entered=True, born=born, franchise=kept)

    @on(r.ContactDetailsChanged)
    def reach(self, tx: ViewTransaction, e: Recorded[r.ContactDetailsChanged]) -> None:
        contact = known(e.data.contact)
        phone, email = (contact.phone, contact.email) if contact else (None, None)
        tx.change(Candidate, elector_id=e.data.elector_id, entered=True, phone=phone, email=email)

    @on(r.ElectorRemoved)
    def remove(self, tx: ViewTransaction, e: Recorded[r.ElectorRemoved]) -> None:
        tx.change(Candidate, elector_id=e.data.elector_id, entered=True, removed_on=e.data.effective_on)

    @on(r.AttestationReceived)
    def attest(self, tx: ViewTransaction, e: Recorded[r.AttestationReceived]) -> None:
        tx.put(
            Attested,
            authority=e.authority,
            application_id=e.stream_id,
            version=e.version,
            attestor=e.data.attestor,
            attested_on=e.data.attested_on,
        )

    @on(r.PostalVoteGranted)
    def grant(self, tx: ViewTransaction, e: Recorded[r.PostalVoteGranted]) -> None:
        granted, elsewhere = e.data, known(e.data.ballot_address)
        tx.put(
            PostalArrangement,
            authority=e.authority,
            elector_id=granted.elector_id,
            person_id=granted.person_id,
            kind=granted.kind,
            valid_from=granted.valid_from,
            valid_until=granted.valid_until,
            poll=granted.poll,
            elsewhere=asdict(elsewhere) if elsewhere else None,
            reason=known(granted.ballot_address_reason),
        )

    @on(r.PostalVoteCancelled, r.PostalVoteEnded)
    def lapse(self, tx: ViewTransaction, e: Recorded[r.PostalVoteCancelled] | Recorded[r.PostalVoteEnded]) -> None:
        tx.remove(PostalArrangement, elector_id=e.data.elector_id)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        person = {"person_id": e.data.subject_id}
        await tx.change_where(Candidate, person, **_FORGOTTEN)
        await tx.change_where(KnownAs, person, first=None, last=None)
        await tx.change_where(PostalArrangement, person, elsewhere=None, reason=None)

    def _name(
        self,
        tx: ViewTransaction,
        e: Recorded[Any],
        elector: UUID,
        person: UUID,
        name: PersonName | None,
        version: int = 1,
    ) -> None:
        """By the version of the entry's event; those of its application count down from 0."""
        tx.put(
            KnownAs,
            authority=e.authority,
            elector_id=elector,
            version=version if version < 1 else e.version,
            person_id=person,
            first=folded(name.first) if name else None,
            last=folded(name.last) if name else None,
        )
