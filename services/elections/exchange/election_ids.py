"""Election ids: Democracy Club's, built and validated with their library, and our own where their scheme has no type.

Theirs are `type[.subtype][.organisation][.division][.by].date`. Parish elections and polls, recall petitions, BIDs,
neighbourhood and national referendums are not in the scheme (a `ref` id cannot tell two of a day apart); theirs have the
same shape in a namespace of ours, `x-`, that no type of theirs can ever be in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from uk_election_ids.election_ids import IdBuilder, validate
from uk_election_ids.slugger import slugify

from shared.events.elections import ElectoralArea, IdScheme, Organisation
from shared.law.rules import Refused, Rule
from shared.law.voting_systems import PollKind

ID_IMPOSSIBLE: Final = Rule(
    "election-id-impossible",
    "No election id can be made of these names.",
    "Democracy Club reference definition of election ids",
    "Give the organisation its short name, and each area a name with letters or digits.",
    invalid=True,
)
ID_TYPES: Final = {
    PollKind.PARLIAMENTARY: ("parl", None),
    PollKind.LOCAL: ("local", None),
    PollKind.PCC: ("pcc", None),
    PollKind.CA_MAYOR: ("mayor", None),
    PollKind.LA_MAYOR: ("mayor", None),
    PollKind.LONDON_MAYOR: ("mayor", None),
    PollKind.LONDON_CONSTITUENCY: ("gla", "c"),
    PollKind.LONDON_LIST: ("gla", "a"),
    PollKind.GOVERNANCE_REFERENDUM: ("ref", None),
    PollKind.COUNCIL_TAX_REFERENDUM: ("ref", None),
}
"""Type and subtype in Democracy Club's scheme."""
OUR_PREFIX: Final = "x-"


@dataclass(frozen=True, slots=True)
class ElectionIds:
    """The ids of one ballot: `groups` from the widest to the narrowest, `ballot` its own."""

    scheme: IdScheme
    groups: tuple[str, ...]
    ballot: str


def election_ids(
    kind: PollKind, polling_day: date, organisation: Organisation, area: ElectoralArea, *, by_election: bool = False
) -> ElectionIds:
    """The ids of the ballot of `area`. Raises `Refused` (`election-id-impossible`) when the names leave nothing to use."""
    if kind in ID_TYPES:
        return _democracy_club(kind, polling_day, organisation, area, by_election)
    parts = [OUR_PREFIX + kind.value, slugify(organisation.slug)]
    whole = area.kind == "authority"
    ballot = [
        *parts,
        *([] if whole else [slugify(area.name)]),
        *(["by"] if by_election else []),
        polling_day.isoformat(),
    ]
    if not all(ballot):
        raise Refused(ID_IMPOSSIBLE)
    groups = (f"{parts[0]}.{polling_day}", f"{'.'.join(parts)}.{polling_day}")
    return ElectionIds("moothall", tuple(g for g in groups if g != ".".join(ballot)), ".".join(ballot))


def _democracy_club(
    kind: PollKind, polling_day: date, organisation: Organisation, area: ElectoralArea, by_election: bool
) -> ElectionIds:
    election_type, subtype = ID_TYPES[kind]
    try:
        builder = IdBuilder(election_type, polling_day)
        if subtype:
            builder.with_subtype(subtype)
        if builder.spec.can_have_orgs:
            builder.with_organisation("london" if kind is PollKind.LONDON_MAYOR else organisation.slug)
        if builder._can_have_divs:
            builder.with_division(area.name)
        if by_election and election_type != "ref":
            builder.with_contest_type("by")
        ballot, groups = builder.ballot_id, builder.ids
    except ValueError as problem:
        raise Refused(ID_IMPOSSIBLE) from problem
    if not validate(ballot):
        raise Refused(ID_IMPOSSIBLE)
    return ElectionIds("democracy-club", tuple(g for g in groups if g != ballot), ballot)
