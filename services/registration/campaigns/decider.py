"""A yearly campaign of renewal: opened by an officer, with the days on which notices and reminders are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.eventcore.deciding import Decider
from shared.events.registration import RenewalCampaignOpened, RenewalNeed
from shared.events.values import CampaignId
from shared.law.renewals import calendar


@dataclass(frozen=True, slots=True)
class OpenCampaign:
    """`ends_on`: the 31 January, or 1 November, on which absent votes end or old signatures are looked at."""

    campaign_id: CampaignId
    need: RenewalNeed
    ends_on: date


@dataclass(frozen=True, slots=True)
class NotOpened:
    pass


Campaign = NotOpened | RenewalCampaignOpened


def decide(command: OpenCampaign, campaign: Campaign) -> Sequence[RenewalCampaignOpened]:
    if isinstance(campaign, RenewalCampaignOpened):
        return []
    days = calendar(command.need, command.ends_on)
    return [
        RenewalCampaignOpened(
            campaign_id=command.campaign_id,
            need=command.need,
            ends_on=command.ends_on,
            notice_on=days.notice_on,
            remind_on=days.remind_on,
            answer_by=days.answer_by,
        )
    ]


def evolve(_: Campaign, event: RenewalCampaignOpened) -> Campaign:
    return event


campaigns: Decider[OpenCampaign, Campaign, RenewalCampaignOpened] = Decider(
    "renewal-campaign", NotOpened(), decide, evolve
)
