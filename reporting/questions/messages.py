"""Letters, e-mails and texts by template, channel and what became of them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from reporting.answers import Answer, Bar, Column, Group, Question, Row, counted, day, share
from reporting.reading import Events

OUTCOMES: Final = {
    "waiting": "waiting",
    "sent": "sent",
    "delivered": "delivered",
    "failed": "failed",
}
"""`waiting`: queued, written out or to be tried again. `sent`: on its way, nothing more is known, which for a letter is all
there is to know unless it is returned. `failed`: no further attempt is made."""

MESSAGES: Final = """
WITH message AS (
    SELECT
        any_value(payload->>'$.template') FILTER (fact = 'message-queued') AS template,
        any_value(payload->>'$.channel') FILTER (fact = 'message-queued') AS channel,
        arg_max(CASE
            WHEN fact = 'message-sent' THEN 'sent'
            WHEN fact = 'message-delivered' THEN 'delivered'
            WHEN fact = 'message-failed' AND payload->>'$.retry_at' IS NULL THEN 'failed'
            ELSE 'waiting' END, version) AS outcome,
        count(*) FILTER (fact = 'message-failed') AS failures
    FROM event WHERE context = 'notifications' AND kind = 'message' GROUP BY stream
)
SELECT template, channel, outcome, count(*), sum(failures)::BIGINT FROM message WHERE template IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""


def ask(events: Events, as_at: date) -> Answer:
    """One row for each template and channel: messages, what became of them, and attempts that failed."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for template, channel, outcome, messages, failures in events.execute(MESSAGES).fetchall():
        found.setdefault((template, channel), Counter()).update({outcome: messages, "failures": failures})
    rows: tuple[Row, ...] = tuple(
        {
            "template": template,
            "channel": channel,
            "messages": sum(outcomes[name] for name in OUTCOMES),
            **{name: outcomes[name] for name in OUTCOMES},
            "failed_attempts": outcomes["failures"],
        }
        for (template, channel), outcomes in found.items()
    )
    return Answer(
        "Messages by outcome",
        as_at,
        takeaway(sum(found.values(), Counter[str]()), as_at),
        (
            Column("template", "template"),
            Column("channel", "channel"),
            Column("messages", "messages"),
            *(Column(name, words) for name, words in OUTCOMES.items()),
            Column("failed_attempts", "failed attempts"),
        ),
        rows,
        tuple(
            Group(
                f"{template}, {channel}",
                tuple(
                    Bar(words, outcomes[name], f"{outcomes[name]:,}")
                    for name, words in OUTCOMES.items()
                    if outcomes[name]
                ),
            )
            for (template, channel), outcomes in found.items()
        ),
        ("A letter counts as sent when it was posted; the post tells us only of those that it brings back.",),
    )


def takeaway(total: Counter[str], as_at: date) -> str:
    every = sum(total[name] for name in OUTCOMES)
    if not every:
        return f"No message had been queued by {day(as_at)}."
    gone = total["sent"] + total["delivered"]
    return (
        f"By {day(as_at)} {gone:,} of {counted(every, 'message')} ({share(gone, every)}) had left the council,"
        f" {total['delivered']:,} of them known to be delivered; {total['waiting']:,} were waiting and {total['failed']:,} had"
        " failed for good."
    )


QUESTION: Final = Question("messages", "Messages by template, channel and outcome", ask)
