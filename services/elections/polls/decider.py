"""One poll: created with its contests, its timetable fixed and recomputed, its notices published, its steps done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import assert_never

from services.elections.polls.commands import (
    ArrangeNominations,
    CancelElection,
    ChooseSecondInterim,
    Command,
    CompleteStep,
    CountElectorate,
    CountHolidays,
    CreateElection,
    ProposedContest,
    PublishNotice,
)
from shared.eventcore.deciding import Claim, Decider, Refused, Release
from shared.events.elections import (
    NO_CHOICES,
    Contest,
    ContestCount,
    DayOff,
    ElectionCancelled,
    ElectionCreated,
    ElectoralArea,
    ElectorateCounted,
    NominationArrangementsMade,
    NoticePublished,
    ProclaimedHoliday,
    StepCompleted,
    StepMoved,
    TimetableChoices,
    TimetableFixed,
    TimetableRecomputed,
    TimetableStep,
    contest_id,
)
from shared.law import elections as law
from shared.law.dated import NoLawOn
from shared.law.election_entries import Entry, Poll
from shared.law.election_provisions import FIXED_HOURS, NOMINATION_HOURS, Hours
from shared.law.election_timetable import statutory_timetable
from shared.law.polling_days import OUTSIDE_WINDOW, polling_window
from shared.law.polls import Country
from shared.law.reckoning import MIDNIGHT
from shared.law.timetable import NoTimetable
from shared.law.voting_systems import PollKind, voting_system
from shared.law.working_days import HolidaysUnknown, Nation

Event = (
    ElectionCreated
    | TimetableFixed
    | TimetableRecomputed
    | NominationArrangementsMade
    | NoticePublished
    | StepCompleted
    | ElectorateCounted
    | ElectionCancelled
)

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotCreated:
    pass


@dataclass(frozen=True, slots=True)
class Underway:
    """`published`: hash by notice. `done`: steps an officer or a publication has met."""

    created: ElectionCreated
    steps: tuple[TimetableStep, ...] = ()
    choices: TimetableChoices = NO_CHOICES
    holidays: tuple[ProclaimedHoliday, ...] = ()
    arrangements: NominationArrangementsMade | None = None
    published: tuple[tuple[str, str], ...] = ()
    done: frozenset[str] = frozenset()
    counted: tuple[ContestCount, ...] = ()

    def step(self, key: str) -> TimetableStep | None:
        return next((step for step in self.steps if step.key == key), None)


@dataclass(frozen=True, slots=True)
class Cancelled:
    pass


Election = NotCreated | Underway | Cancelled

# ----------------------------------------------------------------- decisions


def decide(command: Command, election: Election) -> Sequence[Event]:
    if isinstance(command, CreateElection):
        return create(command, election)
    if isinstance(election, Cancelled) and isinstance(command, CountHolidays | CountElectorate | CancelElection):
        return []
    poll = underway(election)
    created = poll.created
    match command:
        case CountHolidays(holidays, on):
            known = tuple(sorted({*poll.holidays, *holidays}, key=lambda holiday: holiday.day))
            if known == poll.holidays:
                return []
            new = ", ".join(f"{h.name} on {h.day:%-d %B %Y}" for h in known if h not in poll.holidays)
            return count(replace(poll, holidays=known), poll, f"Proclaimed: {new}", on)
        case ChooseSecondInterim(day, on):
            if day == poll.choices.second_interim:
                return []
            chosen = replace(poll, choices=replace(poll.choices, second_interim=day))
            return recompute(chosen, poll, "Second interim notice of alteration chosen", on)
        case ArrangeNominations():
            return arrange(command, poll)
        case PublishNotice():
            return publish(command, poll)
        case CompleteStep(step, on, note):
            if poll.step(step) is None and step not in law.UNDATED_STEPS:
                raise Refused(law.NO_SUCH_STEP)
            return [] if step in poll.done else [StepCompleted(created.election_id, step, on, note)]
        case CountElectorate(contests, because, on):
            if contests == poll.counted:
                return []
            return [ElectorateCounted(created.election_id, on, because, contests)]
        case CancelElection(reason, on):
            areas = tuple(contest.area for contest in created.contests)
            return [ElectionCancelled(created.election_id, reason, on, created.kind, created.polling_day, areas)]
        case _:
            assert_never(command)


def create(command: CreateElection, election: Election) -> Sequence[Event]:
    check_contests(command)
    created = ElectionCreated(
        election_id=command.election_id,
        kind=command.kind.value,
        title=command.kind.title,
        officer=command.kind.officer,
        polling_day=command.polling_day,
        organisation=command.organisation,
        contests=(),
        group_ids=command.group_ids,
        id_scheme=command.id_scheme,
        by_election=command.by_election,
        reason=command.reason,
        cause_on=command.cause_on,
        business=command.business,
    )
    planned = Underway(created, choices=command.choices)
    steps = () if command.kind is PollKind.NATIONAL_REFERENDUM else worked_out(planned)
    planned = replace(planned, steps=steps)
    notice_by = next((step.day for step in steps if step.key.startswith("notice-of-")), None)
    created = replace(created, contests=tuple(contest(c, command, notice_by) for c in command.contests))
    match election:
        case Underway(created=before) if before == created:
            return []
        case Underway():
            raise Refused(law.ALREADY_CREATED)
        case Cancelled():
            raise Refused(law.CANCELLED)
        case NotCreated():
            check_day(command, notice_by)
        case _:
            assert_never(election)
    fixed = TimetableFixed(command.election_id, command.polling_day, steps, command.choices)
    return [created, fixed] if steps else [created]


def check_contests(command: CreateElection) -> None:
    keys = {area_key(c.area) for c in command.contests}
    if not keys or len(keys) < len(command.contests):
        raise Refused(law.CONTEST_NEEDED)
    if not all(identified(c.area) or command.kind is PollKind.BID for c in command.contests):
        raise Refused(law.AREA_NOT_IDENTIFIED)
    if not all(command.kind.allows_seats(c.seats) for c in command.contests):
        raise Refused(law.WRONG_SEATS)
    asks = command.kind.value.startswith("ref") or command.kind is PollKind.PARISH_POLL
    if asks and not all(c.question.strip() for c in command.contests):
        raise Refused(law.QUESTION_NEEDED)


def identified(area: ElectoralArea) -> bool:
    match area.kind:
        case "authority":
            return True
        case "polling-districts":
            return bool(area.districts)
        case _:
            return bool(area.code)


def check_day(command: CreateElection, notice_by: date | None) -> None:
    if command.cause_on is not None:
        try:
            window = polling_window(
                command.kind, command.cause_on, by_election=command.by_election, business=command.business
            )
        except HolidaysUnknown as unknown:
            raise Refused(law.HOLIDAYS_UNKNOWN, f"Unknown: {unknown.year}.") from None
        except NoLawOn:
            raise Refused(law.LAW_UNKNOWN) from None
        if window is not None and command.polling_day not in window:
            raise Refused(OUTSIDE_WINDOW, f"{window}.")
    if (notice_by or command.polling_day) < command.created_on:
        raise Refused(law.TOO_LATE, f"That was {notice_by or command.polling_day:%A %-d %B %Y}.")


def contest(proposed: ProposedContest, command: CreateElection, notice_by: date | None) -> Contest:
    chosen = voting_system(command.kind, command.polling_day, proposed.seats, notice_by)
    return Contest(
        contest_id(command.election_id, proposed.ballot_id),
        proposed.area,
        proposed.seats,
        chosen.system.value,
        chosen.source,
        proposed.ballot_id,
        proposed.question.strip(),
    )


def arrange(command: ArrangeNominations, poll: Underway) -> Sequence[Event]:
    if poll.step("nominations") is None:
        raise Refused(law.NO_NOMINATIONS)
    if "notice-of-election" in poll.done:
        raise Refused(law.NOTICE_HANGS)
    check_hours(command, poll)
    made = NominationArrangementsMade(
        poll.created.election_id,
        command.place,
        command.forms_from,
        command.nominations_from,
        command.nominations_to,
        command.officer_name,
    )
    if made == poll.arrangements:
        return []
    hours = replace(poll.choices, nominations_from=command.nominations_from, nominations_to=command.nominations_to)
    if hours == poll.choices:
        return [made]
    anew = recompute(replace(poll, choices=hours), poll, "Hours for nomination papers arranged", command.on)
    return [made, *anew]


def check_hours(command: ArrangeNominations, poll: Underway) -> None:
    asked, kind = Hours(command.nominations_from, command.nominations_to), PollKind(poll.created.kind)
    latest = next(step.closes for step in poll.steps if step.key == "nominations") or MIDNIGHT
    if kind in FIXED_HOURS and asked != NOMINATION_HOURS.on(poll.created.polling_day):
        raise Refused(law.HOURS_FIXED)
    if not asked.opens < asked.closes <= latest:
        raise Refused(law.HOURS_REVERSED)


def publish(command: PublishNotice, poll: Underway) -> Sequence[Event]:
    before = dict(poll.published).get(command.notice)
    if before == command.content_sha256:
        return []
    if command.notice == "notice-of-election":
        step = poll.step("notice-of-election")
        if step is None:
            raise Refused(law.NO_NOMINATIONS)
        if before is not None:
            raise Refused(law.ALREADY_PUBLISHED)
        if poll.arrangements is None:
            raise Refused(law.ARRANGEMENTS_NEEDED)
        if command.at > step.closes_at:
            raise Refused(law.PUBLISHED_TOO_LATE, f"That was {step.day:%A %-d %B %Y}.")
    elif not poll.steps:
        raise Refused(law.NO_TIMETABLE)
    identity = poll.created.election_id
    return [NoticePublished(identity, command.notice, command.at, command.content, command.content_sha256)]


def underway(election: Election) -> Underway:
    match election:
        case Underway():
            return election
        case NotCreated():
            raise Refused(law.NOT_CREATED)
        case Cancelled():
            raise Refused(law.CANCELLED)
        case _:
            assert_never(election)


# ------------------------------------------------------------------ timetable


def count(planned: Underway, standing: Underway, because: str, on: date) -> Sequence[Event]:
    """Holidays have to be counted, whatever officers chose before: a chosen day that no longer fits is given up."""
    try:
        return recompute(planned, standing, because, on)
    except Refused:
        free = replace(planned.choices, second_interim=None, close_of_nominations=None)
        because = f"{because}. The days that officers chose no longer fit: choose them anew"
        return recompute(replace(planned, choices=free), standing, because, on)


def recompute(planned: Underway, standing: Underway, because: str, on: date) -> Sequence[Event]:
    """The timetable as `planned`; of `standing`, what has passed or is done keeps its day."""
    if not standing.steps:
        return []
    settled = {step.key: step for step in standing.steps if step.day < on or step.key in standing.done}
    steps = tuple(
        sorted((settled.get(s.key, s) for s in worked_out(planned)), key=lambda step: (step.closes_at, step.key))
    )
    was = {step.key: step for step in standing.steps}
    changes = tuple(
        StepMoved(s.key, s.title, was[s.key].day, s.day, overtaken=s.day < on)
        for s in steps
        if s.key in was and s.day != was[s.key].day
    )
    kept = tuple(notice for notice, _ in standing.published)
    identity = standing.created.election_id
    return [TimetableRecomputed(identity, because, on, steps, changes, kept, planned.holidays, planned.choices)]


def worked_out(poll: Underway) -> tuple[TimetableStep, ...]:
    """The statutory timetable, as it is recorded."""
    created, choices = poll.created, poll.choices
    kind, country = PollKind(created.kind), Country(created.country)
    # A general election skips a holiday of any nation; every other poll those of its own.
    everywhere = kind is PollKind.PARLIAMENTARY and not created.by_election
    nations = {nation.value for nation in Nation} if everywhere else {country.nation.value}
    hours = None
    if choices.nominations_from is not None and choices.nominations_to is not None:
        hours = Hours(choices.nominations_from, choices.nominations_to)
    facts = Poll(
        kind,
        created.polling_day,
        country,
        by_election=created.by_election,
        business=created.business,
        cause_on=created.cause_on,
        close=choices.close_of_nominations,
        second_interim=choices.second_interim,
        nomination_hours=hours,
        proclaimed=tuple((h.day, h.name) for h in poll.holidays if nations & set(h.nations)),
    )
    try:
        return tuple(map(recorded, statutory_timetable(facts)))
    except NoTimetable:
        raise Refused(law.NO_TIMETABLE) from None
    except HolidaysUnknown as unknown:
        raise Refused(law.HOLIDAYS_UNKNOWN, f"Unknown: {unknown.year}.") from None
    except NoLawOn:
        raise Refused(law.LAW_UNKNOWN) from None


def recorded(entry: Entry) -> TimetableStep:
    deadline, because = entry.deadline, entry.deadline.reckoning
    return TimetableStep(
        key=entry.key,
        title=entry.title,
        owner=entry.owner.value,
        day=deadline.day,
        closes=None if deadline.closes == MIDNIGHT else deadline.closes,
        closes_at=deadline.at.astimezone(UTC),
        opens_at=entry.opens.astimezone(UTC) if entry.opens else None,
        rule=because.rule,
        source=because.source,
        skipped=tuple(DayOff(day, reason) for day, reason in because.skipped),
        note=entry.note,
    )


# -------------------------------------------------------------------- history


def evolve(election: Election, event: Event) -> Election:
    if isinstance(event, ElectionCreated):
        return Underway(event)
    if not isinstance(election, Underway):
        raise ValueError("a poll's history begins with ElectionCreated and ends with ElectionCancelled")
    match event:
        case TimetableFixed(steps=steps, choices=choices):
            return replace(election, steps=steps, choices=choices)
        case TimetableRecomputed(steps=steps, choices=choices, holidays=holidays):
            return replace(election, steps=steps, choices=choices, holidays=holidays)
        case NominationArrangementsMade():
            return replace(election, arrangements=event)
        case NoticePublished(notice=notice, content_sha256=sha256):
            published = tuple({**dict(election.published), notice: sha256}.items())
            return replace(election, published=published, done=election.done | {notice})
        case StepCompleted(step=step):
            return replace(election, done=election.done | {step})
        case ElectorateCounted(contests=counted):
            return replace(election, counted=counted)
        case ElectionCancelled():
            return Cancelled()
        case _:
            assert_never(event)


def boundary(event: Event) -> Iterable[Claim | Release]:
    """An area has one poll of a kind on a day."""
    match event:
        case ElectionCreated(kind=kind, polling_day=day):
            for contested in event.contests:
                yield Claim(f"contest:{kind}:{area_key(contested.area)}:{day}", law.ALREADY_POLLING)
        case ElectionCancelled(kind=kind, polling_day=day):
            for area in event.areas:
                yield Release(f"contest:{kind}:{area_key(area)}:{day}")
        case _:
            return


def area_key(area: ElectoralArea) -> str:
    return f"{area.kind}:{area.code or ' '.join(area.name.casefold().split())}"


elections: Decider[Command, Election, Event] = Decider("election", NotCreated(), decide, evolve, boundary)
