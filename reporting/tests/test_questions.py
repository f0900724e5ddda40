"""The ready questions, each against a history that can be reckoned by hand."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from reporting.answers import Bar, Group, Row, counted, pounds, share
from reporting.questions import QUESTIONS, allowances, applications, messages
from reporting.tests.conftest import Ask
from reporting.tests.history import History
from shared.events import finance, notifications, registration
from shared.events.definition import REGISTRY

MARCH = date(2026, 3, 31)


# ------------------------------------------------------------ applications


def application(history: History, *facts: str, received: date = date(2026, 3, 2), **later: date) -> UUID:
    """An application received and, unless it is incomplete, listed on one day; then these facts."""
    stream = uuid4()
    history.record("registration.application-received", stream, kind="application", on=received, received_on=received)
    for fact in facts:
        on = later.get("on", received)
        fields: dict[str, Any] = {}
        if fact == "application-listed":
            fields = {"listed_on": received, "determine_from": date(2026, 3, 10)}
        if fact in ("application-allowed", "application-rejected"):
            fields = {"determined_on": on}
        history.record(f"registration.{fact}", stream, kind="application", on=on, **fields)
    return stream


def by_state(rows: tuple[Row, ...]) -> dict[object, Row]:
    return {row["state"]: row for row in rows}


def test_of_no_applications_nothing_is_counted(ask: Ask):
    answer = ask("applications", History(), MARCH)
    assert (answer.rows, answer.groups) == ((), ())
    assert answer.takeaway == "No application had been received by 31 March 2026."


def test_an_application_counts_by_what_must_be_settled_first(ask: Ask):
    history = History()
    listed = "application-listed"
    application(history)
    application(history, listed)
    application(history, listed, "identity-verified")
    application(history, listed, "identity-verified", "application-held")
    application(history, listed, "application-held", "application-released")
    application(history, listed, "application-held", "hearing-called")
    application(history, listed, "application-allowed")
    application(history, "application-forwarded")
    application(history, listed, "application-found-duplicate")
    rows = ask("applications", history, MARCH).rows
    assert {row["state"]: row["applications"] for row in rows} == {
        "incomplete": 1, "listed": 2, "verified": 1, "held": 1, "hearing": 1, "allowed": 1, "duplicate": 1, "forwarded": 1,
    }  # fmt: skip
    assert rows[0]["state"] == "incomplete", "in the order in which officers work"


@pytest.mark.parametrize(
    ("in_window", "then", "state"),
    [
        (True, (), "objected"),
        (False, (), "listed"),
        (True, ("objection-disallowed",), "listed"),
        (True, ("hearing-called",), "hearing"),
        (True, ("hearing-called", "hearing-held-upheld"), "objection-upheld"),
        (True, ("hearing-called", "hearing-held"), "listed"),
    ],
)
def test_an_objection_in_time_stands_until_it_is_disallowed_or_heard(
    ask: Ask, in_window: bool, then: tuple[str, ...], state: str
):
    history, objector = History(), uuid4()
    stream = application(history, "application-listed")
    history.record(
        "registration.objection-made", stream, kind="application", objector=objector, in_window=in_window
    )  # fmt: skip
    for fact in then:
        fields: dict[str, Any] = {"objector": objector} if fact == "objection-disallowed" else {}
        if fact.startswith("hearing-held"):
            fields = {"upheld": fact.endswith("upheld")}
        history.record(f"registration.{fact.removesuffix('-upheld')}", stream, kind="application", **fields)
    (row,) = ask("applications", history, date(2026, 5, 31)).rows
    assert row["state"] == state


@pytest.mark.parametrize(
    ("as_at", "clock"),
    [
        (date(2026, 3, 9), "window"),
        (date(2026, 3, 10), "in_time"),
        (
            date(2026, 3, 18),
            "in_time",
        ),  # the April notice is published on the 1st, for determinations of 14 days before
        (date(2026, 3, 19), "missed"),
    ],
)
def test_an_open_application_is_told_by_the_clock_that_runs(ask: Ask, as_at: date, clock: str):
    history = History()
    application(history, "application-listed")
    (row,) = ask("applications", history, as_at).rows
    assert {name: row[name] for name in applications.CLOCKS} == dict.fromkeys(applications.CLOCKS, 0) | {clock: 1}
    assert row["oldest_days"] == (as_at - date(2026, 3, 2)).days


def test_one_that_has_ended_is_told_by_the_day_on_which_it_did(ask: Ask):
    history = History()
    application(history, "application-listed", "application-allowed", on=date(2026, 3, 18))
    application(history, "application-listed", "application-allowed", on=date(2026, 3, 19))
    (row,) = ask("applications", history, date(2026, 12, 31)).rows
    assert (row["state"], row["in_time"], row["missed"], row["oldest_days"]) == ("allowed", 1, 1, None)


def test_applications_are_shown_as_they_were_known_at_the_end_of_a_day(ask: Ask):
    history = History()
    application(history, "application-listed")
    application(history, "application-listed", received=date(2026, 3, 3))
    history.record(
        "registration.application-rejected", history.events[0].stream_id, kind="application", on=date(2026, 3, 20),
        determined_on=date(2026, 3, 19),
    )  # fmt: skip
    assert by_state(ask("applications", history, date(2026, 3, 2)).rows)["listed"]["applications"] == 1
    assert by_state(ask("applications", history, date(2026, 3, 19)).rows).keys() == {"listed"}
    after = ask("applications", history, date(2026, 3, 20))
    assert {state: row["applications"] for state, row in by_state(after.rows).items()} == {"listed": 1, "rejected": 1}
    assert after.takeaway == (
        "On 20 March 2026 1 of 2 applications were open: 0 while objections are possible, 0 to be decided in time for their"
        " notice, and 1 has missed it; the oldest had waited 17 days."
    )


# -------------------------------------------------------------- allowances


def scheme(history: History, on: date = date(2026, 2, 1), **annual: int) -> None:
    practice = {
        "special_in_full": 1,
        "special_further": 0,
        "change_day": "incoming",
        "broken_month": "statutory-balance",
    }
    rates = [{"office": office, "annual": pence} for office, pence in annual.items()]
    history.record(
        "finance.scheme-adopted", kind="allowance-scheme", on=on, effective_from=date(2026, 4, 1), rates=rates,
        practice=practice,
    )  # fmt: skip


def entitled(history: History, member: UUID, office: str = "basic", first: date = date(2026, 4, 1)) -> None:
    history.record(
        "finance.entitlement-started", kind="allowance-entitlements", on=date(2026, 2, 2), member_id=member, office=office,
        first_day=first,
    )  # fmt: skip


def paid(history: History, month: int, gross: int, on: date, year: int = 2026) -> None:
    history.record(
        "finance.allowance-paid", kind="pay-year", on=on, year=year, month=month, gross=gross, paid_on=on
    )  # fmt: skip


def test_without_scheme_or_offices_nothing_is_committed(ask: Ask):
    answer = ask("allowances", History(), date(2026, 5, 31))
    assert len(answer.rows) == 12
    assert {row["committed_pence"] for row in answer.rows} == {0}
    assert answer.groups == ()
    assert answer.takeaway == (
        "Nothing was committed or paid in the year that began on 1 April 2026, as it was known on 31 May 2026."
        " The year has no budget yet: set it with PUT /allowance-budgets/2026 of finance."
    )


def test_the_commitment_is_the_rates_for_the_offices_held_less_what_is_forgone(ask: Ask):
    history, leader, member = History(), uuid4(), uuid4()
    scheme(history, basic=600_000, leader=1_200_000)
    entitled(history, leader)
    entitled(history, leader, "leader")
    entitled(history, member)
    history.record(
        "finance.allowance-forgone", kind="allowance-entitlements", on=date(2026, 3, 1), member_id=member, percent=50,
        first_day=date(2026, 10, 1), offices=[],
    )  # fmt: skip
    rows = ask("allowances", history, date(2026, 9, 30)).rows
    assert [row["month"] for row in rows][::11] == ["2026-04", "2027-03"]
    assert [row["committed_pence"] for row in rows] == [200_000] * 6 + [175_000] * 6
    assert rows[-1]["committed_so_far_pence"] == 2_250_000


def test_what_was_paid_stands_beside_it_by_month_of_the_run(ask: Ask):
    history, member = History(), uuid4()
    scheme(history, basic=600_000)
    entitled(history, member)
    paid(history, 12, 99_000, date(2026, 4, 2), year=2025)
    paid(history, 1, 50_000, date(2026, 4, 25))
    paid(history, 2, 45_000, date(2026, 5, 25))
    answer = ask("allowances", history, date(2026, 5, 31))
    april, may, june = answer.rows[:3]
    assert (april["paid_pence"], april["difference_pence"]) == (50_000, 0)
    assert (may["paid_pence"], may["difference_pence"], may["paid_so_far_pence"]) == (45_000, -5_000, 95_000)
    assert (june["paid_pence"], june["committed_pence"]) == (0, 50_000)
    assert answer.takeaway == (
        "By 31 May 2026 £950.00 was paid, 16 % of the £6,000.00 that the year commits the council to;"
        " £1,000.00 of it was for months that had ended."
        " The year has no budget yet: set it with PUT /allowance-budgets/2026 of finance."
    )
    assert {row["budget_pence"] for row in answer.rows} == {None}
    assert [group.label for group in answer.groups][-1] == "Mar 2027"


def budget(history: History, pence: int, on: date = date(2026, 2, 25), year: int = 2026) -> None:
    history.record("finance.allowance-budget-set", kind="allowance-budget", on=on, year=year, pence=pence, set_on=on)


def test_the_budget_of_the_year_stands_beside_what_is_committed_and_paid(ask: Ask):
    history = History()
    scheme(history, basic=600_000)
    entitled(history, uuid4())
    budget(history, 500_000, year=2025)
    budget(history, 800_000)
    paid(history, 1, 50_000, date(2026, 4, 25))
    answer = ask("allowances", history, date(2026, 4, 30))
    assert {row["budget_pence"] for row in answer.rows} == {800_000}
    assert answer.groups[-1] == Group(
        "year 2026/27",
        (Bar("committed", 600_000, "£6,000.00"), Bar("paid", 50_000, "£500.00"), Bar("budget", 800_000, "£8,000.00")),
    )
    assert answer.takeaway == (
        "By 30 April 2026 £500.00 was paid, 8 % of the £6,000.00 that the year commits the council to;"
        " £500.00 of it was for months that had ended."
        " The year's budget is £8,000.00, 6 % of it paid and 75 % committed; the commitment leaves £2,000.00 of it."
    )


def test_a_revised_budget_counts_from_the_day_on_which_it_was_recorded(ask: Ask):
    history = History()
    scheme(history, basic=600_000)
    entitled(history, uuid4())
    budget(history, 600_000)
    budget(history, 480_000, on=date(2026, 7, 15))
    before, after = (ask("allowances", history, date(2026, 7, day)).takeaway for day in (14, 15))
    assert before.endswith(
        "The year's budget is £6,000.00, 0 % of it paid and 100 % committed; the commitment leaves £0.00 of it."
    )
    assert after.endswith(
        "The year's budget is £4,800.00, 0 % of it paid and 125 % committed; the commitment exceeds it by £1,200.00."
    )


def test_of_a_budget_of_nothing_there_is_no_share(ask: Ask):
    history = History()
    scheme(history, basic=600_000)
    entitled(history, uuid4())
    budget(history, 0)
    said = ask("allowances", history, date(2026, 4, 30)).takeaway
    assert said.endswith("The year's budget is £0.00; the commitment exceeds it by £6,000.00.")


def test_offices_and_pay_count_from_the_day_on_which_they_were_recorded(ask: Ask):
    history, member = History(), uuid4()
    scheme(history, basic=600_000)
    entitled(history, member)
    paid(history, 1, 50_000, date(2026, 4, 25))
    history.record(
        "finance.entitlement-ended", kind="allowance-entitlements", on=date(2026, 6, 1), member_id=member, office="basic",
        first_day=date(2026, 4, 1), last_day=date(2026, 4, 30),
    )  # fmt: skip
    assert sum(int(str(r["committed_pence"])) for r in ask("allowances", history, date(2026, 4, 24)).rows) == 600_000
    assert ask("allowances", history, date(2026, 4, 24)).rows[0]["paid_pence"] == 0
    after = ask("allowances", history, date(2026, 6, 1)).rows
    assert (after[0]["paid_pence"], after[1]["committed_pence"]) == (50_000, 0)


def test_an_index_raises_the_commitment_from_its_day(ask: Ask):
    history = History()
    scheme(history, basic=600_000)
    entitled(history, uuid4())
    history.record(
        "finance.rates-indexed", kind="allowance-scheme", on=date(2026, 9, 20), effective_from=date(2026, 10, 1),
        rates=[{"since": date(2026, 10, 1), "rates": [{"office": "basic", "annual": 624_000}]}],
    )  # fmt: skip
    committed = [int(str(row["committed_pence"])) for row in ask("allowances", history, date(2026, 9, 30)).rows]
    assert committed[:5] + committed[6:11] == [50_000] * 5 + [52_000] * 5
    assert sum(committed) == 300_822 + 311_145, "183 of 365 days at the old rate, 182 at the new"


def test_an_amendment_takes_the_place_of_all_rates_from_its_day(ask: Ask):
    history = History()
    scheme(history, basic=600_000)
    entitled(history, uuid4())
    history.record(
        "finance.rates-indexed", kind="allowance-scheme", on=date(2026, 3, 1), effective_from=date(2026, 10, 1),
        rates=[{"since": date(2026, 10, 1), "rates": [{"office": "basic", "annual": 624_000}]}],
    )  # fmt: skip
    history.record(
        "finance.scheme-amended", kind="allowance-scheme", on=date(2026, 3, 2), effective_from=date(2026, 4, 1),
        rates=[{"office": "basic", "annual": 660_000}],
    )  # fmt: skip
    committed = [row["committed_pence"] for row in ask("allowances", history, MARCH.replace(month=4, day=30)).rows]
    assert committed == [55_000] * 12


# ---------------------------------------------------------------- messages


def message(history: History, template: str, *facts: str, channel: str = "email") -> None:
    stream = history.record("notifications.message-queued", kind="message", template=template, channel=channel)
    for fact in facts:
        fields: dict[str, Any] = {}
        if fact.startswith("message-failed"):
            fields = {"retry_at": "2026-05-08T09:00:00Z" if fact.endswith("for-now") else None}
        history.record(f"notifications.{fact.removesuffix('-for-now')}", stream, kind="message", **fields)


def test_of_no_messages_nothing_is_counted(ask: Ask):
    assert ask("messages", History(), MARCH).takeaway == "No message had been queued by 31 March 2026."


def test_a_message_counts_by_what_became_of_it_last(ask: Ask):
    history = History()
    message(history, "welcome")
    message(history, "welcome", "message-sent")
    message(history, "welcome", "message-sent", "message-delivered")
    message(history, "welcome", "message-failed-for-now")
    message(history, "welcome", "message-failed-for-now", "message-sent", "message-delivered")
    message(history, "welcome", "message-failed-for-now", "message-failed")
    message(history, "welcome", "letter-composed", channel="letter")
    message(history, "receipt", "letter-composed", "message-sent", channel="letter")
    answer = ask("messages", history, date(2026, 5, 31))
    assert [tuple(row.values()) for row in answer.rows] == [
        # template, channel, messages, waiting, sent, delivered, failed, failed attempts
        ("receipt", "letter", 1, 0, 1, 0, 0, 0),
        ("welcome", "email", 6, 2, 1, 2, 1, 4),
        ("welcome", "letter", 1, 1, 0, 0, 0, 0),
    ]
    assert answer.takeaway == (
        "By 31 May 2026 4 of 8 messages (50 %) had left the council, 2 of them known to be delivered; 3 were waiting and 1 had"
        " failed for good."
    )
    assert ask("messages", history, date(2026, 5, 6)).rows == (), "nothing of it was known the day before"


# ------------------------------------------------------------------- words


def test_every_fact_that_a_question_names_is_an_event_of_the_published_language():
    assert {finance, notifications, registration}, "imported, so that their events are known"
    published = {wire.split(".")[2] for wire in REGISTRY.by_wire}
    states = {"objection-upheld", "allowance-scheme", "allowance-budget", "allowance-entitlements", "pay-year"}
    for query in (applications.APPLICATIONS, messages.MESSAGES, allowances.FACTS, str(applications.ENDS)):
        assert set(re.findall(r"'([a-z]+(?:-[a-z]+)+)'", query)) - states <= published


def test_every_row_has_what_its_columns_show(ask: Ask):
    history = History()
    application(history, "application-listed")
    message(history, "welcome")
    for name in QUESTIONS:
        answer = ask(name, history, MARCH)
        for row in answer.rows:
            assert {column.key for column in answer.columns} <= row.keys()
            assert all(isinstance(column.written(row[column.key]), str) for column in answer.columns)


def test_money_and_numbers_are_written_as_people_write_them():
    assert (pounds(123_450), pounds(-5), pounds(0)) == ("£1,234.50", "-£0.05", "£0.00")
    assert (counted(1, "day"), counted(1200, "day")) == ("1 day", "1,200 days")
    assert (share(1, 3), share(0, 0)) == ("33 %", "nothing")
