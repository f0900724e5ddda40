"""A pack as the person gets it: a page to read, and a ZIP of that page with the same as data (UK GDPR article 12(1), 15(3))."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.registration.data_protection.pack import Pack, in_text
from services.registration.papers.registers import long_date

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Of every file in a ZIP, so that the same pack is the same bytes."""


def page(pack: Pack, as_at: date) -> str:
    """HTML that needs nothing else: no script, no font, no file. What was recorded is never read as markup."""
    return _TEMPLATES.get_template("pack.html").render(pack=pack, as_at=as_at, text=in_text, day=long_date)


def as_json(pack: Pack) -> bytes:
    return orjson.dumps(pack, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def bundle(pack: Pack, as_at: date) -> bytes:
    """`pack.html` and `pack.json` in a ZIP; the same pack gives the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (("pack.html", page(pack, as_at).encode()), ("pack.json", as_json(pack))):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
