"""Polling districts redrawn: first on a branch, counted beside the ones of today, then for real from a day on."""
