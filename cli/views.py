"""`moot views list|wait|rebuild|rollback`: the read models, and building one anew without anybody noticing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from cli import telling
from cli.reach import Reached, answer, contexts, reached, service_of
from cli.telling import AnyService, AsJson
from deploy.local.process import CannotRun
from shared.eventcore.checkpoints import load_positions
from shared.eventcore.filling import Crew, RebuildStopped
from shared.eventcore.observing import behind, horizon_of, view_standing
from shared.eventcore.opening import with_keys_in
from shared.eventcore.projection import View
from shared.eventcore.rebuild import Rebuilt, ViewsDiffer, rebuild, rollback
from shared.eventcore.replay import topics
from shared.service.settings import WrongSetting

LOOK_AGAIN = 0.5
"""Seconds between two looks at views that are waited for."""

app = typer.Typer(no_args_is_help=True, help="Read models: how they stand, building them anew, going back.")
Name = Annotated[str, typer.Argument(help="The view's name, as `moot views list` prints it.")]


@app.command("list")
def list_(service: AnyService = None, as_json: AsJson = False) -> None:
    """Every view: its version, how far it is behind, how many rows it holds.

    JSON: `views`, each with `service`, `view`, `version` (null: it has no tables yet), `declared` (what this build
    wants), `previous` (what a rollback brings back), `built_at`, `lag` (`events`, `oldest` and `age_seconds` of the
    oldest unapplied event), `unreachable` (sources whose lag cannot be seen from here), `rows` by table.
    """
    views = answer(_list(service))
    if as_json:
        telling.as_json({"views": views})
        return
    telling.table(
        "Views",
        ("service", "view", "version", "previous", "lag", "oldest unapplied", "rows"),
        [
            (
                v["service"], v["view"], _version(v), v["previous"], v["lag"]["events"],
                telling.duration(v["lag"]["age_seconds"]), sum(v["rows"].values()),
            )
            for v in views
        ],
    )  # fmt: skip


@app.command("rebuild")
def rebuild_(
    name: Name,
    service: AnyService = None,
    accept_difference: Annotated[
        bool, typer.Option("--accept-difference", help="Put it in place even if its rows differ from the live ones.")
    ] = False,
    processes: Annotated[
        int,
        typer.Option(min=1, help="Processes that fill it: worth their start from some 100,000 events, a core each."),
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Build a view anew beside the live one, compare the two, and swap them.

    JSON: `service`, `view`, `version`, `events` (applied), `equal` (to the live rows), `differences` (rows by table).
    """
    context, view = _named(name, service)
    done = answer(_rebuild(context, view, accept_difference, processes))
    if as_json:
        telling.as_json({"service": context, **_as_data(done)})
        return
    if done.equal:
        verdict = "equal to the live one, row by row"
    elif done.differences:
        verdict = f"put in place although rows differ ({_differences(done.differences)})"
    else:
        verdict = "the live one was another version, so there was nothing to compare"
    typer.echo(f"{name} version {done.version} was built from {done.events} events: {verdict}. It is live now.")


@app.command("rollback")
def rollback_(name: Name, service: AnyService = None, as_json: AsJson = False) -> None:
    """Put the tables back that stood before the last rebuild; the views worker catches up from there.

    JSON: `service`, `view`, `version` (now live), `declared` (what this build wants).
    """
    context, view = _named(name, service)
    version = answer(_rollback(context, name))
    if as_json:
        telling.as_json({"service": context, "view": name, "version": version, "declared": view.version})
        return
    typer.echo(f"{name} version {version} is live again.")
    if version != view.version:
        typer.echo(
            f"This build writes version {view.version}: start the build that wrote version {version}, "
            f"or run `moot views rebuild {name}`."
        )


@app.command("wait")
def wait(
    service: AnyService = None,
    patience: Annotated[float, typer.Option(min=1, help="Seconds without any progress after which to give up.")] = 60,
    as_json: AsJson = False,
) -> None:
    """Return when the views have applied everything that is stored now, whatever is recorded meanwhile.

    JSON: `views` (how many), `events` (that they had to apply), `seconds`.
    """
    done = answer(_wait(service, patience))
    if as_json:
        telling.as_json(asdict(done))
        return
    typer.echo(f"{done.views} views have applied what was stored: {done.events} events in {done.seconds:.1f} s.")


@dataclass(frozen=True, slots=True)
class Waited:
    """`events`: how many there were to apply, each counted for every view that was behind it."""

    views: int
    events: int
    seconds: float


def _named(name: str, service: str | None) -> tuple[str, View]:
    async def find() -> tuple[str, View]:
        known = [(context, view) for context in contexts(service) for view in service_of(context).views]
        for context, view in known:
            if view.name == name:
                return context, view
        raise CannotRun(f"There is no view {name}: `moot views list` prints the names.")

    return answer(find())


@asynccontextmanager
async def _stores(chosen: Sequence[str]) -> AsyncIterator[dict[str, Reached]]:
    """The stores of these services, and those that their views read, by context."""
    async with AsyncExitStack() as stack:
        stores = {context: await stack.enter_async_context(reached(context)) for context in chosen}
        for source in {
            s for store in stores.values() for view in store.service.views for s in view.sources
        } - stores.keys():
            with suppress(CannotRun, WrongSetting):  # then its share of the lag cannot be told, and the answer says so
                stores[source] = await stack.enter_async_context(reached(source))
        yield stores


