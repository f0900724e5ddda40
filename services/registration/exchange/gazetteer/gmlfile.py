"""Reading AddressBase Premium GML, feature by feature in bounded memory.

A feature is a street or a property with all that belongs to it, so an update replaces the whole of it. There is no
header, no trailer and no PRO_ORDER; the end of the root element stands for the trailer, features apply as they come.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

from lxml import etree

from services.registration.exchange.gazetteer.fields import FIELDS, build
from services.registration.exchange.gazetteer.layouts import Format
from services.registration.exchange.gazetteer.records import (
    TYPES,
    Blpu,
    Change,
    Classification,
    CrossReference,
    DeliveryPoint,
    Header,
    Lpi,
    Operation,
    Organisation,
    Record,
    Street,
    StreetDescriptor,
    Successor,
)
from services.registration.exchange.gazetteer.refusals import (
    CHANGE_TYPE,
    DOCUMENT_TYPE,
    MALFORMED_XML,
    NOT_A_COORDINATE,
    TRUNCATED,
    UNKNOWN_CRS,
    WRONG_ENCODING,
    FileRefused,
    RowRefused,
    Unfit,
    shown,
)
from shared.law.rules import Rule

FEATURES: dict[str, type[Record]] = {"Street": Street, "BasicLandPropertyUnit": Blpu}
MEMBERS: dict[str, type[Record]] = {
    "StreetDescriptiveIdentifier": StreetDescriptor,
    "LandPropertyIdentifier": Lpi,
    "DeliveryPointAddress": DeliveryPoint,
    "ApplicationCrossReference": CrossReference,
    "SuccessorCrossReference": Successor,
    "Organisation": Organisation,
    "Classification": Classification,
}
RENAMED: dict[type[Record], dict[str, str]] = {
    Street: {
        "start_date": "street_start_date",
        "end_date": "street_end_date",
        "entry_date": "record_entry_date",
        "street_start": "street_start_x street_start_y",
        "street_end": "street_end_x street_end_y",
        "street_start_lat_long": "street_start_lat street_start_long",
        "street_end_lat_long": "street_end_lat street_end_long",
    },
    Blpu: {"position": "x_coordinate y_coordinate", "position_lat_long": "latitude longitude"},
}
LANGUAGES = {"en": "ENG", "cy": "CYM", "gd": "GAE"}
SYSTEMS = {"27700": False, "4258": True}
"""Coordinate systems by whether they are degrees. Their axes are taken in the order each system defines."""

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MISREAD_TEXT = {etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_INVALID_CHAR}
LAST = b"AddressBaseSupplySet>"


class _Remembering:
    """A stream that remembers how it ended, to tell a file that was cut off from one that is wrong."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self._tail = (self._tail + chunk)[-256:]
        return chunk

    def cut_off(self) -> bool:
        return not self.read(1) and not self._tail.rstrip().endswith(LAST)


