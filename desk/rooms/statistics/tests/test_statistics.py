"""Which list stands behind a figure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desk.rooms.statistics.pages import Every, by_subject, end_of, query_of, with_lists


@pytest.mark.parametrize(
    ("begins", "every", "ends"),
    [
        (date(2026, 12, 1), "month", date(2026, 12, 31)),
        (date(2028, 2, 1), "month", date(2028, 2, 29)),
        (date(2026, 12, 28), "week", date(2027, 1, 3)),
    ],
)
def test_a_week_and_a_month_end_with_their_last_day(begins: date, every: Every, ends: date):
    assert end_of(begins, every) == ends


@pytest.mark.parametrize(
    ("begins", "every", "days"),
    [
        ("2026-03-10", "period", ("2026-03-10", "2026-05-20")),
        ("2026-03-01", "month", ("2026-03-10", "2026-03-31")),
        ("2026-05-18", "week", ("2026-05-18", "2026-05-20")),
    ],
)
def test_a_list_holds_no_day_that_its_figure_does_not(begins: str, every: Every, days: tuple[str, str]):
    line = {"begins": begins, "detail": "paper", "also": "ordinary"}
    query = query_of(line, date(2026, 3, 10), date(2026, 5, 20), every)
    assert (query["since"], query["until"]) == days


def counted(figure: str, begins: str = "2026-01-01") -> dict[str, Any]:
    return {"figure": figure, "begins": begins}


def test_figures_stand_in_the_order_of_the_work_and_unsorted_ones_last():
    lines = [counted("a-new-figure"), counted("deletions"), counted("rejections"), counted("applications-received")]
    found = [(subject.title, [line["figure"] for line in subject.lines]) for subject in by_subject(lines)]
    assert found == [
        ("Applications", ["applications-received", "rejections"]),
        ("The register", ["deletions"]),
        ("Other", ["a-new-figure"]),
    ]


def area(constituency: str, ward: str, district: str) -> dict[str, str]:
    return {"constituency": constituency, "ward": ward, "district": district}


def test_a_line_opens_no_list_that_would_hold_more_than_it():
    shared = [area("E1", "", "AAA"), area("E2", "", "AAA"), area("E1", "", "AAB")]
    assert [found for _, found in with_lists(shared, "part")] == [None, None, {"district": "AAB"}]
    unplaced = [area("", "", ""), area("", "W1", "")]
    assert [found for _, found in with_lists(unplaced, "ward")] == [None, {"ward": "W1"}]
    assert [found for _, found in with_lists([area("", "", "")], "authority")] == [{}]
