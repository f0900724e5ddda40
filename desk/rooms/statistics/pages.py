"""The figures that returns and the performance standards ask for. Each opens the list of what it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from desk.areas import council_areas
from desk.asking import AN_OLDER_ONE_WILL_DO
from desk.forms import Form
from desk.passing import file_of
from desk.room import REGISTRATION, Link, Room
from desk.rooms.audit.pages import AUDITORS
from desk.showing import PER_PAGE, words
from desk.visiting import Ask, Show, Visit

READERS = REGISTRATION | {"elections-officer", "ro-deputy", "reporting", "auditor"}
OF_THE_REGISTER = REGISTRATION | {"elections-officer", "ro-deputy"}
"""Who may open the entries behind a figure."""
OF_RECORDS = REGISTRATION | {"auditor"}
"""Who may open what was counted one by one."""

SORTS = {
    "entries": "All entries", "parliamentary": "UK Parliament", "local": "Local", "attainers": "Attainers", "overseas": "Overseas",
    "peers": "Peers", "eu": "EU citizens", "service": "Forces and Crown", "local_connection": "Local connection",
    "anonymous": "Anonymous", "postal_voters": "Postal voters",
}  # fmt: skip
PLACES = {"part": "Polling district", "ward": "Ward", "authority": "Council"}
PERIODS = {"period": "The whole period", "month": "Each month", "week": "Each week"}
SUBJECTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Applications", "/applications/", (
        "applications-received", "verifications-tried", "verifications-passed", "applications-ended", "rejections", "objections",
    )),
    ("The register", "/electors/", ("deletions", "reviews-opened", "reviews-concluded")),
    ("Notices", "", ("alterations",)),
    ("Invitations to register", "", ("invitations", "invitations-closed", "penalties", "visits")),
    ("Canvass", "", ("canvass-routes", "canvass-contacts", "canvass-responses", "canvass-outcomes")),
    ("Absent votes", "", (
        "absent-votes-granted", "absent-votes-refused", "absent-votes-ended", "renewals-asked", "renewals-answered",
    )),
    ("Declarations", "", ("declarations-begun", "declarations-renewed", "declarations-ended")),
    ("Voter Authority Certificates", "", (
        "voter-cards-received", "voter-cards-issued", "voter-cards-refused", "voter-cards-cancelled",
    )),
)  # fmt: skip
"""Figures by what they are about, and where the records that they count are opened; some have no page of their own."""
CALLED = {"gov.uk": "GOV.UK", "dwp": "DWP"}
"""Names that are not words."""
HOME_OF = {figure: home for _, home, figures in SUBJECTS for figure in figures}

By = Literal["part", "ward", "authority"]
Every = Literal["period", "month", "week"]
Filter = Annotated[str, Query(max_length=100)]
Day = Annotated[str, Query(max_length=40)]
Word = Annotated[str, Path(pattern="^[a-z_-]{1,40}$")]
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str, Query(max_length=2000)]

router = APIRouter(prefix="/statistics")


@router.get("")
async def electorate(
    ask: Ask, show: Show, visit: Visit, on: Day = "", by: By = "part", again: Annotated[str, Query(max_length=1)] = ""
) -> Response:
    """Electors by sort and area on a day; with `again` as they are this minute."""
    form = Form({"on": on, "by": by})
    day = form.day("on") or show.today
    found: dict[str, Any] = {"lines": [], "total": {}}
    as_of = ""
    if form.well:
        within = 0 if again else AN_OLDER_ONE_WILL_DO
        answer = await ask.read("registration", "/statistics/electorate", on=day, by=by, within=within)
        found, as_of = answer.data, answer.as_of
    parts = by == "part" and any(line["constituency"] for line in found["lines"])
    columns = [PLACES[by], *(["Constituency"] if parts else []), *((said, "numeric") for said in SORTS.values())]
    return show(
        "statistics/electorate.html", title="Electorate", form=form, lines=with_lists(found["lines"], by), total=found["total"], on=day,
        by=by, parts=parts, columns=columns, sorts=SORTS, places=PLACES, opens=not visit.roles.isdisjoint(OF_THE_REGISTER),
        areas=await council_areas(ask), as_of=as_of, again=show.link(again=1),
    )  # fmt: skip


@router.get("/electorate.csv")
async def electorate_csv(ask: Ask, on: date | None = None, by: By = "part") -> StreamingResponse:
    """The electorate as a file."""
    name = f"electorate-{on}-by-{by}.csv" if on else f"electorate-by-{by}.csv"
    return await file_of(ask, "registration", "/statistics/electorate", name, on=on, by=by, csv=True)


@router.get("/electors/{sort}")
async def electors(
    sort: Word, ask: Ask, show: Show, on: date | None = None,
    district: Annotated[str, Query(max_length=6)] = "", ward: Annotated[str, Query(max_length=9)] = "",
    limit: Limit = PER_PAGE[0], cursor: Cursor = "",
) -> Response:  # fmt: skip
    """The entries that one figure counts, in the order of print."""
    found = await ask.get(
        "registration",
        f"/statistics/electorate/{sort}",
        on=on,
        district=district,
        ward=ward,
        limit=limit,
        cursor=cursor,
    )
    areas = await council_areas(ask)
    where = f"polling district {areas(district)}" if district else areas(ward) if ward else "the whole council"
    return show(
        "statistics/electors.html", title=f"{SORTS[sort]}: {where}", lines=found["items"], next=found["next"], limit=limit,
        on=on or show.today, areas=areas, link=show.link,
    )  # fmt: skip


@router.get("/standards")
async def standards(
    ask: Ask, show: Show, visit: Visit, since: Day = "", until: Day = "", every: Every = "period"
) -> Response:
    """What was received, decided, sent and answered in a period, as the performance standards ask."""
    form = Form({"since": since, "until": until, "every": every})
    last = form.day("until") or show.today
    first = form.day("since") or last.replace(month=1, day=1)
    if form.well and first > last:
        form.errors["since"] = "The first day must not come after the last"
    found: dict[str, Any] = {"lines": [], "days": []}
    if form.well:
        found = await ask.get("registration", "/statistics/standards", since=first, until=last, every=every)
    return show(
        "statistics/standards.html", title="Performance standards", form=form, subjects=by_subject(found["lines"]), days=found["days"],
        since=first, until=last, every=every, periods=PERIODS, opens=not visit.roles.isdisjoint(OF_RECORDS), query=query_of, said=said,
    )  # fmt: skip


@router.get("/standards.csv")
async def standards_csv(
    ask: Ask, since: date | None = None, until: date | None = None, every: Every = "period"
) -> StreamingResponse:
    """The counters as a file."""
    return await file_of(
        ask, "registration", "/statistics/standards", f"performance-standards-{since}-{until}.csv", since=since, until=until,
        every=every, csv=True,
    )  # fmt: skip


@router.get("/standards/{figure}")
async def counted(
    figure: Word, ask: Ask, show: Show, visit: Visit, detail: Filter = "", also: Filter = "", since: date | None = None,
    until: date | None = None, limit: Limit = PER_PAGE[0], cursor: Cursor = "",
) -> Response:  # fmt: skip
    """What one figure counts, one by one."""
    found = await ask.get(
        "registration", f"/statistics/standards/{figure}", detail=detail, also=also, since=since, until=until, limit=limit,
        cursor=cursor,
    )  # fmt: skip
    return show(
        "statistics/counted.html", title="What a figure counts", figure=figure, detail=detail, also=also, since=since, until=until,
        lines=found["items"], next=found["next"], limit=limit, link=show.link, home=HOME_OF.get(figure, ""),
        said=said, audited=not visit.roles.isdisjoint(AUDITORS),
    )  # fmt: skip


def with_lists(lines: list[dict[str, Any]], by: By) -> list[tuple[dict[str, Any], dict[str, str] | None]]:
    """Each line of the electorate with the filters of the list behind it; `None` where a list cannot tell it from another line, as of a
    polling district that two constituencies share."""
    name = {"part": "district", "ward": "ward", "authority": ""}[by]
    filters = [{name: line[name]} if name and line[name] else {} for line in lines]
    held = [sum(each.items() <= other.items() for other in filters) for each in filters]
    return [(line, each if n == 1 else None) for line, each, n in zip(lines, filters, held, strict=True)]


@dataclass(frozen=True, slots=True)
class Subject:
    """Figures about one thing, each as the services tell it."""

    title: str
    lines: list[dict[str, Any]]


def by_subject(lines: Iterable[dict[str, Any]]) -> list[Subject]:
    """The figures under what they are about, in the order of a piece of work. What nobody has sorted yet comes last."""
    order = {figure: (n, m) for n, (_, _, figures) in enumerate(SUBJECTS) for m, figure in enumerate(figures)}
    titles = [title for title, _, _ in SUBJECTS] + ["Other"]
    last = (len(SUBJECTS), 0)
    ordered = sorted(lines, key=lambda line: (order.get(line["figure"], last), line["begins"]))
    grouped = groupby(ordered, key=lambda line: order.get(line["figure"], last)[0])
    return [Subject(titles[n], list(found)) for n, found in grouped]


def query_of(line: dict[str, Any], since: date, until: date, every: Every) -> dict[str, str]:
    """The list that a figure counts: the same sort of thing, within the same days."""
    begins = date.fromisoformat(line["begins"])
    first, last = max(begins, since), min(end_of(begins, every), until) if every != "period" else until
    return {"detail": line["detail"], "also": line["also"], "since": first.isoformat(), "until": last.isoformat()}


def said(detail: str) -> str:
    return CALLED.get(detail, words(detail))


def end_of(begins: date, every: Every) -> date:
    """The last day of the week or month that begins then."""
    if every == "week":
        return date.fromordinal(begins.toordinal() + 6)
    after = begins.replace(year=begins.year + begins.month // 12, month=begins.month % 12 + 1, day=1)
    return date.fromordinal(after.toordinal() - 1)


statistics = Room(
    "statistics", "Register", router, READERS,
    (Link("Electorate", "/statistics", "g l"), Link("Performance standards", "/statistics/standards")),
)  # fmt: skip
