"""A parish notice board: the smallest context that uses everything of the event core. For the core's own tests and kits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import assert_never
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.deciding import Claim, Decider, Refused, Release, Rule
from shared.eventcore.keys import Keyring
from shared.eventcore.opening import Opener
from shared.eventcore.projection import ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.eventcore.sealing import SubjectKeys
from shared.events.core import SubjectErased
from shared.events.definition import REGISTRY, Personal, Registry, event, known

TOYS = Registry()
TOYS.by_wire.update({wire: kind for wire, kind in REGISTRY.by_wire.items() if kind.context == "core"})
TOYS.by_class.update({kind.cls: kind for kind in TOYS.by_wire.values()})


@event("toys.notice-pinned.v1", subject="author", effective="pinned_on", registry=TOYS)
class NoticePinned:
    author: UUID
    words: Personal[str]
    place: str
    pinned_on: date


@event("toys.notice-initialled.v1", registry=TOYS)
class NoticeInitialled:
    by: str


@event("toys.notice-taken-down.v1", registry=TOYS)
class NoticeTakenDown:
    place: str


@dataclass(frozen=True)
class Pin:
    author: UUID
    words: str
    place: str
    on: date


@dataclass(frozen=True)
class Initial:
    by: str


@dataclass(frozen=True)
class TakeDown:
    pass


@dataclass(frozen=True)
class Notice:
    place: str = ""
    initials: int = 0
    words: str | None = None


PLACE_TAKEN = Rule("place-taken", "Another notice hangs there.", "Parish standing order 1", "Choose another place.")
NOT_PINNED = Rule("not-pinned", "No notice hangs there.", "Parish standing order 2")

Event = NoticePinned | NoticeInitialled | NoticeTakenDown
Command = Pin | Initial | TakeDown


def decide(command: Command, notice: Notice) -> list[Event]:
    match command:
        case Pin(author, words, place, day):
            return [] if notice.place else [NoticePinned(author, words, place, day)]
        case Initial(by):
            if not notice.place:
                raise Refused(NOT_PINNED)
            return [NoticeInitialled(by)]
        case TakeDown():
            if not notice.place:
                raise Refused(NOT_PINNED)
            return [NoticeTakenDown(notice.place)]
        case _:
            assert_never(command)


def evolve(notice: Notice, happened: Event) -> Notice:
    match happened:
        case NoticePinned():
            return Notice(happened.place, 0, known(happened.words))
        case NoticeInitialled():
            return Notice(notice.place, notice.initials + 1, notice.words)
        case NoticeTakenDown():
            return Notice()
        case _:
            assert_never(happened)


def boundary(happened: Event) -> list[Claim | Release]:
    match happened:
        case NoticePinned():
            return [Claim(f"place:{happened.place}", PLACE_TAKEN)]
        case NoticeTakenDown():
            return [Release(f"place:{happened.place}")]
        case _:
            return []


notices: Decider[Command, Notice, Event] = Decider(
    "notice", Notice(), decide, evolve, boundary, snapshot_every=10, state=Notice
)


def toy_opener(keys: Path) -> Opener:
    """Of a key directory; importable, as a `Crew` wants it."""
    return Opener(SubjectKeys(Keyring.load(keys)), TOYS)


class BoardRow(ViewTable):
    __tablename__ = "notice"
    stream_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text)
    author: Mapped[UUID | None]
    initials: Mapped[int] = mapped_column(default=0)


class PlaceCount(ViewTable):
    __tablename__ = "place_count"
    authority: Mapped[str] = mapped_column(Text, primary_key=True)
    pinned: Mapped[int] = mapped_column(default=0)


@projection("board", version=1, tables=[BoardRow, PlaceCount], registry=TOYS)
class Board:
    """What hangs where."""

    @on(NoticePinned)
    def pin(self, tx: ViewTransaction, e: Recorded[NoticePinned]) -> None:
        tx.put(
            BoardRow, authority=e.authority, stream_id=e.stream_id, place=e.data.place,
            words=known(e.data.words), author=e.data.author,
        )  # fmt: skip
        tx.increment(PlaceCount, authority=e.authority, pinned=1)

    @on(NoticeInitialled)
    def initial(self, tx: ViewTransaction, e: Recorded[NoticeInitialled]) -> None:
        if e.data.by == "poison":
            raise ValueError("this handler cannot apply poison")
        tx.increment(BoardRow, stream_id=e.stream_id, authority=e.authority, place="", initials=1)

    @on(NoticeTakenDown)
    def take_down(self, tx: ViewTransaction, e: Recorded[NoticeTakenDown]) -> None:
        tx.remove(BoardRow, stream_id=e.stream_id)
        tx.increment(PlaceCount, authority=e.authority, pinned=-1)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(BoardRow, {"author": e.data.subject_id}, words=None)
