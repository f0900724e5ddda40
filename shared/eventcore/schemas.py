"""The published form of every event as JSON Schema, and the proof that no change breaks a reader, old or new.

Committed beside the declarations in `shared/events`: `schemas/<wire type>.json`, golden `samples/` and `asyncapi.yaml`.
A published wire type may gain fields that have a default, and nothing else may change: an old reader reads new events
(unknown fields are ignored), a new reader reads every old event. Whatever else must change is a new version with an
upcast; the old version's schema and samples stay.
"""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import shared.events
from shared.eventcore import samples
from shared.eventcore.asyncapi import document
from shared.eventcore.codec import ERASED, SEALED, shape_of
from shared.events.definition import REGISTRY, EventType, Registry

FOLDER = Path(shared.events.__file__).parent
PROSE = {"$schema", "$id", "$defs", "title", "description"}
"""Parts of a schema that say nothing about which values are valid."""

Json = dict[str, Any]


class Incompatible(Exception):
    """What was published cannot be changed like this. Its arguments are the complaints."""


def published() -> Registry:
    """The registry of everything declared in `shared.events`, whatever else this process has declared."""
    for module in pkgutil.iter_modules(shared.events.__path__, "shared.events."):
        import_module(module.name)
    registry = Registry()
    for wire, kind in REGISTRY.by_wire.items():
        if kind.cls.__module__.startswith("shared.events."):
            registry.by_wire[wire] = registry.by_class[kind.cls] = kind
    registry.upcasts = {
        old: (new, lift)
        for old, (new, lift) in REGISTRY.upcasts.items()
        if lift.__module__.startswith("shared.events.")
    }
    return registry


def check(registry: Registry, contexts: Sequence[str], folder: Path = FOLDER) -> list[str]:
    """Everything that keeps this build from being published: an empty list, or sentences that name the wire type."""
    complaints = [f"{path.stem}: {change}" for path, change in _incompatible(registry, folder / "schemas")]
    for wire, kind in sorted(registry.by_wire.items()):
        path = folder / "schemas" / f"{wire}.json"
        if not path.exists():
            complaints.append(f"{wire}: its schema is not committed; run `moot schemas write`")
        elif json.loads(path.read_text("utf-8")) != wire_schema(kind):
            complaints.append(f"{wire}: its schema is not the committed one; run `moot schemas write`")
    sampled = set()
    for sample in samples.committed(folder / "samples"):
        sampled.add(sample.type)
        if fault := samples.fault(sample, registry):
            complaints.append(f"{sample.type}: sample {sample.path.name} {fault}")
    complaints += [
        f"{wire}: has no sample; run `moot schemas write`" for wire in sorted(registry.by_wire.keys() - sampled)
    ]
    described = folder / "asyncapi.yaml"
    if not described.exists() or described.read_text("utf-8") != document(registry, contexts):
        complaints.append("asyncapi.yaml is not up to date; run `moot schemas write`")
    return complaints


def write(registry: Registry, contexts: Sequence[str], folder: Path = FOLDER) -> list[Path]:
    """Write schemas, missing samples and the AsyncAPI document; returns the files that are new or different.

    Raises `Incompatible`, having written nothing, when a published type changed in a way that breaks a reader. A sample
    is never overwritten: a type that gained a field gets another sample beside the old.
    """
    if complaints := [f"{path.stem}: {change}" for path, change in _incompatible(registry, folder / "schemas")]:
        raise Incompatible(*complaints)
    written = []
    for name in ("schemas", "samples"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for wire, kind in sorted(registry.by_wire.items()):
        path = folder / "schemas" / f"{wire}.json"
        schema = wire_schema(kind)
        before = json.loads(path.read_text("utf-8")) if path.exists() else None
        if before != schema:
            path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "utf-8")
            written.append(path)
        taken = [*(folder / "samples").glob(f"{wire}.json"), *(folder / "samples").glob(f"{wire}.[0-9]*.json")]
        if not taken or (before is not None and list(_changes(schema, before))):
            fresh = folder / "samples" / (f"{wire}.{len(taken) + 1}.json" if taken else f"{wire}.json")
            with fresh.open("x", encoding="utf-8") as file:
                file.write(samples.make(kind, registry))
            written.append(fresh)
    described = folder / "asyncapi.yaml"
    text = document(registry, contexts)
    if not described.exists() or described.read_text("utf-8") != text:
        described.write_text(text, "utf-8")
        written.append(described)
    return written


