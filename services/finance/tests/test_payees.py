"""Bank details of members: two officers and a call back."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from services.finance.payees.decider import ConfirmPayee, ProposePayee, payees
from shared.eventcore.testing.specs import spec
from shared.events.definition import Erased
from shared.events.finance import PayeeConfirmed, PayeeProposed
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.events.values_finance import PayeeDetails

MEMBER, PERSON = MemberId(UUID(int=7)), PersonId(UUID(int=8))
DETAILS = PayeeDetails("A Sample", "M0007", "AB123456C", "089999", "66374958")
PROPOSE = ProposePayee(MEMBER, PERSON, DETAILS, "officer-1")
PROPOSED = PayeeProposed(MEMBER, PERSON, DETAILS, "officer-1")
CONFIRMED = PayeeConfirmed(MEMBER, PERSON, DETAILS, "officer-2", True)


def test_details_are_entered_by_one_officer_and_confirmed_by_another():
    spec(payees).when(PROPOSE).then(PROPOSED)
    spec(payees).given(PROPOSED).when(ConfirmPayee("officer-2", True)).then(CONFIRMED)
    spec(payees).given(PROPOSED).when(ConfirmPayee("officer-1", True)).refused("payee-needs-two")


def test_nobody_confirms_without_calling_the_member_back():
    spec(payees).given(PROPOSED).when(ConfirmPayee("officer-2", False)).refused("call-back-needed")


def test_there_is_nothing_to_confirm_before_details_are_entered_after_they_were_confirmed_or_once_erased():
    confirm = ConfirmPayee("officer-2", True)
    spec(payees).when(confirm).refused("nothing-proposed")
    spec(payees).given(PROPOSED, CONFIRMED).when(confirm).refused("nothing-proposed")
    spec(payees).given(replace(PROPOSED, details=Erased())).when(confirm).refused("nothing-proposed")


def test_details_are_kept_in_one_spelling():
    loose = replace(DETAILS, sort_code="08-99-99", account_number=" 6637 4958", ni_number="ab 12 34 56 c")
    spec(payees).when(replace(PROPOSE, details=loose)).then(PROPOSED)
    spec(payees).given(PROPOSED, CONFIRMED).when(replace(PROPOSE, details=loose)).nothing_happens()


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"sort_code": "0899"}, "account-malformed"),
        ({"account_number": "6637495"}, "account-malformed"),
        ({"account_number": "６６３７４９５８"}, "account-malformed"),
        ({"name": " "}, "payee-name-needed"),
        ({"ni_number": "QQ123456C"}, "nino-impossible"),
    ],
)
def test_impossible_details_are_refused(changed, rule):
    spec(payees).when(replace(PROPOSE, details=replace(DETAILS, **changed))).refused(rule)
