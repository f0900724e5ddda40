"""What a rehearsal proves in the end: the register follows from the events, every notice can be made again, nothing is lost."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from cli.rehearse.ledger import Ledger
from cli.rehearse.office import CONTEXT, Office
from services.registration.main import service
from shared.eventcore.filling import Crew
from shared.eventcore.keys import Keyring
from shared.eventcore.opening import Opener
from shared.eventcore.rebuild import ViewsDiffer, rebuild
from shared.eventcore.sealing import SubjectKeys

REBUILT = ("places", "register", "absent_voters")
"""The views that registers, notices and lists are made from."""
MANY = 100_000
"""Events from which further processes are worth their start."""
PROCESSES = 2
WITHOUT_ENTRY = """
    SELECT count(*) FROM event a
    LEFT JOIN applications.application p ON p.application_id = a.stream_id
    LEFT JOIN (SELECT DISTINCT person_id FROM register.entry) e ON e.person_id = p.person_id
    WHERE a.type = 'moothall.registration.application-allowed.v1' AND e.person_id IS NULL
"""
"""Allowed applications that no entry followed from."""


@dataclass
class Proof:
    """`lost` counts acknowledged commands that the store does not know, allowed applications without an entry, and events
    that a reader has parked; each must be nought."""

    events: int = 0
    register_equal: bool = False
    rebuilt: dict[str, int] = field(default_factory=dict)
    """Events that each view was built from, where it came out as it was kept."""
    notices: int = 0
    notices_reproducible: bool = False
    acknowledged: int = 0
    lost: int = 0
    too_late: int = 0
    """Absent votes in force at the poll that were applied for after their deadline; must be nought."""

    def holds(self) -> bool:
        return self.register_equal and self.notices_reproducible and self.lost == 0 and self.too_late == 0

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


async def prove(office: Office, ledger: Ledger, keys: Path) -> Proof:
    """Look at everything. The notices are made from the register that was built anew."""
    proof = Proof(events=await office.pool.fetchval("SELECT count(*) FROM event"))
    await _rebuild(office, keys, proof)
    proof.register_equal = set(REBUILT) == proof.rebuilt.keys()
    await _make_again(office, proof)
    proof.acknowledged, missing = await ledger.missing(office.pool)
    without_entry = await office.pool.fetchval(WITHOUT_ENTRY)
    proof.lost = missing + without_entry + await office.parked()
    return proof


async def _rebuild(office: Office, keys: Path, proof: Proof) -> None:
    views = {view.name: view for view in service.views}
    crew = Crew(PROCESSES, office.url, partial(opener_of, keys)) if proof.events >= MANY else None
    for name in REBUILT:
        try:
            done = await rebuild(office.pool, CONTEXT, views[name], office.opener, office.clock, crew=crew)
        except ViewsDiffer:
            continue
        if done.equal:
            proof.rebuilt[name] = done.events


def opener_of(keys: Path) -> Opener:
    return Opener(SubjectKeys(Keyring.load(keys)))


async def _make_again(office: Office, proof: Proof) -> None:
    """Every published notice and register, from the API, byte for byte what was published."""
    published = (await office.ask("GET", "/notices")).json()
    same = 0
    for notice in published:
        made = await office.ask("GET", f"/notices/{notice['notice_id']}.csv")
        same += hashlib.sha256(made.content).hexdigest() == notice["content_sha256"]
    proof.notices = len(published)
    proof.notices_reproducible = same == len(published) > 0
