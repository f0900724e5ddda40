"""A councillor is entitled to the basic allowance from the day of acceptance until the last day in office, a co-opted member
to the co-optees'. News from committees. [SI 2003/1021 reg.4(3), 9; LGA 1972 s.83-84]"""

from __future__ import annotations

from collections.abc import Iterable

from services.finance.entitlements.decider import EndEveryEntitlement, StartEntitlement, entitlements
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.committees import MemberLeftOffice, MemberTookOffice
from shared.events.values_finance import entitlements_id
from shared.law.allowances import BASIC, CO_OPTEE


@policy("when_member_takes_or_leaves_office_then_entitlement_follows", on=[MemberTookOffice, MemberLeftOffice])
def follow_office(event: Recorded[MemberTookOffice] | Recorded[MemberLeftOffice]) -> Iterable[Do]:
    news = event.data
    stream = entitlements_id(news.member_id)
    match news:
        case MemberTookOffice():
            office = BASIC if news.ward is not None else CO_OPTEE
            command = StartEntitlement(news.member_id, office, news.from_on, news.person_id)
            yield Do(entitlements, stream, command, "took office")
        case MemberLeftOffice():
            yield Do(entitlements, stream, EndEveryEntitlement(news.member_id, news.left_on), "left office", False)
