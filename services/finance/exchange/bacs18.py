"""Bacs Standard 18: a file of direct credits for one processing day, written and checked to the penny and the day.

Labels of 80 characters, records of 100, in the character set of Bacs. A file reaches the bank with its submission, is
processed the next banking day, and pays on the one after.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from shared.law.holidays import bank_holidays
from shared.law.rules import Refused, Rule

ALLOWED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .&/-")
CREDIT, DEBIT = "99", "17"
CONTRA: Final = "CONTRA"
KEPT_FOR: Final = timedelta(days=7)
"""How long after processing the file says that it must not be overwritten."""
MOST_PENCE: Final = 10**11 - 1
LABEL, RECORD = 80, 100

# --------------------------------------------------------------------- rules

SOURCE = "Bacs Standard 18 (PN5011)"
NOT_A_BANKING_DAY = Rule(
    "not-a-banking-day",
    "Bacs processes files on banking days only: not at weekends or on bank holidays in England.",
    SOURCE,
    "Choose the banking day before.",
    invalid=True,
)
PROCESSED_TOO_EARLY = Rule(
    "processed-before-submission",
    "A file is processed on a banking day after that of its submission, within 31 days.",
    SOURCE,
    "Choose a later processing day.",
    invalid=True,
)
NOTHING_TO_PAY = Rule("nothing-to-pay", "A file has at least one payment.", SOURCE, "Add a payment.", invalid=True)
AMOUNT_OUT_OF_RANGE = Rule(
    "amount-out-of-range",
    "A payment is one penny or more, with at most eleven digits of pence.",
    SOURCE,
    "Correct the amount.",
    invalid=True,
)
NUMBER_MALFORMED = Rule(
    "bacs-number-malformed",
    "A service user number, sort code and serial have six digits (a serial not all zero), an account number eight.",
    SOURCE,
    "Correct the number.",
    invalid=True,
)
NAME_EMPTY = Rule("bacs-name-empty", "A payment names its payee.", SOURCE, "Enter the name.", invalid=True)
MALFORMED = Rule(
    "bacs-file-malformed",
    "The file is not laid out as Standard 18 says.",
    SOURCE,
    "Have the file made again; never edit one by hand.",
    invalid=True,
)
CONTRA_WRONG = Rule(
    "contra-does-not-balance",
    "The contra debits exactly what the payments credit.",
    SOURCE,
    "Have the file made again; never edit one by hand.",
    invalid=True,
)
TOTALS_WRONG = Rule(
    "trailer-does-not-agree",
    "The trailer states the sums and numbers of the debits and credits in the file.",
    SOURCE,
    "Have the file made again; never edit one by hand.",
    invalid=True,
)

# -------------------------------------------------------------------- values


@dataclass(frozen=True, slots=True)
class Originator:
    """Who pays: service user number and account, as agreed with the sponsoring bank."""

    service_user: str
    sort_code: str
    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Credit:
    """One payment; `reference` is what stands on the payee's statement."""

    sort_code: str
    account: str
    name: str
    pence: int
    reference: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """The three banking days of a payment."""

    submit_by: date
    process_on: date
    pay_on: date


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file was found to hold."""

    process_on: date
    credits: int
    pence: int


def is_banking_day(day: date) -> bool:
    """Whether Bacs processes on that day. Christmas Eve counts here, unlike in electoral law."""
    return day.weekday() < 5 and day not in bank_holidays("england-and-wales")


def cycle(pay_on: date) -> Cycle:
    """When a file must be submitted and processed so that it pays on `pay_on`. Raises `Refused` for no banking day."""
    if not is_banking_day(pay_on):
        raise Refused(NOT_A_BANKING_DAY, f"{pay_on:%A %-d %B %Y} is not a banking day.")
    process_on = _banking_day_before(pay_on)
    return Cycle(_banking_day_before(process_on), process_on, pay_on)


def printable(text: str, width: int) -> str:
    """Text in Bacs's characters, cut or filled to `width`. Accents go, everything else unknown becomes a space."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).upper()
    return "".join(c if c in ALLOWED else " " for c in plain)[:width].ljust(width)


# ------------------------------------------------------------------- writing


def written(
    originator: Originator,
    credits: Sequence[Credit],
    *,
    process_on: date,
    created_on: date,
    serial: str,
    narrative: str = "",
) -> str:
    """The file, records ending in CRLF. `serial` is six digits, unique among the originator's files of a day.

    Raises `Refused`: the processing day, a number, an amount, a name.
    """
    _checked_day(process_on, created_on)
    numbers = [originator.service_user, originator.sort_code, serial, *(credit.sort_code for credit in credits)]
    accounts = [originator.account, *(credit.account for credit in credits)]
    if not all(map(_digits(6), numbers)) or not all(map(_digits(8), accounts)) or int(serial) == 0:
        raise Refused(NUMBER_MALFORMED)
    if not credits:
        raise Refused(NOTHING_TO_PAY)
    total = sum(credit.pence for credit in credits)
    if any(credit.pence < 1 for credit in credits) or total > MOST_PENCE:
        raise Refused(AMOUNT_OUT_OF_RANGE)
    if not all(printable(credit.name, 18).strip() for credit in credits):
        raise Refused(NAME_EMPTY)
    header = _headers(originator, process_on, created_on, serial)
    details = [_detail(originator, credit) for credit in credits]
    lines = [f"VOL1{serial}{'':31}{originator.service_user}{'':32}1"]
    lines += [f"HDR1{header[0]}", f"HDR2{header[1]}", f"UHL1{_user_header(process_on)}", *details]
    lines += [_contra(originator, total, narrative), f"EOF1{header[0]}", f"EOF2{header[1]}"]
    lines += [f"UTL1{total:013}{total:013}{1:07}{len(credits):07}{'':36}"]
    text = "".join(f"{line}\r\n" for line in lines)
    verified(text, created_on)
    return text


