"""What follows from an event, own or of committees or registration, one policy a file, named when_x_then_y."""

from services.finance.policies.when_copy_is_asked_for_then_quote_fee import quote_fee
from services.finance.policies.when_copy_is_handed_over_then_release_it import release_copy
from services.finance.policies.when_fee_is_paid_then_issue_receipt import issue_receipt
from services.finance.policies.when_member_takes_or_leaves_office_then_entitlement_follows import follow_office
from services.finance.policies.when_pay_run_moves_on_then_post_journal import post_pay_run
from services.finance.policies.when_receipt_is_issued_then_post_journal import post_receipt
from services.finance.policies.when_seat_is_taken_or_left_then_entitlement_follows import follow_seat

POLICIES = (follow_office, follow_seat, post_pay_run, issue_receipt, post_receipt, quote_fee, release_copy)
