"""Why is, or is not, this person on the register: plain sentences, each with its event and its legal source.

Pure: from events to sentences. No sentence holds a name, an address, or what DWP answered (which it is unlawful to
disclose), so an explanation stays readable when the person is erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from shared.eventcore.clock import london_date
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.law.registration import objection_window


@dataclass(frozen=True, slots=True)
class Sentence:
    """`on`: the day of the fact; `effective`: the day it changes the register, where it does."""

    text: str
    event_id: str
    on: date
    source: str
    effective: date | None = None


class Telling(NamedTuple):
    """How one event is told: the law it rests on, and its sentence from the event, its day, and who acted and why."""

    source: str
    text: Callable[[Any, str, str], str]


CHANNELS: Final = {"gov.uk": "through GOV.UK", "paper": "on paper", "phone": "by telephone", "in-person": "in person"}
ROUTES: Final = {
    "dwp": "by DWP",
    "local-data": "from the council's own records",
    "documents": "by documents",
    "attestation": "by an attestation",
}
NOTICES: Final = {
    "monthly": ("the monthly notice", "RPA 1983 s.13A"),
    "interim-1": ("the first interim election notice", "RPA 1983 s.13AB"),
    "interim-2": ("the second interim election notice", "RPA 1983 s.13AB"),
    "interim": ("an interim election notice", "RPA 1983 s.13AB"),
    "final": ("the final election notice", "RPA 1983 s.13B"),
    "revised-register": ("the revised register", "RPA 1983 s.13"),
}
GROUNDS: Final = {
    "registered-elsewhere": "the person was registered elsewhere",
    "two-sources": "two different sources said that the person had gone",
    "death-certificate": "there was a death certificate",
    "registrar-notice": "the registrar gave notice of the death",
    "satisfied-of-death": "the registration officer was satisfied of the death",
    "review": "a review found no entitlement",
    "expired": "the law limits how long such an entry lasts",
    "moved-within-area": "the person was registered at another address here",
    "duplicate-entry": "it was a second entry of the same person",
}


def day(on: date) -> str:
    """`1 May 2026`."""
    return f"{on:%-d %B %Y}"


def effect(event: Any) -> str:
    """`with the monthly notice of 1 May 2026`."""
    return f"with {NOTICES[event.notice][0]} of {day(event.effective_on)}"


TELLINGS: Final[Mapping[type, Telling]] = {
    r.ApplicationReceived: Telling(
        "RPA 1983 s.10ZC, s.10ZD; RPR 2001 r.26",
        lambda e, on, by: (
            f"Applied on {on} {CHANNELS[e.channel]}{' to alter the name of an entry' if e.entry_to_alter else ''}."
        ),
    ),
    r.ApplicationFoundIncomplete: Telling(
        "RPR 2001 r.26(1)",
        lambda e, on, by: f"The application was not yet made: {', '.join(e.missing)} was missing without a reason.",
    ),
    r.MissingInformationReceived: Telling(
        "RPR 2001 r.26(1)",
        lambda e, on, by: (
            f"More information came on {on}; "
            + (f"still missing: {', '.join(e.still_missing)}." if e.still_missing else "nothing was missing any more.")
        ),
    ),
    r.ApplicationListed: Telling(
        "RPR 2001 r.28, r.29(4)",
        lambda e, on, by: (
            f"Listed on {on}; any elector could object, and it could be allowed from {day(e.determine_from)}."
            if e.public
            else f"Complete on {on}; an anonymous application is never put on the list."
        ),
    ),
    r.PropertyIdentified: Telling(
        "RPA 1983 s.5, s.9(2)", lambda e, on, by: f"The address was matched to a property on {on}{by}."
    ),
    r.FranchiseEstablished: Telling(
        "RPA 1983 s.4; RPR 2001 r.26BA", lambda e, on, by: f"The facts that decide the franchise were established on {on}{by}."
    ),
    r.IdentityCheckRequested: Telling(
        "RPR 2001 r.29ZA", lambda e, on, by: f"DWP was asked on {on} to confirm who the applicant is."
    ),
    r.DwpResultReceived: Telling("RPR 2001 r.29ZA", lambda e, on, by: f"DWP answered on {on}."),
    r.ApplicationHeld: Telling(
        "EC guidance on running electoral registration", lambda e, on, by: f"Held on {on} until an officer has looked into it."
    ),
    r.ApplicationReleased: Telling(
        "EC guidance on running electoral registration", lambda e, on, by: f"Released on {on}{by}."
    ),
    r.LocalDataMatched: Telling(
        "RPR 2001 r.29ZB", lambda e, on, by: f"The council's own records ({e.source}) agreed on {on}."
    ),
    r.LocalDataNotMatched: Telling(
        "RPR 2001 r.29ZB", lambda e, on, by: f"The council's own records ({e.source}) did not show the applicant on {on}."
    ),
    r.EvidenceRequested: Telling("RPR 2001 r.26B", lambda e, on, by: f"Evidence of identity was asked for on {on}."),
    r.EvidenceAccepted: Telling(
        "RPR 2001 r.26B",
        lambda e, on, by: f"Documents were accepted on {on}{by}: {', '.join(d.kind for d in e.documents)}.",
    ),
    r.AttestationReceived: Telling(
        "RPR 2001 r.26B(5)-(6)", lambda e, on, by: f"Another elector attested to the applicant's identity on {on}."
    ),
    r.IdentityVerified: Telling(
        "RPR 2001 r.26B, r.29ZA, r.29ZB", lambda e, on, by: f"Identity confirmed {ROUTES[e.route]} on {on}."
    ),
    r.ObjectionMade: Telling(
        "RPR 2001 r.27, r.29",
        lambda e, on, by: (
            f"An elector objected on {on}, in time, so the application could not simply be allowed."
            if e.in_window
            else f"An elector objected on {on}, too late to hold the application up."
        ),
    ),
    r.ObjectionDisallowed: Telling(
        "RPR 2001 r.29",
        lambda e, on, by: (
            f"The objection was disallowed on {on}{by}; the objector could ask for a hearing until {day(e.hearing_until)}."
        ),
    ),
    r.HearingCalled: Telling("RPR 2001 r.30", lambda e, on, by: f"A hearing was called for {day(e.hearing_on)}."),
    r.HearingHeld: Telling(
        "RPR 2001 r.31", lambda e, on, by: f"The hearing on {on} {'upheld' if e.upheld else 'did not uphold'} the objection."
    ),
    r.ApplicationAllowed: Telling(
        "RPA 1983 s.10ZC",
        lambda e, on, by: f"Allowed on {on}{by}; the entry takes effect {effect(e)}.",
    ),
    r.ApplicationRejected: Telling(
        "RPA 1983 s.10ZC; RPR 2001 r.29", lambda e, on, by: f"Rejected on {on}{by}: {', '.join(e.reasons)}."
    ),
    r.ApplicationWithdrawn: Telling("RPR 2001 r.26", lambda e, on, by: f"Withdrawn by the applicant on {on}."),
    r.ApplicationFoundDuplicate: Telling(
        "EC guidance on running electoral registration",
        lambda e, on, by: f"Found on {on} to repeat an entry or application that stands already.",
    ),
    r.ApplicationTreatedAsAlteration: Telling(
        "RPA 1983 s.10ZD",
        lambda e, on, by: f"Found on {on} to be of an elector at that address under another name: it alters that entry.",
    ),
    r.ApplicationForwarded: Telling(
        "RPA 1983 s.8", lambda e, on, by: f"Passed on {on} to the registration officer of {e.to}, whose area the address is in."
    ),
    r.ElectorAdded: Telling(
        "RPA 1983 s.9, s.10ZC",
        lambda e, on, by: f"{'Again on' if e.reinstated else 'Entered on'} the register as {e.number} {effect(e)}.",
    ),
    r.ElectorAmended: Telling("RPA 1983 s.10ZD", lambda e, on, by: f"The printed name was altered {effect(e)}."),
    r.ElectorFranchiseChanged: Telling(
        "RPA 1983 s.4; RPR 2001 r.42", lambda e, on, by: f"The facts that decide the franchise were changed {effect(e)}."
    ),
    r.ElectorRenumbered: Telling(
        "RPR 2001 r.40", lambda e, on, by: f"The number became {e.number} on {on}; it was {e.was}."
    ),
    r.ElectorReaddressed: Telling(
        "RPA 1983 s.9(2), s.9A",
        lambda e, on, by: f"The dwelling was {e.cause} and has another address {effect(e)}; nobody moved{by}.",
    ),
    r.AnonymousEntryListed: Telling(
        "RPA 1983 s.9B; RPR 2001 r.41A", lambda e, on, by: f"An anonymous entry stands under {e.number} {effect(e)}."
    ),
    r.AnonymousEntryAltered: Telling(
        "RPA 1983 s.9B-9C; RPR 2001 r.41A", lambda e, on, by: f"From {on} it stands under {e.number}, until {day(e.ends_on)}."
    ),
    r.AnonymousEntryStruckOff: Telling(
        "RPA 1983 s.9C", lambda e, on, by: f"The anonymous entry comes off {effect(e)}."
    ),
    r.EntryTermChanged: Telling(
        "RPA 1983 s.7C, s.15; RPA 1985 s.1-2",
        lambda e, on, by: f"The last day of the entry became {day(e.ends_on)} on {on}, with the declaration that it rests on.",
    ),
    r.OpenRegisterPreferenceChanged: Telling(
        "RPR 2001 r.93", lambda e, on, by: f"{'Left out of' if e.opted_out else 'Included in'} the open register from {on}."
    ),
    r.ContactDetailsChanged: Telling("UK GDPR art.16", lambda e, on, by: f"The contact details were changed on {on}."),
    r.ClericalErrorCorrected: Telling(
        "RPA 1983 s.13B(3B)-(3D)", lambda e, on, by: f"A mistake of the registration officer's own was put right on {on}{by}."
    ),
    r.ReviewOpened: Telling(
        "RPR 2001 r.31D", lambda e, on, by: f"A review of type {e.review} was opened on {on}; with an answer due by {day(e.answer_by)}."
    ),
    r.ReviewConcluded: Telling(
        "RPR 2001 r.31E, r.31F",
        lambda e, on, by: (
            f"The review ended on {on}{by}: {'entitled, so the entry stays' if e.entitled else 'not entitled'}."
        ),
    ),
    r.ReviewAnswered: Telling("RPR 2001 r.31D", lambda e, on, by: f"The elector answered the review on {on}."),
    r.ReviewHearingAsked: Telling("RPR 2001 r.31D", lambda e, on, by: f"The elector asked for a hearing on {on}."),
    r.ReviewHearingCalled: Telling(
        "RPR 2001 r.31E", lambda e, on, by: f"A hearing of the review was called for {day(e.hearing_on)}."
    ),
    r.ElectorsMerged: Telling(
        "EC guidance on duplicates",
        lambda e, on, by: f"Found to be of one person with another record, and merged into it on {on}{by}.",
    ),
    r.MergeUndone: Telling(
        "EC guidance on duplicates", lambda e, on, by: f"The merge was undone on {on}{by}: the record stands for itself."
    ),
    r.ElectorRemoved: Telling(
        "RPA 1983 s.10ZE; RPR 2001 r.31C",
        lambda e, on, by: f"Removed {effect(e)}{by}, as {GROUNDS[e.ground]}; determined on {day(e.determined_on)}.",
    ),
}  # fmt: skip
"""Each event of an application and of an entry, with its source beside its sentence. [registration-law.md 2, 3]"""


def explain(events: Sequence[Recorded[Any]]) -> list[Sentence]:
    """One sentence for each event of the streams of an application and an entry, in the order given, and one for an
    objection window that closed in silence. Raises `KeyError` for an event of another kind."""
    told: list[Sentence] = []
    for e in events:
        if isinstance(e.data, r.ApplicationAllowed):
            told += silence(events, e)
        told.append(sentence(e))
    return told


def sentence(e: Recorded[Any]) -> Sentence:
    """One event in words."""
    telling, on = TELLINGS[type(e.data)], london_date(e.occurred_at)
    notice = getattr(e.data, "notice", "")
    source = f"{telling.source}; {NOTICES[notice][1]}" if notice else telling.source
    by = f" by {e.metadata.actor}" + (f", because {e.metadata.reason}" if e.metadata.reason else "")
    effective = e.data.effective_on if notice else None
    return Sentence(telling.text(e.data, day(on), by), e.id, on, source, effective)


def silence(events: Iterable[Recorded[Any]], allowed: Recorded[Any]) -> list[Sentence]:
    """That the objection window of an allowed application closed and nobody had objected in it."""
    same = [e for e in events if e.stream_id == allowed.stream_id]
    listed = next((e for e in same if isinstance(e.data, r.ApplicationListed) and e.data.public), None)
    if listed is None or any(isinstance(e.data, r.ObjectionMade) and e.data.in_window for e in same):
        return []
    closed = objection_window(listed.data.listed_on).closes
    text = f"The objection window closed on {day(closed)}; nobody objected."
    return [Sentence(text, listed.id, closed, "RPR 2001 r.29(4)")]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the entry is in force on a day, in one line."""

    on_register: bool
    text: str


