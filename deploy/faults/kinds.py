"""Everything that is broken on purpose, one thing at a time: how, and how it is brought back as an operator would."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deploy.faults.disks import may_mount
from deploy.faults.injection import send_again, send_unsent_backwards
from deploy.faults.proof import level, sealed
from deploy.faults.system import SPLIT, WHOLE, System, freeze, service_of, thaw
from deploy.local.broker import LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.process import Process
from deploy.preparation import prepare_topics
from deploy.topology import CONTEXTS
from shared.eventcore.applying import retry_parked
from shared.eventcore.keys import Keyring
from shared.eventcore.opening import Opener
from shared.eventcore.relay import OWNERSHIP
from shared.eventcore.republish import republish
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.views import ViewReader

DOWN = 2.0
"""Seconds that the clerks work on without what was broken."""
SEED = 7

Step = Callable[[System], Awaitable[None]]

ALL = frozenset(CONTEXTS)
NONE: frozenset[str] = frozenset()


class HadNoEffect(Exception):
    """A fault did not break what it is there to break: then nothing was proven."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`strike` breaks something, `mend` brings it back."""

    name: str
    strike: Step
    mend: Step
    prepare: Step | None = None
    down: float = DOWN
    stops: frozenset[str] | None = NONE
    """Services that can acknowledge nothing while it lasts, and say so; the clerks of the others must not even notice. None
    when that is left open: something is broken so often, or so slowly, that both are right."""
    recovered: Callable[[System, Mapping[str, int]], Awaitable[bool]] = level
    """Whether what was broken has passed these positions again."""
    cannot: Callable[[], str] = str
    """Why it cannot be done on this machine; empty when it can."""


async def nothing(system: System) -> None:
    pass


def killed(name: str, **told: Any) -> Fault:
    """SIGKILL to one process of a service, started again. `told`: further fields of the fault."""

    async def strike(system: System) -> None:
        await asyncio.to_thread(system.processes[name].kill)

    async def mend(system: System) -> None:
        system.processes[name].start()
        await system.ready(name)

    return Fault(f"{name} killed", strike, mend, **told)


# --- broker and database ------------------------------------------------------------------------------------------------


async def _kill_broker(system: System) -> None:
    await asyncio.to_thread(system.kafka.kill)


async def _stop_broker(system: System) -> None:
    await asyncio.to_thread(system.kafka.stop)


async def _start_broker(system: System) -> None:
    await asyncio.to_thread(system.kafka.start)


async def _freeze_broker(system: System) -> None:
    freeze(system.kafka.pid)


async def _thaw_broker(system: System) -> None:
    thaw(system.kafka.pid)


async def _lose_broker(system: System) -> None:
    """Everything that it ever kept: topics, offsets, groups."""
    await _kill_broker(system)
    await asyncio.to_thread(shutil.rmtree, system.kafka.state / "topics")


async def _rebuild_broker(system: System) -> None:
    """`moot relay republish` for every service."""
    await _start_broker(system)
    await prepare_topics(system.kafka.bootstrap)

    async def again(context: str) -> None:
        async with system.database(context) as conn:
            await republish(conn, context, system.kafka.bootstrap)

    await asyncio.gather(*map(again, CONTEXTS))


async def _kill_database(system: System) -> None:
    await asyncio.to_thread(system.postgres.kill)


async def _stop_database(system: System) -> None:
    await asyncio.to_thread(system.postgres.stop)


async def _start_database(system: System) -> None:
    await asyncio.to_thread(system.postgres.start)


async def _cut_network(system: System) -> None:
    system.wire.cut()


async def _mend_network(system: System) -> None:
    system.wire.mend()


# --- disks --------------------------------------------------------------------------------------------------------------


def full_disk(server: str, restart: Step, **told: Any) -> Fault:
    async def strike(system: System) -> None:
        await asyncio.to_thread(system.disks[server].fill)

    async def mend(system: System) -> None:
        system.disks[server].free()
        await restart(system)

    def cannot() -> str:
        return "" if may_mount() else "this account may not mount a small file system: run it as root"

    return Fault(f"disk of the {server} full", strike, mend, down=6.0, cannot=cannot, stops=None, **told)


async def _restart_broker_if_it_died(system: System) -> None:
    if not system.kafka.running():
        await _start_broker(system)


async def _restart_database_if_it_died(system: System) -> None:
    if not system.postgres.running():
        await _start_database(system)


# --- relays -------------------------------------------------------------------------------------------------------------


async def _start_second_relay(system: System) -> None:
    await system.start_second_relay()


async def _make_a_zombie(system: System) -> None:
    """Frozen in the middle of its work, its database session lost as by a cut network: the second relay takes over."""
    freeze(system.processes["relay"].pid)
    async with system.database(SPLIT) as conn:
        await conn.execute(
            "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks"
            " WHERE locktype = 'advisory' AND objsubid = 2 AND classid::bigint = $1 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) owner",
            OWNERSHIP,
        )


async def _wake_the_zombie(system: System) -> None:
    """It goes on with what it was sending, beside the new owner; then that one dies, and it is the owner again."""
    thaw(system.processes["relay"].pid)
    await asyncio.sleep(DOWN)
    await system.kill_second_relay()


