"""What an officer must not see, asked for at the desk of a running system: by page, by id, by search, by file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from desk.main import ROOMS
from shared.eventcore.clock import london_date, system_clock
from shared.service.dev_issuer import STAFF
from tests.browser.people import settled
from tests.browser.system import System

Visitor = Callable[[str], httpx.Client]
"""`visitor("member")`: a browser without pictures, signed in at the desk with that role."""
ASKED_OF_NOBODY = {"/search"}
"""Without a question it asks no service, and says nothing."""
ALSO_READ = {
    "/districts": {"elections-officer", "ro-deputy"},
    "/print-jobs": {"auditor", "reporting"},
}
"""Pages outside somebody's work that the service lets them read."""
NAMED, SECOND = "anonymous-officer", "second-anonymous-officer"


@pytest.fixture(scope="module")
def visitor(system: System) -> Iterator[Visitor]:
    with ExitStack() as opened:
        known: dict[str, httpx.Client] = {}

        def sign_in(user: str) -> httpx.Client:
            if user not in known:
                browser = opened.enter_context(httpx.Client(base_url=system.desk, timeout=30))
                provider = httpx.URL(browser.get("/sign-in").headers["location"])
                browser.get(browser.get(provider.copy_merge_params({"user": user})).headers["location"])
                known[user] = browser
            return known[user]

        yield sign_in


@pytest.mark.parametrize(
    "user",
    [
        "auditor",
        "canvasser",
        "elections-officer",
        "finance-clerk",
        "group-support",
        "operator",
        "registration-officer",
        "reporting",
    ],
)
def test_a_page_opens_to_whom_it_is_for_and_reads_as_not_there_to_others(visitor: Visitor, user: str):
    roles = {role.partition(":")[0] for role in STAFF[user].roles}
    for room in ROOMS:
        for path in {link.path for link in room.links} - ASKED_OF_NOBODY:
            wanted = 200 if room.open_to(frozenset(roles)) or roles & ALSO_READ.get(path, set()) else 404
            assert visitor(user).get(path).status_code == wanted, (user, path)


@pytest.fixture(scope="module")
def records(system: System) -> dict[str, str]:
    """The page of one record of each kind that exists, by whose wall it stands behind."""
    entry = next(settled(system))["elector_id"]
    elector = system.ask("registration", f"/electors/{entry}")
    meeting = _meeting(system)
    asked = {"channel": "email", "received_on": "2026-11-20", "enquirer": "E. Q.", "contact": "", "summary": "A wall"}
    enquiry = system.tell("notifications", "/enquiries", asked, "correspondence")["stream_id"]
    return {
        f"/electors/{entry}": "register", f"/applications/{elector['application_id']}": "register",
        f"/electors/{entry}/absent-votes": "register", f"/electors/{entry}/timeline.csv": "register",
        f"/properties/{elector['property_id']}": "register",
        f"/calendar/{meeting}": "committees",
        f"/post/{enquiry}": "letters",
        "/allowances/2026/5": "finance", "/allowances/2026/budget.csv": "finance",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("user", "inside"),
    [("registration-officer", {"register", "letters"}), ("group-support", {"committees"}), ("member", {"committees"}),
     ("dem-services", {"committees"}), ("finance-clerk", {"finance"}), ("correspondence", {"letters"}), ("operator", set()),
     ("canvasser", set()), ("station", set())],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_record_behind_a_wall_reads_like_one_that_is_not_there(
    visitor: Visitor, records: dict[str, str], user: str, inside: set[str]
):
    for path, wall in records.items():
        if wall in inside:
            continue
        there = visitor(user).get(path)
        nowhere = visitor(user).get(re.sub(r"[0-9a-f-]{36}", lambda _: str(uuid4()), path))
        assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text), (user, path)
        assert there.status_code == 404, (user, path)


def test_who_works_without_the_register_finds_nobody_by_name(visitor: Visitor, system: System):
    name = next(settled(system))["name"].partition(",")[0]
    assert name in visitor("registration-officer").get("/search", params={"q": name}).text
    for user in ("member", "group-support", "dem-services", "finance-clerk", "correspondence", "operator"):
        found, nothing = (visitor(user).get("/search", params={"q": q}) for q in (name, "Nobodysname"))
        assert (found.status_code, found.text) == (nothing.status_code, nothing.text) == (404, found.text)


def test_nobody_at_the_desk_finds_who_an_anonymous_elector_is_or_where(visitor: Visitor, system: System):
    entry = next(settled(system))
    home = system.ask("registration", f"/electors/{entry['elector_id']}")["property_id"]
    for _ in range(5):  # other tests change totals meanwhile; an entry that told of itself would tell every time
        word = f"Quill{uuid4().hex[:8]}"
        pages = ("/search?q=" + word, "/search?q=" + word[:6], f"/properties/{home}", "/districts/map.csv")
        before = {path: visitor("ero-deputy").get(path).text for path in pages}
        case = _anonymous(system, word, home)
        after = {path: visitor("ero-deputy").get(path).text for path in pages}
        if after == before:
            break
    assert after == before
    for user, path in _addresses(case, home):
        said = visitor(user).get(path).text
        assert word not in said, (user, path)
        assert case not in said.replace(path, ""), (user, path)


def _addresses(case: str, home: str) -> Iterator[tuple[str, str]]:
    """Every page of the desk that a GET opens, with the case and the home in place of its record; and somebody whom it is for."""
    place = re.compile(r"{(elector|application|property|key|person|supply)}")
    for room in ROOMS:
        user = "ero-deputy" if "ero-deputy" in room.roles else min(room.roles)
        paths = {str(route.path) for route in iter_route_contexts(room.router.routes) if "GET" in (route.methods or ())}
        filled = {place.sub(record, path) for path in paths for record in (case, home)}
        yield from ((user, path) for path in sorted(filled) if "{" not in path)


def _anonymous(system: System, word: str, home: str) -> str:
    """Somebody of that surname is entered anonymously at a home by two named officers: their case."""
    reference, place = f"P-{uuid4().hex[:10]}", system.ask("registration", f"/properties/{home}")
    entered = {
        "channel": "paper", "reference": reference, "anonymous": True, "date_of_birth": "1979-04-17", "nationalities": "GB",
        "name": {"first": "Zephyrine", "last": word}, "address": place["address"], "no_nino": "Never had one",
    }  # fmt: skip
    case = system.tell("registration", "/applications/entered", entered)["stream_id"]
    today = london_date(system_clock())
    order = {"kind": "restraining-order", "made_on": str(today - timedelta(days=30)), "detail": word}
    for user, what, body in (
        (NAMED, "home", {"property_id": home}), (NAMED, "identity", {"route": "documents"}), (NAMED, "evidence", order),
        (NAMED, "proposal", {}), (SECOND, "grant", {}),
    ):  # fmt: skip
        system.tell("registration", f"/anonymous/cases/{case}/{what}", body, user)
    return str(case)


def _meeting(system: System) -> str:
    """Of a body of its own."""
    today = london_date(system_clock())
    body = {"title": f"Wall Committee {uuid4().hex[:6]}", "kind": "ordinary", "seats": 5, "created_on": str(today)}
    committee = system.tell("committees", "/committees", body, "dem-services")["stream_id"]
    day = today + timedelta(days=80)
    while day.weekday() != 2:
        day += timedelta(days=1)
    called = {"committee_id": committee, "day": str(day), "starts": "10:00", "ends": "12:00"}
    return str(system.tell("committees", "/meetings", called, "dem-services")["stream_id"])
