"""What must hold after every fault, looked up from outside: in the tables, on the topics, in the views, in the seals."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer

from deploy.faults.clerks import Acknowledged, Ledger
from deploy.faults.injection import INJECTED
from deploy.faults.system import SPLIT, System, service_of
from deploy.topology import CONTEXTS
from shared.eventcore.audit import export_bundle
from shared.eventcore.clock import system_clock
from shared.eventcore.filling import RebuildStopped
from shared.eventcore.kafka import Stored, topic_of
from shared.eventcore.keys import Keyring
from shared.eventcore.opening import Opener
from shared.eventcore.rebuild import ViewsDiffer, rebuild
from shared.eventcore.relay import Relay
from shared.eventcore.replay import topics
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.seals import public_key
from shared.eventcore.store import read_all
from shared.eventcore.tailing import published_seals
from shared.eventcore.verify import verify

log = structlog.get_logger(__name__)


CONSEQUENCES = {
    "moothall.registration.appeal-decided.v1": "moothall.registration.application-allowed.v1",
    "moothall.registration.application-allowed.v1": "moothall.registration.elector-added.v1",
}
"""What a policy makes of an event, and nothing else in a run does."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found in all services. Everything but the counts of events must be zero or empty."""

    stored: int
    lost: int
    """Acknowledged but not in the store; stored but not on the topic; asked for by an event but not done by its policy."""
    duplicated: int
    """Commands that happened more than once, or of which nobody knows; more than one effect of one event."""
    out_of_order: int
    """Streams whose versions are not 1, 2, 3 … in the order of positions; records on the topic out of their chain."""
    altered: int
    """Records whose payload, hash or place is not the stored one."""
    repeats: int
    """Records that came again on the topic, which consumers drop. Allowed: the relay sends at least once."""
    differing_views: tuple[str, ...]
    """Views whose rows are not those of a rebuild."""
    parked: int
    audit: tuple[str, ...]
    """Empty when every exported history verifies, with the published seals as witnesses; else what the auditor says."""
    unsealed: int
    """Events after the last seal. Zero at the end of a run; in between the sealer may be seconds behind."""

    @property
    def holds(self) -> bool:
        return not (
            self.lost or self.duplicated or self.out_of_order or self.altered or self.differing_views or self.parked
            or self.audit
        )  # fmt: skip

    def __add__(self, other: Proof) -> Proof:
        return Proof(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Proof)))


Positions = Mapping[int, int]
"""By shard."""


async def level(system: System, up_to: Mapping[str, int] | None = None) -> bool:
    """Whether every relay, view and policy has passed every event of every source, or those up to a position of each."""
    ends: dict[str, Positions] = {}
    standing: dict[str, dict[tuple[str, str], dict[int, int]]] = {}
    for context in CONTEXTS:
        async with system.database(context) as conn:
            rows = await conn.fetch(
                "SELECT shard, max(position) AS position FROM event WHERE position <= coalesce($1, position) GROUP BY shard",
                (up_to or {}).get(context),
            )
            ends[context] = {row["shard"]: row["position"] for row in rows}
            standing[context] = defaultdict(dict)
            for row in await conn.fetch("SELECT * FROM checkpoint"):
                standing[context][row["consumer"], row["source"]][row["shard"]] = row["position"]
    return not any(
        standing[context].get((consumer, source), {}).get(shard, 0) < position
        for context in CONTEXTS
        for consumer, source in readers(context)
        for shard, position in ends[source].items()
    )


def readers(context: str) -> list[tuple[str, str]]:
    """Every consumer of a service that saves positions, with each source that it reads."""
    service = service_of(context)
    found = [(Relay.consumer, context)]
    reading = [(view.consumer, view.sources) for view in service.views]
    reading += [(policy.consumer, policy.sources) for policy in service.policies]
    for consumer, sources in reading:
        # Facts about a person's data are recorded in whichever service owns that person.
        found += [(consumer, context if source == "core" else source) for source in sorted(sources)]
    return list(dict.fromkeys(found))


