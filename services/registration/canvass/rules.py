"""The rules about one property in a canvass that are practice of the office rather than a date or number fixed by law."""

from __future__ import annotations

from typing import Final

from shared.law.rules import Rule

NOT_IN_CANVASS: Final = Rule(
    "not-in-canvass",
    "The data step has not drawn this property into the canvass of the year.",
    "RPR 2001 r.32ZBA",
    "Draw up the routes again: the property may be new.",
)
ROUTE_AS_IT_IS: Final = Rule(
    "route-as-it-is", "The property is on this route already.", "RPR 2001 r.32ZBD-32ZBF", "Leave it, or choose another."
)
REASON_NEEDED: Final = Rule(
    "reason-for-route-needed",
    "A change of route records why.",
    "RPR 2001 r.32ZBD-32ZBF; EC guidance on audit trails",
    "Give the reason in a sentence; for route 3 also the kind of property.",
    invalid=True,
)
ANSWERED: Final = Rule(
    "canvass-property-answered",
    "This household has answered; it is not contacted again in this canvass.",
    "RPR 2001 r.32ZBD-32ZBF",
    "Take what else they say as a note.",
)
NOT_AN_ELECTOR_HERE: Final = Rule(
    "not-an-elector-here",
    "One of the people named is not among the electors of this property that the canvass knows of.",
    "RPR 2001 r.32ZBA",
    "Choose them from the property's list, or describe them in a note.",
    invalid=True,
)
ANSWER_NOT_CLEAR: Final = Rule(
    "answer-not-clear",
    "What is ticked and what is said do not agree.",
    "RPR 2001 r.32ZBD",
    "No change, empty, refused and vague stand alone; added, left and changed each say who or what.",
    invalid=True,
)
NO_SUCH_CONTACT: Final = Rule(
    "no-such-contact", "This property was not contacted in that way.", "RPR 2001 r.32ZBD", "Check the contact."
)
WRONG_CODE: Final = Rule(
    "wrong-security-code",
    "This security code is not right.",
    "RPR 2001 r.32ZBD",
    "Check both parts on the letter; after five wrong tries a new code is needed.",
)
CODE_LOCKED: Final = Rule(
    "security-code-locked",
    "This security code has been tried too often and no longer works.",
    "RPR 2001 r.32ZBD",
    "Ask the electoral registration office for a new one, or answer by phone or on the form.",
)
NO_ENQUIRY: Final = Rule(
    "no-enquiry", "Nothing is being asked of this household.", "RPR 2001 r.32ZBE", "Check the property."
)
NO_CONFLICT: Final = Rule(
    "no-visit-conflict",
    "There is no such conflict waiting, or it was settled.",
    "EC guidance on visiting officers",
    "Look at the conflicts that are open.",
)
