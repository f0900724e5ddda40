"""Who may be registered, and who may vote at which poll: from facts about a person to registers, marker and ballot.

Facts are stored; everything here is derived from them and a day, with the law of that day. Entitlement to register is
tested at the relevant date, the date of the application; the ballot on polling day. [RPA 1983 s.1-4; Elections Act 2022]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from shared.law import nationalities, provisions
from shared.law.dates import anniversary
from shared.law.polls import Country, PollType, Register
from shared.law.rules import Refused, Rule

LEGAL_INCAPACITY: Final = Rule(
    "legal-incapacity",
    "A convicted prisoner in custody, a detained offender-patient or a person convicted of a corrupt or illegal practice "
    "may not vote.",
    "RPA 1983 s.3-3A, s.173",
)
NATIONALITY_NOT_ESTABLISHED: Final = Rule(
    "nationality-not-established",
    "No nationality has been established, and the franchise depends on it.",
    "RPA 1983 s.4; RPR 2001 r.26",
    then="Ask for the nationality or for evidence of it.",
)
NOT_A_QUALIFYING_CITIZEN: Final = Rule(
    "not-a-qualifying-citizen",
    "The franchise belongs to British, Irish, qualifying Commonwealth and, at local polls, certain EU citizens.",
    "RPA 1983 s.1, s.2, s.4; Elections Act 2022 Sch 8; SI 2023/1150",
)
NO_LEAVE: Final = Rule(
    "no-leave-to-remain",
    "The citizenship qualifies only with leave to enter or remain, or where none is needed.",
    "RPA 1983 s.4(6), s.203A",
)
OVERSEAS_NOT_BRITISH: Final = Rule(
    "overseas-elector-not-british", "Only a British citizen may be registered as an overseas elector.", "RPA 1985 s.1"
)
PEER_OVERSEAS: Final = Rule(
    "overseas-peer",
    "A sitting member of the House of Lords has no vote for the House of Commons, and an overseas elector no other.",
    "RPA 1983 s.1-2; RPA 1985 s.1",
)
DATE_OF_BIRTH_NEEDED: Final = Rule(
    "date-of-birth-needed",
    "Without a date of birth nobody under voting age can be registered.",
    "RPR 2001 r.26",
    then="Ask for the date of birth.",
)
TOO_YOUNG: Final = Rule(
    "too-young-to-register",
    "Voting age is not reached by 30 November after the 1 December that follows the application.",
    "RPA 1983 s.4(5)",
    then="Invite an application when the person can be an attainer.",
)
UNDER_VOTING_AGE: Final = Rule("under-voting-age", "Voting age is not reached on polling day.", "RPA 1983 s.1-2")
PEERS_DO_NOT_VOTE_HERE: Final = Rule(
    "peers-have-no-parliamentary-vote",
    "A sitting member of the House of Lords has no vote for the House of Commons.",
    "RPA 1983 s.1",
)
LOCAL_FRANCHISE_ONLY: Final = Rule(
    "local-franchise-only", "The citizenship carries the vote at local polls only.", "RPA 1983 s.1-2; SI 2023/1150"
)
OVERSEAS_HAVE_NO_LOCAL_VOTE: Final = Rule(
    "overseas-have-no-local-vote", "An overseas elector votes at UK Parliamentary polls only.", "RPA 1985 s.1"
)
NOT_OURS: Final = Rule(
    "registered-in-northern-ireland",
    "Electors in Northern Ireland are registered by its Chief Electoral Officer.",
    "RPA 1983 s.8(4)",
    invalid=True,
)


class AgeBand(Enum):
    """Given instead of a date of birth. [RPR 2001 r.26]"""

    UNDER_18 = "under 18"
    FROM_18_TO_75 = "18-75"
    OVER_75 = "76+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the franchise of one person depends on.

    `nationalities` are ISO 3166-1 alpha-2 codes. `has_leave`: has leave to enter or remain, or needs none; taken as true
    until something says otherwise, for the form does not ask Commonwealth citizens. `resident_since`: lawfully resident
    in the UK, Channel Islands or Isle of Man without a break since that day (EU citizens).
    """

    nationalities: frozenset[str]
    date_of_birth: date | None = None
    age_band: AgeBand | None = None
    has_leave: bool = True
    resident_since: date | None = None
    overseas: bool = False
    sitting_peer: bool = False
    anonymous: bool = False
    legal_incapacity: bool = False


