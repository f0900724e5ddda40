"""The runbook names only commands, objects and alerts that exist, and each page says what a person in trouble must know."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from deploy.topology import ROOT
from tests.deploy.manifests import of_kind
from tests.deploy.moot_commands import problem_with
from tests.deploy.test_observability import ALERTS

RUNBOOK = ROOT / "docs" / "runbook"
PAGES = sorted(file for file in RUNBOOK.glob("*.md") if file.name != "README.md")
CODE = re.compile(r"`([^`]+)`|^ {4}(.+)$", re.MULTILINE)
every_page = pytest.mark.parametrize(
    "page", [*PAGES, RUNBOOK / "README.md", ROOT / "docs" / "scale.md"], ids=lambda page: page.stem
)


def code_in(page: Path) -> list[str]:
    return [inline or block for inline, block in CODE.findall(page.read_text())]


@every_page
def test_a_page_names_only_commands_that_exist(page: Path):
    commands = [
        shlex.split(code.removeprefix("./"))[1:] for code in code_in(page) if re.match(r"(\./)?moot [a-z]", code)
    ]
    commands += [shlex.split(code.split("python -m cli ")[1]) for code in code_in(page) if "python -m cli " in code]
    assert [problem for words in commands if (problem := problem_with(words))] == []


@every_page
def test_a_page_names_only_workloads_that_are_deployed(page: Path):
    known = set().union(
        *(
            of_kind("production", kind)
            for kind in ("Deployment", "Cluster", "CronJob", "Job", "HorizontalPodAutoscaler")
        )
    )
    named = re.findall(r"(?:deploy/|cronjob/|cluster |patch hpa |delete job )([a-z]+-[a-z]+)", " ".join(code_in(page)))
    assert set(named) <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_symptom_command_proof_and_stop_rule_in_this_order(page: Path):
    text = page.read_text()
    places = [text.find(f"**{part}.**") for part in ("Symptom", "Command", "Proof", "Stop rule")]
    assert -1 not in places
    assert places == sorted(places)


def test_every_alert_is_named_on_the_page_that_it_leads_to():
    for name, rule in ALERTS.items():
        page = ROOT / rule["annotations"]["runbook"]
        assert f"`{name}`" in page.read_text(), f"{page.name} does not name {name}"


def test_the_index_leads_to_every_page_and_no_link_is_broken():
    index = (RUNBOOK / "README.md").read_text()
    assert all(f"]({page.name})" in index for page in PAGES)
    for page in (*PAGES, RUNBOOK / "README.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (page.parent / link).is_file(), f"{page.name}: {link}"