def wire_schema(kind: EventType[Any]) -> Json:
    """JSON Schema (2020-12) of an event as it is stored and published, its personal values sealed.

    `contentSchema` says what a sealed value is once it is opened; it binds the owning service, and nobody else sees it.
    """
    schema = kind.adapter.json_schema(mode="serialization")
    schema["properties"] = {
        name: _sealed(field) if name in shape_of(kind).personal else field
        for name, field in schema.get("properties", {}).items()
    }
    defs = {name: part for name, part in schema.pop("$defs", {}).items() if name not in ("Erased", "Sealed")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:moothall:event:{kind.wire}",
        "title": kind.name,
        "description": schema.pop("description", ""),
        **_untitled(schema),
        **({"$defs": {name: _untitled(part) for name, part in defs.items()}} if defs else {}),
    }


def _sealed(field: Json) -> Json:
    null = {"type": "null"}
    alternatives = [a for a in field["anyOf"] if a.get("$ref") not in ("#/$defs/Erased", "#/$defs/Sealed")]
    clear = [a for a in alternatives if a != null]
    content = clear[0] if len(clear) == 1 else {"anyOf": clear}
    if "default" in field:
        content = {**content, "default": field["default"]}
    token = {"type": "string", "pattern": r"^v1\.[A-Za-z0-9_-]+$", "contentSchema": content}
    erased = {name: {"const": value} for name, value in ERASED.items()}
    return {"anyOf": [_only({SEALED: token}), _only(erased), *([null] if null in alternatives else [])]}


def _only(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _untitled(schema: Any) -> Any:
    """Without the titles that pydantic makes from names: they would say everything twice."""
    if isinstance(schema, list):
        return [_untitled(part) for part in schema]
    if isinstance(schema, dict):
        return {name: _untitled(part) for name, part in schema.items() if name != "title" or not isinstance(part, str)}
    return schema


# -------------------------------------------------------------- compatibility


def _incompatible(registry: Registry, folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.glob("*.json")):
        kind = registry.by_wire.get(path.stem)
        if kind is not None:
            for change in _changes(json.loads(path.read_text("utf-8")), wire_schema(kind)):
                yield path, change
        elif path.stem not in registry.upcasts:
            yield path, "was published and has neither an event nor an upcast now"


def _changes(old: Json, new: Json) -> Iterator[str]:
    """What a published schema may not do: every difference but added fields that are not required."""
    yield from _differences(old, new, (old, new), "", frozenset())


def _differences(
    old: Any, new: Any, roots: tuple[Json, Json], path: str, seen: frozenset[tuple[str, str]]
) -> Iterator[str]:
    refs = old.get("$ref", ""), new.get("$ref", "")
    if refs in seen:
        return
    old, new = _resolved(old, roots[0]), _resolved(new, roots[1])
    seen = seen | {refs} if all(refs) else seen
    fields, now = old.get("properties", {}), new.get("properties", {})
    for name, field in fields.items():
        if name not in now:
            yield f"{path}{name} was removed"
        else:
            yield from _differences(field, now[name], roots, f"{path}{name}.", seen)
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{path}{name} {'became required' if name in fields else 'is new and has no default'}"
    for name in sorted((old.keys() | new.keys()) - PROSE - {"properties", "required"}):
        yield from _difference(name, old.get(name), new.get(name), roots, path, seen)


def _difference(
    name: str, old: Any, new: Any, roots: tuple[Json, Json], path: str, seen: frozenset[tuple[str, str]]
) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict) and name != "default":
        yield from _differences(old, new, roots, path, seen)
    elif name in ("anyOf", "prefixItems") and isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for a, b in zip(old, new, strict=True):
            yield from _differences(a, b, roots, path, seen)
    elif name == "enum" and isinstance(old, list) and isinstance(new, list):
        lost, gained = [v for v in old if v not in new], [v for v in new if v not in old]
        if lost:
            yield f"{_place(path)} no longer allows {_short(lost)}"
        if gained:
            yield f"{_place(path)} allows {_short(gained)}, which an old reader does not know"
    elif old != new and not (name == "default" and old is None):
        yield f"{_place(path)}: {name} was {_short(old)} and is {_short(new)}"


def _resolved(schema: Json, root: Json) -> Json:
    """Without references, and with a constant spelled as the enumeration of one that it is."""
    while "$ref" in schema:
        schema = {**root["$defs"][schema["$ref"].rsplit("/", 1)[1]], **{k: v for k, v in schema.items() if k != "$ref"}}
    if "const" in schema:
        return {**{k: v for k, v in schema.items() if k != "const"}, "enum": [schema["const"]]}
    return schema


def _place(path: str) -> str:
    return path.removesuffix(".") or "the event"


def _short(value: Any) -> str:
    return "absent" if value is None else json.dumps(value, ensure_ascii=False)
