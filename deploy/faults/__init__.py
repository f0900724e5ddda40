"""Killing parts of a running system while commands flow, and proving that nothing was lost, doubled or misplaced.

Not under `tests/`: `moot faults` runs it from an installed distribution, and tests are not in one.
"""
