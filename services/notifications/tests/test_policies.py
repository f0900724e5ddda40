"""Who is written to because of what other services tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import get_args
from uuid import UUID

import pytest

from services.notifications.messages.decider import Queued
from services.notifications.policies import POLICIES
from services.notifications.policies.when_absent_vote_ends_then_tell import tell_end
from services.notifications.policies.when_absent_vote_is_refused_then_give_reasons import refuse_absent_vote
from services.notifications.policies.when_agenda_is_published_then_summon_members import summon_members
from services.notifications.policies.when_allowance_is_paid_then_send_pay_statement import send_pay_statement
from services.notifications.policies.when_application_comes_in_welsh_then_answer_in_welsh import answer_in_welsh
from services.notifications.policies.when_application_is_rejected_then_give_reasons import give_reasons
from services.notifications.policies.when_application_wants_something_then_ask_for_it import ask_for_what_is_wanting
from services.notifications.policies.when_canvass_contact_is_made_then_write import write_to_household
from services.notifications.policies.when_civil_penalty_is_decided_then_tell import tell_of_penalty
from services.notifications.policies.when_declaration_is_about_to_end_then_remind import remind
from services.notifications.policies.when_elector_is_added_then_confirm_registration import confirm_registration
from services.notifications.policies.when_email_or_text_fails_then_write_a_letter import write_a_letter
from services.notifications.policies.when_entry_changes_or_expires_then_confirm_it import confirm_change
from services.notifications.policies.when_fresh_signature_is_requested_then_write import ask_for_fresh_signature
from services.notifications.policies.when_meeting_changes_then_call_off_what_waits import call_off
from services.notifications.policies.when_meeting_changes_then_tell_those_summoned import tell_those_summoned
from services.notifications.policies.when_objection_is_heard_or_disallowed_then_tell import tell_of_objection
from services.notifications.policies.when_postal_vote_is_granted_then_confirm_it import confirm_postal_vote
from services.notifications.policies.when_print_house_reports_then_record_it import record_print_report
from services.notifications.policies.when_proxy_is_appointed_then_confirm_it import confirm_proxy
from services.notifications.policies.when_receipt_is_issued_then_send_it import send_receipt
from services.notifications.policies.when_renewal_is_asked_for_then_write import ask_for_renewal
from services.notifications.policies.when_review_is_opened_or_concluded_then_tell import tell_of_review
from services.notifications.policies.when_signature_is_waived_then_confirm_it import confirm_waiver
from services.notifications.policies.when_somebody_acts_as_proxy_then_tell_them import tell_proxy
from services.notifications.policies.when_somebody_is_invited_to_register_then_write import invite
from services.notifications.preferences.decider import UNTOLD, AssumeLanguage, Preferences
from services.notifications.templates.registry import template
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Metadata, Recorded
from shared.events.committees import AgendaPublished, MeetingCancelled, MeetingMoved, MembersCalled
from shared.events.definition import REGISTRY, Sealed
from shared.events.finance import AllowancePaid, ReceiptIssued
from shared.events.notifications import MessageFailed, MessageQueued, PrintJobReported
from shared.events.registration import (
    ApplicationFoundIncomplete,
    ApplicationReceived,
    ApplicationRejected,
    ApplicationRequired,
    CivilPenaltyAppealDismissed,
    CivilPenaltyCancelled,
    CivilPenaltyImposed,
    CivilPenaltyUpheld,
    DeclarationReminderGiven,
    DeclarationRenewed,
    ElectorAdded,
    ElectorAmended,
    ElectorRemoved,
    EvidenceRequested,
    FreshSignatureRequested,
    HearingCalled,
    InvitationGiven,
    InvitationReminderGiven,
    ObjectionDisallowed,
    PostalProxyEnded,
    PostalProxyGranted,
    PostalProxyRefused,
    PostalVoteCancelled,
    PostalVoteEnded,
    PostalVoteGranted,
    PostalVoteRefused,
    ProxyAppointed,
    ProxyEnded,
    ProxyRefused,
    RenewalReminderSent,
    RenewalRequested,
    ReviewConcluded,
    ReviewHearingCalled,
    ReviewOpened,
    SignatureWaived,
)
from shared.events.registration.electors import RemovalGround
from shared.events.values import ElectorNumber
from shared.events.values_committees import MeetingId, MemberId, Sitting, Summons
from shared.events.values_notifications import (
    MessageId,
    PrintJobId,
    PrintReportLine,
    Recipient,
    correspondent_id,
    preferences_stream,
)

AT = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
STREAM, PERSON, SEALED = UUID(int=1), UUID(int=2), Sealed("v1.x")
DAY, LATER = date(2026, 5, 7), date(2029, 5, 6)


def heard(fact):
    return Recorded(
        fact, REGISTRY.of(fact).wire, STREAM, "foreign", 7, 0, 1, AT, AT, Metadata("officer", "E07000999", "c")
    )


def added(application):
    return ElectorAdded(
        UUID(int=3), PERSON, SEALED, SEALED, UUID(int=4), ElectorNumber("AB", 1), DAY, DAY, "monthly",
        application_id=application, contact=SEALED,
    )  # fmt: skip


def granted(**terms):
    return PostalVoteGranted(UUID(int=3), PERSON, "maximum", DAY, LATER, DAY, ballot_address=SEALED, **terms)


WHOSE = UUID(int=3), PERSON


def appointed(until, **terms):
    return ProxyAppointed(*WHOSE, UUID(int=8), "indefinite", DAY, until, DAY, ground=SEALED, **terms)


def proxy_ended(because, **terms):
    return ProxyEnded(WHOSE[0], UUID(int=8), DAY, because, name=SEALED, person_id=PERSON, **terms)


def renewal(arrangement, need, again=False):
    asked = RenewalReminderSent if again else RenewalRequested
    return asked(*WHOSE, arrangement, need, UUID(int=9), DAY, LATER)


def fresh_signature(whose):
    return FreshSignatureRequested(*WHOSE, UUID(int=10), whose, "too-small", DAY)


def waived(whose):
    return SignatureWaived(*WHOSE, DAY, SEALED, SEALED, whose=whose)


def by_post(poll):
    return PostalProxyGranted(WHOSE[0], UUID(int=8), "maximum", DAY, LATER, DAY, poll, ballot_address=SEALED)


def no_post(proxy):
    return PostalProxyRefused(*WHOSE, DAY, ("dob-not-provided",), proxy_id=proxy)


def amended(application):
    return ElectorAmended(*WHOSE, SEALED, DAY, "monthly", application, SEALED, SEALED)


def removed(ground):
    return ElectorRemoved(*WHOSE, SEALED, SEALED, UUID(int=4), ground, DAY, DAY, "monthly", (), SEALED)


REJECTED = ApplicationRejected(PERSON, DAY, ("not-resident", "not-eligible"), SEALED)
PAID = AllowancePaid(UUID(int=5), PERSON, 2026, 1, DAY, 66_667, (), SEALED, SEALED)
RECEIPT = ReceiptIssued(UUID(int=6), PERSON, 2026, 1, 15_200, "card", DAY)
CASES = [
    (confirm_registration, added(UUID(int=9)), "registration-confirmation", "elector"),
    (confirm_registration, replace(added(None), reinstated=True), "registration-reinstated", "elector"),
    (give_reasons, REJECTED, "registration-rejection", "applicant"),
    (ask_for_what_is_wanting, EvidenceRequested(DAY, PERSON), "evidence-request", "applicant"),
    (
        ask_for_what_is_wanting,
        ApplicationFoundIncomplete(("ln", "dob", "nino", "nat", "regproperty"), PERSON),
        "application-incomplete",
        "applicant",
    ),
    (confirm_change, amended(STREAM), "name-changed", "elector"),
    (
        confirm_change,
        DeclarationRenewed(*WHOSE, "overseas", DAY, DAY, LATER, DAY),
        "declaration-renewed",
        "elector",
    ),
    (confirm_change, removed("expired"), "registration-expired", "elector"),
    (tell_of_penalty, CivilPenaltyAppealDismissed(STREAM, PERSON, DAY), "civil-penalty-appeal-dismissed", "applicant"),
    (confirm_postal_vote, granted(), "postal-vote-confirmation", "elector"),
    (confirm_postal_vote, granted(shortened=True), "postal-vote-shortened", "elector"),
    (confirm_postal_vote, granted(poll=DAY), "postal-vote-for-one-poll", "elector"),
    (send_pay_statement, PAID, "pay-statement", "member"),
    (send_receipt, RECEIPT, "receipt", "customer"),
    (invite, InvitationGiven(STREAM, PERSON, DAY, LATER), "registration-invitation", "applicant"),
    (invite, InvitationReminderGiven(STREAM, PERSON, 1, DAY, LATER), "registration-invitation-reminder", "applicant"),
    (invite, ApplicationRequired(STREAM, PERSON, DAY, LATER), "registration-requirement", "applicant"),
    (tell_of_penalty, CivilPenaltyImposed(STREAM, PERSON, DAY, 80_00, LATER, LATER), "civil-penalty", "applicant"),
    (tell_of_penalty, CivilPenaltyUpheld(STREAM, PERSON, DAY, LATER, SEALED), "civil-penalty-upheld", "applicant"),
    (tell_of_penalty, CivilPenaltyCancelled(STREAM, PERSON, DAY, "review"), "civil-penalty-cancelled", "applicant"),
    (tell_of_review, ReviewOpened(UUID(int=3), PERSON, "A", DAY, LATER, SEALED), "review-notice-a", "elector"),
    (tell_of_review, ReviewOpened(UUID(int=3), PERSON, "B", DAY, LATER, SEALED), "review-notice-b", "elector"),
    (tell_of_review, ReviewOpened(UUID(int=3), PERSON, "C", DAY, LATER, SEALED), "review-hearing", "elector"),
    (tell_of_review, ReviewHearingCalled(UUID(int=3), PERSON, DAY, LATER), "review-hearing", "elector"),
    (tell_of_review, ReviewConcluded(UUID(int=3), PERSON, True, DAY, SEALED), "review-entitled", "elector"),
    (tell_of_review, ReviewConcluded(UUID(int=3), PERSON, False, DAY, SEALED), "review-not-entitled", "elector"),
    (
        tell_of_review,
        ReviewConcluded(UUID(int=3), PERSON, False, DAY, SEALED, LATER),
        "review-not-entitled-appeal",
        "elector",
    ),
    (remind, DeclarationReminderGiven(*WHOSE, "forces", 1, LATER, DAY), "renewal-reminder-forces", "elector"),
    (confirm_proxy, appointed(None), "proxy-confirmation", "elector"),
    (confirm_proxy, appointed(LATER), "proxy-for-a-period", "elector"),
    (confirm_proxy, appointed(DAY, poll=DAY), "proxy-for-one-poll", "elector"),
    (refuse_absent_vote, PostalVoteRefused(*WHOSE, DAY, ("dob-not-provided",)), "postal-vote-refused", "elector"),
    (refuse_absent_vote, ProxyRefused(*WHOSE, DAY, ("proxy-limits",)), "proxy-refused", "elector"),
    (tell_end, PostalVoteEnded(WHOSE[0], DAY, "registration-ended", PERSON), "postal-vote-ended", "elector"),
    (tell_end, proxy_ended("registration-ended"), "proxy-ended", "elector"),
    (tell_end, proxy_ended("signature-not-refreshed"), "proxy-lapsed", "elector"),
    (ask_for_renewal, renewal("postal-vote", "reapplication"), "postal-vote-renewal", "elector"),
    (ask_for_renewal, renewal("postal-vote", "reapplication", again=True), "postal-vote-renewal-reminder", "elector"),
    (ask_for_renewal, renewal("proxy", "reapplication"), "proxy-renewal", "elector"),
    (ask_for_renewal, renewal("proxy", "reapplication", again=True), "proxy-renewal-reminder", "elector"),
    (ask_for_renewal, renewal("proxy", "signature"), "signature-refresh", "elector"),
    (ask_for_renewal, renewal("proxy", "signature", again=True), "signature-refresh-reminder", "elector"),
    (ask_for_fresh_signature, fresh_signature("elector"), "fresh-signature", "elector"),
    (ask_for_fresh_signature, fresh_signature("proxy"), "fresh-signature", "proxy"),
    (tell_end, PostalVoteCancelled(WHOSE[0], DAY, PERSON), "postal-vote-cancelled", "elector"),
    (tell_end, proxy_ended("own-request", poll=DAY), "proxy-cancelled", "elector"),
    (tell_end, proxy_ended("proxy-request"), "proxy-gave-up", "elector"),
    (ask_for_renewal, renewal("postal-proxy", "reapplication"), "postal-proxy-renewal", "proxy"),
    (ask_for_renewal, renewal("postal-proxy", "reapplication", again=True), "postal-proxy-renewal-reminder", "proxy"),
    (confirm_waiver, waived("elector"), "signature-waived", "elector"),
    (confirm_waiver, waived("proxy"), "signature-waived", "proxy"),
    (tell_proxy, appointed(None), "proxy-appointment", "proxy"),
    (tell_proxy, appointed(LATER), "proxy-appointment-for-a-period", "proxy"),
    (tell_proxy, appointed(DAY, poll=DAY), "proxy-appointment-for-one-poll", "proxy"),
    (tell_proxy, proxy_ended("signature-not-refreshed"), "proxy-appointment-ended", "proxy"),
    (tell_proxy, proxy_ended("registration-ended", poll=DAY), "proxy-appointment-for-one-poll-ended", "proxy"),
    (tell_proxy, by_post(None), "postal-proxy-confirmation", "proxy"),
    (tell_proxy, by_post(DAY), "postal-proxy-for-one-poll", "proxy"),
    (tell_proxy, no_post(UUID(int=8)), "postal-proxy-refused", "proxy"),
    (tell_proxy, PostalProxyEnded(WHOSE[0], UUID(int=8), DAY, "own-request"), "postal-proxy-ended", "proxy"),
]


def test_a_proxy_is_written_to_about_the_elector_they_act_for():
    (step,) = tell_proxy.react(UNTOLD, heard(appointed(None)))
    assert step.command.recipient == Recipient("elector", WHOSE[0], UUID(int=8), as_proxy=True)


@pytest.mark.parametrize(
    "fact",
    [
        proxy_ended("expired"),
        proxy_ended("replaced", still_acts=True),
        no_post(None),
        PostalProxyEnded(WHOSE[0], UUID(int=8), DAY, "appointment-ended"),
    ],
)
def test_a_proxy_is_not_told_what_they_know_or_what_another_letter_says(fact):
    assert list(tell_proxy.react(UNTOLD, heard(fact))) == []


@pytest.mark.parametrize(("policy", "fact", "name", "kind"), CASES)
def test_a_fact_is_followed_by_one_message_that_holds_all_its_template_asks_for(policy, fact, name, kind):
    (first,), (again,) = policy.react(UNTOLD, heard(fact)), policy.react(UNTOLD, heard(fact))
    queue = first.command
    assert first.stream_id == again.stream_id == queue.message_id
    to = "proxy" if queue.recipient.as_proxy else queue.recipient.kind
    assert (queue.template, to, queue.source_event) == (name, kind, f"{STREAM}@7")
    made = template(queue.template, queue.template_version, queue.language)
    assert made.fields.keys() - {"elector"} == queue.data.keys()
    assert made.filled(queue.data | {"elector": "Ada Marsh"})


@pytest.mark.parametrize(
    ("policy", "fact"),
    [
        (tell_end, PostalVoteEnded(WHOSE[0], DAY, "registration-ended")),
        (tell_end, PostalVoteEnded(WHOSE[0], DAY, "expired", PERSON)),
        (tell_end, proxy_ended("registration-ended", poll=DAY)),
        (tell_end, proxy_ended("replaced")),
        (tell_end, PostalVoteCancelled(WHOSE[0], DAY)),
        (confirm_change, amended(None)),
        *((confirm_change, removed(ground)) for ground in get_args(RemovalGround) if ground != "expired"),
        (ask_for_what_is_wanting, EvidenceRequested(DAY)),
        (ask_for_what_is_wanting, ApplicationFoundIncomplete(("dob",))),
        (tell_of_objection, HearingCalled(DAY, LATER)),
    ],
)
def test_nobody_is_written_to_after_a_death_nor_about_what_they_know(policy, fact):
    assert list(policy.react(UNTOLD, heard(fact))) == []


def test_a_hearing_is_told_to_the_applicant_and_to_each_objector_as_each_wants_it():
    called = heard(HearingCalled(DAY, LATER, PERSON, (UUID(int=11), UUID(int=12))))
    wanted = {UUID(int=12): Preferences(language="cy")} | dict.fromkeys((STREAM, UUID(int=11)), UNTOLD)
    queued = [step.command for step in tell_of_objection.react(wanted, called)]
    assert [(each.template, each.recipient, each.language) for each in queued] == [
        ("application-hearing", Recipient("applicant", STREAM, PERSON), "en"),
        ("objection-hearing", Recipient("elector", UUID(int=11)), "en"),
        ("objection-hearing", Recipient("elector", UUID(int=12)), "cy"),
    ]
    assert len({each.message_id for each in queued}) == 3
    for each in queued:
        assert template(each.template, 1, each.language).filled(each.data)


def test_whose_objection_is_disallowed_is_told_until_when_they_may_ask_to_be_heard():
    disallowed = heard(ObjectionDisallowed(PERSON, UUID(int=11), SEALED, DAY, LATER))
    (step,) = tell_of_objection.react({UUID(int=11): UNTOLD}, disallowed)
    assert step.command.recipient == Recipient("elector", UUID(int=11))
    _, said = template("objection-disallowed", 1, "en").filled(step.command.data)
    assert "by 6 May 2029" in said[1]


def test_what_is_missing_is_said_in_words_of_either_language():
    data = {"missing": "dob,nat"}
    for language, word in (("en", "your nationality"), ("cy", "eich cenedligrwydd")):
        _, said = template("application-incomplete", 1, language).filled(data)
        assert word in said[0]
    with pytest.raises(Refused):
        template("application-incomplete", 1, "en").filled({"missing": "shoe-size"})


def test_edge_case_35_a_suspicion_of_fraud_is_told_to_nobody():
    fact = ProxyRefused(*WHOSE, DAY, ("fraudulent-application",))
    (step,) = refuse_absent_vote.react(UNTOLD, heard(fact))
    assert step.command.data == {"reasons": "other"}


def test_an_entry_taken_over_from_another_system_is_not_confirmed():
    assert list(confirm_registration.react(UNTOLD, heard(added(None)))) == []


def test_the_rejection_goes_to_the_application_it_is_about():
    (step,) = give_reasons.react(UNTOLD, heard(REJECTED))
    assert step.command.recipient.id == STREAM
    assert step.command.data["reasons"] == "not-resident,not-eligible"


def test_a_message_goes_as_its_recipient_wants_it():
    welsh_by_mail = Preferences("email", "cy", large_print=True, source="asked")
    (step,) = confirm_registration.react(welsh_by_mail, heard(added(UUID(int=9))))
    told = step.command
    assert (told.channel, told.language, told.large_print) == ("email", "cy", True)


def test_what_has_no_welsh_is_in_english_and_the_record_says_why():
    unheard_of = replace(REJECTED, reasons=("reason-nobody-translated",))
    (step,) = give_reasons.react(Preferences(language="cy"), heard(unheard_of))
    assert step.command.language == "en"
    assert step.reason == "registration-rejection, in English: there are no such words in Welsh"


def test_a_receipt_goes_by_e_mail_for_finance_knows_no_other_address():
    (step,) = send_receipt.react(UNTOLD, heard(RECEIPT))
    assert step.command.channel == "email"


# ------------------------------------------------------------------ meetings

ADA, BEA = MemberId(UUID(int=71)), MemberId(UUID(int=72))
SITTING = Sitting(date(2026, 9, 23), time(19), time(21))
SUMMONS = Summons((ADA, BEA), "Planning Committee", SITTING, "Gavel Room", ("Minutes", "Budget\nand more"))
MEETING = MeetingId(STREAM)
AGENDA = AgendaPublished(MEETING, 1, (), AT, AT, DAY, 5, summons=SUMMONS)
MOVED = MeetingMoved(
    MEETING, SITTING, replace(SITTING, day=date(2026, 9, 30)), DAY, "Clash", summons_again=True, summons=SUMMONS
)
MEETINGS = [
    (summon_members, AGENDA, "summons"),
    (summon_members, replace(AGENDA, pack=2), "summons-supplement"),
    (summon_members, MembersCalled(MEETING, (ADA,), AT, AT, summons=SUMMONS), "summons"),
    (tell_those_summoned, MOVED, "summons-moved"),
    (tell_those_summoned, MeetingCancelled(MEETING, SITTING, DAY, "No business", SUMMONS), "meeting-cancelled"),
]
NO_WISHES = {ADA: UNTOLD, BEA: UNTOLD}


@pytest.mark.parametrize(("policy", "fact", "name"), MEETINGS)
def test_every_member_summoned_has_one_message_of_their_own(policy, fact, name):
    steps = list(policy.react(NO_WISHES, heard(fact)))
    assert [step.command.recipient for step in steps] == [Recipient("member", ADA), Recipient("member", BEA)]
    assert len({step.stream_id for step in steps}) == 2
    assert [step.stream_id for step in policy.react(NO_WISHES, heard(fact))] == [step.stream_id for step in steps]
    queue = steps[0].command
    made = template(queue.template, queue.template_version, queue.language)
    assert (queue.template, made.fields.keys()) == (name, queue.data.keys())
    assert made.filled(queue.data)


def test_a_summons_names_day_time_place_and_business():
    said = next(iter(summon_members.react(NO_WISHES, heard(AGENDA)))).command.data
    assert (said["day"], said["starts"], said["venue"]) == ("2026-09-23", "19:00", "Gavel Room")
    assert said["business"] == "Minutes\nBudget and more"


def test_each_member_is_summoned_as_they_want():
    wanted = NO_WISHES | {BEA: Preferences("email", "cy", source="asked")}
    by_post, by_mail = (step.command for step in summon_members.react(wanted, heard(AGENDA)))
    assert (by_post.channel, by_post.language, by_mail.channel, by_mail.language) == ("letter", "en", "email", "cy")


@pytest.mark.parametrize(("policy", "fact", "_"), MEETINGS)
def test_where_nobody_was_summoned_nobody_is_told(policy, fact, _):
    nobody = replace(fact, **{"summoned" if isinstance(fact, MeetingCancelled) else "summons": None})
    assert list(policy.react({}, heard(nobody))) == []


# ---------------------------------------------------------------- fallbacks

GONE = MessageFailed(MessageId(STREAM), 1, AT, "permanent-failure")


def told_by(channel, kind="elector"):
    queued = MessageQueued(
        MessageId(STREAM), Recipient(kind, UUID(int=3), PERSON), "registration-confirmation", 1, channel,
        {"effective_on": "2026-05-07"}, "0@1", AT, "cy", large_print=True,
    )  # fmt: skip
    return Queued(queued, AT, "failed")


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_what_nobody_could_be_told_electronically_is_written(channel):
    (step,) = write_a_letter.react(told_by(channel), heard(GONE))
    letter, before = step.command, told_by(channel).message
    assert letter.channel == "letter"
    assert letter.source_event == f"{STREAM}@7"
    assert (letter.recipient, letter.data, letter.language, letter.large_print) == (
        before.recipient, before.data, "cy", True,
    )  # fmt: skip


def test_a_letter_is_not_followed_by_another_nor_an_attempt_that_is_tried_again():
    assert list(write_a_letter.react(told_by("letter"), heard(GONE))) == []
    assert list(write_a_letter.react(told_by("email"), heard(replace(GONE, retry_at=AT)))) == []


def test_a_customer_has_no_postal_address_to_fall_back_on():
    assert list(write_a_letter.react(told_by("email", "customer"), heard(GONE))) == []


# -------------------------------------------------------------------- Welsh


def received(language):
    return ApplicationReceived(
        UUID(int=9), PERSON, "R-1", "gov.uk", "ordinary", AT, DAY, "E07000999", SEALED, SEALED, SEALED, SEALED, SEALED,
        language=language,
    )  # fmt: skip


def test_who_applied_in_welsh_is_answered_in_welsh():
    (step,) = answer_in_welsh.react(heard(received("cy")))
    assert step.command == AssumeLanguage(PERSON, "cy")
    assert step.stream_id == preferences_stream(correspondent_id(Recipient("elector", UUID(int=3), PERSON)))
    assert list(answer_in_welsh.react(heard(received("en")))) == []


def test_what_the_print_house_spoiled_goes_again_and_what_the_post_brought_back_has_failed():
    job, letters = PrintJobId(UUID(int=7)), [MessageId(UUID(int=seq)) for seq in (1, 2, 3)]
    outcomes = ("posted", "spoiled", "returned")
    lines = [PrintReportLine(seq, letters[seq - 1], 1, said) for seq, said in enumerate(outcomes, 1)]
    steps = list(record_print_report.react(heard(PrintJobReported(job, tuple(lines), "ab", AT))))
    assert [(step.stream_id, step.command.outcome) for step in steps] == [
        (letters[1], "technical-failure"),
        (letters[2], "returned"),
    ]
    assert steps[0].command.provider_reference == "00000000-000002"


def test_every_policy_has_a_case_here():
    by_hand = {write_a_letter, answer_in_welsh, record_print_report, write_to_household, call_off, tell_of_objection}
    tested = {case[0] for case in (*CASES, *MEETINGS)} | by_hand
    assert tested == set(POLICIES)
