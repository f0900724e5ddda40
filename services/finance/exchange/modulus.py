"""The modulus check of UK bank accounts: whether an account number can belong to a sort code.

Follows VocaLink's "Validating account numbers"; the weights are its tables, dated in `modulus_tables.json`. A pass is no
proof that the account exists, nor of whose it is: Confirmation of Payee and a call back are for that.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Method = Literal["MOD10", "MOD11", "DBLAL"]
Digits = tuple[int, ...]
"""Fourteen digits, `u v w x y z` of the sort code and `a b c d e f g h` of the account."""

A, B, C, G, H = 6, 7, 8, 12, 13
WITH_A: Final = (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
"""Weights of exception 2 where `a` is not 0."""
SECOND_TRY, FOREIGN, BY_SORT_CODE = "309634", range(4, 9), "090126"
EITHER_WILL_DO: Final = {(2, 9), (10, 11), (12, 13)}
"""Pairs of exceptions where one check is enough; otherwise an account passes both."""


class Verdict(Enum):
    VALID = "valid"
    INVALID = "invalid"
    PRESUMED = "presumed valid"
    """The sort code stands in no table: nothing is known against the account."""

    def __bool__(self) -> bool:
        return self is not Verdict.INVALID


@dataclass(frozen=True, slots=True)
class Row:
    """One check for the sort codes from `first` to `last`."""

    first: str
    last: str
    method: Method
    weights: tuple[int, ...]
    exception: int


@dataclass(frozen=True)
class Tables:
    """One release of the tables; `rows` ascend by sort code."""

    version: str
    rows: tuple[Row, ...]
    substitutes: Mapping[str, str]

    def of(self, sort_code: str) -> list[Row]:
        """The one or two checks of a sort code, in their order; none when it is not listed."""
        before = bisect_right(self.rows, sort_code, key=lambda row: row.first)
        return [row for row in self.rows[max(0, before - 2) : before] if row.last >= sort_code]


@cache
def current_tables() -> Tables:
    """The release that comes with this build."""
    kept = json.loads(files(__package__).joinpath("modulus_tables.json").read_text("utf-8"))
    rows = tuple(Row(first, last, method, tuple(weights), ex) for first, last, method, weights, ex in kept["weights"])
    return Tables(kept["version"], rows, kept["substitutes"])


def verdict(sort_code: str, account: str, tables: Tables | None = None) -> Verdict:
    """Check six digits of sort code against eight of account number. Raises ValueError for anything else."""
    if not (
        len(sort_code) == 6
        and len(account) == 8
        and (sort_code + account).isascii()
        and (sort_code + account).isdigit()
    ):
        raise ValueError("a sort code has six digits, an account number eight")
    tables = tables or current_tables()
    rows = tables.of(sort_code)
    if not rows:
        return Verdict.PRESUMED
    passed = _passes(rows, sort_code, account, tables)
    return Verdict.VALID if passed else Verdict.INVALID


def _passes(rows: Sequence[Row], sort_code: str, account: str, tables: Tables) -> bool:
    digits = _digits(sort_code, account)
    if rows[0].exception == 6 and digits[A] in FOREIGN and digits[G] == digits[H]:
        return True  # a foreign currency account, which cannot be checked
    first = _check(rows[0], sort_code, digits, tables)
    if len(rows) == 1:
        return first
    second = rows[1]
    if (rows[0].exception, second.exception) in EITHER_WILL_DO:
        return first or _check(second, SECOND_TRY if second.exception == 9 else sort_code, digits, tables)
    if second.exception == 3 and digits[C] in (6, 9):
        return first
    return first and _check(second, sort_code, digits, tables)


def _check(row: Row, sort_code: str, digits: Digits, tables: Tables) -> bool:
    """One row of the table; its exception may change the sort code, the weights, or what counts as a pass."""
    weights, account = row.weights, digits[A:]
    match row.exception:
        case 2 if digits[A] != 0:
            weights = _without_u_to_b(WITH_A) if digits[G] == 9 else WITH_A
        case 5:
            sort_code = tables.substitutes.get(sort_code, sort_code)
        case 7 if digits[G] == 9:
            weights = _without_u_to_b(weights)
        case 8:
            sort_code = BY_SORT_CODE
        case 10 if (digits[A], digits[B]) in ((0, 9), (9, 9)) and digits[G] == 9:
            weights = _without_u_to_b(weights)
        case _:
            pass
    total = _total(row, weights, (*_numbers(sort_code), *account))
    remainder = total % (11 if row.method == "MOD11" else 10)
    match row.exception:
        case 4:
            return remainder == 10 * digits[G] + digits[H]
        case 5 if row.method == "MOD11":
            return remainder != 1 and digits[G] == -remainder % 11
        case 5:
            return digits[H] == -remainder % 10
        case 14 if remainder != 0 and digits[H] in (0, 1, 9):
            return _total(row, weights, (*_numbers(sort_code), 0, *account[:-1])) % 11 == 0
        case _:
            return remainder == 0


def _total(row: Row, weights: Sequence[int], digits: Digits) -> int:
    products = [weight * digit for weight, digit in zip(weights, digits, strict=True)]
    if row.method != "DBLAL":
        return sum(products)
    return sum(map(sum, map(_numbers, map(str, products)))) + (27 if row.exception == 1 else 0)


def _without_u_to_b(weights: Sequence[int]) -> tuple[int, ...]:
    return (0,) * C + tuple(weights[C:])


def _digits(sort_code: str, account: str) -> Digits:
    return _numbers(sort_code + account)


def _numbers(text: str) -> Digits:
    return tuple(map(int, text))
