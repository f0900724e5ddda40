"""What is published of the register: notices of alteration and the revised register."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.events.definition import event
from shared.events.values import (
    NoticeId,
    PollingDistrict,
)

NoticeKind = Literal["monthly", "interim-1", "interim-2", "final", "revised-register"]


@event("registration.alteration-notice-published.v1", effective="published_on")
class AlterationNoticePublished:
    """A notice of alteration is published and takes effect at the start of that day.

    It freezes what was known: `positions[s]` is the last position of shard `s` that it takes into account (64 of them).
    `areas` limits an election notice to the polling districts of that poll; empty means the whole register."""

    notice_id: NoticeId
    kind: NoticeKind
    published_on: date
    determined_until: date
    positions: tuple[int, ...]
    additions: int
    removals: int
    amendments: int
    content_sha256: str
    poll: date | None = None
    areas: tuple[PollingDistrict, ...] = ()


@event("registration.revised-register-published.v1", effective="published_on")
class RevisedRegisterPublished:
    """The register was revised and published; all electors are renumbered, attestations count afresh."""

    notice_id: NoticeId
    published_on: date
    determined_until: date
    positions: tuple[int, ...]
    electors: int
    content_sha256: str
    postponed_for_poll: date | None = None
