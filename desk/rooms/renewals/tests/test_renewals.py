"""Which campaigns the calendar brings, and what My work says of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desk.rooms.renewals.pages import coming, not_opened, waiting


def days(today: date) -> list[tuple[str, date, date]]:
    return [(each.need, each.ends_on, each.days.notice_on) for each in coming(today)]


def test_the_calendar_brings_31_january_twice_and_1_november_once():
    assert days(date(2026, 11, 23)) == [
        ("reapplication", date(2027, 1, 31), date(2026, 12, 20)),
        ("signature", date(2027, 1, 31), date(2027, 1, 31)),
        ("reapplication", date(2027, 11, 1), date(2027, 9, 20)),
    ]


def test_signatures_of_january_are_still_waited_for_in_march():
    assert ("signature", date(2027, 1, 31), date(2027, 1, 31)) in days(date(2027, 3, 14))
    assert ("signature", date(2028, 1, 31), date(2028, 1, 31)) in days(date(2027, 3, 15))
    assert ("reapplication", date(2028, 1, 31), date(2027, 12, 20)) in days(date(2027, 2, 1))


def opened(due: int, to_remind: int) -> dict[str, Any]:
    return {"need": "reapplication", "ends_on": "2027-01-31", "due": due, "to_remind": to_remind}


@pytest.mark.parametrize(
    ("today", "campaign", "said"),
    [
        (date(2026, 12, 1), None, ["Open the campaign."]),
        (date(2026, 12, 19), opened(3, 0), []),
        (date(2026, 12, 20), opened(1_203, 0), ["Ask 1,203 electors."]),
        (date(2027, 1, 9), opened(0, 4), []),
        (date(2027, 1, 10), opened(2, 4), ["Ask 2 electors.", "Remind 4 electors."]),
        (date(2027, 1, 11), opened(0, 0), []),
    ],
)
def test_my_work_brings_what_is_due_of_a_campaign(today: date, campaign: dict[str, Any] | None, said: list[str]):
    near = [each for each in coming(today) if each.ends_on == date(2027, 1, 31) and each.need == "reapplication"]
    found = list(waiting(near, [campaign] if campaign else [], today))
    assert [task.subject.partition(" Apply again")[0] for task in found] == said


def test_a_campaign_is_opened_once():
    today = date(2026, 11, 23)
    left = [(each.need, each.ends_on) for each in not_opened(coming(today), [opened(0, 0)])]
    assert left == [("signature", date(2027, 1, 31)), ("reapplication", date(2027, 11, 1))]
