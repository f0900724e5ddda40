"""Meetings and their rooms."""

from __future__ import annotations

from typing import Final

from desk.help.sources import FIRE_SAFETY_2005, LGA_1972, Help

HELP: Final = {
    "calendar/committee": Help(
        "The council acts through committees and sub-committees that it has appointed. The members of this one are summoned.",
        "LGA 1972 s.101-102, Sch 12 para 4",
        f"{LGA_1972}/section/102",
    ),
    "calendar/day": Help(
        "Members are summoned, and the agenda is open to the public, at least five clear days before a meeting: the day of the notice and "
        "the day of the meeting do not count.",
        "LGA 1972 s.100A(6), s.100B(3), Sch 12 para 4(2)",
        f"{LGA_1972}/section/100A",
    ),
    "calendar/starts": Help(
        "The public notice and the summons say at what time and where the meeting is.",
        "LGA 1972 s.100A(6), Sch 12 para 4(2)",
        f"{LGA_1972}/schedule/12",
    ),
    "calendar/ends": Help(
        "Until then the room and the members are kept free. A meeting ends within twelve hours of its start.",
        "The council’s calendar of meetings; no law speaks of it",
    ),
    "calendar/reason": Help(
        "A meeting that is moved is summoned anew, and its clear days are counted again. Members and the public are told why.",
        "LGA 1972 s.100A(6), Sch 12 para 4(2)",
        f"{LGA_1972}/section/100A",
    ),
    "calendar/cancelled-because": Help(
        "A meeting that was summoned is not dropped in silence: it stays in the calendar, struck out, with this reason.",
        "The council’s calendar of meetings; no law speaks of it",
    ),
    "calendar/room": Help(
        "A room has one meeting at a time. The notice names it, because a meeting is open to the public.",
        "LGA 1972 s.100A(1), (6); the council’s list of rooms",
        f"{LGA_1972}/section/100A",
    ),
    "calendar/layout": Help(
        "How many people may be in the room depends on how it is set out: the seats of each layout are those of its fire risk assessment.",
        "Regulatory Reform (Fire Safety) Order 2005 art.14",
        f"{FIRE_SAFETY_2005}/article/14",
    ),
    "calendar/needed": Help(
        "A meeting is open to the public unless they are excluded for a part of it, so count members, officers, the press and the public.",
        "LGA 1972 s.100A(1)-(4)",
        f"{LGA_1972}/section/100A",
    ),
    "calendar/venue": Help(
        "The public notice and the summons say where the meeting is, in or outside the council’s buildings.",
        "LGA 1972 s.100A(6), Sch 12 para 4(2)",
        f"{LGA_1972}/schedule/12",
    ),
    "calendar/webcast": Help(
        "Whether the council broadcasts its meeting is for its standing orders. The broadcast stops while the public is excluded.",
        "LGA 1972 s.100A(4); the council’s standing orders",
        f"{LGA_1972}/section/100A",
    ),
    "calendar/short_notice": Help(
        "Where the clear days are no longer left, notice and agenda are open from when the meeting is called, and whoever calls it says "
        "why it cannot wait. The council itself never meets at shorter notice.",
        "LGA 1972 s.100A(6), s.100B(3), Sch 12 para 4(2)",
        f"{LGA_1972}/section/100A",
    ),
    "calendar/despite_clash": Help(
        "A member cannot be at two meetings. Absence from both may count towards the six months after which a seat is lost, so say why "
        "it could not be avoided.",
        "LGA 1972 s.85(1); the council’s calendar of meetings",
        f"{LGA_1972}/section/85",
    ),
    "room_week/name": Help(
        "The name by which the public notice says where a meeting is: the one that stands on the door.",
        "LGA 1972 s.100A(6), Sch 12 para 4(2)",
        f"{LGA_1972}/section/100A",
    ),
    "room_week/venue": Help(
        "The notice says where the meeting is, so that a stranger finds it: give the building with its street.",
        "LGA 1972 s.100A(6), Sch 12 para 4(2)",
        f"{LGA_1972}/section/100A",
    ),
    "room_week/seats": Help(
        "No more people are let into a room than can leave it safely: the seats of each layout are those of its fire risk assessment.",
        "Regulatory Reform (Fire Safety) Order 2005 art.14",
        f"{FIRE_SAFETY_2005}/article/14",
    ),
    "room_week/setup_minutes": Help(
        "The room is kept free before each meeting for so long.",
        "The council’s list of rooms; no law speaks of it",
    ),
    "room_week/teardown_minutes": Help(
        "The room is kept free after each meeting for so long.",
        "The council’s list of rooms; no law speaks of it",
    ),
    "room_week/access": Help(
        "A meeting is open to the public, those who are disabled included. Say what somebody needs to know who plans their way.",
        "LGA 1972 s.100A(1); the council’s list of rooms",
        f"{LGA_1972}/section/100A",
    ),
}
