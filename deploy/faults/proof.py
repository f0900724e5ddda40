"""What must hold after every fault, looked up from outside: in the tables, on the topic, in the views, in the seals."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import structlog

from deploy.faults.clerks import Acknowledged
from deploy.faults.system import CONTEXT, System
from services.registration.main import service
from shared.eventcore.audit import export_bundle
from shared.eventcore.clock import system_clock
from shared.eventcore.kafka import Stored
from shared.eventcore.keys import Keyring
from shared.eventcore.opening import Opener
from shared.eventcore.rebuild import ViewsDiffer, rebuild
from shared.eventcore.relay import Relay
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.seals import public_key
from shared.eventcore.store import read_all
from shared.eventcore.tailing import from_kafka, published_seals
from shared.eventcore.verify import verify

log = structlog.get_logger(__name__)

READERS = (
    Relay.consumer,
    *(view.consumer for view in service.views),
    *(f"policy:{policy.name}" for policy in service.policies),
)
"""Every consumer of registration's own events that saves positions."""
TOPIC_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found. Everything but the counts of events must be zero or empty."""

    stored: int
    lost: int
    """Acknowledged but not in the store; stored but not on the topic; asked for by an event but not done by its policy."""
    duplicated: int
    """Commands that happened more than once, or of which nobody knows; more than one elector for one application."""
    out_of_order: int
    """Streams whose versions are not 1, 2, 3 … in the order of positions; records on the topic out of their chain."""
    altered: int
    """Records whose payload, hash or place is not the stored one."""
    repeats: int
    """Records that came again on the topic, which consumers drop. Allowed: the relay sends at least once."""
    differing_views: tuple[str, ...]
    """Views whose rows are not those of a rebuild."""
    parked: int
    audit: str
    """Empty when the exported history verifies, with the published seals as witnesses; else what the auditor says."""
    unsealed: int
    """Events after the last seal. Zero at the end of a run; in between the sealer may be seconds behind."""

    @property
    def holds(self) -> bool:
        return not (
            self.lost or self.duplicated or self.out_of_order or self.altered or self.differing_views or self.parked
            or self.audit
        )  # fmt: skip


async def level(system: System, up_to: int | None = None) -> bool:
    """Whether relay, views and policies have passed every event, or every one up to a position."""
    async with system.database() as conn:
        return bool(
            await conn.fetchval(
                "SELECT NOT EXISTS (SELECT 1 FROM unnest($1::text[]) reader (consumer)"
                " CROSS JOIN (SELECT shard, max(position) AS position FROM event"
                "             WHERE position <= coalesce($3, position) GROUP BY shard) e"
                " LEFT JOIN checkpoint c ON c.consumer = reader.consumer AND c.source = $2 AND c.shard = e.shard"
                " WHERE coalesce(c.position, 0) < e.position)",
                list(READERS), CONTEXT, up_to,
            )
        )  # fmt: skip


async def sealed(system: System, up_to: int | None = None) -> bool:
    """Whether every event, or every one up to a position, is under a published seal."""
    async with system.database() as conn:
        return bool(
            await conn.fetchval(
                "SELECT coalesce($1, (SELECT max(position) FROM event), 0)"
                " <= coalesce((SELECT max(up_to) FROM seal WHERE published_at IS NOT NULL), 0)",
                up_to,
            )
        )


async def prove(system: System, acknowledged: Sequence[Acknowledged]) -> Proof:
    """Look everything up. Call it when the office is closed and all readers are level."""
    async with system.database() as conn:
        stored = [event async for batch in read_all(conn, CONTEXT) for event in batch]
        log_of = {r["command_id"]: r["events"] for r in await conn.fetch("SELECT command_id, events FROM command_log")}
        versions = {r["id"]: r["version"] for r in await conn.fetch("SELECT id, version FROM stream")}
        parked = await conn.fetchval("SELECT count(*) FROM parked")
    lost, duplicated = commands_amiss(acknowledged, stored, log_of)
    undone, doubled = electors_amiss(stored)
    records = await _on_topic(system, {event.position for event in stored})
    unpublished, misplaced, altered, repeats = topic_amiss(records, stored)
    audit, unsealed = await _audit(system)
    return Proof(
        stored=len(stored),
        lost=lost + undone + unpublished,
        duplicated=duplicated + doubled,
        out_of_order=streams_amiss(stored, versions) + misplaced,
        altered=altered,
        repeats=repeats,
        differing_views=await _differing_views(system),
        parked=parked,
        audit=audit,
        unsealed=unsealed,
    )


def commands_amiss(
    acknowledged: Iterable[Acknowledged], stored: Sequence[Stored], log_of: dict[str, int]
) -> tuple[int, int]:
    """Receipts that the store does not bear out, and commands that happened more than once or that nobody knows of."""
    at = {event.position: event for event in stored}
    brought = Counter(event.metadata.command_id for event in stored)
    lost = duplicated = 0
    known: Counter[str] = Counter()
    for receipt in acknowledged:
        event = at.get(receipt.position)
        if event is None or (event.stream_id, event.version) != (receipt.stream_id, receipt.version):
            lost += 1
            continue
        command = event.metadata.command_id
        known[command] += 1
        if brought[command] < receipt.events or log_of.get(command) != receipt.events:
            lost += 1
        elif brought[command] > receipt.events or known[command] > 1:
            duplicated += 1
    unknown = {event.metadata.command_id for event in stored if event.metadata.origin == "api"} - known.keys()
    return lost, duplicated + len(unknown)


def electors_amiss(stored: Sequence[Stored]) -> tuple[int, int]:
    """Allowed applications without an elector, and electors too many: what the policy must do once, it did once."""
    allowed = {e.id for e in stored if e.type == "moothall.registration.application-allowed.v1"}
    added = Counter(e.metadata.causation_id for e in stored if e.type == "moothall.registration.elector-added.v1")
    return len(allowed - added.keys()), sum(n - 1 for n in added.values()) + len(added.keys() - allowed)


def streams_amiss(stored: Sequence[Stored], versions: dict[Any, int]) -> int:
    """Streams that do not count 1, 2, 3 … in the order of positions up to the version that they are said to stand at."""
    found: dict[Any, list[int]] = defaultdict(list)
    for event in stored:
        found[event.stream_id].append(event.version)
    return sum(found[stream] != list(range(1, version + 1)) for stream, version in versions.items())


def topic_amiss(records: Iterable[Stored], stored: Sequence[Stored]) -> tuple[int, int, int, int]:
    """`(missing, out of their chain, altered, repeats)`: the topic read from its beginning, repeats dropped by position."""
    expected = {event.position: event for event in stored}
    reached: dict[int, int] = defaultdict(int)
    fresh: set[int] = set()
    misplaced = altered = repeats = 0
    for record in records:
        if record.position <= reached[record.shard]:
            repeats += 1
            misplaced += record.position not in fresh  # it comes late: a reader would take it for a repeat and drop it
            continue
        misplaced += record.previous != reached[record.shard]
        altered += _content(record) != _content(expected.get(record.position))
        reached[record.shard] = record.position
        fresh.add(record.position)
    return len(expected.keys() - fresh), misplaced, altered, repeats


def _content(event: Stored | None) -> Any:
    if event is None:
        return None
    return (
        event.shard, event.stream_id, event.version, event.type, event.payload.encode(), event.content_hash, event.metadata
    )  # fmt: skip


async def _on_topic(system: System, expected: set[int]) -> list[Stored]:
    """The topic from its beginning until every expected position was seen, or no more comes."""
    records: list[Stored] = []
    missing = set(expected)
    if not missing:
        return records
    try:
        async with (
            asyncio.timeout(TOPIC_SECONDS),
            aclosing(from_kafka(system.kafka.bootstrap, CONTEXT, from_start=True)) as topic,
        ):
            async for record in topic:
                records.append(record)
                missing.discard(record.position)
                if not missing:
                    break
    except TimeoutError:
        log.warning("records missing", count=len(missing))
    return records


async def _differing_views(system: System) -> tuple[str, ...]:
    """Rebuild every view beside the live one and compare, row by row. The workers go on meanwhile."""
    opener = Opener(SubjectKeys(Keyring.load(system.topology.keys / CONTEXT)), service.registry)
    differing = []
    async with asyncpg.create_pool(system.owner_url, min_size=0, max_size=5) as pool:
        for view in service.views:
            try:
                equal = (await rebuild(pool, CONTEXT, view, opener, system_clock)).equal
            except ViewsDiffer:
                equal = False
            if not equal:
                differing.append(view.name)
    return tuple(differing)


async def _audit(system: System) -> tuple[str, int]:
    witnesses = [seal.head for seal in await published_seals(system.kafka.bootstrap, CONTEXT)]
    key = public_key(Keyring.load(system.topology.keys / CONTEXT).seal)
    with tempfile.TemporaryDirectory(prefix="moot-faults-") as folder:
        bundle = Path(folder) / "registration.jsonl.gz"
        async with system.database() as conn:
            await export_bundle(conn, bundle, CONTEXT, system_clock())
        verdict = await asyncio.to_thread(verify, bundle, [key], witnesses)
    return "" if verdict.verified else verdict.sentences()[0], verdict.unsealed
