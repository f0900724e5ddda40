"""Who may have a copy of the register, of what, what for, and what they are told. [RPR 2001 Pt 6 r.92-115, Pt 7 r.116-120]

`ENTITLEMENTS` is the whole table: one row for each kind of recipient, dated, with the regulation it rests on. `verified` says
whether the number of the regulation was seen in its text; where it was not, a lawyer reads it before go-live. Nothing is
supplied without `establish`, which answers with the row or refuses in plain English.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.marked_registers import require_open
from shared.law.rules import Refused, Rule


class Recipient(Enum):
    """Kinds of recipient, as the regulations tell them apart."""

    LEGAL_DEPOSIT = "legal-deposit-library"
    STATISTICS = "statistics-board"
    BOUNDARIES = "boundary-commission"
    ELECTORAL_COMMISSION = "electoral-commission"
    RETURNING_OFFICER = "returning-officer"
    JURY_SUMMONING = "jury-summoning"
    REPRESENTATIVE = "elected-representative"
    DONEE = "regulated-donee"
    CONSTITUENCY_PARTY = "constituency-party"
    PARTY = "registered-party"
    COUNCIL = "council"
    CANDIDATE = "candidate"
    POLICE = "police-or-security"
    ARCHIVE = "library-or-archive"
    DEPARTMENT = "government-department"
    CREDIT_REFERENCE = "credit-reference-agency"
    OWN_ACT = "body-with-its-own-act"
    ANYONE = "anyone"


class Document(Enum):
    """What may be copied."""

    FULL = "full-register"
    OPEN = "open-register"
    NOTICES = "notices"
    """Notices of alteration of the full register."""
    OVERSEAS = "overseas-list"
    ABSENT_LISTS = "absent-voter-lists"
    MARKED = "marked-register"
    """The register, or a list of absent voters, marked with who voted at one poll."""


class Basis(Enum):
    FREE = "free"
    SALE = "sale"


class Later(Enum):
    """Whether notices of alteration follow a register."""

    AS_PUBLISHED = "as published"
    IF_ASKED = "if asked for"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One row. `own_area`: only the part for the recipient's own area. `cites_power`: the enactment that entitles it is of
    its own and has to be named. `purposes`: what it may be used for; none means any use at all."""

    who: str
    regulation: str
    verified: bool
    basis: Basis
    documents: frozenset[Document]
    purposes: tuple[str, ...] = ()
    own_area: bool = False
    later: Later = Later.IF_ASKED
    in_writing: bool = True
    cites_power: bool = False


SINCE: Final = date(2012, 1, 1)
_RPR: Final = "RPR 2001 r."
_COPIES: Final = frozenset({Document.FULL, Document.NOTICES, Document.OVERSEAS})
_MARKED: Final = frozenset({Document.MARKED})
_LISTS: Final = frozenset({Document.ABSENT_LISTS})
"""On request to elected representatives, parties and candidates. [r.61; the list of recipients is to be verified]"""


def _row(recipient: Recipient, entitlement: Entitlement) -> tuple[Recipient, Dated[Entitlement]]:
    return recipient, Dated(entitlement.who, Provision(entitlement, SINCE, entitlement.regulation))


