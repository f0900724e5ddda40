"""Every manifest is what Kubernetes, or the operator that it is for, understands: no field is misspelt or of another type."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from tests.deploy.manifests import K8S, OVERLAYS, Manifest, of_kind, rendered

KUBERNETES = "1.34"
"""The oldest Kubernetes for which the manifests are written."""
OPERATORS = yaml.safe_load((Path(__file__).parent / "operators.yaml").read_text())
KINDS = sorted(OPERATORS.keys() - {"$defs"})


def check(manifest: Manifest) -> None:
    """Raises `ValidationError` for a manifest that its reader would refuse, or would read otherwise than we mean it."""
    if manifest["kind"] in KINDS:
        Draft202012Validator({**OPERATORS[manifest["kind"]], "$defs": OPERATORS["$defs"]}).validate(manifest)
    else:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


@cache
def problem_of(text: str) -> str:
    """What is wrong with a manifest; empty when nothing is. Cached, since overlays have most manifests in common."""
    manifest = json.loads(text)
    try:
        check(manifest)
    except ValidationError as broken:
        return f"{manifest['kind']} {manifest['metadata']['name']} at {list(broken.path)}: {broken.message}"
    return ""


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_manifest_fits_the_schema_of_its_kind(overlay: str):
    assert [problem for manifest in rendered(overlay) if (problem := problem_of(json.dumps(manifest)))] == []


@pytest.mark.parametrize("kind", ["Deployment", *KINDS])
def test_a_misspelt_field_is_refused(kind: str):
    broken = copy.deepcopy(next(iter(of_kind("production", kind).values())))
    broken["spec"]["replicaz"] = 2
    with pytest.raises(ValidationError):
        check(broken)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_two_manifests_share_kind_and_name(overlay: str):
    names = [(m["kind"], m["metadata"]["name"]) for m in rendered(overlay)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_placeholder_of_a_mould_is_left(overlay: str):
    assert not [m["metadata"]["name"] for m in rendered(overlay) if "CONTEXT" in str(m) or "ROLE" in str(m)]


def test_checkov_finds_nothing_but_what_we_mean(tmp_path: Path):
    checkov = shutil.which("checkov")
    if checkov is None:
        pytest.skip(
            "checkov is not installed: its pins cannot live beside ours; `pipx install checkov` puts it on the path"
        )
    manifests = tmp_path / "production.yaml"
    manifests.write_text(yaml.safe_dump_all(rendered("production")))
    command = [
        checkov,
        "--file",
        str(manifests),
        "--framework",
        "kubernetes",
        "--config-file",
        str(K8S / "checkov.yaml"),
    ]
    done = subprocess.run([*command, "--output", "json"], capture_output=True, text=True, timeout=300)
    report = json.loads(done.stdout)
    assert report["summary"]["passed"] > 1000
    assert [(c["check_id"], c["resource"]) for c in report["results"]["failed_checks"]] == []
