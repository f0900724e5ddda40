"""Sums of a run as an officer looks at them: each member beside the month before, and pounds as they are typed and read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desk.forms import Form

BASIC = frozenset({"basic", "co-optee"})
"""Offices whose allowance is not for a special responsibility."""
_POUNDS = re.compile(r"£?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{2}))?")
NOT_POUNDS = "Enter pounds and pence, such as 102.40"


@dataclass(slots=True)
class MemberPay:
    """Pence of one member in a run; `was`: in the run before."""

    member_id: str
    basic: int = 0
    special: int = 0
    was: int = 0

    @property
    def gross(self) -> int:
        return self.basic + self.special


def variances(lines: Iterable[dict[str, Any]], before: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each line with `was`, the pence of the same office of the same member the month before; and a line for who had one
    and has none now."""
    then: dict[tuple[str, str], int] = {}
    for line in before:
        where = (line["member_id"], line["office"])
        then[where] = then.get(where, 0) + line["pence"]
    found = []
    for line in lines:
        found.append({**line, "was": then.pop((line["member_id"], line["office"]), 0)})
    gone = [
        {"member_id": member, "office": office, "pence": 0, "was": pence, "reason": "GONE", "source": ""}
        for (member, office), pence in then.items()
    ]
    return sorted([*found, *gone], key=lambda line: (line["pence"] == line["was"], line["office"], line["member_id"]))


def by_member(lines: Iterable[dict[str, Any]]) -> list[MemberPay]:
    """Lines with what they were (`variances`), one row a member, whose pay changed first."""
    found: dict[str, MemberPay] = {}
    for line in lines:
        row = found.setdefault(line["member_id"], MemberPay(line["member_id"]))
        if line["office"] in BASIC:
            row.basic += line["pence"]
        else:
            row.special += line["pence"]
        row.was += line["was"]
    return sorted(found.values(), key=lambda row: (row.gross == row.was, row.member_id))


def payrolls_answer(form: Form, paid: Iterable[str]) -> list[dict[str, Any]]:
    """What payroll deducted from each member that is paid, as it was typed; wrong sums are noted in the form."""
    return [
        {
            "member_id": member,
            "deductions": typed_pence(form, f"deductions-{member}"),
            "employer_nic": typed_pence(form, f"nic-{member}"),
        }
        for member in paid
    ]


def typed_pence(form: Form, name: str) -> int:
    """Pence of a field with pounds; an empty one is nothing."""
    found = _POUNDS.fullmatch(form.typed(name) or "0")
    if found is None:
        form.errors[name] = NOT_POUNDS
        return 0
    return int(found[1].replace(",", "")) * 100 + int(found[2] or 0)


def pounds(pence: int | None) -> str:
    """`£1,234.50`, `-£3.00`; nothing for what is not known."""
    if pence is None:
        return ""
    return f"{'-' if pence < 0 else ''}£{abs(pence) / 100:,.2f}"
