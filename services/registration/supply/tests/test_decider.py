"""One copy of the register: entitled, paid, made by one officer, handed over by another."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registration.supply.commands import (
    RecordFile,
    RecordPayment,
    ReleaseSupply,
    RequestSupply,
    SendLaterNotice,
    StopLaterNotices,
    WithdrawSupply,
)
from services.registration.supply.decider import supplies
from shared.eventcore.testing.specs import spec
from shared.events.registration import SupplyFileMade, SupplyId, SupplyPaidFor, SupplyReleased
from shared.events.values import NoticeId, PersonId, PollingDistrict
from shared.law.supply import Asked, Document, Recipient

ID, HERSELF = SupplyId(UUID(int=1)), PersonId(UUID(int=2))
ON = date(2026, 6, 1)
AREA = (PollingDistrict("AB"),)
COUNCILLOR = Asked(Recipient.REPRESENTATIVE, Document.FULL, "electoral purposes", True, True, later=True)
CANDIDATE = Asked(Recipient.CANDIDATE, Document.FULL, "electoral purposes", True, True)
ANYONE = Asked(Recipient.ANYONE, Document.OPEN)
ASK = RequestSupply(ID, HERSELF, "A Sample", COUNCILLOR, "data", "register-csv", (1200,), ON, areas=AREA)
BUY = replace(ASK, asked=ANYONE, areas=(), organisation="Example Lists Ltd")
FILE = RecordFile(ON, tuple(range(64)), "register-csv", 1, 1200, 99_000, "ab" * 32, ON, "first", AREA)
MADE = SupplyFileMade(ID, ON, tuple(range(64)), "register-csv", 1, 1200, 99_000, "ab" * 32, ON, "first", AREA)
LATER = SendLaterNotice(
    SupplyId(UUID(int=9)), ID, NoticeId(UUID(int=5)), HERSELF, "elected-representative", "electoral purposes", "", "data",
    "notice-csv", AREA, "", (3,), date(2026, 7, 1),
)  # fmt: skip


def asked(request=ASK):
    return spec(supplies).given(*spec(supplies).when(request).events)


def test_a_request_of_somebody_entitled_says_on_what_authority():
    (event,) = spec(supplies).when(ASK).events
    assert (event.regulation, event.fee_due, event.later_notices) == ("RPR 2001 r.103", False, True)


@pytest.mark.parametrize(
    ("request_", "rule"),
    [
        (replace(ASK, asked=replace(CANDIDATE, later=True)), "no-later-notices"),
        (replace(ASK, asked=Asked(Recipient.ANYONE, Document.FULL)), "open-register-only"),
        (
            replace(ASK, asked=replace(COUNCILLOR, document=Document.MARKED, later=False, poll=date(2026, 5, 7))),
            "why-unmarked-insufficient",
        ),
        (replace(ASK, asked=replace(COUNCILLOR, document=Document.NOTICES)), "notice-not-named"),
        (replace(ASK, entries=()), "nothing-to-supply"),
    ],
)
def test_nothing_is_supplied_without_an_entitlement(request_, rule):
    spec(supplies).when(request_).refused(rule)
    spec(supplies).when(FILE).refused("unknown-supply")


def test_a_library_of_legal_deposit_has_later_notices_without_asking():
    deposit = Asked(Recipient.LEGAL_DEPOSIT, Document.FULL, "legal deposit")
    (event,) = spec(supplies).when(replace(ASK, asked=deposit, areas=())).events
    assert event.later_notices


def test_what_is_sold_is_made_once_finance_has_the_fee():
    bought = asked(BUY)
    bought.when(FILE).refused("fee-not-paid")
    paid = SupplyPaidFor(ID, ON)
    bought.when(RecordPayment(ON)).then(paid)
    bought.given(paid).when(RecordPayment(ON)).nothing_happens()
    bought.given(paid).when(FILE).then(MADE)


def test_a_marked_copy_costs_everybody_and_is_made_with_the_poll():
    marked = replace(
        COUNCILLOR, document=Document.MARKED, later=False, poll=date(2026, 5, 7), why_marked="To thank those who voted."
    )
    (event,) = spec(supplies).when(replace(ASK, asked=marked)).events
    assert event.fee_due
    spec(supplies).given(event).when(FILE).refused("made-with-the-poll")


def test_the_officer_who_made_a_copy_does_not_hand_it_over():
    asked().when(ReleaseSupply(ON, "second")).refused("no-file-yet")
    made = asked().given(MADE)
    made.when(ReleaseSupply(ON, "first")).refused("release-needs-two")
    (event,) = made.when(ReleaseSupply(ON, "second")).events
    assert isinstance(event, SupplyReleased)
    assert (event.released_by, event.sha256) == ("second", "ab" * 32)
    assert "offence" in event.statement[1]


def test_one_officer_sells_the_open_register():
    sold = asked(BUY).given(SupplyPaidFor(ID, ON), MADE)
    (event,) = sold.when(ReleaseSupply(ON, "first")).events
    assert event.fee_due


def test_what_was_handed_over_is_not_made_again_or_withdrawn():
    done = asked().given(MADE, *asked().given(MADE).when(ReleaseSupply(ON, "second")).events)
    done.when(ReleaseSupply(ON, "third")).nothing_happens()
    done.when(FILE).refused("supply-closed")
    done.when(WithdrawSupply(ON, "entered-in-error")).refused("supply-closed")


def test_a_request_withdrawn_comes_to_nothing():
    gone = asked().given(MADE, *asked().when(WithdrawSupply(ON, "withdrawn-by-applicant")).events)
    gone.when(FILE).refused("supply-closed")
    gone.when(ReleaseSupply(ON, "second")).refused("supply-closed")


def test_a_later_notice_is_due_on_the_same_authority_and_nobody_is_told_their_name_twice():
    (event,) = spec(supplies).when(LATER).events
    assert (event.standing, event.document, event.regulation) == (ID, "notices", "RPR 2001 r.103")
    spec(supplies).given(event).when(LATER).nothing_happens()
    spec(supplies).when(replace(LATER, recipient="candidate")).refused("not-entitled-to-that")


def test_later_notices_stop_where_they_follow():
    (stopped,) = asked().when(StopLaterNotices(ON, "office-ended")).events
    asked().given(stopped).when(StopLaterNotices(ON, "office-ended")).nothing_happens()
    candidate = replace(ASK, asked=CANDIDATE)
    asked(candidate).when(StopLaterNotices(ON, "office-ended")).refused("no-later-notices-follow")
