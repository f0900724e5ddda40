"""The words of a message, the same whether they go out on paper, by e-mail or as a text; and which words to choose for whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from services.notifications.templates.registry import LETTERS, TEXTS, current_version, template, templates
from shared.eventcore.deciding import Refused
from shared.events.notifications import Queueing
from shared.events.values_notifications import Language, MessageChannel

FORMS: Final[Mapping[MessageChannel, Path]] = {"letter": LETTERS, "email": LETTERS, "sms": TEXTS}
"""Where the words of each channel stand."""
MARKDOWN: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]()#~>|"})
SAID_LATER: Final = {"electors": "", "code": "", "elector": ""}
"""What is known only when a letter is written: facts of a household, and for whom a proxy votes."""
BEGINNING: Final = re.compile(r"^(?=\s*([-+•^]|\d+\.))", re.MULTILINE)
"""What makes a list or quotation of a line at GOV.UK Notify, and knows no escape."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says. A text message has no title and one paragraph."""

    title: str
    paragraphs: tuple[str, ...]


def words(message: Queueing, facts: Mapping[str, str] = MappingProxyType({})) -> Words:
    """Exactly what the message says: from its version, in its language, with nothing left open. `facts`: what the addressee's
    owner says when it is written. Raises `Refused`."""
    form = FORMS[message.channel]
    used = template(message.template, message.template_version, message.language, form)
    return Words(*used.filled({**message.data, **facts}))


@dataclass(frozen=True, slots=True)
class Wording:
    """What a new message is written by."""

    channel: MessageChannel
    version: int
    language: Language


def wording(name: str, channel: MessageChannel, language: Language, data: Mapping[str, str]) -> Wording:
    """The newest version of a template for this channel and language.

    What has no form as a text goes as a letter, what has no Welsh of the newest version (or data without Welsh words) in
    English: never by older or other words. The message says which it is. Raises `Refused` for unfit data."""
    if channel == "sms" and not any(known == name for known, _, _ in templates(TEXTS)):
        channel = "letter"
    version = current_version(name, FORMS[channel])
    for tried in (language, "en"):
        try:
            template(name, version, tried, FORMS[channel]).filled({**SAID_LATER, **data})
        except Refused:
            if tried == "en":
                raise
        else:
            return Wording(channel, version, tried)
    raise AssertionError("unreachable")


def unmarked(text: str) -> str:
    """Text in which GOV.UK Notify finds no Markdown and no ((place)): our words use neither, so a mark came with data."""
    return BEGINNING.sub("\u200b", text.translate(MARKDOWN))