# --- delivery -----------------------------------------------------------------------------------------------------------


async def _deliver_again(system: System) -> None:
    if not await send_again(system, SEED):
        raise HadNoEffect("nothing was published yet that could come again")


async def _stop_relaying(system: System) -> None:
    await asyncio.to_thread(system.processes["relay"].kill)


async def _deliver_backwards(system: System) -> None:
    """What the relay missed reaches the readers last first; then the relay sends it as it should be."""
    if not await send_unsent_backwards(system):
        raise HadNoEffect("nothing was left that could come in the wrong order")
    await asyncio.sleep(DOWN)
    system.processes["relay"].start()


POISONED = "properties"
"""The view, and its table `property`, that cannot take half of the properties."""


async def _poison(system: System) -> None:
    async with system.database(SPLIT) as conn:
        await conn.execute(
            "ALTER TABLE properties.property ADD CONSTRAINT poison"
            " CHECK (get_byte(uuid_send(property_id), 15) % 2 = 0) NOT VALID"
        )


async def _find_an_antidote(system: System) -> None:
    """As after a corrected build: `moot parked retry` for every stream that is parked."""
    service = service_of(SPLIT)
    reader = next(ViewReader(view) for view in service.views if view.name == POISONED)
    opener = Opener(SubjectKeys(Keyring.load(system.topology.keys / SPLIT)), service.registry)
    async with system.database(SPLIT) as conn:
        waiting = "SELECT DISTINCT stream_id FROM parked WHERE consumer = $1"
        for _ in range(60):  # clerks enter a property now and then, and half of them are poison
            if await conn.fetch(waiting, reader.consumer):
                break
            await asyncio.sleep(0.5)
        else:
            raise HadNoEffect("no event was parked")
        await conn.execute("ALTER TABLE properties.property DROP CONSTRAINT poison")
        while streams := await conn.fetch(waiting, reader.consumer):
            for row in streams:
                await retry_parked(conn, reader, SPLIT, row["stream_id"], opener)


# --- clocks -------------------------------------------------------------------------------------------------------------


def clocks_jump(by: timedelta) -> Step:
    """The injected clock of every process of every service, which follows this table."""

    async def jump(system: System) -> None:
        for context in CONTEXTS:
            async with system.database(context) as conn:
                await conn.execute(
                    "INSERT INTO rehearsal AS r VALUES (true, $1)"
                    " ON CONFLICT (only_row) DO UPDATE SET ahead = r.ahead + excluded.ahead",
                    by,
                )

    return jump


# --- chance -------------------------------------------------------------------------------------------------------------


def restarts_at_random(times: int) -> Fault:
    """One process after another, whichever it is, is killed and started again, while the last may not be ready yet."""

    async def strike(system: System) -> None:
        chance = random.Random(SEED)
        victims: list[Process | LocalKafka | LocalPostgres] = [
            *system.processes.values(),
            system.kafka,
            system.postgres,
        ]
        for _ in range(times):
            victim = chance.choice(victims)
            await asyncio.to_thread(victim.kill)
            await asyncio.sleep(chance.uniform(0.1, 1.0))
            await asyncio.to_thread(victim.start)
            await asyncio.sleep(chance.uniform(0.1, 1.5))

    async def mend(system: System) -> None:
        await system.ready(*system.processes)

    return Fault(f"{times} restarts at random", strike, mend, down=0.0, stops=None)


def faults(restarts: int) -> tuple[Fault, ...]:
    """All of them."""
    return (
        killed("relay"),
        Fault("relay a zombie", _make_a_zombie, _wake_the_zombie, prepare=_start_second_relay),
        killed("views"),
        killed("policies"),
        killed("deadlines"),
        killed("sealer", recovered=sealed),
        killed("api", stops=frozenset({SPLIT})),
        *(killed(context, stops=frozenset({context})) for context in WHOLE),
        Fault("broker killed", _kill_broker, _start_broker),
        Fault("broker restarted", _stop_broker, _start_broker),
        Fault("broker frozen", _freeze_broker, _thaw_broker, down=6.0),
        Fault("broker cut off", _cut_network, _mend_network, down=6.0),
        Fault("broker lost with all its data", _lose_broker, _rebuild_broker),
        full_disk("kafka", _restart_broker_if_it_died),
        Fault("database killed", _kill_database, _start_database, stops=ALL),
        Fault("database restarted", _stop_database, _start_database, stops=ALL),
        full_disk("postgres", _restart_database_if_it_died),
        Fault("records again and late", _deliver_again, nothing),
        Fault("records in the wrong order", _stop_relaying, _deliver_backwards),
        Fault("poison event", _poison, _find_an_antidote),
        Fault("clocks a day ahead", clocks_jump(timedelta(days=1)), nothing),
        Fault("clocks two hours back", clocks_jump(timedelta(hours=-2)), nothing),
        restarts_at_random(restarts),
    )


QUICK = ("relay a zombie", "broker lost with all its data", "database killed", "poison event")
"""What the tests run: one of each sort."""