ENTITLEMENTS: Final[dict[Recipient, Dated[Entitlement]]] = dict((
    _row(Recipient.LEGAL_DEPOSIT, Entitlement(
        "the British Library or the National Library of Wales", f"{_RPR}97, 97A", False, Basis.FREE, _COPIES,
        ("legal deposit",), later=Later.AS_PUBLISHED, in_writing=False,
    )),
    _row(Recipient.STATISTICS, Entitlement(
        "the Office for National Statistics", f"{_RPR}98", False, Basis.FREE, _COPIES, ("statistics",),
        later=Later.AS_PUBLISHED, in_writing=False,
    )),
    _row(Recipient.BOUNDARIES, Entitlement(
        "a Boundary Commission", f"{_RPR}99, 101", False, Basis.FREE, _COPIES, ("reviews of boundaries",),
        later=Later.AS_PUBLISHED, in_writing=False,
    )),
    _row(Recipient.ELECTORAL_COMMISSION, Entitlement(
        "the Electoral Commission", f"{_RPR}100", True, Basis.FREE, _COPIES | _MARKED, ("its statutory functions",),
        later=Later.AS_PUBLISHED, in_writing=False,
    )),
    _row(Recipient.RETURNING_OFFICER, Entitlement(
        "a returning officer or counting officer", "RPA 1983 s.18A-31; RPR 2001 Pt 6", False, Basis.FREE,
        _COPIES | _LISTS, ("the conduct of a poll",), own_area=True, in_writing=False,
    )),
    _row(Recipient.JURY_SUMMONING, Entitlement(
        "the officer who summons jurors", "Juries Act 1974 s.3", False, Basis.FREE, frozenset({Document.FULL}),
        ("summoning jurors",), later=Later.NEVER, in_writing=False,
    )),
    _row(Recipient.REPRESENTATIVE, Entitlement(
        "a member of Parliament, councillor, mayor, police and crime commissioner or assembly member", f"{_RPR}103", True,
        Basis.FREE, _COPIES | _LISTS | _MARKED, ("the duties of the office", "electoral purposes"), own_area=True,
    )),
    _row(Recipient.DONEE, Entitlement(
        "a holder of or candidate for an office with regulated donations", f"{_RPR}104", False, Basis.FREE,
        frozenset({Document.FULL, Document.OVERSEAS}), ("checking donations",), later=Later.NEVER,
    )),
    _row(Recipient.CONSTITUENCY_PARTY, Entitlement(
        "the constituency party of a registered political party", f"{_RPR}105", True, Basis.FREE,
        _COPIES | _LISTS | _MARKED, ("electoral purposes",), own_area=True,
    )),
    _row(Recipient.PARTY, Entitlement(
        "a registered political party or recognised third party", f"{_RPR}106", True, Basis.FREE,
        _COPIES | _LISTS | _MARKED, ("electoral purposes", "checking donations"),
    )),
    _row(Recipient.COUNCIL, Entitlement(
        "the council that appointed the registration officer, a council in its area, or a parish", f"{_RPR}107", True,
        Basis.FREE, _COPIES,
        (
            "security, law enforcement or crime prevention", "a poll under Local Government Act 2003 s.116",
            "statistics in which nobody can be identified",
        ),
        own_area=True,
    )),
    _row(Recipient.CANDIDATE, Entitlement(
        "a candidate at an election", f"{_RPR}108", True, Basis.FREE,
        frozenset({Document.FULL, Document.OVERSEAS}) | _LISTS | _MARKED, ("electoral purposes", "checking donations"),
        own_area=True, later=Later.NEVER,
    )),
    _row(Recipient.POLICE, Entitlement(
        "a police force, the National Crime Agency or a security service", f"{_RPR}109", True, Basis.FREE,
        _COPIES | _MARKED, ("preventing and detecting crime", "vetting", "national security"),
    )),
    _row(Recipient.ARCHIVE, Entitlement(
        "a public library or local archive", f"{_RPR}109A", False, Basis.FREE, _COPIES, ("inspection under supervision",),
        own_area=True,
    )),
    _row(Recipient.DEPARTMENT, Entitlement(
        "a government department, regulator or vetting body", f"{_RPR}113", True, Basis.SALE, _COPIES | _MARKED,
        ("crime and justice", "vetting required by law", "national security"),
    )),
    _row(Recipient.CREDIT_REFERENCE, Entitlement(
        "a credit reference agency", f"{_RPR}114", False, Basis.SALE, _COPIES,
        ("vetting applications for credit", "checks against money laundering", "statistics in which nobody can be identified"),
    )),
    _row(Recipient.OWN_ACT, Entitlement(
        "a body entitled by an Act of its own", "the enactment that the request names", False, Basis.FREE,
        frozenset({Document.FULL}), ("what that enactment allows",), later=Later.NEVER, cites_power=True,
    )),
    _row(Recipient.ANYONE, Entitlement(
        "anyone", f"{_RPR}110", False, Basis.SALE, frozenset({Document.OPEN}), later=Later.NEVER, in_writing=False,
    )),
))  # fmt: skip

# --------------------------------------------------------------------- rules

