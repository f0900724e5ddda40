"""Notifications asks each owner for a name and address, over HTTP, with a token of its own: both ends as they run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.committees.members.decider import TakeOffice, members
from services.finance.fees.decider import QuoteFee, sales
from services.notifications.sending.contacts import Contact, Contacts, NoSuchCorrespondent, NotSaid
from services.registration.applications.commands import ReceiveApplication
from services.registration.applications.decider import applications
from shared.eventcore.deciding import Decider
from shared.eventcore.testing.core import AUTHORITY, Core, by, event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.events.values import ApplicationId, Authority, PersonId, PersonName
from shared.events.values_committees import MemberId, OfficeContact
from shared.events.values_finance import SaleId
from shared.events.values_notifications import Recipient, RecipientKind
from shared.service.app import create_app
from shared.service.dev_issuer import issuer_app
from shared.service.peers import open_peers
from shared.service.service import Service
from shared.service.settings import Settings
from shared.service.tests.provider import serving, settings_for
from tests.contract.registration_emits import FORM_FIELDS, MARCH

PERSON, SUBJECT = uuid4(), PersonId(uuid4())
TOWN_HALL = OfficeContact("ada@mootshire.example", "01632 960001", ("Town Hall",), "MT1 1AA")
CASES: list[tuple[str, RecipientKind, Decider[Any, Any, Any], Any, Contact]] = [
    (
        "registration", "applicant", applications,
        ReceiveApplication(
            ApplicationId(PERSON), SUBJECT, "R-1", "gov.uk", "ordinary", MARCH, Authority(AUTHORITY), FORM_FIELDS, None
        ),
        Contact("Ada Marsh", ("1", "High Street", "MT1 1AA")),
    ),
    (
        "committees", "member", members,
        TakeOffice(MemberId(PERSON), SUBJECT, PersonName("Ada", "Marsh"), "Independent", date(2023, 5, 8), contact=TOWN_HALL),
        Contact("Councillor Ada Marsh", ("Town Hall", "MT1 1AA"), "ada@mootshire.example", "01632 960001"),
    ),
    (
        "finance", "customer", sales,
        QuoteFee(
            SaleId(PERSON), SUBJECT, "Marsh & Sons", "register", "data", (1000,), date(2026, 5, 7), "office@marsh.example"
        ),
        Contact("Marsh & Sons", (), "office@marsh.example"),
    ),
]  # fmt: skip


class Late:
    """An application that is made when its address is known."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)


@asynccontextmanager
async def issuer() -> AsyncIterator[str]:
    late = Late()
    async with serving(late) as address:
        values: dict[str, Any] = {"context": "issuer", "role": "api", "databases": {}, "client_secret": "between us"}
        late.app = issuer_app(Settings(**values, oidc_issuer=address))
        yield address


@asynccontextmanager
async def owner(service: Service, core: Core, settings: Settings) -> AsyncIterator[str]:
    pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=4)

    async def history(stream: UUID, authority: str) -> list[Any]:
        events = await core.store.stream(stream, authority)
        async with core.pool.acquire() as conn:
            return await core.opener.open(conn, events)

    @asynccontextmanager
    async def attach(app: Any) -> AsyncIterator[None]:
        app.state.pool, app.state.clock, app.state.execute, app.state.history = pool, core.clock, core.execute, history
        yield

    async with serving(create_app(service.title, service.routers, settings, parts=[attach])) as address:
        yield address
    await pool.close()


@pytest.mark.parametrize(("context", "kind", "decider", "command", "contact"), CASES, ids=[case[0] for case in CASES])
async def test_an_owner_tells_notifications_how_somebody_is_reached_until_they_are_erased(
    database, tmp_path, context, kind, decider, command, contact
):
    service: Service = import_module(f"services.{context}.main").service
    async with event_core(database, context, REGISTRY) as core, issuer() as oidc:
        await core.execute(decider, PERSON, command, by=by())
        async with owner(service, core, settings_for(oidc, tmp_path, context=context)) as address:
            values: dict[str, Any] = {"context": "notifications", "role": "sending", "databases": {}}
            values |= {"oidc_issuer": oidc, "client_id": "notifications", "client_secret": "between us"}
            async with open_peers(Settings(**values, **{f"{context}_url": address})) as peers:
                contacts, recipient = Contacts(peers), Recipient(kind, PERSON)
                assert await contacts.of(recipient, AUTHORITY) == contact
                (read,) = await core.pool.fetch("SELECT kind, record, purpose FROM read_log")
                assert tuple(read) == ("correspondent", str(PERSON), "to send a message")
                with pytest.raises(NotSaid):  # a 404 may be a denial: nothing is held against anybody for it
                    await contacts.of(Recipient(kind, uuid4()), AUTHORITY)
                await core.execute.erase(SUBJECT, legal_basis="UK GDPR art.17", asked_by="them", by=by())
                core.keys._cache.clear()
                with pytest.raises(NoSuchCorrespondent):
                    await contacts.of(recipient, AUTHORITY)
