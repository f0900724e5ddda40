"""Every field that an officer fills in says what the law asks of it, or whose practice it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from desk.forms import Form
from desk.help import HELP
from desk.rooms.practice.lessons import LESSONS

DESK = Path(__file__).parents[1]
TEMPLATES = sorted(path for path in DESK.rglob("*.html") if path.name != "macros.html")
MACROS = frozenset({"field", "day_field", "area", "select", "choose"})
PASSED_ON = "passed on"
"""Stands for the help that a macro of a room is called with."""
SITES = frozenset({"www.legislation.gov.uk", "www.electoralcommission.org.uk"})


def called(path: Path) -> str:
    """`supply/request` for a template of a room, `authority` for one of the desk."""
    return (f"{path.parent.parent.name}/" if path.is_relative_to(DESK / "rooms") else "") + path.stem


def parsed(path: Path) -> nodes.Template:
    return Environment().parse(path.read_text(encoding="utf-8"))


WITH_HELP = {
    f"{path.parent.parent.name}/{macro.name}"
    for path in TEMPLATES
    for macro in parsed(path).find_all(nodes.Macro)
    if "help" in (arg.name for arg in macro.args)
}
"""Macros of rooms that draw fields with the help of their caller, as `<room>/<macro>`."""


def outline(node: nodes.Node, room: str) -> str:
    """A template as the tags that it writes, all branches one after the other, with a tag for each call of a macro of fields."""
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        macro, said = node.node.attr, {kw.key: kw.value for kw in node.kwargs}
        if macro in MACROS or f"{room}/{macro}" in WITH_HELP:
            return f'<desk-field label="{escape(str(node.lineno))}" help="{escape(said_of(said.get("help")))}">'
        if macro == "why":
            return f'<desk-why help="{escape(said_of(node.args[0]))}">'
    return "".join(outline(child, room) for child in node.iter_child_nodes())


def said_of(help: nodes.Expr | None) -> str:
    if help is None:
        return ""
    return str(help.value) if isinstance(help, nodes.Const) else PASSED_ON


class Reading(HTMLParser):
    """Which helps a page names, and at which fields of forms that are sent there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.helps: list[str] = []
        self.bare: list[str] = []
        self._filters = False
        self._explained = [False]
        self._waiting: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._filters = has.get("method") != "post"
            case "fieldset":
                self._explained.append(has.get("aria-details", "").endswith("-why"))
            case "desk-field" | "desk-why":
                self.helps += [has["help"]] if has["help"] not in ("", PASSED_ON) else []
                if tag == "desk-field" and not has["help"]:
                    self._bare(f"the field of line {has['label']}")
            case "input" | "select" | "textarea" if "name" in has and has.get("type") != "hidden":
                if not has.get("aria-details", "").endswith("-why"):
                    self._bare(has["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._filters = False
        elif tag == "fieldset":
            self._explained.pop()

    def _bare(self, field: str) -> None:
        if not self._filters and not any(self._explained):
            self.bare.append(field)


def read(template: nodes.Template, room: str = "") -> Reading:
    reading = Reading()
    reading.feed(outline(template, room))
    return reading


def named() -> Iterator[tuple[str, str]]:
    """Each help that a template names, with the template."""
    for path in TEMPLATES:
        for help in read(parsed(path), path.parent.parent.name).helps:
            yield help, called(path)


@pytest.mark.parametrize("path", TEMPLATES, ids=called)
def test_each_field_of_a_form_that_is_sent_has_its_help(path: Path):
    assert read(parsed(path), path.parent.parent.name).bare == []


@pytest.mark.parametrize(
    "field",
    [
        '{{ m.area(form, "reason", "Why", rows=2) }}',
        '<input class="govuk-file-upload" name="file" type="file">',
        '<fieldset class="govuk-fieldset">{% for n in [1, 2] %}{{ m.field(form, n, "Seats") }}{% endfor %}</fieldset>',
    ],
)
def test_a_field_without_help_is_noticed_unless_it_filters(field: str):
    assert read(Environment().parse(f'<form action="/x/{{{{ id }}}}" method="post">{field}</form>')).bare != []
    assert read(Environment().parse(f'<form action="/x/{{{{ id }}}}" method="get">{field}</form>')).bare == []


def test_each_help_that_a_page_names_is_there_under_the_name_of_its_room():
    wrong = [(help, page) for help, page in named() if help not in HELP or help.split("/")[0] != page.split("/")[0]]
    assert wrong == []


def test_each_help_stands_on_a_page():
    assert HELP.keys() - {help for help, _ in named()} - {lesson.why for lesson in LESSONS} == set()


@pytest.mark.parametrize("key", sorted(HELP))
def test_a_help_is_short_and_says_who_asks(key: str):
    help = HELP[key]
    assert 1 <= len(re.findall(r"[.!?](?= |$)", help.text)) <= 2
    assert help.text.endswith(".")
    assert help.source
    if help.url:
        link = urlsplit(help.url)
        assert (link.scheme, link.hostname in SITES) == ("https", True)
        assert link.path.count("/") > 3
    else:
        assert re.match("The council’s |Practice of ", help.source)


@pytest.mark.parametrize("draws", ["field", "day_field", "area", "select", "choose"])
def test_a_field_is_tied_to_its_help_and_not_described_by_it(draws: str):
    macros = Environment(autoescape=True, loader=FileSystemLoader(DESK / "templates"))
    macros.globals["helps"] = HELP
    macros.filters |= dict.fromkeys(("day", "moment", "drawn"), str)
    more = ', [("a", "A"), ("b", "B")]' if draws in ("select", "choose") else ""
    page = macros.from_string(
        f'{{% import "macros.html" as m %}}{{{{ m.{draws}(form, "f", "Label"{more}, help="supply/purpose") }}}}'
    ).render(form=Form())
    assert page.count('aria-details="f-why"') == page.count('id="f-why"') == 1
    assert "f-why" not in "".join(re.findall(r'aria-describedby="([^"]*)"', page))
    assert HELP["supply/purpose"].url in page
