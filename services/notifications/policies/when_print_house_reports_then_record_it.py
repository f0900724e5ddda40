"""A letter that the print house spoiled goes again; one that the post brought back has failed. Posted is not yet arrived."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from services.notifications.messages.decider import FinalWord, RecordReceipt, messages
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.notifications import PrintJobReported
from shared.events.values_notifications import PrintOutcome, printed_as

MEANS: Final[dict[PrintOutcome, FinalWord]] = {"spoiled": "technical-failure", "returned": "returned"}


@policy("when_print_house_reports_then_record_it", on=[PrintJobReported])
def record_print_report(event: Recorded[PrintJobReported]) -> Iterable[Do]:
    report = event.data
    for line in report.lines:
        if line.outcome in MEANS:
            said = RecordReceipt(
                printed_as(report.job_id, line.seq), MEANS[line.outcome], report.reported_at, line.attempt
            )
            yield Do(messages, line.message_id, said, f"letter {line.seq}")
