"""Every letter as the print house gets it: tagged PDF/UA in its language, and looking as it did when somebody last looked at it.

A published letter is never changed; new words are a new version, and so a new picture: run this test, look at it, commit it.
"""

from __future__ import annotations

from datetime import date

import pytest

from services.notifications.templates.registry import Template, templates
from services.notifications.templates.rendering import OCCUPIER, REFERENCE, Letter, pdf
from tests.print.printed import is_tagged, looks_as_it_did, print_of

SAMPLES = {
    "year": "2026", "code": "417 902", "committee": "Planning Committee", "elector": "Ben Marsh", "number": "R-2026-17",
    "date": "2026-12-01", "month": "2026-12", "clock": "19:00", "pounds": "15200", "reasons": "not-resident",
    "place": "Moot Hall", "wanting": "dob,nino,nat", "business": "Minutes\nBudget", "names": "Ada Marsh\nBen Marsh",
}  # fmt: skip
"""What stands in a place: by its kind, or by its name where it has none."""
ADDRESS = ("2 Gorse Lane", "Gavelford", "Mootshire", "ZZ1 1AA")
LETTERS = {f"{name}.v{version}.{language}": made for (name, version, language), made in templates().items()}


def letter_of(template: Template, *, large_print: bool = False) -> Letter:
    title, paragraphs = template.filled({name: SAMPLES[kind or name] for name, kind in template.fields.items()})
    addressee = OCCUPIER[template.language] if template.name.startswith("canvass") else "Ada Marsh"
    return Letter(
        (addressee, *ADDRESS), date(2026, 11, 23), title, paragraphs, "L-0417", template.language, large_print
    )


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_a_letter_is_tagged_in_its_language_and_looks_as_it_did(name: str):
    template = LETTERS[name]
    printed = print_of(f"letters/{name}", lambda: pdf(letter_of(template)))
    is_tagged(printed, template.language)
    if template.language == "en":
        looks_as_it_did(printed)
    text = " ".join(page.extract_text() for page in printed.pdf.pages)
    assert REFERENCE[template.language] in text
    assert "{" not in text, "no place is left open"


@pytest.mark.parametrize(
    ("name", "large_print"), [("registration-invitation.v1.en", True), ("registration-invitation.v1.cy", False)]
)
def test_a_letter_in_large_print_and_one_in_welsh_look_as_they_did(name: str, large_print: bool):
    letter = letter_of(LETTERS[name], large_print=large_print)
    looks_as_it_did(print_of(f"letters/{name}{'.large' if large_print else ''}", lambda: pdf(letter)))
