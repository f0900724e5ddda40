"""The annual canvass: which route a property takes, whom to contact next and by when, how long things may take.

[RPA 1983 s.9D; RPR 2001 r.32ZA-32ZBG as inserted by SI 2019/1451; EC guidance on the annual canvass]
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from shared.law.dated import Dated, Provision
from shared.law.rules import Refused, Rule
from shared.law.working_days import Nation, calendar

Route = Literal[1, 2, 3]
ContactKind = Literal["cca", "ccb", "form", "e-communication", "phone", "visit", "responsible-person"]
"""Canvass communication A (no reply needed) or B, canvass form, e-mail or text, call, visit, letter to who answers for all."""
Ground = Literal["care-home", "hmo", "student-block", "hostel", "not-single-household", "undeliverable"]
"""Why a property is one of those that r.32ZBF lets an officer canvass through a responsible person."""
Doubt = Literal["potential-elector", "returned-mail", "other-registration-officer"]
"""What gives reason to expect a change although every elector matched."""

SINCE: Final = date(2020, 1, 31)
"""The reformed canvass came into force (SI 2019/1451)."""
DECLARED: Final = "RPR 2001 r.32ZBC; EC guidance"
RECENT_ADDITION_DAYS: Final = Dated(
    "days for which a recent addition matches by itself, at most", Provision(90, SINCE, DECLARED)
)
RESULT_WORKING_DAYS: Final = Dated(
    "working days within which the national match answers", Provision(5, SINCE, "RPR 2001 r.32ZBA; EC guidance")
)
CODE_ATTEMPTS: Final = 5
"""Wrong security codes after which a new one must be issued. Practice, not law."""


@dataclass(frozen=True, slots=True)
class Programme:
    """The contacts of one route: `opening` ones come first, `needed` are all made by contact number `most`.

    `gap`: days in which the next contact follows one that was not answered.
    """

    opening: frozenset[ContactKind]
    following: frozenset[ContactKind]
    needed: tuple[frozenset[ContactKind], ...]
    most: int
    gap: int


PROPERTY_CONTACT: Final[frozenset[ContactKind]] = frozenset({"form", "ccb", "visit"})
PERSONAL: Final[frozenset[ContactKind]] = frozenset({"visit", "phone"})
NO_REPLY_NEEDED: Final[frozenset[ContactKind]] = frozenset({"cca"})
PROGRAMMES: Final[dict[Route, Dated[Programme]]] = {
    1: Dated(
        "contacts of route 1",
        Provision(
            Programme(frozenset({"cca", "e-communication"}), frozenset({"cca"}), (frozenset({"cca"}),), 2, 21),
            SINCE,
            "RPR 2001 r.32ZBE; the gap is to be reasonable: three weeks is this office's reckoning",
        ),
    ),
    2: Dated(
        "contacts of route 2",
        Provision(
            Programme(
                PROPERTY_CONTACT,
                PROPERTY_CONTACT | {"e-communication", "phone"},
                (frozenset({"form"}), PERSONAL),
                3,
                28,
            ),
            SINCE,
            "RPR 2001 r.32ZBD; EC guidance (at most 28 days apart)",
        ),
    ),
    3: Dated(
        "contacts of route 3",
        Provision(
            Programme(frozenset({"responsible-person"}), frozenset({"responsible-person"}), (), 2, 28),
            SINCE,
            "RPR 2001 r.32ZBF; EC guidance",
        ),
    ),
}
"""By route."""

NOT_FOR_ROUTE_3: Final = Rule(
    "not-for-route-3",
    "Route 3 is for care homes, shared houses, student blocks, hostels and the like: never for an ordinary flat, nor"
    " where only people under 18 or no ordinary electors are registered.",
    "RPR 2001 r.32ZBF; EC guidance",
    "Canvass it by route 2.",
)
NO_RESPONSIBLE_PERSON: Final = Rule(
    "no-responsible-person",
    "Route 3 needs a responsible person who is known and likely to answer better than a household would.",
    "RPR 2001 r.32ZBF",
    "Find out who answers for the residents, or canvass it by route 2.",
)
NOT_FOR_ROUTE_1: Final = Rule(
    "not-for-route-1",
    "Route 1 is for properties at which every elector matched, and no change is to be expected.",
    "RPR 2001 r.32ZBE",
    "Match the others locally first, or canvass it by route 2.",
)
CONTACT_OUT_OF_PLACE: Final = Rule(
    "contact-out-of-place",
    "This contact has no place in the programme of the property's route now.",
    "RPR 2001 r.32ZBD-32ZBF",
    "Make one of the contacts that the programme asks for, or change the route.",
)
THRESHOLD_OUT_OF_RANGE: Final = Rule(
    "recent-additions-out-of-range",
    "Recent additions match by themselves for up to 90 days.",
    DECLARED,
    "Choose a number of days from 0 to 90.",
    invalid=True,
)


@dataclass(frozen=True, slots=True)
class Household:
    """Whom the data step finds at a property: for each ordinary elector whether they matched, and how many are 18."""

    matched: tuple[bool, ...]
    adults: int
    doubts: tuple[Doubt, ...] = ()

    @property
    def all_matched(self) -> bool:
        """A property is matched when every elector is, and only then."""
        return bool(self.matched) and all(self.matched)


def route_of(household: Household) -> tuple[Route, str]:
    """The route that follows from the data step, and why. Route 3 is only ever an officer's choice."""
    if not household.matched:
        return 2, "no-electors"
    if not household.all_matched:
        return 2, "not-every-elector-matched"
    if not household.adults:
        return 2, "only-under-18"
    if household.doubts:
        return 2, household.doubts[0]
    return 1, "every-elector-matched"


