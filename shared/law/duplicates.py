"""Two records of one person: a question that officers settle. [RPA 1983 s.5, s.9; EC guidance on duplicates]"""

from __future__ import annotations

from typing import Final

from shared.law.rules import Rule

NOT_SUSPECTED: Final = Rule(
    "no-such-suspicion", "Nobody suspects these two records of being one person's.", "EC guidance on duplicates"
)
NOBODY_MOVED: Final = Rule(
    "nobody-moved",
    "A move joins an entry at the address that was left and an application for the new one.",
    "RPA 1983 s.10ZC, s.10ZE",
    "Confirm the duplicate without a move.",
    invalid=True,
)
SETTLED: Final = Rule(
    "suspicion-settled",
    "An officer has settled what was suspected of these two records.",
    "EC guidance on duplicates",
    "Look at the history; a merge can be undone.",
)
