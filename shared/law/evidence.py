"""Proof of identity where the DWP could not match an applicant: documents, then attestation. [RPR 2001 r.26B]"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from shared.law import provisions
from shared.law.rules import Refused, Rule

NOT_ENOUGH_DOCUMENTS: Final = Rule(
    "not-enough-documents",
    "Identity is shown by one document of list (a); or one of list (b) and two more of list (b) or (c); or four of list (c).",
    "RPR 2001 r.26B",
    then="Ask for further documents, or for an attestation.",
)
ATTESTOR_NOT_REGISTERED: Final = Rule(
    "attestor-not-registered",
    "An attestor must be registered as an elector in England or Wales.",
    "RPR 2001 r.26B(5)-(6)",
    then="Ask for another attestor.",
)
ATTESTOR_TOO_CLOSE: Final = Rule(
    "attestor-is-family",
    "An attestor may not be the spouse, civil partner, parent, grandparent, brother, sister, child or grandchild.",
    "RPR 2001 r.26B(5)-(6)",
    then="Ask for another attestor.",
)
ATTESTOR_NOT_OF_GOOD_STANDING: Final = Rule(
    "attestor-not-of-good-standing",
    "An attestor must be a person of good standing in the community.",
    "RPR 2001 r.26B(5)-(6)",
    then="Ask for another attestor.",
)
ATTESTOR_USED_UP: Final = Rule(
    "attestor-has-attested-enough",
    "An attestor may act for two applicants between one revised register and the next.",
    "RPR 2001 r.26B(5)-(6)",
    then="Ask for another attestor.",
)


class Document(Enum):
    """A document that shows identity, under the name that gov.uk services give it."""

    PASSPORT = "passport"
    EEA_IDENTITY_CARD = "eea-identity-card"
    BIOMETRIC_RESIDENCE_PERMIT = "biometric-residence-permit"
    PHOTOCARD_DRIVING_LICENCE = "photocard-driving-licence"
    NI_ELECTORAL_IDENTITY_CARD = "electoral-identity-card"

    BIRTH_CERTIFICATE = "birth-certificate"
    MARRIAGE_CERTIFICATE = "marriage-or-civil-partnership-certificate"
    ADOPTION_CERTIFICATE = "adoption-certificate"
    FIREARMS_CERTIFICATE = "firearms-certificate"
    OLD_DRIVING_LICENCE = "uk-cd-issued-non-photo-card-driving-licence"
    FOREIGN_DRIVING_LICENCE = "non-uk-cd-issued-driving-licence"
    POLICE_BAIL_SHEET = "police-bail-sheet"

    MORTGAGE_STATEMENT = "mortgage-statement"
    BANK_STATEMENT = "bank-or-building-society-statement-or-confirmation-letter"
    CREDIT_CARD_STATEMENT = "credit-card-statement"
    PENSION_STATEMENT = "pension-statement"
    COUNCIL_TAX_DEMAND = "council-tax-statement-or-demand-letter"
    UTILITY_BILL = "utility-bill"
    P45_OR_P60 = "p45-or-p60-form"
    BENEFITS_STATEMENT = "statement-of-or-entitlement-to-benefits"

    @property
    def list_letter(self) -> str:
        """Its list in r.26B: a, b or c."""
        return "a" if self in _LIST_A else "b" if self in _LIST_B else "c"


_LIST_A: Final = frozenset(
    {
        Document.PASSPORT,
        Document.EEA_IDENTITY_CARD,
        Document.BIOMETRIC_RESIDENCE_PERMIT,
        Document.PHOTOCARD_DRIVING_LICENCE,
        Document.NI_ELECTORAL_IDENTITY_CARD,
    }
)
_LIST_B: Final = frozenset(
    {
        Document.BIRTH_CERTIFICATE,
        Document.MARRIAGE_CERTIFICATE,
        Document.ADOPTION_CERTIFICATE,
        Document.FIREARMS_CERTIFICATE,
        Document.OLD_DRIVING_LICENCE,
        Document.FOREIGN_DRIVING_LICENCE,
        Document.POLICE_BAIL_SHEET,
    }
)


class Relationship(Enum):
    """How the attestor is related to the applicant."""

    NONE = "none"
    SPOUSE = "spouse"
    CIVIL_PARTNER = "civil partner"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    SIBLING = "brother or sister"
    CHILD = "child"
    GRANDCHILD = "grandchild"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestor:
    """What the rule asks about an attestor. `attested_on`: the days of their earlier attestations, in any order;
    `added_on`: the day their own entry took effect."""

    registered_in_england_or_wales: bool
    added_on: date | None
    relationship: Relationship
    of_good_standing: bool = True
    attested_on: tuple[date, ...] = ()


def check_documents(documents: Collection[Document]) -> None:
    """Raises `Refused` unless the documents, each counted once, show identity."""
    lists = [document.list_letter for document in set(documents)]
    b, c = lists.count("b"), lists.count("c")
    if not ("a" in lists or (b >= 1 and b + c >= 3) or c >= 4):
        raise Refused(NOT_ENOUGH_DOCUMENTS)


def check_attestation(attestor: Attestor, on: date, last_revised_register: date) -> None:
    """Raises `Refused` unless the attestor may attest on `on`; the count restarts with each revised register."""
    if not attestor.registered_in_england_or_wales:
        raise Refused(ATTESTOR_NOT_REGISTERED)
    if attestor.relationship is not Relationship.NONE:
        raise Refused(ATTESTOR_TOO_CLOSE)
    if not attestor.of_good_standing:
        raise Refused(ATTESTOR_NOT_OF_GOOD_STANDING)
    counted_from = max(last_revised_register, attestor.added_on or last_revised_register)
    prior = sum(1 for day in attestor.attested_on if counted_from <= day <= on)
    if prior >= provisions.PRIOR_ATTESTATIONS.on(on):
        raise Refused(ATTESTOR_USED_UP)
