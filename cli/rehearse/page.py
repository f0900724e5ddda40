"""The report of a rehearsed year: one HTML page that needs nothing else, its charts as SVG with their figures beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING

from cli.rehearse.figures import Figures, Notice, Series
from services.registration.demonstration.year import Year

if TYPE_CHECKING:
    from cli.rehearse.stage import Rehearsed

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 260, 70, 20, 34, 30
INK, GRID, BLUE, GREEN, RED, BROWN = "#0b0c0c", "#b1b4b6", "#1d70b8", "#00703c", "#d4351c", "#b58840"
STYLE = (
    "body{font-family:sans-serif;color:#0b0c0c;max-width:62rem;margin:1rem auto;padding:0 1rem;line-height:1.4}"
    "h1{font-size:1.6rem}h2{font-size:1.15rem;margin:1.4rem 0 .3rem}svg{width:100%;height:auto}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.15rem 1rem .15rem 0;border-bottom:1px solid #b1b4b6}"
    "td.n,th.n{text-align:right}details{margin:.2rem 0}"
)


def page(done: Rehearsed, figures: Figures, year: Year) -> str:
    """The whole page. Counts only: nobody is named."""
    proof = done.proof
    deadline = year.notices.registration.day
    ratio = f"{figures.busiest / figures.usual:.0f}" if figures.usual else "no"
    verdict = "All of it holds." if proof.holds() else "NOT all of it holds: see below."
    proved = [
        ("Register built anew from the events equals the register that was kept", _yes(proof.register_equal)),
        ("Notices and registers made again, byte for byte", f"{_yes(proof.notices_reproducible)}, all {proof.notices}"),
        ("Lost, of what the office was told is done", f"{proof.lost:,} of {proof.acknowledged:,}"),
        ("Events", f"{proof.events:,}"),
        ("Electors on the register in the end", f"{done.electors:,}"),
        ("The working process was killed, its store was away", f"{done.killed} and {done.outages} times"),
        ("Refused by a rule", ", ".join(f"{rule} {n:,}" for rule, n in done.refused.items()) or "nothing"),
        ("Took", f"{done.seconds:,.0f} s, at most {done.megabytes:,} MB in the working process"),
    ]
    days = [(deadline, "registration deadline"), (year.polling_day, "poll"), (year.canvass_from, "canvass")]
    parts = [
        "<h2>What was proved</h2>", _table(("", ""), proved),
        f"<h2>Applications by week: {figures.busiest:,} on the busiest day, {ratio} times a usual one</h2>",
        _chart("Applications received by week", figures.applications, days, bars=True, colour=BLUE),
        _numbers("week from", figures.applications),
        f"<h2>The register, week by week, from {year.first:%-d %B %Y} to {year.last:%-d %B %Y}</h2>",
        _chart("Electors on the register", figures.register, days, colour=GREEN),
        _numbers("on", figures.register),
        "<h2>What was published</h2>", _notices(figures.notices),
        f"<h2>Canvass: {figures.replies[-1][1] if figures.replies else 0:,} of {figures.contacted:,} households asked replied</h2>",
        _chart("Households that have replied", figures.replies, [], colour=BROWN, most=figures.contacted),
        _numbers("on", figures.replies[::7]),
        "<h2>Applications by outcome, and absent votes</h2>",
        _table(("applications", "how many"), [(k, f"{v:,}") for k, v in figures.outcomes.items()]),
        _table(("events", "how many"), [(k, f"{v:,}") for k, v in figures.postal.items()]),
    ]  # fmt: skip
    title = f"A year of registration: Mootshire, {year.first:%Y} to {year.last:%Y}"
    return "\n".join([
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f"<h1>{title}</h1><p>An invented council, rehearsed at clock speed. <strong>{verdict}</strong></p>",
        *parts, "</body></html>", "",
    ])  # fmt: skip


def _yes(holds: bool) -> str:
    return "yes" if holds else "NO"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    kinds = ["", *(' class="n"' for _ in heads[1:])]
    head = "".join(f'<th scope="col"{kind}>{escape(text)}</th>' for kind, text in zip(kinds, heads, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table>{f'<tr>{head}</tr>' if any(heads) else ''}{body}</table>"


def _numbers(what: str, series: Series) -> str:
    rows = [(f"{on:%-d %b %Y}", f"{count:,}") for on, count in series]
    return f"<details><summary>Figures</summary>{_table((what, 'how many'), rows)}</details>"


def _notices(notices: Sequence[Notice]) -> str:
    rows = [
        (
            f"{n.on:%-d %B %Y}, {n.kind}", f"{n.additions:,}", f"{n.removals:,}", f"{n.amendments:,}",
            f"{n.electors:,}" if n.electors else "",
        )
        for n in notices
    ]  # fmt: skip
    return _table(("published", "additions", "removals", "amendments", "electors"), rows)


def _chart(
    title: str, series: Series, days: Sequence[tuple[date, str]], *, colour: str, bars: bool = False, most: int = 0
) -> str:
    """Bars from nought, or a line whose scale is as wide as it must be; `days` are marked. `most`: what all would be."""
    if not series:
        return "<p>There was nothing.</p>"
    values = [count for _, count in series]
    low = 0 if bars or most else min(values) - max(1, (max(values) - min(values)) // 4)
    high = max(*values, most, low + 1)
    first, last = series[0][0], max(series[-1][0], series[0][0] + timedelta(days=1))

    def x(on: date) -> float:
        return round(LEFT + (on - first).days / (last - first).days * (WIDTH - LEFT - RIGHT), 1)

    def y(count: float) -> float:
        return round(HEIGHT - BOTTOM - (count - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        f' font-size="12" role="img"><title>{escape(title)}</title>'
    ]
    for step in range(5):
        value = low + (high - low) * step / 4
        drawn.append(f'<line x1="{LEFT}" y1="{y(value)}" x2="{WIDTH - RIGHT}" y2="{y(value)}" stroke="{GRID}"/>')
        drawn.append(f'<text x="{LEFT - 8}" y="{y(value) + 4}" text-anchor="end">{value:,.0f}</text>')
    if bars:
        wide = (WIDTH - LEFT - RIGHT) / len(series) * 0.8
        drawn += [
            f'<rect x="{x(on)}" y="{y(count)}" width="{wide:.1f}" height="{y(low) - y(count):.1f}" fill="{colour}"/>'
            for on, count in series
        ]
    else:
        points = " ".join(f"{x(on)},{y(count)}" for on, count in series)
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
    for on, text in days:
        drawn.append(f'<line x1="{x(on)}" y1="{TOP - 8}" x2="{x(on)}" y2="{HEIGHT - BOTTOM}" stroke="{RED}"/>')
        anchor = "end" if text.startswith("registration") else "start"
        drawn.append(f'<text x="{x(on)}" y="{TOP - 14}" text-anchor="{anchor}" fill="{RED}">{escape(text)}</text>')
    month = first.replace(day=1)
    while month <= last:
        if month >= first:
            drawn.append(f'<text x="{x(month)}" y="{HEIGHT - 10}" text-anchor="middle" fill="{INK}">{month:%b}</text>')
        month = (month + timedelta(days=32)).replace(day=1)
    return "".join([*drawn, "</svg>"])
