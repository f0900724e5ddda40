"""What a test process needed at most."""

from __future__ import annotations

import re
import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def largest_resident() -> int:
    """Bytes that this process held in memory at the most, since it was started.

    On Linux `ru_maxrss` would also count the process that started this one, as large as a whole test run.
    """
    if STATUS.exists() and (most := re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text())):
        return int(most[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
