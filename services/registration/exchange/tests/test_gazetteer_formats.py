"""A gazetteer is recognised by its content; everything else is refused and told what it was."""

import contextlib
import gzip
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registration.exchange.gazetteer.opening import Limits, limited, refuse_declared_size, unpacked
from services.registration.exchange.gazetteer.recognise import recognise
from services.registration.exchange.gazetteer.refusals import FileRefused
from services.registration.exchange.gazetteer.supply import read_supply
from services.registration.exchange.tests.supplies import HOME, outcomes, properties, row, supply

GML = """<?xml version="1.0" encoding="UTF-8"?>
<abpr:AddressBaseSupplySet xmlns:abpr="http://namespaces.geoplace.co.uk/addressbasepremium/2.1"
  xmlns:gml="http://www.opengis.net/gml/3.2">
<abpr:streetMember><abpr:Street><abpr:changeType>I</abpr:changeType><abpr:usrn>10</abpr:usrn>
<abpr:recordType>1</abpr:recordType></abpr:Street></abpr:streetMember>
<abpr:basicLandPropertyUnitMember><abpr:BasicLandPropertyUnit><abpr:changeType>I</abpr:changeType>
<abpr:uprn>010001234567</abpr:uprn><abpr:logicalStatus>1</abpr:logicalStatus>
<abpr:position><gml:Point srsName="urn:ogc:def:crs:EPSG::27700"><gml:pos>1000.00 2000.00</gml:pos></gml:Point></abpr:position>
<abpr:landPropertyIdentifierMember><abpr:LandPropertyIdentifier><abpr:lpiKey>L1</abpr:lpiKey>
<abpr:logicalStatus>1</abpr:logicalStatus><abpr:usrn>10</abpr:usrn></abpr:LandPropertyIdentifier>
</abpr:landPropertyIdentifierMember>
</abpr:BasicLandPropertyUnit></abpr:basicLandPropertyUnitMember>
</abpr:AddressBaseSupplySet>
"""


def zipped(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def refusal(file: bytes | str, **options: Any) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        outcomes(file, **options)
    return refused.value


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (supply(*HOME), "abp-csv-v2"),
        (supply(*HOME).replace('"2.1"', '"1.0"'), "abp-csv-v1"),
        (row(21), "abp-csv-v2"),
        (row(21, form="abp-csv-v1"), "abp-csv-v1"),
        (row(21, form="dtf-7.3"), "dtf-7.3"),
        (row(24, form="dtf-7.3"), "dtf-7.3"),
        (row(11, last_update_date="2020-01-01", form="dtf-7.3"), "dtf-7.3"),
        (row(11, record_entry_date="2020-01-01", form="abp-csv-v1"), "abp-csv-v1"),
        (row(15, form="dtf-7.3") + row(21, form="abp-csv-v1"), "abp-csv-v1"),
        ('10,"X",5660,2026-11-22,0,2026-11-22,06:00:00,"7.3","F"\r\n', "dtf-7.3"),
        ("\ufeff" + row(21), "abp-csv-v2"),
        (GML, "abp-gml"),
        (GML.replace("premium/2.1", "premium/2.0"), "abp-gml"),
    ],
)
def test_a_format_is_known_by_version_or_by_the_shape_of_its_rows(head: str, form: str) -> None:
    assert recognise(head.encode()) == form


@pytest.mark.parametrize(
    ("head", "seen"),
    [
        (b"", "an empty file"),
        (b"%PDF-1.7", "a PDF document"),
        (b"SQLite format 3\0", "a database or GeoPackage"),
        (b'{"type": "FeatureCollection"}', "boundaries in GeoJSON have an import of their own"),
        (b"<kml><Document/></kml>", "XML with the root element kml"),
        (b"UPRN," + b"A," * 75 + b"Z\r\n", "as AddressBase Plus has"),
        (b"Dear Sir,\r\nplease find attached\r\n", "text whose first row has 2 cells"),
        (b"\x00\x01\x02\x03", "binary data"),
    ],
)
def test_anything_else_is_refused_and_told_what_was_seen(head: bytes, seen: str) -> None:
    with pytest.raises(FileRefused, match="unknown-format") as refused:
        recognise(head)
    assert seen in str(refused.value)


