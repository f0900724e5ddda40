"""How much of this machine's memory a part of the system holds."""

from __future__ import annotations

import psutil


def resident(pid: int) -> int:
    """Bytes in memory of a process and of everything that it started; 0 when it is gone.

    What they share counts once: PostgreSQL's backends all map the same buffers.
    """
    try:
        family = [psutil.Process(pid)]
        family += family[0].children(recursive=True)
    except psutil.NoSuchProcess:
        return 0
    own, shared = 0, 0
    for member in family:
        try:
            held = member.memory_info()
        except psutil.NoSuchProcess:
            continue
        in_common = getattr(held, "shared", 0)  # Linux alone tells
        own += held.rss - in_common
        shared = max(shared, in_common)
    return own + shared
