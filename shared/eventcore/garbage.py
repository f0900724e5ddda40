"""The garbage collector of a process that takes events by the thousand."""

from __future__ import annotations

import gc

LOOK_AFTER = 50_000
"""Containers made and still held before a search: more than a batch needs until it is written, and then it is freed by
reference counting. Python's own 700 means dozens of searches a batch, each in vain: a third to a half of its time."""


def spare_what_is_loaded() -> None:
    """What is there now stays, and no search shall walk through it: modules, schemas, routes. To be called once, when a
    process has loaded what it runs."""
    gc.freeze()
    gc.set_threshold(LOOK_AFTER)
