"""Anonymous registration: what shows that somebody needs it, how long it lasts, to whom the record may be opened.

[RPA 1983 s.9B-9C, s.13BE; RPR 2001 r.31G-31J, r.41A, r.45, r.45B; EC guidance, anonymous electors]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from shared.law.dated import Dated, Provision
from shared.law.declarations import Window, months_later
from shared.law.rules import Refused, Rule

NO_SUCH_CASE: Final = Rule("no-such-case", "There is no such case.", "RPA 1983 s.9B", "Check its id.")
CASE_CLOSED: Final = Rule(
    "case-closed", "This case has come to its end.", "RPA 1983 s.9B-9C", "Start from a new application."
)
UNKNOWN_EVIDENCE: Final = Rule(
    "unknown-evidence",
    "The law lists which court orders and whose attestations count.",
    "RPR 2001 r.31I-31J",
    "Choose one of the list.",
    invalid=True,
)
WRONG_TERM: Final = Rule(
    "attestation-term",
    "An attestation is good for a time of one to five years from its date, which it names.",
    "RPR 2001 r.31J(6)",
    "Ask whoever attested for the time.",
    invalid=True,
)
NOT_IN_FORCE: Final = Rule(
    "evidence-not-in-force",
    "The order or attestation was not in force on the day it was relied on.",
    "RPR 2001 r.31I-31J",
    "Ask for evidence that is in force.",
)
EVIDENCE_NEEDED: Final = Rule(
    "evidence-needed",
    "Each grant of anonymity rests on evidence of its own, in force on that day.",
    "RPA 1983 s.9B(1), s.9C",
    "Take an order or an attestation first.",
)
HOME_NEEDED: Final = Rule(
    "address-not-identified",
    "The address has not been matched to a property in a polling district yet.",
    "RPA 1983 s.9(2)",
    "Choose the property.",
)
IDENTITY_NEEDED: Final = Rule(
    "identity-not-verified",
    "Nobody has confirmed who the applicant is.",
    "RPR 2001 r.26B, r.29ZA, r.29ZB",
    "Confirm it by DWP, local data, documents or an attestation.",
)
ANOTHER_PERSONS_ENTRY: Final = Rule(
    "another-persons-entry",
    "The entry that is to go does not read like this person's: name or birth differ.",
    "RPA 1983 s.9(2), s.9B",
    "Look for the right entry, or say why they differ.",
)
NO_DOCUMENT: Final = Rule(
    "no-document",
    "No anonymous elector's document has been issued.",
    "RPA 1983 s.13BE",
    "Issue one first.",
)
NOT_PROPOSED: Final = Rule(
    "not-proposed", "No grant has been proposed.", "Moothall separation of duties", "Propose it first."
)
ANOTHER_EARLIER_ENTRY: Final = Rule(
    "another-earlier-entry",
    "Both officers name the ordinary entry that ends: what is removed and shut for ever is seen by two.",
    "RPA 1983 s.9B; RPR 2001 r.31G",
    "Read the case, look at the entry it names, and name it again; or propose anew.",
)
SAME_OFFICER: Final = Rule(
    "maker-is-checker",
    "Granting anonymity needs two officers: one proposes, another grants.",
    "Moothall separation of duties: anonymous grant",
    "Let another named officer grant it.",
)
NOT_REGISTERED: Final = Rule(
    "not-on-register", "There is no anonymous entry yet.", "RPA 1983 s.9B", "Grant the application first."
)
NOT_OVER: Final = Rule(
    "not-expired", "The time of this entry has not run out.", "RPA 1983 s.9C", "Wait for its last day."
)
UNKNOWN_RECIPIENT: Final = Rule(
    "no-right-to-the-record",
    "The record of an anonymous elector is open to few.",
    "RPR 2001 r.45B-45F",
    "Refuse the request.",
    invalid=True,
)

LASTS_MONTHS: Final = Dated(
    "months that an anonymous entry lasts", Provision(12, date(2007, 6, 1), "RPA 1983 s.9C(1)(b)")
)
REMIND_AFTER_MONTHS: Final = Dated(
    "anonymous electors are reminded after so many months",
    Provision((9, 10), date(2007, 6, 1), "RPR 2001 r.36A; EC guidance"),
)
ATTESTED_YEARS: Final = Dated(
    "years for which an attestation may be good", Provision((1, 5), date(2018, 6, 1), "RPR 2001 r.31J(6); SI 2018/725")
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of evidence. `verify`: not checked against the text of the regulations yet."""

    kind: str
    shown_by: Literal["court-order", "attestation"]
    what: str
    verify: bool = False


