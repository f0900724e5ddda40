"""What somebody may ask about their own data, until when they are answered, and what may be kept from them.

[UK GDPR articles 12, 15, 16, 19; DPA 2018 schedules 2-4; ICO guidance, time limits]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.declarations import months_later
from shared.law.registration import HOME
from shared.law.rules import Rule

_BEGAN: Final = date(2018, 5, 25)

ANSWER_MONTHS: Final = Dated(
    "time to answer a person about their data", Provision(1, _BEGAN, "UK GDPR article 12(3); article 12A since 2025")
)
"""Calendar months from receipt, or from the proof of identity where it was asked for (article 12(6))."""
EXTENSION_MONTHS: Final = Dated(
    "extension of that time", Provision(2, _BEGAN, "UK GDPR article 12(3); article 12A since 2025")
)
"""Further months, of which the person is told with the reason before the first month is over."""

EXTENDED_FOR: Final[dict[str, str]] = {
    "complex": "the request is complex",
    "several-requests": "the person has made several requests",
}
"""Why the time may be extended. [UK GDPR article 12(3)]"""

REFUSED_FOR: Final[dict[str, str]] = {
    "manifestly-unfounded": "UK GDPR article 12(5); DPA 2018 s.53",
    "manifestly-excessive": "UK GDPR article 12(5); DPA 2018 s.53",
    "identity-not-proved": "UK GDPR article 12(2), 12(6)",
    "wholly-exempt": "DPA 2018 s.15, Sch 2-4",
}
"""On which grounds a request is refused as a whole, with the source."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A reason to keep something from the person."""

    what: str
    source: str


EXEMPTIONS: Final[dict[str, Exemption]] = {
    "another-person": Exemption("it would tell about another person", "DPA 2018 Sch 2 para 16"),
    "crime": Exemption("it would harm the prevention or detection of crime", "DPA 2018 Sch 2 para 2"),
    "legal-proceedings": Exemption("it would harm legal proceedings or advice", "DPA 2018 Sch 2 para 5(3)"),
    "public-protection": Exemption("it would harm a function that protects the public", "DPA 2018 Sch 2 para 7"),
    "legal-privilege": Exemption("it is legally privileged", "DPA 2018 Sch 2 para 19"),
    "confidential-reference": Exemption("it is a reference given in confidence", "DPA 2018 Sch 2 para 24"),
    "serious-harm": Exemption("health data that would do serious harm", "DPA 2018 Sch 3 para 5"),
    "prohibited": Exemption("another enactment forbids it", "DPA 2018 Sch 4"),
}
"""What may be left out of a pack, by name."""

NO_REQUEST: Final = Rule("no-such-request", "There is no such request.", "UK GDPR article 12", "Check its id.")
REQUEST_CLOSED: Final = Rule(
    "request-closed", "This request has been answered, refused or taken back.", "UK GDPR article 12", "Take a new one."
)
ANOTHER_RIGHT: Final = Rule(
    "another-right",
    "This request asks for something else: access and rectification are answered in different ways.",
    "UK GDPR articles 15 and 16",
    "Look at what was asked for.",
)
IDENTITY_NOT_PROVED: Final = Rule(
    "identity-not-proved",
    "Nothing is given or changed before the person has shown who they are.",
    "UK GDPR article 12(6)",
    "Ask for proof of identity, or record it.",
)
IDENTITY_KNOWN: Final = Rule(
    "identity-known",
    "The person has shown who they are already.",
    "UK GDPR article 12(6)",
    "Go on with the request.",
)
EXTENSION_TOO_LATE: Final = Rule(
    "extension-too-late",
    "The person is told of an extension while the first month runs, and once.",
    "UK GDPR article 12(3)",
    "Answer without delay; the time is over or was extended before.",
)
NOT_PREPARED: Final = Rule("pack-not-prepared", "No pack has been prepared.", "UK GDPR article 15", "Prepare it first.")
PACK_CHANGED: Final = Rule(
    "pack-changed",
    "The pack is not the one that was prepared and looked at.",
    "UK GDPR article 5(1)(d)",
    "Prepare it again, and let the second officer look again.",
)
NOT_CHECKED: Final = Rule(
    "pack-not-checked",
    "A second officer looks through a pack before it goes.",
    "UK GDPR article 32; DPA 2018 Sch 2 para 16",
    "Let another officer check it.",
)
SAME_OFFICER: Final = Rule(
    "maker-is-checker",
    "The officer who prepared the pack, or proposed the destruction, does not pass it.",
    "Moothall separation of duties",
    "Let another officer do it.",
)
CORRECTION_NEEDED: Final = Rule(
    "correction-needed",
    "A request that is upheld names the events by which the data was corrected; one that is not names none.",
    "UK GDPR article 16",
    "Correct the record by its own command first, then name it here.",
)
NOT_A_CORRECTION: Final = Rule(
    "not-a-correction",
    "What was named is no event in this person's own records since the request came.",
    "UK GDPR article 16",
    "Name events of this person's records by record and version.",
    invalid=True,
)
NOT_DECIDED: Final = Rule(
    "correction-not-decided",
    "Recipients are told of data that was corrected.",
    "UK GDPR article 19",
    "Decide the request first.",
)
NOT_ALL_TOLD: Final = Rule(
    "recipients-not-told",
    "Everybody to whom the data was given is told, unless that is impossible or needs disproportionate effort.",
    "UK GDPR article 19",
    "Name every recipient, or say why the others are not told.",
)
DESTRUCTION_OVER: Final = Rule(
    "destruction-over",
    "This destruction has been carried out or declined.",
    "UK GDPR article 5(1)(e)",
    "Propose another.",
)
NO_DESTRUCTION: Final = Rule(
    "no-such-destruction", "No such destruction is proposed.", "UK GDPR article 5(1)(e)", "Propose it first."
)
NOTHING_DUE: Final = Rule(
    "nothing-due", "Nothing is due that the law does not hold.", "UK GDPR article 5(1)(e)", "Look again later."
)


def answer_by(began_on: date, *, extended: bool = False) -> date:
    """The last day to answer: the same day of the next month (the last of it where it has no such day), or three months
    on with an extension; the next working day when that is none. [UK GDPR article 12(3); ICO guidance]"""
    months = ANSWER_MONTHS.on(began_on) + (EXTENSION_MONTHS.on(began_on) if extended else 0)
    return HOME.first_on_or_after(months_later(began_on, months))
