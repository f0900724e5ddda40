"""Register checks: the portal asks whether somebody is on the register, and we answer. Register Checker API 2.3.0.

`outcome` says what the portal will make of an answer, so that a test, or an officer, sees it before it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.events.values import AddressLines, PersonName
from shared.law.reckoning import LONDON

MOST_MATCHES: Final = 10
"""More are only counted."""
PENDING: Final = "PENDING"
"""The franchise code of somebody whose application is not decided yet."""
EARLIEST: Final = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
"""No earlier time may be sent as the beginning of our history."""
NOT_KNOWN: Final = "-"
"""Stands where the portal wants text and there is none: a person with one name, a mooring without a postcode."""


def _london(value: object) -> object:
    """A time without an offset is meant as London time: the portal reads ours so, and some of its own lack one."""
    if isinstance(value, str):
        read = datetime.fromisoformat(value)
        return read if read.tzinfo else read.replace(tzinfo=LONDON)
    return value


When = Annotated[AwareDatetime, BeforeValidator(_london)]


class _Message(BaseModel):
    """A message of the portal. Fields that this build does not know are left alone."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="ignore", hide_input_in_errors=True)


class RegisterCheck(_Message):
    """One question. With `ems_elector_id` nothing else of it is to be looked at."""

    request_id: UUID = Field(alias="requestid")
    gss_code: str = Field(alias="gssCode", pattern=r"^[A-Za-z]\d{8}$")
    acting_staff_id: str = Field(alias="actingStaffId")
    created_at: When = Field(alias="createdAt")
    ems_elector_id: str | None = Field(None, alias="emsElectorId")
    historical: bool = Field(False, alias="historicalSearch")
    """Also in every register of the past: an overseas application."""
    first: str = Field(alias="fn")
    last: str = Field(alias="ln")
    middle: str = Field("", alias="mn")
    date_of_birth: date | None = Field(None, alias="dob")
    property: str | None = Field(None, alias="regproperty")
    street: str = Field(alias="regstreet")
    postcode: str = Field(alias="regpostcode")
    uprn: str | None = Field(None, alias="reguprn")


class Arrangement(_Message):
    """How long a postal or a proxy vote lasts: until further notice, for one day, or from one day to another."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class PostalVoteHeld(Arrangement):
    postal_vote_until_further_notice: bool | None = None
    postal_vote_for_single_date: date | None = None
    postal_vote_start_date: date | None = None
    postal_vote_end_date: date | None = None
    ballotproperty: str | None = Field(None, max_length=255)
    ballotstreet: str | None = Field(None, max_length=255)
    ballotlocality: str | None = Field(None, max_length=255)
    ballottown: str | None = Field(None, max_length=255)
    ballotarea: str | None = Field(None, max_length=255)
    ballotpostcode: str | None = Field(None, max_length=10)
    ballot_address_reason: str | None = Field(None, max_length=500)


class ProxyVoteHeld(Arrangement):
    proxy_vote_until_further_notice: bool | None = None
    proxy_vote_for_single_date: date | None = None
    proxy_vote_start_date: date | None = None
    proxy_vote_end_date: date | None = None
    proxyfn: str | None = Field(None, max_length=35)
    proxymn: str | None = Field(None, max_length=100)
    proxyln: str | None = Field(None, max_length=35)
    proxyfamilyrelationship: str | None = Field(None, max_length=500)
    proxyreason: str | None = Field(None, max_length=500)


class Match(_Message):
    """Somebody who may be the applicant."""

    ems_elector_id: str = Field(alias="emsElectorId", min_length=1, max_length=50)
    first: str = Field(alias="fn", min_length=1, max_length=35)
    middle: str | None = Field(None, alias="mn", max_length=100)
    last: str = Field(alias="ln", min_length=1, max_length=35)
    date_of_birth: date | None = Field(None, alias="dob")
    property: str | None = Field(None, alias="regproperty", max_length=255)
    street: str = Field(alias="regstreet", max_length=255)
    locality: str | None = Field(None, alias="reglocality", max_length=255)
    town: str | None = Field(None, alias="regtown", max_length=255)
    area: str | None = Field(None, alias="regarea", max_length=255)
    postcode: str = Field(alias="regpostcode", min_length=1, max_length=10)
    uprn: str | None = Field(None, alias="reguprn", pattern=r"^\d{1,12}$")
    phone: str | None = Field(None, max_length=50)
    email: str | None = Field(None, max_length=255)
    registered_from: date | None = Field(None, alias="registeredStartDate")
    registered_until: date | None = Field(None, alias="registeredEndDate")
    """The last day of the entry."""
    application_received_at: AwareDatetime | None = Field(None, alias="applicationCreatedAt")
    attestations: int = Field(alias="attestationCount")
    franchise_code: str = Field(alias="franchiseCode", max_length=50)
    postal_vote: PostalVoteHeld | None = Field(None, alias="postalVote")
    proxy_vote: ProxyVoteHeld | None = Field(None, alias="proxyVote")

    @classmethod
    def names(cls, name: PersonName) -> dict[str, str | None]:
        """A name, cut to what the portal takes."""
        return {"fn": name.first[:35] or NOT_KNOWN, "mn": name.middle[:100] or None, "ln": name.last[:35] or NOT_KNOWN}

    @classmethod
    def place(cls, address: AddressLines) -> dict[str, str | None]:
        """An address in the portal's keys."""
        return {
            "regproperty": address.property[:255] or None,
            "regstreet": address.street[:255] or NOT_KNOWN,
            "reglocality": address.locality[:255] or None,
            "regtown": address.town[:255] or None,
            "regarea": address.area[:255] or None,
            "regpostcode": address.postcode[:10] or NOT_KNOWN,
            "reguprn": str(int(address.uprn)) if address.uprn is not None else None,
        }


