"""What may be asked of a poll."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from shared.events.elections import (
    NO_CHOICES,
    CancellationReason,
    ContestCount,
    ElectionId,
    ElectoralArea,
    IdScheme,
    NoticeKind,
    Organisation,
    ProclaimedHoliday,
    TimetableChoices,
    VacancyReason,
)
from shared.law.voting_systems import PollKind


@dataclass(frozen=True, slots=True)
class ProposedContest:
    """An area that is to poll. `ballot_id`: made and checked at the border (`exchange.election_ids`)."""

    area: ElectoralArea
    seats: int
    ballot_id: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class CreateElection:
    election_id: ElectionId
    kind: PollKind
    polling_day: date
    organisation: Organisation
    contests: tuple[ProposedContest, ...]
    group_ids: tuple[str, ...]
    id_scheme: IdScheme
    created_on: date
    by_election: bool = False
    reason: VacancyReason | None = None
    cause_on: date | None = None
    business: bool = False
    choices: TimetableChoices = NO_CHOICES


@dataclass(frozen=True, slots=True)
class CountHolidays:
    """Holidays were proclaimed: work the timetable out anew for what has not passed."""

    holidays: tuple[ProclaimedHoliday, ...]
    on: date


@dataclass(frozen=True, slots=True)
class ChooseSecondInterim:
    """The registration officer chose the day of the second interim notice of alteration (None: there will be none)."""

    day: date | None
    on: date


@dataclass(frozen=True, slots=True)
class ArrangeNominations:
    place: str
    forms_from: str
    nominations_from: time
    nominations_to: time
    officer_name: str
    on: date


@dataclass(frozen=True, slots=True)
class PublishNotice:
    notice: NoticeKind
    at: datetime
    content: str
    content_sha256: str


@dataclass(frozen=True, slots=True)
class CompleteStep:
    step: str
    on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class CountElectorate:
    """The register changed: these may vote now."""

    contests: tuple[ContestCount, ...]
    because: str
    on: date


@dataclass(frozen=True, slots=True)
class CancelElection:
    reason: CancellationReason
    on: date


Command = (
    CreateElection
    | CountHolidays
    | ChooseSecondInterim
    | ArrangeNominations
    | PublishNotice
    | CompleteStep
    | CountElectorate
    | CancelElection
)
