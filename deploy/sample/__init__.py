"""Mootshire: a council that does not exist, generated at any size, always the same from the same seed."""
