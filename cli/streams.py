"""`moot streams show`: everything that ever happened to one thing, in order."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer

from cli import telling
from cli.reach import Reached, answer, operator, reached
from cli.telling import AsJson, OneService
from deploy.local.process import CannotRun
from shared.eventcore.applying import describe
from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import LONDON
from shared.eventcore.kafka import Stored
from shared.eventcore.observing import note_read, stream_of_any_authority

app = typer.Typer(no_args_is_help=True, help="The history of one thing.")


@app.command()
def show(
    stream_id: Annotated[UUID, typer.Argument(help="The id of an elector, an application, a property …")],
    service: OneService = "registration",
    as_at: Annotated[
        str | None, typer.Option(help="Only what was recorded by then: a day, or an instant (without offset: London).")
    ] = None,
    open_: Annotated[
        bool, typer.Option("--open", help="Open personal values. The read is written down first.")
    ] = False,
    purpose: Annotated[str, typer.Option(help="Why personal values are opened; needed with --open.")] = "",
    as_json: AsJson = False,
) -> None:
    """A stream's events. Personal values stay sealed unless they are opened for a purpose.

    JSON: `service`, `stream`, `kind`, `authority`, `version`, `events`: each as `events tail` prints it. With --open an
    event's `payload` holds what was sealed; one that cannot be opened keeps its stored payload and has a `problem`.
    """
    if open_ and not purpose:
        raise typer.BadParameter("say what the personal values are opened for: --purpose", param_hint="--open")
    before = _recorded_before(as_at)
    told = answer(_show(service, stream_id, before, purpose if open_ else ""))
    if as_json:
        telling.as_json(told)
        return
    telling.table(
        f"{told['kind']} {stream_id} of {told['authority']} in {service}, version {told['version']}",
        ("version", "position", "recorded", "event", "actor", "reason", "what it says"),
        [
            (
                e["version"], e["position"], telling.local_time(e["recorded_at"]), telling.short_type(e["type"]),
                e["actor"], e["reason"], e.get("problem") or telling.in_words(e["payload"]),
            )
            for e in told["events"]
        ],
    )  # fmt: skip


async def _show(context: str, stream_id: UUID, before: datetime | None, purpose: str) -> dict[str, Any]:
    async with reached(context) as store, store.pool.acquire() as conn:
        events = await stream_of_any_authority(conn, context, stream_id, before)
        if not events:
            raise CannotRun(
                f"{context} holds no such stream then: check the id and --as-at, or name another --service."
            )
        told = [telling.event_as_data(event) for event in events]
        if purpose:
            await _open(store, conn, events, told, purpose)
    last = events[-1]
    return {
        "service": context,
        "stream": stream_id,
        "kind": last.kind,
        "authority": last.authority,
        "version": last.version,
        "events": told,
    }


async def _open(store: Reached, conn: Conn, events: list[Stored], told: list[dict[str, Any]], purpose: str) -> None:
    opener = store.opener()
    await note_read(
        conn, authority=events[0].authority, actor=operator(), kind="stream", record=str(events[0].stream_id),
        purpose=purpose, correlation_id=str(uuid4()), at=store.clock(),
    )  # fmt: skip
    for event, data in zip(events, told, strict=True):
        try:
            (opened,) = await opener.open(conn, [event])
            kind = store.service.registry.of(opened.data)
            data["payload"] = kind.adapter.dump_python(opened.data, mode="json")
        except Exception as problem:  # one unreadable event must not hide the others
            data["problem"] = describe(problem)


def _recorded_before(text: str | None) -> datetime | None:
    """The first instant that is too late: a day counts whole, as an instant counts itself."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-05-07"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), LONDON)
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            "write a day (2026-05-07) or an instant (2026-05-07T21:00)", param_hint="--as-at"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=LONDON)) + timedelta.resolution
