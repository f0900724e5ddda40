"""The values that events are made of: names, addresses, numbers and codes in the field's own terms.

Frozen standard-library dataclasses and NewTypes. Fields are only ever added, and only with a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NewType
from uuid import UUID, uuid5

PersonId = NewType("PersonId", UUID)
"""A human being, whose key seals their personal data. Applications and entries of one person share it."""
ApplicationId = NewType("ApplicationId", UUID)
ElectorId = NewType("ElectorId", UUID)
"""One entry on the register for its whole life; the printed number may change, this never does."""
PropertyId = NewType("PropertyId", UUID)
AbsentVotesId = NewType("AbsentVotesId", UUID)
CampaignId = NewType("CampaignId", UUID)
HearingId = NewType("HearingId", UUID)
AppealId = NewType("AppealId", UUID)
MoverNoticeId = NewType("MoverNoticeId", UUID)
SuspicionId = NewType("SuspicionId", UUID)
"""Two records that may be of one person."""
PotentialElectorId = NewType("PotentialElectorId", UUID)
"""Somebody who should be registered and is not: the stream of the invitation to apply."""
NoticeId = NewType("NoticeId", UUID)

Uprn = NewType("Uprn", int)
"""Unique property reference number, up to 12 digits. An integer: `010001234567` and `10001234567` are the same."""
Usrn = NewType("Usrn", int)
"""Unique street reference number, up to 8 digits."""
Authority = NewType("Authority", str)
"""GSS code of a council, e.g. `E07000041`."""
PollingDistrict = NewType("PollingDistrict", str)
"""The letters of a polling district, e.g. `AB`."""
Ward = NewType("Ward", str)
"""GSS code of an electoral ward."""


def property_id(authority: Authority, uprn: Uprn) -> PropertyId:
    """The stream of a gazetteer property: the same UPRN of the same council is always the same property."""
    return PropertyId(uuid5(UUID(int=0), f"property:{authority}:{int(uprn)}"))


def application_id(authority: Authority, reference: str) -> ApplicationId:
    """The stream of an application by its IER reference, so that a form sent twice meets itself."""
    return ApplicationId(uuid5(UUID(int=0), f"application:{authority}:{reference}"))


def absent_votes_id(elector: ElectorId) -> AbsentVotesId:
    """The stream of how an elector votes otherwise than at the polling station: there is one, by construction. It is named
    after the postal vote, which was all of it at first."""
    return AbsentVotesId(uuid5(elector, "postal-vote"))


def campaign_id(authority: Authority, need: str, ends_on: date) -> CampaignId:
    """The stream of the renewal of all absent votes that end on one day: there is one for each need."""
    return CampaignId(uuid5(UUID(int=0), f"renewal:{authority}:{need}:{ends_on}"))


def notice_id(authority: Authority, kind: str, published_on: date, poll: date | None = None) -> NoticeId:
    """The stream of a notice of alteration: there is one of each kind on a day, for each poll."""
    return NoticeId(uuid5(UUID(int=0), f"notice:{authority}:{kind}:{published_on}:{poll or ''}"))


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as it is to be printed. A person may have one name only, held in `last`."""

    first: str
    last: str
    middle: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.first, self.middle, self.last) if part)


@dataclass(frozen=True, slots=True)
class AddressLines:
    """A UK address in the shape of GOV.UK, IER and EROP. `postcode` is upper case with its space, or empty."""

    property: str = ""
    street: str = ""
    locality: str = ""
    town: str = ""
    area: str = ""
    postcode: str = ""
    uprn: Uprn | None = None

    def lines(self) -> tuple[str, ...]:
        """The lines to print, without the empty ones."""
        parts = (self.property, self.street, self.locality, self.town, self.area, self.postcode)
        return tuple(part for part in parts if part)

    def __str__(self) -> str:
        return ", ".join(self.lines())


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """How a person agreed to be reached. Optional in law; `post` says whether letters are welcome as well."""

    phone: str = ""
    email: str = ""
    post: bool = True


Category = Literal["ordinary", "overseas", "forces", "crown", "local-connection"]
"""Why a person is registered at that address. `crown` includes British Council employees."""


@dataclass(frozen=True, slots=True)
class FranchiseFacts:
    """What decides where a person may vote. Markers and eligibility are derived from it by date, never stored.

    Nationalities are ISO 3166-1 alpha-2 codes. `has_leave`: has, or needs no, leave to enter or remain.
    `resident_since`: an EU citizen's first day of lawful residence without a break. `age_band` stands in for a date of
    birth nobody knows (`under 18`, `18-75`, `76+`). `legal_incapacity`: RPA 1983 ss.3-3A.
    """

    date_of_birth: date | None = None
    age_band: str = ""
    nationalities: tuple[str, ...] = ()
    has_leave: bool = True
    resident_since: date | None = None
    sitting_peer: bool = False
    category: Category = "ordinary"
    legal_incapacity: bool = False


@dataclass(frozen=True, slots=True)
class ElectorNumber:
    """The printed number: letters of the polling district, number, suffix between two numbers (0: none). `AB-123/1`.

    `shared.law.identifiers.ElectorNumber` reads one from text."""

    district: PollingDistrict
    number: int
    suffix: int = 0

    def __str__(self) -> str:
        return f"{self.district}-{self.number}" + (f"/{self.suffix}" if self.suffix else "")


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """A document shown as proof of identity or status: its list in RPR r.26B, and its kind. No numbers are kept."""

    listed_under: str
    """`a`, `b` or `c`."""
    kind: str


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """What speaks for a removal. Replies to one mailing are one source: `origin` names the mailing or case."""

    kind: str
    origin: str
    received_on: date
    written_note: bool = True
    """An oral report counts once it is written down."""
    denies: bool = False
    """It says that the elector is still there."""


@dataclass(frozen=True, slots=True)
class ElectoralAreas:
    """The electoral areas of a property. Empty means: not known yet."""

    district: PollingDistrict = PollingDistrict("")
    ward: Ward = Ward("")
    parish: str = ""
    parish_ward: str = ""
    county_division: str = ""
    constituency: str = ""


@dataclass(frozen=True, slots=True)
class GazetteerFacts:
    """What a land and property gazetteer says of one property. Codes are those of BS 7666 and AddressBase.

    `x`, `y` are metres of the British National Grid (EPSG:27700). `logical_status` 1 approved, 3 alternative,
    6 provisional, 8 historical; `state` 1 under construction, 2 in use, 3 unoccupied, 4 demolished, 6 planned.
    """

    address: AddressLines
    uprn: Uprn | None = None
    parent_uprn: Uprn | None = None
    usrn: Usrn | None = None
    logical_status: int | None = None
    lpi_status: int | None = None
    state: int | None = None
    class_code: str = ""
    x: float | None = None
    y: float | None = None
    postal: bool = True
    custodian_code: str = ""
    start_date: date | None = None
    end_date: date | None = None