class GmlVolume:
    """One GML file. Has the same face as a CSV volume; `rows` counts records, `read_over` unknown elements."""

    format: Format = "abp-gml"
    header: Header | None = None
    next_volume: int | None = None
    whole = True

    def __init__(self, stream: io.BufferedReader, number: int = 1) -> None:
        self._stream = stream
        self.number = number
        self.rows = 0
        self.read_over: Counter[int] = Counter()

    def changes(self) -> Iterator[Change | RowRefused]:
        """Every record of every feature, good or refused. Raises FileRefused for XML that is broken or cut off."""
        stream = _Remembering(self._stream)
        parsing = etree.iterparse(
            stream,
            events=("end",),
            tag=tuple(f"{{*}}{name}" for name in FEATURES),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        order = 0
        try:
            for _, feature in parsing:
                if feature.getroottree().docinfo.internalDTD is not None:
                    raise FileRefused(DOCUMENT_TYPE, line=feature.sourceline)
                for change in self._feature(feature, order):
                    order += 1
                    self.rows += 1
                    yield change
                _forget(feature)
        except etree.XMLSyntaxError as wrong:
            raise FileRefused(_why(wrong, stream), line=wrong.lineno) from None

    def _feature(self, feature: Any, order: int) -> Iterator[Change | RowRefused]:
        cls = FEATURES[etree.QName(feature).localname]
        own: dict[str, str] = {}
        members: list[tuple[type[Record], Any]] = []
        operation = ""
        try:
            for child in feature.iterchildren(etree.Element):
                name = etree.QName(child).localname
                if name == "changeType":
                    operation = (child.text or "").strip()
                elif name.endswith("Member"):
                    members += ((MEMBERS[k], m) for m in child if (k := etree.QName(m).localname) in MEMBERS)
                else:
                    _take(own, cls, child)
            if operation not in ("I", "U", "D"):
                raise Unfit(CHANGE_TYPE, "CHANGE_TYPE", shown(operation))
            record = _record(cls, own)
        except Unfit as unfit:
            yield self._refused(feature, cls, unfit)
            return
        op = cast(Operation, operation)
        yield Change(self.number, feature.sourceline or 0, op, order, record)
        if op == "D":  # the property goes with all it has
            return
        identifier = "uprn" if cls is Blpu else "usrn"
        for offset, (kind, member) in enumerate(members, start=1):
            try:
                cells = {identifier: own[identifier]}
                for child in member.iterchildren(etree.Element):
                    _take(cells, kind, child)
                yield Change(self.number, member.sourceline or 0, op, order + offset, _record(kind, cells))
            except Unfit as unfit:
                yield self._refused(member, kind, unfit)

    def _refused(self, element: Any, cls: type[Record], unfit: Unfit) -> RowRefused:
        line = element.sourceline or 0
        return RowRefused(line, TYPES[cls], unfit.rule, unfit.field, unfit.value, volume=self.number)


def _why(wrong: etree.XMLSyntaxError, stream: _Remembering) -> Rule:
    if getattr(wrong, "code", None) in MISREAD_TEXT:
        return WRONG_ENCODING
    return TRUNCATED if stream.cut_off() else MALFORMED_XML


def _forget(feature: Any) -> None:
    """Free a feature and the members before it, whose shells the root would keep to the end."""
    member = feature.getparent()
    feature.clear()
    if member is not None:
        while member.getprevious() is not None:
            del member.getparent()[0]


def _snake(camel: str) -> str:
    """`paoStartNumber` as `pao_start_number`, `parentUPRN` as `parent_uprn`, `xRefKey` as `xref_key`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", camel).lower().replace("x_ref", "xref")


def _take(cells: dict[str, str], cls: type[Record], child: Any) -> None:
    """Put an element's text, or its point's two numbers, under the names of the record's fields."""
    name = _snake(etree.QName(child).localname)
    if name == "language":
        return
    language = child.get(XML_LANG)
    welsh = language == "cy" and f"welsh_{name}" in FIELDS[cls]
    name = RENAMED.get(cls, {}).get(name, f"welsh_{name}" if welsh else name)
    if language and "language" in FIELDS[cls]:
        cells["language"] = LANGUAGES.get(language[:2], "ENG")
    if " " in name:
        cells |= zip(name.split(), _position(child, name.split()[0].upper()), strict=True)
    elif name in FIELDS[cls]:
        cells[name] = (child.text or "").strip()


def _position(element: Any, field: str) -> tuple[str, str]:
    point = element.find("{*}Point")
    position = point.findtext("{*}pos") if point is not None else None
    numbers = (position or "").split()
    if len(numbers) != 2:
        raise Unfit(NOT_A_COORDINATE, field, f"{len(numbers)} numbers")
    system = (point.get("srsName") or "").rsplit(":", 1)[-1]
    if SYSTEMS.get(system) is not (field.endswith(("LAT", "LATITUDE"))):
        raise Unfit(UNKNOWN_CRS, field, shown(system))
    return numbers[0], numbers[1]


def _record(cls: type[Record], cells: dict[str, str]) -> Record:
    if "language" in FIELDS[cls]:
        cells.setdefault("language", "ENG")  # an address of numbers alone has no words to be in a language
    return build(cls, ((field, cells.get(field.name, "")) for field in FIELDS[cls].values()))
