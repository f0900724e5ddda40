"""What follows from the facts of other services: messages, one policy a file, named when_x_then_y."""

from services.notifications.policies.when_absent_vote_ends_then_tell import tell_end
from services.notifications.policies.when_absent_vote_is_refused_then_give_reasons import refuse_absent_vote
from services.notifications.policies.when_agenda_is_published_then_summon_members import summon_members
from services.notifications.policies.when_allowance_is_paid_then_send_pay_statement import send_pay_statement
from services.notifications.policies.when_application_comes_in_welsh_then_answer_in_welsh import answer_in_welsh
from services.notifications.policies.when_application_is_rejected_then_give_reasons import give_reasons
from services.notifications.policies.when_application_wants_something_then_ask_for_it import ask_for_what_is_wanting
from services.notifications.policies.when_canvass_contact_is_made_then_write import write_to_household
from services.notifications.policies.when_civil_penalty_is_decided_then_tell import tell_of_penalty
from services.notifications.policies.when_declaration_is_about_to_end_then_remind import remind as remind_to_renew
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

POLICIES = (
    confirm_registration,
    give_reasons,
    ask_for_what_is_wanting,
    tell_of_objection,
    confirm_change,
    invite,
    write_to_household,
    tell_of_penalty,
    tell_of_review,
    confirm_postal_vote,
    confirm_proxy,
    tell_proxy,
    refuse_absent_vote,
    tell_end,
    ask_for_renewal,
    ask_for_fresh_signature,
    confirm_waiver,
    remind_to_renew,
    send_pay_statement,
    send_receipt,
    summon_members,
    tell_those_summoned,
    call_off,
    answer_in_welsh,
    write_a_letter,
    record_print_report,
)
