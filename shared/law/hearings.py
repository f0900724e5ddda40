"""Hearings and appeals: who is where at a time, and until when the county court may be asked. [RPR 2001 r.30-32; RPA 1983 s.56]"""

from __future__ import annotations

from typing import Final

from shared.law.rules import Rule

QUARTERS_OF_AN_HOUR: Final = 15

NOT_ARRANGED: Final = Rule("no-such-hearing", "No such hearing is arranged.", "RPR 2001 r.30", "Arrange it.")
ROOM_TAKEN: Final = Rule(
    "hearing-room-taken",
    "Another hearing has this room at that time.",
    "Council's own arrangement",
    "Choose another time or room.",
)
OFFICER_ENGAGED: Final = Rule(
    "hearing-officer-engaged",
    "The officer holds another hearing at that time.",
    "Council's own arrangement",
    "Choose another time or officer.",
)
NOT_ON_THE_QUARTER: Final = Rule(
    "hearing-not-on-the-quarter",
    "Hearings start on a quarter of an hour and last some quarters.",
    "Council's own arrangement",
    "Choose a time like 10:15, and 15, 30, 45 … minutes.",
    invalid=True,
)
NO_APPEAL: Final = Rule("no-such-appeal", "No such appeal is waiting.", "RPR 2001 r.32", "Record its notice first.")
APPEAL_OUT_OF_TIME: Final = Rule(
    "appeal-out-of-time",
    "Notice of an appeal is given within fourteen days of the decision.",
    "RPA 1983 s.56; RPR 2001 r.32",
    "Tell the appellant; record it when the court has extended the time.",
)
DECIDED_BEFORE: Final = Rule(
    "appeal-decided-before-it-came",
    "The court cannot have decided an appeal before its notice came, nor on a day that has not come yet.",
    "RPR 2001 r.32",
    "Check the day of the court's order.",
    invalid=True,
)
NOTHING_TO_APPEAL: Final = Rule(
    "nothing-to-appeal",
    "There is no decision that could be appealed against: a rejection, or a removal after a hearing.",
    "RPA 1983 s.56",
    "Look at the case's history.",
)