class Answer(_Message):
    """What is sent back. Of more than ten matches only the number."""

    request_id: UUID = Field(alias="requestid")
    gss_code: str = Field(alias="gssCode")
    created_at: AwareDatetime = Field(alias="createdAt")
    match_count: int = Field(alias="registerCheckMatchCount", ge=0)
    history_begins: AwareDatetime | None = Field(None, alias="historicalSearchEarliestDate")
    matches: tuple[Match, ...] | None = Field(None, alias="registerCheckMatches")

    def body(self) -> bytes:
        """The JSON to send, without what is not known."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


def answer(
    check: RegisterCheck, matches: Sequence[Match], answered_at: datetime, history_begins: datetime | None = None
) -> Answer:
    """The answer to a check."""
    told = tuple(matches) if 1 <= len(matches) <= MOST_MATCHES else None
    begins = max(history_begins, EARLIEST) if history_begins else None
    return Answer(
        request_id=check.request_id, gss_code=check.gss_code, created_at=answered_at, match_count=len(matches),
        history_begins=begins, matches=told,
    )  # fmt: skip


# ------------------------------------------------------------- what the portal makes of it


class Outcome(StrEnum):
    NO_MATCH = "NO_MATCH"
    MULTIPLE_MATCH = "MULTIPLE_MATCH"
    TOO_MANY_MATCHES = "TOO_MANY_MATCHES"
    PENDING_DETERMINATION = "PENDING_DETERMINATION"
    NOT_STARTED = "NOT_STARTED"
    EXPIRED = "EXPIRED"
    EXACT_MATCH = "EXACT_MATCH"
    PARTIAL_MATCH = "PARTIAL_MATCH"


def outcome(check: RegisterCheck, match_count: int, match: Match | None, today: date) -> Outcome:
    """What the portal concludes from an answer; `match` is the only one, where there is one."""
    if match_count == 0:
        return Outcome.NO_MATCH
    if match_count > MOST_MATCHES:
        return Outcome.TOO_MANY_MATCHES
    if match_count > 1 or match is None:
        return Outcome.MULTIPLE_MATCH
    if match.franchise_code == PENDING:
        return Outcome.PENDING_DETERMINATION
    if match.registered_from and match.registered_from > today:
        return Outcome.NOT_STARTED
    if match.registered_until and match.registered_until < today and not check.historical:
        return Outcome.EXPIRED
    same = person(check.first, check.last, check.date_of_birth) == person(match.first, match.last, match.date_of_birth)
    return (
        Outcome.EXACT_MATCH if same and same_address(Place.asked(check), Place.held(match)) else Outcome.PARTIAL_MATCH
    )


def text(value: str | None) -> str:
    """Upper case, white space collapsed."""
    return " ".join((value or "").upper().split())


def surname(value: str) -> str:
    """`O'Neill-Smith` is `ONEILL SMITH`."""
    return text(value.replace("-", " ").replace("'", ""))


def postcode(value: str | None) -> str:
    return re.sub(r"\s", "", value or "").upper()


def uprn(value: str | None) -> str:
    return (value or "").strip().lstrip("0")


def person(first: str, last: str, born: date | None) -> tuple[str, str, date | None]:
    """By what the portal compares people. Neither date known counts as the same, one as another person."""
    return text(first), surname(last), born


@dataclass(frozen=True, slots=True)
class Place:
    """By what the portal compares addresses. Locality and town are not looked at."""

    uprn: str
    property: str
    street: str
    postcode: str

    @classmethod
    def asked(cls, check: RegisterCheck) -> Place:
        return cls(uprn(check.uprn), text(check.property), text(check.street), postcode(check.postcode))

    @classmethod
    def held(cls, match: Match) -> Place:
        return cls(uprn(match.uprn), text(match.property), text(match.street), postcode(match.postcode))


def same_address(asked: Place, held: Place) -> bool:
    """The UPRN, where we hold one and it is the same; else property, street and postcode."""
    return bool(held.uprn and held.uprn == asked.uprn) or (asked.property, asked.street, asked.postcode) == (
        held.property, held.street, held.postcode,
    )  # fmt: skip