def test_a_refusal_does_not_repeat_what_a_letter_says() -> None:
    assert "Jane" not in str(refusal("Jane Doe,12 High Street\r\nJohn Doe,13 High Street\r\n"))


@pytest.mark.parametrize("pack", [lambda b: b, gzip.compress, lambda b: zipped(("any.name", b))])
def test_a_supply_may_come_plain_as_gzip_or_as_zip(pack: Callable[[bytes], bytes]) -> None:
    assert [p.uprn for p in properties(pack(supply(*HOME).encode()))] == [1]


@pytest.mark.parametrize("pack", [gzip.compress, lambda b: zipped(("a.xml", b))])
def test_gml_may_be_packed_too_and_pads_no_uprn(pack: Callable[[bytes], bytes]) -> None:
    assert [p.uprn for p in properties(pack(GML.encode()))] == [10001234567]


def test_a_one_gigabyte_upload_is_refused_by_its_declared_size() -> None:
    with pytest.raises(FileRefused, match="upload-too-large"):
        refuse_declared_size(2**30)
    refuse_declared_size(None)


def test_an_upload_that_lied_about_its_size_is_refused_at_the_first_byte_over_the_limit() -> None:
    class Endless:
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            return b"0" * size

    source = Endless()
    with pytest.raises(FileRefused, match="upload-too-large"):
        limited(source, Limits(upload=100_000)).read()
    assert source.given < 200_000


@pytest.mark.parametrize("pack", [gzip.compress, lambda b: zipped(("a.csv", b))])
def test_a_bomb_is_refused_by_its_ratio_before_it_unpacks(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(row(21).encode() + b"\n" * 40_000_000)
    assert len(bomb) < 60_000
    assert refusal(bomb).rule.name == "expands-too-far"


def test_an_archive_that_unpacks_over_the_total_limit_is_refused() -> None:
    packed = gzip.compress(supply(*HOME).encode())
    assert refusal(packed, limits=Limits(unpacked=200)).rule.name == "expands-too-far"


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        (zipped(("a.csv", b"x"), ("b.csv", b"y")), "not-one-file"),
        (zipped(), "unknown-format"),
        (zipped(("[Content_Types].xml", b"x"), ("sheet.xml", b"y")), "unknown-format"),
        (zipped(("a.csv", supply(*HOME).encode()))[:-30], "truncated-file"),
        (gzip.compress(supply(*HOME).encode())[:-12], "truncated-file"),
        (zipped(("inner.zip", zipped(("a.csv", b"x")))), "unknown-format"),
    ],
)
def test_archives_that_cannot_hold_one_gazetteer_are_refused(file: bytes, rule: str) -> None:
    assert refusal(file).rule.name == rule


def test_text_in_another_encoding_is_refused_with_its_line_and_byte() -> None:
    first = row(15, street_description="HEOL FAWR")
    file = supply(first, row(15, usrn=11, street_description="LÔN").replace("Ô", "\udcd4")).encode(
        "utf-8", "surrogateescape"
    )
    refused = refusal(file)
    assert (refused.rule.name, refused.line) == ("wrong-encoding", 3)
    assert refused.byte is not None
    assert file[refused.byte] == 0xD4


def test_cp1252_is_read_only_when_it_is_declared() -> None:
    file = supply(*HOME[:1], row(15, street_description="LÔN"), *HOME[2:]).encode("cp1252")
    (only,) = properties(file, encoding="cp1252")
    name = only.streets[0].descriptor("ENG")
    assert name is not None
    assert name.street_description == "LÔN"


def test_utf_16_is_refused_by_name() -> None:
    assert "UTF-16" in str(refusal(supply(*HOME).encode("utf-16")))


