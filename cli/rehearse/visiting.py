"""Visiting officers of a canvass: rounds in walk order, downloaded sealed, walked, uploaded in the evening, ended."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cli.rehearse.office import Office
from cli.rehearse.rates import RATES
from shared.law.reckoning import LONDON

DOORS = 80
"""Of one round."""
ELECTORS_TO_A_VISITOR = 20_000
PASSPHRASE = "an invented passphrase"
NOBODY_TO_VISIT = "nothing-to-visit"


def visitors(electors: int) -> int:
    return max(1, electors // ELECTORS_TO_A_VISITOR)


async def walk(office: Office, on: date, many: int, seed: int) -> None:
    """One day's rounds, until no door is left that waits for a visit."""
    for n in range(many):
        visitor = f"visitor {n}"
        wanted = {"name": f"{on}, {visitor}", "officer": str(uuid5(NAMESPACE_URL, visitor)), "most": DOORS}
        given = await office.ask(
            "POST", f"/canvasses/{on.year}/rounds", key=f"visits-{on}-{n}", done=NOBODY_TO_VISIT, json=wanted
        )
        if given.is_error:
            return
        await office.follow()
        await _round(office, f"/rounds/{given.json()['stream_id']}", visitor, on, seed)


async def _round(office: Office, path: str, visitor: str, on: date, seed: int) -> None:
    device = f"tablet of {visitor}"
    taken = {"device": device, "passphrase": PASSPHRASE}
    await office.ask("POST", f"{path}/download", visitor, done="round-ended", json=taken)
    doors = (await office.ask("GET", path, visitor)).json()
    records = [call(door, on, n, Random(f"{seed}/visit/{door['visit_id']}")) for n, door in enumerate(doors)]
    await office.ask("POST", f"{path}/records", visitor, json={"device": device, "records": records})
    await office.ask("POST", f"{path}/end")
    await office.follow()


def call(door: dict[str, Any], on: date, n: int, chance: Random) -> dict[str, Any]:
    """One call: mostly nobody answers; who does mostly says that nothing has changed."""
    at = datetime.combine(on, time(9, 30), LONDON) + timedelta(minutes=4 * n)
    record: dict[str, Any] = {"visit_id": door["visit_id"], "visited_at": at.isoformat(), "outcome": "no-answer"}
    if chance.random() < RATES["at-home"].share:
        record["outcome"] = "answered"
        if door["purpose"] != "invitation":
            record["reply"] = said(chance, door["visit_id"])
    return record


def said(chance: Random, visit: str) -> dict[str, Any]:
    drawn = chance.random()
    if drawn < 0.80:
        return {"answers": ["no-change"]}
    if drawn < 0.92:
        return {"answers": ["added"], "added": [{"first": "Tansy", "last": f"Thistle{visit[:6]}"}]}
    return {"answers": ["empty"]}
