"""Applications to register, by where they stand and how they fare against the statutory days. [RPR 2001 r.29-31; RPA 1983 s.13A]"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Final

from reporting.answers import Answer, Bar, Column, Group, Question, Row, counted, day
from reporting.reading import Events
from shared.law.registration import notice_for

STATES: Final = {
    "incomplete": "incomplete",
    "listed": "on the list",
    "verified": "identity verified",
    "held": "held",
    "objected": "objected to",
    "hearing": "hearing called",
    "objection-upheld": "objection upheld",
    "allowed": "allowed",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "duplicate": "duplicate",
    "forwarded": "forwarded",
}
"""Of several things at once the one that must be settled first, as in the queue of registration."""
ENDED: Final = frozenset({"allowed", "rejected", "withdrawn", "duplicate", "forwarded"})

CLOCKS: Final = {
    "not_begun": "no clock runs yet",
    "window": "objections possible",
    "in_time": "in time for its notice",
    "missed": "notice missed",
}
"""Where an application is against the law's days, on the day of the report or on the day it came to its end: not yet on the
list; in the five working days for objections; decidable, in time for the first notice of alteration that can carry it; later
than that, so that the applicant waits for another notice."""

APPLICATIONS: Final = """
WITH happened AS (
    SELECT stream, version, fact, payload FROM event WHERE context = 'registration' AND kind = 'application'
), heard AS (
    SELECT stream, max(version) AS version FROM happened WHERE fact = 'hearing-held' GROUP BY stream
), objection AS (
    SELECT stream, payload->>'$.objector' AS objector, arg_max(fact = 'objection-made', version) AS made,
        arg_max(payload->>'$.in_window', version) FILTER (fact = 'objection-made') AS in_window, max(version) AS version
    FROM happened WHERE fact IN ('objection-made', 'objection-disallowed') GROUP BY ALL
), objected AS (
    SELECT DISTINCT objection.stream FROM objection LEFT JOIN heard USING (stream)
    WHERE made AND in_window = 'true' AND objection.version > coalesce(heard.version, 0)
), application AS (
    SELECT stream,
        any_value(payload->>'$.received_on') FILTER (fact = 'application-received')::DATE AS received_on,
        arg_max(payload->>'$.determine_from', version) FILTER (fact = 'application-listed')::DATE AS determine_from,
        coalesce(bool_or(fact = 'identity-verified'), false) AS verified,
        coalesce(arg_max(fact = 'application-held', version)
            FILTER (fact IN ('application-held', 'application-released')), false) AS held,
        coalesce(arg_max(fact = 'hearing-called', version)
            FILTER (fact IN ('hearing-called', 'hearing-held')), false) AS hearing,
        coalesce(arg_max(payload->>'$.upheld', version) FILTER (fact = 'hearing-held'), '') = 'true' AS upheld,
        arg_max(CASE fact WHEN 'application-found-duplicate' THEN 'duplicate'
                ELSE replace(fact, 'application-', '') END, version) FILTER (fact IN $ends) AS outcome,
        arg_max(coalesce(payload->>'$.determined_on', payload->>'$.withdrawn_on', payload->>'$.found_on',
            payload->>'$.forwarded_on'), version) FILTER (fact IN $ends)::DATE AS ended_on
    FROM happened GROUP BY stream
)
SELECT CASE
        WHEN outcome IS NOT NULL THEN outcome
        WHEN determine_from IS NULL THEN 'incomplete'
        WHEN upheld THEN 'objection-upheld'
        WHEN hearing THEN 'hearing'
        WHEN objected.stream IS NOT NULL THEN 'objected'
        WHEN held THEN 'held'
        WHEN verified THEN 'verified'
        ELSE 'listed' END AS state,
    received_on, determine_from, ended_on, count(*) AS applications
FROM application LEFT JOIN objected USING (stream) WHERE received_on IS NOT NULL
GROUP BY ALL
"""
ENDS: Final = (
    "application-allowed", "application-rejected", "application-withdrawn", "application-found-duplicate",
    "application-forwarded",
)  # fmt: skip


def ask(events: Events, as_at: date) -> Answer:
    """One row for each state that occurs: how many, by clock, and the days since receipt of the oldest that is open."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    oldest: dict[str, int] = {}
    for state, received_on, determine_from, ended_on, applications in events.execute(
        APPLICATIONS, {"ends": ENDS}
    ).fetchall():
        found[state][clock(determine_from, ended_on or as_at)] += applications
        if state not in ENDED:
            oldest[state] = max(oldest.get(state, 0), (as_at - received_on).days)
    rows: tuple[Row, ...] = tuple(
        {
            "state": state,
            "applications": found[state].total(),
            **{name: found[state][name] for name in CLOCKS},
            "oldest_days": oldest.get(state),
        }
        for state in STATES
        if state in found
    )
    return Answer(
        "Applications to register by state and age",
        as_at,
        takeaway(found, oldest, as_at),
        (
            Column("state", "state", lambda state: STATES[str(state)]),
            Column("applications", "applications"),
            *(Column(name, words) for name, words in CLOCKS.items()),
            Column("oldest_days", "oldest open (days)"),
        ),
        rows,
        tuple(
            Group(
                STATES[str(row["state"])],
                tuple(
                    Bar(words, n, f"{n:,}") for name, words in CLOCKS.items() if (n := found[str(row["state"])][name])
                ),
            )
            for row in rows
        ),
        (
            "Objections are possible for five working days after the entry in the list (RPR 2001 r.29); an application that may"
            " be decided is in time until the determination day of the first notice of alteration (RPA 1983 s.13A).",
            "Applications that have come to an end count by the day on which they did.",
        ),
    )


def clock(determine_from: date | None, on: date) -> str:
    """How an application that may be decided from `determine_from` stands on a day. Elections aside."""
    if determine_from is None:
        return "not_begun"
    if on < determine_from:
        return "window"
    return "in_time" if on <= notice_for(determine_from).determine_by else "missed"


def takeaway(found: dict[str, Counter[str]], oldest: dict[str, int], as_at: date) -> str:
    if not found:
        return f"No application had been received by {day(as_at)}."
    every = sum(states.total() for states in found.values())
    waiting = Counter[str]()
    for state in found.keys() - ENDED:
        waiting += found[state]
    if not waiting:
        return f"All {counted(every, 'application')} received by {day(as_at)} had come to an end."
    missed = counted(waiting["missed"], "has", "have") if waiting["missed"] else "none has"
    return (
        f"On {day(as_at)} {waiting.total():,} of {counted(every, 'application')} were open: {waiting['window']:,} while objections"
        f" are possible, {waiting['in_time']:,} to be decided in time for their notice, and {missed} missed it;"
        f" the oldest had waited {counted(max(oldest.values()), 'day')}."
    )


QUESTION: Final = Question("applications", "Applications to register by state and age", ask)