def _headers(originator: Originator, process_on: date, created_on: date, serial: str) -> tuple[str, str]:
    """HDR1 and HDR2 after their names; EOF1 and EOF2 repeat them."""
    user, expires = originator.service_user, process_on + KEPT_FOR
    first = f"A{user}S  1{user}{serial}00010001{'':6}{_julian(created_on)}{_julian(expires)} 000000{'':20}"
    return first, f"F0200000100{'':35}00{'':28}"


def _user_header(process_on: date) -> str:
    return f"{_julian(process_on)}999999{'':4}000000001 DAILY  001{'':40}"


def _detail(originator: Originator, credit: Credit) -> str:
    return (
        f"{credit.sort_code}{credit.account}0{CREDIT}{originator.sort_code}{originator.account}{'':4}{credit.pence:011}"
        f"{printable(originator.name, 18)}{printable(credit.reference, 18)}{printable(credit.name, 18)}"
    )


def _contra(originator: Originator, total: int, narrative: str) -> str:
    own = originator.sort_code + originator.account
    return f"{own}0{DEBIT}{own}{'':4}{total:011}{printable(narrative, 18)}{CONTRA:18}{printable(originator.name, 18)}"


# ------------------------------------------------------------------ checking


def verified(text: str, submitted_on: date) -> Contents:
    """What a file holds, when it may be submitted on that day. Raises `Refused` naming the line and the rule."""
    lines = text.split("\r\n")
    if len(lines) < 10 or lines[-1] or [line[:4] for line in lines[:4]] != ["VOL1", "HDR1", "HDR2", "UHL1"]:
        raise Refused(MALFORMED, "The file does not begin with VOL1, HDR1, HDR2 and UHL1, or ends within a record.")
    if [line[:4] for line in lines[-4:-1]] != ["EOF1", "EOF2", "UTL1"]:
        raise Refused(MALFORMED, "The file does not end with EOF1, EOF2 and UTL1.")
    labels, details = {*range(4), *range(len(lines) - 4, len(lines) - 1)}, lines[4:-4]
    for index, line in enumerate(lines[:-1]):
        if len(line) != (LABEL if index in labels else RECORD) or not ALLOWED.issuperset(line):
            raise Refused(MALFORMED, f"Line {index + 1} has a wrong length or a character that Bacs does not know.")
    if (lines[1][4:], lines[2][4:]) != (lines[-4][4:], lines[-3][4:]):
        raise Refused(MALFORMED, "EOF1 and EOF2 do not repeat HDR1 and HDR2.")
    process_on = _from_julian(lines[3][4:10])
    _checked_day(process_on, submitted_on)
    paid, debited = _sums(details)
    _check_trailer(lines[-2], paid, debited)
    return Contents(process_on, len(paid), sum(paid))


def _sums(details: Sequence[str]) -> tuple[list[int], list[int]]:
    """The amounts of the credits and of the contra, which equals their sum."""
    paid: list[int] = []
    debited: list[int] = []
    for index, line in enumerate(details, 5):
        amount = line[35:46]
        if not amount.isdigit() or line[15:17] not in (CREDIT, DEBIT):
            raise Refused(MALFORMED, f"Line {index}, position 16 or 36: neither a credit nor a contra with an amount.")
        (paid if line[15:17] == CREDIT else debited).append(int(amount))
    last = details[-1]
    is_contra = last[15:17] == DEBIT and last[:14] == last[17:31] and last[64:82].rstrip() == CONTRA
    if len(debited) != 1 or not is_contra or debited[0] != sum(paid):
        raise Refused(CONTRA_WRONG, f"The payments come to {sum(paid)} pence, the contra to {sum(debited)}.")
    return paid, debited


def _check_trailer(trailer: str, paid: Sequence[int], debited: Sequence[int]) -> None:
    stated = trailer[4:44]
    if stated != f"{sum(debited):013}{sum(paid):013}{len(debited):07}{len(paid):07}":
        raise Refused(TOTALS_WRONG)


def _checked_day(process_on: date, submitted_on: date) -> None:
    if not is_banking_day(process_on):
        raise Refused(NOT_A_BANKING_DAY, f"{process_on:%A %-d %B %Y} is not a banking day.")
    if not timedelta(0) < process_on - submitted_on <= timedelta(days=31):
        raise Refused(PROCESSED_TOO_EARLY)


def _banking_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not is_banking_day(day):
        day -= timedelta(days=1)
    return day


def _julian(day: date) -> str:
    """` yyddd`: a space, the year's last two digits, the day of the year."""
    return f" {day:%y%j}"


def _from_julian(text: str) -> date:
    try:
        return datetime.strptime(text, " %y%j").date()  # noqa: DTZ007
    except ValueError:
        raise Refused(MALFORMED, "Line 4, positions 5 to 10: not a day written as yyddd.") from None


def _digits(count: int) -> Callable[[str], bool]:
    return lambda text: len(text) == count and text.isascii() and text.isdigit()
