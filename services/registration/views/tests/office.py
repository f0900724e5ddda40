"""A registration office at work, for tests: what officers do, in a line each, through the deciders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from services.registration.applications import commands as application
from services.registration.applications.decider import applications
from services.registration.electors import commands as elector
from services.registration.electors.decider import electors
from services.registration.properties import decider as place
from services.registration.views import VIEWS
from shared.eventcore.applying import parked
from shared.eventcore.projection import table_of
from shared.eventcore.rebuild import compare, rebuild
from shared.eventcore.store import read
from shared.eventcore.testing.core import AUTHORITY, Core, by
from shared.eventcore.views import ViewReader, create_tables
from shared.events.values import (
    AddressLines,
    ApplicationId,
    Authority,
    ElectoralAreas,
    ElectorId,
    ElectorNumber,
    FranchiseFacts,
    GazetteerFacts,
    PersonId,
    PersonName,
    PollingDistrict,
    PropertyId,
    Uprn,
    Ward,
    property_id,
)
from shared.service.audit_trail import audit_trail

FORM = {
    "fn": "Ada", "mn": "Iris", "ln": "Marsh", "dob": "1980-12-01", "nino": "AB123456D", "nat": "GB",
    "regproperty": "Flat 2", "regstreet": "10 Gorse Lane", "regpostcode": "ZZ1 1AA", "email": "ada@example.org",
}  # fmt: skip
FACTS = FranchiseFacts(date_of_birth=date(1980, 12, 1), nationalities=("GB",))
NUMBERED_IN = date(2025, 12, 1)
MONDAY = date(2026, 3, 2)

KEPT = (*VIEWS, audit_trail("registration"))
"""The views of these tests."""


def address(house: str = "10", street: str = "Gorse Lane", postcode: str = "ZZ1 1AA") -> AddressLines:
    return AddressLines(street=f"{house} {street}", town="Gavelford", postcode=postcode)


@dataclass
class Office:
    core: Core

    def on(self, day: date) -> None:
        """Move the service's clock to nine o'clock of a day."""
        self.core.clock.offset += datetime.combine(day, time(9), UTC) - self.core.clock()

    async def do(self, decider: Any, stream: UUID, command: Any) -> None:
        await self.core.execute(decider, stream, command, by=by())

    async def catch_up(self) -> None:
        """Bring all views up; no event may be parked on the way."""
        for view in KEPT:
            await self.core.catch_up(view)
        async with self.core.pool.acquire() as conn:
            assert await parked(conn) == []

    async def a_rebuild_is_equal(self, name: str) -> None:
        """Raises `ViewsDiffer` when the view rebuilt from the events is not what stands."""
        (view,) = (view for view in KEPT if view.name == name)
        result = await rebuild(self.core.pool, "registration", view, self.core.opener, self.core.clock, workers=1)
        assert result.equal

    async def the_order_of_shards_does_not_matter(self, name: str) -> None:
        """The view is the same when the shards are applied one after another, the one that was written to last first."""
        (view,) = (view for view in KEPT if view.name == name)
        backwards = ViewReader(view, f"{name}__backwards")
        async with self.core.pool.acquire() as conn:
            await create_tables(conn, view, backwards.schema)
            stored = [e for e in await read(conn, "registration", after=0, limit=1000) if backwards.wants(e.type)]
            last = {e.shard: e.position for e in stored}
            stored.sort(key=lambda e: (-last[e.shard], e.position))
            for event in stored:
                await backwards.handle(conn, await self.core.opener.open(conn, [event]))
            assert await compare(conn, view, name, backwards.schema) == {}

    async def everything_kept(self, view: str) -> str:
        """All text of all rows of a view."""
        tables = [table_of(t).name for v in KEPT if v.name == view for t in v.tables]
        return " ".join([str(row) for table in tables for row in await self.core.rows(f"{view}.{table}")])

    async def property(self, uprn: int = 1, district: str = "AB", ward: str = "E05999001", **where: str) -> PropertyId:
        identity = property_id(Authority(AUTHORITY), Uprn(uprn))
        lines = replace(address(**where), uprn=Uprn(uprn))
        facts = GazetteerFacts(lines, Uprn(uprn), logical_status=1, lpi_status=1, state=2, class_code="RD04")
        await self.do(place.properties, identity, place.RecordFacts(identity, facts, "addressbase-premium-csv"))
        if district:
            areas = ElectoralAreas(PollingDistrict(district), Ward(ward))
            await self.do(
                place.properties, identity, place.AllocateProperty(identity, areas, "boundary", date(2025, 1, 1))
            )
        return identity

    async def apply(
        self, form: dict[str, str] | None = None, day: date = MONDAY, home: PropertyId | None = None, **kw: Any
    ) -> tuple[ApplicationId, PersonId]:
        self.on(day)
        identity, person = ApplicationId(uuid4()), PersonId(uuid4())
        at = datetime.combine(day, time(10), UTC)
        command = application.ReceiveApplication(
            identity, person, f"R-{str(identity)[:8]}", kw.pop("channel", "gov.uk"), kw.pop("kind", "ordinary"), at,
            Authority(AUTHORITY), FORM | (form or {}), home, **kw,
        )  # fmt: skip
        await self.do(applications, identity, command)
        return identity, person

    async def ask(self, identity: UUID, *commands: Any) -> None:
        for command in commands:
            await self.do(applications, identity, command)

    async def add(
        self, home: PropertyId, number: int = 1, district: str = "AB", **kw: Any
    ) -> tuple[ElectorId, PersonId]:
        identity = kw.pop("elector_id", ElectorId(uuid4()))
        person = kw.pop("person_id", PersonId(uuid4()))
        command = elector.AddElector(
            identity,
            person,
            kw.pop("name", PersonName("Ada", "Marsh", "Iris" * number)),
            kw.pop("franchise", FACTS),
            home,
            ElectorNumber(PollingDistrict(district), number, kw.pop("suffix", 0)),
            NUMBERED_IN,
            kw.pop("effective_on", date(2026, 4, 1)),
            "monthly",
            **kw,
        )
        await self.do(electors, identity, command)
        return identity, person

    async def change(self, identity: ElectorId, *commands: Any) -> None:
        for command in commands:
            await self.do(electors, identity, command)

    async def erase(self, person: PersonId) -> None:
        await self.core.execute.erase(person, legal_basis="UK GDPR art.17", asked_by="the person", by=by())
        # Another process may still hold the key for a short while; here time passes at once.
        self.core.keys._cache.clear()
