"""Shortcuts of the rooms."""

from __future__ import annotations

from collections import Counter

from desk.main import ROOMS


def test_no_two_pages_have_the_same_shortcut():
    taken = Counter(link.keys for room in ROOMS for link in room.links if link.keys)
    assert [keys for keys, times in taken.items() if times > 1] == []
