"""Pages: templates, what each has around it, and how dates and numbers read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from desk.classes import property_class
from desk.forms import KEY_FIELD, VERSION_FIELD, Form
from desk.help import HELP
from desk.pictures.picture import Picture
from desk.protection import CSRF_FIELD
from desk.room import SECTIONS, Link, Room
from desk.sessions import Session
from desk.settings import DeskSettings
from shared.eventcore.clock import LONDON, Clock, london_date, system_clock

if TYPE_CHECKING:
    from desk.asking import Asking

HERE = Path(__file__).parent
PER_PAGE = (25, 50, 100)
_OFFICER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Pages:
    """The templates of the desk and of its rooms, and what is the same on every page."""

    def __init__(self, rooms: Sequence[Room], settings: DeskSettings, now: Clock = system_clock) -> None:
        self.rooms, self.settings, self.now = rooms, settings, now
        self.colleagues: Mapping[str, str] = {}
        """Names of officers by the id under which services record them."""
        self._templates = Environment(
            autoescape=True,
            undefined=ChainableUndefined,  # what GOV.UK's macros expect of parameters that are left out
            trim_blocks=True,
            lstrip_blocks=True,
            loader=ChoiceLoader(
                [
                    PrefixLoader({room.name: FileSystemLoader(room.templates) for room in rooms}),
                    FileSystemLoader(HERE / "templates"),
                    PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
                ]
            ),
        )
        self._templates.filters |= {
            "day": day,
            "moment": moment,
            "words": words,
            "number": number,
            "who": self.who,
            "named": self.named,
            "drawn": drawn,
            "property_class": property_class,
        }
        self._templates.globals |= {
            "helps": HELP, "csrf_field": CSRF_FIELD, "key_field": KEY_FIELD, "version_field": VERSION_FIELD, "per_page": PER_PAGE,
        }  # fmt: skip

    def draw(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page as an answer."""
        return HTMLResponse(self._templates.get_template(template).render(**values), status)

    def who(self, actor: str | None) -> str:
        """Who did something: `Ada Marsh`, `officer 2bcd98c4` whom nobody here knows, `policy when a move is made then …`, `sending`."""
        kind, _, name = (actor or "").partition(":")
        if _OFFICER.fullmatch(kind):
            return self.colleagues.get(kind, f"officer {kind[:8]}")
        return " ".join((kind, *name.split("_"))).strip()

    def named(self, text: str | None) -> str:
        """A sentence of a service, with the names of the officers in it."""
        return _OFFICER.sub(lambda found: self.who(found[0]), text or "")

    def plain(self, template: str, title: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page for somebody who is not, or not yet, signed in."""
        around: dict[str, Any] = {
            "session": None,
            "sections": [],
            "beside": [],
            "keyed": [],
            "here": "",
            "stale_at": "",
            "error": False,
            "form": Form(),
        }
        return self.draw(template, status, title=title, council="", **{**around, **values})


class Showing:
    """Draws pages for one officer during one request."""

    def __init__(self, pages: Pages, request: Request, session: Session, ask: Asking) -> None:
        self._pages, self._request, self._session, self._ask = pages, request, session, ask

    def __call__(
        self, template: str, *, title: str, status: int = 200, form: Form | None = None, **values: Any
    ) -> HTMLResponse:
        """A page. `title` is its task; with an error in `form` the answer says so (422, or what the service said)."""
        form = form or Form()
        if not form.well and status == 200:
            status = form.refusal.status if form.refusal else 422
        room = next((room for room in self._pages.rooms if room.answers(self._request.scope["endpoint"])), None)
        stale_at = f"{self._pages.now().astimezone(LONDON):%H:%M}" if self._ask.stale else ""
        around: dict[str, Any] = {
            "session": self._session, "council": self._pages.settings.council(self._session.authority),
            "councils": {code: self._pages.settings.council(code) for code in self._session.authorities},
            "sections": self._sections(), "beside": self._beside(room), "section": room.section if room else "",
            "here": self._request.url.path, "stale_at": stale_at, "error": not form.well, "today": self.today,
            "asked": self._request.query_params,
            "keyed": [link for each in self._open() for link in each.links if link.keys],
        }  # fmt: skip
        # No page can redefine what is around it: Python refuses the same name twice.
        return self._pages.draw(template, status, title=title, form=form, **around, **values)

    @property
    def today(self) -> date:
        return london_date(self._pages.now())

    def link(self, **changed: Any) -> str:
        """This page with other filters: what is empty is left out, and the place in the list starts anew."""
        return _link(self._request.url.path, {**self._request.query_params, "cursor": "", **changed})

    def csv(self, picture: Picture) -> HTMLResponse:
        """The figures of a picture as a file."""
        name = f'attachment; filename="{picture.name}.csv"'
        return HTMLResponse(picture.csv(), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})

    def _open(self) -> list[Room]:
        return [room for room in self._pages.rooms if room.open_to(self._session.roles)]

    def _sections(self) -> list[tuple[str, str]]:
        first: dict[str, str] = {}
        for room in self._open():
            for link in room.links:
                first.setdefault(room.section, link.path)
        return [(section, first[section]) for section in SECTIONS if section in first]

    def _beside(self, room: Room | None) -> list[Link]:
        return [link for other in self._open() if room and other.section == room.section for link in other.links]


def see_other(path: str) -> RedirectResponse:
    """After a command: look at what became of it."""
    return RedirectResponse(path, 303)


def _link(path: str, query: Mapping[str, Any]) -> str:
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


def day(value: date | datetime | str | None) -> str:
    """`1 May 2026`; nothing for no day."""
    if not value:
        return ""
    read = (moment_of(value).date() if "T" in value else date.fromisoformat(value)) if isinstance(value, str) else value
    return f"{read:%-d %B %Y}"


def moment(value: datetime | str | None) -> str:
    """`1 May 2026, 14:05`, by the clock on the wall; midnight is how a fact of a whole day is kept, and reads as the day."""
    if not value:
        return ""
    read = moment_of(value)
    return day(read) if read.time() == time.min else f"{read:%-d %B %Y, %H:%M}"


def moment_of(value: datetime | str) -> datetime:
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.astimezone(LONDON)


def words(value: str | None) -> str:
    """`objection-upheld` -> `Objection upheld`."""
    plain = (value or "").replace("-", " ").replace("_", " ")
    return plain[:1].upper() + plain[1:]


def number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def drawn(picture: Picture) -> Markup:
    """A drawing of ours, every text of which is escaped where it is drawn."""
    return Markup(picture.svg)
