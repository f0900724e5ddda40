"""One fault after another while clerks work in all services, and after each the proof: `await run_faults(directory, faults)`.

fault       what is done to the system, and undone
down        seconds from the strike until the mending begins
recovery    seconds from the strike until a command asked after the mending was acknowledged in every service, and relays,
            views and policies had passed everything acknowledged by then
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.faults.clerks import Acknowledged, Desk, NeverAnswered, Office
from deploy.faults.errands import ERRANDS
from deploy.faults.kinds import Fault, HadNoEffect
from deploy.faults.proof import Proof, level, prove, sealed
from deploy.faults.system import System, service_of, until
from deploy.local.process import CannotRun
from deploy.local.system import is_ready
from deploy.topology import CONTEXTS

BEFORE = 1.0
"""Seconds of quiet work before each fault."""
LEVEL_WITHIN = 180.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one fault did to the services, and what was found afterwards."""

    fault: str
    acknowledged: int
    """Commands answered with a receipt, from shortly before the fault until all services were level again."""
    acknowledged_while_down: int
    asked_again: int
    """Repeats of commands whose outcome was unknown."""
    down_seconds: float
    answered_seconds: float
    """From the strike until commands asked after it were acknowledged in every service."""
    recovery_seconds: float
    honest: bool
    """While it was down each API took commands, and said that it was ready to; or neither, if the fault stops it."""
    wrong_answers: dict[str, int]
    """Answers that were neither a receipt nor an honest 503, by service, status and problem."""
    proof: Proof

    @property
    def holds(self) -> bool:
        return self.proof.holds and self.honest and not self.wrong_answers

    def as_data(self) -> dict[str, Any]:
        proof = self.proof
        return {
            "fault": self.fault,
            "acknowledged": self.acknowledged,
            "lost": proof.lost,
            "duplicated": proof.duplicated,
            "out_of_order": proof.out_of_order,
            "audit_verified": not proof.audit,
            "recovery_s": round(self.recovery_seconds, 2),
            "views_equal": not proof.differing_views,
            "holds": self.holds,
            "details": asdict(self),
        }


@dataclass(frozen=True, slots=True)
class Report:
    outcomes: list[Outcome]
    skipped: dict[str, str]
    """Faults that cannot be done on this machine, and why."""
    final: Proof
    """After everything, sealed to the last event."""
    acknowledged: int
    seconds: float

    @property
    def holds(self) -> bool:
        return self.final.holds and not self.final.unsealed and all(outcome.holds for outcome in self.outcomes)

    def as_data(self) -> dict[str, Any]:
        """For JSON; `holds` says it in one word."""
        return {
            "holds": self.holds,
            "faults": [outcome.as_data() for outcome in self.outcomes],
            "skipped": self.skipped,
            "final": asdict(self.final),
            "acknowledged": self.acknowledged,
            "seconds": round(self.seconds, 1),
        }

    def rows(self) -> list[tuple[str, ...]]:
        """One line per fault, as text, under `COLUMNS`."""
        done = [
            (
                o.fault, str(o.acknowledged), str(o.acknowledged_while_down), str(o.asked_again), str(o.proof.lost),
                str(o.proof.duplicated), str(o.proof.out_of_order), "no" if o.proof.audit else "yes",
                "no" if o.proof.differing_views else "yes", f"{o.down_seconds:.1f}", f"{o.recovery_seconds:.1f}",
                "yes" if o.holds else "NO",
            )
            for o in self.outcomes
        ]  # fmt: skip
        return done + [(fault, *[""] * (len(COLUMNS) - 2), f"skipped: {why}") for fault, why in self.skipped.items()]


COLUMNS = (
    "fault", "acknowledged", "while down", "asked again", "lost", "duplicated", "out of order", "audit verified",
    "views equal a rebuild", "down s", "recovery s", "holds",
)  # fmt: skip


