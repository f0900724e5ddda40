"""The whole timetable of a poll: the worked calendars of the elections reference 2.3, its steps with their hours, its edges."""

import csv
from datetime import date, datetime, time
from pathlib import Path

import pytest

from shared.law.election_entries import Owner, Poll
from shared.law.election_provisions import Hours
from shared.law.election_timetable import statutory_timetable
from shared.law.polls import Country
from shared.law.reckoning import LONDON, MIDNIGHT
from shared.law.rules import Refused
from shared.law.timetable import NoTimetable
from shared.law.voting_systems import PollKind

MAY_2024, JULY_2024, MAY_2025, MAY_2026 = date(2024, 5, 2), date(2024, 7, 4), date(2025, 5, 1), date(2026, 5, 7)


def entries(kind, polling_day, **more):
    return {entry.key: entry for entry in statutory_timetable(Poll(kind, polling_day, **more))}


def days(kind, polling_day, *keys, **more):
    found = entries(kind, polling_day, **more)
    return [found[key].day.strftime("%-d %b") for key in keys]


EXPECTED = Path(__file__).parents[3].parent / "shared" / "data" / "timetables" / "expected.csv"
EVENTS = {
    "NOTICE_OF_ELECTION_DEADLINE": "notice-of-election",
    "CLOSE_OF_NOMINATIONS": "nominations",
    "SOPN_PUBLISH_DEADLINE": "statement-of-persons-nominated",
    "REGISTRATION_DEADLINE": "registration",
    "POSTAL_VOTE_APPLICATION_DEADLINE": "postal-votes",
    "VAC_APPLICATION_DEADLINE": "voter-authority-certificates",
}
KINDS = {"local": PollKind.LOCAL, "parl": PollKind.PARLIAMENTARY, "pcc": PollKind.PCC, "mayor": PollKind.CA_MAYOR}


@pytest.mark.skipif(not EXPECTED.exists(), reason="the shared timetable data is not on this machine")
def test_the_published_table_agrees_row_by_row():
    """Of the kinds that councils in England and Wales run. The library calls the statement's day of a PCC poll the close."""
    checked = 0
    with EXPECTED.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            kind, _, day = row["election_id"].rpartition(".")
            country = Country[row["country"]]
            if kind not in KINDS or country not in (Country.ENGLAND, Country.WALES):
                continue
            if kind == "pcc" and row["event"] in ("CLOSE_OF_NOMINATIONS", "SOPN_PUBLISH_DEADLINE"):
                continue
            found = entries(KINDS[kind], date.fromisoformat(day), country=country)
            key = EVENTS[row["event"]]
            if key in found:  # no certificate where no photo ID is asked for
                assert (row["election_id"], key, found[key].day.isoformat()) == (row["election_id"], key, row["date"])
                checked += 1
    assert checked > 30


BY_OFFSET = (
    "notice-of-election", "nominations", "statement-of-persons-nominated", "registration", "postal-votes",
    "notice-of-poll", "polling-agents", "petition", "expenses-return",
)  # fmt: skip
"""-25, -19, -18, -12, -11, -6, -5, petition, return if the result is on the next day."""


@pytest.mark.parametrize("kind", [PollKind.LOCAL, PollKind.LA_MAYOR])
@pytest.mark.parametrize(
    ("polling_day", "expected"),
    [
        (MAY_2024, "26 Mar, 5 Apr, 8 Apr, 16 Apr, 17 Apr, 24 Apr, 25 Apr, 23 May, 7 Jun"),
        (MAY_2025, "25 Mar, 2 Apr, 3 Apr, 11 Apr, 14 Apr, 23 Apr, 24 Apr, 22 May, 6 Jun"),
        (MAY_2026, "30 Mar, 9 Apr, 10 Apr, 20 Apr, 21 Apr, 28 Apr, 29 Apr, 28 May, 12 Jun"),
    ],
)
def test_the_worked_calendars_of_local_polls(kind, polling_day, expected):
    assert ", ".join(days(kind, polling_day, *BY_OFFSET)) == expected


@pytest.mark.parametrize("kind", [PollKind.PCC, PollKind.CA_MAYOR])
def test_commissioners_and_regional_mayors_share_the_calendar_but_return_expenses_in_seventy_days(kind):
    assert days(kind, MAY_2024, *BY_OFFSET)[:8] == days(PollKind.LOCAL, MAY_2024, *BY_OFFSET)[:8]
    assert entries(kind, MAY_2024)["expenses-return"].day == date(2024, 7, 12)


