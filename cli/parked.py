"""`moot parked list|retry|skip`: events that a view or a policy could not apply, and the later ones of their streams."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

import typer

from cli import telling
from cli.reach import answer, contexts, in_database_terms, operator, reached, service_of, settings_of
from cli.telling import AnyService, AsJson
from deploy.local.process import CannotRun
from shared.eventcore import applying
from shared.eventcore.applying import Reader
from shared.eventcore.policy import PolicyReader
from shared.eventcore.views import ViewReader
from shared.service.runtime import Core, open_core

app = typer.Typer(no_args_is_help=True, help="Events that could not be applied: see why, try again, give up on one.")
Consumer = Annotated[str | None, typer.Option(help="Only this reader: `view:<name>` or `policy:<name>`.")]


@app.command("list")
def list_(service: AnyService = None, consumer: Consumer = None, as_json: AsJson = False) -> None:
    """What is parked: in each stream first the event that failed, then those that wait behind it.

    JSON: `parked`, each with `service`, `consumer`, `source`, `stream`, `position`, `type`, `problem` (class and place;
    empty for one that waits), `attempts`, `parked_at`.
    """
    found = answer(_parked(service, consumer))
    if as_json:
        telling.as_json({"parked": found})
    elif not found:
        typer.echo("Nothing is parked.")
    else:
        telling.table(
            "Parked events",
            ("service", "reader", "stream", "position", "event", "problem", "attempts", "since"),
            [
                (
                    p["service"], p["consumer"], p["stream"], p["position"], telling.short_type(p["type"]),
                    p["problem"] or "waits behind it", p["attempts"], telling.local_time(p["parked_at"]),
                )
                for p in found
            ],
        )  # fmt: skip


@app.command()
def retry(
    stream_id: Annotated[UUID | None, typer.Argument(help="Only this stream; otherwise all.")] = None,
    service: AnyService = None,
    consumer: Consumer = None,
    as_json: AsJson = False,
) -> None:
    """Apply parked events again, in order, until one fails. Exit code 1 when one did.

    JSON: `streams`, each with `service`, `consumer`, `source`, `stream`, `applied` (events), `problem` (empty: none left).
    """
    tried = answer(_retry(service, consumer, stream_id))
    if as_json:
        telling.as_json({"streams": tried})
    elif not tried:
        typer.echo("Nothing is parked there.")
    for stream in [] if as_json else tried:
        left = f"then {stream['problem']}" if stream["problem"] else "none is left"
        typer.echo(f"{stream['service']} {stream['consumer']} {stream['stream']}: {stream['applied']} applied, {left}.")
    raise typer.Exit(1 if any(stream["problem"] for stream in tried) else 0)


@app.command()
def skip(
    stream_id: Annotated[UUID, typer.Argument(help="The stream whose first parked event is given up.")],
    reason: Annotated[str, typer.Option(help="Why. It is kept: name no person.")],
    service: AnyService = None,
    consumer: Consumer = None,
    as_json: AsJson = False,
) -> None:
    """Give up on the first parked event of a stream, for one reader. A rebuild will meet it again.

    JSON: `service`, `consumer`, `source`, `stream`, `position`, `type`, `waiting` (events still parked behind it).
    """
    if not reason.strip():
        raise typer.BadParameter("say why the event is given up", param_hint="--reason")
    skipped = answer(_skip(service, consumer, stream_id, reason))
    if as_json:
        telling.as_json(skipped)
        return
    typer.echo(f"{skipped['consumer']} will not apply {skipped['type']} at position {skipped['position']}.")
    if skipped["waiting"]:
        typer.echo(f"{skipped['waiting']} later events wait behind it: `moot parked retry {stream_id}` takes them up.")


async def _parked(service: str | None, consumer: str | None) -> list[dict[str, Any]]:
    found = []
    for context in contexts(service):
        async with reached(context) as store, store.pool.acquire() as conn:
            for row in await applying.parked(conn, consumer):
                found.append({"service": context, "stream": row.pop("stream_id"), **row})
    return found


async def _retry(service: str | None, consumer: str | None, stream_id: UUID | None) -> list[dict[str, Any]]:
    tried = []
    for context in contexts(service):
        async with reached(context) as store, store.pool.acquire() as conn:
            waiting = [p for p in await applying.parked(conn, consumer) if stream_id in (None, p["stream_id"])]
        if waiting:  # only then are the service's keys needed
            tried += await _retry_in(context, {(p["consumer"], p["source"], p["stream_id"]): None for p in waiting})
    return tried


async def _retry_in(context: str, streams: Iterable[tuple[str, str, UUID]]) -> list[dict[str, Any]]:
    service, settings = service_of(context), settings_of(context)
    tried = []
    with in_database_terms(context):
        async with open_core(service, settings, settings.owner_url) as core, core.pool.acquire() as conn:
            for consumer, source, stream in streams:
                reader = _reader(core, consumer)
                applied, problem = await applying.retry_parked(conn, reader, source, stream, core.opener)
                tried.append(
                    {
                        "service": context,
                        "consumer": consumer,
                        "source": source,
                        "stream": stream,
                        "applied": applied,
                        "problem": problem,
                    }
                )
    return tried


def _reader(core: Core, consumer: str) -> Reader:
    """The view or policy as the service's own roles would run it. Raises `CannotRun`."""
    readers: list[Reader] = [ViewReader(view) for view in core.service.views]
    readers += [PolicyReader(p, core.execute, core.opener, core.deadlines) for p in core.service.policies]
    for reader in readers:
        if reader.consumer == consumer:
            return reader
    raise CannotRun(
        f"This build of {core.service.context} has no {consumer}: run the build that has it, or skip with a reason."
    )


async def _skip(service: str | None, consumer: str | None, stream_id: UUID, reason: str) -> dict[str, Any]:
    parked = [p for p in await _parked(service, consumer) if p["stream"] == stream_id]
    if not parked:
        raise CannotRun("Nothing of this stream is parked there: see `moot parked list`.")
    readers = {(p["service"], p["consumer"], p["source"]) for p in parked}
    if len(readers) > 1:
        names = ", ".join(sorted(f"{context} {reader}" for context, reader, _ in readers))
        raise CannotRun(f"Several readers have parked this stream ({names}): name one with --service and --consumer.")
    first = parked[0]
    async with reached(first["service"]) as store, store.pool.acquire() as conn:
        where = (first["consumer"], first["source"], stream_id)
        await applying.skip_parked(conn, *where, by=operator(), reason=reason, now=store.clock())
    kept = ("service", "consumer", "source", "stream", "position", "type")
    return {**{name: first[name] for name in kept}, "waiting": len(parked) - 1}
