"""Rows are taken or refused one by one; a refusal names line, field and rule and gives nobody away."""

import io
from dataclasses import asdict, fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.exchange.gazetteer.csvfile import CsvVolume
from services.registration.exchange.gazetteer.layouts import LAYOUTS, Format
from services.registration.exchange.gazetteer.records import TYPES, Blpu, Change, Lpi, StreetDescriptor
from services.registration.exchange.gazetteer.refusals import RowRefused
from services.registration.exchange.tests.supplies import HOME, outcomes, row, supply

DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
# What a field keeps: text without control characters or outer spaces; quotes, commas and Welsh letters are all welcome.
TEXTS = (
    st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=35)
    .map(lambda t: " ".join(t.split()))
    .filter(bool)
)
NUMBERS = st.none() | st.integers(0, 9_999)
METRES = st.integers(0, 70_000_000).map(lambda centimetres: centimetres / 100)

LPIS = st.builds(
    Lpi,
    uprn=st.integers(1, 10**12 - 1),
    lpi_key=st.from_regex(r"[0-9]{4}L[0-9]{9}", fullmatch=True),
    language=st.sampled_from(["ENG", "CYM", "GAE", "BIL"]),
    logical_status=st.sampled_from([1, 3, 6, 8]),
    usrn=st.integers(1, 10**8 - 1),
    start_date=DAYS,
    end_date=DAYS,
    last_update_date=DAYS,
    entry_date=DAYS,
    sao_start_number=NUMBERS,
    sao_text=st.none() | TEXTS,
    pao_start_number=NUMBERS,
    pao_start_suffix=st.none() | st.sampled_from(["A", "BB"]),
    pao_end_number=NUMBERS,
    pao_text=st.none() | TEXTS,
    level=st.none() | TEXTS.map(lambda t: t[:30].strip() or "G"),
    official_flag=st.none() | st.sampled_from(["Y", "N"]),
)
BLPUS = st.builds(
    Blpu,
    uprn=st.integers(1, 10**12 - 1),
    logical_status=st.sampled_from([1, 3, 6, 8]),
    blpu_state_date=DAYS,
    parent_uprn=st.none() | st.integers(1, 10**12 - 1),
    x_coordinate=METRES,
    y_coordinate=METRES,
    entry_date=DAYS,
)
DESCRIPTORS = st.builds(StreetDescriptor, usrn=st.integers(1, 10**8 - 1), street_description=TEXTS, locality=TEXTS)


def read(text: str, form: Format = "abp-csv-v2") -> list[Change | RowRefused]:
    return list(CsvVolume(io.BufferedReader(io.BytesIO(text.encode())), form, extract=True).changes())


def refusal(text: str, form: Format = "abp-csv-v2") -> RowRefused:
    (only,) = read(text, form)
    assert isinstance(only, RowRefused)
    return only


@given(LPIS | BLPUS | DESCRIPTORS, st.sampled_from(["abp-csv-v1", "abp-csv-v2", "dtf-7.3"]))
def test_a_record_written_in_any_csv_format_is_read_back_unchanged(record: Any, form: Format) -> None:
    kind = TYPES[type(record)]
    kept = {field.name for field in LAYOUTS[form][kind].columns if field}
    (change,) = read(row(kind, form=form, **asdict(record)), form)
    assert isinstance(change, Change)
    for field in fields(record):
        if field.name in kept:
            assert getattr(change.record, field.name) == getattr(record, field.name)


