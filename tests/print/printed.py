"""A paper as it comes from the typesetter: as PDF, and its first page as a picture to be compared with one that somebody looked at."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import typst
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

GOLDEN = Path(__file__).parent / "golden"
RESOLUTION = 48
"""Dots per inch: enough to see a column move or a heading go, small enough to keep."""
ALIKE = 0.1
"""Mean difference of grey (of 255) up to which two pictures count as the same."""


@dataclass(frozen=True)
class Printed:
    """`picture` is made by the same typesetter from the same content as `pdf`."""

    name: str
    pdf: PdfReader
    picture: Image.Image


def print_of(name: str, make: Callable[[], bytes]) -> Printed:
    """What `make` prints through `shared.service.printing`."""
    set_again: dict[str, Any] = {}
    compile_ = typst.compile

    def remembered(template: Path | bytes, **options: Any) -> bytes:
        if isinstance(template, Path):
            set_again.update(template=template, inputs=options["sys_inputs"])
        made: bytes = compile_(template, **options)
        return made

    with patch.object(typst, "compile", remembered):
        content = make()
    drawn = compile_(
        set_again["template"], format="png", ppi=RESOLUTION, ignore_system_fonts=True, sys_inputs=set_again["inputs"]
    )
    first = drawn if isinstance(drawn, bytes) else drawn[0]
    return Printed(name, PdfReader(io.BytesIO(content)), Image.open(io.BytesIO(first)).convert("L"))


def looks_as_it_did(printed: Printed) -> None:
    """Fails unless the picture is the one that is kept; keeps a new one, for somebody to look at."""
    kept = GOLDEN / f"{printed.name}.png"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        printed.picture.save(kept, optimize=True)
        pytest.fail(f"{kept.name} is new: look at it and commit it")
    golden = Image.open(kept).convert("L")
    assert printed.picture.size == golden.size
    differs = ImageStat.Stat(ImageChops.difference(printed.picture, golden)).mean[0]
    assert differs <= ALIKE, f"{printed.name} differs by {differs:.2f} of 255: look at it"


def is_tagged(printed: Printed, language: str = "en") -> list[str]:
    """Fails unless it is tagged PDF/UA-1 with title, language and a heading, and every font is in it. Its tags."""
    root = of(printed.pdf.trailer["/Root"])
    says: list[Any] = [of(root["/MarkInfo"])["/Marked"], of(root["/ViewerPreferences"])["/DisplayDocTitle"]]
    assert says == [True, True]
    assert str(root["/Lang"]).startswith(language)
    metadata = printed.pdf.metadata
    assert metadata is not None
    assert metadata.title
    assert not metadata.author, "who made it is nobody's business"
    assert b"pdfuaid:part>1<" in of(root["/Metadata"]).get_data()  # type: ignore[attr-defined]
    tags = list(_tags(of(root["/StructTreeRoot"])))
    assert {"/Document", "/H1"} <= set(tags)
    fonts = list(_fonts(printed.pdf))
    assert fonts
    for font in fonts:
        descriptor = of(font["/FontDescriptor"])
        assert descriptor.keys() & {"/FontFile", "/FontFile2", "/FontFile3"}, font["/BaseFont"]
    return tags


def of(reference: Any) -> DictionaryObject:
    """What a reference within a PDF leads to."""
    found: DictionaryObject = reference.get_object()
    return found


def _tags(node: DictionaryObject) -> Iterator[str]:
    if "/S" in node:
        yield str(node["/S"])
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object()
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield from _tags(found)


def _fonts(pdf: PdfReader) -> Iterator[DictionaryObject]:
    """Of each font what describes it: of a composite one, its descendant."""
    for page in pdf.pages:
        for reference in of(of(page["/Resources"]).get("/Font", DictionaryObject())).values():
            font = of(reference)
            yield of(font["/DescendantFonts"][0]) if "/DescendantFonts" in font else font  # type: ignore[index]
