"""All that is held of one person, for the person: each record with its facts in order, without other people's data.

What is left out is named, with the reason. [UK GDPR article 15; DPA 2018 Sch 2 para 16]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from shared.eventcore.clock import london_date
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.definition import REGISTRY, Erased
from shared.service.audit_trail import in_words

ANOTHER: Final = "another person's data (DPA 2018 Sch 2 para 16)"
DWP: Final = "what DWP answered: ask the Department for Work and Pensions, whose data it is (RPR 2001 r.29)"

WITHHELD: Final[Mapping[type[Any], Mapping[str, str]]] = {
    r.ObjectionMade: {"objector": ANOTHER, "grounds": ANOTHER},
    r.ObjectionDisallowed: {"objector": ANOTHER},
    r.AttestationReceived: {"attestor": ANOTHER},
    r.ProxyAppointed: {"proxy_id": ANOTHER, "attested_by": ANOTHER},
    r.ProxyEnded: {"person_id": ANOTHER},
    r.ApplicationFoundDuplicate: {"elector": ANOTHER, "application": ANOTHER},
    r.DwpResultReceived: dict.fromkeys(("verdict", "fields", "deceased", "nino_uses"), DWP),
    r.ApplicationHeld: {"reason": DWP},
    r.ApplicationReleased: {"reason": DWP},
}
"""Fields that the person is not given, though they stand in the person's own record."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: the day it held, what it was, and what it said."""

    on: str
    what: str
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """One record, such as an application."""

    record: str
    id: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pack:
    sections: tuple[Section, ...]
    withheld: tuple[str, ...]
    """What was left out, and why: once each."""


def pack_of(person: UUID, records: Iterable[tuple[str, list[Recorded[Any]]]]) -> Pack:
    """From the opened histories of the records that concern a person. A fact about another person in one is left out."""
    sections: list[Section] = []
    withheld: set[str] = set()
    for record, events in records:
        lines = [line for e in events if (line := _line(person, e, withheld.add)) is not None]
        if lines:
            sections.append(Section(record, str(events[0].stream_id), lines))
    return Pack(tuple(sections), tuple(sorted(withheld)))


def _line(person: UUID, e: Recorded[Any], leave_out: Callable[[str], None]) -> Line | None:
    kind = REGISTRY.by_wire[e.type]
    what = in_words(kind.name)
    if kind.subject is not None and getattr(e.data, kind.subject) != person:
        leave_out(f"{what}: {ANOTHER}")
        return None
    values = kind.adapter.dump_python(e.data, mode="json")
    hidden = WITHHELD.get(kind.cls, {})
    said: dict[str, Any] = {}
    for name, value in values.items():
        if name in hidden and value:
            leave_out(f"{what}, {name.replace('_', ' ')}: {hidden[name]}")
        elif name not in hidden:
            said[name] = "(erased)" if isinstance(getattr(e.data, name), Erased) else value
    return Line(london_date(e.occurred_at).isoformat(), what, said)


def in_text(value: Any) -> str:
    """A value as it stands on paper."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict():
            return "; ".join(f"{k.replace('_', ' ')}: {t}" for k, v in value.items() if (t := in_text(v)))
        case list():
            return ", ".join(filter(None, map(in_text, value)))
        case _:
            return str(value)
