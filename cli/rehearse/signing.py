"""Electors who were asked for a fresh signature and give one, or cannot sign; who says nothing votes by proxy no longer."""

from __future__ import annotations

import io
from base64 import b64encode
from datetime import date
from functools import cache
from math import sin
from random import Random

from PIL import Image, ImageDraw

from cli.rehearse.office import Office
from cli.rehearse.rates import RATES
from services.registration.electors.decider import OnRegister, electors
from shared.events.values import Authority, campaign_id
from shared.law.renewals import calendar

WAIVED_BECAUSE = "A disability keeps the elector from signing."


async def signatures(office: Office, on: date, ends_on: date, seed: int) -> None:
    """Those who answer on this day of the campaign's time to answer: each elector, if ever, on a day of their own."""
    campaign = campaign_id(Authority(office.authority), "signature", ends_on)
    rows = await office.pool.fetch(
        "SELECT elector_id, asked_on, answer_by FROM absent_voters.renewal"
        " WHERE campaign_id = $1 AND state = 'asked' ORDER BY elector_id",
        campaign,
    )
    for row in rows:
        chance = Random(f"{seed}/signature/{row['elector_id']}")
        signs = chance.random() < RATES["signing-again"].share
        days = (row["answer_by"] - row["asked_on"]).days
        if signs and (on - row["asked_on"]).days > chance.randrange(days - 4):
            await _answer(office, row["elector_id"], on, chance)


async def _answer(office: Office, elector: object, on: date, chance: Random) -> None:
    entry = (await office.execute.state(electors, elector, office.authority)).state  # type: ignore[arg-type]
    if not isinstance(entry, OnRegister) or entry.franchise is None or entry.franchise.date_of_birth is None:
        return
    given = {
        "date_of_birth": entry.franchise.date_of_birth.isoformat(),
        "source": "refresh",
        "reference": f"fresh {on}",
    }
    if chance.random() < RATES["signature-waived"].share:
        said = {**given, "reason": WAIVED_BECAUSE}
        await office.ask("POST", f"/electors/{elector}/identifiers/waiver", json=said)
    else:
        said = {**given, "signature": signature(), "signed_on": on.isoformat()}
        await office.ask("POST", f"/electors/{elector}/identifiers", json=said)


def last_answer(ends_on: date) -> date:
    return calendar("signature", ends_on).answer_by


@cache
def signature() -> str:
    """One invented signature on paper, as a scan in base64: a looped line."""
    picture = Image.new("L", (900, 400), 245)
    points = [(140 + 1.5 * x + 10 * sin(x / 10), 200 + 60 * sin(x / 25)) for x in range(400)]
    ImageDraw.Draw(picture).line(points, fill=40, width=6)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return b64encode(kept.getvalue()).decode()
