"""A message written out as a letter: pure, so that the same message printed again is the same letter.

For the print house it is a tagged PDF (PDF/UA-1), for an officer who prints it from the browser a page of plain HTML: both with
one heading, a language and no colour, 18 points where large print is asked for. [PSBAR 2018; UKAAF: clear and large print]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Final
from unicodedata import category

from services.notifications.templates.registry import long_date
from services.notifications.templates.wording import words
from shared.eventcore.deciding import Refused, Rule
from shared.events.notifications import Queueing
from shared.events.values_notifications import Language
from shared.service.printing import typeset

FEWEST_LINES, MOST_LINES = 3, 7
NOT_AT_THE_START: Final = tuple("@()=[]\\/,<>+-")
"""What GOV.UK Notify refuses, and what a spreadsheet of the print house would take for a formula."""
TEMPLATE: Final = Path(__file__).parent / "letter.typ"
POINTS: Final = {False: 12, True: 18}
OCCUPIER: Final[Mapping[Language, str]] = {"en": "The Occupier", "cy": "Y Deiliad"}
"""Who is written to at an address where nobody is named."""
REFERENCE: Final[Mapping[Language, str]] = {"en": "Our reference", "cy": "Ein cyfeirnod"}

ADDRESS_UNFIT = Rule(
    "address-unfit",
    "A letter's address has three to seven lines with the name, none of which holds a control character or begins with one of "
    "@ ( ) = [ ] \\ / , < > + -.",
    "GOV.UK Notify, send a letter",
    "Put the address right where it is kept.",
    invalid=True,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """`address`: the addressee's name, then the lines of the address."""

    address: tuple[str, ...]
    on: date
    title: str
    paragraphs: tuple[str, ...]
    reference: str
    language: Language = "en"
    large_print: bool = False


def written(
    message: Queueing, name: str, lines: Sequence[str], on: date, facts: Mapping[str, str] = MappingProxyType({})
) -> Letter:
    """The letter of a message to this name and address, with what their owner alone may say. Raises `Refused`."""
    said = words(message, facts)
    return Letter(
        addressed(name, lines), on, said.title, said.paragraphs, str(message.message_id), message.language,
        message.large_print,
    )  # fmt: skip


def addressed(name: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Name and address as they stand in the window of the envelope. Raises `Refused`."""
    block = tuple(line for line in (" ".join(part.split()) for part in (name, *lines)) if line)
    if not name.strip() or not FEWEST_LINES <= len(block) <= MOST_LINES:
        raise Refused(ADDRESS_UNFIT)
    if any(line.startswith(NOT_AT_THE_START) or any(category(c) == "Cc" for c in line) for line in block):
        raise Refused(ADDRESS_UNFIT)
    return block


def pdf(letter: Letter) -> bytes:
    """The letter as PDF/UA-1, with its address in the window of the envelope. Call it in a thread. Raises `Problem`."""
    said = {
        "address": letter.address, "dated": long_date(letter.on.isoformat(), letter.language), "title": letter.title,
        "paragraphs": letter.paragraphs, "reference": f"{REFERENCE[letter.language]}: {letter.reference}",
        "language": letter.language, "points": POINTS[letter.large_print],
    }  # fmt: skip
    return typeset(TEMPLATE, "letter", said)


def html(letter: Letter) -> str:
    """The letter as a page to print."""
    address = "<br>\n".join(escape(line) for line in letter.address)
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in letter.paragraphs)
    return f"""<!DOCTYPE html>
<html lang="{letter.language}">
<head>
<meta charset="utf-8">
<title>{escape(letter.title)}</title>
<style>
body {{ font: {POINTS[letter.large_print]}pt/1.5 Arial, sans-serif; max-width: 38em; margin: 2.5cm auto }}
address {{ font-style: normal; margin-bottom: 2em }}
h1 {{ font-size: 1.3em }}
</style>
</head>
<body>
<address>{address}</address>
<p>{long_date(letter.on.isoformat(), letter.language)}</p>
<h1>{escape(letter.title)}</h1>
{body}
<p>{REFERENCE[letter.language]}: {letter.reference}</p>
</body>
</html>
"""
