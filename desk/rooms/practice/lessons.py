"""The eight tasks of a first day: what to do, where, what the law says, and by which facts a task counts as done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Acts = Mapping[str, Any]
"""What the officer has done, as registration counts it: `recorded`, `looked_at`, `released_by_others`."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """`why`: the help that tells the law; `done`: whether the officer's own acts show that it was done."""

    title: str
    task: str
    link: tuple[str, str]
    why: str
    done: Callable[[Acts], bool]
    others: str = ""
    """Who else is needed for it."""


def recorded(*events: str) -> Callable[[Acts], bool]:
    """Done when an event of one of these types is this officer's."""
    return lambda acts: any(acts["recorded"].get(event) for event in events)


def looked_at_entry(acts: Acts) -> bool:
    return bool(acts["looked_at"].get("search") and acts["looked_at"].get("why"))


def told_a_caller(acts: Acts) -> bool:
    """The absent votes of more electors were looked at than this officer granted or refused one, and than the one whose page the
    first task opens."""
    own = sum(acts["recorded"].get(event, 0) for event in ("postal-vote-granted.v1", "postal-vote-refused.v1"))
    return bool(acts["looked_at"].get("absent votes", 0) > max(own, 1))


LESSONS = (
    Lesson(
        "Find a person, and say why they are on the register",
        "Search for how a surname begins, such as Copper, open an elector, and read the sentences under “Why on the register”. Each names "
        "the law that it rests on.",
        ("Search", "/search"),
        "elector/as-at",
        looked_at_entry,
    ),
    Lesson(
        "Allow an application",
        "Open an application that is verified and whose objection days are over, look at what was said and found out, and allow it.",
        ("Applications that are verified", "/applications?stage=verified"),
        "application/allow",
        recorded("application-allowed.v1"),
    ),
    Lesson(
        "Reject an application with the reason that the law asks",
        "Open another application and reject it. Without a reason it is refused: the applicant is told it, and may appeal.",
        ("Applications", "/applications"),
        "application/reasons",
        recorded("application-rejected.v1"),
    ),
    Lesson(
        "Grant a postal vote",
        "Open an elector, choose “Absent votes”, and grant a postal vote for as long as the law allows. See until when it lasts.",
        ("Search", "/search"),
        "absent_votes/postal-kind",
        recorded("postal-vote-granted.v1"),
    ),
    Lesson(
        "Refuse an absent vote",
        "On the absent votes of another elector, refuse an application for a postal vote and explain why to the applicant.",
        ("Absent votes", "/absent-votes"),
        "absent_votes/reasons",
        recorded("postal-vote-refused.v1", "proxy-refused.v1"),
    ),
    Lesson(
        "Answer a caller",
        "A caller asks how they are going to vote, and until when. Find one more elector and read their absent votes. Tell nobody else’s: "
        "who looked is written down.",
        ("Absent votes", "/absent-votes"),
        "absent_votes/postal-kind",
        told_a_caller,
    ),
    Lesson(
        "Enter a request for a copy of the register, with its fee",
        "Somebody asks for a copy. Choose who they are: that says what they may have, for what, and at which fee.",
        ("Enter a request", "/supplies/new"),
        "supply/recipient",
        recorded("supply-requested.v1"),
    ),
    Lesson(
        "Let nothing out by yourself",
        "Make a copy that is free of charge, or paid for, and try to release it: you cannot, because you made it. A second officer can. A "
        "publication of the register is guarded in the same way.",
        ("Supply", "/supplies"),
        "supply/release",
        lambda acts: bool(acts["released_by_others"]),
        "Sign in as the deputy in another browser, or ask a colleague, for the release.",
    ),
)