class Citizenship(Enum):
    """What a person's nationalities carry."""

    ALL_POLLS = "British, Irish or qualifying Commonwealth citizen"
    LOCAL_POLLS = "citizen with the local franchise"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """The registers a person may be on, with the first day of a vote on each; `because` says why in one sentence each."""

    votes_from: Mapping[Register, date]
    relevant_date: date
    because: tuple[str, ...]

    @property
    def registers(self) -> frozenset[Register]:
        return frozenset(self.votes_from)

    @property
    def is_attainer(self) -> bool:
        """Under voting age for every register they may be on."""
        return min(self.votes_from.values()) > self.relevant_date


@dataclass(frozen=True, slots=True)
class Marking:
    """How an entry is marked in print: a letter before the name, N after the number, the date of an attainer."""

    before_name: str = ""
    after_number: str = ""
    attains_on: date | None = None

    @property
    def letters(self) -> str:
        return self.before_name + self.after_number


def entitlement(facts: Facts, relevant_date: date, country: Country = Country.ENGLAND) -> Entitlement:
    """The registers for which an application of `relevant_date` may be allowed. Raises `Refused` if for none."""
    if country is Country.NORTHERN_IRELAND:
        raise Refused(NOT_OURS)
    if facts.legal_incapacity:
        raise Refused(LEGAL_INCAPACITY)
    citizenship = citizenship_on(facts, relevant_date, country)
    votes_from: dict[Register, date] = {}
    for register in _registers(facts, citizenship):
        day = _votes_from(facts, relevant_date, _voting_age(register, country, relevant_date))
        if day is not None:
            votes_from[register] = day
    if not votes_from:
        raise Refused(TOO_YOUNG)
    return Entitlement(votes_from, relevant_date, _because(facts, citizenship, votes_from, relevant_date))


def marker(facts: Facts, on: date, country: Country = Country.ENGLAND) -> Marking:
    """How the entry is marked on a day. Raises `Refused` for a person whose citizenship carries no franchise then.
    [RPR 2001 r.41A, r.42]"""
    letter = ""
    if facts.overseas:
        letter = "F"
    elif citizenship_on(facts, on, country) is Citizenship.LOCAL_POLLS:
        letter = (
            nationalities.ANY_NATIONALITY[country].on(on) if _takes_all(country, on) else nationalities.EU_MARKER.on(on)
        )
    elif facts.sitting_peer:
        letter = "L"
    attains = None
    if facts.date_of_birth is not None:
        attains = anniversary(facts.date_of_birth, provisions.VOTING_AGE.on(on))
    return Marking(letter, "N" if facts.anonymous else "", attains if attains and attains > on else None)


def eligible(facts: Facts, poll_type: PollType, polling_day: date, country: Country = Country.ENGLAND) -> bool:
    """Whether a registered person gets a ballot paper at a poll; `why_not` says why one does not."""
    return why_not(facts, poll_type, polling_day, country) is None


def why_not(facts: Facts, poll_type: PollType, polling_day: date, country: Country = Country.ENGLAND) -> Rule | None:
    """The rule that keeps a person from voting at a poll; None if nothing does."""
    law_of = Country.ENGLAND if poll_type.is_reserved else country
    if facts.legal_incapacity:
        return LEGAL_INCAPACITY
    try:
        citizenship = citizenship_on(facts, polling_day, law_of)
    except Refused as refused:
        return refused.rule
    if poll_type.register is Register.PARLIAMENTARY:
        if facts.sitting_peer:
            return PEERS_DO_NOT_VOTE_HERE
        if citizenship is Citizenship.LOCAL_POLLS:
            return LOCAL_FRANCHISE_ONLY
    elif facts.overseas:
        return OVERSEAS_HAVE_NO_LOCAL_VOTE
    age = _voting_age(Register.PARLIAMENTARY if poll_type.is_reserved else poll_type.register, law_of, polling_day)
    if facts.date_of_birth is None:
        return None if facts.age_band in (AgeBand.FROM_18_TO_75, AgeBand.OVER_75) else UNDER_VOTING_AGE
    return None if anniversary(facts.date_of_birth, age) <= polling_day else UNDER_VOTING_AGE