def test_the_worked_calendar_of_the_general_election_of_2024():
    keys = (
        "dissolution", "writ", "notice-of-election", "nominations", "objections", "statement-without-objections",
        "statement-of-persons-nominated", "registration", "postal-votes", "proxy-votes", "final-notice", "sub-agents",
        "petition", "expenses-return",
    )  # fmt: skip
    expected = (
        "30 May, 31 May, 4 Jun, 7 Jun, 7 Jun, 7 Jun, 10 Jun, 18 Jun, 19 Jun, 26 Jun, 27 Jun, 2 Jul, 26 Jul, 9 Aug"
    )
    assert ", ".join(days(PollKind.PARLIAMENTARY, JULY_2024, *keys)) == expected


def test_the_general_elections_hours():
    steps = entries(PollKind.PARLIAMENTARY, JULY_2024)
    assert steps["notice-of-election"].deadline.closes == time(16)
    assert steps["nominations"].opens == datetime(2024, 6, 5, 10, tzinfo=LONDON)
    assert steps["nominations"].deadline.closes == time(16)
    assert steps["objections"].opens == datetime(2024, 6, 7, 10, tzinfo=LONDON)
    assert steps["objections"].deadline.closes == time(17)
    assert steps["statement-without-objections"].deadline.closes == time(17)
    assert steps["count"].deadline.at == datetime(2024, 7, 5, 2, tzinfo=LONDON)


def test_a_parish_candidates_return_is_due_28_days_after_the_poll():
    assert entries(PollKind.PARISH, MAY_2026)["expenses-return"].day == date(2026, 6, 4)
    later = entries(PollKind.PARISH, MAY_2026, result_on=date(2026, 5, 9))
    assert later["expenses-return"].day == date(2026, 6, 4)


def test_a_declaration_after_midnight_moves_what_is_counted_from_the_result():
    steps = entries(PollKind.LOCAL, MAY_2026, result_on=date(2026, 5, 9))
    assert steps["expenses-return"].day == date(2026, 6, 15)  # the 35th day is a Saturday
    assert "if it is declared" not in steps["expenses-return"].deadline.reckoning.rule


def test_london_gives_notice_30_and_closes_24_working_days_before():
    assert days(PollKind.LONDON_MAYOR, MAY_2024, *BY_OFFSET)[:3] == ["19 Mar", "27 Mar", "2 Apr"]


def test_the_steps_that_parishes_alone_have():
    parish = entries(PollKind.PARISH, MAY_2026)["parish-poll-cards"]
    assert (parish.owner, parish.day, parish.deadline.closes) == (Owner.PARISH, date(2026, 4, 9), time(16))
    assert "parish-poll-cards" not in entries(PollKind.LOCAL, MAY_2026)


def test_absent_votes_and_voter_id_close_at_five():
    steps = entries(PollKind.LOCAL, MAY_2026)
    for key in ("postal-votes", "proxy-votes", "voter-authority-certificates", "anonymous-documents"):
        assert steps[key].deadline.closes == time(17)
    assert steps["registration"].deadline.closes == MIDNIGHT


def test_a_postal_application_a_second_after_five_is_late_and_one_to_register_at_2359_is_not():
    steps = entries(PollKind.LOCAL, MAY_2026)
    assert not steps["postal-votes"].deadline.met_by(datetime(2026, 4, 21, 17, 0, 1, tzinfo=LONDON))
    assert steps["registration"].deadline.met_by(datetime(2026, 4, 20, 23, 59, tzinfo=LONDON))
    assert not steps["registration"].deadline.met_by(datetime(2026, 4, 21, 0, 1, tzinfo=LONDON))


def test_a_nomination_half_a_minute_after_four_is_late():
    assert not entries(PollKind.LOCAL, MAY_2026)["nominations"].deadline.met_by(
        datetime(2026, 4, 9, 16, 0, 30, tzinfo=LONDON)
    )


