"""Who may act as a proxy, for how many, on what ground, and for how long.

[RPA 2000 Sch 4 paras 3-7; RPR 2001 r.51A-60A; Elections Act 2022 s.7 and SI 2023/1145; EC guidance for EROs (EC-E)]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.law.dated import Dated, NoLawOn, Provision
from shared.law.dates import anniversary
from shared.law.polls import Country, PollType
from shared.law.provisions import SINCE
from shared.law.rules import Refused, Rule

IDENTITY_CHECKS: Final = date(2023, 10, 31)
"""From this day: identity checks for absent votes, the limits on proxies, and the three years of a postal vote."""

# ------------------------------------------------------------------ the limits


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """One person acts for at most `electors`, and for at most `domestic` who are neither overseas nor service electors.
    `relatives_count`: whether close relatives of the proxy count towards them."""

    electors: int
    domestic: int
    relatives_count: bool = True


OLD_LIMITS: Final = ProxyLimits(electors=2, domestic=2, relatives_count=False)
LIMITS: Final = {
    "uk-and-england": Dated(
        "electors one proxy may act for",
        Provision(OLD_LIMITS, SINCE, "RPA 2000 Sch 4 para 6", until=date(2023, 10, 30)),
        Provision(ProxyLimits(4, 2), IDENTITY_CHECKS, "RPA 2000 Sch 4 para 6; Elections Act 2022 s.7"),
    ),
    "devolved": Dated(
        "electors one proxy may act for at a devolved poll",
        Provision(OLD_LIMITS, SINCE, "SI 2007/236 art.12; SSI 2015/425 art.12; RPA 2000 Sch 4 para 6 as it was"),
    ),
}
"""By whose law a poll is held."""
DEVOLVED: Final = frozenset({PollType.SENEDD, PollType.SCOTTISH_PARLIAMENT})


def limits_that_bind(country: Country, poll: PollType | None = None) -> tuple[str, ...]:
    """Names in `LIMITS` of those that an appointment must keep; without a `poll`, for every poll held there."""
    if country is Country.ENGLAND:
        return ("uk-and-england",)
    if poll is None:
        return ("uk-and-england", "devolved")
    return ("uk-and-england",) if poll.is_reserved and poll not in DEVOLVED else ("devolved",)


PROXY_ACTS_FOR_ENOUGH: Final = Rule(
    "proxy-acts-for-enough",
    "This person is appointed by as many electors as one proxy may act for.",
    "RPA 2000 Sch 4 para 6; Elections Act 2022 s.7",
    "Ask the elector to name somebody else. A place at one poll is free again the day after it. If two people of one name"
    " live at one address, record their middle names.",
)
PROXY_ACTS_FOR_ENOUGH_AT_HOME: Final = Rule(
    "proxy-acts-for-enough-domestic",
    "This person is appointed by as many electors living in the United Kingdom as one proxy may act for.",
    "RPA 2000 Sch 4 para 6; Elections Act 2022 s.7",
    "Ask the elector to name somebody else: only overseas and service electors may still appoint this person.",
)

# ----------------------------------------------------------------- the grounds


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an elector votes by proxy. `attested`: somebody named in the Regulations has to say so too."""

    because: str
    attested: bool


LONG_TERM_GROUNDS: Final = Dated(
    "grounds for a proxy for a period",
    Provision(
        {
            "overseas": Ground("registered as an overseas elector", attested=False),
            "armed-forces": Ground("in the armed forces", attested=False),
            "armed-forces-spouse": Ground("married to, or civil partner of, a member of the armed forces", attested=False),
            "crown": Ground("a Crown servant or employee of the British Council", attested=False),
            "crown-spouse": Ground("married to, or civil partner of, such a person", attested=False),
            "anonymous": Ground("registered anonymously", attested=False),
            "registered-blind": Ground("registered as blind", attested=False),
            "mobility-benefit": Ground("receives a benefit for reduced mobility at the higher rate", attested=False),
            "disability": Ground("a disability", attested=True),
            "occupation": Ground("work, or that of the spouse or civil partner", attested=True),
            "course": Ground("attends a course, or the spouse or civil partner does", attested=True),
            "journey": Ground("cannot go from home to the polling station without a journey by air or sea", attested=False),
        },
        SINCE,
        "RPA 2000 Sch 4 para 3(3); RPR 2001 r.53-54",
    ),
)  # fmt: skip
EMERGENCY_GROUNDS: Final = Dated(
    "grounds for an emergency proxy",
    Provision(
        {
            "disability-arisen": Ground("a disability that arose after the deadline", attested=True),
            "civil-patient": Ground("detained as a civil patient since the deadline", attested=True),
            "work-learned-of": Ground("work that the elector learned of after the deadline", attested=True),
        },
        SINCE,
        "RPR 2001 r.55, r.56(3)-(3A)",
        until=date(2023, 5, 3),
    ),
    Provision(
        {
            "disability-arisen": Ground("a disability that arose after the deadline", attested=True),
            "civil-patient": Ground("detained as a civil patient since the deadline", attested=True),
            "work-learned-of": Ground("work that the elector learned of after the deadline", attested=True),
            "photo-id-lost": Ground("photographic identification lost, stolen, destroyed or damaged", attested=False),
            "photo-id-away": Ground("photographic identification sent off as proof of identity", attested=False),
            "photo-id-not-arrived": Ground("photographic identification applied for within three months, not arrived", attested=False),
            "elector-document": Ground("the anonymous elector's document not issued, or its number changed", attested=False),
            "temporary-certificate": Ground("a temporary certificate that an adjournment made useless", attested=False),
        },
        date(2023, 5, 4),
        "RPR 2001 r.56(3)-(3B); SI 2022/1382; EC-E",
    ),
)  # fmt: skip
"""Since photographic identification is asked for, the elector's own or that of the proxy they have."""

