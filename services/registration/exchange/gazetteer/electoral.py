"""Which properties of the gazetteer people may be registered at.

GOV.UK's location importer calls a property electoral when it is residential or higher-educational and receives post.
The register also needs it approved and standing. A no is not for ever and an officer may know better, so the answer
carries its reason and the field it rests on.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from services.registration.exchange.gazetteer.address import address_lines
from services.registration.exchange.gazetteer.property import (
    APPROVED,
    HISTORICAL,
    PROVISIONAL,
    GazetteerProperty,
)
from shared.events.values import GazetteerFacts, Uprn, Usrn

RESIDENTIAL = ("RD", "RH", "RI", "X")
"""Dwellings (with caravans and houseboats), houses in multiple occupation, institutions (care homes), dual use."""
HIGHER_EDUCATIONAL = ("CE01", "CE05")
"""Colleges and universities: their halls are often classified as the institution."""
DEMOLISHED = 4

Reason = Literal[
    "residential",
    "higher-educational",
    "coming-soon",
    "closed",
    "not-approved",
    "demolished",
    "no-approved-address",
    "parent-shell",
    "no-post",
    "not-residential",
]


class Electoral(NamedTuple):
    """`source` names the record's field and its value, e.g. `CLASSIFICATION_CODE RD06`."""

    electoral: bool
    reason: Reason
    source: str


def electoral(of: GazetteerProperty) -> Electoral:
    """Whether people may be registered at this property. Parent shells (P) are kept for their flats, not electoral."""
    blpu, code = of.blpu, of.class_code
    status = f"LOGICAL_STATUS {blpu.logical_status}"
    use = f"CLASSIFICATION_CODE {code or 'none'}"
    if blpu.logical_status != APPROVED:
        reasons: dict[int, Reason] = {PROVISIONAL: "coming-soon", HISTORICAL: "closed"}
        return Electoral(False, reasons.get(blpu.logical_status, "not-approved"), status)
    if blpu.blpu_state == DEMOLISHED:
        return Electoral(False, "demolished", f"BLPU_STATE {DEMOLISHED}")
    if code.startswith("P"):
        return Electoral(False, "parent-shell", use)
    residential = code == "R" or code.startswith(RESIDENTIAL)
    if not residential and not code.startswith(HIGHER_EDUCATIONAL):
        return Electoral(False, "not-residential", use)
    if not any(lpi.logical_status == APPROVED for lpi in of.lpis):
        return Electoral(False, "no-approved-address", "no LPI with LOGICAL_STATUS 1")
    post, source = receives_post(of)
    if not post:
        return Electoral(False, "no-post", source)
    return Electoral(True, "residential" if residential else "higher-educational", use)


def receives_post(of: GazetteerProperty) -> tuple[bool, str]:
    """Whether post is delivered there, and the field that says so. Only an explicit N says that it is not."""
    if of.blpu.addressbase_postal is not None:
        return of.blpu.addressbase_postal != "N", f"ADDRESSBASE_POSTAL {of.blpu.addressbase_postal}"
    lpi = of.address()
    postal = lpi.postal_address if lpi is not None else None
    return postal != "N", f"POSTAL_ADDRESS {postal or 'none'}"


def gazetteer_facts(of: GazetteerProperty) -> GazetteerFacts:
    """What the register keeps of a property."""
    blpu, lpi = of.blpu, of.address()
    return GazetteerFacts(
        address=address_lines(of),
        uprn=Uprn(blpu.uprn),
        parent_uprn=Uprn(blpu.parent_uprn) if blpu.parent_uprn is not None else None,
        usrn=Usrn(lpi.usrn) if lpi is not None else None,
        logical_status=blpu.logical_status,
        lpi_status=lpi.logical_status if lpi is not None else None,
        state=blpu.blpu_state,
        class_code=of.class_code,
        x=blpu.x_coordinate,
        y=blpu.y_coordinate,
        postal=receives_post(of)[0],
        custodian_code=str(blpu.local_custodian_code) if blpu.local_custodian_code is not None else "",
        start_date=blpu.start_date,
        end_date=blpu.end_date,
    )
