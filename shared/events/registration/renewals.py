"""Absent voters asked to apply again, or to sign again, before their arrangement ends."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.events.definition import event
from shared.events.values import CampaignId, ElectorId, PersonId

ArrangementKind = Literal["postal-vote", "proxy", "postal-proxy"]
RenewalNeed = Literal["reapplication", "signature"]


@event("registration.renewal-campaign-opened.v1")
class RenewalCampaignOpened:
    """All whose arrangement ends on `ends_on` are asked to apply again; or, for `signature`, all whose signature is too
    old on that day to sign again."""

    campaign_id: CampaignId
    need: RenewalNeed
    ends_on: date
    notice_on: date
    """The day the notices are due to go out."""
    remind_on: date
    answer_by: date


@event("registration.renewal-requested.v1", effective="asked_on")
class RenewalRequested:
    """`person_id`, the elector or for a postal proxy the proxy, is asked to renew until `answer_by`; else it ends."""

    elector_id: ElectorId
    person_id: PersonId
    arrangement: ArrangementKind
    need: RenewalNeed
    campaign_id: CampaignId
    asked_on: date
    answer_by: date


@event("registration.renewal-reminder-sent.v1", effective="reminded_on")
class RenewalReminderSent:
    """Nothing came in answer so far: the person is sent a copy of the notice."""

    elector_id: ElectorId
    person_id: PersonId
    arrangement: ArrangementKind
    need: RenewalNeed
    campaign_id: CampaignId
    reminded_on: date
    answer_by: date


@event("registration.renewal-answered.v1", effective="answered_on")
class RenewalAnswered:
    """A new application was granted, or a fresh signature or its waiver recorded, in time."""

    elector_id: ElectorId
    arrangement: ArrangementKind
    campaign_id: CampaignId
    answered_on: date
