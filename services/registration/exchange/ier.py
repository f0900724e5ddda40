"""Applications to register: the IER document `{"application": {flat map of text}}` in and out, and the same map from a
paper form or a telephone call.

The map is kept exactly as received, keys we do not know included. What is read from it is cleaned as GOV.UK cleans it
(`shared.events.application_form`). Whether the application is complete, and what follows, the decider says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, get_args

from services.registration.applications.commands import ReceiveApplication
from shared.events.application_form import NAME_LENGTHS, cleaned
from shared.events.definition import Erased, Sealed
from shared.events.registration import ApplicationReceived, Channel
from shared.events.values import (
    AddressLines,
    Authority,
    Category,
    ContactDetails,
    PersonId,
    PersonName,
    PropertyId,
    application_id,
)
from shared.law import identifiers
from shared.law.rules import Refused, Rule

MOST_BYTES: Final = 256 * 1024
"""A form is some 2 kB; nothing honest is a hundred times that."""
LONGEST_ANSWER: Final = 4_000

UNREADABLE: Final = Rule(
    "unreadable-ier-document",
    'An application is a JSON document {"application": {…}} in UTF-8, of at most 256 kB.',
    "IER application format",
    "Send the document again, whole.",
    invalid=True,
)
NOT_TEXT: Final = Rule(
    "ier-answer-not-text",
    "Every answer in an application is text of at most 4,000 characters.",
    "IER application format",
    "Send numbers, dates and yes/no as text; leave out what is not known.",
    invalid=True,
)
NO_REFERENCE: Final = Rule(
    "ier-reference-missing",
    "An application has a reference (refNum), so that sending it twice counts once.",
    "IER application format",
    "Send the reference.",
    invalid=True,
)
UNKNOWN_TYPE: Final = Rule(
    "ier-application-type-unknown",
    "The application type (applicationType) is ordinary, overseas, forces or crown; on paper also local-connection.",
    "RPR 2001 r.26; RPA 1983 s.1D, s.14-15",
    "Send one of them.",
    invalid=True,
)
NO_AUTHORITY: Final = Rule(
    "ier-authority-missing",
    "An application names the council (gssCode) it is meant for.",
    "RPA 1983 s.8, s.10ZC",
    "Send the GSS code of the council.",
    invalid=True,
)
NAME_TOO_LONG: Final = Rule(
    "name-too-long",
    "A first name has at most 35 characters, middle names 100, a last name 35.",
    "IER application format",
    "Shorten the name as the applicant wants it printed.",
    invalid=True,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One answer that cannot be taken, by its key; the value is never repeated."""

    key: str
    rule: Rule


class FormRefused(Refused):
    """The document as a whole is refused; `faults` names every key and rule."""

    def __init__(self, *faults: Fault) -> None:
        named = "; ".join(f"{fault.key}: {fault.rule.because}" for fault in faults if fault.key)
        super().__init__(faults[0].rule, named)
        self.faults = faults


def read(document: bytes) -> dict[str, str]:
    """The flat map of an IER document, untouched. Raises `FormRefused`, naming every key that is no text."""
    if len(document) > MOST_BYTES:
        raise FormRefused(Fault("", UNREADABLE))
    try:
        parsed: Any = json.loads(document.decode("utf-8"), object_pairs_hook=_without_duplicates)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise FormRefused(Fault("", UNREADABLE)) from None
    if not isinstance(parsed, dict) or not isinstance(parsed.get("application"), dict):
        raise FormRefused(Fault("application", UNREADABLE))
    form = parsed["application"]
    faults = [
        Fault(key, NOT_TEXT)
        for key, value in form.items()
        if not isinstance(value, str) or len(value) > LONGEST_ANSWER or "\x00" in value
    ]
    if faults:
        raise FormRefused(*faults)
    return dict(form)


