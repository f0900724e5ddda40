"""What every service's HTTP side does, whatever its routes say. A real provider signs; nothing is mocked."""

from __future__ import annotations

import io
import uuid
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import httpx
import orjson
import pytest
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from shared.eventcore.errors import NotFound, StoreUnavailable, VersionConflict
from shared.eventcore.recording import Receipt
from shared.law.dated import NoLawOn
from shared.law.rules import Refused, Rule
from shared.law.working_days import HolidaysUnknown, Nation
from shared.service import logs, telemetry
from shared.service.app import accepts_up_to, create_app
from shared.service.auth import Authority, UnguardedRoute, public, requires
from shared.service.http import ExpectedVersion, IdempotencyKey, Reason, caught_up, stamp
from shared.service.paging import Page, Paged
from shared.service.problems import ANSWERED, problem_of, refusals
from shared.service.tests.provider import COUNCIL, OTHER_COUNCIL, Provider, client_of, provider, serving, settings_for

LISTED = Rule(
    "not-yet-listed", "The application has not been listed for five working days.", "RPR 2001 reg. 29(4)", "Wait."
)
BIRTHDAY = Rule("born-in-the-future", "Nobody is born in the future.", "RPA 1983 s. 10ZC", invalid=True)
ID = uuid.UUID("11111111-2222-3333-4444-555555555555")


class Person(BaseModel):
    name: str
    age: int
    id: uuid.UUID | None = None


@dataclass
class Row:
    name: str


NAMES = [f"Surname{n:03}" for n in range(120)]


def routes() -> APIRouter:
    router = APIRouter(dependencies=[requires("registration-officer", "ero-deputy")])

    @router.post("/people", responses=refusals("not-yet-listed", invalid=["born-in-the-future"]))
    async def add(
        body: Person, key: IdempotencyKey, expected: ExpectedVersion, reason: Reason, response: Response
    ) -> Receipt:
        match body.name:
            case "early":
                raise Refused(LISTED, "Listed on 3 March; it may be determined from 10 March.")
            case "unborn":
                raise Refused(BIRTHDAY)
            case "moved":
                raise VersionConflict(ID, expected or 0, 9)
            case "outage":
                raise StoreUnavailable()
            case "refused-connection":
                raise ConnectionRefusedError("10.0.0.1")
            case "absent":
                raise NotFound
            case "medieval":
                raise NoLawOn("age of majority", date(1215, 6, 15))
            case "far ahead":
                raise HolidaysUnknown(2150, [Nation.ENGLAND_AND_WALES])
            case "bug":
                raise RuntimeError(f"secret {body.name}")
        return stamp(response, Receipt(ID, 3, 12, 3456))

    @router.get("/people")
    async def people(paged: Paged, q: str = "") -> Page[str]:
        after = paged.after[0] if paged.after else ""
        rows = [Row(name) for name in NAMES if name > after][: paged.limit + 1]
        page = paged.page(rows, lambda row: [row.name])
        return Page(items=[row.name for row in page.items], next=page.next)

    @router.get("/council")
    async def council(authority: Authority) -> str:
        return authority

    @router.get("/opening")
    async def opening() -> time:
        return time(9, 30)

    @router.get("/people/{person_id}", dependencies=[caught_up("people")])
    async def person(person_id: uuid.UUID, q: Annotated[str, Query()] = "") -> str:
        return str(person_id)

    @router.post("/imports")
    @accepts_up_to(3 * 1024 * 1024)
    async def upload(request: Request) -> int:
        return sum([len(chunk) async for chunk in request.stream()])

    @router.post("/streams")
    async def stream(request: Request) -> int:
        return sum([len(chunk) async for chunk in request.stream()])

    return router


@pytest.fixture(scope="module")
async def idp():
    async with provider() as it:
        yield it


@pytest.fixture(scope="module")
def app(idp, tmp_path_factory):
    app = create_app("People", [routes()], settings_for(idp.issuer, tmp_path_factory.mktemp("keys")))

    async def wait_for(view: str, token: str, timeout: float) -> bool:
        return int(token.split(":")[1]) <= 100

    app.state.wait_for = wait_for
    return app


