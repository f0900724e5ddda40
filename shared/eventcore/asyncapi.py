"""The AsyncAPI 3.0 document of everything that Moothall publishes on Kafka, made from the registry of events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import yaml
from pydantic import TypeAdapter

from shared.eventcore.kafka import PARTITIONS, seal_topic_of, topic_of
from shared.eventcore.recording import SHARDS
from shared.eventcore.seals import Seal
from shared.events.definition import EventType, Registry

Json = dict[str, Any]

CORE = "core"
"""Facts of the event core: any service may publish them, on its own topic."""


def _text(says: str, **more: Any) -> Json:
    return {"type": "string", "description": says, **more}


def _number(says: str) -> Json:
    return _text(says, pattern="^(0|-?[1-9][0-9]*)$")


HEADERS: Json = {
    "type": "object",
    "description": "CloudEvents 1.0 in binary mode, and the event's place, maker and cause. All values are UTF-8 text.",
    "properties": {
        "ce_specversion": _text("CloudEvents version.", const="1.0"),
        "ce_id": _text("`<stream id>@<version>`: the same event always has the same id."),
        "ce_source": _text("The owning service.", pattern="^urn:moothall:[a-z]+$"),
        "ce_type": _text("The wire type."),
        "ce_subject": _text("The stream.", format="uuid"),
        "ce_time": _text("When the fact holds.", format="date-time"),
        "content-type": _text("Of the value.", const="application/json"),
        "moot-position": _number("Ascends within a shard. A position already passed is a repeat."),
        "moot-previous": _number("Position of the event before in this shard; a reader behind it has lost something."),
        "moot-shard": _number(f"0 to {SHARDS - 1}, fixed by the stream; a shard never leaves its partition."),
        "moot-version": _number("Of the stream after this event, from 1 without gaps."),
        "moot-kind": _text("The kind of stream."),
        "moot-authority": _text("GSS code of the council."),
        "moot-recorded": _text("When the fact was learnt.", format="date-time"),
        "moot-hash": _text("Content hash, as sealed (`shared/eventcore/hashing.py`).", pattern="^[0-9a-f]{64}$"),
        "moot-actor": _text("Who asked."),
        "moot-correlation": _text("What belongs together."),
        "moot-causation": _text("What it followed from."),
        "moot-command": _text("The command's idempotency key."),
        "moot-reason": _text("Why, in the officer's words, sealed for the service itself."),
        "moot-origin": _text("The screen, API, import or policy that the command came through."),
        "traceparent": _text("W3C trace context."),
    },
    "required": [
        "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "content-type", "moot-position",
        "moot-previous", "moot-shard", "moot-version", "moot-kind", "moot-authority", "moot-recorded", "moot-hash",
    ],
}  # fmt: skip


def document(registry: Registry, contexts: Sequence[str]) -> str:
    """The document as YAML. One channel of events and one of seals per context; payload schemas are the committed files."""
    return yaml.safe_dump(describe(registry, contexts), sort_keys=False, allow_unicode=True, width=120)


def describe(registry: Registry, contexts: Sequence[str]) -> Json:
    """The document as data. Raises ValueError for an event of a context that has no topic."""
    if homeless := sorted({kind.context for kind in registry.by_wire.values()} - {*contexts, CORE}):
        raise ValueError(f"no topic for events of {', '.join(homeless)}")
    kinds = sorted(registry.by_wire.values(), key=lambda kind: kind.wire)
    channels: Json = {}
    operations: Json = {}
    for context in contexts:
        own = [kind for kind in kinds if kind.context in (context, CORE)]
        channels[topic_of(context)] = _channel(
            topic_of(context),
            f"What happened in {context}, in order per shard.",
            (kind.wire for kind in own),
            PARTITIONS,
        )
        channels[seal_topic_of(context)] = _channel(
            seal_topic_of(context), f"Signed Merkle seals over the history of {context}; compacted.", ["seal"], 1
        )
        for topic in (topic_of(context), seal_topic_of(context)):
            operations[f"publish.{topic}"] = {"action": "send", "channel": {"$ref": f"#/channels/{topic}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Moothall events",
            "version": "1.0.0",
            "description": "Personal values are sealed; only the service that owns the person can open them.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "schemas": {"EventHeaders": HEADERS, "Seal": TypeAdapter(Seal).json_schema()},
            "messages": {
                **{kind.wire: _message(kind) for kind in kinds},
                "seal": {
                    "name": "seal",
                    "title": "Seal",
                    "summary": "Says which events, and no others, stood at a range of positions. Key: `<store>:<number>`.",
                    "payload": {"$ref": "#/components/schemas/Seal"},
                },
            },
        },
    }


def _channel(topic: str, says: str, messages: Iterable[str], partitions: int) -> Json:
    return {
        "address": topic,
        "description": says,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {"kafka": {"topic": topic, "partitions": partitions, "bindingVersion": "0.5.0"}},
    }


def _message(kind: EventType[Any]) -> Json:
    return {
        "name": kind.wire,
        "title": kind.name,
        "summary": " ".join((kind.cls.__doc__ or "").split()),
        "headers": {"$ref": "#/components/schemas/EventHeaders"},
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./schemas/{kind.wire}.json"},
        },
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid"}, "bindingVersion": "0.5.0"}},
    }
