"""Whatever a service answers, from whichever import it came: no template lets it be markup, no file lets it be a formula, and what a
service does not give is not given."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from fastapi.responses import JSONResponse

import desk
from desk.tests.conftest import Office

HOME = Path(desk.__file__).parent
TEMPLATES = sorted({*HOME.glob("templates/**/*.html"), *HOME.glob("rooms/*/templates/*.html")})
RAW = re.compile(
    r"""(?<!['"])\|\s*safe\b|{%-?\s*autoescape|['"]html['"]\s*:|\bMarkup\b|<script(?![^>]*\bsrc=)|\son\w+=|\s[\w-]+={{"""
)
"""What makes markup or script of a text: `safe` after anything but a text of the template's own, an `html` for GOV.UK's macros, a
script or handler within the page, an attribute without quotes."""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_no_template_makes_markup_of_what_somebody_sent(template: Path):
    assert [found[0] for found in RAW.finditer(template.read_text())] == []


@pytest.mark.parametrize(
    "written",
    [
        "{{ name|safe }}",
        "{'html': name}",
        "<p title={{ name }}>",
        "<script>x",
        "<p onclick='x'>",
        "{% autoescape false %}",
    ],
)
def test_what_would_make_markup_of_a_text_is_seen(written: str):
    assert RAW.search(written)


def test_every_template_escapes_what_it_is_given(office: Office):
    templates = office.app.state.pages._templates
    assert templates.autoescape is True
    assert templates.from_string("{{ sent }}").render(sent="<b>") == "&lt;b&gt;"


def test_every_file_of_the_desks_own_is_written_where_formulas_are_made_inert():
    writes = {
        path.relative_to(HOME).as_posix()
        for path in HOME.rglob("*.py")
        if "csv.writer" in path.read_text() and "tests" not in path.parts
    }
    assert writes == {"pictures/picture.py"}


async def test_a_file_beyond_the_days_limit_is_refused_in_words(office: Office):
    notice = "00000000-0000-4000-8000-000000000001"
    said = "This file holds 9,000 lines. You have taken out 95,000 today, and one officer may take out 100,000 a day."
    problem = {"type": "urn:moothall:problem:export-limit-reached", "title": said, "status": 429}
    office.neighbour.answers["/notices"] = [{"notice_id": notice, "kind": "monthly", "published_on": "2026-11-02"}]
    office.neighbour.answers[f"/notices/{notice}.csv"] = JSONResponse(problem, 429)
    async with office.browser() as browser:
        await office.sign_in(browser)
        answer = await browser.get(f"/publication/{notice}.csv")
    assert answer.status_code == 429
    assert said in answer.text
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


async def test_signing_in_is_bound_to_its_browser_by_pkce_state_and_nonce(office: Office):
    async with office.browser() as browser, office.browser() as another:
        asked, others = [
            httpx.URL((await one.get("/sign-in")).headers["location"]).params for one in (browser, another)
        ]
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    for once in ("code_challenge", "state", "nonce"):
        assert len(asked[once]) >= 20
        assert asked[once] != others[once]