def test_what_may_be_done_to_the_end():
    steps = entries(PollKind.LOCAL, MAY_2026)
    assert steps["emergency-proxies"].opens == datetime(2026, 4, 28, 17, tzinfo=LONDON)
    assert steps["emergency-proxies"].deadline.at == datetime(2026, 5, 7, 17, tzinfo=LONDON)
    assert steps["lost-packs"].opens == datetime(2026, 4, 30, tzinfo=LONDON)
    assert "17:00 on Wednesday 6 May in person and by hand only" in steps["lost-packs"].note
    assert steps["clerical-errors"].deadline.at == datetime(2026, 5, 7, 21, tzinfo=LONDON)
    assert (steps["poll"].opens, steps["poll"].deadline.at) == (
        datetime(2026, 5, 7, 7, tzinfo=LONDON),
        datetime(2026, 5, 7, 22, tzinfo=LONDON),
    )


def test_a_lost_pack_is_replaced_from_the_fourth_working_day_before_the_poll():
    opens = entries(PollKind.LOCAL, MAY_2026)["lost-packs"].opens
    assert datetime(2026, 4, 29, 12, tzinfo=LONDON) < opens <= datetime(2026, 4, 30, 12, tzinfo=LONDON)


def test_no_certificate_where_no_photo_id_is_asked_for():
    assert "voter-authority-certificates" not in entries(PollKind.LOCAL, date(2022, 5, 5))
    assert "voter-authority-certificates" not in entries(PollKind.LOCAL, MAY_2026, country=Country.WALES)
    assert "voter-authority-certificates" in entries(PollKind.LOCAL, MAY_2026)


def test_each_date_explains_the_days_that_were_skipped():
    notice = entries(PollKind.LOCAL, MAY_2026)["notice-of-election"].deadline.reckoning
    assert [reason for day, reason in notice.skipped if day.weekday() < 5] == [
        "Good Friday", "Easter Monday", "Early May bank holiday",
    ]  # fmt: skip
    assert str(notice) == (
        "Last day for the notice of election: Monday 30 March 2026, 25 working days before the poll on Thursday 7 May 2026, "
        "not counting weekends; 3 April (Good Friday); 6 April (Easter Monday); 4 May (Early May bank holiday) "
        "[SI 2006/3304 Sch 2 r.1]"
    )


def test_every_step_has_a_rule_a_source_and_its_place_in_time():
    for kind in PollKind:
        if kind is not PollKind.NATIONAL_REFERENDUM:
            found = statutory_timetable(Poll(kind, date(2026, 9, 10), cause_on=date(2026, 7, 1)))
            assert found
            assert [e.deadline.at for e in found] == sorted(e.deadline.at for e in found)
            assert all(e.deadline.reckoning.rule and e.deadline.reckoning.source for e in found)
            assert len({e.key for e in found}) == len(found)


def test_new_years_day_is_skipped_before_a_poll_on_2_january():
    found = entries(PollKind.LOCAL, date(2025, 1, 2))
    assert found["lost-packs"].note.startswith("From 4 working days before the poll")
    assert "Tuesday 31 December" in found["lost-packs"].note


def test_a_proclaimed_holiday_moves_every_step_before_it_and_none_after():
    proclaimed = ((date(2026, 4, 27), "Day of mourning"),)
    before, after = entries(PollKind.LOCAL, MAY_2026), entries(PollKind.LOCAL, MAY_2026, proclaimed=proclaimed)
    moved = {key for key, entry in before.items() if after[key].day != entry.day}
    assert {"notice-of-election", "nominations", "registration", "postal-votes"} <= moved
    assert not moved & {"proxy-votes", "notice-of-poll", "final-notice", "poll", "petition", "expenses-return"}
    assert after["postal-votes"].day == date(2026, 4, 20)
    assert (date(2026, 4, 27), "Day of mourning") in after["postal-votes"].deadline.reckoning.skipped


def test_a_general_election_closes_on_one_day_where_one_nation_rests():
    assert {entries(PollKind.PARLIAMENTARY, date(2019, 12, 12), country=c)["nominations"].day for c in Country} == {
        date(2019, 11, 14)
    }
    found = entries(PollKind.PARLIAMENTARY, date(2019, 12, 12))
    assert (found["postal-votes"].day, found["registration"].day) == (date(2019, 11, 26), date(2019, 11, 26))