def test_a_file_without_its_trailer_is_truncated() -> None:
    cut = supply(*HOME).rsplit("99,", 1)[0]
    assert refusal(cut).rule.name == "truncated-file"


def test_a_file_with_fewer_rows_than_its_trailer_counts_is_truncated_unless_declared_an_extract() -> None:
    cut = supply(*HOME, count=94_761)
    assert refusal(cut).rule.name == "truncated-file"
    assert len(properties(cut, extract=True)) == 1


def test_a_file_with_more_rows_than_its_trailer_counts_is_refused() -> None:
    assert refusal(supply(*HOME, count=2)).rule.name == "record-count-mismatch"


def test_gml_in_another_encoding_than_it_declares_is_refused_with_its_line() -> None:
    refused = refusal(GML.replace("L1", "LÔN").encode("cp1252"))
    assert (refused.rule.name, refused.line) == ("wrong-encoding", 9)


@given(st.integers(GML.index("<abpr:streetMember>"), len(GML) - 3))
def test_gml_that_stops_anywhere_is_truncated(end: int) -> None:
    assert refusal(GML[:end]).rule.name == "truncated-file"


def test_gml_that_is_wrong_in_the_middle_is_malformed() -> None:
    refused = refusal(GML.replace("</abpr:usrn>", "</abpr:urn>", 1))
    assert (refused.rule.name, refused.line) == ("malformed-xml", 4)


def test_gml_with_a_document_type_is_refused_so_that_no_entity_is_ever_expanded() -> None:
    bomb = GML.replace(
        "<abpr:AddressBase", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><abpr:AddressBase', 1
    ).replace("L1", "&b;")
    assert refusal(bomb).rule.name == "document-type-declared"


def test_a_line_without_end_is_refused_instead_of_held_in_memory() -> None:
    assert refusal(row(21) + "," * 100_000).rule.name == "line-too-long"


def test_volumes_are_chained_by_their_trailers_in_any_order() -> None:
    one = supply(*HOME[:3], volume=1, following=2)
    two = supply(*HOME[3:], volume=2)
    assert properties(two, one) == properties(supply(*HOME))


@pytest.mark.parametrize(
    ("volumes", "rule"),
    [
        ([supply(*HOME, volume=1, following=2)], "missing-volume"),
        ([supply(volume=1, following=2), supply(*HOME, volume=3)], "missing-volume"),
        ([supply(*HOME), supply(row(21, uprn=2))], "volume-twice"),
        ([supply(*HOME), GML], "mixed-formats"),
    ],
)
def test_volumes_that_do_not_belong_together_are_refused(volumes: list[str], rule: str) -> None:
    with pytest.raises(FileRefused) as refused:
        outcomes(*volumes)
    assert refused.value.rule.name == rule


def test_progress_is_told_in_bytes_of_the_upload() -> None:
    told: list[tuple[int, int]] = []
    upload = io.BytesIO(supply(*HOME).encode())
    with read_supply([upload], progress=lambda done, total: told.append((done, total))):
        assert told[-1] == (len(upload.getvalue()),) * 2


def test_the_callers_file_stays_open() -> None:
    upload = io.BytesIO(supply(*HOME).encode())
    with unpacked(upload) as plain:
        plain.read()
    assert not upload.closed


FILES = [
    supply(*HOME).encode(),
    GML.encode(),
    gzip.compress(supply(*HOME).encode()),
    zipped(("a.csv", supply(*HOME).encode())),
    zipped(("a.xml", GML.encode())),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 2_000), st.binary(max_size=12), st.integers(0, 40))
def test_a_damaged_file_is_read_or_refused_and_never_fails_in_another_way(
    file: bytes, place: int, damage: bytes, lost: int
) -> None:
    at = place % len(file)
    with contextlib.suppress(FileRefused):
        outcomes(file[:at] + damage + file[at + lost :])