async def sealed(system: System, up_to: Mapping[str, int] | None = None) -> bool:
    """Whether every event, or every one up to a position of each service, is under a published seal."""
    for context in CONTEXTS:
        async with system.database(context) as conn:
            if not await conn.fetchval(
                "SELECT coalesce($1, (SELECT max(position) FROM event), 0)"
                " <= coalesce((SELECT max(up_to) FROM seal WHERE published_at IS NOT NULL), 0)",
                (up_to or {}).get(context),
            ):
                return False
    return True


async def prove(system: System, ledger: Ledger) -> Proof:
    """Look everything up. Call it when the office is closed and all readers are level."""
    proofs = [await _prove(system, context, ledger.of(context)) for context in CONTEXTS]
    return sum(proofs[1:], proofs[0])


async def _prove(system: System, context: str, acknowledged: Sequence[Acknowledged]) -> Proof:
    async with system.database(context) as conn:
        stored = [event async for batch in read_all(conn, context) for event in batch]
        log_of = {r["command_id"]: r["events"] for r in await conn.fetch("SELECT command_id, events FROM command_log")}
        versions = {r["id"]: r["version"] for r in await conn.fetch("SELECT id, version FROM stream")}
        parked = await conn.fetchval("SELECT count(*) FROM parked")
    lost, duplicated = commands_amiss(acknowledged, stored, log_of)
    undone, doubled = consequences_amiss(stored) if context == SPLIT else (0, 0)
    unpublished, misplaced, altered, repeats = topic_amiss(await _on_topic(system, context), stored)
    audit, unsealed = await _audit(system, context)
    return Proof(
        stored=len(stored),
        lost=lost + undone + unpublished,
        duplicated=duplicated + doubled,
        out_of_order=streams_amiss(stored, versions) + misplaced,
        altered=altered,
        repeats=repeats,
        differing_views=await _differing_views(system, context),
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


def consequences_amiss(stored: Sequence[Stored]) -> tuple[int, int]:
    """Events without what a policy must make of them, and too much of it: what it must do once, it did once."""
    lost = doubled = 0
    for cause, effect in CONSEQUENCES.items():
        causes = {e.id for e in stored if e.type == cause}
        brought = Counter(e.metadata.causation_id for e in stored if e.type == effect)
        lost += len(causes - brought.keys())
        doubled += sum(n - 1 for n in brought.values()) + len(brought.keys() - causes)
    return lost, doubled


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


async def _on_topic(system: System, context: str) -> list[Stored]:
    """The whole topic, without what this run put there itself."""
    consumer = AIOKafkaConsumer(
        topic_of(context), bootstrap_servers=system.kafka.bootstrap, group_id=None, auto_offset_reset="earliest"
    )
    await consumer.start()
    found: list[Stored] = []
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [Stored.from_record(r) for r in records if INJECTED not in r.headers]
    finally:
        await consumer.stop()
    return found


async def _differing_views(system: System, context: str) -> tuple[str, ...]:
    """Rebuild every view beside the live one and compare, row by row. The workers go on meanwhile."""
    service = service_of(context)
    opener = Opener(SubjectKeys(Keyring.load(system.topology.keys / context)), service.registry)
    differing = []
    async with asyncpg.create_pool(system.topology.database_url(context), min_size=0, max_size=5) as pool:
        for view in service.views:
            try:
                done = await rebuild(pool, context, view, opener, system_clock, topics=topics(system.kafka.bootstrap))
                equal = done.equal
            except (ViewsDiffer, RebuildStopped) as problem:
                log.error("view differs", view=view.name, problem=str(problem))
                equal = False
            if not equal:
                differing.append(f"{context}.{view.name}")
    return tuple(differing)


async def _audit(system: System, context: str) -> tuple[tuple[str, ...], int]:
    witnesses = [seal.head for seal in await published_seals(system.kafka.bootstrap, context)]
    key = public_key(Keyring.load(system.topology.keys / context).seal)
    with tempfile.TemporaryDirectory(prefix="moot-faults-") as folder:
        bundle = Path(folder) / f"{context}.jsonl.gz"
        async with system.database(context) as conn:
            await export_bundle(conn, bundle, context, system_clock())
        verdict = await asyncio.to_thread(verify, bundle, [key], witnesses)
    return () if verdict.verified else (verdict.sentences()[0],), verdict.unsealed