def test_a_returning_officer_chooses_the_close_of_a_parliamentary_by_election_in_limits():
    chosen = entries(PollKind.PARLIAMENTARY, JULY_2024, by_election=True, close=date(2024, 6, 10))
    assert chosen["nominations"].day == date(2024, 6, 10)
    assert "dissolution" not in chosen
    with pytest.raises(Refused, match="close-of-nominations-outside-its-limits"):
        entries(PollKind.PARLIAMENTARY, JULY_2024, by_election=True, close=date(2024, 6, 12))


def test_the_registration_officer_chooses_the_second_interim_notice_between_the_other_two():
    chosen = entries(PollKind.LOCAL, MAY_2026, second_interim=date(2026, 4, 20))
    assert [chosen[key].day.day for key in ("interim-1", "interim-2", "final-notice")] == [9, 20, 29]
    with pytest.raises(Refused, match="second-interim-notice-outside-its-window"):
        entries(PollKind.LOCAL, MAY_2026, second_interim=date(2026, 4, 29))


def test_local_nomination_hours_are_those_of_the_notice_and_a_commissioners_are_fixed():
    local = entries(PollKind.LOCAL, MAY_2026, nomination_hours=Hours(time(9, 30), time(16)))
    assert local["nominations"].opens == datetime(2026, 3, 31, 9, 30, tzinfo=LONDON)
    assert entries(PollKind.PCC, MAY_2024)["nominations"].opens == datetime(2024, 3, 27, 10, tzinfo=LONDON)


def test_a_parish_poll_has_a_notice_and_an_evening_and_nothing_else():
    found = entries(PollKind.PARISH_POLL, date(2026, 9, 10))
    assert list(found) == ["notice-of-poll", "poll"]
    assert found["notice-of-poll"].day == date(2026, 9, 3)
    assert (found["poll"].opens.time(), found["poll"].deadline.closes) == (time(16), time(21))


def test_a_recall_petition_is_counted_from_the_speakers_notice():
    # Wellingborough 2023: the Speaker's notice of 25 October, signing from 8 November to 19 December.
    found = entries(PollKind.RECALL, date(2023, 12, 19), cause_on=date(2023, 10, 25))
    assert found["registration"].day == date(2023, 10, 25)
    assert found["signing"].opens == datetime(2023, 11, 8, 9, tzinfo=LONDON)
    assert found["signing"].deadline.at == datetime(2023, 12, 19, 17, tzinfo=LONDON)
    assert found["register-of-petition"].day == date(2023, 11, 3)
    assert not found["registration"].deadline.met_by(datetime(2023, 10, 26, 9, tzinfo=LONDON))
    with pytest.raises(Refused, match="cause-needed"):
        entries(PollKind.RECALL, date(2023, 12, 19))


def test_referendums_have_notices_of_their_own_and_no_candidates():
    plan = entries(PollKind.NEIGHBOURHOOD_REFERENDUM, MAY_2026)
    assert (plan["information-statement"].day, plan["notice-of-referendum"].day) == (
        date(2026, 3, 25),
        date(2026, 3, 30),
    )
    business = entries(PollKind.NEIGHBOURHOOD_REFERENDUM, MAY_2026, business=True)
    assert business["information-statement"].day == date(2026, 2, 13)
    governance = entries(PollKind.GOVERNANCE_REFERENDUM, MAY_2026)["notice-of-referendum"]
    assert (governance.opens.date(), governance.day) == (date(2026, 3, 12), date(2026, 4, 9))
    assert entries(PollKind.COUNCIL_TAX_REFERENDUM, MAY_2026)["notice-of-referendum"].day == date(2026, 4, 9)
    for found in (plan, entries(PollKind.COUNCIL_TAX_REFERENDUM, MAY_2026)):
        assert not {"nominations", "petition", "expenses-return", "interim-1"} & found.keys()


def test_a_business_improvement_district_is_all_postal_and_closes_at_five():
    found = entries(PollKind.BID, date(2026, 10, 15))
    assert found["notice-of-ballot"].day == date(2026, 9, 3)
    assert found["ballot-papers"].day == date(2026, 9, 17)
    assert found["poll"].deadline.closes == time(17)


def test_a_national_referendum_has_the_timetable_of_its_own_act():
    with pytest.raises(NoTimetable):
        statutory_timetable(Poll(PollKind.NATIONAL_REFERENDUM, MAY_2026))
