"""One notice of alteration, or the revised register: published on the day the law sets, freezing what was known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import AlterationNoticePublished, RevisedRegisterPublished
from shared.events.values import NoticeId, PollingDistrict
from shared.law.effect import PollAhead
from shared.law.registration import (
    Publication,
    election_notices,
    monthly_notice,
    revised_register,
)

# --------------------------------------------------------------------- rules

WRONG_DAY = Rule(
    "wrong-publication-day",
    "A notice of alteration is published on the day the law sets, and holds from its first moment.",
    "RPA 1983 s.13A, s.13AB, s.13B",
    "Publish it on the day named.",
    invalid=True,
)
POLL_NEEDED = Rule(
    "poll-needed", "An election notice belongs to a poll.", "RPA 1983 s.13AB, s.13B", "Name the poll.", invalid=True
)
AREA_NEEDED = Rule(
    "area-needed",
    "An election notice takes only addresses in the polling area.",
    "RPA 1983 s.13AB(3), s.13B(3)",
    "Name the polling districts of the poll.",
    invalid=True,
)
ALREADY_PUBLISHED = Rule(
    "already-published",
    "This notice was published with another content; a published notice does not change.",
    "RPA 1983 s.13A",
    "Put what is new into the next notice.",
)
POSITIONS_NEEDED = Rule(
    "positions-needed",
    "A publication freezes one position for each of the 64 shards.",
    "Event core: docs/adr/0001",
    "Read the positions, then publish.",
    invalid=True,
)

NO_INTERIM_NOTICE = Rule(
    "no-interim-notice",
    "This kind of poll has no nominations, so no interim notice falls due.",
    "RPA 1983 s.13AB",
    "Publish the final notice on its day.",
    invalid=True,
)

AlterationKind = Literal["monthly", "interim-1", "interim-2", "final"]
SHARDS = 64

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class Contents:
    """What is published: the frozen positions, the counts, and the hash of the printed text."""

    positions: tuple[int, ...]
    content_sha256: str
    additions: int = 0
    removals: int = 0
    amendments: int = 0
    electors: int = 0
    """In a revised register: all of them."""


@dataclass(frozen=True, slots=True)
class PublishNotice:
    """A monthly or an election notice. `poll` and `areas` (its polling districts) belong to an election notice."""

    notice_id: NoticeId
    kind: AlterationKind
    published_on: date
    contents: Contents
    poll: PollAhead | None = None
    areas: tuple[PollingDistrict, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishRevisedRegister:
    """`canvass`: the year of the canvass; `polls`: elections in the area that year, one of which may postpone it."""

    notice_id: NoticeId
    canvass: int
    published_on: date
    contents: Contents
    polls: tuple[date, ...] = ()


Command = PublishNotice | PublishRevisedRegister
Event = AlterationNoticePublished | RevisedRegisterPublished

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Unpublished:
    pass


@dataclass(frozen=True, slots=True)
class Published:
    content_sha256: str


Notice = Unpublished | Published


def decide(command: Command, notice: Notice) -> Sequence[Event]:
    contents = command.contents
    if isinstance(notice, Published):
        if contents.content_sha256 == notice.content_sha256:
            return []
        raise Refused(ALREADY_PUBLISHED)
    if len(contents.positions) != SHARDS:
        raise Refused(POSITIONS_NEEDED)
    match command:
        case PublishNotice(identity, kind, on, _, poll, areas):
            due = due_publication(kind, on, poll)
            if due.publish != on:
                raise Refused(WRONG_DAY, f"That is {due.publish:%-d %B %Y}.")
            if poll is not None and not areas:
                raise Refused(AREA_NEEDED)
            return [
                AlterationNoticePublished(
                    notice_id=identity,
                    kind=kind,
                    published_on=on,
                    determined_until=due.determine_by,
                    positions=contents.positions,
                    additions=contents.additions,
                    removals=contents.removals,
                    amendments=contents.amendments,
                    content_sha256=contents.content_sha256,
                    poll=poll.polling_day if poll else None,
                    areas=areas,
                )
            ]
        case PublishRevisedRegister(identity, canvass, on, _, polls):
            register = revised_register(canvass, on, polls=polls)
            postponed = on > revised_register(canvass).publish
            return [
                RevisedRegisterPublished(
                    notice_id=identity,
                    published_on=on,
                    determined_until=register.determine_by,
                    positions=contents.positions,
                    electors=contents.electors,
                    content_sha256=contents.content_sha256,
                    postponed_for_poll=max(polls) if postponed else None,
                )
            ]
        case _:
            assert_never(command)


def due_publication(kind: AlterationKind, on: date, poll: PollAhead | None) -> Publication:
    """The publication of this kind that the law sets for that month or poll."""
    if kind == "monthly":
        return monthly_notice(on.year, on.month)
    if poll is None:
        raise Refused(POLL_NEEDED)
    notices = election_notices(poll.poll_type, poll.polling_day)
    match kind:
        case "interim-1":
            if notices.first_interim is None:
                raise Refused(NO_INTERIM_NOTICE)
            return notices.first_interim
        case "interim-2":
            return notices.second_interim(on)
        case "final":
            return notices.final
        case _:
            assert_never(kind)


def evolve(_notice: Notice, event: Event) -> Notice:
    match event:
        case AlterationNoticePublished() | RevisedRegisterPublished():
            return Published(event.content_sha256)
        case _:
            assert_never(event)


notices: Decider[Command, Notice, Event] = Decider("notice", Unpublished(), decide, evolve)
