"""The contract that binds deciders, shown on a graph of three lines."""

from __future__ import annotations

import pytest
from grimp import ImportGraph

from tests.architecture.allowed_imports import AllowedImports


def kept(importer: str, imported: str) -> bool:
    graph = ImportGraph()
    graph.add_module(importer)
    graph.add_module(imported, is_squashed="." not in imported)
    graph.add_import(importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}")
    contract = AllowedImports(
        "pure",
        session_options={},
        contract_options={
            "source_modules": ["services.**.decider"],
            "allowed_modules": ["shared.law"],
            "forbidden_stdlib": ["time"],
        },
    )
    return contract.check(graph, verbose=False).kept


DECIDER = "services.registration.electors.decider"


@pytest.mark.parametrize("imported", ["dataclasses", "datetime", "shared.law.working_days"])
def test_a_decider_may_import_the_standard_library_and_the_law(imported: str):
    assert kept(DECIDER, imported)


@pytest.mark.parametrize("imported", ["time", "asyncpg", "shared.service.app", "shared.lawless"])
def test_a_decider_may_not_import_clocks_frameworks_or_neighbours(imported: str):
    assert not kept(DECIDER, imported)


def test_a_route_is_not_bound():
    assert kept("services.registration.electors.api", "fastapi")