@pytest.fixture(scope="module")
async def client(app, idp):
    async with client_of(app) as it:
        it.headers.update(idp.bearer())
        yield it


def command(**more: str | bytes) -> dict[str, Any]:
    return {"Idempotency-Key": str(uuid.uuid4()), **more}


async def add(client: httpx.AsyncClient, name: str, **headers: str | bytes) -> httpx.Response:
    given = {name: value for name, value in command(**headers).items()}
    return await client.post("/people", json={"name": name, "age": 1}, headers=given)


# who may ask


async def test_nobody_asks_without_a_token(client):
    answer = await client.get("/council", headers={"Authorization": ""})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"] == "urn:moothall:problem:not-signed-in"


async def test_a_role_that_the_route_does_not_name_finds_nothing(client, idp):
    denied = await client.get("/council", headers=idp.bearer(roles=["canvasser"]))
    unknown = await client.get("/no/such/thing")
    assert denied.status_code == unknown.status_code == 404
    assert denied.json() | {"correlation_id": ""} == unknown.json() | {"correlation_id": ""}


async def test_another_councils_id_finds_nothing(client):
    answer = await client.get("/council", headers={"X-Authority": OTHER_COUNCIL})
    assert answer.status_code == 404


async def test_the_only_authority_of_a_token_is_meant_when_none_is_named(client):
    assert (await client.get("/council")).json() == COUNCIL


async def test_a_token_for_two_councils_must_say_which(client, idp):
    both = idp.bearer(authorities=[COUNCIL, OTHER_COUNCIL])
    assert (await client.get("/council", headers=both)).json()["errors"][0]["field"] == "X-Authority"
    assert (await client.get("/council", headers={**both, "X-Authority": OTHER_COUNCIL})).json() == OTHER_COUNCIL


async def test_a_token_without_authority_finds_nothing(client, idp):
    assert (await client.get("/council", headers=idp.bearer(authorities=[]))).status_code == 404


def test_an_app_with_a_route_that_names_no_role_does_not_start(idp: Provider, tmp_path: Path) -> None:
    router = APIRouter()

    @router.get("/open")
    async def forgotten() -> str:
        return "all of it"

    with pytest.raises(UnguardedRoute, match="GET /open"):
        create_app("Leak", [router], settings_for(idp.issuer, tmp_path))


def test_an_app_with_a_route_that_is_public_on_purpose_starts(idp: Provider, tmp_path: Path) -> None:
    router = APIRouter()

    @router.get("/open")
    @public
    async def open_to_all() -> str:
        return "the date of the poll"

    create_app("Open", [router], settings_for(idp.issuer, tmp_path))


def test_a_role_that_does_not_exist_cannot_be_required():
    with pytest.raises(TypeError, match="administrator"):
        requires("administrator")


# problems


async def test_a_broken_rule_names_itself_its_source_and_the_next_step(client):
    answer = await add(client, "early")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem.pop("correlation_id") == answer.headers["x-correlation-id"]
    assert problem == {
        "type": "urn:moothall:problem:not-yet-listed",
        "title": LISTED.because,
        "status": 409,
        "detail": "Listed on 3 March; it may be determined from 10 March.",
        "source": "RPR 2001 reg. 29(4)",
        "next": "Wait.",
    }


async def test_a_command_that_can_never_be_right_is_422(client):
    answer = await add(client, "unborn")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:moothall:problem:born-in-the-future")


@pytest.mark.parametrize(("name", "says"), [("medieval", "age of majority"), ("far ahead", "bank holidays")])
async def test_a_day_that_the_law_tables_do_not_cover_is_the_requests_fault(client, name, says):
    answer = await add(client, name)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:moothall:problem:law-of-that-day-unknown")
    assert says in answer.json()["detail"]


async def test_a_lost_update_is_412_with_if_match_and_409_without(client):
    assert (await add(client, "moved", **{"If-Match": '"3"'})).status_code == 412
    assert (await add(client, "moved")).status_code == 409


