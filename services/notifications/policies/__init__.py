"""What follows from the facts of other services: messages, one policy a file, named when_x_then_y."""

from services.notifications.policies.when_allowance_is_paid_then_send_pay_statement import send_pay_statement
from services.notifications.policies.when_application_is_rejected_then_give_reasons import give_reasons
from services.notifications.policies.when_elector_is_added_then_confirm_registration import confirm_registration
from services.notifications.policies.when_postal_vote_is_granted_then_confirm_it import confirm_postal_vote
from services.notifications.policies.when_receipt_is_issued_then_send_it import send_receipt

POLICIES = (confirm_registration, give_reasons, confirm_postal_vote, send_pay_statement, send_receipt)
