"""An absent voter is asked to apply again, or to sign again: asked once, reminded once, ended if nothing comes."""

from __future__ import annotations

from collections.abc import Sequence

from services.registration.absent_votes.arrangements import Arrangements, Event
from services.registration.absent_votes.commands import (
    AppointProxy,
    AskToRenew,
    GrantPostalProxy,
    GrantPostalVote,
    LapseUnanswered,
    NoteSignature,
    RemindToRenew,
)
from services.registration.absent_votes.proxies import ending
from shared.events.registration import ArrangementKind, RenewalAnswered, RenewalReminderSent, RenewalRequested
from shared.events.values import PersonId


def ask(command: AskToRenew, now: Arrangements) -> Sequence[Event]:
    """Nobody is asked twice in a campaign, nor anybody of whom the campaign's list no longer holds good."""
    person = whom_to_ask(command, now)
    if person is None or now.renewal(command.campaign_id, command.arrangement):
        return []
    return [
        RenewalRequested(
            elector_id=command.elector_id,
            person_id=person,
            arrangement=command.arrangement,
            need=command.need,
            campaign_id=command.campaign_id,
            asked_on=command.asked_on,
            answer_by=command.answer_by,
        )
    ]


def whom_to_ask(command: AskToRenew, now: Arrangements) -> PersonId | None:
    """Who has to renew, if what is asked about stands and ends on that day."""
    match command.arrangement:
        case "postal-vote":
            return now.grants[-1].person_id if now.grants and now.postal_until == command.ends_on else None
        case "postal-proxy":
            last = max(now.postal_proxies, key=lambda grant: grant.valid_until, default=None)
            return last.proxy_id if last and last.valid_until == command.ends_on else None
        case "proxy":
            standing = now.proxy_for(None)
            ends = None if command.need == "signature" else command.ends_on
            return standing.appointed.person_id if standing and standing.appointed.valid_until == ends else None


def remind(command: RemindToRenew, now: Arrangements) -> Sequence[Event]:
    renewal = now.renewal(command.campaign_id, command.arrangement)
    if renewal is None or renewal.reminded or not renewal.open:
        return []
    asked = renewal.requested
    return [
        RenewalReminderSent(
            elector_id=asked.elector_id,
            person_id=asked.person_id,
            arrangement=asked.arrangement,
            need=asked.need,
            campaign_id=asked.campaign_id,
            reminded_on=command.reminded_on,
            answer_by=asked.answer_by,
        )
    ]


def answered_by(application: GrantPostalVote | AppointProxy | GrantPostalProxy, now: Arrangements) -> Sequence[Event]:
    """A new grant for longer than one poll answers whoever asked for a new application."""
    if application.kind in ("particular-poll", "emergency"):
        return []
    match application:
        case GrantPostalVote():
            about: ArrangementKind = "postal-vote"
        case AppointProxy():
            about = "proxy"
        case GrantPostalProxy():
            about = "postal-proxy"
    return [
        RenewalAnswered(application.elector_id, about, r.requested.campaign_id, application.determined_on)
        for r in now.renewals
        if r.open and r.requested.arrangement == about
    ]


def note_signature(command: NoteSignature, now: Arrangements) -> Sequence[Event]:
    return [
        RenewalAnswered(command.elector_id, r.requested.arrangement, r.requested.campaign_id, command.on)
        for r in now.renewals
        if r.open and r.requested.need == "signature" and r.requested.person_id == command.person_id
    ]


def lapse(command: LapseUnanswered, now: Arrangements) -> Sequence[Event]:
    """Who did not sign again in time votes by proxy no longer. [RPR 2001 r.60A]"""
    renewal, standing = now.renewal(command.campaign_id, "proxy"), now.proxy_for(None)
    if renewal is None or not renewal.open or standing is None:
        return []
    return ending(standing, now, command.on, "signature-not-refreshed")
