"""Who looked at a record, and who reads unusually much."""
