"""Papers: the same each time, in letters that are there, or a clear word that they are not."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from shared.service.printing import typeset
from shared.service.problems import Problem

TEMPLATE = """
#let told = json(bytes(sys.inputs.paper))
#set document(title: told.title)
#set text(lang: "en")
= #told.title
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "paper.typ"
    file.write_text(TEMPLATE)
    return file


def test_a_paper_is_the_same_each_time(template):
    once = typeset(template, "paper", {"title": "Notice of *election* & Ärger"})
    assert once.startswith(b"%PDF")
    assert typeset(template, "paper", {"title": "Notice of *election* & Ärger"}) == once


def test_letters_that_no_font_has_are_refused_and_not_printed_as_boxes(template):
    with pytest.raises(Problem) as refused:
        typeset(template, "paper", {"title": "\ufdd0"})  # no character, so in no font anywhere
    assert (refused.value.status_code, refused.value.name) == (422, "text-not-printable")


def test_a_broken_template_is_our_fault_and_says_so(tmp_path):
    (tmp_path / "broken.typ").write_text("#nothing-of-this-name")
    with pytest.raises(typst.TypstError):
        typeset(tmp_path / "broken.typ", "paper", {})
