"""How one person wants to be written to: by which channel, in which language, in large print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never
from uuid import UUID

from shared.eventcore.deciding import Decider
from shared.events.notifications import PreferencesEvent, PreferencesRecorded
from shared.events.values_notifications import Language, MessageChannel, PreferenceSource

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class RecordPreferences:
    """The person told us. To ask for e-mail is to consent to being served by it. [LGA 1972 Sch 12 para 4; SI 2015/5]"""

    correspondent_id: UUID
    channel: MessageChannel
    language: Language
    large_print: bool


@dataclass(frozen=True, slots=True)
class AssumeLanguage:
    """The person used this language with us. What they asked for themselves stands against it."""

    correspondent_id: UUID
    language: Language


Command = RecordPreferences | AssumeLanguage

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Preferences:
    """`source`: who told us; None while nobody has, and a letter in English it is."""

    channel: MessageChannel = "letter"
    language: Language = "en"
    large_print: bool = False
    source: PreferenceSource | None = None


UNTOLD: Final = Preferences()


def decide(command: Command, known: Preferences) -> Sequence[PreferencesEvent]:
    match command:
        case RecordPreferences(correspondent, channel, language, large_print):
            told = PreferencesRecorded(correspondent, channel, language, large_print, "asked")
            return [] if evolve(known, told) == known else [told]
        case AssumeLanguage(correspondent, language):
            if known.source == "asked" or known.language == language:
                return []
            return [PreferencesRecorded(correspondent, known.channel, language, known.large_print, "application-form")]
        case _:
            assert_never(command)


def evolve(_: Preferences, event: PreferencesEvent) -> Preferences:
    return Preferences(event.channel, event.language, event.large_print, event.source)


preferences: Decider[Command, Preferences, PreferencesEvent] = Decider("preferences", UNTOLD, decide, evolve)