@pytest.mark.parametrize("name", ["outage", "refused-connection"])
async def test_a_lost_store_says_when_to_come_back(client, name):
    answer = await add(client, name)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_what_is_absent_is_not_found(client):
    assert (await add(client, "absent")).json()["type"] == "urn:moothall:problem:not-found"


async def test_a_wrong_field_is_named_with_its_rule_and_without_its_value(client):
    answer = await client.post(
        "/people", json={"name": ["QQ123456C"], "age": "Marmaduke", "id": "Zebedee-1"}, headers=command()
    )
    assert answer.status_code == 422
    assert {(error["field"], error["rule"]) for error in answer.json()["errors"]} == {
        ("body.name", "string-type"), ("body.age", "int-parsing"), ("body.id", "uuid-parsing"),
    }  # fmt: skip
    assert not any(value in answer.text for value in ("QQ123456C", "Marmaduke", "Zebedee", "`Z`"))


async def test_broken_json_is_a_problem_too(client):
    answer = await client.post(
        "/people", content='{"name": "Marma', headers=command(**{"Content-Type": "application/json"})
    )
    assert answer.status_code == 422
    assert "Marma" not in answer.text


async def test_a_wrong_method_is_a_problem_too(client):
    answer = await client.delete("/council")
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")


async def test_a_wrong_method_is_told_every_right_one(client):
    assert (await client.put("/people")).headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/people", {"name": "A\0da", "age": 1}, "body.name"),
        ("/people", {"name": "Ada", "age": 1, "more": [{"deep": "\0"}]}, "body.more.0.deep"),
        ("/people?q=%00", {"name": "Ada", "age": 1}, "q"),
    ],
)
async def test_no_text_holds_a_character_that_no_view_could_keep(client, path, body, field):
    answer = await client.post(path, json=body, headers=command())
    assert answer.status_code == 422
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [(field, "nul-character")]


@pytest.mark.parametrize(
    ("more", "status"), [(2**63, 422), ([{"deep": -(2**63) - 1}], 422), (2**63 - 1, 200), ("9" * 40, 200)]
)
async def test_no_number_is_too_great_for_any_column(client, more, status):
    answer = await client.post("/people", json={"name": "Ada", "age": 1, "more": more}, headers=command())
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"][0]["rule"] == "number-too-great"


async def test_that_character_is_found_however_the_kind_of_body_is_written(client):
    said = '{"name": "A\\u0000da", "age": 1}'
    answer = await client.post("/people", content=said, headers=command(**{"Content-Type": "Application/JSON"}))
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "nul-character")


async def test_a_text_that_only_speaks_of_that_character_is_taken(client):
    assert (await add(client, r"\u0000")).status_code == 200


async def test_a_bug_shows_no_trace_and_can_be_found_by_its_correlation_id(client):
    answer = await add(client, "bug", **{"X-Correlation-Id": "find-me"})
    assert answer.status_code == 500
    assert answer.json()["correlation_id"] == "find-me"
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text


# commands and reads


async def test_an_answer_to_a_command_says_where_it_stands(client):
    answer = await add(client, "fine")
    assert (answer.headers["etag"], answer.headers["x-position"]) == ('"3"', "12:3456")


async def test_a_command_without_idempotency_key_is_refused(client):
    answer = await client.post("/people", json={"name": "x", "age": 1})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:moothall:problem:idempotency-key-required")


@pytest.mark.parametrize("key", ["", "two words", "x" * 129, "smörgås".encode()])
async def test_an_idempotency_key_is_short_and_visible(client, key):
    assert (await add(client, "x", **{"Idempotency-Key": key})).status_code == 422


@pytest.mark.parametrize("tag", ["7", '"seven"', '"7", "8"', '"-1"'])
async def test_if_match_is_an_etag_as_it_was_given(client, tag):
    assert (await add(client, "x", **{"If-Match": tag})).json()["errors"][0]["field"] == "If-Match"


