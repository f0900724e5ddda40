"""One box for everything: electors and applications by name, number or reference; properties by address, postcode, UPRN.

Names and addresses are folded (case, accents, punctuation) the same way here and in the question. Of an anonymous
elector no name is kept, so nobody finds one by it, and no count betrays one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Index,
    Integer,
    ScalarSelect,
    Text,
    case,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.access import OFFICERS
from services.registration.views.applications import renamed
from services.registration.views.properties import normal_postcode
from services.registration.views.walk import walk
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.values import PersonName
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import invalid
from shared.service.read_audit import audited

_SIMPLE: ColumnElement[Any] = literal_column("'simple'")
Kind = Literal["elector", "application", "property"]
MatchedBy = Literal["number", "reference", "uprn", "postcode", "name", "address"]


class Findable(ViewTable):
    """Something that can be found. `words` and `in_order` are folded."""

    __tablename__ = "findable"
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    reference: Mapped[str | None] = mapped_column(Text, default=None)
    uprn: Mapped[int | None] = mapped_column(BigInteger, default=None)
    postcode: Mapped[str | None] = mapped_column(Text, default=None)
    line: Mapped[str] = mapped_column(Text, default="")
    """Of a property: its address."""
    anonymous: Mapped[bool] = mapped_column(Boolean, default=False)
    ended: Mapped[bool] = mapped_column(Boolean, default=False)
    # What follows is the person's own, where it is one, and goes when their data is erased.
    name: Mapped[dict[str, str] | None] = mapped_column(JSONB, default=None)
    words: Mapped[str | None] = mapped_column(Text, default=None)
    in_order: Mapped[str | None] = mapped_column(Text, default=None)
    """By surname; a property along its street."""
    __table_args__ = (
        Index("findable_by_words", func.to_tsvector(_SIMPLE, words), postgresql_using="gin"),
        Index("findable_by_surname", "in_order", postgresql_ops={"in_order": "text_pattern_ops"}),
        Index("findable_by_reference", "reference"),
        Index("findable_by_uprn", "uprn"),
        Index("findable_by_postcode", "postcode"),
        Index("findable_by_person", "person_id"),
        {"schema": "search"},
    )


class NumberHeld(ViewTable):
    """A number that an elector has, had, or is to have: whoever calls reads it from a card that was printed some time ago."""

    __tablename__ = "number_held"
    __table_args__ = (Index("number_held_by_number", "number"), {"schema": "search"})
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[date]


# ------------------------------------------------------------------ handlers


@projection("search", version=2, tables=[Findable, NumberHeld])
class Search:
    view: View

    @on(r.ElectorAdded)
    def elector(self, tx: ViewTransaction, e: Recorded[r.ElectorAdded]) -> None:
        added = e.data
        tx.put(
            Findable,
            authority=e.authority,
            kind="elector",
            id=e.stream_id,
            person_id=added.person_id,
            anonymous=added.anonymous,
            **_named(known(added.name), added.anonymous),
        )
        self._numbered(tx, e)

    @on(r.ElectorAmended, r.ClericalErrorCorrected)
    async def rename(
        self, tx: ViewTransaction, e: Recorded[r.ElectorAmended] | Recorded[r.ClericalErrorCorrected]
    ) -> None:
        row = await tx.get(Findable, kind="elector", id=e.stream_id)
        if row is not None:
            tx.change(Findable, kind="elector", id=e.stream_id, **_named(known(e.data.name), row["anonymous"]))

    @on(r.ElectorRenumbered)
    def renumber(self, tx: ViewTransaction, e: Recorded[r.ElectorRenumbered]) -> None:
        self._numbered(tx, e)

    def _numbered(self, tx: ViewTransaction, e: Recorded[r.ElectorAdded] | Recorded[r.ElectorRenumbered]) -> None:
        tx.put(
            NumberHeld, authority=e.authority, elector_id=e.stream_id, version=e.version, number=str(e.data.number),
            effective_on=e.data.effective_on,
        )  # fmt: skip

    @on(r.ElectorRemoved)
    def remove(self, tx: ViewTransaction, e: Recorded[r.ElectorRemoved]) -> None:
        tx.change(Findable, kind="elector", id=e.stream_id, ended=True)

    @on(r.ApplicationReceived)
    def application(self, tx: ViewTransaction, e: Recorded[r.ApplicationReceived]) -> None:
        received = e.data
        tx.put(
            Findable,
            authority=e.authority,
            kind="application",
            id=e.stream_id,
            person_id=received.person_id,
            reference=received.reference,
            anonymous=received.anonymous,
            **_named(known(received.name), received.anonymous),
        )

    @on(r.MissingInformationReceived)
    async def supply(self, tx: ViewTransaction, e: Recorded[r.MissingInformationReceived]) -> None:
        supplied = known(e.data.supplied) or {}
        row = await tx.get(Findable, kind="application", id=e.stream_id) if supplied else None
        if row is not None and row["name"] is not None:
            name = renamed(PersonName(**orjson.loads(row["name"])), supplied)
            tx.change(Findable, kind="application", id=e.stream_id, **_named(name, row["anonymous"]))

    @on(
        r.ApplicationAllowed,
        r.ApplicationRejected,
        r.ApplicationWithdrawn,
        r.ApplicationFoundDuplicate,
        r.ApplicationForwarded,
    )
    def end(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        tx.change(Findable, kind="application", id=e.stream_id, ended=True)

    @on(r.PropertyAdded, r.PropertyChanged, r.PropertyReinstated)
    def property(
        self,
        tx: ViewTransaction,
        e: Recorded[r.PropertyAdded] | Recorded[r.PropertyChanged] | Recorded[r.PropertyReinstated],
    ) -> None:
        facts = e.data.facts
        tx.put(
            Findable,
            authority=e.authority,
            kind="property",
            id=e.stream_id,
            uprn=facts.uprn,
            postcode=facts.address.postcode,
            line=str(facts.address),
            words=folded(str(facts.address)),
            in_order=walk(facts.address),
        )

    @on(r.PropertyRetired)
    def retire(self, tx: ViewTransaction, e: Recorded[r.PropertyRetired]) -> None:
        tx.change(Findable, kind="property", id=e.stream_id, ended=True)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Findable, {"person_id": e.data.subject_id}, **_named(None))


def _named(name: PersonName | None, anonymous: bool = False) -> dict[str, Any]:
    if name is None or anonymous:
        return {"name": None, "words": None, "in_order": None}
    in_order = folded(f"{name.last} {name.first} {name.middle}")
    return {"name": asdict(name), "words": in_order, "in_order": in_order}


def folded(text: str) -> str:
    """`Ó Néill-Smith` -> `o neill smith`: lower case, without accents, words of letters and digits."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain.replace("'", "").replace("’", "")))


