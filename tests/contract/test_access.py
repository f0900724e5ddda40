"""Every operation of every service tells the unknown to sign in, and shows nothing to whom it is not for."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.topology import CONTEXTS
from shared.service.auth import ROLES
from shared.service.tests.provider import COUNCIL, OTHER_COUNCIL
from tests.contract.asking import Caller, named
from tests.contract.serving import document_of

ANYTHING = "00000000-0000-4000-8000-000000000001"
GUARDED = [
    pytest.param(context, method.upper(), path, operation, id=f"{context} {method.upper()} {path}")
    for context in CONTEXTS
    for path, operations in document_of(context)["paths"].items()
    for method, operation in operations.items()
    if "security" in operation
]


@pytest.mark.parametrize(("context", "method", "path", "operation"), GUARDED)
def test_who_may_not_ask_learns_nothing(request, context, method, path, operation):
    caller: Caller = request.getfixturevalue(context)
    idp = caller.running.idp
    (named_roles,) = (guard["officer"] for guard in operation["security"])
    strangers = sorted(ROLES - set(named_roles))
    place = named(path).format_map(Known(caller.known))

    def status(headers: dict[str, str]) -> int:
        given = {"Idempotency-Key": ANYTHING, **headers}
        body = caller.sensible.get((method, named(path)))
        answer = caller.session.request(method, caller.running.url + place, json=body, headers=given, timeout=10)
        assert ANYTHING not in answer.text
        return answer.status_code

    assert status({}) == 401
    assert status({"Authorization": "Bearer not.a.token"}) == 401
    assert status(idp.bearer(roles=named_roles, exp=1)) == 401
    assert status(idp.bearer(roles=strangers)) == 404
    assert status(idp.bearer(roles=[])) == 404
    if "x-authority" in {parameter["name"] for parameter in operation.get("parameters", ())}:
        assert status(idp.bearer(roles=named_roles, authorities=[OTHER_COUNCIL]) | {"X-Authority": COUNCIL}) == 404


class Known(dict[str, Any]):
    """Ids that exist, and something else where none is known."""

    def __missing__(self, name: str) -> str:
        return ANYTHING


OF_ONE = [
    pytest.param(context, path, id=f"{context} GET {path}")
    for context, method, path, _ in (guarded.values for guarded in GUARDED)
    if method == "GET" and "{" in str(path)
]


@pytest.mark.parametrize(("context", "path"), OF_ONE)
def test_what_one_council_reads_is_not_there_for_another(request, context, path):
    caller: Caller = request.getfixturevalue(context)
    place = caller.running.url + named(path).format_map(Known(caller.known))
    own = caller.session.get(place, headers=caller.headers(), timeout=10)
    if own.status_code != 200 or ANYTHING in place:
        pytest.skip("nothing is known that stands at this path")
    elsewhere = caller.running.officer(authorities=[OTHER_COUNCIL])
    other = caller.session.get(place, headers=elsewhere, timeout=10)
    assert other.status_code == 404 or other.json() in ([], {"items": [], "next": None}), other.text
