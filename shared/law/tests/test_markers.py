from datetime import date

import pytest

from shared.law import markers
from shared.law.polls import Country

ON = date(2026, 2, 2)


@pytest.mark.parametrize("letter", ["", "F", "L", "B", "N"])
def test_live_letters_may_stand_in_england(letter):
    assert markers.doubt(letter, Country.ENGLAND, ON) is None


@pytest.mark.parametrize("letter", ["K", "E", "U"])
def test_letters_of_european_elections_are_obsolete(letter):
    assert markers.doubt(letter, Country.ENGLAND, ON) is markers.OBSOLETE


def test_m_stands_in_scotland_and_nowhere_else():
    assert markers.doubt("M", Country.SCOTLAND, ON) is None
    assert markers.doubt("M", Country.ENGLAND, ON) is markers.NOT_IN_USE_HERE


def test_z_is_a_suppliers_code():
    assert markers.doubt("Z", Country.ENGLAND, ON) is markers.UNKNOWN_LETTER
