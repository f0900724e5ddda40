"""The scheme of allowances: when it may be made, amended and indexed, and what it then says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.finance.schemes.decider import AdoptScheme, AmendScheme, ApplyIndex, Scheme, schemes
from shared.eventcore.testing.specs import spec
from shared.events.finance import RatesIndexed, SchemeAdopted, SchemeAmended
from shared.events.values_finance import Rate, Rates, SchemePractice

APRIL = date(2026, 4, 1)
RATES = (Rate("basic", 800_000), Rate("cabinet-member", 900_000), Rate("leader", 2_400_000))
RAISED = (Rate("basic", 825_600), Rate("cabinet-member", 928_800), Rate("leader", 2_476_800))
PRACTICE = SchemePractice()
ADOPT = AdoptScheme(APRIL, date(2026, 2, 25), RATES, date(2026, 1, 12), PRACTICE, "NJC pay award", date(2030, 3, 31))
ADOPTED = SchemeAdopted(
    APRIL, date(2026, 2, 25), RATES, date(2026, 1, 12), PRACTICE, "NJC pay award", date(2030, 3, 31)
)
AMEND = AmendScheme(date(2026, 7, 1), date(2026, 7, 15), RATES, date(2026, 6, 1), PRACTICE)
INDEX = ApplyIndex(APRIL, date(2026, 11, 3), "NJC pay award", 320)


def test_a_scheme_is_adopted_before_its_year():
    spec(schemes).when(ADOPT).then(ADOPTED)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"effective_from": date(2026, 5, 1)}, "scheme-begins-a-year"),
        ({"adopted_on": APRIL}, "scheme-made-before-its-year"),
        ({"panel_reported_on": date(2026, 2, 26)}, "panel-reports-first"),
        ({"rates": RATES[1:]}, "basic-allowance-needed"),
        ({"rates": (*RATES, RATES[0])}, "rates-unclear"),
        ({"index_until": APRIL.replace(year=2030)}, "index-too-long"),
        ({"practice": SchemePractice(special_further=101)}, "share-out-of-range"),
    ],
)
def test_a_scheme_that_breaks_the_regulations_is_refused(changed, rule):
    spec(schemes).when(replace(ADOPT, **changed)).refused(rule)


def test_a_year_has_one_scheme_and_the_next_year_another():
    spec(schemes).given(ADOPTED).when(ADOPT).refused("scheme-stands")
    following = replace(
        ADOPT, effective_from=date(2027, 4, 1), adopted_on=date(2027, 2, 24), index_until=date(2031, 3, 31)
    )
    (adopted,) = spec(schemes).given(ADOPTED).when(following).events
    scheme = spec(schemes).given(ADOPTED, adopted).state()
    assert [rates.since for rates in scheme.rates] == [APRIL, date(2027, 4, 1)]


def test_there_is_nothing_to_amend_without_a_scheme():
    spec(schemes).when(AMEND).refused("no-scheme")


def test_an_amendment_may_hold_from_the_start_of_its_year_but_no_earlier():
    spec(schemes).given(ADOPTED).when(replace(AMEND, effective_from=APRIL)).then(
        SchemeAmended(APRIL, date(2026, 7, 15), RATES, date(2026, 6, 1), PRACTICE)
    )
    spec(schemes).given(ADOPTED).when(replace(AMEND, effective_from=date(2026, 3, 31))).refused("backdated-too-far")
    spec(schemes).given(ADOPTED).when(replace(INDEX, effective_from=date(2026, 3, 31))).refused("backdated-too-far")


def test_the_index_raises_every_rate_by_3_2_per_cent():
    indexed = RatesIndexed(APRIL, date(2026, 11, 3), "NJC pay award", 320, (Rates(APRIL, RAISED),))
    spec(schemes).given(ADOPTED).when(INDEX).then(indexed)
    scheme = spec(schemes).given(ADOPTED, indexed).state()
    assert isinstance(scheme, Scheme)
    assert [card.annual["basic"] for card in scheme.cards()] == [825_600]


def test_the_index_raises_rates_that_were_amended_in_the_meantime_too():
    amended = SchemeAmended(
        date(2026, 7, 1), date(2026, 7, 15), (Rate("basic", 1_000_000),), date(2026, 6, 1), PRACTICE
    )
    (indexed,) = spec(schemes).given(ADOPTED, amended).when(INDEX).events
    scheme = spec(schemes).given(ADOPTED, amended, indexed).state()
    assert [(card.since, card.annual["basic"]) for card in scheme.cards()] == [
        (APRIL, 825_600), (date(2026, 7, 1), 1_032_000),
    ]  # fmt: skip


def test_an_index_holds_for_its_own_scheme_and_its_own_time_only():
    spec(schemes).given(ADOPTED).when(replace(INDEX, index="CPI")).refused("not-the-schemes-index")
    late = replace(INDEX, effective_from=date(2030, 4, 1), applied_on=date(2030, 11, 1))
    spec(schemes).given(ADOPTED).when(late).refused("index-ran-out")
