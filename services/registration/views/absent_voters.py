"""The records of absent voters, of proxies and of proxies who vote by post, and who was asked to renew. [RPA 2000 Sch 4 para 3]

A row stays when its arrangement ends, so that the lists of a poll long past come out as they were.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, DateTime, Index, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.values import AddressLines, PersonName

INSTANT = DateTime(timezone=True)

# -------------------------------------------------------------------- tables


class Arrangement(ViewTable):
    """One grant or appointment. `place` says what another one of the same elector would stand in the place of."""

    __tablename__ = "arrangement"
    __table_args__ = (
        Index("arrangement_by_person", "person_id"),
        Index("arrangement_by_proxy", "proxy_id"),
        Index("arrangement_by_end", "authority", "kind", "valid_until"),
        {"schema": "absent_voters"},
    )
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    """The event that granted it."""
    shard: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    to_position: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """Of the event that ended it: known positions give the lists as they were then."""
    kind: Mapped[str] = mapped_column(Text)
    """`postal-vote`, `proxy` or `postal-proxy`."""
    term: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    proxy_id: Mapped[UUID | None] = mapped_column(default=None)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(default=None)
    poll: Mapped[date | None] = mapped_column(default=None)
    applied_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    stands: Mapped[bool] = mapped_column(Boolean, default=True)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    because: Mapped[str] = mapped_column(Text, default="")
    # What follows is a person's own, and goes when their data is erased.
    ballot_address: Mapped[list[str] | None] = mapped_column(JSONB, default=None)
    """Only where the ballot goes to another address than the registered one."""
    proxy_name: Mapped[dict[str, str] | None] = mapped_column(JSONB, default=None)
    proxy_address: Mapped[list[str] | None] = mapped_column(JSONB, default=None)


class Identifiers(ViewTable):
    """Which identifiers are held of an absent voter or proxy. The identifiers themselves are not here."""

    __tablename__ = "identifiers"
    __table_args__ = {"schema": "absent_voters"}  # noqa: RUF012
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    signed_on: Mapped[date]
    waived: Mapped[bool] = mapped_column(Boolean)


class Renewal(ViewTable):
    """Who was asked to apply or sign again in a campaign, about what, and what came of it."""

    __tablename__ = "renewal"
    __table_args__ = (Index("renewal_by_campaign", "authority", "campaign_id", "state"), {"schema": "absent_voters"})
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    arrangement: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[UUID]
    need: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    """`asked`, `answered` or `lapsed`."""
    asked_on: Mapped[date]
    answer_by: Mapped[date]
    reminded_on: Mapped[date | None] = mapped_column(default=None)
    settled_on: Mapped[date | None] = mapped_column(default=None)


class Campaign(ViewTable):
    __tablename__ = "campaign"
    __table_args__ = {"schema": "absent_voters"}  # noqa: RUF012
    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    need: Mapped[str] = mapped_column(Text)
    ends_on: Mapped[date]
    notice_on: Mapped[date]
    remind_on: Mapped[date]
    answer_by: Mapped[date]


# ------------------------------------------------------------------ handlers


@projection("absent_voters", version=2, tables=[Arrangement, Identifiers, Renewal, Campaign])
class AbsentVoters:
    view: View

    @on(r.PostalVoteGranted)
    def grant(self, tx: ViewTransaction, e: Recorded[r.PostalVoteGranted]) -> None:
        tx.put(
            Arrangement, **_granted(e), kind="postal-vote", place="postal-vote", person_id=e.data.person_id,
            ballot_address=_lines(known(e.data.ballot_address)),
        )  # fmt: skip

    @on(r.PostalVoteCancelled)
    async def cancel(self, tx: ViewTransaction, e: Recorded[r.PostalVoteCancelled]) -> None:
        await self._end(tx, e, "postal-vote", e.data.cancelled_on, "own-request")

    @on(r.PostalVoteEnded)
    async def end(self, tx: ViewTransaction, e: Recorded[r.PostalVoteEnded]) -> None:
        await self._end(tx, e, "postal-vote", e.data.ended_on, e.data.because)

    @on(r.ProxyAppointed)
    def appoint(self, tx: ViewTransaction, e: Recorded[r.ProxyAppointed]) -> None:
        tx.put(
            Arrangement, **_granted(e), kind="proxy", place=_place_of_proxy(e.data.poll), person_id=e.data.person_id,
            proxy_id=e.data.proxy_id,
        )  # fmt: skip

    @on(r.ProxyNamed)
    def name(self, tx: ViewTransaction, e: Recorded[r.ProxyNamed]) -> None:
        name = known(e.data.name)
        tx.change(
            Arrangement, elector_id=e.data.elector_id, version=e.version - 1, proxy_name=asdict(name) if name else None,
            proxy_address=_lines(known(e.data.address)),
        )  # fmt: skip

    @on(r.ProxyEnded)
    async def end_proxy(self, tx: ViewTransaction, e: Recorded[r.ProxyEnded]) -> None:
        await self._end(tx, e, _place_of_proxy(e.data.poll), e.data.ended_on, e.data.because)

    @on(r.PostalProxyGranted)
    def grant_to_proxy(self, tx: ViewTransaction, e: Recorded[r.PostalProxyGranted]) -> None:
        tx.put(
            Arrangement, **_granted(e), kind="postal-proxy", place=f"postal-proxy {e.data.proxy_id}",
            proxy_id=e.data.proxy_id, ballot_address=_lines(known(e.data.ballot_address)),
        )  # fmt: skip

    @on(r.PostalProxyEnded)
    async def end_postal_proxy(self, tx: ViewTransaction, e: Recorded[r.PostalProxyEnded]) -> None:
        await self._end(tx, e, f"postal-proxy {e.data.proxy_id}", e.data.ended_on, e.data.because)

    @on(r.IdentifiersRecorded, r.SignatureWaived)
    def identify(self, tx: ViewTransaction, e: Recorded[r.IdentifiersRecorded] | Recorded[r.SignatureWaived]) -> None:
        waived = isinstance(e.data, r.SignatureWaived)
        signed_on = e.data.waived_on if isinstance(e.data, r.SignatureWaived) else e.data.signed_on
        tx.put(Identifiers, authority=e.authority, person_id=e.data.person_id, signed_on=signed_on, waived=waived)

    @on(r.RenewalCampaignOpened)
    def open_campaign(self, tx: ViewTransaction, e: Recorded[r.RenewalCampaignOpened]) -> None:
        tx.put(Campaign, authority=e.authority, **asdict(e.data))

    @on(r.RenewalRequested)
    def ask(self, tx: ViewTransaction, e: Recorded[r.RenewalRequested]) -> None:
        tx.put(Renewal, authority=e.authority, **asdict(e.data), state="asked")

    @on(r.RenewalReminderSent)
    def remind(self, tx: ViewTransaction, e: Recorded[r.RenewalReminderSent]) -> None:
        tx.change(Renewal, **_renewal(e), reminded_on=e.data.reminded_on)

    @on(r.RenewalAnswered)
    def answer(self, tx: ViewTransaction, e: Recorded[r.RenewalAnswered]) -> None:
        tx.change(Renewal, **_renewal(e), state="answered", settled_on=e.data.answered_on)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Arrangement, {"person_id": e.data.subject_id}, ballot_address=None)
        theirs = {"proxy_id": e.data.subject_id}
        await tx.change_where(Arrangement, theirs, ballot_address=None, proxy_name=None, proxy_address=None)

    async def _end(self, tx: ViewTransaction, e: Recorded[Any], place: str, on: date, because: str) -> None:
        elector: UUID = e.data.elector_id
        standing = {"elector_id": elector, "place": place, "stands": True}
        await tx.change_where(Arrangement, standing, stands=False, ended_on=on, because=because, to_position=e.position)
        if not place.startswith("proxy "):  # an appointment for one poll is nothing to renew
            kind = place.partition(" ")[0]
            asked = {"elector_id": elector, "arrangement": kind, "state": "asked"}
            await tx.change_where(Renewal, asked, state="lapsed", settled_on=on)


def _granted(e: Recorded[Any]) -> dict[str, Any]:
    """What every grant and appointment says."""
    data = e.data
    return {
        "authority": e.authority, "elector_id": data.elector_id, "version": e.version, "shard": e.shard,
        "position": e.position, "term": data.kind,
        "valid_from": data.valid_from, "valid_until": data.valid_until, "poll": data.poll, "applied_at": data.applied_at,
    }  # fmt: skip


def _renewal(e: Recorded[Any]) -> dict[str, Any]:
    return {"elector_id": e.data.elector_id, "campaign_id": e.data.campaign_id, "arrangement": e.data.arrangement}


def _place_of_proxy(poll: date | None) -> str:
    return f"proxy {poll}" if poll else "proxy"


def _lines(address: AddressLines | None) -> list[str] | None:
    return list(address.lines()) if address else None


def name_of(kept: dict[str, str] | None) -> PersonName | None:
    """A name as a row keeps it."""
    return PersonName(**kept) if kept else None