ROUTE_3_CLASSES: Final = ("RH", "RI", "CH")
"""How BS 7666 classes of houses in multiple occupation, institutions, hotels and hostels begin."""


def may_be_route_3(class_code: str) -> bool:
    """Whether its class makes a property a candidate for an officer to look at."""
    return class_code.startswith(ROUTE_3_CLASSES)


def check_route_3(household: Household, class_code: str, person_known: bool, only_excluded: bool = False) -> None:
    """Raises `Refused` where r.32ZBF does not let a property be canvassed through a responsible person."""
    under_18 = bool(household.matched) and not household.adults
    if class_code.startswith("RD06") or under_18 or only_excluded:
        raise Refused(NOT_FOR_ROUTE_3)
    if not person_known:
        raise Refused(NO_RESPONSIBLE_PERSON)


def check_route_1(household: Household) -> None:
    """Raises `Refused` unless every elector matched and one of them is 18."""
    if not household.all_matched or not household.adults:
        raise Refused(NOT_FOR_ROUTE_1)


def next_kinds(route: Route, made: Sequence[ContactKind], on: date) -> frozenset[ContactKind]:
    """The contacts that may come next on a route after those made on it; none when its programme is done."""
    programme = PROGRAMMES[route].on(on)
    missing = [kinds for kinds in programme.needed if not _holds(made, kinds)]
    left = programme.most - len(made)
    if left <= 0 or (route == 1 and _holds(made, NO_REPLY_NEEDED)):
        return frozenset().union(*missing)
    choice = programme.following if made else programme.opening
    # With one place left for each kind still missing, nothing else may take it.
    return choice & frozenset().union(*missing) if len(missing) >= left else choice


def next_by(route: Route, made: Sequence[ContactKind], last_on: date) -> date | None:
    """The last day for the next contact after one on `last_on` that stays unanswered; None when the programme is done."""
    if not next_kinds(route, made, last_on):
        return None
    return last_on + timedelta(days=PROGRAMMES[route].on(last_on).gap)


def result_due(sent_on: date) -> date:
    """By when the national match answers electors sent on that day."""
    return calendar(Nation.ENGLAND_AND_WALES).forward(sent_on, RESULT_WORKING_DAYS.on(sent_on))


def check_recent_days(days: int, on: date) -> None:
    """Raises `Refused` for a threshold of recent additions that is out of range."""
    if not 0 <= days <= RECENT_ADDITION_DAYS.on(on):
        raise Refused(THRESHOLD_OUT_OF_RANGE)


def _holds(made: Sequence[ContactKind], kinds: Collection[ContactKind]) -> bool:
    return any(kind in kinds for kind in made)
