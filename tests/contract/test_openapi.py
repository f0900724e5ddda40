"""Whatever is asked of a service, in or out of its OpenAPI document: it answers as documented, or refuses with a problem.

Every operation of every service, as deployed, on a real PostgreSQL with things in it. `MOOT_FUZZ_EXAMPLES` (10): how many
requests are invented for an operation; with more than 10 also those at every border of what its schema says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import schemathesis
from hypothesis import strategies
from schemathesis import Case, CheckContext, Config, Response

from deploy.topology import CONTEXTS
from shared.service.problems import MEDIA_TYPE, NAMESPACE
from tests.contract.asking import Caller, named, near
from tests.contract.serving import document_of

USUAL = 10
EXAMPLES = int(os.environ.get("MOOT_FUZZ_EXAMPLES", USUAL))
schemathesis.openapi.format("time-local", strategies.times().map(str))
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "ignored_auth", "missing_required_header", "allow_header_conformance",
    "problems_say_what_and_nothing_of_our_insides",
)  # fmt: skip
CHECKED_OTHERWISE = {"AddressLines", "GazetteerFacts", "SchemePractice"}
"""Values of events, whose numbers their routes and deciders check."""
INSIDE = re.compile(r"Traceback|\.py\b|asyncpg|sqlalchemy|pydantic|SELECT |INSERT |UPDATE |\bpg_|relation \"")
"""What an answer would say of our insides."""
ASIDE = ("If-Match", "X-Position", "X-Reason", "X-Causation-Id", "Idempotency-Key")
"""Headers that would mostly keep a request from getting further."""


@schemathesis.check
def problems_say_what_and_nothing_of_our_insides(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    said = response.content.decode(errors="replace")
    assert not (found := INSIDE.search(said)), f"the answer shows {found and found[0]}"
    if response.status_code >= 400:
        assert response.headers["content-type"] == [MEDIA_TYPE], response.headers["content-type"]
        problem = response.json()
        assert problem["type"].startswith(NAMESPACE)
        assert problem["status"] == response.status_code


def documented(context: str) -> Any:
    """The service's OpenAPI document; `parametrize` makes one test of each operation."""
    config = Config.from_dict({
        "seed": 1,
        "generation": {"max-examples": EXAMPLES, "no-shrink": True, "mode": "all"},
        "phases": {"stateful": {"enabled": False}, "coverage": {"enabled": EXAMPLES > USUAL}},
        "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
    })  # fmt: skip
    return schemathesis.openapi.from_dict(document_of(context), config=config)


@documented("registration").parametrize()
def test_registration_answers_every_request_as_documented_or_refuses_it(case, registration):
    ask(case, registration)


@documented("elections").parametrize()
def test_elections_answer_every_request_as_documented_or_refuse_it(case, elections):
    ask(case, elections)


@documented("committees").parametrize()
def test_committees_answer_every_request_as_documented_or_refuse_it(case, committees):
    ask(case, committees)


@documented("finance").parametrize()
def test_finance_answers_every_request_as_documented_or_refuses_it(case, finance):
    ask(case, finance)


@documented("notifications").parametrize()
def test_notifications_answer_every_request_as_documented_or_refuse_it(case, notifications):
    ask(case, notifications)


def ask(case: Case[Any], caller: Caller) -> None:
    headers = shaped(case, caller)
    case.call_and_validate(base_url=caller.running.url, headers=headers, session=caller.session)


def shaped(case: Case[Any], caller: Caller) -> dict[str, str]:
    """Bring most requests near to what makes sense, so that they get further than the first check. Answers the headers."""
    chance = Random(repr((case.operation.label, case.path_parameters, case.query, case.body)))  # the same when replayed
    headers = caller.headers(chance.choice(("first", "second")))
    if chance.random() < 0.2:
        return headers
    for name in ASIDE:
        case.headers.pop(name, None)
    case.query.pop("cursor", None)
    for name in case.path_parameters:
        if (known := name.removesuffix("_id")) in caller.known:
            case.path_parameters[name] = caller.known[known]
    sensible = caller.sensible.get((case.method, named(case.path)))
    if isinstance(sensible, dict) and isinstance(case.body, dict):
        case.body = near(sensible, case.body, chance)
    return headers


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_number_asked_for_has_a_least_and_a_most(context):
    """A number that no column holds would be stored as an event, and then stop every view that reads it."""
    document = document_of(context)
    asked = [
        part
        for operations in document["paths"].values()
        for operation in operations.values()
        for part in (operation.get("parameters", []), operation.get("requestBody", {}))
    ]
    unbounded = sorted(name for name, schema in integers(asked, document) if not ends(schema))
    assert [name for name in unbounded if name.partition(".")[0] not in CHECKED_OTHERWISE] == []


def integers(node: Any, document: Any, name: str = "", seen: set[str] | None = None) -> Iterator[tuple[str, Any]]:
    """Every integer below a part of the document, by the model that holds it."""
    seen = set() if seen is None else seen
    if isinstance(node, list):
        for part in node:
            yield from integers(part, document, name, seen)
    elif isinstance(node, dict):
        if node.get("type") == "integer":
            yield name, node
        if (model := node.get("$ref", "").rpartition("/")[2]) and model not in seen:
            seen.add(model)
            yield from integers(document["components"]["schemas"][model], document, model, seen)
        for key, part in node.items():
            yield from integers(part, document, f"{name}.{key}" if key not in _INNER else name, seen)


_INNER = {"properties", "anyOf", "items", "schema", "content"}


def ends(schema: Any) -> bool:
    least, most = {"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"}
    return bool("enum" in schema or "const" in schema or (least & schema.keys() and most & schema.keys()))
