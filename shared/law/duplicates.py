"""Two records of one person: a question that officers settle. [RPA 1983 s.5, s.9; EC guidance on duplicates]"""

from __future__ import annotations

from typing import Final

from shared.law.rules import Rule

NOT_SUSPECTED: Final = Rule(
    "no-such-suspicion", "Nobody suspects these two records of being one person's.", "EC guidance on duplicates"
)
SETTLED: Final = Rule(
    "suspicion-settled",
    "An officer has settled what was suspected of these two records.",
    "EC guidance on duplicates",
    "Look at the history; a merge can be undone.",
)
