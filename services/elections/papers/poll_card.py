"""The official poll card of one elector, and its proof: what is looked at before a print house makes thousands.

[RPA 1983 Sch 1 r.28; SI 2006/3304 Sch 2 r.25; RPA 1983 Sch 1 r.37(1B) as to photographic identification]
"""

from __future__ import annotations

from dataclasses import dataclass

from services.elections.papers.notices import hours_of, on, until
from services.elections.papers.paper import Paper, Section, Span, words
from services.elections.polls.decider import Underway
from shared.events.elections import Contest, TimetableStep

LEFT_OPEN = "The polling station of this elector's district"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a card is for. `number`: as on the register, e.g. `AB-17`; `station`: name and address of their polling station."""

    name: str
    address: tuple[str, ...]
    number: str
    station: str


def specimen(station: str = "") -> Addressee:
    """Nobody: a proof shows how a card looks, and needs no person for that."""
    return Addressee("A. N. Elector", ("1 Example Street", "Exampleton", "ZZ1 1AA"), "AB-1", station or LEFT_OPEN)


def has_cards(poll: Underway) -> bool:
    """Whether poll cards go out for this poll: not for a parish poll. [SI 1987/1]"""
    return any(step.key == "notice-of-election" for step in poll.steps)


def poll_card(poll: Underway, contest: Contest, to: Addressee) -> Paper:
    """Who, where, when, and what to bring. Raises ValueError for a poll without poll cards."""
    if not has_cards(poll):
        raise ValueError("no poll cards go out for this poll")
    created = poll.created
    steps = {step.key: step for step in poll.steps}
    return Paper(
        f"Poll card: {created.title}, {contest.area.name}",
        "Official poll card",
        (
            Section(
                paragraphs=(
                    words(Span(created.organisation.name, strong=True)),
                    words(f"{created.title}: {contest.area.name}"),
                    *(words(line) for line in (to.name, *to.address)),
                    words("Number on the register: ", Span(to.number, strong=True)),
                )
            ),
            Section(
                "When and where you vote",
                (
                    words(on(created.polling_day, strong=True), ", ", Span(hours_of(steps["poll"]), strong=True)),
                    words("Your polling station: ", Span(to.station, strong=True)),
                    words(
                        "You need not bring this card, but it helps us to find you. You can vote at this polling station only."
                    ),
                ),
            ),
            *_identification(steps),
            *_another_way(steps),
            Section("", (words(f"Issued by the {created.officer}."),)),
        ),
    )


def _identification(steps: dict[str, TimetableStep]) -> tuple[Section, ...]:
    certificates = steps.get("voter-authority-certificates")
    if certificates is None:
        return ()
    bring = "Bring photographic identification, such as a passport or driving licence. Without it you cannot vote."
    apply = words(
        "If you have none, apply for a free Voter Authority Certificate by ", until(certificates, strong=True), "."
    )
    return (Section("Photographic identification", (words(Span(bring, strong=True)), apply)),)


def _another_way(steps: dict[str, TimetableStep]) -> tuple[Section, ...]:
    ways = (("postal-votes", "To vote by post, apply by "), ("proxy-votes", "To have somebody vote for you, apply by "))
    said = tuple(words(way, until(steps[key]), ".") for key, way in ways if key in steps)
    return (Section("If you cannot come", said),) if said else ()
