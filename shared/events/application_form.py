"""Reading an application form: the flat map of the IER Digital Service, kept whole in `ApplicationReceived.form`.

Keys are those that GOV.UK sends (`fn`, `dob`, `regpostcode`, …); every value is text. The form itself is never altered:
these functions take from it what a decision or a screen needs, cleaned as GOV.UK cleans it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal

from shared.events.values import AddressLines, Category, ContactDetails, FranchiseFacts, PersonName, Uprn

Form = Mapping[str, str]

ADDRESS = ("property", "street", "locality", "town", "area", "postcode", "uprn")
KEYS = frozenset({
    "applicationType", "refNum", "ip", "lang", "timeTaken", "webHash", "gssCode", "pgssCode", "fn", "mn", "ln",
    "pfn", "pmn", "pln", "nameChangeReason", "dob", "nodobreason", "agerange", "nat", "nonat", "nino", "nonino",
    "opnreg", "pvote", "pvoteemail", "proxyvote", "proxyvoteemail", "post", "phone", "email", "oadr",
    "soleoccupancy", "lastcategory", "leftuk", "dcs", "pgfn", "pgmn", "pgln", "pgrfn", "pgrmn", "pgrln",
    "bpass", "passno", "passloc", "passdate", "dbritcit", "hbritcit", "birthplace", "corrcountry",
    "corrpostcode", "corraddressline1", "corraddressline2", "corraddressline3", "corraddressline4",
    "corraddressline5", "corraddrtype", "saf", "serv", "reg", "servno", "rank", "ukAddr", "crwn", "scrwn", "bc",
    "sbc", "role", "payr", "dept", "declaredon",
}) | {prefix + part for prefix in ("reg", "p") for part in ADDRESS}  # fmt: skip
"""Every key that GOV.UK is known to send, and `declaredon` of a paper declaration. `reg` alone is a regiment, so
addresses are read by whole keys."""

NAME_LENGTHS = (35, 100, 35)


class Unreadable(ValueError):
    """A value of the form cannot be what its key says. Holds the key, never the value."""

    def __init__(self, key: str, expected: str) -> None:
        super().__init__(f"{key} is not {expected}")
        self.key = key
        self.expected = expected


def cleaned(text: str) -> str:
    """As GOV.UK cleans what people type: no `<`, `>`, `|`; tabs become spaces; no space at the ends."""
    return re.sub(r"[<>|]", "", text).replace("\t", " ").strip()


def missing(form: Form, kind: Category) -> tuple[str, ...]:
    """Keys that RPR r.26 requires and the form neither answers nor explains: no application is made until then."""

    def said(*keys: str) -> bool:
        return any(cleaned(form.get(key, "")) for key in keys)

    required = {
        "ln": said("fn", "ln"),
        "dob": said("dob") or (said("nodobreason") and said("agerange")),
        "nino": said("nino", "nonino"),
        "nat": said("nat", "nonat") or kind == "overseas",  # who applies from overseas declares British citizenship
        "regproperty": said("regproperty", "regstreet"),
    }
    return tuple(key for key, answered in required.items() if not answered)


def name(form: Form, prefix: str = "") -> PersonName:
    """The applicant's name, cut to 35/100/35 characters; with prefix `p` the previous one."""
    first, middle, last = (
        cleaned(form.get(prefix + key, ""))[:length].strip()
        for key, length in zip(("fn", "mn", "ln"), NAME_LENGTHS, strict=True)
    )
    return PersonName(first, last, middle) if last else PersonName("", first, middle)


def date_of_birth(form: Form) -> date | None:
    """`dob`, or None when none is given. Raises `Unreadable`."""
    text = cleaned(form.get("dob", ""))
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable("dob", "a date like 1980-12-01") from None


def declared_on(form: Form) -> date | None:
    """The date on a paper declaration (`declaredon`), as officers enter it; GOV.UK dates a declaration by its sending.
    None when there is none, or none that can be read."""
    try:
        return date.fromisoformat(cleaned(form.get("declaredon", "")))
    except ValueError:
        return None


def franchise(form: Form, kind: Category) -> FranchiseFacts:
    """What the form says that decides the franchise. Whoever applies from overseas declares to be British."""
    declared = tuple(code.strip().upper() for code in cleaned(form.get("nat", "")).split(",") if code.strip())
    return FranchiseFacts(
        date_of_birth=date_of_birth(form),
        age_band=cleaned(form.get("agerange", "")),
        nationalities=declared or (("GB",) if kind == "overseas" else ()),
        category=kind,
    )


def address(form: Form, prefix: str = "reg") -> AddressLines:
    """The qualifying address, or with prefix `p` the one left in the last twelve months. Raises `Unreadable`."""
    part = {key: cleaned(form.get(prefix + key, "")) for key in ADDRESS}
    return AddressLines(
        property=part["property"],
        street=part["street"],
        locality=part["locality"],
        town=part["town"],
        area=part["area"],
        postcode=part["postcode"].upper(),
        uprn=_uprn(part["uprn"], prefix + "uprn"),
    )


def contact(form: Form) -> ContactDetails:
    """How the applicant may be reached."""
    return ContactDetails(
        phone=cleaned(form.get("phone", "")), email=cleaned(form.get("email", "")), post=form.get("post") != "false"
    )


def opted_out(form: Form) -> bool:
    """Whether the applicant keeps out of the open register; silence does not put anyone in it."""
    return form.get("opnreg") != "true"


def language(form: Form) -> Literal["en", "cy"]:
    """In which the form was filled in."""
    return "cy" if cleaned(form.get("lang", "")) == "cy" else "en"


def unknown_keys(form: Form) -> tuple[str, ...]:
    """Keys this build does not know, in order: kept, and shown to an officer."""
    return tuple(key for key in form if key not in KEYS)


def _uprn(text: str, key: str) -> Uprn | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,12}", text):
        raise Unreadable(key, "a UPRN of at most 12 digits")
    return Uprn(int(text))
