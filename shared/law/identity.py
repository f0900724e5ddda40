"""How an applicant shows who they are when no data does: by documents, or by an elector who attests.

[RPR 2001 r.26B]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, TypeAlias

from shared.law import provisions
from shared.law.polls import Country
from shared.law.rules import Refused, Rule

DocumentList: TypeAlias = Literal["a", "b", "c"]

TOO_FEW_DOCUMENTS: Final = Rule(
    "too-few-documents",
    "Identity needs one document of list (a); or one of (b) and two more of (b) or (c); or four of (c).",
    "RPR 2001 r.26B",
    "Ask for further documents, or for an attestation.",
)
ATTESTOR_NOT_REGISTERED: Final = Rule(
    "attestor-not-registered",
    "An attestor is an elector of good standing registered in England or Wales.",
    "RPR 2001 r.26B(6)",
    "Ask for another attestor.",
)
ATTESTOR_RELATED: Final = Rule(
    "attestor-related",
    "Husband, wife, civil partner, parent, grandparent, brother, sister, child or grandchild may not attest.",
    "RPR 2001 r.26B(6)",
    "Ask for an attestor outside the family.",
)
ATTESTOR_EXHAUSTED: Final = Rule(
    "attestor-exhausted",
    "This elector has attested for two applicants since the register was last revised.",
    "RPR 2001 r.26B(6)",
    "Ask for another attestor.",
)
ATTESTATION_INCOMPLETE: Final = Rule(
    "attestation-incomplete",
    "An attestation is signed, dated and says how the attestor knows the applicant and that lying is an offence.",
    "RPR 2001 r.26B(5)",
    "Send it back to be completed.",
)

CLOSE_FAMILY: Final = frozenset({"spouse", "civil-partner", "parent", "grandparent", "sibling", "child", "grandchild"})


def documents_suffice(lists: Iterable[DocumentList]) -> bool:
    """Whether documents of these lists show identity: one of (a); or one of (b) and two others; or four of (c)."""
    shown = Counter(lists)
    return shown["a"] >= 1 or (shown["b"] >= 1 and shown["b"] + shown["c"] >= 3) or shown["c"] >= 4


def must_be_able_to_attest(registered_in: Country, relationship: str, *, good_standing: bool, complete: bool) -> None:
    """Raises `Refused` if this elector's attestation cannot count, whatever they attested before."""
    if registered_in not in (Country.ENGLAND, Country.WALES) or not good_standing:
        raise Refused(ATTESTOR_NOT_REGISTERED)
    if relationship in CLOSE_FAMILY:
        raise Refused(ATTESTOR_RELATED)
    if not complete:
        raise Refused(ATTESTATION_INCOMPLETE)


def attestations_allowed(on: date) -> int:
    """How many applicants one elector may attest for between two revised registers."""
    return provisions.PRIOR_ATTESTATIONS.on(on)
