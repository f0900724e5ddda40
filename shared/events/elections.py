"""What happens in elections: polls of every kind, their timetables and notices, and the bank holidays that move them.

No event here holds personal data: areas, days, places, and the words of notices that hang in public.
Fields are only ever added, and only with a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal, NewType
from uuid import UUID, uuid5

from shared.events.definition import event
from shared.events.values import Authority, PollingDistrict

ElectionId = NewType("ElectionId", UUID)
"""One poll of one kind on one day for one organisation, with all its contests."""
ContestId = NewType("ContestId", UUID)
CalendarId = NewType("CalendarId", UUID)


def contest_id(election: ElectionId, ballot_id: str) -> ContestId:
    """The contest behind one ballot paper."""
    return ContestId(uuid5(election, ballot_id))


def calendar_id(authority: Authority) -> CalendarId:
    """The stream of the proclaimed bank holidays of a council, and of the timetables that they may move."""
    return CalendarId(uuid5(UUID(int=0), f"calendar:{authority}"))


# -------------------------------------------------------------------- values

# Kinds and reasons that later law or slices may add to: commands take these words only, events hold them as text, so that
# a new word is no new version.
AreaKind = Literal[
    "ward", "county-division", "constituency", "parish", "parish-ward", "authority", "polling-districts"
]  # fmt: skip
"""`authority`: all of this council's area, as at a mayor's or commissioner's election; `polling-districts`: a list."""
IdScheme = Literal["democracy-club", "moothall"]
NoticeKind = Literal["notice-of-election", "timetable"]
VacancyReason = Literal[
    "DEATH", "RESIGNATION", "ELECTORAL_COURT", "FAILURE_TO_ACCEPT", "FAILURE_TO_ATTEND_MEETINGS", "DISQUALIFICATION",
    "LOSING_QUALIFICATION", "RECALL_PETITION", "ELECTED_ELSEWHERE", "OTHER",
]  # fmt: skip
"""Why a by-election is held, in the words of Democracy Club's EveryElection."""
CancellationReason = Literal[
    "NO_CANDIDATES", "EQUAL_CANDIDATES", "UNDER_CONTESTED", "CANDIDATE_DEATH", "CREATED_BY_MISTAKE"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organisation:
    """The body that is elected or asks: its name as printed, and the short name in election ids."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class ElectoralArea:
    """Where a contest is polled. `kind` is an `AreaKind`; `code`: GSS code where there is one; `districts`: those of a
    `polling-districts` area."""

    kind: str
    name: str
    code: str = ""
    districts: tuple[PollingDistrict, ...] = ()


@dataclass(frozen=True, slots=True)
class Contest:
    """One ballot paper: where, for how many seats (0: nobody is elected), decided how, by what law."""

    contest_id: ContestId
    area: ElectoralArea
    seats: int
    voting_system: str
    system_source: str
    ballot_id: str
    question: str = ""
    """The words on the ballot paper of a referendum or parish poll."""


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that did not count, and why."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class ProclaimedHoliday:
    """A bank holiday proclaimed for some nations: `england-and-wales`, `scotland`, `northern-ireland`."""

    day: date
    name: str
    nations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimetableStep:
    """One step of a timetable. `closes`: the London time of day, None for the midnight that ends `day`; `closes_at` and
    `opens_at` are instants. `rule` reads on from the date; `skipped` are the days that did not count."""

    key: str
    title: str
    owner: str
    day: date
    closes: time | None
    closes_at: datetime
    opens_at: datetime | None
    rule: str
    source: str
    skipped: tuple[DayOff, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimetableChoices:
    """The days and hours that officers choose: the second interim notice of alteration, the close of nominations at a UK
    Parliamentary by-election, and when nomination papers are received."""

    second_interim: date | None = None
    close_of_nominations: date | None = None
    nominations_from: time | None = None
    nominations_to: time | None = None


NO_CHOICES = TimetableChoices()


@dataclass(frozen=True, slots=True)
class ContestCount:
    """How many may vote in one contest, for planning. `not_counted_yet`: attainers, who may be of age by the poll (ADR 0006)."""

    contest_id: ContestId
    electors: int
    postal_voters: int
    not_counted_yet: int


@dataclass(frozen=True, slots=True)
class StepMoved:
    """A step that falls on another day now. `overtaken`: the new day had passed when this was found out."""

    key: str
    title: str
    was: date
    becomes: date
    overtaken: bool = False


# ----------------------------------------------------------------- elections


@event("elections.election-created.v1")
class ElectionCreated:
    """A poll will be held. `kind` is a code of `shared.law.voting_systems.PollKind`; `cause_on` the day of what brought
    it about: a vacancy, a demand, the Speaker's notice, a decision. A recall petition's polling day is its last one."""

    election_id: ElectionId
    kind: str
    title: str
    officer: str
    polling_day: date
    organisation: Organisation
    contests: tuple[Contest, ...]
    group_ids: tuple[str, ...]
    id_scheme: str
    country: str = "England"
    by_election: bool = False
    reason: str | None = None
    """A `VacancyReason` of a by-election."""
    cause_on: date | None = None
    business: bool = False
    """A neighbourhood referendum with a second one among businesses."""


@event("elections.timetable-fixed.v1")
class TimetableFixed:
    """The statutory timetable of a poll, worked out for the first time."""

    election_id: ElectionId
    polling_day: date
    steps: tuple[TimetableStep, ...]
    choices: TimetableChoices


@event("elections.timetable-recomputed.v1", effective="recomputed_on")
class TimetableRecomputed:
    """The timetable was worked out anew: what moved, what stands. Steps that had passed or were done keep their day;
    notices that hang keep their words (`notices_kept`)."""

    election_id: ElectionId
    because: str
    recomputed_on: date
    steps: tuple[TimetableStep, ...]
    changes: tuple[StepMoved, ...]
    notices_kept: tuple[str, ...]
    holidays: tuple[ProclaimedHoliday, ...]
    choices: TimetableChoices


@event("elections.nomination-arrangements-made.v1")
class NominationArrangementsMade:
    """Where and when nomination papers are delivered, and who signs the notice of election."""

    election_id: ElectionId
    place: str
    forms_from: str
    """Where the forms may be had."""
    nominations_from: time
    nominations_to: time
    officer_name: str
    """The returning officer, who signs public notices by office."""


@event("elections.notice-published.v1")
class NoticePublished:
    """A notice hangs. Its text is kept word for word: it never changes, whatever is recomputed later."""

    election_id: ElectionId
    notice: str
    """A `NoticeKind`."""
    published_at: datetime
    content: str
    """HTML, complete."""
    content_sha256: str


@event("elections.step-completed.v1", effective="completed_on")
class StepCompleted:
    """An officer did what a step of the timetable asks for."""

    election_id: ElectionId
    step: str
    completed_on: date
    note: str = ""


@event("elections.electorate-counted.v1", effective="counted_on")
class ElectorateCounted:
    """The register changed, and with it the number of those who may vote: what stations, staff and ballot papers are
    planned by. `because`: the notice that changed it."""

    election_id: ElectionId
    counted_on: date
    because: str
    contests: tuple[ContestCount, ...]


@event("elections.election-cancelled.v1", effective="cancelled_on")
class ElectionCancelled:
    """The poll will not be held. Its areas are free for another on that day."""

    election_id: ElectionId
    reason: str
    """A `CancellationReason`."""
    cancelled_on: date
    kind: str
    polling_day: date
    areas: tuple[ElectoralArea, ...]


# ------------------------------------------------------------------ calendar


@event("elections.bank-holiday-proclaimed.v1", effective="proclaimed_on")
class BankHolidayProclaimed:
    """A bank holiday was proclaimed, or a day of thanksgiving or mourning: it is no working day in those nations.
    `elections` are those whose timetables span it."""

    holiday: ProclaimedHoliday
    proclaimed_on: date
    elections: tuple[ElectionId, ...] = ()


@event("elections.timetable-entered.v1")
class TimetableEntered:
    """A timetable spans these days, so that holidays proclaimed in them will find it. `holidays` were proclaimed before,
    and have to be counted in at once."""

    election_id: ElectionId
    first: date
    last: date
    holidays: tuple[ProclaimedHoliday, ...] = ()
