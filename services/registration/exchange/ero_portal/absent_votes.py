"""Applications for postal and proxy votes that officers decided in the portal, as its queues hand them over (EMS API 1.5).

Approved and rejected ones both come. Only `emsElectorId` says who is meant: names and addresses are for people to read.
What the specification gets wrong is put right here and nowhere else: times without an offset, the reference and the
network address that paper applications do not have, empty objects for reasons that nobody gave, fields newer than this.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from services.registration.exchange.ero_portal.register_checks import When
from shared.events.values import AddressLines, ContactDetails, PersonName, Uprn
from shared.law import identifiers
from shared.law.rules import Refused, Rule

Queue = Literal["postalvotes", "proxyvotes"]
Kind = Literal["postal", "postal-proxy", "proxy"]

UNREADABLE: Final = Rule(
    "unreadable-portal-application",
    "An application handed over by the ERO Portal must be as its specification says.",
    "ERO Portal, EMS Integration API 1.5",
    "Tell the portal's support which field it is; the record is kept here as it came.",
    invalid=True,
)


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True)


def _png(text: str | None) -> str | None:
    if text is not None:
        try:
            base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("is no base64") from None
    return text


class Address(_Message):
    """A UK address."""

    property: str = ""
    street: str = ""
    locality: str = ""
    town: str = ""
    area: str = ""
    postcode: str = ""
    uprn: str | None = None

    def lines(self) -> AddressLines:
        number = Uprn(int(self.uprn)) if self.uprn and self.uprn.isascii() and self.uprn.isdigit() else None
        try:
            postcode: str = identifiers.postcode(self.postcode)
        except Refused:
            postcode = self.postcode.strip().upper()
        return AddressLines(
            self.property, self.street, self.locality, self.town, self.area, postcode, number or None
        )  # fmt: skip


class Elsewhere(_Message):
    """An address abroad, or a forces' post office."""

    bfpo_number: str = Field("", alias="bfpoNumber")
    line_1: str = Field("", alias="addressLine1")
    line_2: str = Field("", alias="addressLine2")
    line_3: str = Field("", alias="addressLine3")
    line_4: str = Field("", alias="addressLine4")
    line_5: str = Field("", alias="addressLine5")
    country: str = ""

    def lines(self) -> AddressLines:
        """In the five lines that we print. What does not fit shares the last but one."""
        first, second, *rest = [self.line_1, self.line_2, self.line_3, self.line_4, self.line_5]
        last = f"BFPO {self.bfpo_number}" if self.bfpo_number else self.country
        return AddressLines(first, second, ", ".join(part for part in rest if part), area=last)


class Reason(_Message):
    told: bool = Field(True, alias="includeInComms")
    """Whether the elector may be told. A suspicion of fraud is not."""
    type: str = "other"
    words: str = Field("", alias="electorReason")


class Reasons(_Message):
    notes: str = ""
    reasons: tuple[Reason, ...] = Field((), alias="reasonList")


class RejectedReasons(_Message):
    english: Reasons | None = Field(None, alias="englishReason")
    welsh: Reasons | None = Field(None, alias="welshReason")


class Somebody(_Message):
    """A proxy's name and birth."""

    first: str = Field("", alias="fn")
    middle: str = Field("", alias="mn")
    last: str = Field("", alias="ln")
    date_of_birth: date | None = Field(None, alias="dob")


class _Detail(_Message):
    """What postal and proxy applications have in common. `first` to `last` are always the elector's."""

    reference: str = Field("", alias="refNum")
    language: Literal["en", "cy"] = Field("en", alias="lang")
    status: Literal["approved", "rejected"] = Field(alias="applicationStatus")
    rejected_reasons: RejectedReasons | None = Field(None, alias="rejectedReasons")
    ems_elector_id: str | None = Field(None, alias="emsElectorId")
    first: str = Field("", alias="fn")
    middle: str = Field("", alias="mn")
    last: str = Field("", alias="ln")
    date_of_birth: date | None = Field(None, alias="dob")
    phone: str = ""
    email: str = ""
    signature: Annotated[str | None, AfterValidator(_png)] = None
    signature_waived: bool = Field(False, alias="signatureWaived")
    signature_waived_reason: str | bool | None = Field(None, alias="signatureWaivedReason")


class PostalDetail(_Detail):
    """Of a postal proxy's, contact, signature, waiver and the address for the ballot paper are the proxy's."""

    postal_proxy: Somebody | None = Field(None, alias="postalProxy")
    ballot_address: Address | None = Field(None, alias="ballotAddress")
    ballot_overseas: Elsewhere | None = Field(None, alias="ballotOverseasPostalAddress")
    ballot_bfpo: Elsewhere | None = Field(None, alias="ballotBfpoPostalAddress")
    ballot_address_reason: str = Field("", alias="ballotAddressReason")
    further_notice: bool = Field(False, alias="postalVoteUntilFurtherNotice")
    single_date: date | None = Field(None, alias="postalVoteForSingleDate")
    start: date | None = Field(None, alias="postalVoteStartDate")
    end: date | None = Field(None, alias="postalVoteEndDate")