GROUND_UNKNOWN: Final = Rule(
    "ground-unknown",
    "This is no ground on which a proxy of this kind may be appointed.",
    "RPA 2000 Sch 4 para 3(3); RPR 2001 r.55-56",
    "Choose one of the grounds; for one poll, any reason that the elector gives will do.",
    invalid=True,
)
REASON_NEEDED: Final = Rule(
    "proxy-reason-needed",
    "The elector says why they cannot reasonably be expected to vote in person.",
    "RPR 2001 r.52, r.55",
    "Ask the elector for the reason.",
    invalid=True,
)
ATTESTATION_NEEDED: Final = Rule(
    "attestation-needed",
    "On this ground somebody named in the Regulations, such as a doctor or an employer, has to confirm it.",
    "RPR 2001 r.53-55",
    "Ask for the attestation, or for a proxy at one poll only.",
)


def check_ground(kind: str, ground: str, reason: str, *, attested: bool, on: date) -> None:
    """Raises `Refused` unless a proxy of this kind may be had on this ground. At one poll any reason will do."""
    if kind == "particular-poll":
        if not ground and not reason.strip():
            raise Refused(REASON_NEEDED)
        return
    table = EMERGENCY_GROUNDS if kind == "emergency" else LONG_TERM_GROUNDS
    known = table.on(on)
    if ground not in known:
        raise Refused(GROUND_UNKNOWN, f"One of: {', '.join(sorted(known))}.")
    if known[ground].attested and not attested:
        raise Refused(ATTESTATION_NEEDED)


# ---------------------------------------------------------- how long it lasts

INDEFINITE_ENDS_IF_OLDER: Final = Dated(
    "a proxy from before the identity checks ended on",
    Provision(date(2024, 1, 31), SINCE, "Elections Act 2022, transitional provision", until=date(2023, 10, 30)),
)
SIGNATURE_YEARS: Final = Dated(
    "years after which the signature behind an indefinite proxy is asked for again",
    Provision(5, SINCE, "RPR 2001 r.60A; EC-E"),
)


def appointment_ends(determined_on: date, registration_ends: date | None) -> date | None:
    """The latest last day of a proxy: none at home, since there is no three-year limit; of an overseas elector, the end of
    the registration."""
    try:
        older = INDEFINITE_ENDS_IF_OLDER.on(determined_on)
    except NoLawOn:
        return registration_ends
    return min(older, registration_ends) if registration_ends else older


def signature_is_old(signed_on: date, on: date) -> bool:
    """Whether a signature is more than five years old on that 31 January, so that a fresh one is asked for."""
    return anniversary(signed_on, SIGNATURE_YEARS.on(on)) < on


# ------------------------------------------------------------- the other rules

TOO_LATE_FOR_A_PROXY: Final = Rule(
    "too-late-for-a-proxy",
    "An application for a proxy at one poll arrives by 5pm on the sixth working day before it.",
    "RPR 2001 r.56(2)",
    "Ask whether a ground for an emergency proxy has arisen since; such a one may be had until 5pm on polling day.",
)
NOT_YET_AN_EMERGENCY: Final = Rule(
    "not-the-time-for-an-emergency-proxy",
    "An emergency proxy is applied for after 5pm on the sixth working day before the poll, until 5pm on polling day.",
    "RPR 2001 r.56(3)-(3A)",
    "Before that time, appoint a proxy for the poll; after it, nothing can be done for this poll.",
)
TOO_LATE_TO_CHANGE: Final = Rule(
    "too-late-to-change",
    "How an elector votes at a poll is changed or cancelled by 5pm on the eleventh working day before it.",
    "RPR 2001 r.56(5)",
    "Let it stand for this poll, and take the change for later ones.",
)
NO_PROXY: Final = Rule(
    "no-proxy",
    "This elector has no such proxy.",
    "RPA 2000 Sch 4 para 6",
    "Look at the elector's absent voting arrangements.",
)
NOT_THEIR_PROXY: Final = Rule(
    "not-their-proxy",
    "This elector's proxy is somebody else.",
    "RPA 2000 Sch 4 para 7",
    "Appoint this person first, or ask who it is that wants to vote by post.",
)
PROXY_IS_THE_ELECTOR: Final = Rule(
    "proxy-is-the-elector", "Nobody is a proxy for themselves.", "RPA 2000 Sch 4 para 6", invalid=True
)
PROXY_DOES_NOT_CONSENT: Final = Rule(
    "proxy-does-not-consent",
    "The elector states that the proxy is willing and able to act.",
    "RPR 2001 r.52(1)(b)",
    "Ask the elector.",
)
PROXY_NOT_ELIGIBLE: Final = Rule(
    "proxy-not-eligible",
    "A proxy is, or will be, registered, of voting age, and entitled by nationality to vote at the poll.",
    "RPA 2000 Sch 4 para 6(3)",
    "Ask the elector to name somebody else.",
)
PROXY_PERIOD_NOT_GIVEN: Final = Rule(
    "proxy-period-not-given",
    "A proxy for a definite period says until when, and that day has not passed.",
    "RPR 2001 r.51A",
    "Ask the elector for the last day.",
    invalid=True,
)
