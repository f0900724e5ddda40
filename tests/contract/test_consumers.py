"""Each consumer of another context's events does with them what it says, and no consumer says nothing."""

from __future__ import annotations

import pytest

from deploy.topology import CONTEXTS
from shared.eventcore.testing.core import event_core
from shared.events.definition import REGISTRY
from tests.contract.expectation import CONTRACTS, Json
from tests.contract.listening import Listener, foreign, service_of


@pytest.mark.parametrize("contract", CONTRACTS, ids=str)
async def test_a_consumer_does_with_each_example_what_it_says_and_reads_the_fields_it_names(database, contract):
    service = service_of(contract.consumer)
    async with event_core(database, contract.consumer, REGISTRY) as core:
        await core.set_up_views(*service.views)
        listener = Listener(service, core, contract.provider)
        for expectation in contract.expectations:
            read: set[str] = set()
            for example in expectation.examples:
                fields, recorded = await listener.hears(expectation, example)
                read |= fields
                assert said(recorded, example.records) == list(example.records), str(expectation)
                for table, rows in example.leaves.items():
                    columns = rows[0] if rows else {"1": 1}
                    assert await listener.table(expectation, table, columns) == list(rows), str(expectation)
            assert read == set(expectation.relies_on), f"{expectation} reads other fields than it relies on"


def said(recorded: list[tuple[str, Json]], expected: list[tuple[str, Json]]) -> list[tuple[str, Json]]:
    """What was recorded, in the fields that were expected of each event."""
    wanted = [fields for _, fields in expected] + [{}] * len(recorded)
    return [
        (name, {field: _asked_for(payload.get(field), value) for field, value in fields.items()})
        for (name, payload), fields in zip(recorded, wanted, strict=False)
    ]


def _asked_for(value: object, expected: object) -> object:
    """Of an object only what was expected to be in it."""
    if isinstance(value, dict) and isinstance(expected, dict) and value.keys() > expected.keys():
        return {name: value[name] for name in expected}
    return value


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_event_that_a_service_reads_of_another_is_expected_and_nothing_else(context):
    expected = {
        (expectation.consumer, expectation.wire)
        for contract in CONTRACTS
        if contract.consumer == context
        for expectation in contract.expectations
    }
    read = foreign(service_of(context))
    assert not read - expected, f"add to tests/contract/{context}_expects_<provider>.py: {sorted(read - expected)}"
    assert not expected - read, f"nobody reads these any more: {sorted(expected - read)}"


@pytest.mark.parametrize("contract", CONTRACTS, ids=str)
def test_an_expectation_stands_in_the_contract_with_its_provider(contract):
    assert {expectation.event.partition(".")[0] for expectation in contract.expectations} == {contract.provider}
