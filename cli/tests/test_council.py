"""The demonstration council comes about as a real one would: by commands, in order, each thing once."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice, pairwise

import pytest
from rich.console import Console

from cli.council import Loaded, load, load_here
from deploy.local.process import CannotRun
from deploy.sample.applications import GIVEN, SURNAME_FIRST
from deploy.sample.council import Council
from services.registration.demonstration.diary import Diary
from services.registration.main import service
from services.registration.policies import POLICIES
from services.registration.views import VIEWS
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.policy import PolicyReader
from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.infrastructure import temporary_database
from shared.events.definition import REGISTRY
from shared.service.migrate import migrate

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNCIL = Council(300, seed=7)
SEALED_VALUE = re.compile(r"v1\.[\w-]+")


@pytest.fixture(scope="module")
async def core(postgres_url):
    """One council for all tests of this module: none of them changes it."""
    async with temporary_database(postgres_url) as url, registration(url) as it:
        it.loaded = await load_into(it)
        yield it


@asynccontextmanager
async def registration(url: str):
    """An empty database of registration, and everything that opens it."""
    await migrate(service.migrations, url)
    async with event_core(url, "registration", REGISTRY) as it:
        yield it


async def load_into(core, council: Council = COUNCIL, now: datetime = NOW) -> Loaded:
    return await load(council, core.url, core.keyring, lambda: now, Console(quiet=True))


async def opened(core, *names: str):
    """Every event of these types (of all, when none is named), opened, in the order of recording."""
    events = await core.store.read(after=0, limit=100_000)
    async with core.pool.acquire() as conn:
        return [e for e in await core.opener.open(conn, events) if not names or type(e.data).__name__ in names]


async def test_every_application_has_its_outcome_and_some_are_still_open(core):
    outcomes = core.loaded.applications
    assert sum(outcomes.values()) == 2 * outcomes["received"] == 600
    assert outcomes == {
        "received": 300,
        "allowed": 280,
        "rejected": 6,
        "withdrawn": 1,
        "duplicate": 7,
        "forwarded": 0,
        "open": 6,
    }


async def test_no_decider_refused_anything(core):
    assert core.loaded.refused == {}


async def test_every_elector_has_a_number_of_their_own_in_their_district(core):
    numbers = {}
    for event in await opened(core, "ElectorAdded", "ElectorRenumbered"):
        numbers[event.stream_id] = event.data.number
    assert len(numbers) == len(set(numbers.values())) == core.loaded.on_register == 280
    homes = {e.data.property_id: e.data.areas.district for e in await opened(core, "PropertyAllocated")}
    added = await opened(core, "ElectorAdded")
    assert all(numbers[e.stream_id].district == homes[e.data.property_id] for e in added)


async def test_the_last_revised_register_is_numbered_in_the_order_of_its_homes(core):
    homes = {e.stream_id: e.data.property_id for e in await opened(core, "ElectorAdded")}
    uprns = {e.stream_id: e.data.facts.uprn for e in await opened(core, "PropertyAdded")}
    renumbered = [e for e in await opened(core, "ElectorRenumbered") if e.data.numbered_in == date(2025, 12, 1)]
    in_order = sorted(renumbered, key=lambda e: (e.data.number.district, e.data.number.number))
    assert len(in_order) > 100
    assert [uprns[homes[e.stream_id]] for e in in_order] == sorted(uprns[homes[e.stream_id]] for e in in_order)


async def test_history_is_recorded_in_ascending_time_over_two_years_and_never_in_the_future(core):
    events = await core.store.read(after=0, limit=100_000)
    recorded = [e.recorded_at for e in events]
    # Commands of the same moment are appended side by side, so their positions may change places.
    assert max(earlier - later for earlier, later in pairwise(recorded)) < timedelta(minutes=1)
    streams = groupby(sorted(events, key=lambda e: (e.stream_id, e.version)), key=lambda e: e.stream_id)
    for _, of_one in streams:
        times = [e.recorded_at for e in of_one]
        assert times == sorted(times)
    assert recorded[0].date() == date(2024, 11, 22)
    assert NOW - timedelta(days=7) < recorded[-1] < NOW


async def test_nothing_is_recorded_before_it_happened(core):
    for event in await opened(core, "ApplicationReceived", "ApplicationAllowed", "ApplicationRejected"):
        happened = getattr(event.data, "received_at", None) or getattr(event.data, "determined_on", None)
        on = happened.date() if isinstance(happened, datetime) else happened
        assert on <= event.recorded_at.date() <= on + timedelta(days=5)  # a form sent at Easter waits for the office


async def test_who_is_allowed_waited_for_objections_and_who_is_added_was_allowed_just_before(core):
    listed = {e.stream_id: e.data for e in await opened(core, "ApplicationListed")}
    allowed = {e.stream_id: e for e in await opened(core, "ApplicationAllowed")}
    assert all(e.data.determined_on >= listed[stream].determine_from for stream, e in allowed.items())
    for event in await opened(core, "ElectorAdded"):
        cause = allowed[event.data.application_id]
        assert event.metadata.causation_id == cause.id
        assert cause.position < event.position


async def test_events_hold_no_personal_data_in_the_clear(core):
    payloads = await core.pool.fetch("SELECT payload::text AS text FROM event WHERE type NOT LIKE '%.property-%'")
    names = re.compile("|".join(rf"\b{word}" for word in (*GIVEN, *SURNAME_FIRST)))
    for row in payloads:
        clear = SEALED_VALUE.sub("", row["text"])
        assert not names.search(clear)
        assert "example.org" not in clear
        assert "XX " not in clear


async def test_a_second_load_adds_nothing_also_on_another_day(core):
    before = await core.pool.fetchval("SELECT count(*) FROM event")
    again = await load_into(core, now=NOW + timedelta(days=40))
    assert again.events == 0
    assert await core.pool.fetchval("SELECT count(*) FROM event") == before == core.loaded.events


async def test_another_council_is_refused_where_one_stands(core):
    with pytest.raises(CannotRun, match="reset"):
        await load_into(core, Council(300, seed=8))


async def test_a_load_that_broke_off_goes_on_where_it_stopped_as_of_its_own_day(database, monkeypatch):
    small, days = Council(30), Diary.pages
    async with registration(database) as core:
        monkeypatch.setattr(Diary, "pages", lambda *a: islice(days(*a), 20))
        broken_off = await load_into(core, small)
        monkeypatch.undo()
        rest = await load_into(core, small, now=NOW + timedelta(days=3))
    assert broken_off.applications["open"] > 0
    assert broken_off.first_day == rest.first_day
    assert broken_off.applications["received"] + rest.applications["received"] == 30


async def test_the_policies_of_a_running_service_find_everything_done(core):
    await core.set_up_views(*VIEWS)
    for policy in POLICIES:
        reader = PolicyReader(policy, core.execute, core.opener, Deadlines(service.deadlines))
        events = [e for e in await opened(core) if reader.wants(e.type)]
        async with core.pool.acquire() as conn, conn.transaction():
            await reader.handle(conn, events)
    assert await core.pool.fetchval("SELECT count(*) FROM event") == core.loaded.events


async def test_the_register_shows_every_entry_once(core):
    await core.set_up_views(*VIEWS)
    for view in VIEWS:
        await core.catch_up(view)
    in_force = await core.pool.fetch(
        "SELECT elector_id, district, number FROM register.entry WHERE known_to IS NULL AND effective_to IS NULL"
    )
    assert len(in_force) == len({row["elector_id"] for row in in_force}) == core.loaded.on_register
    assert len({(row["district"], row["number"]) for row in in_force}) == core.loaded.on_register


async def test_invented_people_are_kept_out_of_a_real_register(monkeypatch):
    for name, value in {
        "MOOT_ENV": "production",
        "MOOT_OIDC_ISSUER": "https://login.example.org",
        "MOOT_REGISTRATION_DATABASE_URL": "postgresql://nowhere.invalid/moothall_registration",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CannotRun, match="production"):
        await load_here(Council(1))
