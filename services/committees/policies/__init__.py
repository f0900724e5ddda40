"""What follows from an event, one policy a file, named when_x_then_y."""

from services.committees.policies.when_member_attended_then_watch_absence import watch_absence
from services.committees.policies.when_member_attends_then_credit import credit_attendance
from services.committees.policies.when_member_leaves_then_leave_seats import leave_seats
from services.committees.policies.when_seat_changes_then_call_or_stand_down import call_or_stand_down

POLICIES = (credit_attendance, watch_absence, leave_seats, call_or_stand_down)
