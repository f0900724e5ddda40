"""The file that payroll imports: one row per pay line of an approved run, and a control total that must agree.

UTF-8, CRLF. Amounts are pounds with two decimals. Only what this run adds: payroll keeps what earlier files said, so a file
is imported once, by its `run_id`. Members whose lines come to a debt are not in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final

from shared.events.values_committees import MemberId
from shared.events.values_finance import PayeeDetails, PayLine
from shared.law.allowances import BASIC, CO_OPTEE

COLUMNS: Final = (
    "run_id", "pay_ref", "ni_no", "element", "period", "units", "rate", "amount", "taxable", "niable", "pensionable",
    "cost_centre", "subjective", "office", "from", "to", "reason", "source_event",
)  # fmt: skip
ELEMENTS: Final = {BASIC: "BASIC", CO_OPTEE: "COOPTEE"}
SPECIAL: Final = "SRA"
CONTROL: Final = "TOTAL"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def written(
    run_id: str,
    period: str,
    lines: Iterable[tuple[PayLine, str]],
    payees: Mapping[MemberId, PayeeDetails],
    cost_centre: str = "",
) -> str:
    """`lines`: each with the ledger account of its expense. Basic and special responsibility allowances are taxable and liable
    to Class 1 National Insurance in the pay period; nobody is in the pension scheme unless payroll knows it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count, total = 0, 0
    for line, account in lines:
        payee = payees[line.member_id]
        amount = pounds(line.pence)
        writer.writerow([
            run_id, safe(payee.pay_reference), payee.ni_number, ELEMENTS.get(line.office, SPECIAL), period, "1", amount, amount,
            "Y", "Y", "N", cost_centre, account, line.office, line.first.isoformat(), line.last.isoformat(), line.reason,
            line.source,
        ])  # fmt: skip
        count, total = count + 1, total + line.pence
    writer.writerow([run_id, "", "", CONTROL, period, str(count), "", pounds(total), *[""] * 10])
    return text.getvalue()


def pounds(pence: int) -> str:
    """`-427.40` for -42740."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02}"


def safe(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
