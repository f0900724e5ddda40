"""How far the replies to a canvass have come, polling district by polling district: a tile for each, by its letters.

Tiles of one size, not outlines: a district of two square miles and one of two streets are read alike, and each says its share
in figures as well as by its shade.
"""

from __future__ import annotations

from collections.abc import Sequence

from desk.pictures.picture import WIDTH, Picture, drawing, rect, text

LEFT, TOP, TILE, HEIGHT, GAP = 4, 28, 66, 42, 5
ACROSS = (WIDTH - LEFT) // (TILE + GAP)
STEPS = (25, 50, 75)
"""Per cent from which a tile is a shade darker."""
LEGEND = ("under 25 %", "25 % or more", "50 % or more", "75 % or more")
NOWHERE = "None"
"""How properties are told that are allocated to no polling district."""

Area = tuple[str, int, int]
"""Letters of a polling district, its properties, and how many of them have replied."""


def response_map(areas: Sequence[Area], year: int) -> Picture:
    """`areas` in any order. Where no property is, no share is."""
    shown = sorted((letters or NOWHERE, asked, replied) for letters, asked, replied in areas if asked)
    title = f"Replies of {year} by polling district"
    rows = [(letters, asked, replied, f"{share(asked, replied):.1f}") for letters, asked, replied in shown]
    columns = ("Polling district", "Properties", "Replied", "Replied %")
    return Picture("response-map", title, _takeaway(shown), _svg(title, shown), columns, rows)


def share(asked: int, replied: int) -> float:
    """Per cent of the properties that have replied."""
    return 100 * replied / asked


def _takeaway(areas: Sequence[Area]) -> str:
    if not any(replied for _, _, replied in areas):
        return "No property has replied yet." if areas else "No property is in this canvass yet."
    shares = sorted((share(asked, replied), letters) for letters, asked, replied in areas)
    (least, last), (most, first) = shares[0], shares[-1]
    behind = sum(1 for each, _ in shares if each < STEPS[1])
    if len(shares) == 1:
        return f"{least:.0f} % of the properties in {last} have replied."
    return f"{behind} of {len(shares)} polling districts below half: fewest in {last} ({least:.0f} %), most in {first} ({most:.0f} %)."


def _svg(title: str, areas: Sequence[Area]) -> str:
    if not areas:
        return drawing("response-map", title, 40, [text(LEFT, 24, "No property yet.")])
    parts: list[str] = []
    for step, label in enumerate(LEGEND):
        x = LEFT + step * WIDTH / len(LEGEND)
        parts += [rect(x, 4, 12, 12, _shade(step)), text(x + 18, 14, label)]
    for n, (letters, asked, replied) in enumerate(areas):
        x, y = LEFT + n % ACROSS * (TILE + GAP), TOP + n // ACROSS * (HEIGHT + GAP)
        per_cent = share(asked, replied)
        step = sum(1 for least in STEPS if per_cent >= least)
        parts += [
            rect(x, y, TILE, HEIGHT, _shade(step), f"{letters}: {replied:,} of {asked:,}"),
            text(x + TILE / 2, y + 17, letters, "middle"),
            text(x + TILE / 2, y + 33, f"{per_cent:.0f} %", "middle"),
        ]
    return drawing("response-map", title, TOP + -(-len(areas) // ACROSS) * (HEIGHT + GAP), parts)


def _shade(step: int) -> str:
    return f"desk-picture__share desk-picture__share--{step}"
