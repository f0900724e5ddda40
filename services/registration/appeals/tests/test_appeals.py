"""Appeals to the county court."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.registration.appeals.decider import DecideAppeal, ReceiveAppeal, WithdrawAppeal, appeals
from shared.eventcore.testing.specs import spec
from shared.events.registration import AppealDecided, AppealReceived, AppealWithdrawn
from shared.events.values import AppealId, PersonId

ID, CASE, PERSON = AppealId(UUID(int=1)), UUID(int=2), PersonId(UUID(int=3))
RECEIVE = ReceiveAppeal(ID, "removal", CASE, PERSON, date(2026, 6, 22), date(2026, 7, 6), "CC-1")
RECEIVED = AppealReceived(ID, "removal", CASE, PERSON, date(2026, 6, 22), date(2026, 7, 6), "CC-1")
PENDING = spec(appeals).given(RECEIVED)


def test_notice_of_an_appeal_comes_within_fourteen_days_unless_the_court_extends_them():
    spec(appeals).when(RECEIVE).then(RECEIVED)
    late = replace(RECEIVE, received_on=date(2026, 7, 7))
    spec(appeals).when(late).refused("appeal-out-of-time")
    assert spec(appeals).when(replace(late, time_extended=True)).refusal is None


def test_an_appeal_is_decided_once_or_given_up():
    decided = AppealDecided(ID, "removal", CASE, date(2026, 8, 3), True, at_once=True)
    PENDING.when(DecideAppeal(True, date(2026, 8, 3), at_once=True)).then(decided)
    PENDING.when(WithdrawAppeal(date(2026, 8, 3))).then(AppealWithdrawn(ID, date(2026, 8, 3)))
    PENDING.when(DecideAppeal(True, date(2026, 7, 5))).refused("appeal-decided-before-it-came")
    PENDING.given(decided).when(WithdrawAppeal(date(2026, 8, 4))).refused("no-such-appeal")
    spec(appeals).when(DecideAppeal(True, date(2026, 8, 3))).refused("no-such-appeal")
