"""One fault after another while clerks work, and after each the proof: `await run_faults(directory)`.

fault       what is done to the system, and undone
down        seconds from the kill until it is started again
recovery    seconds from the kill until a command asked after it was acknowledged, and relay, views and policies had
            passed everything acknowledged by then
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.faults.clerks import Acknowledged, Office
from deploy.faults.proof import Proof, level, prove, sealed
from deploy.faults.system import SECOND_RELAY, System, until
from deploy.local.system import is_ready
from services.registration.main import service
from shared.eventcore.relay import OWNERSHIP

CLERKS = 5
BEFORE = 1.0
"""Seconds of quiet work before each fault."""
DOWN = 2.0
"""Seconds that the clerks work on without the part that was killed."""
LEVEL_WITHIN = 90.0

Step = Callable[[System], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """`strike` breaks something, `mend` brings it back as an orchestrator would."""

    name: str
    strike: Step
    mend: Step
    prepare: Step | None = None
    stops_commands: bool = False
    """Nothing can be acknowledged while it lasts; else the clerks must not even notice."""
    recovered: Callable[[System, int], Awaitable[bool]] = level
    """Whether what was broken has passed this position again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one fault did to the service, and what was found afterwards."""

    fault: str
    acknowledged: int
    """Commands answered with a receipt, from shortly before the fault until the service was level again."""
    acknowledged_while_down: int
    asked_again: int
    """Repeats of commands whose outcome was unknown."""
    down_seconds: float
    answered_seconds: float
    """From the kill until a command asked after it was acknowledged."""
    recovery_seconds: float
    honest: bool
    """While it was down the API took commands, and said that it was ready to; or neither, if the fault stops commands."""
    proof: Proof


@dataclass(frozen=True, slots=True)
class Report:
    outcomes: list[Outcome]
    final: Proof
    """After everything, sealed to the last event."""
    acknowledged: int
    wrong_answers: dict[str, int]
    """Answers that were neither a receipt nor an honest 503, by status and problem."""
    seconds: float

    @property
    def holds(self) -> bool:
        proofs = [*(outcome.proof for outcome in self.outcomes), self.final]
        return (
            all(proof.holds for proof in proofs)
            and all(outcome.honest for outcome in self.outcomes)
            and not self.wrong_answers
            and not self.final.unsealed
        )

    def as_data(self) -> dict[str, Any]:
        """For JSON; `holds` says it in one word."""
        return {"holds": self.holds, **asdict(self)}

    def rows(self) -> list[tuple[str, ...]]:
        """One line per fault, as text, under `COLUMNS`."""
        return [
            (
                o.fault, str(o.acknowledged), str(o.acknowledged_while_down), str(o.asked_again), str(o.proof.lost),
                str(o.proof.duplicated), str(o.proof.out_of_order), f"{o.down_seconds:.1f}", f"{o.answered_seconds:.1f}",
                f"{o.recovery_seconds:.1f}", "yes" if o.proof.holds and o.honest else "NO",
            )
            for o in self.outcomes
        ]  # fmt: skip


COLUMNS = (
    "fault", "acknowledged", "while down", "asked again", "lost", "duplicated", "out of order", "down s", "answered s",
    "recovery s", "proven",
)  # fmt: skip


# --------------------------------------------------------------------- faults


def killed(role: str, **told: Any) -> Fault:
    """SIGKILL to the process of a role, started again. `told`: further fields of the fault."""

    async def strike(system: System) -> None:
        await asyncio.to_thread(system.roles[role].kill)

    async def mend(system: System) -> None:
        system.roles[role].start()

    return Fault(f"{role} killed", strike, mend, **told)


async def _kill_broker(system: System) -> None:
    await asyncio.to_thread(system.kafka.kill)


async def _start_broker(system: System) -> None:
    await asyncio.to_thread(system.kafka.start)


async def _kill_database(system: System) -> None:
    await asyncio.to_thread(system.postgres.kill)


async def _start_database(system: System) -> None:
    await asyncio.to_thread(system.postgres.start)


async def _start_second_relay(system: System) -> None:
    system.roles[SECOND_RELAY].start()
    await system.ready(SECOND_RELAY)


async def _make_a_zombie(system: System) -> None:
    """Frozen in the middle of its work, its database session lost as by a cut network: the second relay takes over."""
    system.freeze("relay")
    async with system.database() as conn:
        await conn.execute(
            "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks"
            " WHERE locktype = 'advisory' AND objsubid = 2 AND classid::bigint = $1 AND granted) owner",
            OWNERSHIP,
        )


async def _wake_the_zombie(system: System) -> None:
    """It goes on with what it was sending, beside the new owner; then that one dies, and it is the owner again."""
    system.thaw("relay")
    await asyncio.sleep(DOWN)
    await asyncio.to_thread(system.roles[SECOND_RELAY].kill)


FAULTS = (
    killed("relay"),
    Fault("relay a zombie", _make_a_zombie, _wake_the_zombie, prepare=_start_second_relay),
    killed("views"),
    killed("policies"),
    killed("sealer", recovered=sealed),
    killed("api", stops_commands=True),
    Fault("broker killed", _kill_broker, _start_broker),
    Fault("database killed", _kill_database, _start_database, stops_commands=True),
)


# ------------------------------------------------------------------------ run


async def run_faults(
    directory: Path, faults: tuple[Fault, ...] = FAULTS, told: Callable[[Outcome], None] = lambda outcome: None
) -> Report:
    """Start a system of its own under `directory`, which every account must be able to pass, and break it. `told` hears
    of each outcome at once; logs stay in `directory/logs`. Raises `CannotRun`, `TimeoutError`, `NeverAnswered` (in a group)."""
    began = time.monotonic()
    system = System(directory)
    async with system.running():
        office = Office(system.api, await system.token())
        await until(lambda: _views_stand(system), LEVEL_WITHIN)
        outcomes = []
        async with office.staffed(CLERKS):
            for fault in faults:
                outcomes.append(await _one(fault, system, office))
                told(outcomes[-1])
            await until(lambda: sealed(system, None), LEVEL_WITHIN)
            final = await prove(system, office.ledger.acknowledged)
    ledger = office.ledger
    seconds = time.monotonic() - began
    return Report(outcomes, final, len(ledger.acknowledged), dict(ledger.wrong_answers), seconds)


async def _one(fault: Fault, system: System, office: Office) -> Outcome:
    receipts = office.ledger.acknowledged
    first = len(receipts)
    if fault.prepare is not None:
        await fault.prepare(system)
    office.open()
    await asyncio.sleep(BEFORE)
    struck = time.monotonic()
    await fault.strike(system)
    down = time.monotonic()
    await asyncio.sleep(DOWN)
    ready = await asyncio.to_thread(is_ready, system.api)
    while_down = sum(r.asked_at > down for r in receipts[first:])
    began_mending = time.monotonic()
    await fault.mend(system)
    mended = time.monotonic()
    await until(lambda: _answered_since(receipts, mended), LEVEL_WITHIN)
    answered = min(r.answered_at for r in receipts[first:] if r.asked_at > down)
    mark = max(r.position for r in receipts)
    await until(lambda: fault.recovered(system, mark), LEVEL_WITHIN)
    recovered = time.monotonic()
    await office.close()
    await until(lambda: level(system), LEVEL_WITHIN)
    during = receipts[first:]
    return Outcome(
        fault=fault.name,
        acknowledged=len(during),
        acknowledged_while_down=while_down,
        asked_again=sum(r.asked - 1 for r in during),
        down_seconds=began_mending - struck,
        answered_seconds=answered - struck,
        recovery_seconds=recovered - struck,
        honest=ready == bool(while_down) == (not fault.stops_commands),
        proof=await prove(system, receipts),
    )


async def _answered_since(receipts: list[Acknowledged], instant: float) -> bool:
    return any(r.asked_at > instant for r in reversed(receipts))


async def _views_stand(system: System) -> bool:
    async with system.database() as conn:
        standing = await conn.fetch("SELECT name FROM view_version")
    return {view.name for view in service.views} <= {row["name"] for row in standing}
