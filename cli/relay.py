"""`moot relay status|republish`: whether what is recorded also reaches Kafka, and sending all of it again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from cli import telling
from cli.reach import answer, contexts, reached
from cli.telling import AnyService, AsJson
from shared.eventcore.observing import relay_standing
from shared.eventcore.recording import SHARDS
from shared.eventcore.republish import republish

app = typer.Typer(no_args_is_help=True, help="The way of events from the store to Kafka.")


@app.command()
def status(service: AnyService = None, as_json: AsJson = False) -> None:
    """Who sends, and how much waits. Exit code 1 when a shard has no owner.

    JSON: `relays`, each with `service`, `shards` (in all), `owned` (by a relay at work), `owners` (how many relays),
    `horizon` (the position up to which events are safe to send), `sent` (the furthest sent), `behind` (`events`,
    `shards`, `most` in one shard, `oldest` unsent, recorded when) and `age_seconds` of the oldest.
    """
    relays = answer(_relays(service))
    if as_json:
        telling.as_json({"relays": relays})
    else:
        telling.table(
            "Relays",
            ("service", "owner", "horizon", "sent", "unsent", "in shards", "most in one", "oldest unsent"),
            [
                (
                    r["service"], _owner(r), r["horizon"], r["sent"], r["behind"]["events"], r["behind"]["shards"],
                    r["behind"]["most"], telling.duration(r["age_seconds"]),
                )
                for r in relays
            ],
        )  # fmt: skip
    raise typer.Exit(0 if all(r["owned"] == SHARDS for r in relays) else 1)


@app.command("republish")
def republish_(
    service: AnyService = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Empty the topics, or make them anew, and have every event and seal published again from the store.

    For a broker that lost its data. Relays at work stand by and then begin at the first event; readers go on where they
    stand, since they drop what they have passed. `moot relay status` shows how far it has come.

    JSON: `republished`, each with `service` and `events` (how many will be published).
    """
    if not yes:
        typer.confirm("Empty the topics and publish everything again?", abort=True)
    done = answer(_republish(service))
    if as_json:
        telling.as_json({"republished": done})
        return
    for one in done:
        typer.echo(f"{one['service']}: its {one['events']} events are on their way to empty topics.")


async def _republish(service: str | None) -> list[dict[str, Any]]:
    done = []
    for context in contexts(service):
        async with reached(context) as store, store.pool.acquire() as conn:
            await republish(conn, context, store.settings.kafka)
            done.append({"service": context, "events": await conn.fetchval("SELECT count(*) FROM event")})
    return done


async def _relays(service: str | None) -> list[dict[str, Any]]:
    relays = []
    for context in contexts(service):
        async with reached(context) as store, store.pool.acquire() as conn:
            standing = await relay_standing(conn, context)
            oldest: datetime | None = standing.behind.oldest
            age = max((store.clock() - oldest).total_seconds(), 0.0) if oldest else None
            relays.append({"service": context, "shards": SHARDS, **asdict(standing), "age_seconds": age})
    return relays


def _owner(relay: dict[str, Any]) -> str:
    if relay["owned"] == SHARDS:
        return "present" if relay["owners"] == 1 else f"present, {relay['owners']} share"
    return f"for {relay['owned']} of {SHARDS} shards" if relay["owned"] else "none: start the relay role"