# ------------------------------------------------------------------- queries


class Hit(BaseModel):
    """Something found, and by what."""

    kind: Kind
    id: UUID
    label: str
    matched_by: MatchedBy
    ended: bool
    """Removed, determined or retired."""


def ways(text: str, limit: int) -> list[tuple[MatchedBy | None, ColumnElement[bool]]]:
    """How a question may match, the surest way first. By words it is a name or, of a property, an address.

    Only what cannot leak is compared here (`=`, `^@`): PostgreSQL uses no index for anything else under row-level security."""
    asked = folded(text)
    found: list[tuple[MatchedBy | None, ColumnElement[bool]]] = []
    upper = "".join(text.upper().split())
    if re.fullmatch(r"[A-Z][A-Z0-9]{0,5}-\d{1,6}(/\d{1,3})?", upper):
        holders = select(NumberHeld.elector_id).where(NumberHeld.number == upper)
        found.append(("number", (Findable.kind == "elector") & Findable.id.in_(holders)))
    if re.fullmatch(r"\d{1,12}", upper, re.ASCII) and int(upper):
        found.append(("uprn", Findable.uprn == int(upper)))
    found.append(("reference", Findable.reference == text.strip()))
    if re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", upper):
        found.append(("postcode", Findable.postcode == normal_postcode(upper)))
    if asked:
        people = Findable.kind != "property"
        found.append(("name", people & Findable.in_order.bool_op("^@")(asked)))
        terms = " & ".join(f"{word}:*" for word in asked.split())
        named = func.found_by_words(func.to_tsquery(_SIMPLE, terms), limit).table_valued("kind", "id")
        found.append((None, tuple_(Findable.kind, Findable.id).in_(select(named.c.kind, named.c.id))))
    return found


def number_on(today: date) -> ScalarSelect[str]:
    """The number of a found elector that holds that day; before the first one holds, that."""
    held = select(NumberHeld.number).where(NumberHeld.elector_id == Findable.id)
    ahead = NumberHeld.effective_on > today
    latest = case((ahead, None), else_=NumberHeld.version).desc().nulls_last()
    return held.order_by(latest, NumberHeld.version).limit(1).scalar_subquery()


async def search(conn: Reading, text: str, limit: int, today: date) -> list[Hit]:
    """What matches, the surest way of matching first."""
    hits: dict[tuple[str, UUID], Hit] = {}
    for by, condition in ways(text, limit):
        query = select(*Findable.__table__.columns, number_on(today).label("number")).where(condition)
        in_order = (Findable.ended, Findable.in_order.collate("C"), Findable.id)
        for row in await fetch(conn, query.order_by(*in_order).limit(limit)):
            matched = by or ("address" if row["kind"] == "property" else "name")
            hit = Hit(kind=row["kind"], id=row["id"], label=label(row), matched_by=matched, ended=row["ended"])
            hits.setdefault((hit.kind, hit.id), hit)
        if len(hits) >= limit:
            break
    return list(hits.values())[:limit]


def label(row: dict[str, Any]) -> str:
    """`Ada Marsh, AB-1`; of an anonymous elector the number alone."""
    if row["kind"] == "property":
        return str(row["line"])
    name = str(PersonName(**row["name"])) if row["name"] else "Anonymous" if row["anonymous"] else "(erased)"
    return f"{name}, {row['number'] or row['reference']}"


# --------------------------------------------------------------------- route

router = APIRouter(tags=["search"], dependencies=[OFFICERS, audited("search"), caught_up("search")])


@router.get("/search")
async def find(
    conn: Reading,
    today: Today,
    q: Annotated[
        str, Query(min_length=2, max_length=100, description="a name, address, postcode, UPRN, number, reference")
    ],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[Hit]:
    """Electors, applications and properties. The answer never says how many more there are."""
    if "\x00" in q:
        raise invalid("q", "format", "It must be text.")
    return await search(conn, q, limit, today)
