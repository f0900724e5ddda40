"""The read service of Modern.Gov (`mgWebService.asmx`), so that what scrapes councils today goes on working.

Element names are Modern.Gov's, `minutepublished` included. True and False have capitals, days are dd/MM/yyyy, and text
is escaped twice, which its clients undo. Home addresses and what is not open to the public are never here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from lxml import etree

NAMESPACE = "http://moderngov.co.uk/namespaces"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MEDIA_TYPE = "text/xml; charset=utf-8"
OPEN_END = "unspecified"
"""The end of a term of office that has not ended."""

Value = str | int | bool | date | time | None
Element = etree._Element


@dataclass(frozen=True, slots=True)
class Committee:
    number: int
    title: str
    category: str
    expired: bool


@dataclass(frozen=True, slots=True)
class Councillor:
    """`contact_lines`: up to four of the office address. `key_posts`: chairs and the like. `terms`: first and last days."""

    number: int
    full_name: str
    party: str
    group: str
    ward: str
    key_posts: tuple[str, ...] = ()
    contact_lines: tuple[str, ...] = ()
    postcode: str = ""
    phone: str = ""
    email: str = ""
    terms: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingLine:
    number: int
    day: date
    starts: time
    cancelled: bool
    webcast: bool
    committee_number: int
    committee: str


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """`title` is the public one. `place` 0: a heading."""

    number: int
    title: str
    place: int
    restricted: bool
    decision: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    number: int
    name: str
    role: str
    attendance: str
    party: str
    ward: str


@dataclass(frozen=True, slots=True)
class MeetingDetail:
    line: MeetingLine
    location: str
    ends: time
    agenda_published: bool
    started: time | None = None
    finished: time | None = None
    items: Sequence[AgendaItem] = field(default=())
    attendees: Sequence[Attendee] = field(default=())


# -------------------------------------------------------------------- answers


def get_committees(committees: Sequence[Committee]) -> Element:
    root = etree.Element("committees")
    _add(root, committeescount=len(committees))
    for committee in committees:
        _add(
            etree.SubElement(root, "committee"), committeeid=committee.number, committeetitle=committee.title,
            committeedeleted=False, committeeexpired=committee.expired, committeecategory=committee.category,
        )  # fmt: skip
    return root


def get_councillors_by_ward(councillors: Iterable[Councillor]) -> Element:
    root = etree.Element("councillorsbyward")
    wards = etree.SubElement(root, "wards")
    by_ward: dict[str, list[Councillor]] = {}
    for councillor in councillors:
        by_ward.setdefault(councillor.ward, []).append(councillor)
    for title, members in sorted(by_ward.items()):
        ward = etree.SubElement(wards, "ward")
        _add(ward, wardtitle=title)
        listed = etree.SubElement(ward, "councillors")
        _add(listed, councillorcount=len(members))
        for councillor in members:
            _councillor(etree.SubElement(listed, "councillor"), councillor)
    return root


def _councillor(element: Element, councillor: Councillor) -> None:
    _add(
        element, councillorid=councillor.number, fullusername=councillor.full_name, photosmallurl="", photobigurl="",
        politicalpartytitle=councillor.party, politicalgrouptitle=councillor.group, districttitle="",
        representing=councillor.ward, keyposts="; ".join(councillor.key_posts), additionalcontactinfo="",
    )  # fmt: skip
    lines = (*councillor.contact_lines, "", "", "", "")[:4]
    _add(
        etree.SubElement(element, "workaddress"), **{f"line{n}": line for n, line in enumerate(lines, 1)},
        postcode=councillor.postcode, phone=councillor.phone, mobile="", email=councillor.email,
    )  # fmt: skip
    terms = etree.SubElement(element, "termsofoffice")
    for start, end in councillor.terms:
        _add(etree.SubElement(terms, "termofoffice"), startdate=start, enddate=end or OPEN_END)


def get_meetings(meetings: Iterable[MeetingLine]) -> Element:
    root = etree.Element("getmeetings")
    listed = etree.SubElement(etree.SubElement(root, "committee"), "committeemeetings")
    for meeting in meetings:
        element = etree.SubElement(listed, "meeting")
        _when(element, meeting)
        _add(element, iswebcast=meeting.webcast)
    return root


def get_all_meetings_by_date(meetings: Sequence[MeetingLine]) -> Element:
    root = etree.Element("getmeetingsbydate")
    _add(root, meetingscount=len(meetings))
    listed = etree.SubElement(root, "meetings")
    for meeting in meetings:
        element = etree.SubElement(listed, "meeting")
        _when(element, meeting)
        _add(
            element, committeeid=meeting.committee_number, committeetitle=meeting.committee, iswebcast=meeting.webcast
        )  # fmt: skip
    return root


def get_meeting(meeting: MeetingDetail) -> Element:
    root = etree.Element("meeting")
    _when(root, meeting.line)
    _add(
        root, meetinglocation=meeting.location, meetingactualstarttime=meeting.started,
        meetingactualfinishtime=meeting.finished, meetingplannedfinishtime=meeting.ends, iswebcast=meeting.line.webcast,
        agendapublished=meeting.agenda_published, minutepublished=False, decisionpublished=False,
        committeeid=meeting.line.committee_number, committeetitle=meeting.line.committee,
    )  # fmt: skip
    items = etree.SubElement(root, "agendaitems")
    for item in meeting.items:
        element = etree.SubElement(items, "agendaitem")
        _add(
            element, agendaitemid=item.number, agendaitemtitle=item.title, agendaitemnumber=item.place,
            fulldisplaynumberformat=f"{item.place}." if item.place else "", minutesitemnumber="",
            isdecision=item.decision, isrestricted=item.restricted, agendatext=item.text, decisionnonemptyhtmlbody="",
            minutesnonemptyhtmlbody="",
        )  # fmt: skip
        etree.SubElement(element, "linkeddocuments")
    attendees = etree.SubElement(root, "attendees")
    for who in meeting.attendees:
        said = {
            "membertype": "Councillor", "memberid": str(who.number), "name": escaped(who.name),
            "roledescription": escaped(who.role), "attendance": who.attendance, "politicalparty": escaped(who.party),
            "ward": escaped(who.ward), "representing": escaped(who.ward),
        }  # fmt: skip
        _add(etree.SubElement(attendees, "attendee", said), url="", photosmallurl="", photobigurl="")
    return root


def _when(element: Element, meeting: MeetingLine) -> None:
    _add(
        element, meetingid=meeting.number, meetingdate=meeting.day, meetingtime=meeting.starts,
        meetingstatus="Cancelled" if meeting.cancelled else "Confirmed",
    )  # fmt: skip


# ---------------------------------------------------------------------- forms


def document(root: Element) -> bytes:
    """The answer to a GET."""
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def envelope(method: str, root: Element) -> bytes:
    """The answer to a SOAP 1.1 call: `<method>Response/<method>Result/<root>`."""
    soap = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "mg": NAMESPACE})
    body = etree.SubElement(soap, f"{{{SOAP}}}Body")
    response = etree.SubElement(body, f"{{{NAMESPACE}}}{method}Response")
    etree.SubElement(response, f"{{{NAMESPACE}}}{method}Result").append(root)
    return document(soap)


def shown(value: Value) -> str:
    """A value in Modern.Gov's form: `True`, `23/09/2026`, `19:00`, text escaped once more than XML asks."""
    match value:
        case None:
            return ""
        case bool() | int():
            return str(value)
        case datetime() | time():
            return f"{value:%H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case str():
            return escaped(value)


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_NOT_XML = {code: None for code in (*range(32), 127, 0xFFFE, 0xFFFF) if code not in (9, 10, 13)}


def escaped(text: str) -> str:
    """Escaped as HTML, without what XML 1.0 cannot hold; writing the XML escapes it a second time."""
    return text.translate(_NOT_XML).translate(_ESCAPES)


def day_of(text: str) -> date:
    """`23/09/2026`. Raises ValueError for any other form: Modern.Gov ignores an ISO date in silence, we do not."""
    day, month, year = text.strip().split("/")
    if len(year) != 4:
        raise ValueError("a year has four digits")
    return date(int(year), int(month), int(day))


def _add(element: Element, **values: Value) -> None:
    for name, value in values.items():
        etree.SubElement(element, name).text = shown(value)
