"""Against Democracy Club's library (its published table, and every Thursday), and the worked calendars of the reference."""

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from uk_election_timetables.calendars import Country as DcCountry
from uk_election_timetables.election_ids import from_election_id

from shared.law.polls import Country, PollType
from shared.law.timetable import NoTimetable, Step, timetable

EXPECTED = Path(__file__).parents[3].parent / "shared" / "data" / "timetables" / "expected.csv"
STEPS = {
    "NOTICE_OF_ELECTION_DEADLINE": Step.NOTICE_OF_ELECTION,
    "CLOSE_OF_NOMINATIONS": Step.CLOSE_OF_NOMINATIONS,
    "SOPN_PUBLISH_DEADLINE": Step.STATEMENT_OF_PERSONS_NOMINATED,
    "REGISTRATION_DEADLINE": Step.REGISTRATION,
    "POSTAL_VOTE_APPLICATION_DEADLINE": Step.POSTAL_VOTE,
    "VAC_APPLICATION_DEADLINE": Step.VOTER_AUTHORITY_CERTIFICATE,
}
NOMINATIONS = {"CLOSE_OF_NOMINATIONS", "SOPN_PUBLISH_DEADLINE"}
CORRECTED = {PollType.PCC, PollType.GLA}
"""Where the library calls the statement's deadline the close of nominations, and so publishes the statement a day late."""


def poll_of(election_id: str) -> PollType:
    kind = election_id.rsplit(".", 1)[0]
    return PollType({"mayor": "camayor", "mayor.london": "gla"}.get(kind, kind))


@cache
def library(kind: str, day: date, country: Country) -> dict[str, date]:
    steps = from_election_id(f"{kind}.{day.isoformat()}", DcCountry[country.name]).timetable
    return {step["event"]: step["date"] for step in steps}


