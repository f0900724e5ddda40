"""The report of a rehearsed year: one HTML page that needs nothing else, its charts as SVG with their figures beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING

from cli.rehearse.figures import Figures, Notice, Renewed, Series
from services.registration.demonstration.year import Year

if TYPE_CHECKING:
    from cli.rehearse.stage import Rehearsed

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 270, 70, 14, 36, 28
STEPS = 4
INK, GRID, BLUE, GREEN, RED, BROWN = "#0b0c0c", "#b1b4b6", "#1d70b8", "#00703c", "#d4351c", "#b58840"
STYLE = (
    "body{font-family:Arial,Helvetica,sans-serif;color:#0b0c0c;max-width:80rem;margin:1rem auto;padding:0 1rem;line-height:1.35}"
    "h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.05rem;margin:0 0 .4rem}p{margin:.3rem 0}svg{width:100%;height:auto}"
    "main{display:grid;grid-template-columns:repeat(auto-fit,minmax(26rem,1fr));gap:1.2rem 2rem;align-items:start}"
    "section{border-top:2px solid #0b0c0c;padding-top:.5rem}.verdict{border-left:.5rem solid;padding:.4rem .8rem;margin:.6rem 0 1rem}"
    ".good{border-color:#00703c;background:#f0f7f3}.bad{border-color:#d4351c;background:#fdf1ef}"
    "table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:.15rem .8rem .15rem 0;"
    "border-bottom:1px solid #b1b4b6;vertical-align:top}td.n,th.n{text-align:right;padding-right:0;padding-left:.6rem;"
    "font-variant-numeric:tabular-nums}details{margin:.2rem 0;font-size:.9rem}summary{cursor:pointer}"
    "@media print{body{font-size:9pt;margin:0}details{display:none}section{break-inside:avoid}}"
)
NAMES = {
    "monthly": "monthly notice", "interim-1": "first interim notice", "final": "final notice",
    "revised-register": "revised register", "reapplication": "new application", "signature": "fresh signature",
}  # fmt: skip


def page(done: Rehearsed, figures: Figures, year: Year) -> str:
    """The whole page. Counts only: nobody is named."""
    deadline = year.notices.registration.day
    days = [(deadline, "registration deadline"), (year.polling_day, "poll"), (year.canvass_from, "canvass")]
    ratio = f"{figures.busiest / figures.usual:.0f}" if figures.usual else "no"
    replied, contacted = figures.replies[-1][1] if figures.replies else 0, figures.contacted
    sections = [
        _section("What was proved", _proved(done)),
        _section(
            "What was published",
            _table(("published", "added", "removed", "amended", "electors"), [_notice(n) for n in figures.notices]),
        ),
        _section(
            f"Applications by week: {figures.busiest:,} on the busiest day, {ratio} times a usual one",
            _chart("Applications received by week", [(figures.applications, BLUE, "")], days, bars=True),
            _numbers("week from", figures.applications),
        ),
        _section(
            f"The register: {figures.register[0][1]:,} electors at first, {figures.electors:,} in the end",
            _chart("Electors on the register", [(figures.register, GREEN, "")], days),
            _numbers("on", figures.register),
        ),
        _section(
            "Absent votes in force until further notice or for years",
            _chart(
                "Electors who vote by post and by proxy",
                [(figures.by_post, BLUE, "by post"), (figures.by_proxy, BROWN, "by proxy")],
                [(year.renewal, "31 January"), (year.polling_day, "poll")], zero=True,
            ),
            _numbers("by post on", figures.by_post), _numbers("by proxy on", figures.by_proxy),
        ),
        _section(
            f"Canvass: {replied:,} of {contacted:,} households asked replied",
            _chart("Households that have replied", [(figures.replies, BROWN, "")], [], most=contacted),
            _numbers("on", figures.replies[::7]),
        ),
        _section("Asked to renew, and what came of it", _renewals(figures)),
        _section(f"Absent votes at the poll of {year.polling_day:%-d %B %Y}", _at_the_poll(figures)),
        _section("What became of applications", _counts("outcome", "applications", figures.outcomes)),
        _section("At the door, in secret, and by mistake", _others(figures)),
    ]  # fmt: skip
    title = f"A year of registration: Mootshire, {year.first:%Y} to {year.last:%Y}"
    holds = done.proof.holds()
    verdict = "All of it holds." if holds else "NOT all of it holds: see what was proved."
    return "\n".join([
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f'<h1>{title}</h1><p class="verdict {"good" if holds else "bad"}"><strong>{verdict}</strong>'
        f" An invented council of {done.electors:,} electors lived through {done.proof.events:,} events in {_time(done.seconds)}.</p>",
        "<main>", *sections, "</main>", "</body></html>", "",
    ])  # fmt: skip


def _section(title: str, *parts: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def _proved(done: Rehearsed) -> str:
    proof = done.proof
    broken = f"{done.killed} times killed, {done.outages} times without its store"
    rows = [
        ("Register built anew from the events equals the register that was kept", _yes(proof.register_equal)),
        ("Notices and registers made again, byte for byte", f"{_yes(proof.notices_reproducible)}, all {proof.notices}"),
        ("Lost, of what the office was told is done", f"{proof.lost:,} of {proof.acknowledged:,}"),
        ("Absent votes at the poll that were asked for too late", f"{proof.too_late:,}"),
        ("The working process", broken if done.killed or done.outages else "was not disturbed"),
        ("Refused, as the law wants it", ", ".join(f"{rule} {n:,}" for rule, n in done.refused.items()) or "nothing"),
        ("Most memory of the working process", f"{done.megabytes:,} MB"),
    ]
    return _table(("", ""), rows)


def _renewals(figures: Figures) -> str:
    rows = [
        (NAMES.get(r.need, r.need), *(f"{n:,}" for n in (r.asked, r.reminded, r.answered, r.lapsed, _unsettled(r))))
        for r in figures.renewals
    ]
    return _table(("for a", "asked", "reminded", "answered", "lapsed", "ended without"), rows)


def _unsettled(renewed: Renewed) -> int:
    """Whose votes ended, or whose entries did, without an answer: a vote by post that is not renewed ends by itself."""
    return renewed.asked - renewed.answered - renewed.lapsed


def _at_the_poll(figures: Figures) -> str:
    poll = figures.poll
    rows = [*poll.in_force.items(), ("refused in the year, mostly too late", poll.refused)]
    return _table(("in force on the day", "electors"), [(what, f"{n:,}") for what, n in rows])


def _others(figures: Figures) -> str:
    calls = [(f"calls at doors: {outcome}", f"{n:,}") for outcome, n in figures.calls.items()]
    rows = [
        ("rounds of visiting officers", f"{figures.rounds:,}"), *calls,
        ("anonymous entries in the end", f"{figures.anonymous:,}"),
        ("clerical errors corrected for the poll", f"{figures.corrected:,}"),
    ]  # fmt: skip
    return _table(("what", "how many"), rows)


def _counts(what: str, many: str, counts: Mapping[str, int]) -> str:
    return _table((what, many), [(name, f"{n:,}") for name, n in counts.items()])


def _time(seconds: float) -> str:
    return f"{seconds:,.0f} s" if seconds < 300 else f"{seconds / 60:,.0f} minutes"


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


def _notice(notice: Notice) -> tuple[str, ...]:
    electors = f"{notice.electors:,}" if notice.electors else ""
    counts = (notice.additions, notice.removals, notice.amendments)
    return f"{notice.on:%-d %b %Y}, {NAMES.get(notice.kind, notice.kind)}", *(f"{n:,}" for n in counts), electors


def _chart(
    title: str, lines: Sequence[tuple[Series, str, str]], days: Sequence[tuple[date, str]], *,
    bars: bool = False, zero: bool = False, most: int = 0,
) -> str:  # fmt: skip
    """Bars from nought, or lines, each a series with its colour and name, on a scale as wide as it must be (from nought with
    `zero`); `days` are marked. `most`: what all would be."""
    lines = [line for line in lines if line[0]]
    if not lines:
        return "<p>There was nothing.</p>"
    values = [count for series, _, _ in lines for _, count in series]
    low = 0 if bars or most or zero else max(0, min(values) - max(1, (max(values) - min(values)) // 4))
    high = _round_up(max(*values, most, low + 1), low)
    dates = [on for series, _, _ in lines for on, _ in series]
    first, last = min(dates), max(max(dates), min(dates) + timedelta(days=1))

    def x(on: date) -> float:
        return round(LEFT + (on - first).days / (last - first).days * (WIDTH - LEFT - RIGHT), 1)

    def y(count: float) -> float:
        return round(HEIGHT - BOTTOM - (count - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Arial,Helvetica,sans-serif"'
        f' font-size="14" role="img"><title>{escape(title)}</title>'
    ]
    for step in range(STEPS + 1):
        value = low + (high - low) * step / STEPS
        drawn.append(f'<line x1="{LEFT}" y1="{y(value)}" x2="{WIDTH - RIGHT}" y2="{y(value)}" stroke="{GRID}"/>')
        drawn.append(f'<text x="{LEFT - 8}" y="{y(value) + 4}" text-anchor="end">{value:,.0f}</text>')
    for series, colour, name in lines:
        drawn += _bars(series, colour, x, y) if bars else _line(series, colour, name, x, y)
    for n, (on, text) in enumerate(sorted(days)):
        drawn.append(f'<line x1="{x(on)}" y1="{TOP - 8}" x2="{x(on)}" y2="{HEIGHT - BOTTOM}" stroke="{RED}"/>')
        anchor, beside = ("end", -4) if n == 0 else ("start", 4)
        drawn.append(
            f'<text x="{x(on) + beside}" y="{TOP - 12}" text-anchor="{anchor}" fill="{RED}">{escape(text)}</text>'
        )
    month = first.replace(day=1)
    while month <= last:
        if month >= first:
            drawn.append(f'<text x="{x(month)}" y="{HEIGHT - 8}" text-anchor="middle" fill="{INK}">{month:%b}</text>')
        month = (month + timedelta(days=32)).replace(day=1)
    return "".join([*drawn, "</svg>"])


def _bars(series: Series, colour: str, x: Callable[[date], float], y: Callable[[float], float]) -> list[str]:
    wide = (WIDTH - LEFT - RIGHT) / len(series) * 0.8
    return [
        f'<rect x="{min(x(on), WIDTH - RIGHT - wide):.1f}" y="{y(count)}" width="{wide:.1f}" height="{y(0) - y(count):.1f}"'
        f' fill="{colour}"/>'
        for on, count in series
    ]


def _line(series: Series, colour: str, name: str, x: Callable[[date], float], y: Callable[[float], float]) -> list[str]:
    points = " ".join(f"{x(on)},{y(count)}" for on, count in series)
    on, count = series[len(series) // 2]
    told = f'<text x="{x(on)}" y="{y(count) - 8}" text-anchor="middle" fill="{colour}">{escape(name)}</text>'
    return [f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>', told if name else ""]


def _round_up(high: int, low: int) -> int:
    """The top of a scale whose steps are whole numbers that read well."""
    step = max(1, -(-(high - low) // STEPS))
    unit: int = 10 ** max(0, len(str(step)) - 2)
    return low + STEPS * (-(-step // unit) * unit)
