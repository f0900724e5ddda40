"""The checklist, from facts alone: states, blockers and the clock."""

from datetime import UTC, date, datetime

import pytest

from services.elections.views.checklist import Situation, checklist, clock_of, working_days_between
from shared.law.working_days import calendar

HOME = calendar()


def step(key, day, owner="returning officer", hour=15):
    return {
        "key": key, "title": key, "owner": owner, "day": day, "source": "the law",
        "closes_at": datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
    }  # fmt: skip


NOTICE, STATEMENT = (
    step("notice-of-election", date(2026, 3, 30)),
    step("statement-of-persons-nominated", date(2026, 4, 10)),
)
POSTAL = step("postal-votes", date(2026, 4, 21), "electors")


def states(now, **facts):
    situation = Situation(steps=[NOTICE, STATEMENT, POSTAL], **{"done": {}, "nominations_arranged": True, **facts})
    return {item.step: item.state for item in checklist(situation, now, HOME)}


def at(day, hour=9):
    return datetime(2026, day // 100, day % 100, hour, tzinfo=UTC)


def test_a_task_is_coming_then_due_then_overdue_and_a_day_for_electors_passes():
    assert states(at(302))["notice-of-election"] == "coming"
    assert states(at(323))["notice-of-election"] == "due"
    assert states(at(330, 16))["notice-of-election"] == "overdue"
    assert (states(at(420))["postal-votes"], states(at(422))["postal-votes"]) == ("coming", "passed")


def test_the_statement_waits_for_the_notice_and_is_done_for_good():
    assert states(at(302))["statement-of-persons-nominated"] == "blocked"
    hung = {"notice-of-election": date(2026, 3, 20)}
    assert states(at(302), done=hung)["statement-of-persons-nominated"] == "coming"
    done = {**hung, "statement-of-persons-nominated": date(2026, 4, 10)}
    assert states(at(420), done=done)["statement-of-persons-nominated"] == "done"


def test_one_statement_of_persons_nominated_meets_both_days_of_a_parliamentary_election():
    unopposed = step("statement-without-objections", date(2026, 4, 9))
    situation = Situation([unopposed, STATEMENT], {"statement-of-persons-nominated": date(2026, 4, 9)})
    assert {item.state for item in checklist(situation, at(420), HOME)} == {"done"}


def test_edge_case_39_a_combined_card_waits_for_all_notices():
    hung = {"notice-of-election": date(2026, 3, 20)}
    assert states(at(325), done=hung)["poll-cards"] == "due"
    assert states(at(325), done=hung, others_without_notice=["Parish election"])["poll-cards"] == "blocked"


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 4, 2), date(2026, 4, 2), 0),
        (date(2026, 4, 2), date(2026, 4, 7), 1),  # Easter lies between
        (date(2026, 4, 4), date(2026, 4, 7), 1),  # from a Saturday
        (date(2026, 4, 7), date(2026, 4, 2), -1),
        (date(2026, 4, 20), date(2026, 4, 24), 4),
    ],
)
def test_working_days_to_a_day(start, end, days):
    assert working_days_between(start, end, HOME) == days


def test_the_clock_counts_in_london():
    midnight = datetime(2026, 4, 20, 23, tzinfo=UTC)  # ends Monday 20 April in London
    assert clock_of(midnight, date(2026, 4, 20), datetime(2026, 4, 20, 22, 59, tzinfo=UTC), HOME).words == "today"
    assert (
        clock_of(midnight, date(2026, 4, 20), datetime(2026, 4, 20, 23, 1, tzinfo=UTC), HOME).words
        == "passed 1 working day ago"
    )
