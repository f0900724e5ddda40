"""Layouts: what is published of each vendor's columns, cells as they are to be read, and the same bytes each time."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from services.registration.exchange.supply import csvfile
from services.registration.exchange.supply.entry import Entry, Home, Occasion
from services.registration.exchange.supply.layouts import layouts, newest
from shared.events.values import AddressLines, ElectorNumber, PersonName, PollingDistrict, Uprn
from shared.law.franchise import Marking

PUBLISHED = Path(__file__).parents[6] / "shared" / "data" / "register-exports" / "column-layouts.json"
OURS = {
    "xpress-full": "xpress_full_14",
    "xpress-full-one-name": "xpress_full_13",
    "xpress-monthly": "xpress_monthly_update_23",
    "eros-full": "eros_full_20",
    "nfi": "nfi_electoral_register",
    "eros-absent": "absent_voters_31",
}
ON = Occasion("E07000999", date(2026, 2, 2))


def entry(number=12, suffix=0, name=("Ada", "Marsh", "Iris"), district="KD-2/2", change="", **marks) -> Entry:
    address = AddressLines("Flat 2", "10 Gorse Lane", "Heath, Upper", "Gavelford", "", "ZZ1 1AA", Uprn(100_000_000_012))
    first, last, middle = name
    return Entry(
        ElectorNumber(PollingDistrict(district), number, suffix), Marking(**marks), PersonName(first, last, middle),
        address.lines(), Home(address, "Flat 2", "10", "Gorse Lane"), change,
    )  # fmt: skip


ANONYMOUS = Entry(ElectorNumber(PollingDistrict("AB"), 900), Marking("", "N"))


async def parts(*entries):
    yield list(entries)


async def text(layout, *entries, occasion=ON):
    made = b"".join([part async for part in csvfile.written(newest(layout), parts(*entries), occasion)])
    return made.decode(newest(layout).encoding)


async def rows(layout, *entries, occasion=ON):
    table = io.StringIO(await text(layout, *entries, occasion=occasion))
    if newest(layout).title_line:
        table.readline()
    return list(csv.DictReader(table))


@pytest.mark.parametrize(("ours", "published"), OURS.items())
def test_the_columns_are_those_that_are_published_of_the_vendor(ours, published):
    if not PUBLISHED.exists():
        pytest.skip("the published layouts are not on this machine")
    assert newest(ours).header == json.loads(PUBLISHED.read_text())[published]["columns"]


def test_a_layout_that_names_no_field_of_ours_is_refused():
    from services.registration.exchange.supply.layouts import Column

    with pytest.raises(ValueError, match="there is no field 'nationality'"):
        Column(title="Nationality", shows="nationality")


@pytest.mark.parametrize("field", ["date of birth", "nationality", "title", "phone", "email"])
def test_no_layout_can_show_what_the_register_does_not_hold(field):
    assert all(column.shows != field for layout in layouts().values() for column in layout.columns)


def test_every_register_layout_says_in_which_layout_later_notices_follow():
    for layout in layouts().values():
        if "full-register" in layout.documents:
            assert "notices" in newest(layout.later).documents


async def test_xpress_repeats_the_postcode_as_the_last_line_and_writes_suffix_0_where_there_is_none():
    (row,) = await rows("xpress-full", entry(before_name="B", attains_on=date(2027, 1, 2)))
    assert list(row.values()) == [
        "KD-2/2", "12", "0", "B", "02/01/2027", "Marsh", "Ada Iris", "ZZ1 1AA",
        "Flat 2", "10 Gorse Lane", "Heath, Upper", "Gavelford", "ZZ1 1AA", "",
    ]  # fmt: skip


async def test_xpress_with_one_name_column_puts_the_surname_first():
    (row,) = await rows("xpress-full-one-name", entry())
    assert row["Elector Name"] == "Marsh Ada Iris"


async def test_a_comma_in_an_address_is_quoted():
    assert '"Heath, Upper"' in await text("xpress-full", entry())


async def test_a_monthly_update_says_what_was_created_changed_or_deleted_in_which_month_and_counts_its_lines():
    occasion = Occasion("E07000999", date(2026, 2, 2), 3)
    found = await rows(
        "xpress-monthly", entry(1, change="addition"), entry(2, 1, change="removal"), entry(3, change="amendment"),
        occasion=occasion,
    )  # fmt: skip
    months = [[r[f"Elector{m}Month"] for m in ("Created", "Changed", "Deleted")] for r in found]
    assert months == [["2", "0", "0"], ["0", "0", "2"], ["0", "2", "0"]]
    assert [r["ElectorNumber"] for r in found] == ["KD-2/2-1", "KD-2/2-2/1", "KD-2/2-3"]
    assert [(r["RecordCount"], r["RecordTotal"]) for r in found] == [("1", "3"), ("2", "3"), ("3", "3")]
    first = found[0]
    assert (first["PropertyAddressPrefix"], first["PropertyAddressNumber"], first["StreetName"]) == (
        "Flat 2", "10", "Gorse Lane",
    )  # fmt: skip


async def test_a_letter_that_windows_1252_has_not_loses_its_accent_and_nothing_else():
    written = await text("xpress-monthly", entry(name=("Łukasz", "Żółć", "É")))
    assert "Lukasz É" in written
    assert "Zólc" in written


async def test_eros_carries_the_suffix_in_the_number_and_initials_of_middle_names():
    (row,) = await rows("eros-full", entry(12, 1))
    assert (row["PD"], row["ENO"], row["First Names"], row["Initials"]) == ("KD-2/2", "12/1", "Ada", "I")
    assert (row["Title"], row["Postcode"], row["Address 4"]) == ("", "ZZ1 1AA", "Gavelford")


async def test_the_fraud_initiative_gets_the_property_number_and_no_date_of_birth():
    (row,) = await rows("nfi", entry(attains_on=date(2027, 1, 2)))
    assert row["Unique property reference number (UPRN)"] == "100000000012"
    assert row["Date of birth"] == ""


@pytest.mark.parametrize("layout", sorted({layout.name for layout in layouts().values() if layout.file == "csv"}))
async def test_of_an_anonymous_elector_every_layout_shows_number_and_letter_and_nothing_else(layout):
    (row,) = await rows(layout, ANONYMOUS, occasion=Occasion("E07000999", date(2026, 2, 2), 1))
    shown = {value for value in row.values() if value not in ("", "0")}
    assert shown <= {"AB", "900", "N", "AB-900", "E07000999", "1", "2", "02/02/2026"}


async def test_a_spreadsheet_is_not_given_a_formula_and_another_system_gets_the_name_as_it_is():
    dangerous = entry(name=("=HYPERLINK(1)", "-Marsh", ""))
    (shown,) = await rows("register-csv", dangerous)
    assert (shown["Forenames"], shown["Surname"]) == ("'=HYPERLINK(1)", "'-Marsh")
    (read,) = await rows("xpress-full", dangerous)
    assert (read["Elector Forename"], read["Elector Surname"]) == ("=HYPERLINK(1)", "-Marsh")


async def test_a_workbook_holds_texts_only_and_is_the_same_each_time():
    from services.registration.exchange.supply import xlsxfile

    async def made():
        found = parts(entry(name=("=1+1", "http://example.org", "")), entry(13))
        return b"".join([part async for part in xlsxfile.written(newest("register-xlsx"), found, ON)])

    first, second = await made(), await made()
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert re.findall(r"<t[^>]*>(=1\+1|http://example.org)</t>", sheet) == ["http://example.org", "=1+1"]
