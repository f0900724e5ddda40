"""What somebody might try: another's form, another's session, another's council, a page from a cache, a link that leads away."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from desk import visiting
from desk.protection import own_page
from desk.tests.conftest import Office, token_of
from desk.visiting import visit
from shared.service.dev_issuer import Staff

OPEN_TO_ANYBODY = {
    "/health/live", "/health/ready", "/metrics", "/sign-in", "/signed-in", "/signed-out", "/back-channel-logout", "/static",
}  # fmt: skip


def test_every_page_asks_who_came(office: Office):
    routes = list(iter_route_contexts(office.app.routes))
    unguarded = {route.path for route in routes if not _asks_for_a_session(getattr(route, "dependant", None))}
    assert unguarded - OPEN_TO_ANYBODY == set()
    assert len(routes) > len(OPEN_TO_ANYBODY)


def _asks_for_a_session(dependant: Any) -> bool:
    return dependant is not None and any(d.call is visit or _asks_for_a_session(d) for d in dependant.dependencies)


async def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(office: Office):
    async with office.browser() as browser:
        answer = await browser.get("/search?q=marsh")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fsearch%3Fq%3Dmarsh")
        back = await office.sign_in(browser, next="/search?q=marsh")
        assert back.headers["location"] == "/search?q=marsh"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "/a\r\nb"],
)
async def test_signing_in_leads_to_pages_of_ours_only(office: Office, elsewhere: str):
    async with office.browser() as browser:
        assert (await office.sign_in(browser, next=elsewhere)).headers["location"] == "/"
    assert own_page("/applications?stage=held") == "/applications?stage=held"


async def test_a_session_that_somebody_planted_is_not_the_one_that_is_signed_in(office: Office):
    async with office.browser(moot="planted") as victim, office.browser(moot="planted") as attacker:
        await office.sign_in(victim)
        assert (await victim.get("/")).status_code == 200
        assert (await attacker.get("/")).status_code == 303


async def test_signing_in_again_ends_the_session_before(office: Office):
    async with office.browser() as browser:
        await office.sign_in(browser)
        first = browser.cookies["moot"]
        await office.sign_in(browser)
        async with office.browser(moot=first) as thief:
            assert (await thief.get("/")).status_code == 303


async def test_an_answer_of_the_provider_is_taken_once_and_by_the_browser_that_asked(office: Office):
    async with office.browser() as browser, office.browser() as other:
        asked = await browser.get("/sign-in")
        url = httpx.URL(asked.headers["location"])
        back = (await browser.get(url.copy_merge_params({"user": "ero-deputy"}))).headers["location"]
        assert (await other.get(back)).status_code == 400
        assert (await browser.get(back)).status_code == 303
        assert (await browser.get(back)).status_code == 400


@pytest.mark.parametrize(
    "how",
    [{"data": {}}, {"data": {"csrf": "guessed"}}, {"token": True, "headers": {"Origin": "https://evil.example"}},
     {"token": True, "headers": {"Sec-Fetch-Site": "cross-site"}}],
    ids=["no token", "guessed token", "other origin", "other site"],
)  # fmt: skip
async def test_a_form_of_somebody_elses_page_does_nothing(office: Office, how: dict[str, Any]):
    async with office.browser() as browser:
        await office.sign_in(browser)
        data = {"csrf": token_of((await browser.get("/")).text)} if how.get("token") else how["data"]
        answer = await browser.post("/sign-out", data=data, headers=how.get("headers"))
        assert answer.status_code == 403
        assert (await browser.get("/")).status_code == 200, "still signed in"


async def test_the_token_of_another_session_fits_no_form(office: Office):
    async with office.browser() as mine, office.browser() as theirs:
        await office.sign_in(mine)
        await office.sign_in(theirs, "ero-deputy")
        stolen = token_of((await mine.get("/")).text)
        assert (await theirs.post("/authority", data={"csrf": stolen, "authority": "E07000999"})).status_code == 403


async def test_another_council_is_not_worked_for(office: Office):
    async with office.browser() as browser:
        await office.sign_in(browser)
        csrf = token_of((await browser.get("/authority")).text)
        answer = await browser.post("/authority", data={"csrf": csrf, "authority": "E07000041"})
        assert answer.status_code == 422
        await browser.get("/applications")
    assert {authority for _, authority, _ in office.neighbour.asked} == {"E07000999"}


async def test_a_foreign_id_reads_like_one_that_is_not_there(office: Office):
    async with office.browser() as browser:
        await office.sign_in(browser)
        found = await browser.get("/electors/00000000-0000-4000-8000-000000000001")
        nonsense = await browser.get("/electors/nobody")
    assert (found.status_code, nonsense.status_code) == (404, 404)


async def test_no_page_of_an_officer_stays_in_a_cache(office: Office):
    async with office.browser() as browser:
        await office.sign_in(browser)
        for path in ("/", "/help", "/electors/00000000-0000-4000-8000-000000000001"):
            headers = (await browser.get(path)).headers
            assert headers["Cache-Control"] == "no-store"
            assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
            assert headers["X-Frame-Options"] == "DENY"
        assert "public" in (await browser.get("/static/desk.css")).headers["Cache-Control"]


async def test_what_others_wrote_is_shown_and_never_run(office: Office):
    hostile = "<script>alert(1)</script>\" onmouseover='x' {{ 7*7 }}"
    office.neighbour.answers["/search"] = [
        {"kind": "elector", "id": "x", "label": hostile, "matched_by": "name", "ended": False}
    ]
    async with office.browser() as browser:
        await office.sign_in(browser)
        page = (await browser.get("/search", params={"q": hostile[:90]})).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }}" in page


async def test_a_role_that_was_taken_away_is_gone_at_the_next_token(office: Office, monkeypatch: pytest.MonkeyPatch):
    async with office.browser() as browser:
        await office.sign_in(browser)
        assert ">Register</a>" in (await browser.get("/")).text
        office.staff["registration-officer"] = Staff("registration-officer", "Piers Mootshire", ("member",))
        monkeypatch.setattr(visiting, "SPARE_SECONDS", 1_000_000)
        assert ">Register</a>" not in (await browser.get("/")).text
        await browser.get("/search?q=marsh")
    assert office.neighbour.asked[-1][2] == {"member"}


async def test_who_left_is_signed_out_when_the_token_ends(office: Office, monkeypatch: pytest.MonkeyPatch):
    async with office.browser() as browser:
        await office.sign_in(browser)
        del office.staff["registration-officer"]
        monkeypatch.setattr(visiting, "SPARE_SECONDS", 1_000_000)
        monkeypatch.setattr("desk.visiting.time.time", lambda: 4_000_000_000.0)
        assert (await browser.get("/")).status_code == 303


async def test_the_provider_signs_out_behind_the_browsers_back(office: Office):
    async with office.browser() as browser, httpx.AsyncClient(base_url=office.url) as provider:
        await office.sign_in(browser)
        for forged in ("", "x.y.z", browser.cookies["moot"]):
            assert (await provider.post("/back-channel-logout", data={"logout_token": forged})).status_code == 400
        assert (await browser.get("/")).status_code == 200
        session = await office.app.state.sessions.find(browser.cookies["moot"])
        id_token = session.tokens.identity
        assert (await provider.post("/back-channel-logout", data={"logout_token": id_token})).status_code == 400
        await _signed_out_at_the_provider(office, id_token)
        assert (await browser.get("/")).status_code == 303


async def _signed_out_at_the_provider(office: Office, id_token: str) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MOOT_DESK_LOGOUT", f"{office.url}/back-channel-logout")
        async with httpx.AsyncClient() as http:
            await http.get(f"{office.issuer}/sign-out", params={"id_token_hint": id_token, "client_id": "desk"})


async def test_signing_out_ends_the_session_here_and_leads_to_the_provider(office: Office):
    async with office.browser() as browser:
        await office.sign_in(browser)
        number = browser.cookies["moot"]
        answer = await browser.post("/sign-out", data={"csrf": token_of((await browser.get("/")).text)})
        assert office.issuer in answer.headers["Refresh"]
    async with office.browser(moot=number) as again:
        assert (await again.get("/")).status_code == 303
