"""The report is one page that needs nothing else, and says plainly when something does not hold."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.rehearse.figures import AtThePoll, Figures, Notice, Renewed, by_week, running
from cli.rehearse.page import STEPS, _round_up, page
from cli.rehearse.proof import Proof
from cli.rehearse.stage import Rehearsed
from services.registration.demonstration.year import Year

YEAR = Year(date(2025, 12, 1), date(2026, 5, 7))
WEEKS = [YEAR.first + timedelta(days=7 * n) for n in range(53)]
FIGURES = Figures(
    electors=312,
    applications=[(week, n) for n, week in enumerate(WEEKS)],
    busiest=100,
    usual=2,
    register=[(week, 300 + n) for n, week in enumerate(WEEKS)],
    notices=[Notice("monthly", date(2026, 1, 2), 4, 2, 1, 0)],
    contacted=80,
    replies=[(date(2026, 7, 20), 10), (date(2026, 8, 20), 44)],
    outcomes={"allowed": 30, "open": 2},
    by_post=[(week, 60) for week in WEEKS],
    by_proxy=[(week, 8) for week in WEEKS],
    renewals=[Renewed("reapplication", 20, 12, 15, 0), Renewed("signature", 5, 2, 4, 1)],
    poll=AtThePoll({"postal-vote, maximum": 58, "proxy, emergency": 1}, 0, 3),
    rounds=2,
    calls={"no-answer": 50, "answered": 30},
    anonymous=3,
    corrected=2,
)
HOLDS = Proof(9000, True, {"register": 900}, 13, True, 4000, 0)


def reported(proof: Proof, figures: Figures = FIGURES) -> str:
    return page(Rehearsed(312, proof, 2, 1, {}, 61.5, 240, Path("year.html")), figures, YEAR)


def test_the_page_says_that_all_of_it_holds():
    told = reported(HOLDS)
    assert "All of it holds." in told
    assert "0 of 4,000" in told
    assert "50 times a usual one" in told


@pytest.mark.parametrize(
    "broken",
    [
        Proof(9000, False, {}, 13, True, 4000, 0),
        Proof(9000, True, {}, 13, False, 4000, 0),
        Proof(9000, True, {}, 13, True, 4000, 1),
        Proof(9000, True, {}, 13, True, 4000, 0, too_late=1),
    ],
)
def test_the_page_says_when_something_does_not_hold(broken):
    assert "NOT all of it holds" in reported(broken)


def test_its_charts_are_drawings_with_a_title_and_nothing_is_fetched():
    told = reported(HOLDS)
    charts = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", told, re.DOTALL)]
    assert len(charts) == 4
    assert all(chart[0].tag.endswith("title") for chart in charts)
    assert "<script" not in told
    assert not re.search(r'(src|href)="', told)


def test_the_page_tells_who_renewed_who_voted_otherwise_and_who_was_visited():
    told = reported(HOLDS)
    assert "fresh signature" in told
    assert "proxy, emergency" in told
    assert "calls at doors: no-answer" in told


@pytest.mark.parametrize(("high", "low"), [(1, 0), (4, 0), (97, 0), (1234, 0), (312, 280), (23_456, 20_000)])
def test_the_steps_of_a_scale_are_whole_numbers_up_to_the_highest_value(high, low):
    top = _round_up(high, low)
    assert top >= high
    assert (top - low) % STEPS == 0


def test_a_year_without_canvass_replies_has_a_page_too():
    empty = Figures(**{**vars(FIGURES), "replies": [], "contacted": 0})
    assert "There was nothing." in reported(HOLDS, empty)


def test_days_are_gathered_into_weeks_and_run_up():
    days = [(WEEKS[0], 2), (WEEKS[0] + timedelta(days=6), 3), (WEEKS[1], 4)]
    assert by_week(days, WEEKS[:2]) == [(WEEKS[0], 5), (WEEKS[1], 4)]
    assert running(days)[-1] == (WEEKS[1], 9)
