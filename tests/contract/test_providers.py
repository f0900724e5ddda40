"""Each provider gives what its consumers rely on, and one that ceases to is told whom it would break."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.contract.emission import emitted
from tests.contract.expectation import CONTRACTS, EVERY, Expectation, Json
from tests.contract.listening import payload_of
from tests.contract.verification import committed_schema, golden_samples, kept, promised, unsaid, values_named

NAMED = [pytest.param(expectation, id=str(expectation)) for _, expectation in EVERY]
FIELDS = [
    pytest.param(expectation, path, id=f"{expectation} {path}")
    for _, expectation in EVERY
    for path in expectation.relies_on
]


@pytest.mark.parametrize("expectation", NAMED)
def test_the_published_schema_promises_what_a_consumer_relies_on(expectation):
    assert list(promised(expectation, committed_schema(expectation.wire))) == []


@pytest.mark.parametrize("expectation", NAMED)
def test_every_golden_sample_holds_what_a_consumer_relies_on(expectation):
    schema, known = committed_schema(expectation.wire), golden_samples(expectation.wire)
    assert known
    assert [complaint for sample in known for complaint in kept(expectation, sample.payload, schema)] == []


@pytest.mark.parametrize("contract", CONTRACTS, ids=str)
def test_what_the_providers_deciders_emit_holds_what_a_consumer_relies_on(contract):
    happened = list(emitted(contract.provider))
    for expectation in contract.expectations:
        payloads = [payload for wire, payload in happened if wire == expectation.wire]
        assert payloads, f"no story in tests/contract/{contract.provider}_emits.py comes to {expectation.event}"
        schema = committed_schema(expectation.wire)
        assert [complaint for payload in payloads for complaint in kept(expectation, payload, schema)] == []
        assert list(unsaid(expectation, payloads, schema)) == []
        for payload in payloads:
            Draft202012Validator(schema).validate(payload)


@pytest.mark.parametrize("expectation", NAMED)
def test_a_consumers_example_is_one_that_its_provider_could_send(expectation):
    validator = Draft202012Validator(
        committed_schema(expectation.wire), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    for example in expectation.examples:
        validator.validate(payload_of(expectation, example))


# ---------------------------------------------------- a provider that breaks it


@pytest.mark.parametrize(("expectation", "path"), FIELDS)
def test_a_field_that_is_renamed_is_missed_by_name(expectation, path):
    schema, parent, name = opened(expectation, path)
    parent["properties"][f"{name}_2"] = parent["properties"].pop(name)
    assert missed(promised(expectation, schema), expectation, path)


@pytest.mark.parametrize(("expectation", "path"), FIELDS)
def test_a_field_of_another_type_is_missed_by_name(expectation, path):
    schema, parent, name = opened(expectation, path)
    parent["properties"][name] = {"type": "object"}
    assert missed(promised(expectation, schema), expectation, path)


@pytest.mark.parametrize(("expectation", "path"), FIELDS)
def test_a_field_that_may_be_empty_or_absent_now_is_missed_by_name(expectation, path):
    schema, parent, name = opened(expectation, path)
    before = parent["properties"][name]
    if "null" not in json.dumps(before):
        parent["properties"][name] = {"anyOf": [before, {"type": "null"}]}
        assert missed(promised(expectation, schema), expectation, path)
    parent["properties"][name] = {key: part for key, part in before.items() if key != "default"}
    parent["required"] = [each for each in parent.get("required", ()) if each != name]
    assert missed(promised(expectation, schema), expectation, path)


@pytest.mark.parametrize(("expectation", "path"), FIELDS)
def test_a_value_that_a_consumer_tells_from_others_and_that_can_come_no_more_is_missed_by_name(expectation, path):
    relied = expectation.adapters[path].json_schema()
    for value in values_named(relied, relied):
        schema, parent, name = opened(expectation, path)
        listed = list(enumerations(parent["properties"][name]))
        for part in listed:
            part["enum"] = [each for each in part["enum"] if each != value]
        complaints = missed(
            promised(expectation, schema) if listed else unsaid(expectation, [], schema), expectation, path
        )
        assert any(repr(value) in complaint for complaint in complaints)


@pytest.mark.parametrize(("expectation", "path"), FIELDS)
def test_an_event_that_does_not_say_a_field_or_says_it_wrongly_is_caught(expectation, path):
    schema, parent, name = opened(expectation, path)
    payload = golden_samples(expectation.wire)[-1].payload
    *way, _ = path.split(".")
    part = payload
    for step in way:
        part = part[step]
    part[name] = {"unheard": "of"}
    assert missed(kept(expectation, payload, schema), expectation, path)
    parent["properties"][name].pop("default", None)
    del part[name]
    assert missed(kept(expectation, payload, schema), expectation, path)


def test_more_fields_and_values_than_a_consumer_knows_break_nobody():
    for _, expectation in EVERY:
        schema = committed_schema(expectation.wire)
        schema["properties"]["more"] = {"type": "string"}
        schema["required"] = [*schema.get("required", ()), "more"]
        assert list(promised(expectation, schema)) == []


def opened(expectation: Expectation, path: str) -> tuple[Json, Json, str]:
    """A copy of the schema that a test may break, with the part that holds the field, and the field's name."""
    schema: Any = deepcopy(committed_schema(expectation.wire))
    *way, name = path.split(".")
    part = schema
    for step in way:
        part = part["properties"][step]
        part = next(each for each in part.get("anyOf", [part]) if each.get("type") != "null")
        part = schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    return schema, part, name


def missed(complaints: Iterable[str], expectation: Expectation, path: str) -> list[str]:
    """Those that name this consumer, field and event."""
    said = f"{expectation.consumer} relies on {path} of {expectation.event}: "
    return [complaint for complaint in complaints if complaint.startswith(said)]


def enumerations(schema: Any) -> Iterator[Json]:
    if isinstance(schema, dict):
        if "enum" in schema:
            yield schema
        for part in schema.values():
            yield from enumerations(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from enumerations(part)
