"""How far each reader is behind, shard by shard: a strip of 64 cells a reader."""

from __future__ import annotations

from collections.abc import Mapping

from desk.pictures.picture import WIDTH, Picture, drawing, rect, text

SHARDS = 64
LEFT, ROW, TOP, FOOT = 220, 22, 8, 24
STEPS = (1, 10, 100, 1000)
"""Events from which a cell is a shade darker."""


def lag(readers: Mapping[str, Mapping[int, int]]) -> Picture:
    """Events not applied yet by reader and shard; readers in the order in which they shall stand."""
    title = "Events that each reader has still to apply, by shard"
    totals = {reader: sum(shards.values()) for reader, shards in readers.items()}
    rows = [
        (reader, totals[reader], sum(1 for events in shards.values() if events)) for reader, shards in readers.items()
    ]
    return Picture(
        "lag", title, _takeaway(totals), _svg(title, readers), ("Reader", "Events behind", "Shards behind"), rows
    )


def _takeaway(totals: Mapping[str, int]) -> str:
    behind = {reader: events for reader, events in totals.items() if events}
    if not behind:
        return f"All {len(totals)} readers have applied everything."
    furthest = max(behind, key=lambda reader: behind[reader])
    return (
        f"{len(behind)} of {len(totals)} readers are behind; {furthest} the furthest, by {behind[furthest]:,} events."
    )


def _svg(title: str, readers: Mapping[str, Mapping[int, int]]) -> str:
    cell = (WIDTH - LEFT - 8) / SHARDS
    parts: list[str] = []
    for n, (reader, shards) in enumerate(readers.items()):
        y = TOP + n * ROW
        parts.append(text(LEFT - 8, y + 14, reader, "end"))
        for shard in range(SHARDS):
            events = shards.get(shard, 0)
            shade = sum(1 for step in STEPS if events >= step)
            said = f"{reader}, shard {shard}: {events:,}" if events else ""
            parts.append(
                rect(LEFT + shard * cell, y, cell - 1, ROW - 4, f"desk-picture__heat desk-picture__heat--{shade}", said)
            )
    y = TOP + len(readers) * ROW + 14
    parts += [text(LEFT, y, "shard 0"), text(WIDTH - 8, y, f"shard {SHARDS - 1}", "end")]
    return drawing("lag", title, TOP + ROW * len(readers) + FOOT, parts)
