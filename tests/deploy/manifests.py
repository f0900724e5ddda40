"""The manifests of deploy/k8s as `kubectl` would send them, and what tests ask of them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from deploy.topology import CONTEXTS, ROOT, roles

Manifest = dict[str, Any]
K8S = ROOT / "deploy" / "k8s"
OVERLAYS = ("dev", "production", "election-week")
PROCESSES = [(context, role) for context in CONTEXTS for role in roles(context)]
"""What runs on: every role of every service."""

NAME, COMPONENT = "app.kubernetes.io/name", "app.kubernetes.io/component"


@cache
def rendered(overlay: str) -> tuple[Manifest, ...]:
    """Every object of an overlay. Skips the test where no Kustomize is installed."""
    if kustomize := shutil.which("kustomize"):
        command = [kustomize, "build"]
    elif kubectl := shutil.which("kubectl"):
        command = [kubectl, "kustomize"]
    else:
        pytest.skip("neither kustomize nor kubectl is installed here, so nothing can be rendered")
    done = subprocess.run([*command, str(K8S / "overlays" / overlay)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[:2000]
    return tuple(yaml.safe_load_all(done.stdout))


def of_kind(overlay: str, kind: str) -> dict[str, Manifest]:
    """The objects of a kind, by name."""
    return {m["metadata"]["name"]: m for m in rendered(overlay) if m["kind"] == kind}


def deployment(overlay: str, context: str, role: str) -> Manifest:
    found = of_kind(overlay, "Deployment").get(f"{context}-{role}")
    assert found is not None, f"no Deployment {context}-{role} in {overlay}: name the role in base/{context}"
    return found


def pod_templates(overlay: str) -> Iterator[tuple[str, Manifest]]:
    """The pod of everything of ours that runs: Deployments, Jobs, CronJobs."""
    for manifest in rendered(overlay):
        match manifest["kind"]:
            case "Deployment" | "Job":
                yield manifest["metadata"]["name"], manifest["spec"]["template"]
            case "CronJob":
                yield manifest["metadata"]["name"], manifest["spec"]["jobTemplate"]["spec"]["template"]


def container(template: Manifest) -> Manifest:
    """The one container of a pod."""
    (only,) = template["spec"]["containers"]
    return only


def environment_names(overlay: str, template: Manifest) -> set[str]:
    """The variables that a container is given: one by one, and those of the ConfigMaps it names."""
    given = container(template)
    names = [variable["name"] for variable in given.get("env", ())]
    for source in given.get("envFrom", ()):
        if source.get("secretRef", {}).get("optional"):
            continue  # what an installation may add
        names += of_kind(overlay, "ConfigMap")[source["configMapRef"]["name"]]["data"]
    assert len(names) == len(set(names)), "a variable is set twice"
    return set(names)


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Whether a label selector matches, as Kubernetes decides it."""
    if any(labels.get(name) != value for name, value in selector.get("matchLabels", {}).items()):
        return False
    for wanted in selector.get("matchExpressions", ()):
        matches = labels.get(wanted["key"]) in wanted["values"]
        if matches != {"In": True, "NotIn": False}[wanted["operator"]]:
            return False
    return True
