"""Every operation of every service tells the unknown to sign in, and shows nothing to whom it is not for."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from deploy.topology import CONTEXTS
from shared.service.auth import ROLES
from shared.service.tests.provider import COUNCIL, OTHER_COUNCIL
from tests.contract.asking import Caller, named
from tests.contract.diaries import APPLICANT
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
WORDS = {
    "registration": {
        "kind": "postal-voters", "batch": "CF-1", "publish_on": "2026-12-01", "sort": "entries",
        "figure": "applications-received", "person": APPLICANT,
    },
    "elections": {"notice": "notice-of-election"},
    "notifications": {"correspondent": APPLICANT},
    "finance": {"year": "2026", "month": "2", "account": "2900"},
}  # fmt: skip
"""What a path names that is no id of a record: kinds, years, batches by their names."""
ASKED_WITH = {"/absent-voter-lists/": "?poll=local&polling_day=2026-05-07", "/renewal-campaigns/": "?figure=due"}
"""What an operation must be told besides, by how its path begins."""
NOTHING_STANDS = {
    "registration GET /portal/decisions/{decision}": "decisions come from the ERO Portal alone",
    "registration GET /gazetteer/imports/{run}": "begins with a file, not with JSON",
    "registration GET /gazetteer/imports/{run}/refusals.csv": "begins with a file, not with JSON",
    "registration GET /gazetteer/previews/{run}/changes": "begins with a file, not with JSON",
    "registration GET /canvasses/{year}/batches/{batch}": "a batch is contacted in the background (canvass/tests)",
    "registration GET /absent-voter-lists/{kind}.pdf": "two lists of nobody are the same paper (the rows are compared as CSV)",
    "registration GET /correspondents/proxy/{elector_id}/{proxy_id}": "nobody votes by proxy here (tests/test_correspondents)",
    "registration GET /renumberings/{publish_on}": "numbers are given in the background (renumbering/tests)",
    "registration GET /electors/{elector}/identifiers": "begins with a scanned image",
    "registration GET /electors/{elector}/proxy/identifiers": "begins with a scanned image",
    "registration GET /signature-checks/{person}": "begins with a scanned image",
    "registration GET /signature-checks/{person}/images/{image}": "begins with a scanned image",
    "registration GET /anonymous/cases/{case}": "the closed store has its own attacks (anonymous/tests)",
    "registration GET /anonymous/cases/{case}/certificate": "the closed store has its own attacks (anonymous/tests)",
    "registration GET /anonymous/cases/{case}/identifiers": "the closed store has its own attacks (anonymous/tests)",
    "registration GET /anonymous/cases/{case}/proxy/identifiers": "the closed store has its own attacks (anonymous/tests)",
    "registration GET /data-protection/requests/{case}/pack": "a pack is made once identity is proved (data_protection/tests)",
    "registration GET /data-protection/requests/{case}/pack/{form}": "a pack is made once identity is proved",
    "committees GET /agendas/{meeting_id}/{number}/restricted.{form}": "an agenda is published first (committees/tests)",
    "notifications GET /print-jobs/{job_id}": "a job is made by the role that sends",
    "notifications GET /print-batches/{batch}": "a batch is made by the role that sends",
    "notifications GET /enquiries/{enquiry}/scan": "begins with a scanned image",
}
"""Why there is no record to try another council with."""
WHY = {"X-Reason": "a test of access"}
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize(("context", "path"), OF_ONE)
def test_what_one_council_reads_is_not_there_for_another(request, context, path):
    if why := NOTHING_STANDS.get(f"{context} GET {path}"):
        pytest.skip(why)
    caller: Caller = request.getfixturevalue(context)
    place = named(path).format_map(
        Known(WORDS.get(context, {}) | caller.known | {"key": caller.known.get("property", "")})
    )
    place += next((query for begins, query in ASKED_WITH.items() if place.startswith(begins)), "")
    own = caller.session.get(caller.running.url + place, headers=caller.headers() | WHY, timeout=10)
    assert own.status_code == 200, f"nothing is known that stands at {place}: {own.text}"
    elsewhere = caller.running.officer(authorities=[OTHER_COUNCIL])
    other = caller.session.get(caller.running.url + place, headers=elsewhere | WHY, timeout=10)
    assert other.status_code == 404 or not told(own, other), other.text


def told(own: requests.Response, other: requests.Response) -> set[str]:
    """What of one council's answer stands in the other's too: ids and names, or lines of a file below its header. A year or
    a kind belongs to every council, which sees its own, empty here."""
    if other.status_code not in (200, 409):  # 409: a refusal about a council that has nothing of the kind
        return {f"status {other.status_code}"}
    if own.headers["content-type"] == "application/pdf":
        return {"the same paper"} if own.content == other.content else set()
    names = {word for word in ("Ada", "Marsh", "Fern", "Birch", "Gorse", APPLICANT) if word in own.text}
    shared = {each for each in names | set(IDS.findall(own.text)) if each in other.text}
    if own.headers["content-type"].startswith("text/csv"):
        shared |= set(own.text.splitlines()[1:]) & set(other.text.splitlines()[1:])
    return shared