async def test_a_read_of_ones_own_write_says_when_it_is_stale(client):
    fresh = await client.get(f"/people/{ID}", headers={"X-Position": "3:100"})
    stale = await client.get(f"/people/{ID}", headers={"X-Position": "3:101"})
    assert "x-stale" not in fresh.headers
    assert stale.headers["x-stale"] == "true"
    assert stale.status_code == 200


@pytest.mark.parametrize("token", ["x", "64:1", "1:-1", "1;1", ""])
async def test_a_position_we_never_gave_is_refused(client, token):
    assert (await client.get(f"/people/{ID}", headers={"X-Position": token})).status_code == 422


# lists


async def test_who_is_not_signed_in_learns_nothing_of_what_else_is_wrong(client):
    answer = await client.get(f"/people/{ID}", headers={"Authorization": "", "X-Position": "nonsense"})
    assert answer.status_code == 401


async def test_pages_give_every_row_once_and_in_order(client):
    seen, cursor = [], None
    while True:
        page = (await client.get("/people", params={"limit": 50, **({"cursor": cursor} if cursor else {})})).json()
        seen += page["items"]
        if (cursor := page["next"]) is None:
            break
    assert seen == NAMES


async def test_a_cursor_shows_nothing_of_the_row_it_stands_at(client):
    cursor = (await client.get("/people")).json()["next"]
    assert b"Surname" not in urlsafe_b64decode(cursor + "==")


async def test_a_changed_cursor_is_refused(client):
    cursor = (await client.get("/people")).json()["next"]
    for tampered in (("B" if cursor[0] == "A" else "A") + cursor[1:], cursor[:-4], "x", "é", "A" * 40):
        assert (await client.get("/people", params={"cursor": tampered})).status_code == 422


async def test_a_cursor_of_another_filter_or_council_is_refused(client, idp):
    cursor = (await client.get("/people")).json()["next"]
    assert (await client.get("/people", params={"cursor": cursor, "q": "x"})).status_code == 422
    elsewhere = idp.bearer(authorities=[OTHER_COUNCIL])
    assert (await client.get("/people", params={"cursor": cursor}, headers=elsewhere)).status_code == 422


@pytest.mark.parametrize("limit", [0, 501, -1, "all"])
async def test_a_page_has_1_to_500_rows(client, limit):
    assert (await client.get("/people", params={"limit": limit})).status_code == 422


# limits and headers


@pytest.mark.parametrize("announced", [True, False])
async def test_a_caller_who_sends_far_too_much_still_hears_why(idp, tmp_path, announced):
    """Closing at once would make the kernel drop the answer before the caller has read it."""

    async def much():
        for _ in range(100):
            yield b"x" * 1_000_000

    length = {"Content-Length": str(100 * 1_000_000)} if announced else {}
    app = create_app("People", [routes()], settings_for(idp.issuer, tmp_path))
    async with serving(app) as address, httpx.AsyncClient(base_url=address, headers=idp.bearer()) as client:
        answer = await client.post("/streams", content=much(), headers=length)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:moothall:problem:too-large")


