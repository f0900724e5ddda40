"""From recorded facts to the facts that the franchise is derived from."""

from dataclasses import dataclass
from datetime import date

import pytest

from shared.law.franchise import AgeBand, marker
from shared.law.recorded import age_band, facts_of


@dataclass(frozen=True)
class Recorded:
    date_of_birth: date | None = date(1980, 1, 1)
    age_band: str = ""
    nationalities: tuple[str, ...] = ("GB",)
    has_leave: bool = True
    resident_since: date | None = None
    sitting_peer: bool = False
    legal_incapacity: bool = False
    category: str = "ordinary"


@pytest.mark.parametrize(
    ("answer", "band"),
    [
        ("under 18", AgeBand.UNDER_18),
        ("under18", AgeBand.UNDER_18),
        ("18-75", AgeBand.FROM_18_TO_75),
        ("18to75", AgeBand.FROM_18_TO_75),
        ("18 to 75", AgeBand.FROM_18_TO_75),
        ("76+", AgeBand.OVER_75),
        ("over 75", AgeBand.OVER_75),
        ("", None),
        ("does not know", None),
    ],
)
def test_an_age_band_is_read_however_the_form_spells_it(answer, band):
    assert age_band(answer) is band


def test_an_overseas_elector_is_marked_f_and_an_anonymous_one_n():
    abroad = facts_of(Recorded(category="overseas"), anonymous=True)
    assert marker(abroad, date(2026, 3, 2)).letters == "FN"


def test_long_residence_gives_a_french_citizen_the_local_franchise():
    french = facts_of(Recorded(nationalities=("FR",), resident_since=date(2015, 1, 1)))
    assert marker(french, date(2026, 3, 2)).letters == "B"
