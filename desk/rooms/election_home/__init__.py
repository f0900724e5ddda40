"""A poll from its calling to its last return: its timetable, what is to be done, and how many may vote."""
