from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.law import identifiers as ids
from shared.law.rules import Refused


@pytest.mark.parametrize(
    "text", ["AB123456C", "ab 12 34 56 c", "AB-12-34-56-C", "AB123456", "XX 12 34 56 D", "AB123456F"]
)
def test_a_nino_is_read_as_people_write_it(text):
    assert ids.nino(text).startswith(("AB123456", "XX123456"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AB12345C",
        "AB1234567",
        "DB123456C",
        "AO123456C",
        "QQ123456C",
        "AB123456E",
        "GB123456A",
        "ZZ123456A",
        "AB١٢٣٤٥٦C",
    ],
)
def test_a_nino_that_cannot_be_is_refused_without_repeating_it(text):
    with pytest.raises(Refused) as refusal:
        ids.nino(text)
    assert refusal.value.rule is ids.NINO_IMPOSSIBLE
    assert refusal.value.detail == ""


def test_equal_uprns_are_equal_strings():
    assert ids.uprn(" 000010023456 ") == "10023456"


@pytest.mark.parametrize("text", ["", "0", "1234567890123", "12 34", "-5", "1e5", "²"])
def test_a_uprn_that_cannot_be_is_refused(text):
    with pytest.raises(Refused, match="uprn-impossible"):
        ids.uprn(text)


def test_a_gss_code_is_upper_case():
    assert ids.gss_code("e07000041") == "E07000041"
    with pytest.raises(Refused, match="gss-code-impossible"):
        ids.gss_code("E0700004")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ex43pu", "EX4 3PU"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("ec1a1bb", "EC1A 1BB"),
        ("GIR 0AA", "GIR 0AA"),
    ],
)
def test_a_postcode_has_one_form(text, normal):
    assert ids.postcode(text) == normal


@pytest.mark.parametrize("text", ["", "EX4", "EX4 3P", "1EX 3PU", "XX123 4XX", "EX4 3P٣"])
def test_a_postcode_that_cannot_be_is_refused(text):
    with pytest.raises(Refused, match="postcode-impossible"):
        ids.postcode(text)


def test_an_elector_number_prints_as_district_and_number():
    assert str(ids.ElectorNumber("AB", 123)) == "AB-123"
    assert str(ids.ElectorNumber("AB", 123, 1)) == "AB-123/1"


def test_elector_numbers_sort_as_numbers_with_entries_in_between():
    numbers = [ids.ElectorNumber.parse(text) for text in ("AB-10", "AB-9/1", "AB-9", "AA-99")]
    assert [str(number) for number in sorted(numbers)] == ["AA-99", "AB-9", "AB-9/1", "AB-10"]


@pytest.mark.parametrize("text", ["123", "AB123", "AB-", "AB-0", "-5", "AB-1/x"])
def test_an_elector_number_that_cannot_be_is_refused(text):
    with pytest.raises(Refused, match="elector-number-impossible"):
        ids.ElectorNumber.parse(text)


@given(st.from_regex(r"[A-Z]{1,3}", fullmatch=True), st.integers(1, 999_999), st.integers(0, 999))
def test_an_elector_number_reads_back_as_written(district, number, suffix):
    written = ids.ElectorNumber(district, number, suffix)
    assert ids.ElectorNumber.parse(str(written)) == written


def test_a_birthday_in_the_future_is_refused():
    assert ids.date_of_birth(date(2026, 5, 7), date(2026, 5, 7)) == date(2026, 5, 7)
    with pytest.raises(Refused, match="birthday-in-the-future"):
        ids.date_of_birth(date(2026, 5, 8), date(2026, 5, 7))


def test_nobody_is_older_than_120():
    assert ids.date_of_birth(date(1906, 5, 7), date(2026, 5, 7))
    with pytest.raises(Refused, match="birthday-too-long-ago"):
        ids.date_of_birth(date(1906, 5, 6), date(2026, 5, 7))
