"""An answer as a picture: horizontal bars, each with its value and its name beside it, so that no colour has to be told apart.

SVG with title and description for those who do not see it; PNG of the same by Typst, which writes our papers as well.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import typst

from reporting.answers import Answer, Bar

WIDTH: Final = 960
LABELS: Final = 250
"""Where bars begin: left of it stand the names of groups."""
VALUES: Final = 220
"""Room for what is written behind the longest bar."""
BAR: Final = 18
GAP: Final = 14
MARGIN: Final = 24
LINE: Final = 20
FONT: Final = "DejaVu Sans, Liberation Sans, Arial, sans-serif"
DOTS_PER_INCH: Final = 144

FILLS: Final = ("#1d3557", "url(#hatched)", "url(#dotted)", "#ffffff")
"""One for each series, told apart by pattern as well; all have a dark edge."""
EDGE: Final = "#1d3557"
INK: Final = "#111111"

NAMESPACE: Final = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", NAMESPACE)


def svg(answer: Answer) -> bytes:
    """The chart as a document of its own."""
    said = wrap(answer.takeaway, 105)
    top = MARGIN + 30 + LINE * len(said) + GAP
    series = list(dict.fromkeys(bar.series for group in answer.groups for bar in group.bars))
    longest = max((abs(bar.value) for group in answer.groups for bar in group.bars), default=0) or 1
    drawn, y = [], top
    for group in answer.groups:
        drawn.append(_text(group.label, LABELS - 12, y + 14, anchor="end", weight="bold"))
        for bar in group.bars:
            drawn += _bar(bar, y, longest, FILLS[series.index(bar.series) % len(FILLS)])
            y += BAR + 2
        y += GAP
    if not answer.groups:
        drawn.append(_text("There is nothing to draw.", MARGIN, top + 14))
        y += LINE + GAP
    height = y + MARGIN - GAP
    document = _element(
        "svg",
        _element("title", answer.title, id="title"),
        _element("desc", description(answer), id="description"),
        _element("defs", _pattern("hatched", "M0 6 L6 0"), _pattern("dotted", "M2 3 h2")),
        _element("rect", width=WIDTH, height=height, fill="#ffffff"),
        _text(answer.title, MARGIN, MARGIN + 12, size=18, weight="bold"),
        *(_text(line, MARGIN, MARGIN + 38 + LINE * number) for number, line in enumerate(said)),
        *drawn,
        viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH,
        height=height,
        role="img",
        aria_labelledby="title description",
        font_family=FONT,
    )
    ElementTree.indent(document)
    written: bytes = ElementTree.tostring(document, encoding="utf-8", xml_declaration=True)
    return written


def png(answer: Answer) -> bytes:
    """The same chart in pixels."""
    page = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.chart), format: "svg")'
    written = typst.compile(page.encode(), format="png", ppi=DOTS_PER_INCH, sys_inputs={"chart": svg(answer).decode()})
    assert isinstance(written, bytes)  # one page
    return written


def description(answer: Answer) -> str:
    """What the picture shows, in words: the takeaway, then every bar."""
    groups = (
        f"{group.label}: {', '.join(f'{bar.series} {bar.text}' for bar in group.bars) or 'nothing'}"
        for group in answer.groups
    )
    return f"{answer.takeaway} {'; '.join(groups)}"


def _bar(bar: Bar, y: int, longest: int, fill: str) -> list[Element]:
    width = max(1, round(abs(bar.value) * (WIDTH - LABELS - VALUES) / longest))
    return [
        _element("rect", x=LABELS, y=y, width=width, height=BAR, fill=fill, stroke=EDGE),
        _text(f"{bar.text} {bar.series}", LABELS + width + 8, y + 14),
    ]


def _text(words: str, x: int, y: int, *, size: int = 14, anchor: str = "start", weight: str = "normal") -> Element:
    return _element("text", words, x=x, y=y, fill=INK, font_size=size, font_weight=weight, text_anchor=anchor)


def _pattern(name: str, path: str) -> Element:
    return _element(
        "pattern",
        _element("rect", width=6, height=6, fill="#ffffff"),
        _element("path", d=path, stroke=EDGE, stroke_width=2),
        id=name,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )


def _element(tag: str, *content: Element | str, **attributes: str | int) -> Element:
    """An element of SVG; `font_size` becomes `font-size`."""
    named = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    made = Element(f"{{{NAMESPACE}}}{tag}", named)
    for part in content:
        if isinstance(part, str):
            made.text = part
        else:
            made.append(part)
    return made
