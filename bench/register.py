"""Part `register`: the full register as CSV through the API, today's and as at a past day, beside COPY TO of the same query."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
import psutil

from bench.ground import Ground
from bench.measuring import Comparison, Contender, take_turns
from bench.registration import Registration, registration
from deploy.sample.council import Council
from deploy.topology import AUTHORITY
from services.registration.views.in_print import address_cells, mark_cells, name_cells
from services.registration.views.register import Entry, PlaceAddress, PlaceAreas, Register
from services.registration.views.register_as_at import Moment
from services.registration.views.register_file import register_file
from shared.eventcore.clock import system_clock
from shared.eventcore.projection import ViewTable, table_of
from shared.eventcore.recording import shard_of
from shared.eventcore.views import set_up
from shared.events.values import Authority, FranchiseFacts, PersonName, Uprn, property_id
from shared.service.database import compiled

PART = "register"
TARGET = 0.5
TODAY, PAST, SINCE = date(2026, 11, 22), date(2026, 3, 1), date(2025, 12, 1)
KNOWN = datetime(2025, 12, 1, 9, tzinfo=UTC)
BOUND_MIB = 128.0
"""By how much the API's memory may grow during an export, whatever its size."""


@dataclass
class _Memory:
    grown: float = 0.0


async def measure(ground: Ground) -> list[Comparison]:
    people, memory = ground.sizes.electors, _Memory()
    async with registration(ground, ("api",)) as desk, asyncpg.create_pool(desk.url, min_size=1, max_size=2) as pool:
        await _fill(pool, people)
        days = {"today": TODAY, "as at a past day": PAST}
        contenders: dict[str, Contender] = {}
        for name, day in days.items():
            contenders[name] = _exported(desk, day, people, memory)
            contenders[f"COPY TO, {name}"] = _copied(pool, day, people)
        done = await take_turns(ground.sizes.rounds, contenders, ground.say)
    note = f"{people:,} electors; the API grew by {memory.grown:.0f} MiB at most"
    return [
        done.compare(PART, f"full register, {name}", "electors/s", name, [f"COPY TO, {name}"], TARGET, note)
        for name in days
    ]


def _exported(desk: Registration, day: date, people: int, memory: _Memory) -> Contender:
    async def measured() -> float:
        process = psutil.Process(desk.roles["api"].process.pid)
        before, lines = process.memory_info().rss, -1  # less the header
        started = time.perf_counter()
        async with (
            httpx.AsyncClient(base_url=desk.api, timeout=None) as http,
            http.stream(
                "GET", f"/register.csv?effective={day}",
                headers={"Authorization": f"Bearer {desk.bearer}", "X-Reason": "benchmark"},
            ) as answer,
        ):  # fmt: skip
            answer.raise_for_status()
            async for chunk in answer.aiter_bytes():
                lines += chunk.count(b"\n")
                memory.grown = max(memory.grown, (process.memory_info().rss - before) / 2**20)
        took = time.perf_counter() - started
        if lines != people:
            raise LookupError(f"{lines} lines for {people} electors")
        return people / took

    return measured


def _copied(pool: asyncpg.Pool[Any], day: date, people: int) -> Contender:
    sql, arguments = compiled(register_file(AUTHORITY, Moment(day)))

    async def measured() -> float:
        lines = 0

        async def take(chunk: bytes) -> None:
            nonlocal lines
            lines += chunk.count(b"\n")

        async with pool.acquire() as conn:
            started = time.perf_counter()
            await conn.copy_from_query(sql, *arguments, output=take, format="csv")
            took = time.perf_counter() - started
        if lines != people:
            raise LookupError(f"{lines} lines for {people} electors")
        return people / took

    return measured


# --- a register that needs no casework --------------------------------------------------------------------------------


async def _fill(pool: asyncpg.Pool[Any], people: int) -> None:
    """The read model's rows of a whole council, each entry corrected once: what a year's work leaves, two rectangles each."""
    council = Council(people)
    await set_up(pool, [Register.view], system_clock)
    async with pool.acquire() as conn:
        for model, rows in (
            (PlaceAddress, _addresses(council)),
            (PlaceAreas, _areas(council)),
            (Entry, _entries(council)),
        ):
            await _copy(conn, model, rows)
        await conn.execute("VACUUM (ANALYZE)")


async def _copy(conn: Any, model: type[ViewTable], rows: Iterator[dict[str, Any]]) -> None:
    columns = [column.name for column in table_of(model).columns]
    await conn.copy_records_to_table(
        table_of(model).name,
        schema_name="register",
        columns=columns,
        records=(tuple(row.get(c) for c in columns) for row in rows),
    )


def _home(council: Council, index: int) -> UUID:
    return property_id(Authority(AUTHORITY), Uprn(council.property(index).uprn))


def _seen(stream: UUID, version: int) -> dict[str, Any]:
    return {
        "authority": AUTHORITY,
        "version": version,
        "shard": shard_of(stream),
        "position": version,
        "known_from": KNOWN,
    }


def _addresses(council: Council) -> Iterator[dict[str, Any]]:
    for place in council.properties():
        home = property_id(Authority(AUTHORITY), Uprn(place.uprn))
        written = (f"{place.number}{place.suffix} {place.street}", place.town, place.postcode)
        lines = orjson.dumps(written).decode()
        walk = f"{place.town}\t{place.street}\t{place.number:06}"
        yield _seen(home, 1) | {
            "property_id": home,
            "effective_from": SINCE,
            "lines": lines,
            "walk": walk,
            **address_cells(written),
        }


def _areas(council: Council) -> Iterator[dict[str, Any]]:
    for place in council.properties():
        home = property_id(Authority(AUTHORITY), Uprn(place.uprn))
        told = {"ward": place.ward, "parish": "", "county_division": "", "constituency": ""}
        yield _seen(home, 2) | {"property_id": home, "effective_from": SINCE, **told}


def _entries(council: Council) -> Iterator[dict[str, Any]]:
    homes = [(_home(council, n), council.property(n).district) for n in range(council.property_count)]
    born = [
        FranchiseFacts(date(1980 if n else 2010, 12, 1), nationalities=("PL" if n == 1 else "GB",)) for n in range(20)
    ]
    entitled = [(orjson.dumps(facts).decode(), orjson.dumps(mark_cells(facts, SINCE)).decode()) for facts in born]
    for number in range(council.electors):
        franchise, marks = entitled[number % len(entitled)]
        home, district = homes[number % len(homes)]
        elector, person = UUID(int=2 * number + 1), UUID(int=2 * number + 2)
        row = {
            "elector_id": elector, "effective_from": SINCE, "person_id": person, "property_id": home, "district": district,
            "number": number + 1, "suffix": 0, "numbered_in": SINCE, "opted_out": number % 2 == 0, "anonymous": False,
            "by_surname": f"marsh\tada {number}\t",
            "franchise": franchise, "marks": None if marks == "null" else marks,
        }  # fmt: skip
        superseded = {
            "known_to": KNOWN,
            "to_position": 2,
            **_named(PersonName(f"Ada {number}", "Mash")),
        }
        stands = _named(PersonName(f"Ada {number}", "Marsh", "Iris"))
        yield _seen(elector, 1) | row | superseded
        yield _seen(elector, 2) | row | stands


def _named(name: PersonName) -> dict[str, Any]:
    return {"name": orjson.dumps(name).decode(), **name_cells(name)}
