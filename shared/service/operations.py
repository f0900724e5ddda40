"""What operators see of a service's readers and seals, and may ask of them: `GET /operations/…`. Positions, types and classes
of failures; no payload and no name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from shared.eventcore.observing import lag_by_shard
from shared.eventcore.relay import Relay
from shared.eventcore.seals import Seal, link_fault
from shared.service.auth import Authority, Officer, requires
from shared.service.database import Reading
from shared.service.problems import Problem
from shared.service.service import Service

router = APIRouter(prefix="/operations", tags=["operations"])
OPERATOR = requires("operator")
WHOLE_CHAIN = 10_000
"""Links of the chain that one look goes back."""


class ShardBehind(BaseModel):
    """Events of one shard that the reader has not passed yet, counted up to 1,000, and when the oldest was recorded."""

    shard: int
    events: int
    oldest: datetime | None


class ReaderStanding(BaseModel):
    """A relay, view or policy (`reader`), how far it is behind the service's own events in all, and in which shards."""

    reader: str
    behind: int
    oldest: datetime | None
    shards: list[ShardBehind]


class ParkedEvent(BaseModel):
    """`problem` is the class and place of the failure, empty for one that waits behind another; `asked_at`: when somebody asked
    to have it tried again, which has not been done yet."""

    consumer: str
    source: str
    stream_id: UUID
    position: int
    type: str
    problem: str
    attempts: int
    parked_at: datetime
    asked_at: datetime | None


class Retry(BaseModel):
    """Which sequence to try again: of which reader, from which context, of which stream."""

    consumer: Annotated[str, Field(max_length=100, pattern=r"^(view|policy):[a-z_0-9]+$")]
    source: Annotated[str, Field(max_length=30, pattern=r"^[a-z]+$")]
    stream_id: UUID


class SealStanding(BaseModel):
    """One seal, and what is wrong with it as the successor of the one before; empty if nothing is."""

    number: int
    after: int
    to: int
    events: int
    sealed_at: str
    published_at: datetime | None
    fault: str


class SealChain(BaseModel):
    """The newest seals, newest first. `verified`: every signature and link of the `checked` seals holds. Whether the events are
    those that were sealed, `moot audit verify` proves from a copy."""

    verified: bool
    checked: int
    head: str | None
    sealed_to: int
    unsealed: int
    seals: list[SealStanding]


@router.get("/readers", dependencies=[OPERATOR])
async def readers(request: Request, conn: Reading) -> list[ReaderStanding]:
    """Every reader of the service's own events, the furthest behind first."""
    service: Service = request.app.state.service
    own = {service.context, "core"}
    views = [view.consumer for view in service.views if own & view.sources]
    policies = [policy.consumer for policy in service.policies if own & policy.sources]
    late: dict[str, list[ShardBehind]] = {reader: [] for reader in (Relay.consumer, *views, *policies)}
    for found in await lag_by_shard(conn, service.context, list(late)):
        if found.events:
            late[found.reader].append(ShardBehind(shard=found.shard, events=found.events, oldest=found.oldest))
    standing = [
        ReaderStanding(
            reader=reader,
            behind=sum(each.events for each in shards),
            oldest=min((each.oldest for each in shards if each.oldest), default=None),
            shards=shards,
        )
        for reader, shards in late.items()
    ]
    return sorted(standing, key=lambda reader: (-reader.behind, reader.reader))


@router.get("/parked", dependencies=[OPERATOR])
async def parked(conn: Reading, authority: Authority) -> list[ParkedEvent]:
    """What could not be applied: in each stream first the event that failed, then those that wait behind it."""
    rows = await conn.fetch("SELECT * FROM parked_of($1)", [authority])
    return [ParkedEvent(**row) for row in rows]


@router.put("/parked/retries", status_code=202, response_class=Response, dependencies=[OPERATOR])
async def retry(request: Request, body: Retry, authority: Authority, officer: Officer) -> Response:
    """Have a parked sequence tried again, within seconds, by the process that runs its reader. Asked twice it is done once."""
    state: Any = request.app.state
    asked = await state.pool.fetchval(
        "SELECT ask_retry($1, $2, $3, $4, $5, $6)",
        authority, body.consumer, body.source, body.stream_id, officer.id, state.clock(),
    )  # fmt: skip
    if not asked:
        raise Problem(
            404, "nothing-parked", "Nothing of this stream is parked for that reader.",
            next="Look at the list again: somebody may have had it tried already.",
        )  # fmt: skip
    return Response(status_code=202)


@router.get("/seals", dependencies=[requires("operator", "auditor")])
async def seals(request: Request, conn: Reading, limit: Annotated[int, Query(ge=1, le=100)] = 25) -> SealChain:
    """Whether the chain of seals holds."""
    rows = await conn.fetch("SELECT seal, published_at FROM seal ORDER BY number DESC LIMIT $1", WHOLE_CHAIN + 1)
    chain = [(Seal.from_json(row["seal"]), row["published_at"]) for row in reversed(rows)]
    whole = len(chain) <= WHOLE_CHAIN
    before = None if whole else chain.pop(0)[0]
    trusted = {seal.key for seal, _ in chain[-1:]}
    standing: list[SealStanding] = []
    for seal, published_at in chain:
        standing.append(
            SealStanding(
                number=seal.number, after=seal.after, to=seal.to, events=seal.count, sealed_at=seal.sealed_at,
                published_at=published_at, fault=link_fault(seal, before, trusted) or "",
            )
        )  # fmt: skip
        before = seal
    highest = await conn.fetchval("SELECT last_position()")
    return SealChain(
        verified=not any(each.fault for each in standing),
        checked=len(standing),
        head=before.head if before else None,
        sealed_to=before.to if before else 0,
        unsealed=max(0, highest - (before.to if before else 0)),
        seals=standing[::-1][:limit],
    )
