"""Standard 18 files: layout by position, the three-day cycle, and every reason not to submit one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.finance.exchange.bacs18 import Contents, Credit, Originator, cycle, printable, verified, written
from shared.law.rules import Refused

COUNCIL = Originator("123456", "089999", "66374958", "Mootshire Council")
PAID = [
    Credit("107999", "88837491", "A Sample", 50_000, "ALLOWANCE AUG"),
    Credit("202959", "63748472", "O'Brien & Sons (UK)", 70_000, "ALLOWANCE AUG"),
    Credit("871427", "46238510", "Zoë Ångström", 3_456, "ALLOWANCE AUG"),
]
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 8, 26), date(2026, 8, 27), date(2026, 8, 28)


def file(credits=PAID, originator=COUNCIL, process_on=THURSDAY, serial="202608", narrative="") -> str:
    return written(originator, credits, process_on=process_on, created_on=WEDNESDAY, serial=serial, narrative=narrative)


def refusal(action) -> str:
    with pytest.raises(Refused) as caught:
        action()
    assert caught.value.rule.source
    return caught.value.rule.name


def at(line: str, first: int, last: int) -> str:
    """Positions as the standard counts them: from 1, both ends included."""
    return line[first - 1 : last]


def test_labels_have_80_characters_and_records_100():
    lines = file().split("\r\n")[:-1]
    assert [line[:4] for line in lines if len(line) == 80] == ["VOL1", "HDR1", "HDR2", "UHL1", "EOF1", "EOF2", "UTL1"]
    assert [len(line) for line in lines[4:-3]] == [100] * 4


def test_each_label_says_what_it_should_where_it_should():
    vol, hdr1, hdr2, uhl, *_, eof1, eof2, _utl, _ = file().split("\r\n")
    assert (at(vol, 5, 10), at(vol, 42, 47), at(vol, 80, 80)) == ("202608", "123456", "1")
    assert (at(hdr1, 5, 12), at(hdr1, 16, 21), at(hdr1, 22, 35)) == ("A123456S", "123456", "20260800010001")
    assert (at(hdr1, 42, 47), at(hdr1, 48, 53), at(hdr1, 55, 60)) == (" 26238", " 26246", "000000")
    assert (at(hdr2, 5, 15), at(hdr2, 51, 52)) == ("F0200000100", "00")
    assert (at(uhl, 5, 10), at(uhl, 11, 16), at(uhl, 21, 28)) == (" 26239", "999999", "00000000")
    assert (at(uhl, 29, 37), at(uhl, 38, 40)) == ("1 DAILY  ", "001")
    assert (eof1[4:], eof2[4:]) == (hdr1[4:], hdr2[4:])


def test_a_payment_names_payee_payer_amount_and_reference():
    detail = file().split("\r\n")[4]
    assert (at(detail, 1, 6), at(detail, 7, 14), at(detail, 15, 17)) == ("107999", "88837491", "099")
    assert (at(detail, 18, 23), at(detail, 24, 31), at(detail, 36, 46)) == ("089999", "66374958", "00000050000")
    assert at(detail, 47, 64) == "MOOTSHIRE COUNCIL "
    assert (at(detail, 65, 82).rstrip(), at(detail, 83, 100).rstrip()) == ("ALLOWANCE AUG", "A SAMPLE")


def test_the_contra_debits_the_own_account_with_the_total():
    contra = file(narrative="Members Aug 2026").split("\r\n")[7]
    assert at(contra, 1, 14) == at(contra, 18, 31) == "08999966374958"
    assert (at(contra, 16, 17), at(contra, 36, 46)) == ("17", "00000123456")
    assert at(contra, 47, 100) == f"{'MEMBERS AUG 2026':18}{'CONTRA':18}{'MOOTSHIRE COUNCIL':18}"


def test_three_credits_of_1234_56_make_this_trailer():
    trailer = file().split("\r\n")[-2]
    assert trailer == f"UTL1{'0000000123456' * 2}00000010000003".ljust(80)


def test_paid_on_friday_28_august_2026_is_processed_on_thursday_and_submitted_on_wednesday():
    found = cycle(FRIDAY)
    assert (found.submit_by, found.process_on) == (WEDNESDAY, THURSDAY)


def test_a_bank_holiday_pushes_the_cycle_back():
    found = cycle(date(2026, 9, 2))
    assert (found.submit_by, found.process_on) == (FRIDAY, date(2026, 9, 1))


def test_christmas_eve_is_a_banking_day():
    assert cycle(date(2026, 12, 29)).process_on == date(2026, 12, 24)


def test_nothing_is_paid_or_processed_on_a_bank_holiday_or_a_weekend():
    assert refusal(lambda: cycle(date(2026, 8, 31))) == "not-a-banking-day"
    assert refusal(lambda: file(process_on=date(2026, 8, 31))) == "not-a-banking-day"
    assert refusal(lambda: file(process_on=date(2026, 8, 29))) == "not-a-banking-day"


def test_a_file_is_processed_after_it_was_submitted_and_not_months_later():
    assert refusal(lambda: file(process_on=WEDNESDAY)) == "processed-before-submission"
    assert refusal(lambda: file(process_on=date(2026, 9, 28))) == "processed-before-submission"
    assert refusal(lambda: verified(file(), THURSDAY)) == "processed-before-submission"


def test_a_name_is_written_in_the_characters_of_bacs():
    assert printable("O'Brien & Sons (UK)", 18) == "O BRIEN & SONS  UK"
    assert printable("Zoë Ångström", 18) == "ZOE ANGSTROM      "


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"credits": []}, "nothing-to-pay"),
        ({"credits": [replace(PAID[0], pence=0)]}, "amount-out-of-range"),
        ({"credits": [replace(PAID[0], pence=10**11)]}, "amount-out-of-range"),
        ({"credits": [replace(PAID[0], name="')(")]}, "bacs-name-empty"),
        ({"credits": [replace(PAID[0], account="1234567")]}, "bacs-number-malformed"),
        ({"originator": replace(COUNCIL, service_user="12345")}, "bacs-number-malformed"),
        ({"serial": "000000"}, "bacs-number-malformed"),
    ],
)
def test_a_payment_that_bacs_would_return_is_refused(changed, rule):
    assert refusal(lambda: file(**changed)) == rule


def test_a_good_file_is_verified():
    assert verified(file(), WEDNESDAY) == Contents(THURSDAY, 3, 123_456)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("00000123456MOOT", "00000123457MOOT", "contra-does-not-balance"),
        ("00000050000", "00000050001", "contra-does-not-balance"),
        ("UTL10000000123456", "UTL10000000123457", "trailer-does-not-agree"),
        ("00000010000003", "00000010000004", "trailer-does-not-agree"),
        ("UHL1 26239", "UHL1 26243", "not-a-banking-day"),
        ("UHL1 26239", "UHL1 26399", "bacs-file-malformed"),
        ("A SAMPLE", "A SÄMPLE", "bacs-file-malformed"),
        ("A SAMPLE", "SAMPLE", "bacs-file-malformed"),
        ("EOF1A123456", "EOF1A123457", "bacs-file-malformed"),
        ("EOF2", "EOF3", "bacs-file-malformed"),
        ("HDR2", "HDR3", "bacs-file-malformed"),
    ],
)
def test_an_edited_file_is_refused(old: str, new: str, rule: str):
    text = file(narrative="MOOT")
    assert text.count(old) >= 1
    assert refusal(lambda: verified(text.replace(old, new, 1), WEDNESDAY)) == rule
