"""All that is held of one person, for the person: each record with its facts in order, without other people's data.

What is left out is named, with the reason. [UK GDPR article 15; DPA 2018 Sch 2 para 16]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import orjson

from shared.eventcore.clock import london_date
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.definition import REGISTRY, Erased
from shared.events.registration import LeftOut
from shared.law.subject_rights import EXEMPTIONS
from shared.service.audit_trail import in_words

ANOTHER: Final = "another person's data (DPA 2018 Sch 2 para 16)"
DWP: Final = "what DWP answered: ask the Department for Work and Pensions, whose data it is (RPR 2001 r.29)"

WITHHELD: Final[Mapping[type[Any], Mapping[str, str]]] = {
    r.ObjectionMade: {"objector": ANOTHER, "grounds": ANOTHER},
    r.ObjectionDisallowed: {"objector": ANOTHER},
    r.HearingCalled: {"objectors": ANOTHER},
    r.AttestationReceived: {"attestor": ANOTHER},
    r.SignatureWaived: {"helped_by": ANOTHER},
    r.ProxyAppointed: {"proxy_id": ANOTHER, "attested_by": ANOTHER},
    r.ProxyNamed: dict.fromkeys(("elector_id", "limits", "domestic", "close_relative"), ANOTHER),
    r.ProxyEnded: {"person_id": ANOTHER, "elector_id": ANOTHER},
    r.PostalProxyGranted: {"elector_id": ANOTHER},
    r.PostalProxyEnded: {"proxy_id": ANOTHER, "elector_id": ANOTHER},
    r.ApplicationFoundDuplicate: {"elector": ANOTHER, "application": ANOTHER},
    r.DwpResultReceived: dict.fromkeys(("verdict", "fields", "deceased", "nino_uses"), DWP),
    r.ApplicationHeld: {"reason": DWP},
    r.ApplicationReleased: {"reason": DWP},
}
"""Fields that the person is not given, though they stand in a record that concerns them; their own id they are."""


@dataclass(frozen=True, slots=True)
class Record:
    """One stream that concerns the person, opened. `own`: it is about them; else they are named in another's, as a proxy is."""

    what: str
    own: bool
    events: list[Recorded[Any]]
    named: frozenset[UUID] = frozenset()
    """Further ids that the person has in it, such as that of an entry."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: its number in the record, the day it held, what it was, and what it said. `picture`: of a signature, PNG in base64."""

    version: int
    on: str
    what: str
    said: dict[str, Any]
    picture: str = ""


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

    @property
    def facts(self) -> int:
        return sum(len(section.lines) for section in self.sections)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over its canonical JSON: two officers speak of one pack."""
        return sha256(orjson.dumps(self, option=orjson.OPT_SORT_KEYS)).hexdigest()


def pack_of(
    person: UUID,
    records: Iterable[Record],
    exempt: Iterable[LeftOut] = (),
    pictures: Mapping[UUID, str] = MappingProxyType({}),
) -> Pack:
    """What the records tell of the person. A fact about another person in one is left out, and what an officer found `exempt`.
    `pictures`: of their signatures, by the id under which a fact names them."""
    kept = {(fact.record, fact.version): fact.exemption for fact in exempt}
    sections: list[Section] = []
    withheld: set[str] = set()
    for record in records:
        lines = []
        for e in record.events:
            if exemption := kept.get((e.stream_id, e.version)):
                reason = EXEMPTIONS[exemption]
                withheld.add(f"{in_words(REGISTRY.by_wire[e.type].name)}: {reason.what} ({reason.source})")
            elif (line := _line(person, record, e, withheld.add)) is not None:
                signature = e.data.image_id if isinstance(e.data, r.IdentifiersRecorded) else None
                lines.append(replace(line, picture=pictures.get(signature, "")) if signature else line)
        if lines:
            sections.append(Section(record.what, str(record.events[0].stream_id), lines))
    return Pack(tuple(sections), tuple(sorted(withheld)))


def _line(person: UUID, record: Record, e: Recorded[Any], leave_out: Callable[[str], None]) -> Line | None:
    kind = REGISTRY.by_wire[e.type]
    what = in_words(kind.name)
    values = kind.adapter.dump_python(e.data, mode="json")
    if not _concerns(person, record, kind.subject, values):
        leave_out(f"{what}: {ANOTHER}")
        return None
    hidden = WITHHELD.get(kind.cls, {})
    said: dict[str, Any] = {}
    for name, value in values.items():
        if name in hidden and not _theirs(value, person, record, name):
            if value:
                leave_out(f"{what}, {name.replace('_', ' ')}: {hidden[name]}")
        else:
            said[name] = "(erased)" if isinstance(getattr(e.data, name), Erased) else value
    return Line(e.version, london_date(e.occurred_at).isoformat(), what, said)


def _concerns(person: UUID, record: Record, subject: str | None, values: Mapping[str, Any]) -> bool:
    """A fact of which no person is the subject is told in the person's own record; in another's, only if it names them."""
    theirs = {str(one) for one in (person, *record.named)}
    if subject is not None:
        return values[subject] in theirs
    return record.own or any(isinstance(value, str) and value in theirs for value in values.values())


def _theirs(value: Any, person: UUID, record: Record, name: str) -> bool:
    """Their own id, or that of the entry whose record this is."""
    return value == str(person) or (record.own and name == "elector_id")


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
