"""What follows from an event, one policy a file, named when_x_then_y."""

from services.registration.policies.when_application_allowed_then_add_elector import add_elector
from services.registration.policies.when_application_allowed_then_amend_elector import amend_elector
from services.registration.policies.when_elector_removed_then_end_postal_vote import end_postal_vote
from services.registration.policies.when_entry_is_limited_then_it_expires import expire_entry
from services.registration.policies.when_postal_vote_granted_then_it_expires import expire_postal_vote
from services.registration.policies.when_potential_elector_is_found_then_invite_and_remind import invite_and_remind

POLICIES = (add_elector, amend_elector, end_postal_vote, expire_entry, expire_postal_vote, invite_and_remind)
