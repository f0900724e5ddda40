"""How far readers are behind, shard by shard: a strip of 64 cells for all of them, and one for each that is behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desk.pictures.picture import WIDTH, Picture, drawing, rect, text

SHARDS = 64
LEFT, ROW, TOP, FOOT = 330, 22, 8, 24
LETTERS = 54
"""Of a reader's name that find room beside its strip; the table has all of it."""
DRAWN = 20
"""Readers that have a strip of their own: those furthest behind. The table has all of them."""
STEPS = (1, 10, 100, 1000)
"""Events from which a cell is a shade darker."""


def lag(readers: Mapping[str, Mapping[int, int]]) -> Picture:
    """Events not applied yet by reader and shard; readers in the order in which they shall stand in the table."""
    title = "Events that readers have still to apply, by shard"
    totals = {reader: sum(shards.values()) for reader, shards in readers.items()}
    rows = [
        (in_words(reader), totals[reader], sum(1 for events in shards.values() if events))
        for reader, shards in readers.items()
    ]
    behind = sorted((reader for reader in readers if totals[reader]), key=lambda reader: -totals[reader])
    all_of_them = {shard: sum(shards.get(shard, 0) for shards in readers.values()) for shard in range(SHARDS)}
    strips = [("all readers", all_of_them), *((in_words(reader), readers[reader]) for reader in behind[:DRAWN])]
    return Picture(
        "lag", title, _takeaway(totals), _svg(title, strips), ("Reader", "Events behind", "Shards behind"), rows
    )


def _takeaway(totals: Mapping[str, int]) -> str:
    behind = {reader: events for reader, events in totals.items() if events}
    if not behind:
        return f"All {len(totals)} readers have applied everything."
    furthest = max(behind, key=lambda reader: behind[reader])
    said = f"{len(behind)} of {len(totals)} readers are behind; {in_words(furthest)} the furthest, by {behind[furthest]:,} events."
    return f"{said} The {DRAWN} furthest behind are drawn." if len(behind) > DRAWN else said


def _svg(title: str, strips: Sequence[tuple[str, Mapping[int, int]]]) -> str:
    cell = (WIDTH - LEFT - 8) / SHARDS
    parts: list[str] = []
    for n, (reader, shards) in enumerate(strips):
        y = TOP + n * ROW
        parts.append(text(LEFT - 8, y + 14, _label(reader), "end"))
        for shard in range(SHARDS):
            events = shards.get(shard, 0)
            shade = sum(1 for step in STEPS if events >= step)
            said = f"{reader}, shard {shard}: {events:,}" if events else ""
            parts.append(
                rect(LEFT + shard * cell, y, cell - 1, ROW - 4, f"desk-picture__heat desk-picture__heat--{shade}", said)
            )
    y = TOP + len(strips) * ROW + 14
    parts += [text(LEFT, y, "shard 0"), text(WIDTH - 8, y, f"shard {SHARDS - 1}", "end")]
    return drawing("lag", title, TOP + ROW * len(strips) + FOOT, parts)


def in_words(reader: str) -> str:
    """`policy:when_a_mover_is_allowed` -> `when a mover is allowed`; `view:own_entries` -> `view of own entries`."""
    return reader.removeprefix("policy:").replace("view:", "view of ", 1).replace("_", " ")


def _label(said: str) -> str:
    return said if len(said) <= LETTERS else f"{said[: LETTERS - 1]}…"
