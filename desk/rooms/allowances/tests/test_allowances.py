"""A run beside the month before, and a year beside its budget."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desk.forms import Form
from desk.rooms.allowances.pages import allowance_year, month_name, picture, preceding
from desk.rooms.allowances.reckoning import NOT_POUNDS, by_member, payrolls_answer, pounds, variances


def line(member: str, pence: int, office: str = "basic") -> dict[str, Any]:
    return {"member_id": member, "office": office, "pence": pence, "reason": "", "source": ""}


def run(month: int, payable: int, state: str = "paid", recoverable: int = 0, nic: int | None = None) -> dict[str, Any]:
    return {"month": month, "payable": payable, "recoverable": recoverable, "employer_nic": nic, "state": state}


def test_what_changed_stands_first_with_what_it_was_and_who_has_no_line_any_more_is_shown():
    found = variances(
        [line("a", 100), line("b", 250), line("c", 70)], [line("a", 100), line("b", 200), line("gone", 30)]
    )
    assert [(each["member_id"], each["was"], each["pence"]) for each in found] == [
        ("b", 200, 250), ("c", 0, 70), ("gone", 30, 0), ("a", 100, 100),
    ]  # fmt: skip


def test_two_offices_of_one_member_are_compared_each_with_itself():
    found = variances([line("a", 100), line("a", 900, "leader")], [line("a", 100), line("a", 800, "leader")])
    assert [(each["office"], each["was"]) for each in found] == [("leader", 800), ("basic", 100)]


def test_a_year_is_measured_by_what_is_approved_or_paid():
    runs = [run(1, 100_00), run(2, 100_00, nic=10_00), run(3, 999_00, "calculated")]
    shown = picture(runs, {"pence": 1_200_00}, 2026)
    assert shown.rows == [("Allowances", "210.00", "200.00", "1200.00", "18%")]
    assert shown.takeaway == "£210.00 of £1,200.00 is spent; ahead of the year: Allowances."


def test_a_year_without_a_budget_says_so():
    assert picture([run(1, 100_00)], None, 2026).takeaway == "No budget has been set for this year."


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_an_allowance_year_begins_on_the_first_of_april(today: date, year: int):
    assert allowance_year(today) == year


def test_the_tenth_month_of_a_year_is_the_next_calendar_years_january():
    assert (month_name(2026, 9), month_name(2026, 10), preceding(2026, 1)) == (
        "December 2026",
        "January 2027",
        (2025, 12),
    )


def test_money_is_shown_in_pounds():
    assert [pounds(pence) for pence in (0, 123_450, -300, None)] == ["£0.00", "£1,234.50", "-£3.00", ""]


def test_a_member_has_one_row_whatever_offices_they_hold():
    lines = variances(
        [line("a", 510_00), line("a", 153_00, "chair:x"), line("b", 510_00)], [line("a", 510_00), line("b", 510_00)]
    )
    assert [(row.member_id, row.basic, row.special, row.gross, row.was) for row in by_member(lines)] == [
        ("a", 510_00, 153_00, 663_00, 510_00), ("b", 510_00, 0, 510_00, 510_00),
    ]  # fmt: skip


def test_payrolls_answer_is_typed_in_pounds():
    form = Form({"deductions-a": "£1,102.40", "nic-a": "", "deductions-b": "1O2"})
    assert payrolls_answer(form, ["a", "b"])[0] == {"member_id": "a", "deductions": 1_102_40, "employer_nic": 0}
    assert form.errors == {"deductions-b": NOT_POUNDS}
