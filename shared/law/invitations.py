"""Inviting somebody to register who should be: invitation, reminders, visit, requirement, civil penalty. [RPA 1983 s.9E, s.10ZB]

The days between the steps and those of the penalty are from the reference and from practice, not from the text of the
regulations: they are data, to be confirmed before a council relies on them.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.provisions import SINCE
from shared.law.reckoning import Reckoning, calendar_days_after
from shared.law.registration import HOME
from shared.law.rules import Rule
from shared.law.working_days import Calendar

INVITE_WITHIN_DAYS: Final = Dated(
    "calendar days to invite a potential elector", Provision(28, SINCE, "RPR 2001 r.32ZC")
)
REMINDER_DAYS: Final = Dated(
    "calendar days between an invitation, its reminders and the visit", Provision(28, SINCE, "RPR 2001 r.32ZD; reading")
)
REMINDERS: Final = Dated("reminders of an invitation", Provision(2, SINCE, "RPR 2001 r.32ZD"))
REQUIREMENT_DAYS: Final = Dated(
    "calendar days to apply once required to", Provision(28, SINCE, "RPR 2001 r.32ZE; reading")
)
PENALTY_PENCE: Final = Dated("civil penalty for not applying, pence", Provision(80_00, SINCE, "RPR 2001 r.32ZF"))
PENALTY_DAYS: Final = Dated("calendar days to pay the civil penalty", Provision(28, SINCE, "RPR 2001 r.32ZF; reading"))
PENALTY_REVIEW_DAYS: Final = Dated(
    "calendar days to ask for a review of a penalty", Provision(14, SINCE, "RPR 2001 r.32ZG; reading")
)
PENALTY_APPEAL_DAYS: Final = Dated(
    "calendar days to appeal to the tribunal after a review", Provision(14, SINCE, "RPR 2001 r.32ZG; reading")
)

_TAKE_APPLICATION: Final = "Take the application, or close the invitation with the reason."
NOT_INVITED: Final = Rule(
    "no-such-potential-elector", "No such potential elector is known.", "RPA 1983 s.9E", "Record them first."
)
ALREADY_INVITED: Final = Rule(
    "already-a-potential-elector",
    "This person is known already as a potential elector at this address.",
    "RPR 2001 r.32ZC",
    "Go on with the invitation there is.",
)
INVITATION_CLOSED: Final = Rule(
    "invitation-closed",
    "This invitation has come to its end: the person applied, is not resident, or is not eligible.",
    "RPR 2001 r.32ZD",
    "Record the person anew if that has changed.",
)
NOT_YET_INVITED: Final = Rule(
    "not-yet-invited", "The invitation has not been given yet.", "RPA 1983 s.9E", "Give the invitation first."
)
REMINDER_OUT_OF_TURN: Final = Rule(
    "reminder-out-of-turn",
    "Two reminders follow an invitation, each after its time, the first before the second.",
    "RPR 2001 r.32ZD",
    "Wait for the day named.",
)
STEPS_OUTSTANDING: Final = Rule(
    "invitation-steps-outstanding",
    "Nobody is required to apply before they were invited, reminded twice and visited, and had time to answer.",
    "RPR 2001 r.32ZD-32ZE",
    "Take the step that is outstanding.",
)
ALREADY_REQUIRED: Final = Rule(
    "already-required-to-apply", "This person has been required to apply.", "RPR 2001 r.32ZE", _TAKE_APPLICATION
)
NOT_REQUIRED: Final = Rule(
    "not-required-to-apply",
    "A civil penalty follows only a notice that required an application by a day that has passed.",
    "RPR 2001 r.32ZE-32ZF",
    "Give the notice, or wait for its day.",
)
PENALTY_STANDS: Final = Rule(
    "penalty-stands", "A civil penalty was imposed already.", "RPR 2001 r.32ZF", "Go on with the penalty there is."
)
NO_PENALTY: Final = Rule(
    "no-penalty", "No civil penalty stands.", "RPR 2001 r.32ZF", "Look at the invitation's history."
)
REVIEW_TOO_LATE: Final = Rule(
    "penalty-review-too-late",
    "The time to ask for a review of the penalty has passed, or one was asked for.",
    "RPR 2001 r.32ZG",
    "Cancel the penalty if it should not stand.",
)
NO_PENALTY_REVIEW: Final = Rule(
    "no-penalty-review", "No review of this penalty is waiting.", "RPR 2001 r.32ZG", "Record who asked for it first."
)
APPEAL_OUT_OF_TIME: Final = Rule(
    "penalty-appeal-out-of-time",
    "An appeal to the First-tier Tribunal follows a review that upheld the penalty, within its time.",
    "RPR 2001 r.32ZG",
    "Tell the person; the tribunal may extend the time.",
)
NO_PENALTY_APPEAL: Final = Rule(
    "no-penalty-appeal", "No appeal against this penalty is waiting.", "RPR 2001 r.32ZG", "Record the appeal first."
)


def invite_by(found_on: date, *, working: Calendar = HOME) -> Reckoning:
    """The last day to invite somebody who became known as likely to be entitled on that day."""
    law = INVITE_WITHIN_DAYS.provision(found_on)
    return calendar_days_after("Invitation", found_on, law.value, "the person became known", law.source, working)


def next_step(last_on: date, *, working: Calendar = HOME) -> Reckoning:
    """The day from which the next reminder, the visit or the requirement may follow the step before it."""
    law = REMINDER_DAYS.provision(last_on)
    return calendar_days_after("Next step", last_on, law.value, "the step before", law.source, working)


def apply_by(required_on: date, *, working: Calendar = HOME) -> Reckoning:
    """The last day to apply after a notice that requires it."""
    law = REQUIREMENT_DAYS.provision(required_on)
    return calendar_days_after("Application", required_on, law.value, "the notice", law.source, working)


def pay_by(imposed_on: date, *, working: Calendar = HOME) -> Reckoning:
    """The last day to pay the civil penalty."""
    law = PENALTY_DAYS.provision(imposed_on)
    return calendar_days_after("Payment", imposed_on, law.value, "the notice of the penalty", law.source, working)


def penalty_review_by(imposed_on: date, *, working: Calendar = HOME) -> Reckoning:
    """The last day to ask the registration officer to review the penalty."""
    law = PENALTY_REVIEW_DAYS.provision(imposed_on)
    return calendar_days_after("Asking for a review", imposed_on, law.value, "the penalty", law.source, working)


def penalty_appeal_by(reviewed_on: date, *, working: Calendar = HOME) -> Reckoning:
    """The last day to appeal to the First-tier Tribunal."""
    law = PENALTY_APPEAL_DAYS.provision(reviewed_on)
    return calendar_days_after("Appeal to the tribunal", reviewed_on, law.value, "the review", law.source, working)
