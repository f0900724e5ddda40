"""`/mgWebService.asmx/{method}`: Modern.Gov's read service, by GET or as SOAP 1.1, for anybody.

Stricter than the original in one thing: a date that is not dd/MM/yyyy is refused, where Modern.Gov ignores it and sends
everything. Its "optional" parameters are required, as there.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from fastapi import APIRouter, Request, Response
from lxml import etree

from services.committees.exchange import moderngov as written
from services.committees.moderngov import reading
from services.committees.views.access import PublicReading, opened
from shared.service.auth import public
from shared.service.database import Connection
from shared.service.now import Today
from shared.service.problems import MEDIA_TYPE, Problem, not_found

Parameters = Mapping[str, str]
Method = Callable[[Connection, date, Parameters], Awaitable[written.Element]]
ALL, NONE = -1, 0
"""`lCommitteeId` of GetAllMeetingsByDate."""
_NUMBER = re.compile(r"-?[0-9]{1,10}")


async def get_committees(conn: Connection, _today: date, _asked: Parameters) -> written.Element:
    return written.get_committees(await reading.committees(conn))


async def get_councillors_by_ward(conn: Connection, today: date, _asked: Parameters) -> written.Element:
    return written.get_councillors_by_ward(await reading.councillors(conn, today))


async def get_meetings(conn: Connection, _today: date, asked: Parameters) -> written.Element:
    committee, first, last = number(asked, "lCommitteeId"), day(asked, "sFromDate"), day(asked, "sToDate")
    return written.get_meetings(await reading.meetings(conn, first, last, committee))


async def get_all_meetings_by_date(conn: Connection, _today: date, asked: Parameters) -> written.Element:
    committee, first, last = number(asked, "lCommitteeId"), day(asked, "sFromDate"), day(asked, "sToDate")
    ascending = flag(asked, "bIsAscendingDateOrder")
    if committee == NONE:
        return written.get_all_meetings_by_date([])
    of = None if committee == ALL else committee
    return written.get_all_meetings_by_date(await reading.meetings(conn, first, last, of, ascending=ascending))


async def get_meeting(conn: Connection, _today: date, asked: Parameters) -> written.Element:
    found = await reading.meeting(conn, number(asked, "lMeetingId"))
    if found is None:
        raise not_found()
    return written.get_meeting(found)


METHODS: dict[str, Method] = {
    "GetCommittees": get_committees,
    "GetCouncillorsByWard": get_councillors_by_ward,
    "GetMeetings": get_meetings,
    "GetAllMeetingsByDate": get_all_meetings_by_date,
    "GetMeeting": get_meeting,
}

# ----------------------------------------------------------------- parameters


def text(asked: Parameters, name: str) -> str:
    if name not in asked:
        raise Problem(
            400, "missing-parameter", f"Missing parameter: {name}.", next="Modern.Gov's methods need them all."
        )
    return asked[name].strip()


def number(asked: Parameters, name: str) -> int:
    value = text(asked, name)
    if not _NUMBER.fullmatch(value) or abs(int(value)) >= 2**31:
        raise Problem(400, "not-a-number", f"{name} must be a whole number of at most 31 bits.")
    return int(value)


def day(asked: Parameters, name: str) -> date:
    try:
        return written.day_of(text(asked, name))
    except ValueError:
        raise Problem(400, "not-a-date", f"{name} must be a day as dd/MM/yyyy.") from None


def flag(asked: Parameters, name: str) -> bool:
    value = text(asked, name).casefold()
    if value not in ("true", "false"):
        raise Problem(400, "not-a-boolean", f"{name} must be True or False.")
    return value == "true"


# --------------------------------------------------------------------- routes

router = APIRouter(tags=["Modern.Gov"])
XML = opened("text/xml") | {400: {"description": "A parameter is missing or malformed", "content": {MEDIA_TYPE: {}}}}


@router.get("/mgWebService.asmx/{method}", response_class=Response, responses=XML)
@router.get("/mgwebservice.asmx/{method}", response_class=Response, include_in_schema=False)
@public
async def by_query(method: str, request: Request, conn: PublicReading, today: Today) -> Response:
    """GetCommittees, GetCouncillorsByWard, GetMeetings, GetAllMeetingsByDate, GetMeeting."""
    root = await asked_of(method)(conn, today, request.query_params)
    return Response(written.document(root), media_type=written.MEDIA_TYPE)


@router.post("/mgWebService.asmx", response_class=Response, responses=XML)
@public
async def by_soap(request: Request, conn: PublicReading, today: Today) -> Response:
    """The same methods as SOAP 1.1: the first element of the body names the method, its children the parameters."""
    method, parameters = call_in(await request.body())
    root = await asked_of(method)(conn, today, parameters)
    return Response(written.envelope(method, root), media_type=written.MEDIA_TYPE)


def asked_of(method: str) -> Method:
    if method not in METHODS:
        raise not_found()
    return METHODS[method]


def call_in(body: bytes) -> tuple[str, dict[str, str]]:
    """Method and parameters of a SOAP call. A document type, and so every entity, is refused."""
    malformed = Problem(400, "not-soap", "The body must be a SOAP 1.1 envelope with one call in it.")
    try:
        envelope = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        raise malformed from None
    call = envelope.find(f"{{{written.SOAP}}}Body/{{{written.NAMESPACE}}}*")
    if call is None or envelope.getroottree().docinfo.internalDTD is not None:
        raise malformed
    return etree.QName(call).localname, {
        etree.QName(child).localname: child.text or "" for child in call.iterchildren("*")
    }