async def _wait(service: str | None, patience: float) -> Waited:
    began = moved = time.monotonic()
    chosen = contexts(service)
    async with _stores(chosen) as stores:
        stored = {}
        for context, store in stores.items():
            async with store.pool.acquire() as conn:
                stored[context] = await horizon_of(conn)
        views = [(stores[context], view) for context in chosen for view in stores[context].service.views]
        left = total = await _left(views, stores, stored)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("Read models", total=total)
            while left:
                if time.monotonic() - moved > patience:
                    raise CannotRun(
                        f"For {patience:.0f} s the views have stood {left} events behind: `moot views list` says which."
                    )
                await asyncio.sleep(LOOK_AGAIN)
                before, left = left, await _left(views, stores, stored)
                moved = time.monotonic() if left < before else moved
                progress.update(task, completed=total - left)
    return Waited(len(views), total, round(time.monotonic() - began, 1))


async def _left(views: Sequence[tuple[Reached, View]], stores: dict[str, Reached], stored: dict[str, int]) -> int:
    """How many events up to `stored` (positions by context) are still to be applied by the views, in all."""
    left = 0
    for store, view in views:
        for source in (view.sources or {store.context}) & stores.keys():
            async with store.pool.acquire() as conn:
                positions = await load_positions(conn, view.consumer, source)
            async with stores[source].pool.acquire() as conn:
                left += (await behind(conn, positions, stored[source])).events
    return left


async def _list(service: str | None) -> list[dict[str, Any]]:
    chosen = contexts(service)
    async with _stores(chosen) as stores:
        return [await _standing(stores[c], view, stores) for c in chosen for view in stores[c].service.views]


async def _standing(store: Reached, view: View, stores: dict[str, Reached]) -> dict[str, Any]:
    sources = view.sources or {store.context}
    async with store.pool.acquire() as conn:
        standing = await view_standing(conn, view)
        positions = {source: await load_positions(conn, view.consumer, source) for source in sources}
    events, oldest = 0, list[datetime]()
    for source in sources & stores.keys():
        async with stores[source].pool.acquire() as conn:
            late = await behind(conn, positions[source])
        events += late.events
        oldest += [late.oldest] if late.oldest else []
    first = min(oldest, default=None)
    return {
        "service": store.context,
        "view": view.name,
        "version": standing and standing.version,
        "declared": view.version,
        "previous": standing and standing.previous,
        "built_at": standing and standing.built_at,
        "lag": {
            "events": events,
            "oldest": first,
            "age_seconds": max((store.clock() - first).total_seconds(), 0.0) if first else None,
        },
        "unreachable": sorted(sources - stores.keys()),
        "rows": standing.rows if standing else {},
    }


async def _rebuild(context: str, view: View, accept_difference: bool, processes: int) -> Rebuilt:
    async with reached(context) as store:
        async with store.pool.acquire() as conn:
            if await view_standing(conn, view) is None:
                raise CannotRun(f"{view.name} has no tables yet: start the views role of {context}, which makes them.")
        settings = store.settings
        crew = (
            Crew(processes, settings.owner_url, partial(with_keys_in, settings.key_directory))
            if processes > 1
            else None
        )
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left:"),
            TimeRemainingColumn(),
        )  # fmt: skip
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task(view.name, total=None)
            try:
                return await rebuild(
                    store.pool, context, view, store.opener(), store.clock, accept_difference=accept_difference,
                    topics=topics(settings.kafka), crew=crew,
                    progress=lambda done, total: progress.update(task, completed=done, total=total),
                )  # fmt: skip
            except RebuildStopped as stopped:
                raise CannotRun(
                    f"Not rebuilt, and the live view is untouched: {stopped}. Mend the handler, then rebuild again."
                ) from None
            except ViewsDiffer as found:
                raise CannotRun(
                    f"Not swapped: rows differ from the live ones ({_differences(found.differences)}). Compare the schemas "
                    f"{view.name} and {view.name}__next; then `moot views rebuild {view.name} --accept-difference`."
                ) from None


async def _rollback(context: str, name: str) -> int:
    async with reached(context) as store:
        try:
            return await rollback(store.pool, name)
        except LookupError:
            raise CannotRun(f"{name} has no previous tables to go back to: it was never rebuilt.") from None


def _as_data(done: Rebuilt) -> dict[str, Any]:
    return {
        "view": done.view,
        "version": done.version,
        "events": done.events,
        "equal": done.equal,
        "differences": done.differences,
    }


def _differences(by_table: dict[str, int]) -> str:
    return ", ".join(f"{table}: {rows}" for table, rows in by_table.items())


def _version(view: dict[str, Any]) -> str:
    if view["version"] is None:
        return "no tables yet"
    wanted = view["declared"]
    return f"{view['version']}" if view["version"] == wanted else f"{view['version']} (this build wants {wanted})"
