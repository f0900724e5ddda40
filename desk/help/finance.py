"""Members' allowances and how they are paid."""

from __future__ import annotations

from typing import Final

from desk.help.sources import LEGISLATION, PAYE_2003, Help

HELP: Final = {
    "allowances/deductions": Help(
        "An allowance is income from an office: tax is deducted by the member’s code when it is paid, and payroll says how much.",
        "SI 2003/2682 reg.21, 23",
        f"{PAYE_2003}/regulation/21",
    ),
    "allowances/employer-nic": Help(
        "What the council owes on top of the allowance as secondary contributor. It is no deduction from the member.",
        "Social Security Contributions and Benefits Act 1992 s.6",
        f"{LEGISLATION}/ukpga/1992/4/section/6",
    ),
    "allowances/paid_on": Help(
        "The day on which members had the money, not that of the order: what was paid is reported to HMRC on or before it.",
        "SI 2003/2682 reg.67B; the council’s pay dates",
        f"{PAYE_2003}/regulation/67B",
    ),
}
