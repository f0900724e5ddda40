"""Which publication carries a determination into the register, of all that are due for one address."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from shared.law.polls import PollType, Register
from shared.law.registration import (
    ElectionNotices,
    Publication,
    RevisedRegister,
    election_notices,
    notice_for,
)

NoticeKind: TypeAlias = Literal["monthly", "interim-1", "interim-2", "final", "revised-register"]


@dataclass(frozen=True, slots=True)
class PollAhead:
    """A poll in whose area the address lies. `second_interim`: the day the officer chose for that notice, if any."""

    poll_type: PollType
    polling_day: date
    second_interim: date | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """What the registration officer will publish, as far as one address is concerned.

    `optional_months` are those in which a monthly notice is published though none need be; `revised` is the revised
    register where it is not published on 1 December.
    """

    polls: tuple[PollAhead, ...] = ()
    optional_months: tuple[int, ...] = ()
    revised: RevisedRegister | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """A change of the register holds from the start of `on`, by this kind of publication; `poll` if it is for one."""

    on: date
    notice: NoticeKind
    poll: date | None = None


NO_PROGRAMME = Programme()


def takes_effect(determined_on: date, registers: Collection[Register], programme: Programme = NO_PROGRAMME) -> Effect:
    """The earliest publication that carries a determination of that day about an entry on `registers`.

    An election notice takes only addresses that poll, on the register used for that poll; everything else waits for the
    monthly notice or the revised register. [RPA 1983 s.13A, s.13AB, s.13B]
    """
    ordinary = notice_for(determined_on, optional_months=programme.optional_months, revised=programme.revised)
    effects = [Effect(ordinary.publish, "revised-register" if isinstance(ordinary, RevisedRegister) else "monthly")]
    for poll in programme.polls:
        notices = election_notices(poll.poll_type, poll.polling_day, revised=programme.revised)
        if notices.concerns(registers, in_polling_area=True):
            effects += [
                Effect(notice.publish, kind, poll.polling_day)
                for kind, notice in _notices(notices, poll)
                if determined_on <= notice.determine_by
            ]
    return min(effects, key=lambda effect: effect.on)


def _notices(notices: ElectionNotices, poll: PollAhead) -> Iterator[tuple[NoticeKind, Publication]]:
    if notices.first_interim is not None:
        yield "interim-1", notices.first_interim
    if poll.second_interim is not None:
        yield "interim-2", notices.second_interim(poll.second_interim)
    yield "final", notices.final