def to_command(
    form: Mapping[str, str],
    *,
    received_at: datetime,
    person_id: PersonId,
    channel: Channel = "gov.uk",
    property_id: PropertyId | None = None,
) -> ReceiveApplication:
    """The command that receives this form. Raises `FormRefused` when it has no type, reference or council."""
    kind, reference = form.get("applicationType", ""), cleaned(form.get("refNum", ""))
    faults = [
        fault
        for fault, wrong in (
            (Fault("applicationType", UNKNOWN_TYPE), kind not in get_args(Category)),
            (Fault("refNum", NO_REFERENCE), not reference),
            (Fault("gssCode", NO_AUTHORITY), not form.get("gssCode")),
        )
        if wrong
    ]
    faults += [Fault(key, identifiers.GSS_CODE_IMPOSSIBLE) for key in ("gssCode", "pgssCode") if not _gss(form, key)]
    if faults:
        raise FormRefused(*faults)
    council = Authority(identifiers.gss_code(form["gssCode"]))
    return ReceiveApplication(
        application_id=application_id(council, reference),
        person_id=person_id,
        reference=reference,
        channel=channel,
        kind=kind,  # type: ignore[arg-type]
        received_at=received_at,
        gss_code=council,
        form=dict(form),
        property_id=property_id,
        previous_gss_code=Authority(identifiers.gss_code(form["pgssCode"])) if form.get("pgssCode") else None,
    )


def write(application: ApplicationReceived) -> dict[str, dict[str, str]]:
    """The IER document of an application, key for key as it came. Raises `ValueError` when its form was erased."""
    if isinstance(application.form, Erased | Sealed):
        raise ValueError("the form of this application can no longer be read")
    return {"application": dict(application.form)}


def enter(
    *,
    reference: str,
    gss_code: str,
    name: PersonName,
    address: AddressLines,
    kind: Category = "ordinary",
    date_of_birth: str = "",
    no_date_of_birth: str = "",
    age_band: str = "",
    nino: str = "",
    no_nino: str = "",
    nationalities: str = "",
    no_nationality: str = "",
    previous_name: PersonName | None = None,
    previous_address: AddressLines | None = None,
    contact: ContactDetails | None = None,
    open_register: bool = False,
    other: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The IER map of a paper form, a telephone call or a visit, as an officer entered it; empty answers are left out.

    `date_of_birth` is YYYY-MM-DD, `nationalities` ISO codes ("GB, IE"). `other` holds further IER keys.
    Raises `FormRefused` for a name that is too long to be kept whole.
    """
    reached = contact or ContactDetails()
    form = {
        "applicationType": kind,
        "refNum": reference,
        "gssCode": gss_code,
        **_name("", name),
        **(_name("p", previous_name) if previous_name else {}),
        "dob": date_of_birth,
        "nodobreason": no_date_of_birth,
        "agerange": age_band,
        "nino": nino,
        "nonino": no_nino,
        "nat": nationalities,
        "nonat": no_nationality,
        **_address("reg", address),
        **(_address("p", previous_address) if previous_address else {}),
        "opnreg": "true" if open_register else "false",
        "phone": reached.phone,
        "email": reached.email,
        "post": "true" if reached.post else "false",
        **(other or {}),
    }
    return {key: cleaned(value) for key, value in form.items() if cleaned(value)}


def _name(prefix: str, name: PersonName) -> dict[str, str]:
    parts = dict(zip((f"{prefix}fn", f"{prefix}mn", f"{prefix}ln"), (name.first, name.middle, name.last), strict=True))
    faults = [
        Fault(key, NAME_TOO_LONG)
        for (key, part), most in zip(parts.items(), NAME_LENGTHS, strict=True)
        if len(cleaned(part)) > most
    ]
    if faults:
        raise FormRefused(*faults)
    return parts


def _address(prefix: str, address: AddressLines) -> dict[str, str]:
    return {
        f"{prefix}property": address.property,
        f"{prefix}street": address.street,
        f"{prefix}locality": address.locality,
        f"{prefix}town": address.town,
        f"{prefix}area": address.area,
        f"{prefix}uprn": str(address.uprn) if address.uprn is not None else "",
        f"{prefix}postcode": address.postcode,
    }


def _gss(form: Mapping[str, str], key: str) -> bool:
    if not form.get(key):
        return True
    try:
        identifiers.gss_code(form[key])
    except Refused:
        return False
    return True


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that comes twice would silently lose one answer."""
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise ValueError("a key comes twice")
    return unique
