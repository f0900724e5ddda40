"""What happens when two records may be of one person: suspected, looked at, merged; and a merge undone."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID, uuid5

from shared.events.definition import event
from shared.events.values import ApplicationId, ElectorId, PersonId, SuspicionId

Looked = Literal["application", "register-run", "officer"]
"""What brought the two together: an application just made, a look at the whole register, an officer."""
NotDuplicate = Literal["different-people", "two-residences", "relatives"]
"""Why two records stay two. `two-residences`: one person who truly lives at both, e.g. a student (RPA 1983 s.5)."""


def suspicion_id(one: UUID, other: UUID) -> SuspicionId:
    """The stream of what is suspected of two records, in whatever order they are named."""
    low, high = sorted((one, other))
    return SuspicionId(uuid5(low, f"duplicate:{high}"))


@event("registration.duplicate-suspected.v1", effective="found_on")
class DuplicateSuspected:
    """Two records, entries or applications, are likely of one person. `reasons` are names of what agrees and what not."""

    suspicion_id: SuspicionId
    electors: tuple[ElectorId, ...]
    applications: tuple[ApplicationId, ...]
    score: int
    """Of 100."""
    reasons: tuple[str, ...]
    found_on: date
    looked: Looked


@event("registration.duplicate-dismissed.v1", effective="dismissed_on")
class DuplicateDismissed:
    """An officer looked at the two records, and they stay two."""

    suspicion_id: SuspicionId
    dismissed_on: date
    because: NotDuplicate


@event("registration.duplicate-confirmed.v1", effective="confirmed_on")
class DuplicateConfirmed:
    """An officer found that the two records are of one person. Another officer merges two entries; an application
    becomes a duplicate of the entry, unless it is a mover's."""

    suspicion_id: SuspicionId
    confirmed_on: date
    electors: tuple[ElectorId, ...]
    applications: tuple[ApplicationId, ...]
    confirmed_by: str
    moved: bool = False
    """The applicant left the address of the entry: the application goes on, and the entry goes when it is allowed."""


@event("registration.electors-merged.v1", effective="merged_on")
class ElectorsMerged:
    """This record is one with `into` from now on: its id leads there. Its own history stays in its own stream."""

    elector_id: ElectorId
    person_id: PersonId
    into: ElectorId
    merged_on: date
    asked_by: str
    """Who found that the two are one; another officer merged them."""
    entry_ended: bool = False
    """The merge took an entry off the register: see the `ElectorRemoved` before it."""


@event("registration.merge-undone.v1", effective="undone_on")
class MergeUndone:
    """The two records were of two people after all: this one stands for itself again, and its entry with it."""

    elector_id: ElectorId
    person_id: PersonId
    was_into: ElectorId
    undone_on: date
    reason: str = ""
    """A rule or code, no free text."""
    entry_restored: bool = False
    """An `ElectorAdded` with `reinstated` follows."""
