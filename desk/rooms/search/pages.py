"""Screen 2. Electors, applications and properties by whatever one knows of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from desk.forms import Form
from desk.room import REGISTRATION, Link, Room
from desk.visiting import Ask, Show

SHORTEST = 2
PAGES = {"elector": "/electors/", "application": "/applications/", "property": "/properties/"}
MOST = 100

router = APIRouter()


@router.get("/search")
async def find(ask: Ask, show: Show, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Hits with what they matched by. It never says how many it did not show."""
    form = Form({"q": q})
    hits = []
    if q and len(q.strip()) < SHORTEST:
        form.errors["q"] = "Enter at least two characters"
    elif q:
        hits = await ask.get("registration", "/search", q=q.strip(), limit=MOST)
    return show("search/found.html", title="Search", form=form, hits=hits, pages=PAGES, q=q, most=MOST)


search = Room("search", "Work", router, REGISTRATION, (Link("Search", "/search", "g s"),))