_ORDERS: Final = (
    (
        "restraining-order",
        "restraining order, Protection from Harassment Act 1997 s.5-5A or Sentencing Act 2020 s.360",
        False,
    ),
    ("harassment-injunction", "injunction, Protection from Harassment Act 1997 s.3-3A", False),
    ("non-molestation-order", "non-molestation order, Family Law Act 1996 s.42", False),
    ("occupation-order", "occupation order, Family Law Act 1996 s.33-38", True),
    ("forced-marriage-protection-order", "forced marriage protection order, Family Law Act 1996 Part 4A", False),
    ("fgm-protection-order", "female genital mutilation protection order, FGM Act 2003 Sch 2", False),
    (
        "domestic-violence-protection-order",
        "domestic violence protection order, Crime and Security Act 2010 s.28",
        False,
    ),
    ("domestic-abuse-protection-order", "domestic abuse protection order, Domestic Abuse Act 2021 Part 3", True),
    ("stalking-protection-order", "stalking protection order, Stalking Protection Act 2019", True),
    ("scottish-interdict", "interdict or non-harassment order of a Scottish court", True),
)
_OFFICES: Final = (
    ("police-inspector", "police officer of or above the rank of inspector", False),
    ("director-of-adult-social-services", "director of adult social services in England", False),
    ("director-of-childrens-services", "director of children's services in England", False),
    ("director-of-social-services-wales", "director of social services in Wales", True),
    ("chief-social-work-officer-scotland", "chief social work officer in Scotland", True),
    ("security-service", "Director General of the Security Service", False),
    ("national-crime-agency", "Director General of the National Crime Agency", False),
    ("medical-practitioner", "registered medical practitioner", False),
    ("nurse", "registered nurse", False),
    ("midwife", "registered midwife", False),
    ("refuge-manager", "person who manages a refuge", False),
)
EVIDENCE: Final[dict[str, Evidence]] = {
    **{kind: Evidence(kind, "court-order", what, verify) for kind, what, verify in _ORDERS},
    **{kind: Evidence(kind, "attestation", what, verify) for kind, what, verify in _OFFICES},
}
"""What counts, by kind. [RPR 2001 r.31I (orders), r.31J (attestations), as amended 2018]"""

RECIPIENTS: Final[dict[str, str]] = {
    "returning-officer": "for the poll he or she conducts",
    "jury-summoning": "for summoning jurors, Juries Act 1974 s.3",
    "security-services": "Security Service, Secret Intelligence Service, GCHQ",
    "police": "asked for by an officer above the rank of superintendent",
}
"""To whom the record may be opened, and for what. [RPR 2001 r.45B-45F]"""


def check_evidence(kind: str, made_on: date, valid_until: date | None) -> None:
    """Raises `Refused` unless the evidence is of a listed kind and, as an attestation, good for one to five years."""
    known = EVIDENCE.get(kind)
    if known is None:
        raise Refused(UNKNOWN_EVIDENCE)
    if known.shown_by == "attestation":
        least, most = ATTESTED_YEARS.on(made_on)
        if valid_until is None or not months_later(made_on, 12 * least) <= valid_until <= months_later(
            made_on, 12 * most
        ):
            raise Refused(WRONG_TERM)


def check_in_force(evidence: Iterable[tuple[date, date | None]], on: date) -> None:
    """Raises `Refused` unless one of them (date, last day; None: until discharged) is in force on that day."""
    shown = tuple(evidence)
    if not shown:
        raise Refused(EVIDENCE_NEEDED)
    if not any(made_on <= on and (until is None or on <= until) for made_on, until in shown):
        raise Refused(NOT_IN_FORCE)


def last_day(effective_on: date) -> date:
    """The last of the twelve months that begin on the day the entry takes effect."""
    return months_later(effective_on, LASTS_MONTHS.on(effective_on)) - timedelta(days=1)


def reminder(effective_on: date) -> Window:
    """When the elector is reminded that the entry ends."""
    first, last = REMIND_AFTER_MONTHS.on(effective_on)
    return Window(months_later(effective_on, first), months_later(effective_on, last))
