"""Papers as PDF: tagged and accessible (PDF/UA-1), by Typst, the same content byte for byte each time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from shared.service.problems import Problem

NO_GLYPH = "could not be displayed with font"


def typeset(template: Path, name: str, content: Any) -> bytes:
    """`content` (JSON values) set by `template`, which reads it as the input `name`: data, never markup.

    Set in the fonts that Typst brings along; a text that they have no letters for, in those of the machine. Raises
    `Problem` when none has: a reader must not find a box in the place of a name. Takes some hundredths of a second of a
    thread.
    """
    inputs = {name: json.dumps(content, ensure_ascii=False)}
    for with_fonts_of_machine in (False, True):
        try:
            made: bytes = typst.compile(
                template, format="pdf", pdf_standards="ua-1", ignore_system_fonts=not with_fonts_of_machine, timestamp=0,
                sys_inputs=inputs,
            )  # fmt: skip
            return made
        except typst.TypstError as problem:
            if NO_GLYPH not in str(problem):
                raise
    raise Problem(
        422, "text-not-printable", "This paper holds letters of a script for which no font is installed.",
        next="Have a font of that script installed (Noto has one for each), or read the paper as HTML where there is one.",
    ) from None  # fmt: skip