class ProxyDetail(_Detail):
    proxy_first: str = Field("", alias="proxyfn")
    proxy_middle: str = Field("", alias="proxymn")
    proxy_last: str = Field("", alias="proxyln")
    relationship: str = Field("", alias="proxyfamilyrelationship")
    proxy_address: Address | None = Field(None, alias="proxyAddress")
    proxy_phone: str = Field("", alias="proxyphone")
    proxy_email: str = Field("", alias="proxyemail")
    reason: str = Field("", alias="proxyreason")
    further_notice: bool = Field(False, alias="proxyVoteUntilFurtherNotice")
    single_date: date | None = Field(None, alias="proxyVoteForSingleDate")
    start: date | None = Field(None, alias="proxyVoteStartDate")
    end: date | None = Field(None, alias="proxyVoteEndDate")


class Decided(_Message):
    """One application of either queue."""

    id: str = Field(pattern=r"^[0-9a-fA-F]{24}$")
    created_at: When = Field(alias="createdAt")
    authorised_at: When = Field(alias="authorisedAt")
    gss_code: str = Field(alias="gssCode", min_length=9, max_length=9)
    detail: PostalDetail | ProxyDetail

    @property
    def kind(self) -> Kind:
        match self.detail:
            case PostalDetail(postal_proxy=proxy):
                return "postal-proxy" if proxy else "postal"
            case ProxyDetail():
                return "proxy"

    @property
    def approved(self) -> bool:
        return self.detail.status == "approved"

    @property
    def elector_name(self) -> PersonName:
        return PersonName(self.detail.first, self.detail.last, self.detail.middle)

    @property
    def proxy_name(self) -> PersonName | None:
        """Whom the elector appointed, or appoints."""
        match self.detail:
            case PostalDetail(postal_proxy=Somebody() as proxy):
                return PersonName(proxy.first, proxy.last, proxy.middle)
            case ProxyDetail() as detail:
                return PersonName(detail.proxy_first, detail.proxy_last, detail.proxy_middle)
            case _:
                return None

    @property
    def proxy_contact(self) -> ContactDetails:
        match self.detail:
            case ProxyDetail() as detail:
                return ContactDetails(detail.proxy_phone, detail.proxy_email)
            case PostalDetail() as detail:
                return ContactDetails(detail.phone, detail.email)

    @property
    def ballot_address(self) -> AddressLines | None:
        """Where the ballot paper goes, if not where the elector is registered."""
        if not isinstance(self.detail, PostalDetail):
            return None
        given = self.detail.ballot_address or self.detail.ballot_overseas or self.detail.ballot_bfpo
        return given.lines() if given else None

    @property
    def reasons_told(self) -> tuple[str, ...]:
        """Kinds of reason that the elector may be told; what may not be said is one of `other`."""
        told = tuple(dict.fromkeys(reason.type for reason in self._reasons.reasons if reason.told))
        return told or ("other",)

    @property
    def explanation(self) -> str:
        """The officer's words in the applicant's language, without the reasons that are not to be told."""
        words = [reason.words for reason in self._reasons.reasons if reason.told and reason.words]
        return "\n".join([*words, *([self._reasons.notes] if self._reasons.notes else [])])

    @property
    def _reasons(self) -> Reasons:
        given = self.detail.rejected_reasons or RejectedReasons()
        english, welsh = given.english or Reasons(), given.welsh or Reasons()
        return welsh if self.detail.language == "cy" and (welsh.reasons or welsh.notes) else english


@dataclass(frozen=True, slots=True)
class Waiting:
    """What lies in a queue: as it came, and read, or why it cannot be read."""

    queue: Queue
    record: dict[str, Any]
    read: Decided | None
    fault: str = ""

    @property
    def id(self) -> str:
        return str(self.record.get("id", ""))

    @property
    def gss_code(self) -> str:
        return str(self.record.get("gssCode", ""))

    def without_signature(self) -> dict[str, Any]:
        """The record, as it may be kept in an event."""
        detail = self.record.get("detail")
        kept = {key: part for key, part in detail.items() if key != "signature"} if isinstance(detail, dict) else detail
        return {**self.record, "detail": kept}

    @classmethod
    def of(cls, queue: Queue, record: dict[str, Any]) -> Self:
        """Never raises: what cannot be read says by field what is wrong, and no value."""
        model = PostalDetail if queue == "postalvotes" else ProxyDetail
        try:
            detail = model.model_validate(_given(record.get("detail")))
            return cls(queue, record, Decided.model_validate({**_given(record), "detail": detail}))
        except ValidationError as broken:
            first = broken.errors(include_input=False, include_url=False)[0]
            return cls(queue, record, None, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _given(value: Any) -> Any:
    """Without the properties that are null: the portal leaves out what it does not know, or should."""
    return {key: part for key, part in value.items() if part is not None} if isinstance(value, dict) else value
