"""What copies of the registers cost, in pence. Nothing else may be charged. [RPR 2001 r.110-111, r.120; EC guidance]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from shared.law.dated import Dated, Provision


class Form(Enum):
    DATA = "data"
    PRINT = "print"


class Copy(Enum):
    """What is copied: the full or open register and its notices, the list of overseas electors, a marked register or list."""

    REGISTER = "register"
    OVERSEAS_LIST = "list of overseas electors"
    MARKED = "marked register or list"


@dataclass(frozen=True, slots=True)
class Tariff:
    """A flat part per register, and a part for each `batch` entries begun; pence."""

    flat: int
    per_batch: int
    batch: int

    def fee(self, entries: int) -> int:
        return self.flat + self.per_batch * -(-entries // self.batch)


_SINCE: Final = date(2012, 1, 1)


def _tariff(subject: str, flat: int, per_batch: int, batch: int, source: str) -> Dated[Tariff]:
    return Dated(subject, Provision(Tariff(flat, per_batch, batch), _SINCE, source))


TARIFFS: Final = {
    (Copy.REGISTER, Form.DATA): _tariff("register as data", 2000, 150, 1000, "RPR 2001 r.110-111"),
    (Copy.REGISTER, Form.PRINT): _tariff("register in print", 1000, 500, 1000, "RPR 2001 r.110-111"),
    (Copy.OVERSEAS_LIST, Form.DATA): _tariff("overseas list as data", 2000, 150, 100, "RPR 2001 r.111"),
    (Copy.OVERSEAS_LIST, Form.PRINT): _tariff("overseas list in print", 1000, 500, 100, "RPR 2001 r.111"),
    (Copy.MARKED, Form.DATA): _tariff("marked copy as data", 1000, 100, 1000, "RPR 2001 r.120"),
    (Copy.MARKED, Form.PRINT): _tariff("marked copy in print", 1000, 200, 1000, "RPR 2001 r.120"),
}


def supply_fee(copy: Copy, form: Form, entries: Sequence[int], on: date) -> int:
    """The fee in pence; `entries` holds the number of entries of each register supplied (one per constituency)."""
    if any(number < 0 for number in entries):
        raise ValueError("a register has no negative number of entries")
    tariff = TARIFFS[copy, form].on(on)
    return sum(tariff.fee(number) for number in entries)