OPEN_ONLY = Rule(
    "open-register-only",
    "Somebody with no entitlement of their own may have the open register and nothing else.",
    "RPR 2001 r.110",
    "Offer the open register; its fee is quoted when the request is entered.",
)
NOT_ENTITLED = Rule(
    "not-entitled-to-that",
    "This kind of recipient is not entitled to this document.",
    "RPR 2001 r.97-114, r.117",
    "Tell them what they may have: the table of entitlements names it.",
)
NO_LATER_NOTICES = Rule(
    "no-later-notices",
    "This recipient is supplied once, with no later notices of alteration.",
    "RPR 2001 r.108",
    "Supply the register as it stands without later notices; a new request may follow.",
)
NOT_IN_WRITING = Rule(
    "request-not-in-writing",
    "This supply needs a request in writing.",
    "RPR 2001 r.103-109, r.113-114",
    "Ask for a letter or an e-mail, then enter the request.",
)
PURPOSE_NOT_ALLOWED = Rule(
    "purpose-not-allowed",
    "The register is supplied for the purposes that the regulation names, and the request names none of them.",
    "RPR 2001 r.96, r.103-114",
    "Ask what it is for; the table of entitlements lists the purposes.",
)
AREA_NOT_NAMED = Rule(
    "own-area-not-named",
    "This recipient may have only the part of the register for their own area.",
    "RPR 2001 r.103, r.105, r.107-108",
    "Name the polling districts of their area.",
    invalid=True,
)
POWER_NOT_CITED = Rule(
    "power-not-cited",
    "A body outside the regulations is supplied only under an enactment of its own, which nobody has named.",
    "RPR 2001 r.94; the Act of that body",
    "Ask under which section it asks, check that section, and enter it.",
)
UNMARKED_SUFFICES = Rule(
    "why-unmarked-insufficient",
    "A marked copy is supplied when the request says why the unmarked one is not enough for the purpose.",
    "RPR 2001 r.117",
    "Ask for the reason in writing, or offer the unmarked register.",
)
POLL_NOT_NAMED = Rule(
    "poll-not-named",
    "A marked copy or a list of absent voters belongs to one poll.",
    "RPR 2001 r.61, r.117",
    "Name the day of the poll.",
    invalid=True,
)
OF_ONE_POLL: Final = frozenset({Document.MARKED, Document.ABSENT_LISTS})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says. `later`: later notices too. `own_area`: it names the part for the recipient's area."""

    recipient: Recipient
    document: Document
    purpose: str = ""
    in_writing: bool = False
    own_area: bool = False
    later: bool = False
    power: str = ""
    poll: date | None = None
    why_marked: str = ""


def establish(asked: Asked, on: date) -> Entitlement:
    """The entitlement that a request rests on, on that day. Raises `Refused`."""
    entitlement = ENTITLEMENTS[asked.recipient].on(on)
    if asked.document not in entitlement.documents:
        if asked.recipient is Recipient.ANYONE:
            raise Refused(OPEN_ONLY)
        raise Refused(NOT_ENTITLED, f"To {entitlement.who}: {listed(entitlement)} ({entitlement.regulation}).")
    if asked.later and entitlement.later is Later.NEVER:
        raise Refused(NO_LATER_NOTICES, f"So says {entitlement.regulation} of {entitlement.who}.")
    if entitlement.in_writing and not asked.in_writing:
        raise Refused(NOT_IN_WRITING)
    if entitlement.purposes and asked.purpose not in entitlement.purposes:
        raise Refused(PURPOSE_NOT_ALLOWED, f"They are: {'; '.join(entitlement.purposes)}.")
    if entitlement.own_area and not asked.own_area:
        raise Refused(AREA_NOT_NAMED)
    if entitlement.cites_power and not asked.power.strip():
        raise Refused(POWER_NOT_CITED)
    if asked.document in OF_ONE_POLL and asked.poll is None:
        raise Refused(POLL_NOT_NAMED)
    if asked.document is Document.MARKED and not asked.why_marked.strip():
        raise Refused(UNMARKED_SUFFICES)
    if asked.document is Document.MARKED and asked.poll is not None:
        require_open(asked.poll, on)
    return entitlement


def listed(entitlement: Entitlement) -> str:
    """What a recipient may have, in words: `full register, notices, overseas list`."""
    return ", ".join(document.value.replace("-", " ") for document in Document if document in entitlement.documents)


def fee_due(entitlement: Entitlement, document: Document) -> bool:
    """Whether a fee is to be paid first: for every sale, and for a marked copy whoever asks. [RPR 2001 r.110-114, r.120]"""
    return entitlement.basis is Basis.SALE or document is Document.MARKED


def statement(entitlement: Entitlement, document: Document, purpose: str = "", power: str = "") -> tuple[str, ...]:
    """What a recipient is told with the copy: purpose, penalty, destruction. [RPR 2001 r.96, r.110, r.115; EC guidance]"""
    if document is Document.OPEN:
        return ("This is the open register. Anyone may buy it and use it for any purpose (RPR 2001 r.110).",)
    said = [
        f"This copy of the {document.value.replace('-', ' ')} is supplied to {entitlement.who} under "
        f"{power or entitlement.regulation}, for: {purpose}. It may be used for nothing else.",
        "To pass it on, disclose what is in it or use it otherwise is an offence, for which you may be fined (RPR 2001 r.115).",
        "Keep it secure. Destroy it securely when the purpose is fulfilled, and tell us at once if it is lost.",
    ]
    if entitlement.later is Later.NEVER:
        said.append("No later notices of alteration will be sent to you.")
    return tuple(said)
