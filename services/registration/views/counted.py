"""Facts that the performance standards count, a row each: which figure, what of it, when, in which record.

A row says nothing of a person; it leads to the record, where whoever may read it reads. Anonymous electors are in none: their
desk keeps its own count (ADR 0015). Whatever a figure shows, the rows behind it are the same rows (`standards`).
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.clock import london_date
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r


class Fact(ViewTable):
    """One thing counted. `detail` and `also`: by what it may be told apart, such as channel and kind of application."""

    __tablename__ = "fact"
    __table_args__ = (Index("fact_by_day", "authority", "figure", "day"), {"schema": "counted"})
    stream_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    figure: Mapped[str] = mapped_column(Text, primary_key=True)
    detail: Mapped[str] = mapped_column(Text, primary_key=True)
    also: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    amount: Mapped[int] = mapped_column(Integer)
    """How many it stands for; 1, but for what a notice holds."""


@projection("counted", version=2, tables=[Fact])
class Counted:
    view: View

    @on(r.ApplicationReceived)
    def received(self, tx: ViewTransaction, e: Recorded[r.ApplicationReceived]) -> None:
        note(tx, e, "applications-received", e.data.channel, e.data.kind)

    @on(r.IdentityCheckRequested, r.LocalDataMatched, r.LocalDataNotMatched, r.EvidenceRequested, r.AttestationReceived)
    def tried(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        match e.data:
            case r.IdentityCheckRequested():
                note(tx, e, "verifications-tried", "dwp")
            case r.EvidenceRequested():
                note(tx, e, "verifications-tried", "documents")
            case r.AttestationReceived():
                note(tx, e, "verifications-tried", "attestation")
            case _:
                note(tx, e, "verifications-tried", "local-data")

    @on(r.IdentityVerified)
    def verified(self, tx: ViewTransaction, e: Recorded[r.IdentityVerified]) -> None:
        note(tx, e, "verifications-passed", e.data.route)

    @on(r.ApplicationAllowed, r.ApplicationWithdrawn, r.ApplicationFoundDuplicate, r.ApplicationForwarded)
    def ended(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        outcome = type(e.data).__name__.removeprefix("Application").removeprefix("Found").lower()
        note(tx, e, "applications-ended", outcome)

    @on(r.ApplicationRejected)
    def rejected(self, tx: ViewTransaction, e: Recorded[r.ApplicationRejected]) -> None:
        note(tx, e, "applications-ended", "rejected")
        for reason in e.data.reasons:
            note(tx, e, "rejections", reason)

    @on(r.ObjectionMade)
    def objected(self, tx: ViewTransaction, e: Recorded[r.ObjectionMade]) -> None:
        note(tx, e, "objections", "in-time" if e.data.in_window else "late")

    @on(r.AlterationNoticePublished)
    def altered(self, tx: ViewTransaction, e: Recorded[r.AlterationNoticePublished]) -> None:
        for what in ("additions", "removals", "amendments"):
            note(tx, e, "alterations", what, e.data.kind, amount=getattr(e.data, what))

    @on(r.ElectorRemoved)
    def removed(self, tx: ViewTransaction, e: Recorded[r.ElectorRemoved]) -> None:
        note(tx, e, "deletions", e.data.ground, e.data.notice)

    @on(r.ReviewOpened)
    def reviewed(self, tx: ViewTransaction, e: Recorded[r.ReviewOpened]) -> None:
        note(tx, e, "reviews-opened", e.data.review)

    @on(r.ReviewConcluded)
    def concluded(self, tx: ViewTransaction, e: Recorded[r.ReviewConcluded]) -> None:
        note(tx, e, "reviews-concluded", "entitled" if e.data.entitled else "not-entitled")

    @on(r.InvitationGiven, r.InvitationReminderGiven, r.ApplicationRequired, r.CivilPenaltyImposed, r.CivilPenaltyPaid)
    def invited(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        match e.data:
            case r.InvitationGiven():
                note(tx, e, "invitations", "given")
            case r.InvitationReminderGiven(nth=nth):
                note(tx, e, "invitations", f"reminder-{nth}")
            case r.ApplicationRequired():
                note(tx, e, "invitations", "required")
            case r.CivilPenaltyImposed():
                note(tx, e, "penalties", "imposed")
            case _:
                note(tx, e, "penalties", "paid")

    @on(r.CivilPenaltyCancelled)
    def penalty_cancelled(self, tx: ViewTransaction, e: Recorded[r.CivilPenaltyCancelled]) -> None:
        note(tx, e, "penalties", "cancelled", e.data.because)

    @on(r.InvitationClosed)
    def closed(self, tx: ViewTransaction, e: Recorded[r.InvitationClosed]) -> None:
        note(tx, e, "invitations-closed", e.data.because)

    @on(r.InvitationVisitMade)
    def visited(self, tx: ViewTransaction, e: Recorded[r.InvitationVisitMade]) -> None:
        note(tx, e, "visits", "invitation", e.data.outcome)

    @on(r.VisitRecorded)
    def called(self, tx: ViewTransaction, e: Recorded[r.VisitRecorded]) -> None:
        note(tx, e, "visits", "canvass", e.data.outcome)

    @on(r.CanvassRouteAssigned)
    def routed(self, tx: ViewTransaction, e: Recorded[r.CanvassRouteAssigned]) -> None:
        note(tx, e, "canvass-routes", f"route-{e.data.route}", e.data.reason)

    @on(r.CanvassContactMade)
    def contacted(self, tx: ViewTransaction, e: Recorded[r.CanvassContactMade]) -> None:
        note(tx, e, "canvass-contacts", e.data.contact)

    @on(r.CanvassResponseReceived)
    def responded(self, tx: ViewTransaction, e: Recorded[r.CanvassResponseReceived]) -> None:
        note(tx, e, "canvass-responses", e.data.channel)

    @on(r.CanvassPropertyClosed)
    def settled(self, tx: ViewTransaction, e: Recorded[r.CanvassPropertyClosed]) -> None:
        note(tx, e, "canvass-outcomes", e.data.outcome)

    @on(r.PostalVoteGranted, r.PostalProxyGranted, r.ProxyAppointed)
    def granted(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        if e.data.restored:
            return  # counted when it was applied for
        note(tx, e, "absent-votes-granted", absent_vote(e.data), e.data.kind)

    @on(r.PostalVoteRefused, r.PostalProxyRefused, r.ProxyRefused)
    def refused(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        for reason in e.data.reasons:
            note(tx, e, "absent-votes-refused", absent_vote(e.data) + " " + reason)

    @on(r.PostalVoteEnded, r.PostalProxyEnded, r.ProxyEnded, r.PostalVoteCancelled)
    def lapsed(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        because = "own-request" if isinstance(e.data, r.PostalVoteCancelled) else e.data.because
        note(tx, e, "absent-votes-ended", absent_vote(e.data), because)

    @on(r.RenewalRequested)
    def renewal_asked(self, tx: ViewTransaction, e: Recorded[r.RenewalRequested]) -> None:
        note(tx, e, "renewals-asked", e.data.arrangement, e.data.need)

    @on(r.RenewalAnswered)
    def renewal_answered(self, tx: ViewTransaction, e: Recorded[r.RenewalAnswered]) -> None:
        note(tx, e, "renewals-answered", e.data.arrangement)

    @on(r.VoterCardAppliedFor, r.VoterCardIssued, r.TemporaryVoterCardIssued, r.VoterCardRefused, r.VoterCardCancelled)
    def certified(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        match e.data:
            case r.VoterCardAppliedFor(channel=channel):
                note(tx, e, "voter-cards-received", channel)
            case r.VoterCardIssued():
                note(tx, e, "voter-cards-issued", "certificate")
            case r.TemporaryVoterCardIssued():
                note(tx, e, "voter-cards-issued", "temporary")
            case r.VoterCardRefused(reason=reason):
                note(tx, e, "voter-cards-refused", reason)
            case _:
                note(tx, e, "voter-cards-cancelled", e.data.reason)

    @on(r.DeclarationTookEffect, r.DeclarationRenewed)
    def declared(
        self, tx: ViewTransaction, e: Recorded[r.DeclarationTookEffect] | Recorded[r.DeclarationRenewed]
    ) -> None:
        figure = "declarations-begun" if isinstance(e.data, r.DeclarationTookEffect) else "declarations-renewed"
        note(tx, e, figure, e.data.category)

    @on(r.DeclarationEnded, r.DeclarationCancelled)
    def undeclared(
        self, tx: ViewTransaction, e: Recorded[r.DeclarationEnded] | Recorded[r.DeclarationCancelled]
    ) -> None:
        note(tx, e, "declarations-ended", "ended" if isinstance(e.data, r.DeclarationEnded) else "cancelled")


def absent_vote(data: Any) -> str:
    """Which arrangement an event is about."""
    name = type(data).__name__
    return "postal-proxy" if name.startswith("PostalProxy") else "postal-vote" if name.startswith("Postal") else "proxy"


def note(tx: ViewTransaction, e: Recorded[Any], figure: str, detail: str, also: str = "", amount: int = 1) -> None:
    tx.put(
        Fact, authority=e.authority, stream_id=e.stream_id, version=e.version, figure=figure, detail=detail, also=also,
        day=london_date(e.occurred_at), amount=amount,
    )  # fmt: skip
