"""The rules an application to register can break, from the form to the determination. [RPR 2001 r.26-31A]"""

from __future__ import annotations

from typing import Final

from shared.law.rules import Rule

NO_SUCH_APPLICATION: Final = Rule("no-such-application", "No such application was received.", "RPR 2001 r.26")
ALREADY_DETERMINED: Final = Rule(
    "already-determined", "This application has come to its end.", "RPR 2001 r.29", "Start from a new application."
)
UNREADABLE_ANSWER: Final = Rule(
    "unreadable-answer",
    "An answer on the form cannot be what its question asks for.",
    "RPR 2001 r.26(1)",
    "Check the named answer against the form, and ask the applicant if that is what they wrote.",
    invalid=True,
)
INCOMPLETE: Final = Rule(
    "application-incomplete",
    "Something the law requires is missing without a reason, so the application is not yet made.",
    "RPR 2001 r.26(1)",
    "Ask the applicant for what is missing.",
)
NOTHING_SUPPLIED: Final = Rule(
    "nothing-supplied", "Nothing was supplied.", "RPR 2001 r.26(1)", "Enter what the applicant sent.", invalid=True
)
ADDRESS_NOT_IDENTIFIED: Final = Rule(
    "address-not-identified",
    "The address on the application has not been matched to a property yet.",
    "RPA 1983 s.9(2)",
    "Choose the property, or add it.",
)
IDENTITY_NOT_VERIFIED: Final = Rule(
    "identity-not-verified",
    "Neither DWP, local data, documents nor an attestation has shown who the applicant is.",
    "RPR 2001 r.26B, r.29ZA, r.29ZB",
    "Match local data or ask the applicant for evidence; reject the application if there is none.",
)
ON_HOLD: Final = Rule(
    "application-on-hold",
    "Something about this application needs an officer's judgement first.",
    "EC guidance on running electoral registration",
    "Look into it, then release the application or end it.",
)
OBJECTION_WINDOW_OPEN: Final = Rule(
    "objection-window-open",
    "Any elector may still object to this application.",
    "RPR 2001 r.29(4)",
    "Determine it on or after the first day named.",
)
OBJECTION_STANDS: Final = Rule(
    "objection-stands",
    "An objection made in time stops an application from being allowed without a hearing.",
    "RPR 2001 r.29-31",
    "Call a hearing, or disallow the objection if it is without merit.",
)
OBJECTION_UPHELD: Final = Rule(
    "objection-upheld", "The hearing upheld the objection.", "RPR 2001 r.31", "Reject the application."
)
NO_SUCH_OBJECTION: Final = Rule(
    "no-such-objection", "No such objection stands.", "RPR 2001 r.29", "Check who objected."
)
HEARING_OUT_OF_TIME: Final = Rule(
    "hearing-out-of-time",
    "A hearing takes place from the third to the seventh working day after its notice.",
    "RPR 2001 r.30",
    "Choose a working day in that window.",
    invalid=True,
)
NO_HEARING: Final = Rule(
    "no-hearing-called", "No hearing stands on or before that day.", "RPR 2001 r.30", "Call one first."
)
NOT_REJECTED: Final = Rule(
    "application-not-rejected",
    "An appeal is against the rejection of an application, and this one was not rejected.",
    "RPA 1983 s.56",
    "Look at the application's history.",
)
REASONS_NEEDED: Final = Rule(
    "reasons-needed", "A rejection gives its reasons in writing.", "RPR 2001 r.29", "Choose them.", invalid=True
)
PERSON_ERASED: Final = Rule(
    "person-erased", "This person's data was erased, so nothing can be decided.", "UK GDPR art.17", "Close the case."
)
ATTESTATION_INCOMPLETE: Final = Rule(
    "attestation-incomplete",
    "An attestation is signed, dated and says how the attestor knows the applicant and that lying is an offence.",
    "RPR 2001 r.26B(5)",
    "Send it back to be completed.",
)
