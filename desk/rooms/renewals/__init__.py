"""Renewal of absent votes: campaigns opened, their notices and reminders sent, and the list behind each figure."""
