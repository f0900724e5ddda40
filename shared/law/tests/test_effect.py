"""Which of all the publications due for an address carries a determination."""

from datetime import date

from shared.law.effect import Effect, PollAhead, Programme, takes_effect
from shared.law.polls import PollType, Register
from shared.law.registration import revised_register

BOTH = frozenset(Register)
MAY = PollAhead(PollType.LOCAL, date(2026, 5, 7), second_interim=date(2026, 4, 22))


def test_without_a_poll_the_monthly_notice_carries_it():
    assert takes_effect(date(2026, 4, 17), BOTH) == Effect(date(2026, 5, 1), "monthly")


def test_the_earliest_election_notice_still_open_carries_it():
    expected = {
        date(2026, 4, 8): (date(2026, 4, 9), "interim-1"),
        date(2026, 4, 9): (date(2026, 4, 22), "interim-2"),
        date(2026, 4, 22): (date(2026, 4, 29), "final"),
        date(2026, 4, 29): (date(2026, 6, 1), "monthly"),
    }
    effects = {day: takes_effect(day, BOTH, Programme((MAY,))) for day in expected}
    assert {day: (effect.on, effect.notice) for day, effect in effects.items()} == expected


def test_an_entry_on_the_other_register_waits_for_the_monthly_notice():
    overseas = frozenset({Register.PARLIAMENTARY})
    assert takes_effect(date(2026, 4, 8), overseas, Programme((MAY,))).notice == "monthly"


def test_the_revised_register_carries_what_autumn_decides_unless_a_notice_is_announced():
    assert takes_effect(date(2026, 9, 22), BOTH) == Effect(date(2026, 12, 1), "revised-register")
    announced = Programme(optional_months=(10,))
    assert takes_effect(date(2026, 9, 16), BOTH, announced) == Effect(date(2026, 10, 1), "monthly")


def test_a_postponed_revised_register_moves_the_effect():
    postponed = Programme(revised=revised_register(2026, date(2027, 2, 1), polls=[date(2026, 10, 15)]))
    assert takes_effect(date(2027, 1, 20), BOTH, postponed) == Effect(date(2027, 2, 1), "revised-register")
