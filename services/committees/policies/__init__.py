"""What follows from an event, one policy a file, named when_x_then_y."""

from services.committees.policies.when_member_attended_then_watch_absence import watch_absence
from services.committees.policies.when_member_attends_then_credit import credit_attendance

POLICIES = (credit_attendance, watch_absence)
