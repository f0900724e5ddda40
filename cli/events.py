"""`moot events tail`: watch what happens, as it is recorded or as it arrives on Kafka."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Annotated

import typer

from cli import telling
from cli.reach import answer, reached, settings_of
from cli.telling import AsJson, OneService
from shared.eventcore import tailing
from shared.eventcore.kafka import Stored

app = typer.Typer(no_args_is_help=True, help="Events as they come.")


@app.command()
def tail(
    service: OneService = "registration",
    type_: Annotated[str | None, typer.Option("--type", help="Only this type: `elector-added`, or in full.")] = None,
    from_start: Annotated[bool, typer.Option("--from-start", help="Begin with the first event ever.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="End after so many.")] = None,
    kafka: Annotated[bool, typer.Option("--kafka", help="Watch the topic instead of the store.")] = False,
    as_json: AsJson = False,
) -> None:
    """Follow events until Ctrl-C. Personal values stay sealed.

    JSON: one object a line, with `service`, `position`, `shard`, `stream`, `kind`, `version`, `type`, `authority`,
    `occurred_at`, `recorded_at`, `actor`, `reason`, `origin`, `correlation_id`, `causation_id`, `payload`.
    """
    with suppress(KeyboardInterrupt):  # that is how it ends
        answer(_follow(service, type_, from_start, limit, kafka, as_json))


async def _follow(
    context: str, wanted: str | None, from_start: bool, limit: int | None, kafka: bool, as_json: bool
) -> None:
    if kafka:
        bootstrap = settings_of(context).kafka
        await _print(tailing.from_kafka(bootstrap, context, from_start=from_start), wanted, limit, as_json)
        return
    async with reached(context) as store, store.pool.acquire() as conn:
        await _print(tailing.from_store(conn, context, from_start=from_start), wanted, limit, as_json)


async def _print(coming: AsyncGenerator[Stored, None], wanted: str | None, limit: int | None, as_json: bool) -> None:
    printed = 0
    async with aclosing(coming):
        async for event in coming:
            if wanted is not None and wanted not in (event.type, event.type.split(".")[2]):
                continue
            if as_json:
                telling.as_json(telling.event_as_data(event))
            else:
                typer.echo(_line(event))
            printed += 1
            if printed == limit:
                return


def _line(event: Stored) -> str:
    by = event.metadata
    told = (
        telling.local_time(event.recorded_at), f"{event.position:>8}", f"{telling.short_type(event.type):<34}",
        str(event.stream_id), by.actor,
    )  # fmt: skip
    return "  ".join(part for part in told if part)
