"""People may be registered at homes and halls that stand, are approved and receive post."""

from typing import Any

import pytest

from services.registration.exchange.gazetteer.electoral import electoral, gazetteer_facts
from services.registration.exchange.gazetteer.property import GazetteerProperty
from services.registration.exchange.gazetteer.records import Blpu, Classification, Lpi


def place(code: str = "RD06", lpi_status: int = 1, postal_address: str | None = None, **blpu: Any) -> GazetteerProperty:
    given: dict[str, Any] = {"uprn": 1, "logical_status": 1, "blpu_state": 2, "addressbase_postal": "D"}
    return GazetteerProperty(
        Blpu(**(given | blpu)),
        (Lpi(1, "L1", "ENG", lpi_status, 10, postal_address=postal_address),),
        classifications=(
            Classification(1, "C0", "417", "VOA Special Category"),
            Classification(1, "C1", code, "AddressBase Premium Classification Scheme"),
        ),
    )


@pytest.mark.parametrize("code", ["R", "RD", "RD01", "RD07", "RD06", "RH01", "RI01", "RI03", "X", "CE01HE", "CE05"])
def test_homes_institutions_dual_use_and_colleges_are_electoral(code: str) -> None:
    answer = electoral(place(code))
    assert answer.electoral
    assert answer.source == f"CLASSIFICATION_CODE {code}"


@pytest.mark.parametrize("code", ["CI", "CE03", "RG02", "RC01", "L", "U", ""])
def test_shops_schools_garages_and_land_are_not(code: str) -> None:
    assert electoral(place(code))[:2] == (False, "not-residential")


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (place(logical_status=6), "coming-soon"),
        (place(logical_status=8), "closed"),
        (place(logical_status=3), "not-approved"),
        (place(blpu_state=4), "demolished"),
        (place("PP"), "parent-shell"),
        (place(lpi_status=3), "no-approved-address"),
        (place(addressbase_postal="N"), "no-post"),
        (place(addressbase_postal=None, postal_address="N"), "no-post"),
    ],
)
def test_a_no_says_why(of: GazetteerProperty, reason: str) -> None:
    assert electoral(of)[:2] == (False, reason)


@pytest.mark.parametrize("postal", ["Y", "A", "P", "L", None])
def test_only_an_explicit_n_means_that_no_post_comes(postal: str | None) -> None:
    assert electoral(place(addressbase_postal=None, postal_address=postal)).electoral


def test_dtf_writes_the_class_on_the_property_itself() -> None:
    dtf = GazetteerProperty(Blpu(1, 1, blpu_class="RD02"), (Lpi(1, "L1", "ENG", 1, 10, postal_address="Y"),))
    assert electoral(dtf).electoral
    assert gazetteer_facts(dtf).class_code == "RD02"


def test_the_register_keeps_parent_street_and_status() -> None:
    facts = gazetteer_facts(place(parent_uprn=9, local_custodian_code=1110, x_coordinate=1.0, y_coordinate=2.0))
    assert (facts.parent_uprn, facts.usrn, facts.lpi_status, facts.custodian_code) == (9, 10, 1, "1110")
    assert (facts.x, facts.y, facts.postal) == (1.0, 2.0, True)
