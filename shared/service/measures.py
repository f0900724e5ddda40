"""What only the store can tell about a role's work, found out when Prometheus asks: lag, horizon, parked events, clocks.

Every replica of a role tells the same, so rules take the greatest. Labels name readers, shards and commands, never anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily, Metric

from shared.eventcore.observing import held_back_since, lag_by_shard, parked_by_reader, statutory_clocks
from shared.eventcore.relay import Relay
from shared.service.health import Measure
from shared.service.settings import Role

if TYPE_CHECKING:
    from shared.service.runtime import Core


def measures_of(core: Core, roles: Sequence[Role]) -> list[Measure]:
    """What to find out for some roles of a service."""
    service, made = core.service, list[Measure]()
    own = {service.context, "core"}
    for role in roles:
        match role:
            case Role.RELAY:
                made += [partial(lag, core, [Relay.consumer]), partial(horizon, core)]
            case Role.VIEWS if service.views:
                readers = [view.consumer for view in service.views]
                local = [view.consumer for view in service.views if own & view.sources]
                made += [partial(lag, core, local), partial(parked, core, readers)]
            case Role.POLICIES if service.policies:
                readers = [policy.consumer for policy in service.policies]
                local = [policy.consumer for policy in service.policies if own & policy.sources]
                made += [partial(lag, core, local), partial(parked, core, readers)]
            case Role.DEADLINES if service.deadlines:
                made.append(partial(clocks, core))
            case _:
                pass
    return made


async def lag(core: Core, readers: Sequence[str]) -> Iterable[Metric]:
    """How far readers are behind their own service's events. Of other services' events only Kafka knows (`unread`)."""
    events = GaugeMetricFamily(
        "moot_lag_events", "events not read yet, at most 1000 a shard", labels=["reader", "shard"]
    )
    seconds = GaugeMetricFamily("moot_lag_seconds", "age of the oldest event not read yet", labels=["reader", "shard"])
    async with core.pool.acquire() as conn:
        found = await lag_by_shard(conn, core.service.context, readers)
    for late in found:
        events.add_metric([late.reader, str(late.shard)], late.events)
        seconds.add_metric([late.reader, str(late.shard)], _age(core, late.oldest))
    return events, seconds


async def horizon(core: Core) -> Iterable[Metric]:
    """How long the oldest recorded event has been waiting for a writer before it: nobody may read it meanwhile."""
    async with core.pool.acquire() as conn:
        since = await held_back_since(conn)
    age = GaugeMetricFamily("moot_horizon_age_seconds", "age of the oldest event that no reader may have yet")
    age.add_metric([], _age(core, since))
    return (age,)


async def parked(core: Core, readers: Sequence[str]) -> Iterable[Metric]:
    """What readers could not apply; zeros for those with nothing parked, so that a rule sees them."""
    async with core.pool.acquire() as conn:
        found = {standing.reader: standing for standing in await parked_by_reader(conn)}
    streams = GaugeMetricFamily("moot_parked_streams", "streams that stand still for a reader", labels=["reader"])
    events = GaugeMetricFamily("moot_parked_events", "events parked for a reader", labels=["reader"])
    for reader in readers:
        streams.add_metric([reader], found[reader].streams if reader in found else 0)
        events.add_metric([reader], found[reader].events if reader in found else 0)
    return streams, events


async def clocks(core: Core) -> Iterable[Metric]:
    """The statutory clocks of a service: what fell due and was not carried out, and what falls due within a day."""
    async with core.pool.acquire() as conn:
        found = {standing.command: standing for standing in await statutory_clocks(conn, core.clock())}
    overdue = GaugeMetricFamily("moot_deadlines_overdue", "deadlines that passed unsettled", labels=["command"])
    age = GaugeMetricFamily(
        "moot_deadlines_overdue_seconds", "how long the oldest of them is overdue", labels=["command"]
    )
    coming = GaugeMetricFamily("moot_deadlines_within_a_day", "deadlines of the next 24 hours", labels=["command"])
    for command in [command.__name__ for _, command in core.service.deadlines]:
        standing = found.get(command)
        overdue.add_metric([command], standing.overdue if standing else 0)
        age.add_metric([command], _age(core, standing.oldest if standing else None))
        coming.add_metric([command], standing.within_a_day if standing else 0)
    return overdue, age, coming


def _age(core: Core, since: datetime | None) -> float:
    return max((core.clock() - since).total_seconds(), 0.0) if since else 0.0
