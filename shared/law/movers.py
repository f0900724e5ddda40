"""Home movers between councils. [RPA 1983 s.10ZE; RPR 2001 r.31C(2)(a); EC guidance]"""

from __future__ import annotations

from typing import Final

from shared.law.rules import Rule

NO_SUCH_MOVER: Final = Rule(
    "no-such-mover", "No such notice of a home mover is known.", "RPR 2001 r.31C(2)(a)", "Check its reference."
)
ALLOWED_ALREADY: Final = Rule(
    "mover-allowed-already",
    "The other council told us that it allowed this application.",
    "RPR 2001 r.31C(2)(a)",
    "Ask it which is right; an entry removed by mistake is reinstated.",
)
NOT_MATCHED: Final = Rule(
    "mover-not-matched",
    "Nobody has said which entry this notice is about.",
    "RPA 1983 s.10ZE",
    "Match it to the entry first.",
)