async def run_faults(
    directory: Path, faults: Sequence[Fault], told: Callable[[Outcome], None] = lambda outcome: None
) -> Report:
    """Start a system of its own under `directory`, which every account must be able to pass, and break it. `told` hears of
    each outcome at once; logs stay in `directory/logs`. Raises `CannotRun`."""
    began = time.monotonic()
    skipped = {fault.name: why for fault in faults if (why := fault.cannot())}
    possible = [fault for fault in faults if fault.name not in skipped]
    system = System(directory, small_disks=any(fault.name.startswith("disk of") for fault in possible))
    office = Office()
    outcomes: list[Outcome] = []
    doing = "the start"
    try:
        async with system.running(), AsyncExitStack() as staff:
            tokens = await system.tokens({service: errand.staff for service, errand in ERRANDS.items()})
            await until(lambda: _views_stand(system), LEVEL_WITHIN)
            for service, errand in ERRANDS.items():
                desk = Desk(office, service, system.api(service), tokens[service])
                await staff.enter_async_context(desk.staffed(errand.clerks, errand.run))
            for fault in possible:
                doing = fault.name
                outcomes.append(await _one(fault, system, office))
                told(outcomes[-1])
            doing = "the end"
            await until(lambda: sealed(system), LEVEL_WITHIN)
            final = await prove(system, office.ledger)
    except* (TimeoutError, NeverAnswered, HadNoEffect) as broken:
        why = "; ".join(f"{type(one).__name__}: {one}" for one in _leaves(broken))
        raise CannotRun(f"{doing}: {why}. Logs: {system.state.logs}") from None
    return Report(outcomes, skipped, final, len(office.ledger.acknowledged), time.monotonic() - began)


async def _one(fault: Fault, system: System, office: Office) -> Outcome:
    ledger = office.ledger
    first = len(ledger.acknowledged)
    ledger.wrong_answers.clear()
    if fault.prepare is not None:
        await fault.prepare(system)
    office.open()
    await asyncio.sleep(BEFORE)
    struck = time.monotonic()
    await fault.strike(system)
    down = time.monotonic()
    await asyncio.sleep(fault.down)
    ready = {context: await asyncio.to_thread(is_ready, system.api(context)) for context in CONTEXTS}
    while_down = [r for r in ledger.acknowledged[first:] if r.asked_at > down]
    began_mending = time.monotonic()
    await fault.mend(system)
    mended = time.monotonic()
    await until(lambda: _answered_since(ledger.acknowledged, mended), LEVEL_WITHIN)
    answered = max(min(r.answered_at for r in ledger.of(context)[-1000:] if r.asked_at > down) for context in CONTEXTS)
    mark = {context: max(r.position for r in ledger.of(context)) for context in CONTEXTS}
    await until(lambda: fault.recovered(system, mark), LEVEL_WITHIN)
    recovered = time.monotonic()
    await office.close()
    await until(lambda: level(system), LEVEL_WITHIN)
    during = ledger.acknowledged[first:]
    return Outcome(
        fault=fault.name,
        acknowledged=len(during),
        acknowledged_while_down=len(while_down),
        asked_again=sum(r.asked - 1 for r in during),
        down_seconds=began_mending - struck,
        answered_seconds=answered - struck,
        recovery_seconds=recovered - struck,
        honest=_honest(fault, ready, {r.service for r in while_down}),
        wrong_answers=dict(ledger.wrong_answers),
        proof=await prove(system, ledger),
    )


def _honest(fault: Fault, ready: dict[str, bool], acknowledging: set[str]) -> bool:
    if fault.stops is None:
        return True
    return all(ready[context] == (context in acknowledging) == (context not in fault.stops) for context in CONTEXTS)


async def _answered_since(receipts: Sequence[Acknowledged], instant: float) -> bool:
    """In every service."""
    return {r.service for r in receipts if r.asked_at > instant} == set(CONTEXTS)


async def _views_stand(system: System) -> bool:
    for context in CONTEXTS:
        async with system.database(context) as conn:
            standing = {row["name"] for row in await conn.fetch("SELECT name FROM view_version")}
        if not {view.name for view in service_of(context).views} <= standing:
            return False
    return True


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    return [
        leaf for one in group.exceptions for leaf in (_leaves(one) if isinstance(one, BaseExceptionGroup) else [one])
    ]
