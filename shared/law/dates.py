"""Birthdays, as the law counts them."""

from __future__ import annotations

from datetime import date


def anniversary(day: date, years: int) -> date:
    """The day `years` years later; for 29 February in a common year, 1 March. An age is attained at its first moment.
    [Family Law Reform Act 1969 s.9; Age of Legal Capacity (Scotland) Act 1991 s.6]"""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
