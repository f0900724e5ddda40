"""From the facts about a person as events record them to the facts that the franchise is derived from."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from shared.law.franchise import AgeBand, Facts


class RecordedFacts(Protocol):
    """What events say of a person; `shared.events.values.FranchiseFacts` fits."""

    @property
    def date_of_birth(self) -> date | None: ...
    @property
    def age_band(self) -> str: ...
    @property
    def nationalities(self) -> tuple[str, ...]: ...
    @property
    def has_leave(self) -> bool: ...
    @property
    def resident_since(self) -> date | None: ...
    @property
    def sitting_peer(self) -> bool: ...
    @property
    def legal_incapacity(self) -> bool: ...
    @property
    def category(self) -> str: ...


def facts_of(recorded: RecordedFacts, *, anonymous: bool = False) -> Facts:
    """The person as `franchise.entitlement`, `marker` and `eligible` want to know them."""
    return Facts(
        nationalities=frozenset(recorded.nationalities),
        date_of_birth=recorded.date_of_birth,
        age_band=age_band(recorded.age_band),
        has_leave=recorded.has_leave,
        resident_since=recorded.resident_since,
        overseas=recorded.category == "overseas",
        sitting_peer=recorded.sitting_peer,
        anonymous=anonymous,
        legal_incapacity=recorded.legal_incapacity,
    )


def age_band(answer: str) -> AgeBand | None:
    """The band behind a form's answer, whose spelling differs between forms (`18-75`, `18to75`, `over 75`, `76+`)."""
    words = answer.lower().replace(" ", "").replace("to", "-")
    if words.startswith("under"):
        return AgeBand.UNDER_18
    if words.startswith("18-"):
        return AgeBand.FROM_18_TO_75
    return AgeBand.OVER_75 if words.startswith(("over", "7")) else None
