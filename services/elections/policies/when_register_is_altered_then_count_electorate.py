"""A published notice alters the register, so every poll to come counts its electorate anew: stations, staff and ballot papers
are planned by it. [RPA 1983 s.13A, s.13B; ADR 0006]"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from services.elections.polls.commands import CountElectorate
from services.elections.polls.decider import elections
from services.elections.polls.electorates import electorates
from shared.eventcore.checkpoints import load_positions
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.elections import ContestCount, ContestId, ElectionId
from shared.events.registration import AlterationNoticePublished, RevisedRegisterPublished

Altered = Recorded[AlterationNoticePublished] | Recorded[RevisedRegisterPublished]
Counts = Mapping[ElectionId, tuple[ContestCount, ...]]
PATIENCE_SECONDS = 10.0
"""How long to wait for the read model to have seen what the notice took into account. Then count what there is: the next
notice counts again."""
LOOK_SECONDS = 0.1


async def polls_to_come(lookup: Lookup, event: Altered) -> Counts:
    await _caught_up(lookup, event.data.positions)
    rows = await lookup.conn.fetch(
        "SELECT election_id FROM polls.election WHERE authority = $1 AND polling_day >= $2 AND cancelled = ''"
        " ORDER BY polling_day, election_id",
        event.authority, event.data.published_on,
    )  # fmt: skip
    return {row["election_id"]: await _counts(lookup, row["election_id"]) for row in rows}


async def _caught_up(lookup: Lookup, positions: Sequence[int]) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        seen = await load_positions(lookup.conn, "view:electorate", "registration")
        if all(seen.get(shard, 0) >= position for shard, position in enumerate(positions)):
            return
        await asyncio.sleep(LOOK_SECONDS)


async def _counts(lookup: Lookup, election: ElectionId) -> tuple[ContestCount, ...]:
    return tuple(
        ContestCount(ContestId(each.contest_id), each.electors, each.postal_voters, each.not_counted_yet)
        for each in await electorates(lookup.conn, lookup.authority, election)
    )


@policy(
    "when_register_is_altered_then_count_electorate",
    on=[AlterationNoticePublished, RevisedRegisterPublished],
    given=polls_to_come,
)
def count_electorate(known: Counts, event: Altered) -> Iterable[Do]:
    published = event.data
    what = "revised register" if isinstance(published, RevisedRegisterPublished) else f"{published.kind} notice"
    for election, contests in known.items():
        because = f"{what.capitalize()} published"
        yield Do(elections, election, CountElectorate(contests, because, published.published_on), because)