def thursdays() -> list[date]:
    first = date(2012, 3, 1)
    return [first + timedelta(weeks=n) for n in range((date(2028, 12, 28) - first).days // 7 + 1)]


def expected_rows() -> list[dict[str, str]]:
    if not EXPECTED.exists():
        return []
    with EXPECTED.open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


@pytest.mark.skipif(not EXPECTED.exists(), reason="the shared timetable data is not on this machine")
def test_every_row_of_the_published_table_agrees_but_for_the_two_known_defects():
    different = []
    for row in expected_rows():
        poll_type, day = poll_of(row["election_id"]), date.fromisoformat(row["election_id"].rsplit(".", 1)[1])
        ours = timetable(poll_type, day, Country[row["country"]])[STEPS[row["event"]]].day
        if ours != date.fromisoformat(row["date"]):
            assert poll_type in CORRECTED
            assert row["event"] in NOMINATIONS
            different.append((row["election_id"], row["event"], row["date"], ours.isoformat()))
    assert different == [
        ("pcc.2024-05-02", "CLOSE_OF_NOMINATIONS", "2024-04-08", "2024-04-05"),
        ("pcc.2024-05-02", "SOPN_PUBLISH_DEADLINE", "2024-04-09", "2024-04-08"),
        ("gla.2024-05-02", "CLOSE_OF_NOMINATIONS", "2024-04-02", "2024-03-27"),
        ("gla.2024-05-02", "SOPN_PUBLISH_DEADLINE", "2024-04-03", "2024-04-02"),
        ("mayor.london.2024-05-02", "CLOSE_OF_NOMINATIONS", "2024-04-02", "2024-03-27"),
        ("mayor.london.2024-05-02", "SOPN_PUBLISH_DEADLINE", "2024-04-03", "2024-04-02"),
    ]


@pytest.mark.parametrize(
    ("kind", "poll_type", "country"),
    [
        *(("local", PollType.LOCAL, country) for country in Country),
        ("local.city-of-london", PollType.CITY_OF_LONDON, Country.ENGLAND),
        ("mayor", PollType.CA_MAYOR, Country.ENGLAND),
        ("mayor", PollType.LA_MAYOR, Country.ENGLAND),
        ("pcc", PollType.PCC, Country.ENGLAND),
        ("gla", PollType.GLA, Country.ENGLAND),
        ("senedd", PollType.SENEDD, Country.WALES),
        ("sp", PollType.SCOTTISH_PARLIAMENT, Country.SCOTLAND),
        ("nia", PollType.NI_ASSEMBLY, Country.NORTHERN_IRELAND),
        ("ref", PollType.COUNCIL_TAX_REFERENDUM, Country.ENGLAND),
    ],
)
def test_every_thursday_agrees_with_the_library(kind, poll_type, country):
    for day in thursdays():
        if poll_type is PollType.CITY_OF_LONDON and day.year == 2012:
            continue  # the City's Christmas break of 2011 needs holidays that are not in the data
        steps = timetable(poll_type, day, country)
        for event, theirs in library(kind, day, country).items():
            if not (poll_type in CORRECTED and event in NOMINATIONS):
                assert (day, event, steps[STEPS[event]].day) == (day, event, theirs)


@pytest.mark.parametrize("country", [Country.ENGLAND, Country.SCOTLAND, Country.NORTHERN_IRELAND])
def test_every_thursday_a_parliamentary_by_election_agrees_with_the_library(country):
    for day in thursdays():
        steps = timetable(PollType.PARLIAMENTARY, day, country, by_election=True)
        for event, theirs in library("parl", day, country).items():
            assert (day, event, steps[STEPS[event]].day) == (day, event, theirs)


def test_a_general_election_differs_from_the_earliest_national_date_where_two_nations_rest_on_different_days():
    """The library takes the earliest of three national dates; one union calendar can need an earlier one still."""
    different = {}
    for day in thursdays():
        theirs = from_election_id(f"parl.{day.isoformat()}").close_of_nominations
        ours = timetable(PollType.PARLIAMENTARY, day)[Step.CLOSE_OF_NOMINATIONS].day
        assert ours <= theirs
        if ours != theirs:
            different[day] = (ours, theirs)
    # Northern Ireland rests on 13 July, Scotland on 3 August, England on neither.
    assert different[date(2026, 8, 6)] == (date(2026, 7, 8), date(2026, 7, 9))


@pytest.mark.parametrize("poll_type", [PollType.PCC, PollType.GLA])
def test_nominations_close_before_the_statement_that_the_library_confuses_with_it(poll_type):
    kind = {PollType.PCC: "pcc", PollType.GLA: "gla"}[poll_type]
    for day in thursdays():
        ours = timetable(poll_type, day)
        assert (
            ours[Step.STATEMENT_OF_PERSONS_NOMINATED].day == library(kind, day, Country.ENGLAND)["CLOSE_OF_NOMINATIONS"]
        )
        assert ours[Step.CLOSE_OF_NOMINATIONS].day < ours[Step.STATEMENT_OF_PERSONS_NOMINATED].day


# The worked calendars of the elections reference, 2.3


def on(year: int, *day_month: str) -> list[date]:
    months = {"Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7}
    return [date(year, months[month], int(day)) for day, month in (text.split() for text in day_month)]


STEPS_IN_ORDER = list(Step)


MAY_2024 = on(2024, "26 Mar", "5 Apr", "8 Apr", "16 Apr", "17 Apr", "24 Apr", "24 Apr")
JULY_2024 = on(2024, "4 Jun", "7 Jun", "10 Jun", "18 Jun", "19 Jun", "26 Jun", "26 Jun")
MAY_2025 = on(2025, "25 Mar", "2 Apr", "3 Apr", "11 Apr", "14 Apr", "23 Apr", "23 Apr")
MAY_2026 = on(2026, "30 Mar", "9 Apr", "10 Apr", "20 Apr", "21 Apr", "28 Apr", "28 Apr")
MAY_2021 = on(2021, "29 Mar", "8 Apr", "9 Apr", "19 Apr", "20 Apr", "27 Apr", "27 Apr")


@pytest.mark.parametrize(
    ("poll_type", "day", "expected"),
    [
        (PollType.LOCAL, date(2024, 5, 2), MAY_2024),
        (PollType.PCC, date(2024, 5, 2), MAY_2024),
        (PollType.CA_MAYOR, date(2024, 5, 2), MAY_2024),
        (PollType.PARLIAMENTARY, date(2024, 7, 4), JULY_2024),
        (PollType.LOCAL, date(2025, 5, 1), MAY_2025),
        (PollType.LOCAL, date(2026, 5, 7), MAY_2026),
        (PollType.LOCAL, date(2021, 5, 6), MAY_2021),
    ],
)
def test_the_worked_calendars(poll_type, day, expected):
    steps = timetable(poll_type, day)
    assert [steps[step].day for step in STEPS_IN_ORDER] == expected


def test_the_librarys_own_vectors():
    assert timetable(PollType.LOCAL, date(2019, 6, 6))[Step.CLOSE_OF_NOMINATIONS].day == date(2019, 5, 9)
    assert timetable(PollType.CA_MAYOR, date(2017, 5, 4))[Step.CLOSE_OF_NOMINATIONS].day == date(2017, 4, 4)
    february = timetable(PollType.PARLIAMENTARY, date(2019, 2, 21))
    assert february[Step.CLOSE_OF_NOMINATIONS].day == date(2019, 1, 25)
    assert february[Step.REGISTRATION].day == date(2019, 2, 5)
    assert february[Step.POSTAL_VOTE].day == date(2019, 2, 6)
    assert february[Step.VOTER_AUTHORITY_CERTIFICATE].day == date(2019, 2, 13)


def test_christmas_eve_and_scotlands_2_january_rest_the_whole_kingdom_at_a_general_election():
    kingdom = timetable(PollType.PARLIAMENTARY, date(2019, 1, 10))
    england = timetable(PollType.PARLIAMENTARY, date(2019, 1, 10), by_election=True)
    assert kingdom[Step.CLOSE_OF_NOMINATIONS].day == date(2018, 12, 7)
    assert england[Step.CLOSE_OF_NOMINATIONS].day == date(2018, 12, 10)


def test_easter_monday_counts_for_certificates_in_scotland_only():
    england, scotland = (
        timetable(PollType.LOCAL, date(2023, 4, 13), country)[Step.VOTER_AUTHORITY_CERTIFICATE].day
        for country in (Country.ENGLAND, Country.SCOTLAND)
    )
    assert (england, scotland) == (date(2023, 4, 3), date(2023, 4, 4))


def test_london_closes_nominations_on_27_march_2024():
    assert timetable(PollType.GLA, date(2024, 5, 2))[Step.CLOSE_OF_NOMINATIONS].day == date(2024, 3, 27)


def test_a_general_election_closes_on_one_day_across_the_kingdom():
    closes = {timetable(PollType.PARLIAMENTARY, date(2019, 12, 12), c)[Step.CLOSE_OF_NOMINATIONS].day for c in Country}
    assert closes == {date(2019, 11, 14)}


def test_steps_stand_in_order_of_time_with_their_hours():
    steps = list(timetable(PollType.LOCAL, date(2026, 5, 7)).steps.values())
    assert [deadline.at for deadline in steps] == sorted(deadline.at for deadline in steps)
    close = timetable(PollType.LOCAL, date(2026, 5, 7))[Step.CLOSE_OF_NOMINATIONS]
    assert str(close) == "4:00pm on Thursday 9 April 2026"


def test_a_date_explains_itself():
    postal = timetable(PollType.LOCAL, date(2026, 5, 7))[Step.POSTAL_VOTE]
    assert str(postal.reckoning) == (
        "Last day to apply for a postal vote, and to change or cancel an absent vote: Tuesday 21 April 2026, "
        "11 working days before the poll on Thursday 7 May 2026, "
        "not counting weekends; 4 May (Early May bank holiday) [RPR 2001 r.56]"
    )


def test_a_parish_poll_has_no_timetable_of_this_kind():
    with pytest.raises(NoTimetable, match="parishpoll"):
        timetable(PollType.PARISH_POLL, date(2026, 5, 7))
