"""Which gazetteer format a file is in, by what it holds and never by what it is called."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from lxml import etree

from services.registration.exchange.gazetteer.layouts import LAYOUTS, Format
from services.registration.exchange.gazetteer.refusals import (
    MALFORMED_XML,
    UNKNOWN_FORMAT,
    WRONG_ENCODING,
    FileRefused,
)

ADDRESSBASE_PREMIUM = "http://namespaces.geoplace.co.uk/addressbasepremium/"
"""The namespace without its version (2.0, 2.1)."""

SEEN = {
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old office document or spreadsheet",
    b"SQLite format 3": "a database or GeoPackage",
    b"PK\x03\x04": "a zip inside an archive",
    b"\x1f\x8b": "a gzip inside an archive",
    b"{": "JSON; boundaries in GeoJSON have an import of their own",
    b"[": "JSON",
}
_BY_VERSION: dict[str, Format] = {"1": "abp-csv-v1", "2": "abp-csv-v2", "7": "dtf-7.3"}
_PREFERENCE: tuple[Format, ...] = ("abp-csv-v2", "dtf-7.3", "abp-csv-v1")
"""Where record layouts agree. Without a header it is hardly version 1, which ended in 2016 and always had headers."""


def recognise(head: bytes) -> Format:
    """The format of the file whose first 64 kB are `head`. Raises FileRefused and says what was seen instead."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(WRONG_ENCODING, "Seen: UTF-16.", byte=0)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise FileRefused(UNKNOWN_FORMAT, "Seen: an empty file.")
    for magic, what in SEEN.items():
        if start.startswith(magic):
            raise FileRefused(UNKNOWN_FORMAT, f"Seen: {what}.")
    return _recognise_xml(start) if start.startswith(b"<") else _recognise_rows(start)


def _recognise_xml(start: bytes) -> Format:
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True, huge_tree=False)
    root: Any = None
    wrong: etree.XMLSyntaxError | None = None
    for offset in range(0, len(start), 1024):
        try:
            parser.feed(start[offset : offset + 1024])
        except etree.XMLSyntaxError as error:
            wrong = error
        if (first := next(iter(parser.read_events()), None)) is not None:
            root = first[1]
        if root is not None or wrong is not None:
            break
    if root is None:  # an error after the root is for whoever reads the rest
        raise FileRefused(MALFORMED_XML, "No root element.", line=wrong.lineno if wrong else None)
    name = etree.QName(root.tag)
    if (name.namespace or "").startswith(ADDRESSBASE_PREMIUM):
        return "abp-gml"
    raise FileRefused(UNKNOWN_FORMAT, f"Seen: XML with the root element {name.localname[:60]}.")


def _recognise_rows(start: bytes) -> Format:
    candidates = set(_PREFERENCE)
    matched = False
    for row in _rows(start):
        if row[0] == "10" and len(row) > 7 and (by_version := _BY_VERSION.get(row[7].strip()[:1])):
            return by_version
        if fitting := candidates & _fitting(row):
            candidates, matched = fitting, True
        if len(candidates) == 1:
            break
    if not matched:
        raise FileRefused(UNKNOWN_FORMAT, f"Seen: {_description(start)}.")
    return next(known for known in _PREFERENCE if known in candidates)


def _rows(start: bytes) -> Iterator[list[str]]:
    for line in start[:65536].splitlines():
        try:
            yield next(csv.reader((line.decode("utf-8", "replace"),), strict=True), []) or [""]
        except csv.Error:
            continue


def _fitting(row: list[str]) -> set[Format]:
    """The formats that have a record type with this number of fields. Empty for a row of no format."""
    if not row[0].isdecimal():
        return set()
    kind = int(row[0])
    fitting = {name for name, types in LAYOUTS.items() if kind in types and len(types[kind].columns) + 3 == len(row)}
    if kind == 11 and len(row) == 20:
        # DTF and version 1 both have 20 fields; the optional end date stands 15th in DTF, 13th in version 1.
        if row[12] and not row[14]:
            fitting.discard("abp-csv-v1")
        elif row[14] and not row[12]:
            fitting.discard("dtf-7.3")
    return fitting


def _description(start: bytes) -> str:
    if b"\0" in start[:65536]:
        return "binary data"
    row = next(_rows(start), [""])
    if row[0].strip().upper() == "UPRN":
        products = {77: "AddressBase Plus", 27: "AddressBase or AddressBase Core"}
        return f"a table with column names and {len(row)} columns" + (
            f", as {products[len(row)]} has" if len(row) in products else ""
        )
    return f"text whose first row has {len(row)} cells and no record type known here"
