"""What follows from an event, one policy a file, named when_x_then_y."""

from services.registration.policies.when_appeal_is_allowed_then_register_follows import follow_court
from services.registration.policies.when_application_allowed_then_add_elector import add_elector
from services.registration.policies.when_application_allowed_then_amend_elector import amend_elector
from services.registration.policies.when_application_allowed_then_former_council_is_to_be_told import (
    tell_former_council,
)
from services.registration.policies.when_application_is_a_duplicate_then_renew_declaration import (
    renew as renew_declaration,
)
from services.registration.policies.when_application_is_made_then_look_for_the_same_person import (
    look_for_the_same_person,
)
from services.registration.policies.when_canvass_letter_goes_or_comes_back_then_record_it import record_letter
from services.registration.policies.when_declaration_changes_then_entry_lasts_as_long import change_term
from services.registration.policies.when_declaration_is_too_old_then_reject_application import (
    reject as reject_old_declaration,
)
from services.registration.policies.when_declaration_runs_then_remind_of_its_end import remind as remind_of_declaration
from services.registration.policies.when_duplicate_is_confirmed_then_end_the_application import end_the_application
from services.registration.policies.when_elector_is_added_then_declaration_takes_effect import put_into_effect
from services.registration.policies.when_elector_removed_then_declaration_ends import end_declaration
from services.registration.policies.when_elector_removed_then_end_absent_votes import end_absent_votes
from services.registration.policies.when_entry_is_limited_then_it_expires import expire_entry
from services.registration.policies.when_fee_is_paid_then_copy_may_be_made import allow_copy
from services.registration.policies.when_fresh_signature_is_asked_for_then_proxy_lapses import lapse as lapse_proxy
from services.registration.policies.when_hearing_is_arranged_then_parties_are_told import call_hearing
from services.registration.policies.when_identifiers_are_recorded_then_renewal_is_answered import note_signature
from services.registration.policies.when_mover_is_allowed_then_old_entry_goes import end_old_entry
from services.registration.policies.when_new_resident_reported_then_find_potential_elector import find_potential_elector
from services.registration.policies.when_postal_vote_granted_then_it_expires import expire_postal_vote
from services.registration.policies.when_potential_elector_is_found_then_invite_and_remind import invite_and_remind
from services.registration.policies.when_proxy_is_appointed_then_it_expires import expire_proxy
from services.registration.policies.when_register_is_published_then_later_notices_are_made import make_later_notices
from services.registration.policies.when_residents_disagree_then_review import review_residence
from services.registration.policies.when_review_is_unanswered_then_give_notice import give_notice

POLICIES = (
    record_letter,
    tell_former_council,
    end_old_entry,
    follow_court,
    call_hearing,
    look_for_the_same_person,
    end_the_application,
    give_notice,
    add_elector,
    amend_elector,
    end_absent_votes,
    expire_entry,
    expire_postal_vote,
    expire_proxy,
    lapse_proxy,
    note_signature,
    invite_and_remind,
    change_term,
    end_declaration,
    put_into_effect,
    reject_old_declaration,
    remind_of_declaration,
    renew_declaration,
    allow_copy,
    make_later_notices,
    find_potential_elector,
    review_residence,
)
