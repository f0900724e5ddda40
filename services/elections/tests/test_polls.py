"""Polls, sentence by sentence: created by kind and date, timetables fixed and moved, notices that stay."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from services.elections.polls.commands import (
    ArrangeNominations,
    CancelElection,
    ChooseSecondInterim,
    CompleteStep,
    CountElectorate,
    CountHolidays,
    CreateElection,
    ProposedContest,
    PublishNotice,
)
from services.elections.polls.decider import boundary, elections
from shared.eventcore.testing.specs import spec
from shared.events.elections import (
    ContestCount,
    ContestId,
    ElectionCancelled,
    ElectionCreated,
    ElectionId,
    ElectoralArea,
    ElectorateCounted,
    NominationArrangementsMade,
    NoticePublished,
    Organisation,
    ProclaimedHoliday,
    StepCompleted,
    TimetableFixed,
    TimetableRecomputed,
)
from shared.events.values import PollingDistrict
from shared.law.voting_systems import PollKind

ID = ElectionId(UUID(int=7))
MAY_2026 = date(2026, 5, 7)
COUNCIL = Organisation("Mootshire District Council", "mootshire")
GORSE = ElectoralArea("ward", "Gorse", "E05999001")
HEATH = ElectoralArea("ward", "Heath", "E05999002")
LOCAL = CreateElection(
    ID, PollKind.LOCAL, MAY_2026, COUNCIL,
    (ProposedContest(GORSE, 1, "local.mootshire.gorse.2026-05-07"), ProposedContest(HEATH, 3, "local.mootshire.heath.2026-05-07")),
    ("local.2026-05-07", "local.mootshire.2026-05-07"), "democracy-club", created_on=date(2026, 1, 5),
)  # fmt: skip
MOURNING = ProclaimedHoliday(date(2026, 4, 27), "Day of mourning", ("england-and-wales",))
ARRANGED = ArrangeNominations(
    "Moot Hall, Gavelford", "the same place", time(10), time(16), "R. Officer", date(2026, 3, 2)
)
NOTICE = PublishNotice("notice-of-election", datetime(2026, 3, 30, 9, tzinfo=UTC), "<p>Notice</p>", "abc")


def a_poll(kind, polling_day=MAY_2026, seats=0, area=None, **more):
    contest = ProposedContest(area or ElectoralArea("authority", "Mootshire", "E07000999"), seats, "x", "Yes or no?")
    return replace(LOCAL, kind=kind, polling_day=polling_day, contests=(contest,), **more)


def history(*commands):
    told = spec(elections)
    for command in commands:
        outcome = told.when(command)
        assert outcome.refusal is None, outcome.refusal
        told = told.given(*outcome.events)
    return told


def step(events, key):
    (found,) = [s for s in events[-1].steps if s.key == key]
    return found


# ------------------------------------------------------------------ creation


def test_an_election_is_created_with_its_contests_and_its_timetable_at_once():
    created, fixed = spec(elections).when(LOCAL).events
    assert isinstance(created, ElectionCreated)
    assert [(c.area.name, c.seats, c.voting_system) for c in created.contests] == [
        ("Gorse", 1, "first-past-the-post"),
        ("Heath", 3, "block-vote"),
    ]
    assert isinstance(fixed, TimetableFixed)
    assert step([fixed], "notice-of-election").day == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("kind", "seats", "system"),
    [
        (PollKind.PARLIAMENTARY, 1, "first-past-the-post"),
        (PollKind.LOCAL, 2, "block-vote"),
        (PollKind.PARISH, 9, "block-vote"),
        (PollKind.PARISH_POLL, 0, "majority"),
        (PollKind.PCC, 1, "first-past-the-post"),
        (PollKind.CA_MAYOR, 1, "supplementary-vote"),
        (PollKind.LA_MAYOR, 1, "first-past-the-post"),
        (PollKind.LONDON_MAYOR, 1, "first-past-the-post"),
        (PollKind.LONDON_CONSTITUENCY, 1, "first-past-the-post"),
        (PollKind.LONDON_LIST, 11, "additional-members"),
        (PollKind.RECALL, 0, "petition"),
        (PollKind.GOVERNANCE_REFERENDUM, 0, "majority"),
        (PollKind.COUNCIL_TAX_REFERENDUM, 0, "majority"),
        (PollKind.NEIGHBOURHOOD_REFERENDUM, 0, "majority"),
        (PollKind.NATIONAL_REFERENDUM, 0, "own-act"),
        (PollKind.BID, 0, "dual-majority"),
    ],
)
def test_every_kind_of_poll_can_be_created_and_has_the_system_of_its_day(kind, seats, system):
    cause = date(2026, 7, 1) if kind is PollKind.RECALL else None
    created, *fixed = spec(elections).when(a_poll(kind, date(2026, 10, 1), seats, cause_on=cause)).events
    assert created.contests[0].voting_system == system
    assert bool(fixed) is (kind is not PollKind.NATIONAL_REFERENDUM)


def test_a_regional_mayors_poll_whose_notice_was_due_before_18_june_2026_keeps_first_past_the_post():
    before, _ = spec(elections).when(a_poll(PollKind.CA_MAYOR, date(2026, 7, 9), 1)).events
    after, _ = spec(elections).when(a_poll(PollKind.CA_MAYOR, date(2026, 7, 23), 1)).events
    assert before.contests[0].voting_system == "first-past-the-post"
    assert after.contests[0].voting_system == "supplementary-vote"


def test_the_same_creation_twice_creates_one_poll_and_another_under_its_id_none():
    history(LOCAL).when(LOCAL).nothing_happens()
    history(LOCAL).when(replace(LOCAL, contests=LOCAL.contests[:1])).refused("election-already-created")


def test_a_poll_needs_contests_in_different_areas_with_as_many_seats_as_its_law_allows():
    spec(elections).when(replace(LOCAL, contests=())).refused("contest-needed")
    spec(elections).when(replace(LOCAL, contests=LOCAL.contests[:1] * 2)).refused("contest-needed")
    spec(elections).when(a_poll(PollKind.PCC, seats=2)).refused("wrong-number-of-seats")
    spec(elections).when(a_poll(PollKind.LOCAL, seats=0)).refused("wrong-number-of-seats")


def test_an_area_is_known_by_its_code_or_its_polling_districts():
    spec(elections).when(a_poll(PollKind.LOCAL, seats=1, area=ElectoralArea("ward", "Gorse"))).refused(
        "area-not-identified"
    )
    named = ElectoralArea("polling-districts", "Slad Valley")
    spec(elections).when(a_poll(PollKind.NEIGHBOURHOOD_REFERENDUM, area=named)).refused("area-not-identified")
    history(a_poll(PollKind.NEIGHBOURHOOD_REFERENDUM, area=replace(named, districts=(PollingDistrict("AB"),))))
    history(a_poll(PollKind.BID, area=named))


def test_poll_cards_are_done_without_a_day_in_the_timetable():
    done = CompleteStep("poll-cards", date(2026, 4, 2))
    history(LOCAL).when(done).then(StepCompleted(ID, "poll-cards", date(2026, 4, 2)))


def test_a_referendum_needs_its_question():
    silent = (ProposedContest(ElectoralArea("parish", "Slad", "E04999001"), 0, "x"),)
    spec(elections).when(replace(a_poll(PollKind.PARISH_POLL), contests=silent)).refused("question-needed")


def test_a_poll_for_whose_notice_it_is_too_late_is_refused():
    history(replace(LOCAL, created_on=date(2026, 3, 30)))
    spec(elections).when(replace(LOCAL, created_on=date(2026, 3, 31))).refused("too-late-for-its-notice")


def test_edge_case_41_a_by_election_is_held_in_the_window_of_its_request():
    asked = a_poll(
        PollKind.LOCAL, date(2026, 7, 16), 1, GORSE,
        by_election=True, cause_on=date(2026, 6, 1), reason="RESIGNATION", created_on=date(2026, 6, 2),
    )  # fmt: skip
    history(asked)
    spec(elections).when(replace(asked, polling_day=date(2026, 7, 2))).refused("polling-day-outside-its-window")
    spec(elections).when(replace(asked, polling_day=date(2026, 7, 23))).refused("polling-day-outside-its-window")


def test_a_parish_poll_is_held_on_the_14th_to_25th_day_after_its_demand():
    demanded = a_poll(PollKind.PARISH_POLL, date(2026, 9, 17), cause_on=date(2026, 9, 1), created_on=date(2026, 9, 2))
    history(demanded)
    spec(elections).when(replace(demanded, polling_day=date(2026, 9, 28))).refused("polling-day-outside-its-window")


def test_a_recall_petition_needs_the_day_of_the_speakers_notice():
    spec(elections).when(a_poll(PollKind.RECALL, date(2026, 9, 1))).refused("cause-needed")


def test_a_year_without_known_holidays_is_refused_rather_than_guessed():
    spec(elections).when(replace(LOCAL, polling_day=date(2045, 5, 4))).refused("holidays-unknown")


def test_an_area_has_one_poll_of_a_kind_on_a_day_until_that_is_cancelled():
    created, _ = spec(elections).when(LOCAL).events
    claimed = [change.tag for change in boundary(created)]
    assert claimed == ["contest:local:ward:E05999001:2026-05-07", "contest:local:ward:E05999002:2026-05-07"]
    (cancelled,) = history(LOCAL).when(CancelElection("CREATED_BY_MISTAKE", date(2026, 2, 1))).events
    assert isinstance(cancelled, ElectionCancelled)
    assert [change.tag for change in boundary(cancelled)] == claimed


def test_nothing_is_done_about_a_cancelled_poll():
    gone = history(LOCAL, CancelElection("CREATED_BY_MISTAKE", date(2026, 2, 1)))
    gone.when(CompleteStep("notice-of-poll", date(2026, 3, 1))).refused("election-cancelled")
    gone.when(CountHolidays((MOURNING,), date(2026, 3, 1))).nothing_happens()


# ------------------------------------------------------------------ holidays


def test_a_proclaimed_holiday_moves_what_has_not_passed_and_says_so():
    (recomputed,) = history(LOCAL).when(CountHolidays((MOURNING,), date(2026, 4, 10))).events
    assert isinstance(recomputed, TimetableRecomputed)
    moved = {change.key: (change.was, change.becomes) for change in recomputed.changes}
    assert moved["postal-votes"] == (date(2026, 4, 21), date(2026, 4, 20))
    assert moved["registration"] == (date(2026, 4, 20), date(2026, 4, 17))
    assert "nominations" not in moved  # closed the day before
    assert step([recomputed], "nominations").day == date(2026, 4, 9)
    assert "notice-of-poll" not in moved  # the day lies between it and the poll only for earlier steps
    assert recomputed.because == "Proclaimed: Day of mourning on 27 April 2026"


def test_a_new_day_that_has_passed_already_is_marked():
    (recomputed,) = history(LOCAL).when(CountHolidays((MOURNING,), date(2026, 4, 20))).events
    (registration,) = [change for change in recomputed.changes if change.key == "registration"]
    assert (registration.becomes, registration.overtaken) == (date(2026, 4, 17), True)


def test_a_published_notice_stands_and_its_step_keeps_its_day():
    early = replace(NOTICE, at=datetime(2026, 3, 25, 9, tzinfo=UTC))
    (recomputed,) = history(LOCAL, ARRANGED, early).when(CountHolidays((MOURNING,), date(2026, 3, 26))).events
    assert recomputed.notices_kept == ("notice-of-election",)
    assert step([recomputed], "notice-of-election").day == date(2026, 3, 30)
    assert step([recomputed], "nominations").day == date(2026, 4, 8)


def test_a_holiday_counted_once_changes_nothing_more():
    counted = history(LOCAL, CountHolidays((MOURNING,), date(2026, 4, 1)))
    counted.when(CountHolidays((MOURNING,), date(2026, 4, 2))).nothing_happens()


def test_a_scottish_holiday_moves_a_general_election_and_no_council_election():
    scottish = ProclaimedHoliday(date(2026, 4, 27), "A Scottish day", ("scotland",))
    (local,) = history(LOCAL).when(CountHolidays((scottish,), date(2026, 3, 1))).events
    assert local.changes == ()
    general = a_poll(PollKind.PARLIAMENTARY, seats=1, area=ElectoralArea("constituency", "Mootshire", "E14999001"))
    (kingdom,) = history(general).when(CountHolidays((scottish,), date(2026, 3, 1))).events
    assert "nominations" in {change.key for change in kingdom.changes}


def test_a_chosen_day_that_became_a_holiday_is_given_up_and_the_holiday_is_counted():
    chosen = history(LOCAL, ChooseSecondInterim(MOURNING.day, date(2026, 3, 1)))
    (recomputed,) = chosen.when(CountHolidays((MOURNING,), date(2026, 4, 1))).events
    assert "choose them anew" in recomputed.because
    assert "interim-2" not in {step.key for step in recomputed.steps}
    assert step([recomputed], "postal-votes").day == date(2026, 4, 20)


# ------------------------------------------------------- choices and notices


def test_the_second_interim_notice_is_chosen_in_its_window():
    poll = history(LOCAL)
    (recomputed,) = poll.when(ChooseSecondInterim(date(2026, 4, 20), date(2026, 3, 1))).events
    assert step([recomputed], "interim-2").day == date(2026, 4, 20)
    poll.when(ChooseSecondInterim(date(2026, 4, 29), date(2026, 3, 1))).refused(
        "second-interim-notice-outside-its-window"
    )


def test_arrangements_for_nominations_set_the_hours_in_the_timetable():
    made, recomputed = history(LOCAL).when(ARRANGED).events
    assert isinstance(made, NominationArrangementsMade)
    assert step([recomputed], "nominations").opens_at == datetime(2026, 3, 31, 9, tzinfo=UTC)
    history(LOCAL, ARRANGED).when(ARRANGED).nothing_happens()


def test_the_hours_for_nomination_papers_lie_before_their_close_and_where_the_law_sets_them_are_those():
    history(LOCAL).when(replace(ARRANGED, nominations_to=time(9))).refused("nomination-hours-reversed")
    history(LOCAL).when(replace(ARRANGED, nominations_to=time(17))).refused("nomination-hours-reversed")
    commissioner = history(a_poll(PollKind.PCC, seats=1))
    commissioner.when(replace(ARRANGED, nominations_from=time(9))).refused("nomination-hours-fixed")
    assert commissioner.when(ARRANGED).events


def test_a_day_of_which_no_law_is_on_record_is_refused():
    spec(elections).when(a_poll(PollKind.BID, date(2011, 5, 5))).refused("no-law-on-record")
    old = a_poll(PollKind.PARISH_POLL, date(2026, 9, 17), cause_on=date(2010, 1, 1))
    spec(elections).when(old).refused("no-law-on-record")


def test_nobody_is_nominated_at_a_referendum():
    history(a_poll(PollKind.COUNCIL_TAX_REFERENDUM)).when(ARRANGED).refused("no-nominations")


def test_the_notice_of_election_needs_the_arrangements_and_comes_in_time():
    history(LOCAL).when(NOTICE).refused("nomination-arrangements-needed")
    ready = history(LOCAL, ARRANGED)
    (published,) = ready.when(NOTICE).events
    assert isinstance(published, NoticePublished)
    ready.when(replace(NOTICE, at=datetime(2026, 3, 31, 9, tzinfo=UTC))).refused("notice-out-of-time")


def test_a_notice_that_hangs_never_changes():
    hangs = history(LOCAL, ARRANGED, NOTICE)
    hangs.when(NOTICE).nothing_happens()
    hangs.when(replace(NOTICE, content_sha256="other")).refused("notice-already-published")
    hangs.when(replace(ARRANGED, place="Elsewhere")).refused("notice-of-election-hangs")


def test_a_timetable_may_be_published_again_after_it_moved():
    first = replace(NOTICE, notice="timetable")
    (again,) = history(LOCAL, first).when(replace(first, content_sha256="other")).events
    assert again.content_sha256 == "other"


def test_a_step_is_done_once():
    done = CompleteStep("notice-of-poll", date(2026, 4, 24))
    history(LOCAL).when(done).then(StepCompleted(ID, "notice-of-poll", date(2026, 4, 24)))
    history(LOCAL, done).when(done).nothing_happens()
    history(LOCAL).when(replace(done, step="coronation")).refused("no-such-step")


def test_an_electorate_is_counted_again_only_when_it_has_changed():
    counts = (ContestCount(ContestId(UUID(int=1)), 1_204, 388, 7),)
    counted = CountElectorate(counts, "Monthly notice published", date(2026, 3, 2))
    history(LOCAL).when(counted).then(ElectorateCounted(ID, date(2026, 3, 2), "Monthly notice published", counts))
    history(LOCAL, counted).when(replace(counted, on=date(2026, 4, 1))).nothing_happens()
    history(LOCAL, CancelElection("NO_CANDIDATES", date(2026, 3, 3))).when(counted).nothing_happens()


def test_nothing_is_known_of_a_poll_that_was_never_created():
    spec(elections).when(ARRANGED).refused("unknown-election")
