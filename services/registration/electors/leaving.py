"""How an entry leaves the register, and how it may come back: removed, merged into another record, reinstated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from services.registration.electors.commands import (
    Command,
    MergeElector,
    ReinstateElector,
    RemoveElector,
    RenumberElector,
    UndoMerge,
)
from services.registration.electors.entry import Elector, Merged, OffRegister, OnRegister, effect_of, votes_in
from shared.eventcore.deciding import Refused
from shared.events.registration import ElectorAdded, ElectorRemoved, ElectorRenumbered, ElectorsMerged, MergeUndone
from shared.events.values import ElectorNumber
from shared.law import electors as law
from shared.law.effect import Programme


def remove(command: RemoveElector, elector: OnRegister) -> ElectorRemoved:
    """Raises `Refused` unless the ground stands."""
    justify(command, elector)
    return removed(command, elector)


def removed(command: RemoveElector, elector: OnRegister) -> ElectorRemoved:
    added, on = elector.added, command.determined_on
    effect = effect_of(on, elector, command.programme)
    if elector.name is None:
        raise Refused(law.NOT_ON_REGISTER, "This person's data was erased.")
    return ElectorRemoved(
        elector_id=added.elector_id,
        person_id=added.person_id,
        name=elector.name,
        date_of_birth=elector.birth,
        property_id=elector.home,
        ground=command.ground,
        effective_on=effect.on,
        determined_on=on,
        notice=effect.notice,
        sources=command.sources,
        reason=command.reason,
    )


def justify(command: RemoveElector, elector: OnRegister) -> None:
    """Raises `Refused` unless the ground for removal stands. [RPA 1983 s.10ZE; RPR 2001 r.31C]"""
    sources = [law.Source(s.kind, s.origin, s.written_note, s.denies) for s in command.sources]
    match command.ground:
        case "two-sources":
            law.check_two_sources(sources)
        case "satisfied-of-death":
            law.check_report_of_death(sources)
        case "death-certificate" | "registrar-notice":
            law.check_document(command.ground, sources)
        case "registered-elsewhere" | "moved-within-area":
            law.check_allowed_elsewhere(sources)
        case "review":
            if not elector.found_not_entitled:
                raise Refused(law.REVIEW_NOT_CONCLUDED)
        case "expired":
            if elector.ends_on is None or command.determined_on < elector.ends_on:
                raise Refused(law.NOT_EXPIRED)
        case "duplicate-entry":
            if not command.reason.strip():
                raise Refused(law.REASON_NEEDED)
        case _:
            assert_never(command.ground)


# -------------------------------------------------------------------- merging


def merge(command: MergeElector, elector: OnRegister | OffRegister) -> Sequence[ElectorRemoved | ElectorsMerged]:
    """This record becomes one with another. An entry that stands ends by it, with the next notice."""
    added = (elector if isinstance(elector, OnRegister) else elector.last).added
    if command.into == added.elector_id:
        raise Refused(law.NOT_ONE_PERSON)
    if command.asked_by == command.officer:
        raise Refused(law.MERGE_NEEDS_TWO)
    stands = isinstance(elector, OnRegister)
    merged = ElectorsMerged(
        added.elector_id, added.person_id, command.into, command.merged_on, command.asked_by, stands
    )
    if not isinstance(elector, OnRegister):
        return [merged]
    ending = RemoveElector("duplicate-entry", command.merged_on, (), "merged", command.programme)
    return [removed(ending, elector), merged]


def merging(elector: Elector, event: ElectorsMerged | MergeUndone) -> Merged | OffRegister:
    match event, elector:
        case ElectorsMerged(into=into, entry_ended=ended), OffRegister():
            return Merged(into, elector, ended)
        case MergeUndone(), Merged(was=was):
            return was
        case _:
            raise ValueError("an ended record is merged, and a merged one set free")


def undo(command: Command, elector: Merged) -> Sequence[MergeUndone | ElectorAdded]:
    match command:
        case MergeElector(into=into) if into == elector.into:
            return []
        case RemoveElector():
            return []  # its entry has ended
        case UndoMerge(on, reason, programme):
            last = elector.was.last
            undone = MergeUndone(
                last.added.elector_id, last.added.person_id, elector.into, on, reason, elector.entry_ended
            )
            if not elector.entry_ended:
                return [undone]
            return [undone, reinstated(elector.was, on, programme)]
        case _:
            raise Refused(law.MERGED)


# ---------------------------------------------------------------- coming back


Afterwards = ElectorAdded | ElectorRemoved | ElectorRenumbered | ElectorsMerged
"""What may still happen to an entry whose end was decided."""


def return_or_merge(command: Command, elector: OffRegister) -> Sequence[Afterwards]:
    match command:
        case RemoveElector():
            return []
        case MergeElector():
            return merge(command, elector)
        case ReinstateElector(on, at_once, programme):
            return [reinstated(elector, on, programme, at_once=at_once)]
        case RenumberElector(number, numbered_in, on) if on < elector.removed_on:
            return renumbered(elector, number, numbered_in, on)
        case UndoMerge():
            raise Refused(law.NOT_MERGED)
        case _:
            raise Refused(law.NOT_ON_REGISTER)


def renumbered(elector: OffRegister, number: ElectorNumber, numbered_in: date, on: date) -> Sequence[ElectorRenumbered]:
    """An entry that is to end by a later notice still stands in the register that is published before it."""
    last = elector.last
    if (number, numbered_in) == (last.number, last.numbered_in):
        return []
    return [ElectorRenumbered(last.added.elector_id, number, last.number, numbered_in, on)]


def reinstated(elector: OffRegister, on: date, programme: Programme, *, at_once: bool = False) -> ElectorAdded:
    """The entry as it last stood. One whose end has not come about yet goes on without a gap."""
    last = elector.last
    if last.name is None or last.franchise is None:
        raise Refused(law.NEVER_ON_REGISTER_HERE)
    added, effect, no_gap = last.added, effect_of(on, last, programme), on < elector.removed_on
    start = elector.removed_on if no_gap else on if at_once else effect.on
    return ElectorAdded(
        elector_id=added.elector_id,
        person_id=added.person_id,
        name=last.name,
        franchise=last.franchise,
        property_id=last.home,
        number=last.number,
        numbered_in=last.numbered_in,
        effective_on=start,
        notice=effect.notice,
        opted_out=last.opted_out,
        anonymous=added.anonymous,
        ends_on=last.ends_on,
        application_id=added.application_id,
        contact=last.contact if last.contact is not None else added.contact,
        votes_in=votes_in(last.franchise, start),
        reinstated=True,
        in_force_since=(added.in_force_since or added.effective_on) if no_gap else None,
    )
