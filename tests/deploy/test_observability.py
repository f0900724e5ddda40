"""Rules and dashboards ask only for what is exported, cover every role, lead to a page of the runbook, and fire as meant."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.topology import CONTEXTS, REPORTING, ROOT, roles
from reporting.keeping import Keeping
from services.notifications.sending.settings import SendingSettings
from services.notifications.sending.worker import Sending
from services.registration.main import service
from shared.eventcore.keys import Keyring
from shared.service import telemetry
from shared.service.health import WorkerMetrics
from shared.service.measures import measures_of
from shared.service.migrate import migrate
from shared.service.runtime import open_core, workers_of
from shared.service.settings import Databases, Role, Settings
from tests.deploy.manifests import K8S
from tests.deploy.promql import metrics_in

ROOM = ROOT / "deploy" / "observability"
RULE_FILES = sorted((ROOM / "rules").glob("*.yaml"))
DASHBOARDS = sorted((ROOM / "dashboards").glob("*.json"))
RULES: list[dict[str, Any]] = [
    rule for file in RULE_FILES for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]
]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}
RECORDED = {rule["record"] for rule in RULES if "record" in rule}
OF_OTHERS = {
    "up",
    "kube_deployment_status_replicas_available",
    "kube_deployment_spec_replicas",
    "kube_job_status_failed",
}
"""What Prometheus itself and kube-state-metrics tell."""


def asked() -> dict[str, set[str]]:
    """The metrics of every expression, by where it stands."""
    found = {f"rule {rule.get('alert') or rule['record']}": metrics_in(rule["expr"]) for rule in RULES}
    for file in DASHBOARDS:
        board = json.loads(file.read_text())
        for panel in board["panels"]:
            for target in panel["targets"]:
                found[f"{file.name}: {panel['title']} {target['refId']}"] = metrics_in(target["expr"])
    for overlay in (K8S / "base" / "roles").glob("*/scaling.yaml"):
        for trigger in yaml.safe_load(overlay.read_text())["spec"].get("triggers", ()):
            found[f"scaling {overlay.parent.name}"] = metrics_in(trigger["metadata"]["query"])
    return found


async def exported(database: str, directory: Path) -> set[str]:
    """What the roles of a service tell Prometheus, by the same parts that a running process is made of; and reporting."""
    await migrate(service.migrations, database)
    Keyring.create(directory / "keys")
    settings = Settings(
        context=service.context, role=Role.ALL, databases=Databases(database_url=database), env="production", keys=directory / "keys",
        oidc_issuer="https://issuer.example",
    )  # fmt: skip
    assert service.live is not None
    async with open_core(service, settings, database) as core:
        workers = workers_of(core, list(Role)) | {
            "live": service.live(settings),
            "sending": Sending(core, SendingSettings()),
            "keeping": Keeping(directory, settings.kafka, CONTEXTS, seconds=5),
        }
        found = [
            *WorkerMetrics(workers).collect(),
            *chain(*[await measure() for measure in measures_of(core, list(Role))]),
        ]
    return {metric.name for metric in found} | names_in(telemetry.metrics().decode())


def names_in(text: str) -> set[str]:
    """The metrics of Prometheus' text format, a histogram with its parts."""
    names = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        names |= {f"{name}_bucket", f"{name}_count", f"{name}_sum"} if kind == "histogram" else {name}
    return names


async def test_rules_dashboards_and_scalers_ask_only_for_what_is_exported(database: str, tmp_path: Path):
    known = await exported(database, tmp_path) | RECORDED | OF_OTHERS
    assert {place: unknown for place, names in asked().items() if (unknown := names - known)} == {}


def test_expressions_are_read_as_prometheus_reads_them():
    expression = 'topk(3, sum by (context) (rate(a_total{b=~"c(d)"}[5m])) / (rule:x:y > 0.5)) and b_bytes offset 1h'
    assert metrics_in(expression) == {"a_total", "rule:x:y", "b_bytes"}


def test_every_role_has_an_alert_of_its_own_besides_the_one_for_all():
    alerted = {rule["labels"].get("role") for rule in ALERTS.values()}
    assert alerted >= {role for context in CONTEXTS for role in roles(context)} | {REPORTING}
    assert "kube_deployment_status_replicas_available" in ALERTS["RoleDown"]["expr"]


def test_every_alert_leads_to_a_page_of_the_runbook_and_says_how_urgent_it_is():
    for name, rule in ALERTS.items():
        assert (ROOT / rule["annotations"]["runbook"]).is_file(), name
        assert rule["labels"]["severity"] in {"page", "ticket"}, name
        assert rule["annotations"]["summary"], name


def test_every_alert_is_shown_to_fire():
    shown = "".join(file.read_text() for file in (ROOM / "rules" / "tests").glob("*.yaml"))
    assert {name for name in ALERTS if f"alertname: {name}\n        exp_alerts" not in shown} == set()


@pytest.mark.parametrize("words", [["check", "rules"], ["test", "rules"]], ids=" ".join)
def test_promtool_agrees(words: list[str]):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed: it comes with Debian's package prometheus")
    files = RULE_FILES if words[0] == "check" else sorted((ROOM / "rules" / "tests").glob("*.yaml"))
    done = subprocess.run([promtool, *words, *map(str, files)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_a_dashboard_is_one_that_grafana_shows_whole(file: Path):
    board = json.loads(file.read_text())
    assert board["uid"] == f"moothall-{file.stem}"
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        assert panel["title"]
        assert panel["description"]
        assert panel["targets"]
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, f"{panel['title']} lies on another panel"
        taken |= cells


def test_everything_here_is_deployed():
    generated = yaml.safe_load((ROOM / "kustomization.yaml").read_text())["configMapGenerator"]
    files = {file for entry in generated for file in entry["files"]}
    assert files == {str(file.relative_to(ROOM)) for file in [*RULE_FILES, *DASHBOARDS]}


def test_the_labels_that_rules_go_by_are_put_on_by_the_scrape():
    (scrape,) = yaml.safe_load((ROOM / "prometheus.yaml").read_text())["scrape_configs"]
    assert scrape["job_name"] == "moothall"
    assert {c.get("target_label") for c in scrape["relabel_configs"]} >= {"context", "role", "pod"}
