"""Screen 30, for operators. How far each reader is behind, what is parked and to be tried again, and whether the seals hold."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from desk.asking import Asking, Away, NotThere, Refusal
from desk.forms import Form, Sent
from desk.pictures.lag import in_words, lag
from desk.pictures.picture import Picture
from desk.room import Link, Room, Task
from desk.rooms.audit.pages import CHOICES, CONTEXTS
from desk.showing import see_other
from desk.visiting import Ask, Show

AT_ONCE = 500
"""Sequences that one click has tried again."""

router = APIRouter(prefix="/operations")
Chosen = Annotated[str, Query(max_length=20)]


@router.get("")
async def page(ask: Ask, show: Show, context: Chosen = "registration", tried: Chosen = "") -> Response:
    """One service's readers, and what is parked in all of them."""
    return await _page(ask, show, Form(), context, tried)


@router.get("/lag.csv")
async def lag_csv(ask: Ask, show: Show, context: Chosen = "registration") -> Response:
    """The picture's figures as a file."""
    return show.csv(_picture(await ask.get(_known(context), "/operations/readers")))


@router.post("/retry")
async def retry(ask: Ask, show: Show, form: Sent) -> Response:
    """Have the sequences that one reader parked for one reason tried again, by the process that runs it."""
    context, consumer, problem = _known(form.typed("context")), form.typed("consumer"), form.typed("problem")
    parked = sequences([{"context": context, **event} for event in await ask.get(context, "/operations/parked")])
    chosen = [one for one in parked if (one["consumer"], one["problem"]) == (consumer, problem)][:AT_ONCE]
    asked = 0
    for one in chosen:
        body = {name: str(one[name]) for name in ("consumer", "source", "stream_id")}
        try:
            await ask.command(context, "/operations/parked/retries", body, key=form.key, method="PUT")
            asked += 1
        except NotThere:
            continue  # somebody else has had it tried meanwhile
        except Refusal as refusal:
            form.refused(refusal)
            return await _page(ask, show, form, context, "")
    return see_other(f"/operations?context={context}&tried={'asked' if asked else 'gone'}")


async def _page(ask: Asking, show: Show, form: Form, context: str, tried: str) -> Response:
    context = _known(context)
    readers, parked, seals = await asyncio.gather(
        ask.get(context, "/operations/readers"),
        asyncio.gather(*(_or_none(ask, each, "/operations/parked") for each in CONTEXTS)),
        asyncio.gather(*(_or_none(ask, each, "/operations/seals") for each in CONTEXTS)),
    )
    waiting = [{"context": each, **event} for each, some in zip(CONTEXTS, parked, strict=True) for event in some or ()]
    return show(
        "operations/page.html", title="Readers, parked events and seals", form=form, context=context, choices=CHOICES, readers=readers,
        picture=_picture(readers), groups=alike(sequences(waiting)), chains=list(zip(CONTEXTS, seals, strict=True)),
        away=[each for each, some in zip(CONTEXTS, parked, strict=True) if some is None], tried=tried,
    )  # fmt: skip


def _known(context: str) -> str:
    return context if context in CONTEXTS else CONTEXTS[0]


def _picture(readers: list[dict[str, Any]]) -> Picture:
    shown = sorted(readers, key=lambda reader: str(reader["reader"]))
    return lag({reader["reader"]: {at["shard"]: at["events"] for at in reader["shards"]} for reader in shown})


async def _or_none(ask: Asking, context: str, path: str) -> Any:
    try:
        return await ask.get(context, path)
    except Away:
        return None


def sequences(parked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each parked sequence by its first event, which failed, and how many wait behind it (`behind`)."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for event in parked:
        where = tuple(event[name] for name in ("context", "consumer", "source", "stream_id"))
        if where in found:
            found[where]["behind"] += 1
        else:
            found[where] = {**event, "behind": 0}
    return list(found.values())


def alike(parked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sequences of one service that one reader parked for one reason, as one line: how many (`sequences`), how many events
    wait behind them (`behind`), since when, and whether all of them have been asked to be tried again."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for one in parked:
        group = found.setdefault(
            (one["context"], one["consumer"], one["problem"]),
            {
                **one,
                "reader": in_words(one["consumer"]),
                "sequences": 0,
                "behind": 0,
                "types": set(),
                "streams": [],
                "asked": True,
            },
        )
        group["sequences"] += 1
        group["behind"] += one["behind"]
        group["types"].add(one["type"].removeprefix("moothall."))
        group["streams"].append(one["stream_id"])
        group["parked_at"] = min(group["parked_at"], one["parked_at"])
        group["attempts"] = max(group["attempts"], one["attempts"])
        group["asked"] = group["asked"] and bool(one["asked_at"])
    return sorted(found.values(), key=lambda group: -group["sequences"])


async def tasks(ask: Asking) -> list[Task]:
    """What is parked is somebody's page that is not right: it is due at once."""
    answers = await asyncio.gather(*(ask.get(context, "/operations/parked") for context in CONTEXTS))
    parked = [{"context": each, **event} for each, some in zip(CONTEXTS, answers, strict=True) for event in some]
    return [
        Task(
            None, "Parked event", f"{in_words(one['consumer'])} cannot apply {one['type'].removeprefix('moothall.')}",
            f"/operations?context={one['context']}", why=one["problem"],
        )
        for one in sequences(parked)
    ]  # fmt: skip


operations = Room(
    "operations",
    "Oversight",
    router,
    frozenset({"operator"}),
    (Link("Readers and seals", "/operations", "g o"),),
    tasks,
)
