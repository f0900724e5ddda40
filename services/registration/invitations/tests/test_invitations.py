"""One invitation to register, sentence by sentence."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registration.invitations.commands import (
    AppealPenalty,
    AskForPenaltyReview,
    CancelPenalty,
    CloseInvitation,
    FindPotentialElector,
    GiveInvitation,
    GiveReminder,
    ImposePenalty,
    RecordInvitationVisit,
    RecordPenaltyAppeal,
    RecordPenaltyPaid,
    RequireApplication,
    ReviewPenalty,
)
from services.registration.invitations.decider import boundary, invitations
from shared.eventcore.deciding import Claim, Release
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    ApplicationRequired,
    CivilPenaltyAppealDismissed,
    CivilPenaltyAppealed,
    CivilPenaltyCancelled,
    CivilPenaltyImposed,
    CivilPenaltyPaid,
    CivilPenaltyReviewAsked,
    CivilPenaltyUpheld,
    InvitationClosed,
    InvitationGiven,
    InvitationReminderGiven,
    InvitationVisitMade,
    PotentialElectorFound,
)
from shared.events.values import ApplicationId, PersonId, PersonName, PotentialElectorId, PropertyId

ID, PERSON, HOME = PotentialElectorId(UUID(int=1)), PersonId(UUID(int=2)), PropertyId(UUID(int=3))
ADA = PersonName("Ada", "Marsh")
FIND = FindPotentialElector(ID, PERSON, ADA, HOME, date(2026, 7, 1), "canvass")
FOUND = PotentialElectorFound(ID, PERSON, ADA, HOME, date(2026, 7, 1), "canvass", date(2026, 7, 29))
INVITED = InvitationGiven(ID, PERSON, date(2026, 7, 6), date(2026, 8, 3))
FIRST = InvitationReminderGiven(ID, PERSON, 1, date(2026, 8, 3), date(2026, 9, 1))
SECOND = InvitationReminderGiven(ID, PERSON, 2, date(2026, 9, 1), date(2026, 9, 29))
VISITED = InvitationVisitMade(ID, PERSON, date(2026, 9, 29), "not-seen", date(2026, 10, 27))
REQUIRED = ApplicationRequired(ID, PERSON, date(2026, 10, 27), date(2026, 11, 24))
PENALTY = CivilPenaltyImposed(ID, PERSON, date(2026, 11, 25), 80_00, date(2026, 12, 23), date(2026, 12, 9))
FORM = ApplicationId(UUID(int=9))
CLOSED = InvitationClosed(ID, PERSON, date(2026, 12, 1), "applied", ADA, None, HOME, FORM)

INVITATION = spec(invitations).given(FOUND)
VISITED_TWICE_REMINDED = spec(invitations).given(FOUND, INVITED, FIRST, SECOND, VISITED)
PENALISED = VISITED_TWICE_REMINDED.given(REQUIRED, PENALTY)
REVIEW_ASKED = PENALISED.given(CivilPenaltyReviewAsked(ID, PERSON, date(2026, 12, 9), "away"))
UPHELD = CivilPenaltyUpheld(ID, PERSON, date(2026, 12, 11), date(2026, 12, 29), "not shown")


def test_somebody_likely_to_be_entitled_is_invited_within_28_days():
    spec(invitations).when(FIND).then(FOUND)
    INVITATION.when(GiveInvitation(date(2026, 7, 6))).then(INVITED)
    INVITATION.given(INVITED).when(GiveInvitation(date(2026, 7, 29))).nothing_happens()


def test_nobody_is_reminded_before_being_invited_or_before_the_time_has_passed():
    INVITATION.when(GiveReminder(1, date(2026, 8, 3))).refused("not-yet-invited")
    invited = INVITATION.given(INVITED)
    invited.when(GiveReminder(1, date(2026, 8, 2))).refused("reminder-out-of-turn")
    invited.when(GiveReminder(2, date(2026, 9, 1))).refused("reminder-out-of-turn")
    invited.when(GiveReminder(1, date(2026, 8, 3))).then(FIRST)


def test_there_are_two_reminders_and_a_clock_that_rings_twice_gives_each_once():
    reminded = INVITATION.given(INVITED, FIRST)
    reminded.when(GiveReminder(1, date(2026, 9, 1))).nothing_happens()
    reminded.when(GiveReminder(2, date(2026, 9, 1))).then(SECOND)
    reminded.given(SECOND).when(GiveReminder(3, date(2026, 9, 29))).refused("reminder-out-of-turn")


def test_an_application_is_required_only_after_reminders_a_visit_and_time_to_answer():
    reminded = INVITATION.given(INVITED, FIRST, SECOND)
    reminded.when(RequireApplication(date(2026, 10, 27))).refused("invitation-steps-outstanding")
    reminded.when(RecordInvitationVisit(date(2026, 9, 29), "not-seen")).then(VISITED)
    VISITED_TWICE_REMINDED.when(RequireApplication(date(2026, 10, 26))).refused("invitation-steps-outstanding")
    VISITED_TWICE_REMINDED.when(RequireApplication(date(2026, 10, 27))).then(REQUIRED)
    VISITED_TWICE_REMINDED.given(REQUIRED).when(RequireApplication(date(2026, 11, 1))).refused(
        "already-required-to-apply"
    )


def test_an_early_visit_does_not_shorten_the_time_after_a_reminder():
    early = InvitationVisitMade(ID, PERSON, date(2026, 7, 7), "seen", date(2026, 8, 4))
    INVITATION.given(INVITED, early).when(GiveReminder(1, date(2026, 8, 3))).refused("reminder-out-of-turn")
    INVITATION.given(INVITED, FIRST, SECOND, early).when(RequireApplication(date(2026, 9, 28))).refused(
        "invitation-steps-outstanding"
    )


def test_the_penalty_is_80_pounds_for_who_was_required_to_apply_and_did_not():
    VISITED_TWICE_REMINDED.when(ImposePenalty(date(2026, 11, 25))).refused("not-required-to-apply")
    required = VISITED_TWICE_REMINDED.given(REQUIRED)
    required.when(ImposePenalty(date(2026, 11, 24))).refused("not-required-to-apply")
    required.when(ImposePenalty(date(2026, 11, 25))).then(PENALTY)


def test_a_review_is_asked_for_in_time_and_once_and_may_end_the_penalty():
    asked = CivilPenaltyReviewAsked(ID, PERSON, date(2026, 12, 9), "away")
    PENALISED.when(AskForPenaltyReview(date(2026, 12, 9), "away")).then(asked)
    PENALISED.when(AskForPenaltyReview(date(2026, 12, 10))).refused("penalty-review-too-late")
    PENALISED.when(ReviewPenalty(True, date(2026, 12, 11))).refused("no-penalty-review")
    REVIEW_ASKED.when(AskForPenaltyReview(date(2026, 12, 9))).refused("penalty-review-too-late")
    over = CivilPenaltyCancelled(ID, PERSON, date(2026, 12, 11), "review", "was in hospital")
    REVIEW_ASKED.when(ReviewPenalty(False, date(2026, 12, 11), "was in hospital")).then(over)
    REVIEW_ASKED.given(over).when(ImposePenalty(date(2027, 1, 4))).refused("penalty-stands")


def test_an_appeal_follows_a_review_that_upheld_the_penalty():
    REVIEW_ASKED.when(AppealPenalty(date(2026, 12, 11))).refused("penalty-appeal-out-of-time")
    REVIEW_ASKED.when(ReviewPenalty(True, date(2026, 12, 11), "not shown")).then(UPHELD)
    upheld = REVIEW_ASKED.given(UPHELD)
    upheld.when(AppealPenalty(date(2026, 12, 30))).refused("penalty-appeal-out-of-time")
    appealed = CivilPenaltyAppealed(ID, PERSON, date(2026, 12, 29), "GRC/1")
    upheld.when(RecordPenaltyAppeal(True, date(2027, 2, 1))).refused("no-penalty-appeal")
    upheld.when(AppealPenalty(date(2026, 12, 29), "GRC/1")).then(appealed)
    before_the_tribunal = upheld.given(appealed)
    before_the_tribunal.when(RecordPenaltyAppeal(False, date(2027, 2, 1))).then(
        CivilPenaltyCancelled(ID, PERSON, date(2027, 2, 1), "appeal")
    )
    dismissed = CivilPenaltyAppealDismissed(ID, PERSON, date(2027, 2, 1))
    before_the_tribunal.when(RecordPenaltyAppeal(True, date(2027, 2, 1))).then(dismissed)
    stands = before_the_tribunal.given(dismissed)
    stands.when(AppealPenalty(date(2026, 12, 29))).refused("penalty-appeal-out-of-time")
    stands.when(RecordPenaltyPaid(date(2027, 2, 2), "R-7")).then(CivilPenaltyPaid(ID, PERSON, date(2027, 2, 2), "R-7"))


def test_an_application_ends_the_invitation_and_the_penalty_that_is_not_paid():
    PENALISED.when(CloseInvitation(date(2026, 12, 1), "applied", FORM)).then(
        CivilPenaltyCancelled(ID, PERSON, date(2026, 12, 1), "applied"), CLOSED
    )
    paid = PENALISED.given(CivilPenaltyPaid(ID, PERSON, date(2026, 11, 30)))
    paid.when(CloseInvitation(date(2026, 12, 1), "applied", FORM)).then(CLOSED)


@pytest.mark.parametrize("because", ["not-resident", "not-eligible", "deceased"])
def test_who_is_not_resident_or_not_eligible_is_invited_no_more(because):
    outcome = INVITATION.given(INVITED).when(CloseInvitation(date(2026, 12, 1), because))
    assert outcome.events[-1].because == because


def test_what_comes_after_the_end_is_too_late():
    ended = INVITATION.given(CLOSED)
    ended.when(GiveInvitation(date(2026, 12, 2))).nothing_happens()
    ended.when(GiveReminder(1, date(2026, 12, 2))).nothing_happens()
    ended.when(RequireApplication(date(2026, 12, 2))).refused("invitation-closed")
    INVITATION.when(CancelPenalty(date(2026, 12, 2), "mistake")).refused("no-penalty")
    spec(invitations).when(GiveInvitation(date(2026, 12, 2))).refused("no-such-potential-elector")


def test_the_same_person_is_invited_once_at_an_address_until_the_invitation_ends():
    [place] = boundary(FOUND)
    assert isinstance(place, Claim)
    assert list(boundary(CLOSED)) == [Release(place.tag)]
    [son] = boundary(replace(FOUND, date_of_birth=date(2007, 1, 1)))
    assert son.tag != place.tag
