"""What notifications rely on in committees' facts: who is summoned to which meeting, and what of it is not sealed."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from tests.contract.expectation import Example, Expectation, Json

ADA, BEA = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a3"
SITTING: Json = {"day": "2026-09-23", "starts": "19:00:00", "ends": "21:00:00", "zone": "Europe/London"}
SUMMONS: Json = {
    "members": [ADA, BEA], "committee_title": "Planning Committee", "sitting": SITTING, "venue": "Gavel Room",
    "business": ["Minutes", "Budget"],
}  # fmt: skip
WHERE_AND_WHAT = {"venue": "Gavel Room", "business": "Minutes\nBudget"}


def relied_on(summons: str) -> Json:
    return {
        f"{summons}.members": tuple[UUID, ...], f"{summons}.committee_title": str, f"{summons}.sitting.day": date,
        f"{summons}.sitting.starts": time, f"{summons}.venue": str, f"{summons}.business": tuple[str, ...],
    }  # fmt: skip


def told(template: str, **more: str) -> list[tuple[str, Json]]:
    """Each of the two members, in a message of their own."""
    data = {"committee": "Planning Committee", "day": "2026-09-23", "starts": "19:00", **more}
    return [
        (
            "notifications.message-queued.v1",
            {"template": template, "recipient": {"kind": "member", "id": member, "person_id": None}, "data": data},
        )
        for member in (ADA, BEA)
    ]


SUMMON, TELL, CALL_OFF = (
    "policy:when_agenda_is_published_then_summon_members",
    "policy:when_meeting_changes_then_tell_those_summoned",
    "policy:when_meeting_changes_then_call_off_what_waits",
)
CALLED_OFF = "notifications.message-called-off.v1"

EXPECTATIONS = (
    Expectation(
        SUMMON, "committees.agenda-published.v1", {"pack": int, **relied_on("summons")},
        [
            Example({"pack": 1, "summons": SUMMONS}, records=told("summons", **WHERE_AND_WHAT)),
            Example(
                {"pack": 2, "summons": SUMMONS | {"business": ["Flood at the depot"]}},
                records=told("summons-supplement", business="Flood at the depot"),
            ),
        ],
    ),
    Expectation(
        SUMMON, "committees.members-called.v1", relied_on("summons"),
        [Example({"summons": SUMMONS}, records=told("summons", **WHERE_AND_WHAT))],
    ),
    Expectation(
        TELL, "committees.meeting-moved.v1", {"was.day": date, **relied_on("summons")},
        [
            Example(
                {"summons": SUMMONS, "was": SITTING | {"day": "2026-09-30"}},
                records=told("summons-moved", **WHERE_AND_WHAT, was="2026-09-30"),
            ),
        ],
    ),
    Expectation(
        TELL, "committees.meeting-cancelled.v1", relied_on("summoned"),
        [Example({"summoned": SUMMONS}, records=told("meeting-cancelled"))],
    ),
    Expectation(  # by now each of the two holds four that call them: none has left
        CALL_OFF, "committees.meeting-moved.v1", {"summons.members": tuple[UUID, ...]},
        [Example({"summons": SUMMONS}, records=[(CALLED_OFF, {"reason": "meeting moved"})] * 8)],
    ),
    Expectation(
        CALL_OFF, "committees.meeting-cancelled.v1", {"summoned.members": tuple[UUID, ...]},
        [Example({"summoned": SUMMONS})],
    ),
)  # fmt: skip
