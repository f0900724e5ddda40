"""The marks of an entry as days go by: a mark changes when an attainer comes of age, and when the law changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from shared.law import nationalities, provisions
from shared.law.dated import Dated
from shared.law.dates import anniversary
from shared.law.franchise import Facts, Marking, marker
from shared.law.polls import Country
from shared.law.rules import Refused


def marking(facts: Facts, on: date, country: Country = Country.ENGLAND) -> Marking:
    """As `franchise.marker`; of somebody who has lost the franchise and is not removed yet, no letter."""
    try:
        return marker(facts, on, country)
    except Refused:
        return Marking("", "N" if facts.anonymous else "")


def markings(facts: Facts, since: date, country: Country = Country.ENGLAND) -> list[tuple[date, Marking]]:
    """How an entry is marked from `since` on: each marking with the first day that it holds, oldest first. Of days
    before our tables of the law begin (`provisions.SINCE`), nothing."""
    first = max(since, provisions.SINCE)
    found: list[tuple[date, Marking]] = []
    for day in sorted({first, *(day for day in _turns(facts, country) if day > first)}):
        marked = marking(facts, day, country)
        if not found or found[-1][1] != marked:
            found.append((day, marked))
    return found


def _turns(facts: Facts, country: Country) -> Iterator[date]:
    """The days on which this person's marks may change."""
    tables: list[Dated[Any]] = [
        provisions.VOTING_AGE, nationalities.COMMONWEALTH, nationalities.TREATY_STATES, nationalities.RETAINED_RIGHTS,
        nationalities.EU_MARKER, *filter(None, [nationalities.ANY_NATIONALITY.get(country)]),
    ]  # fmt: skip
    for provision in (provision for table in tables for provision in table):
        yield provision.since
        if provision.until is not None:
            yield provision.until + timedelta(days=1)
    if facts.date_of_birth is not None:
        for age in provisions.VOTING_AGE:
            yield anniversary(facts.date_of_birth, age.value)
