"""How one member is paid: entered by one officer, confirmed by another who called the member back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.definition import known
from shared.events.finance import PayeeConfirmed, PayeeEvent, PayeeProposed
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.events.values_finance import PayeeDetails
from shared.law.identifiers import nino

# --------------------------------------------------------------------- rules

ACCOUNT_MALFORMED = Rule(
    "account-malformed",
    "A sort code has six digits, an account number eight.",
    "Bacs Standard 18",
    "Ask for both as they stand on a statement; a shorter account number gets zeros in front.",
    invalid=True,
)
NAME_NEEDED = Rule(
    "payee-name-needed",
    "A payment names its payee, and payroll knows them by a reference.",
    "Bacs Standard 18",
    "Enter the name of the account and the payroll reference.",
    invalid=True,
)
NOTHING_PROPOSED = Rule(
    "nothing-proposed",
    "There are no new details to confirm.",
    "Council's financial regulations: changes of bank details",
    "Enter the details first.",
)
ANOTHER_OFFICER = Rule(
    "payee-needs-two",
    "The officer who entered bank details does not confirm them.",
    "Council's financial regulations: changes of bank details",
    "Let another officer call the member and confirm.",
)
CALL_BACK = Rule(
    "call-back-needed",
    "Changed bank details are confirmed by calling the payee on a number known before.",
    "Council's financial regulations: changes of bank details",
    "Call the member, then confirm.",
    invalid=True,
)

SORT_CODE: Final = re.compile(r"\d{6}", re.ASCII)
ACCOUNT_NUMBER: Final = re.compile(r"\d{8}", re.ASCII)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class ProposePayee:
    """The account must have passed the modulus check before."""

    member_id: MemberId
    person_id: PersonId
    details: PayeeDetails
    proposed_by: str


@dataclass(frozen=True, slots=True)
class ConfirmPayee:
    confirmed_by: str
    called_back: bool


Command = ProposePayee | ConfirmPayee

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Payee:
    """`confirmed` is what the member is paid to; `proposed` waits for another officer."""

    proposed: PayeeProposed | None = None
    confirmed: PayeeDetails | None = None


def decide(command: Command, payee: Payee) -> Sequence[PayeeEvent]:
    match command:
        case ProposePayee(member, person, details, by):
            correct = well_formed(details)
            waiting = known(payee.proposed.details) if payee.proposed else None
            if correct == (waiting or payee.confirmed):
                return []
            return [PayeeProposed(member, person, correct, by)]
        case ConfirmPayee(by, called_back):
            proposed = payee.proposed
            entered = known(proposed.details) if proposed else None
            if proposed is None or entered is None:
                raise Refused(NOTHING_PROPOSED)
            if by == proposed.proposed_by:
                raise Refused(ANOTHER_OFFICER)
            if not called_back:
                raise Refused(CALL_BACK)
            return [PayeeConfirmed(proposed.member_id, proposed.person_id, entered, by, called_back)]
        case _:
            assert_never(command)


def well_formed(details: PayeeDetails) -> PayeeDetails:
    """The details in their canonical spelling. Raises `Refused`."""
    name, reference = " ".join(details.name.split()), details.pay_reference.strip()
    if not name or not reference:
        raise Refused(NAME_NEEDED)
    sort_code = re.sub(r"[\s-]", "", details.sort_code)
    account = re.sub(r"\s", "", details.account_number)
    if not SORT_CODE.fullmatch(sort_code) or not ACCOUNT_NUMBER.fullmatch(account):
        raise Refused(ACCOUNT_MALFORMED)
    return PayeeDetails(name, reference, str(nino(details.ni_number)), sort_code, account)


def evolve(payee: Payee, event: PayeeEvent) -> Payee:
    match event:
        case PayeeProposed():
            return replace(payee, proposed=event)
        case PayeeConfirmed():
            return Payee(None, known(event.details))
        case _:
            assert_never(event)


payees: Decider[Command, Payee, PayeeEvent] = Decider("payee", Payee(), decide, evolve)
