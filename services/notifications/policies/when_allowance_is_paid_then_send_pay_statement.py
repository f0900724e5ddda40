"""A member who was paid is told what for. Deductions and net pay are sealed to us: the statement itself is finance's."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.finance import AllowancePaid
from shared.events.values_notifications import Recipient
from shared.law.allowances import AllowanceYear


def payee(event: Recorded[AllowancePaid]) -> Recipient:
    return Recipient("member", event.data.member_id, event.data.person_id)


@policy("when_allowance_is_paid_then_send_pay_statement", on=[AllowancePaid], given=wishes_of(payee))
def send_pay_statement(wanted: Preferences, event: Recorded[AllowancePaid]) -> Iterable[Do]:
    paid = event.data
    data = {
        "month": f"{AllowanceYear(paid.year).month_begins(paid.month):%Y-%m}",
        "paid_on": paid.paid_on.isoformat(),
        "gross": str(paid.gross),
    }
    yield message(event, "pay-statement", payee(event), data, wanted)