def answer(events: Iterable[Recorded[Any]], on: date) -> Answer:
    """Yes since when, or no and why, from the facts that hold on that day."""
    asked = f"On the register on {day(on)}"
    facts = [e.data for e in events]
    changes = [f for f in facts if isinstance(f, r.ElectorAdded | r.ElectorRemoved)]
    if not changes:
        return Answer(False, f"{asked}: no, {unregistered(facts)}.")
    in_force = [f for f in changes if f.effective_on <= on]
    if not in_force:
        return Answer(False, f"{asked}: no, the entry takes effect {effect(changes[0])}.")
    last = in_force[-1]
    if isinstance(last, r.ElectorRemoved):
        return Answer(False, f"{asked}: no, removed {effect(last)}, as {GROUNDS[last.ground]}.")
    return Answer(True, f"{asked}: yes, since {day(last.effective_on)}.")


def unregistered(facts: Sequence[Any]) -> str:
    """Why there is no entry, from the last that is known of the application."""
    match facts[-1] if facts else None:
        case r.ApplicationRejected():
            return "the application was rejected"
        case r.ApplicationWithdrawn():
            return "the application was withdrawn"
        case r.ApplicationFoundDuplicate():
            return "the application repeated another"
        case r.ApplicationForwarded():
            return "the application went to another registration officer"
        case r.ApplicationAllowed() as allowed:
            return f"the application was allowed and takes effect {effect(allowed)}"
        case None:
            return "nothing was recorded by then"
        case _:
            return "the application is not determined yet"
