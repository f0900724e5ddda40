"""Officers read what a property is, not its code alone."""

from __future__ import annotations

import pytest

from desk.areas import Areas
from desk.classes import property_class


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("RD04", "Terraced house (RD04)"),
        ("CR08", "Retail (CR08)"),
        ("RI02NC", "Lodgings that are no business (RI02NC)"),
        ("Y9", "Y9"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_class_is_said_in_words_by_what_it_is_part_of(code: str | None, said: str):
    assert property_class(code) == said


def test_an_area_is_called_by_its_name_or_else_by_its_code():
    areas = Areas({"ward": {"E05000002": "Gorse", "E05000001": "Fell"}, "parish": {}})
    assert [areas("E05000002"), areas("E05000009"), areas(None)] == ["Gorse", "E05000009", ""]
    assert areas.of("ward") == [("E05000001", "Fell"), ("E05000002", "Gorse")]
    assert areas.of("constituency") == []
