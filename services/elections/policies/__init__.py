"""What follows from an event, one policy a file, named when_x_then_y."""

from services.elections.policies.when_holiday_meets_timetable_then_recompute import recompute_timetable
from services.elections.policies.when_register_is_altered_then_count_electorate import count_electorate
from services.elections.policies.when_timetable_fixed_then_enter_it import enter_timetable

POLICIES = (enter_timetable, recompute_timetable, count_electorate)
