"""Notices of alteration and revised registers: on the right day, once, with what was known frozen."""

from datetime import date
from uuid import UUID

import pytest

from services.registration.notices.decider import Contents, PublishNotice, PublishRevisedRegister, notices
from shared.eventcore.testing.specs import spec
from shared.events.registration import AlterationNoticePublished, RevisedRegisterPublished
from shared.events.values import Authority, NoticeId, PollingDistrict, notice_id
from shared.law.effect import PollAhead
from shared.law.polls import PollType

ID = NoticeId(UUID(int=1))
POSITIONS = tuple(range(64))
CONTENTS = Contents(POSITIONS, "ab" * 32, additions=3, removals=2, amendments=1, electors=100)
MAY = PollAhead(PollType.LOCAL, date(2026, 5, 7), second_interim=date(2026, 4, 22))
AREA = (PollingDistrict("AB"),)


def published(kind, on, until, poll=None, areas=()):
    return AlterationNoticePublished(ID, kind, on, until, POSITIONS, 3, 2, 1, "ab" * 32, poll, areas)


def test_a_monthly_notice_is_published_on_the_first_working_day():
    spec(notices).when(PublishNotice(ID, "monthly", date(2026, 2, 2), CONTENTS)).then(
        published("monthly", date(2026, 2, 2), date(2026, 1, 19))
    )
    wrong = spec(notices).when(PublishNotice(ID, "monthly", date(2026, 2, 3), CONTENTS))
    wrong.refused("wrong-publication-day")
    assert wrong.refusal.detail == "That is 2 February 2026."


@pytest.mark.parametrize(
    ("kind", "on", "until"),
    [
        ("interim-1", date(2026, 4, 9), date(2026, 4, 8)),
        ("interim-2", date(2026, 4, 22), date(2026, 4, 21)),
        ("final", date(2026, 4, 29), date(2026, 4, 28)),
    ],
)
def test_election_notices_of_7_may_2026(kind, on, until):
    spec(notices).when(PublishNotice(ID, kind, on, CONTENTS, MAY, AREA)).then(
        published(kind, on, until, date(2026, 5, 7), AREA)
    )


def test_a_second_interim_notice_stands_between_the_other_two():
    late = PublishNotice(ID, "interim-2", date(2026, 4, 29), CONTENTS, MAY, AREA)
    spec(notices).when(late).refused("second-interim-notice-outside-its-window")


def test_an_election_notice_names_its_poll_and_its_area():
    spec(notices).when(PublishNotice(ID, "final", date(2026, 4, 29), CONTENTS)).refused("poll-needed")
    spec(notices).when(PublishNotice(ID, "final", date(2026, 4, 29), CONTENTS, MAY)).refused("area-needed")


def test_a_published_notice_does_not_change():
    done = spec(notices).given(published("monthly", date(2026, 2, 2), date(2026, 1, 19)))
    done.when(PublishNotice(ID, "monthly", date(2026, 2, 2), CONTENTS)).nothing_happens()
    other = Contents(POSITIONS, "cd" * 32)
    done.when(PublishNotice(ID, "monthly", date(2026, 2, 2), other)).refused("already-published")


def test_a_publication_freezes_every_shard():
    short = Contents(POSITIONS[:63], "ab" * 32)
    spec(notices).when(PublishNotice(ID, "monthly", date(2026, 2, 2), short)).refused("positions-needed")


def test_one_notice_of_a_kind_on_a_day_for_a_poll():
    council, day = Authority("E07000999"), date(2026, 4, 29)
    assert notice_id(council, "final", day, date(2026, 5, 7)) == notice_id(council, "final", day, date(2026, 5, 7))
    assert notice_id(council, "final", day, date(2026, 5, 7)) != notice_id(council, "monthly", day)


def test_the_register_is_revised_by_1_december():
    spec(notices).when(PublishRevisedRegister(ID, 2026, date(2026, 12, 1), CONTENTS)).then(
        RevisedRegisterPublished(ID, date(2026, 12, 1), date(2026, 11, 30), POSITIONS, 100, "ab" * 32)
    )


def test_vector_13_only_a_poll_from_july_to_1_december_postpones_the_revised_register():
    late = PublishRevisedRegister(ID, 2024, date(2025, 2, 1), CONTENTS, (date(2024, 12, 12),))
    spec(notices).when(late).refused("revised-register-too-late")
    after_july = PublishRevisedRegister(ID, 2024, date(2025, 2, 1), CONTENTS, (date(2024, 7, 4),))
    (event,) = spec(notices).when(after_july).events
    assert event.postponed_for_poll == date(2024, 7, 4)
