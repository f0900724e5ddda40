"""An agenda as it was published: read from the meeting's events up to its publication, so that a pack never changes.

The public pack is made of public titles only: what an exempt item is about is not hidden in it but absent. The
restricted pack holds the part 2 items alone, each page marked. PDF by Typst: tagged (PDF/UA-1), with bookmarks, from the
fonts it brings along; what officers wrote reaches it as data and is never read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.events.committees import (
    AgendaItemAdded,
    AgendaItemWithdrawn,
    AgendaPublished,
    MeetingMoved,
    MeetingScheduled,
    RoomBooked,
    RoomReleased,
)
from shared.events.definition import known
from shared.events.values_committees import Sitting
from shared.service.printing import typeset

TEMPLATES: Final = Path(__file__).parent / "templates"


class NotPublished(LookupError):
    """No such pack of this meeting was published, or it holds nothing for this reader."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item. `number` is empty for a heading, `depth` its level below the title's 1; `exempt`: why the public may, or
    must, be excluded."""

    number: str
    title: str
    exempt: str = ""
    urgency: str = ""
    for_decision: bool = False
    depth: int = 2


@dataclass(frozen=True, slots=True)
class Pack:
    """`supplement` 0 is the agenda itself. `published` is the day in London."""

    committee: str
    sitting: Sitting
    place: str
    supplement: int
    published: date
    lines: tuple[Line, ...]
    restricted: bool = False

    @property
    def title(self) -> str:
        kind = f"Supplementary agenda {self.supplement}" if self.supplement else "Agenda"
        return f"{kind}: {self.committee}, {long_date(self.sitting.day)}"


def pack_of(history: Iterable[Any], number: int, *, restricted: bool = False) -> Pack:
    """Pack `number` (1: the agenda) from the events of a meeting. Raises `NotPublished`."""
    committee, venue, room = "", "", ""
    sitting: Sitting | None = None
    items: dict[Any, Line] = {}
    published: set[Any] = set()
    for event in history:
        match event:
            case MeetingScheduled():
                committee, venue, sitting = event.committee_title, event.venue, event.sitting
            case MeetingMoved():
                sitting = event.sitting
            case RoomBooked():
                room = event.booking.name
            case RoomReleased():
                room = ""
            case AgendaItemAdded():
                items[event.item_id] = line_of(event, restricted=restricted)
            case AgendaItemWithdrawn() if event.item_id not in published:
                items.pop(event.item_id, None)  # leaves no gap; of a published item the number stays taken
            case AgendaPublished() if event.pack == number and sitting is not None:
                wanted = [line for identity, line in numbered(items).items() if identity in event.items]
                lines = tuple(line for line in wanted if line.exempt) if restricted else tuple(wanted)
                if not lines:
                    break
                place = ", ".join(part for part in (room, venue) if part)
                day = event.published_at.astimezone(sitting.starts_at.tzinfo).date()
                return Pack(committee, sitting, place, number - 1, day, indented(lines), restricted)
            case AgendaPublished():
                published.update(event.items)
            case _:
                pass
    raise NotPublished(number)


def line_of(item: AgendaItemAdded, *, restricted: bool) -> Line:
    title = (known(item.full_title) or item.title) if restricted and item.part == 2 else item.title
    return Line("heading" if item.heading else "", title, exemption(item), item.urgency, item.for_decision)


def numbered(items: dict[Any, Line]) -> dict[Any, Line]:
    count, placed = 0, {}
    for identity, line in items.items():
        heading = line.number == "heading"
        count += not heading
        placed[identity] = replace(line, number="" if heading else str(count))
    return placed


def indented(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Items stand below the heading before them; a reader of the outline never meets a level that was skipped."""
    below, made = False, []
    for line in lines:
        below = below or not line.number
        made.append(replace(line, depth=3 if below and line.number else 2))
    return tuple(made)


def exemption(item: AgendaItemAdded) -> str:
    """The ground in the words of the Act; empty for an item that is open. [LGA 1972 s.100A, Sch 12A]"""
    if item.part == 1:
        return ""
    if item.confidential:
        return (
            "The public must be excluded from this item, because confidential information would be disclosed "
            "(Local Government Act 1972, section 100A(2))."
        )
    numbers = " and ".join(map(str, sorted(item.paragraphs)))
    paragraphs = f"paragraph{'s' if len(item.paragraphs) > 1 else ''} {numbers}"
    return (
        "The public may be excluded from this item by resolution, because exempt information would be disclosed "
        f"(Local Government Act 1972, section 100A(4); Schedule 12A, {paragraphs}). {item.public_interest_reason}"
    ).strip()


def html(pack: Pack) -> str:
    return _HTML.get_template("agenda.html").render(pack=pack)


def pdf(pack: Pack) -> bytes:
    """As PDF/UA-1. Call it in a thread. Raises `Problem`."""
    told = {
        "title": pack.title, "committee": pack.committee, "restricted": pack.restricted, "place": pack.place,
        "when": f"{long_date(pack.sitting.day)}, {clock(pack.sitting.starts)}", "published": long_date(pack.published),
        "lines": [asdict(line) for line in pack.lines],
    }  # fmt: skip
    return typeset(TEMPLATES / "agenda.typ", "pack", told)


def long_date(day: date) -> str:
    return f"{day:%A %-d %B %Y}"


def clock(at: time | datetime) -> str:
    """`7pm`, `9:30am`, `noon`: as GOV.UK writes times."""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    return f"{at:%-I}{f':{at:%M}' if at.minute else ''}{at:%p}".replace("AM", "am").replace("PM", "pm")


_HTML: Final = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_HTML.filters.update(long_date=long_date, clock=clock)
