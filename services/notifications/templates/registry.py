"""The templates, each a file `letters/<name>.v<version>.<language>.md`: a title, an empty line, paragraphs. What may also be
said in a text message stands in `texts/`, in one paragraph without a title.

A place for data is `{name}` or `{name:kind}`; the kinds are those of `KINDS`. A published file is never changed: what was
written with it must come out the same when it is printed again. Other words are a new version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final, cast

from shared.eventcore.deciding import Refused, Rule
from shared.events.values_notifications import Language

LETTERS: Final = Path(__file__).parent / "letters"
"""The words of letters and e-mails."""
TEXTS: Final = Path(__file__).parent / "texts"
FILE: Final = re.compile(r"(?P<name>[a-z-]+)\.v(?P<version>\d+)\.(?P<language>en|cy)\.md")
PLACE: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")

UNKNOWN_TEMPLATE = Rule(
    "unknown-template",
    "There is no such template in this language.",
    "Council's procedure for outgoing correspondence",
    "Choose one of the list of templates.",
)
UNFIT_DATA = Rule(
    "template-data-unfit",
    "The template asks for something that this message does not hold, or holds in another form.",
    "Council's procedure for outgoing correspondence",
    "Report it: the message was queued for another version of the template.",
)

MISSING: Final[Mapping[str, tuple[str, str]]] = {
    "ln": ("your full name", "eich enw llawn"),
    "dob": (
        "your date of birth, or why you cannot give it and your age range",
        "eich dyddiad geni, neu pam na allwch ei roi a'ch ystod oedran",
    ),
    "nino": (
        "your National Insurance number, or why you cannot give it",
        "eich rhif Yswiriant Gwladol, neu pam na allwch ei roi",
    ),
    "nat": ("your nationality, or why you cannot give it", "eich cenedligrwydd, neu pam na allwch ei roi"),
    "regproperty": ("the address where you live", "y cyfeiriad lle rydych yn byw"),
}
"""What a form must answer, by IER key, in English and in Welsh."""
MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    "cy": (
        "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd",
        "Rhagfyr",
    ),
}  # fmt: skip
REASONS: Final[Mapping[str, str]] = {
    "not-resident": "nid ydych yn byw yn y cyfeiriad",
    "not-eligible": "nid oes gennych hawl i bleidleisio",
    "nationality": "nid yw eich cenedligrwydd yn rhoi hawl i chi bleidleisio",
    "identity-not-established": "ni allem gadarnhau pwy ydych",
    "identity-not-confirmed": "ni allem gadarnhau pwy ydych",
    "no-response": "ni chawsom ateb gennych",
    "objection-upheld": "derbyniwyd gwrthwynebiad i'ch cais",
    "signature-is-not-acceptable": "nid yw'r llofnod yn dderbyniol",
    "signature-missing": "mae'r llofnod ar goll",
    "not-registered-to-vote": "nid ydych wedi cofrestru i bleidleisio",
    "not-eligible-for-reserved-polls": "nid oes gennych hawl i bleidleisio yn yr etholiadau hyn",
    "dob-not-provided": "ni roddwyd dyddiad geni",
    "incomplete-application": "mae'r cais yn anghyflawn",
    "proxy-not-registered-to-vote": "nid yw'r dirprwy wedi cofrestru i bleidleisio",
    "proxy-limits": "mae'r dirprwy eisoes yn gweithredu dros gynifer o bobl ag y caniateir",
    "other": "rheswm arall",
    "does-not-match": "nid yw'n edrych fel y llofnod sydd gennym",
    "unreadable": "ni ellir gweld y llinellau'n glir",
    "incomplete": "mae rhan o'r llofnod ar goll",
    "too-small": "mae'r llofnod yn rhy fach yn y llun",
    "not-a-signature": "nid llofnod sydd yn y llun",
}
"""Why an application was rejected, or a signature is no use, in Welsh. In English the code says it."""


def long_date(text: str, language: Language) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def long_month(text: str, language: Language) -> str:
    """`2026-05` as May 2026."""
    return long_date(f"{text}-01", language).removeprefix("1 ")


def clock(text: str, _: Language) -> str:
    """`19:00`, by the clock on the wall."""
    return f"{time.fromisoformat(text):%H:%M}"


def pounds(text: str, _: Language) -> str:
    """Whole pence as pounds: `15200` as £152.00."""
    pence = int(text)
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


def reasons(text: str, language: Language) -> str:
    """`not-resident,not-eligible` as words. Raises `KeyError` for what has no Welsh."""
    codes = (code.strip() for code in text.split(","))
    return "; ".join(REASONS[code] if language == "cy" else code.replace("-", " ") for code in codes)


def wanting(text: str, language: Language) -> str:
    """`dob,nino` as words. Raises `KeyError` for what no form must answer."""
    return "; ".join(MISSING[key][language == "cy"] for key in text.split(","))


def place(text: str, language: Language) -> str:
    """Where a meeting is; a promise while that is not settled."""
    return text or {"en": "we will tell you", "cy": "byddwn yn rhoi gwybod i chi"}[language]


def business(text: str, _: Language) -> str:
    """Items of an agenda, one a line: `(1) Minutes; (2) Budget`."""
    return "; ".join(f"({number}) {title}" for number, title in enumerate(text.splitlines(), 1))


def names(text: str, language: Language) -> str:
    """Names, one a line: `Ada Marsh; Ben Marsh`."""
    return "; ".join(text.splitlines()) or {"en": "nobody", "cy": "neb"}[language]


KINDS: Final[Mapping[str, Callable[[str, Language], str]]] = {
    "": lambda text, _: text,
    "date": long_date,
    "month": long_month,
    "clock": clock,
    "pounds": pounds,
    "reasons": reasons,
    "wanting": wanting,
    "place": place,
    "business": business,
    "names": names,
}


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one version in one language. `fields`: what it asks for, with the kind of each."""

    name: str
    version: int
    language: Language
    title: str
    paragraphs: tuple[str, ...]

    @property
    def fields(self) -> dict[str, str]:
        return {place: kind for text in (self.title, *self.paragraphs) for place, kind in _places(text)}

    def filled(self, data: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        """Title and paragraphs with the data in their places. Raises `Refused`: nothing is left open or guessed."""
        try:
            said = {name: KINDS[kind](data[name], self.language) for name, kind in self.fields.items()}
        except (KeyError, ValueError):
            raise Refused(UNFIT_DATA) from None
        title, *paragraphs = (PLACE.sub(lambda place: said[place[1]], text) for text in (self.title, *self.paragraphs))
        return title, tuple(paragraphs)


def _places(text: str) -> Iterator[tuple[str, str]]:
    for _, name, kind, _ in Formatter().parse(text):
        if name is not None:
            yield name, kind or ""


@cache
def templates(folder: Path = LETTERS) -> Mapping[tuple[str, int, Language], Template]:
    """Every template by name, version and language. Raises `ValueError` for a file that is none."""
    return {(made.name, made.version, made.language): made for made in map(_read, sorted(folder.iterdir()))}


def _read(path: Path) -> Template:
    named = FILE.fullmatch(path.name)
    if named is None:
        raise ValueError(f"{path.name} is not named as a template is")
    blocks = path.read_text("utf-8").strip().split("\n\n")
    title, *paragraphs = blocks if path.parent != TEXTS else ("", *blocks)
    made = Template(named["name"], int(named["version"]), cast(Language, named["language"]), title, tuple(paragraphs))
    if unknown := set(made.fields.values()) - KINDS.keys():
        raise ValueError(f"{path.name} asks for data of the unknown kind {sorted(unknown)}")
    return made


def template(name: str, version: int, language: Language, folder: Path = LETTERS) -> Template:
    """Raises `Refused` when there is none."""
    found = templates(folder).get((name, version, language))
    if found is None:
        raise Refused(UNKNOWN_TEMPLATE)
    return found


def current_version(name: str, folder: Path = LETTERS) -> int:
    """The newest version of a template, which new messages use. Raises `ValueError` for an unknown name."""
    return max(version for known, version, _ in templates(folder) if known == name)