@pytest.mark.parametrize("path", ["/streams", "/people"])
async def test_a_body_that_turns_out_too_large_is_refused_on_the_way(client, path):
    async def chunks():
        for _ in range(20):
            yield b"x" * 100_000

    headers = command(**{"Content-Type": "application/json"})
    answer = await client.post(path, content=chunks(), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:moothall:problem:too-large")


async def test_an_upload_route_takes_what_it_says(client):
    assert (await client.post("/imports", content=b"x" * 2_000_000)).json() == 2_000_000
    assert (await client.post("/imports", content=b"x" * 4_000_000)).status_code == 413


async def test_a_compressed_body_is_refused(client):
    answer = await client.post("/streams", content=b"x", headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415


async def test_answers_are_not_cached_framed_or_sniffed(client):
    headers = (await client.get("/council")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_a_correlation_id_is_taken_over_when_it_is_harmless_in_a_log(client):
    assert (await client.get("/council", headers={"X-Correlation-Id": "desk-42"})).headers[
        "x-correlation-id"
    ] == "desk-42"
    for forged in ('x" level="error', "x" * 65, ""):
        answer = await client.get("/council", headers={"X-Correlation-Id": forged})
        assert len(answer.headers["x-correlation-id"]) == 32


# what operators see


async def test_the_log_of_a_request_holds_no_personal_data(client):
    out = io.StringIO()
    telemetry.configure("registration", "api", None)
    logs.configure("debug", context="registration", role="api", stream=out)
    await client.get(f"/people/{ID}", params={"q": "Marmaduke Smith"})
    await add(client, "Marmaduke Smith")
    await add(client, "bug")
    await client.get("/Marmaduke/QQ123456C")
    lines = [orjson.loads(line) for line in out.getvalue().splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["route"], line["status"]) for line in requests] == [
        ("/people/{person_id}", 200), ("/people", 200), ("/people", 500), ("unmatched", 404),
    ]  # fmt: skip
    assert all(line["correlation_id"] and line["trace_id"] for line in requests)
    (failure,) = [line for line in lines if line["event"] == "request failed"]
    assert failure["error"] == "RuntimeError"
    assert "test_app.py" in failure["where"]
    for value in ("Marmaduke", "Smith", "QQ123456C", "secret", "officer@", str(ID), "Bearer"):
        assert value not in out.getvalue()


async def test_requests_are_measured_by_route_template(client):
    await client.get(f"/people/{ID}")
    text = (await client.get("/metrics")).text
    assert 'moot_http_request_seconds_count{method="GET",route="/people/{person_id}",status="200"}' in text
    assert str(ID) not in text


async def test_health_asks_for_no_token(client):
    assert (await client.get("/health/live", headers={"Authorization": ""})).json()["status"] == "ok"
    assert (await client.get("/health/ready", headers={"Authorization": ""})).status_code == 200


async def test_the_openapi_document_names_roles_refusals_and_problems(client):
    document = (await client.get("/openapi.json")).json()
    command = document["paths"]["/people"]["post"]
    assert command["security"] == [{"officer": ["ero-deputy", "registration-officer"]}]
    examples = command["responses"]["409"]["content"]["application/problem+json"]["examples"]
    assert examples["not-yet-listed"]["value"]["type"] == "urn:moothall:problem:not-yet-listed"
    headers = {parameter["name"].title(): parameter for parameter in command["parameters"]}
    assert headers["Idempotency-Key"]["required"]
    assert headers["If-Match"]["schema"]["pattern"] == '^(?:W/)?"(\\d{1,9})"$'
    assert {"409", "412", "503"} <= command["responses"].keys()
    assert "412" not in document["paths"]["/people"]["get"]["responses"]
    assert "born-in-the-future" in command["responses"]["422"]["description"]
    assert "HTTPValidationError" not in str(document)
    assert "security" not in document["paths"]["/health/live"]["get"]


async def test_the_openapi_document_promises_local_times_no_offset(client):
    document = (await client.get("/openapi.json")).json()
    answered = document["paths"]["/opening"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert (answered["format"], (await client.get("/opening")).json()) == ("time-local", "09:30:00")


def test_the_openapi_document_says_that_a_public_route_may_find_nothing(idp: Provider, tmp_path: Path) -> None:
    router = APIRouter()

    @router.get("/feeds/{feed}")
    @public
    async def feed(feed: int) -> int:
        return feed

    document = create_app("Open", [router], settings_for(idp.issuer, tmp_path)).openapi()
    described = document["paths"]["/feeds/{feed}"]["get"]
    assert described["responses"].keys() == {"200", "400", "404", "422", "503"}
    assert "security" not in described


def test_a_full_disk_is_an_outage_to_the_caller_wherever_it_is_met():
    problem = problem_of(asyncpg.DiskFullError("could not extend file"))
    assert (problem.status_code, problem.name) == (503, "unavailable")
    assert isinstance(asyncpg.DiskFullError("full"), ANSWERED)
