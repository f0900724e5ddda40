"""What the deciders of a provider really emit, as it stands in their store: the proof that a schema is not mere paper.

Each `<provider>_emits.py` tells a few stories of commands; every event that another service relies on comes up in one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from shared.eventcore.codec import encode, subject_of
from shared.eventcore.deciding import Decider
from shared.eventcore.samples import SampleKey
from tests.contract.expectation import FOLDER, Json

Event = Any


def story(decider: Decider[Any, Any, Any], *commands: Any) -> tuple[Event, ...]:
    """The events of one stream to which these commands are given in turn. Raises `Refused` when one is."""
    happened: tuple[Event, ...] = ()
    for command in commands:
        happened += tuple(decider.decide(command, decider.fold(happened)))
    return happened


def emitted(provider: str) -> Iterator[tuple[str, Json]]:
    """Wire type and stored payload of every event in the provider's stories; of none when it has no stories yet."""
    if (FOLDER / f"{provider}_emits.py").exists():
        for event in import_module(f"tests.contract.{provider}_emits").EMITTED:
            subject = subject_of(event)
            wire, payload = encode(event, SampleKey(subject) if subject else None)
            yield wire, json.loads(payload)
