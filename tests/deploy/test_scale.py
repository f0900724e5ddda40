"""The sums of docs/scale.md come out as they are written."""

from __future__ import annotations

import math
import re

import pytest

from deploy.topology import ROOT

TEXT = (ROOT / "docs" / "scale.md").read_text()
SUM = re.compile(r"^ {4}([\d,.]+(?: [÷×+] [\d,.]+)+) = ([\d,.]+)(?: ([kMGT])\b)?", re.MULTILINE)
LARGE = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


@pytest.mark.parametrize(("terms", "result", "unit"), SUM.findall(TEXT), ids=lambda part: part or "-")
def test_a_sum_comes_out(terms: str, result: str, unit: str):
    exact = eval(
        terms.replace(",", "").replace("÷", "/").replace("×", "*")
    )  # digits and operators only, by the pattern
    assert math.isclose(exact, float(result.replace(",", "")) * LARGE[unit], rel_tol=0.015)


def test_no_line_of_arithmetic_is_passed_over():
    indented = [line for line in TEXT.splitlines() if line.startswith("    ")]
    assert len(SUM.findall(TEXT)) == len(indented) > 20
