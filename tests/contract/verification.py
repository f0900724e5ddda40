"""Whether a provider meets an expectation: by its committed schema, its golden samples and what its deciders emit.

Every complaint is a sentence that names consumer, field and event, so that whoever changes an event knows whom to ask.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from shared.eventcore import samples
from shared.eventcore.samples import Sample
from shared.eventcore.schemas import FOLDER
from tests.contract.expectation import Expectation, Json

PROSE = {"title", "description", "default", "$defs"}
"""What a schema says that binds no value; definitions bind where they are referred to."""


def committed_schema(wire: str) -> Json:
    """The schema that the provider has published. Raises FileNotFoundError for an event that nobody publishes."""
    found: Json = json.loads((FOLDER / "schemas" / f"{wire}.json").read_text("utf-8"))
    return found


def golden_samples(wire: str) -> list[Sample]:
    """The samples of one wire type, the newest last."""
    known = [sample for sample in samples.committed(FOLDER / "samples") if sample.type == wire]
    return sorted(known, key=lambda sample: (len(sample.path.name), sample.path.name))  # v1, v1.2, … v1.10


# -------------------------------------------------------------------- schemas


def promised(expectation: Expectation, schema: Json) -> Iterator[str]:
    """What the schema does not promise of that which the consumer relies on."""
    for path, adapter in expectation.adapters.items():
        relied = adapter.json_schema(mode="serialization")
        field, always = _at(schema, path)
        if field is None:
            why = "there is no such field"
        elif not always and "default" not in field:
            why = "it may be absent"
        else:
            why = _misfit(field, schema, relied, relied)
        if why:
            yield _complaint(expectation, path, why)


def _complaint(expectation: Expectation, path: str, why: str) -> str:
    return f"{expectation.consumer} relies on {path} of {expectation.event}: {why}"


def _at(schema: Json, path: str) -> tuple[Json | None, bool]:
    """The schema of the field at a dotted path, and whether the field is required of the part that it stands in, where there
    is one: a consumer that goes on below an optional part deals with its absence."""
    here: Json | None = schema
    required = True
    for name in path.split("."):
        alternatives = [each for each in _alternatives(here or {}, schema) if each.get("type") != "null"]
        parent = alternatives[0] if len(alternatives) == 1 else {}
        here, required = parent.get("properties", {}).get(name), name in parent.get("required", ())
    return here, required


def _misfit(provided: Json, root: Json, relied: Json, own: Json) -> str:
    """Why not every provided value is one that was relied on, or not every value that was named can still come. Whether a
    provider of plain text says the named ones is for its stories to show: see `unsaid`."""
    offered, wanted = _alternatives(provided, root), _alternatives(relied, own)
    for each in offered:
        if not any(_fits(each, root, one, own) for one in wanted):
            return f"it may be {_short(each)}"
    for value in (value for one in wanted for value in one.get("enum", ())):
        if not any(value in each["enum"] if "enum" in each else each.get("type") == "string" for each in offered):
            return f"it is never {value!r} any more"
    return ""


def _fits(offered: Json, root: Json, wanted: Json, own: Json) -> bool:
    """Whether each value of one alternative is a value of the other."""
    for keyword in wanted.keys() - PROSE:
        has, asks = offered.get(keyword), wanted[keyword]
        match keyword:
            case "enum":
                ok = has is not None and set(has) <= set(asks)
            case "items":
                ok = has is not None and not _misfit(has, root, asks, own)
            case "properties":
                ok = has is not None and all(
                    n in has and not _misfit(has[n], root, part, own) for n, part in asks.items()
                )
            case "required":
                ok = set(asks) <= set(has or ())
            case _:
                ok = has == asks
        if not ok:
            return False
    return True


def _alternatives(schema: Json, root: Json) -> list[Json]:
    """A schema as its alternatives, without references, and a constant as the enumeration of one that it is."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return [each for one in schema["anyOf"] for each in _alternatives(one, root)]
    if "const" in schema:
        return [{**{k: v for k, v in schema.items() if k != "const"}, "enum": [schema["const"]]}]
    return [schema]


def _short(schema: Json) -> str:
    return json.dumps({name: part for name, part in schema.items() if name not in PROSE})


# ------------------------------------------------------------------- payloads


def kept(expectation: Expectation, payload: Json, schema: Json) -> Iterator[str]:
    """What a stored payload does not hold of that which the consumer relies on. A field with a default may be absent:
    the event was written before there was one."""
    for path, adapter in expectation.adapters.items():
        try:
            if (value := value_at(payload, path)) is not NOTHING:
                adapter.validate_json(json.dumps(value), strict=True)
        except KeyError as missing:
            if "default" not in (_at(schema, missing.args[0])[0] or {}):
                yield _complaint(expectation, path, "it was not said")
        except ValidationError as problem:
            yield _complaint(expectation, path, problem.errors()[0]["msg"])


def unsaid(expectation: Expectation, payloads: Sequence[Json], schema: Json) -> Iterator[str]:
    """The values that the consumer tells from others, and that neither the schema lists nor any of the payloads says."""
    for path, adapter in expectation.adapters.items():
        field = _at(schema, path)[0]
        told = (value for payload in payloads if (value := value_at(payload, path)) is not NOTHING)
        said = {leaf for value in told for leaf in leaves(value)}
        relied = adapter.json_schema()
        for value in sorted(values_named(relied, relied) - values_named(field, schema) - said):
            yield _complaint(expectation, path, f"nobody says {value!r}")


def leaves(value: Any) -> Iterator[Any]:
    """What a JSON value says, however deep."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from leaves(part)
    else:
        yield value


def values_named(schema: Any, root: Json) -> set[Any]:
    """Every value that a schema lists, however deep."""
    match schema:
        case {"$ref": str(reference)}:
            return values_named(root["$defs"][reference.rpartition("/")[2]], root)
        case dict():
            own = {*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())}
            return own.union(*(values_named(part, root) for part in schema.values()))
        case list():
            return set().union(*(values_named(part, root) for part in schema))
        case _:
            return set()


NOTHING = object()
"""What stands below an optional part that is not there."""


def value_at(payload: Json, path: str) -> Any:
    """The value at a dotted path. Raises KeyError with the path that is missing."""
    value: Any = payload
    for depth, name in enumerate(names := path.split("."), 1):
        if value is None:
            return NOTHING
        if name not in value:
            raise KeyError(".".join(names[:depth]))
        value = value[name]
    return value