def citizenship_on(facts: Facts, on: date, country: Country) -> Citizenship:
    """The best that a person's nationalities carry under the law of a day. Raises `Refused` if nothing."""
    held = facts.nationalities
    if not held:
        raise Refused(NATIONALITY_NOT_ESTABLISHED)
    if held & nationalities.BRITISH or (held & nationalities.IRISH and not facts.overseas):
        return Citizenship.ALL_POLLS
    if facts.overseas:
        raise Refused(OVERSEAS_NOT_BRITISH)
    if held & nationalities.COMMONWEALTH.on(on) and facts.has_leave:
        return Citizenship.ALL_POLLS
    if (_takes_all(country, on) or held & nationalities.TREATY_STATES.on(on)) and facts.has_leave:
        return Citizenship.LOCAL_POLLS
    if held & nationalities.EU and _kept_rights(facts, on):
        return Citizenship.LOCAL_POLLS
    lacks_leave = (
        held & (nationalities.COMMONWEALTH.on(on) | nationalities.TREATY_STATES.on(on)) and not facts.has_leave
    )
    raise Refused(NO_LEAVE if lacks_leave else NOT_A_QUALIFYING_CITIZEN)


def attainers_until(relevant_date: date) -> date:
    """The last day on which somebody who applies on `relevant_date` may reach voting age: 30 November of the year after
    the first 1 December that follows. So nobody under 16 registers where the age is 18. [RPA 1983 s.4(5)]"""
    first_december = date(relevant_date.year, 12, 1)
    return date(relevant_date.year + (1 if first_december > relevant_date else 2), 11, 30)


def _registers(facts: Facts, citizenship: Citizenship) -> list[Register]:
    if facts.overseas:
        if facts.sitting_peer:
            raise Refused(PEER_OVERSEAS)
        return [Register.PARLIAMENTARY]
    if facts.sitting_peer or citizenship is Citizenship.LOCAL_POLLS:
        return [Register.LOCAL]
    return [Register.PARLIAMENTARY, Register.LOCAL]


def _votes_from(facts: Facts, relevant_date: date, voting_age: int) -> date | None:
    """The first day of a vote; None if it lies too far ahead for an attainer."""
    if facts.date_of_birth is None:
        if facts.age_band in (AgeBand.FROM_18_TO_75, AgeBand.OVER_75):
            return relevant_date
        raise Refused(DATE_OF_BIRTH_NEEDED)
    attains = anniversary(facts.date_of_birth, voting_age)
    return max(attains, relevant_date) if attains <= attainers_until(relevant_date) else None


def _voting_age(register: Register, country: Country, on: date) -> int:
    return (provisions.VOTING_AGE if register is Register.PARLIAMENTARY else provisions.LOCAL_VOTING_AGE[country]).on(
        on
    )


def _takes_all(country: Country, on: date) -> bool:
    """Whether any nationality with leave has the local franchise there: Scotland and Wales."""
    law = nationalities.ANY_NATIONALITY.get(country)
    return law is not None and any(provision.covers(on) for provision in law)


def _kept_rights(facts: Facts, on: date) -> bool:
    rights = next((p for p in nationalities.RETAINED_RIGHTS if p.covers(on)), None)
    return rights is not None and facts.resident_since is not None and facts.resident_since <= rights.value


def _because(
    facts: Facts, citizenship: Citizenship, votes_from: Mapping[Register, date], relevant_date: date
) -> tuple[str, ...]:
    sentences = [f"{citizenship.value} [RPA 1983 s.4; Elections Act 2022]"]
    if facts.overseas:
        sentences.append("overseas elector: UK Parliamentary polls only [RPA 1985 s.1]")
    if facts.sitting_peer:
        sentences.append("sitting member of the House of Lords: local polls only [RPA 1983 s.1]")
    for register, day in votes_from.items():
        when = "of voting age" if day == relevant_date else f"attainer, may vote from {day:%-d %B %Y}"
        sentences.append(f"{register.value} register: {when} [RPA 1983 s.4(5)]")
    return tuple(sentences)
