"""The numbering of a revised register: every entry gets its number anew, in the order of the register."""

from __future__ import annotations

from datetime import date

from shared.events.definition import event


@event("registration.renumbering-begun.v1", effective="publish_on")
class RenumberingBegun:
    """The register to be published on `publish_on` is numbered by its order as known at these positions (one for each of the
    64 shards), so that a run that was broken off goes on with the same numbers. Each new number is an `ElectorRenumbered`."""

    publish_on: date
    positions: tuple[int, ...]
    electors: int


@event("registration.renumbering-completed.v1", effective="publish_on")
class RenumberingCompleted:
    """Every entry has its number for that register. `moved_up`: entries whose place in the order was taken meanwhile; they
    follow at the end of their district."""

    publish_on: date
    renumbered: int
    moved_up: int
