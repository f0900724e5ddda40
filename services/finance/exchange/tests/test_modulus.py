"""The modulus check against every test case of the reference."""

from __future__ import annotations

import pytest

from services.finance.exchange.modulus import Verdict, current_tables, verdict

PASS = """
089999/66374958 107999/88837491 202959/63748472 871427/46238510 872427/46238510 871427/09123496 871427/99123496
820000/73688637 827999/73988638 827101/28748352 134020/63849203 118765/64371389 200915/41011166 938611/07806039
938600/42368003 938063/55065200 772798/99345694 086090/06774744 309070/02355688 309070/12345668 309070/12345677
309070/99345694 074456/12345112 070116/34012583 074456/11104102 180002/00000190
"""
FAIL = """
938063/15764273 938063/15764264 938063/15763217 118765/64371388 203099/66831036 203099/58716970 089999/66374959
107999/88837493
"""


def checked(case: str) -> Verdict:
    sort_code, account = case.split("/")
    return verdict(sort_code, account)


@pytest.mark.parametrize("account", PASS.split())
def test_a_good_account_passes(account: str):
    assert checked(account) is Verdict.VALID


@pytest.mark.parametrize("account", FAIL.split())
def test_a_bad_account_fails(account: str):
    assert checked(account) is Verdict.INVALID


def test_an_account_at_an_unlisted_sort_code_is_presumed_valid():
    assert not current_tables().of("000000")
    assert verdict("000000", "12345678") is Verdict.PRESUMED


def test_no_sort_code_has_more_than_two_checks_and_the_table_ascends():
    rows = current_tables().rows
    assert len(rows) == 1115
    assert [row.first for row in rows] == sorted(row.first for row in rows)
    assert all(
        len([r for r in rows if r.first <= row.first <= r.last]) == len(current_tables().of(row.first)) for row in rows
    )


@pytest.mark.parametrize(
    ("sort_code", "account"), [("08999", "66374958"), ("089999", "6637495a"), ("089999", "６６３７４９５８")]
)
def test_what_is_not_digits_is_no_account(sort_code: str, account: str):
    with pytest.raises(ValueError, match="six digits"):
        verdict(sort_code, account)
