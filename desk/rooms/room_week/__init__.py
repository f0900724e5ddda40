"""Screen 22, second half: what the council's rooms are booked for, week by week."""
