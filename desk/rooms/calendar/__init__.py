"""Screen 22, first half: the calendar of meetings."""