@pytest.mark.parametrize(
    ("bad", "field", "rule"),
    [
        (row(21, uprn="1234567890123"), "UPRN", "too-long"),
        (row(21, uprn="12x"), "UPRN", "not-a-number"),
        (row(21, uprn="²"), "UPRN", "not-a-number"),
        (row(21, uprn=None), "UPRN", "missing-value"),
        (row(21, logical_status=None), "LOGICAL_STATUS", "missing-value"),
        (row(21, start_date="22/11/2026"), "START_DATE", "not-a-date"),
        (row(21, start_date="2026-02-30"), "START_DATE", "not-a-date"),
        (row(21, start_date="2026-W08-1"), "START_DATE", "not-a-date"),
        (row(21, x_coordinate="north"), "X_COORDINATE", "not-a-coordinate"),
        (row(21, x_coordinate="nan"), "X_COORDINATE", "outside-great-britain"),
        (row(21, x_coordinate=29_2591.0e3), "X_COORDINATE", "outside-great-britain"),
        (row(21, latitude=-3.5, longitude=50.7), "LATITUDE", "outside-great-britain"),
        (row(24, pao_text="X" * 91), "PAO_TEXT", "too-long"),
        (row(24, pao_text="MILL\x07HOUSE"), "PAO_TEXT", "control-character"),
        (row(24, "X"), "CHANGE_TYPE", "unknown-change-type"),
        (row(24).replace('"I",1', '"I",one'), "PRO_ORDER", "not-a-number"),
        (row(24).replace("24,", "77,", 1), "RECORD_IDENTIFIER", "unknown-record-type"),
        ("hello\r\n", "RECORD_IDENTIFIER", "unknown-record-type"),
        (row(24).strip() + ",1\r\n", "", "wrong-number-of-fields"),
        (row(24, pao_text="MILL")[:-9], "", "wrong-number-of-fields"),
        ('24,"I\r\n', "", "unreadable-row"),
    ],
)
def test_a_bad_row_is_refused_by_line_field_and_rule(bad: str, field: str, rule: str) -> None:
    refused = refusal(bad)
    assert (refused.line, refused.field, refused.rule.name) == (1, field, rule)


def test_the_good_rows_go_on_around_a_bad_one() -> None:
    found, refused = outcomes(supply(*HOME[:3], row(24, lpi_key="L0", usrn="here"), '23,"I\r\n', *HOME[3:]))
    assert len(found) == 1
    assert [(r.line, r.rule.name) for r in refused] == [(5, "not-a-number"), (6, "unreadable-row")]


def test_an_open_quote_spoils_its_own_line_only() -> None:
    first, second = read('24,"I",1,"\r\n' + row(24))
    assert isinstance(first, RowRefused)
    assert isinstance(second, Change)
    assert second.line == 2


def test_a_refusal_shows_numbers_but_of_free_text_only_the_length() -> None:
    assert refusal(row(21, x_coordinate=-5.5)).value == "-5.5"
    secret = refusal(row(31, organisation="MISS J DOE, CHIROPODIST" * 5))
    assert secret.value == "115 characters"
    assert "DOE" not in str(secret)


@pytest.mark.parametrize("form", ["abp-csv-v1", "abp-csv-v2", "dtf-7.3"])
def test_rows_after_the_trailer_are_refused(form: Format) -> None:
    trailer = "99,0,1,2026-11-22,06:00:00\r\n"
    assert [type(x) for x in read(row(21, form=form) + trailer + row(21, uprn=2, form=form), form)] == [
        Change,
        RowRefused,
    ]


def test_dtf_records_that_say_nothing_of_addresses_are_counted_and_read_over() -> None:
    volume = CsvVolume(io.BufferedReader(io.BytesIO(b'13,"I",1,99\r\n29,"GAZ"\r\n')), "dtf-7.3")
    assert list(volume.changes()) == []
    assert volume.read_over == {13: 1, 29: 1}


def test_a_duplicate_uprn_is_refused_and_both_lines_are_named() -> None:
    found, refused = outcomes(supply(*HOME, row(21, order=9, postcode_locator="ZZ1 1AA")))
    (duplicate,) = refused
    assert (duplicate.line, duplicate.first_line, duplicate.rule.name, duplicate.value) == (7, 4, "duplicate-uprn", "1")
    assert "line 7" in str(duplicate)
    assert "First on line 4." in str(duplicate)
    (kept,) = found
    assert kept.property.blpu.postcode_locator is None  # type: ignore[union-attr]


def test_a_zero_padded_uprn_is_the_same_uprn() -> None:
    _, refused = outcomes(supply(row(21, uprn=10001234567), row(21, order=2).replace(",1,1,", ",010001234567,1,", 1)))
    assert [r.rule.name for r in refused] == ["duplicate-uprn"]


def test_an_address_in_two_languages_is_no_duplicate() -> None:
    _, refused = outcomes(supply(*HOME, row(24, language="CYM", pao_text="TŶ")))
    assert refused == []
