"""deploy/k8s describes the system of deploy/topology.py, and keeps what it promises: isolation, durability, no secrets."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.topology import (
    API_ROLE,
    CLIENT,
    CONTEXTS,
    DESK,
    LIVE,
    MIGRATE,
    PARTITIONS,
    REPORTING,
    RINGS,
    Topology,
    database,
    roles,
    topics,
)
from shared.law.polls import PollType
from shared.law.timetable import Step, timetable
from shared.service.runtime import POOL_SIZE
from tests.deploy.manifests import (
    COMPONENT,
    K8S,
    NAME,
    OVERLAYS,
    PROCESSES,
    container,
    deployment,
    environment_names,
    of_kind,
    pod_templates,
    rendered,
    selects,
)
from tests.deploy.moot_commands import problem_with

TOPOLOGY = Topology(
    postgres="postgres:5432",
    kafka="kafka:9092",
    issuer="https://issuer",
    keys=Path("/keys"),
    passwords={database(context): "o" for context in (*CONTEXTS, DESK)} | {API_ROLE: "a", CLIENT: "c"},
)
OF_THE_INSTALLATION = {"MOOT_NOTIFY_CALLBACK_TOKEN"}
"""Variables that the topology gives only where development's post office plays the other side."""
OF_ALL_SETTINGS = {"MOOT_KAFKA", "OTEL_EXPORTER_OTLP_ENDPOINT"}
"""Variables of the ConfigMap `settings`, which the desk is given with the others and does not read."""
OF_OTHERS = 20
"""Connections for migrations, rebuilds, the database's operator and people."""
REAL = ("production", "election-week")
every_overlay = pytest.mark.parametrize("overlay", OVERLAYS)
every_real_overlay = pytest.mark.parametrize("overlay", REAL)
every_process = pytest.mark.parametrize(("context", "role"), PROCESSES)


@pytest.fixture(autouse=True)
def traces_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://traces")


# The same system as everywhere else


@every_overlay
def test_every_role_of_every_service_has_a_deployment_and_nothing_else_has(overlay: str):
    wanted = {f"{context}-{role}" for context, role in PROCESSES}
    assert of_kind(overlay, "Deployment").keys() - {"issuer"} == wanted | {REPORTING, f"{DESK}-api"}
    assert of_kind(overlay, "Job").keys() == {f"{context}-{MIGRATE}" for context in CONTEXTS}
    assert of_kind(overlay, "CronJob").keys() == {f"{context}-rebuild" for context in CONTEXTS}


def test_the_issuer_that_signs_anybody_in_stays_in_development():
    assert [overlay for overlay in OVERLAYS if "issuer" in of_kind(overlay, "Deployment")] == ["dev"]


@every_process
def test_a_role_starts_as_it_does_everywhere(context: str, role: str):
    template = deployment("production", context, role)["spec"]["template"]
    assert container(template)["args"] == [f"services.{context}", role]
    assert environment_names("production", template) - OF_THE_INSTALLATION == TOPOLOGY.environment(context, role).keys()


def test_only_the_api_of_notifications_knows_what_govuk_notify_shows_when_it_calls_back():
    for name, template in pod_templates("production"):
        knows = "MOOT_NOTIFY_CALLBACK_TOKEN" in environment_names("production", template)
        assert knows == (name == "notifications-api"), name


@every_overlay
def test_all_senders_and_whoever_hands_letters_over_share_one_folder(overlay: str):
    spec = deployment(overlay, "notifications", "sending")["spec"]
    template, claim = spec["template"], of_kind(overlay, "PersistentVolumeClaim")["notifications-print-house"]["spec"]
    volume = {"name": "print-house", "persistentVolumeClaim": {"claimName": "notifications-print-house"}}
    assert volume in template["spec"]["volumes"]
    assert {"name": "print-house", "mountPath": "/print-house"} in container(template)["volumeMounts"]
    assert claim["accessModes"] == ["ReadWriteMany" if spec["replicas"] > 1 else "ReadWriteOnce"]


def test_the_keys_of_a_store_kept_apart_are_among_those_that_an_installation_provides():
    provided = (K8S / "README.md").read_text()
    for context, rings in RINGS.items():
        for ring in rings:
            assert f"`{ring}-master.key`" in provided, context
    for context in CONTEXTS:
        entry = of_kind("production", "ExternalSecret")[f"{context}-keys"]["spec"]
        assert entry["dataFrom"][0]["extract"]["key"] == f"moothall/{context}/keys", (
            "whole, so that no ring is left out"
        )


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_migration_gets_its_database_and_nothing_else(context: str):
    template = of_kind("production", "Job")[f"{context}-{MIGRATE}"]["spec"]["template"]
    assert container(template)["args"] == [f"services.{context}", MIGRATE]
    assert environment_names("production", template) == TOPOLOGY.environment(context, MIGRATE).keys()


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_rebuild_is_cast_from_a_mould_that_never_runs_by_itself(context: str):
    mould = of_kind("production", "CronJob")[f"{context}-rebuild"]["spec"]
    template = mould["jobTemplate"]["spec"]["template"]
    assert mould["suspend"] is True
    assert container(template)["args"] == ["cli", "views", "rebuild", "$(VIEW)", "--service", context, "--json"]
    assert environment_names("production", template) - {"VIEW"} == TOPOLOGY.environment(context, "views").keys()
    assert problem_with(container(template)["args"][1:]) == ""


def test_reporting_has_its_archive_and_neither_database_nor_keys():
    deployed = of_kind("production", "Deployment")[REPORTING]["spec"]
    template = deployed["template"]
    assert container(template)["args"] == [REPORTING]
    assert environment_names("production", template) == TOPOLOGY.reporting_environment(Path("/archive")).keys()
    assert {v["name"] for v in template["spec"]["volumes"]} == {"archive", "tmp"}
    assert (deployed["replicas"], deployed["strategy"]) == (1, {"type": "Recreate"}), "the archive has one writer"


def test_the_desk_starts_as_it_does_everywhere_and_sees_its_own_secrets_only():
    template = deployment("production", DESK, "api")["spec"]["template"]
    assert container(template)["args"] == [DESK]
    given = environment_names("production", template) - OF_ALL_SETTINGS
    assert given == TOPOLOGY.desk_environment().keys() - OF_ALL_SETTINGS
    used = [
        v["valueFrom"]["secretKeyRef"]["name"]
        for v in container(template)["env"]
        if "secretKeyRef" in v.get("valueFrom", {})
    ]
    used += [volume["secret"]["secretName"] for volume in template["spec"]["volumes"] if "secret" in volume]
    assert set(used) == {"desk-owner", "desk-client", "desk-keys"}


@every_overlay
def test_the_topics_are_those_of_the_system(overlay: str):
    made = {m["spec"]["topicName"]: m["spec"] for m in of_kind(overlay, "KafkaTopic").values()}
    assert made.keys() == {topic.name for topic in topics()}
    for topic in topics():
        assert made[topic.name]["partitions"] == topic.partitions
        given = {name: str(value) for name, value in made[topic.name]["config"].items()}
        assert given.items() >= topic.config.items()


# Health, eviction, restraint


@every_process
def test_a_role_is_probed_for_progress_and_readiness(context: str, role: str):
    probed = container(deployment("production", context, role)["spec"]["template"])
    assert probed["livenessProbe"]["httpGet"] == {"path": "/health/live", "port": "http"}
    assert probed["startupProbe"]["httpGet"] == {"path": "/health/live", "port": "http"}
    assert probed["readinessProbe"]["httpGet"] == {"path": "/health/ready", "port": "http"}
    settings = next(m for name, m in of_kind("production", "ConfigMap").items() if name.startswith("settings"))
    assert {"name": "http", "containerPort": int(settings["data"]["MOOT_PORT"])} in probed["ports"]


@every_overlay
def test_every_deployment_has_one_disruption_budget_and_each_budget_one_deployment(overlay: str):
    deployments = of_kind(overlay, "Deployment")
    for name, budget in of_kind(overlay, "PodDisruptionBudget").items():
        held = [
            other
            for other, m in deployments.items()
            if selects(budget["spec"]["selector"], m["spec"]["template"]["metadata"]["labels"])
        ]
        assert held == [name]
        assert budget["spec"]["maxUnavailable"] == 1, "a node must be drainable even where one replica runs"
    assert of_kind(overlay, "PodDisruptionBudget").keys() == deployments.keys()


@every_overlay
def test_every_pod_runs_with_nothing_it_does_not_need(overlay: str):
    for name, template in pod_templates(overlay):
        pod, inside = template["spec"], container(template)
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert inside["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert inside["resources"]["requests"].keys() == {"cpu", "memory"}, name
        assert "memory" in inside["resources"]["limits"], name


@every_process
def test_replicas_are_spread_over_zones_and_nodes(context: str, role: str):
    template = deployment("production", context, role)["spec"]["template"]
    constraints = template["spec"]["topologySpreadConstraints"]
    assert {c["topologyKey"] for c in constraints} == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
    for constraint in constraints:
        assert constraint["labelSelector"]["matchLabels"].items() >= {NAME: context, COMPONENT: role}.items()
        assert selects(constraint["labelSelector"], template["metadata"]["labels"])


@every_real_overlay
def test_images_are_pinned_by_digest(overlay: str):
    images = {container(template)["image"] for _, template in pod_templates(overlay)}
    assert all("@sha256:" in image and len(image.partition("@sha256:")[2]) == 64 for image in images), images


# Secrets


@every_overlay
def test_nothing_secret_is_committed(overlay: str):
    assert not of_kind(overlay, "Secret")
    for name, manifest in of_kind(overlay, "ConfigMap").items():
        for variable, value in manifest["data"].items():
            assert not any(word in variable for word in ("PASSWORD", "SECRET", "TOKEN", "DATABASE_URL")), (
                name,
                variable,
            )
            assert "@" not in value, f"{name} {variable} holds an address with a password"
    for name, template in pod_templates(overlay):
        for variable in container(template).get("env", ()):
            if any(word in variable["name"] for word in ("SECRET", "DATABASE_URL")):
                assert "secretKeyRef" in variable["valueFrom"], (name, variable["name"])


@every_overlay
def test_every_secret_that_is_used_comes_from_the_council_s_store(overlay: str):
    kept: dict[str, set[str]] = {
        name: {entry["secretKey"] for entry in m["spec"].get("data", ())}
        for name, m in of_kind(overlay, "ExternalSecret").items()
    }
    for name, template in pod_templates(overlay):
        for variable in container(template).get("env", ()):
            if reference := variable.get("valueFrom", {}).get("secretKeyRef"):
                assert reference["key"] in kept[reference["name"]], (name, variable["name"])
        for volume in template["spec"]["volumes"]:
            assert "secret" not in volume or volume["secret"]["secretName"] in kept, name


@every_process
def test_a_role_sees_the_secrets_of_its_own_service_only(context: str, role: str):
    template = deployment("production", context, role)["spec"]["template"]
    used = [v["valueFrom"]["secretKeyRef"]["name"] for v in container(template).get("env", ()) if "valueFrom" in v]
    used += [volume["secret"]["secretName"] for volume in template["spec"]["volumes"] if "secret" in volume]
    assert all(name.startswith(f"{context}-") for name in used)
    assert (f"{context}-owner" in used) == (role not in {"api", LIVE}), "the API must not hold the owner's password"


def test_a_secret_is_kept_under_the_name_of_its_service():
    for name, manifest in of_kind("production", "ExternalSecret").items():
        spec = manifest["spec"]
        keys = [e["remoteRef"]["key"] for e in spec.get("data", ())] + [
            e["extract"]["key"] for e in spec.get("dataFrom", ())
        ]
        context, _, what = name.partition("-")
        assert set(keys) == {f"moothall/{context}/{what}"}


# Scaling


@every_real_overlay
def test_readers_scale_on_our_own_lag_and_never_beyond_the_partitions(overlay: str):
    scaled = of_kind(overlay, "ScaledObject")
    assert scaled.keys() == {f"{context}-{role}" for context, role in PROCESSES if role in {"views", "policies"}}
    for name, manifest in scaled.items():
        spec, (context, role) = manifest["spec"], name.split("-")
        assert spec["scaleTargetRef"]["name"] == name
        assert spec["minReplicaCount"] < spec["maxReplicaCount"] <= PARTITIONS
        assert spec["fallback"]["replicas"] <= PARTITIONS
        assert f'context="{context}",role="{role}"' in spec["triggers"][0]["metadata"]["query"]
        assert all(int(t["metadata"].get("desiredReplicas", 0)) <= PARTITIONS for t in spec["triggers"])


@every_overlay
def test_whoever_scales_a_deployment_is_the_only_one(overlay: str):
    scaled = of_kind(overlay, "ScaledObject").keys() | {
        m["spec"]["scaleTargetRef"]["name"] for m in of_kind(overlay, "HorizontalPodAutoscaler").values()
    }
    for name, manifest in of_kind(overlay, "Deployment").items():
        assert not ("replicas" in manifest["spec"] and name in scaled), f"{name}: applying it would undo its scaler"
    assert scaled >= {f"{context}-api" for context in CONTEXTS}


@every_real_overlay
def test_a_database_has_connections_for_as_many_processes_as_may_ever_run(overlay: str):
    most = {
        m["spec"]["scaleTargetRef"]["name"]: m["spec"]["maxReplicas"]
        for m in of_kind(overlay, "HorizontalPodAutoscaler").values()
    }
    most |= {name: m["spec"]["maxReplicaCount"] for name, m in of_kind(overlay, "ScaledObject").items()}
    for context in CONTEXTS:
        processes = [f"{context}-{role}" for role in roles(context) if role != LIVE]
        wanted = sum(most.get(name) or deployment_replicas(overlay, name) for name in processes) * POOL_SIZE
        parameters = of_kind(overlay, "Cluster")[f"{context}-postgres"]["spec"]["postgresql"]["parameters"]
        assert wanted + OF_OTHERS <= int(parameters["max_connections"]), f"{context} may want {wanted}"


def deployment_replicas(overlay: str, name: str) -> int:
    return int(of_kind(overlay, "Deployment")[name]["spec"]["replicas"])


@every_real_overlay
def test_two_replicas_share_or_stand_by_wherever_two_can_work(overlay: str):
    for context, role in PROCESSES:
        spec = deployment(overlay, context, role)["spec"]
        if "replicas" in spec:
            assert spec["replicas"] == (1 if role == LIVE else 2), f"{context}-{role}"


def test_capacity_is_raised_on_the_days_that_the_law_names():
    poll = date.fromisoformat(
        of_kind("election-week", "Namespace")["moothall"]["metadata"]["annotations"]["moothall/poll"]
    )
    steps = timetable(PollType.LOCAL, poll).steps
    wanted = {
        "registration": steps[Step.REGISTRATION].day,
        "postal-vote": steps[Step.POSTAL_VOTE].day,
        "proxy-vote": steps[Step.PROXY_VOTE].day,
        "poll": poll,
    }
    assert steps[Step.VOTER_AUTHORITY_CERTIFICATE].day == wanted["proxy-vote"]
    for manifest in of_kind("election-week", "ScaledObject").values():
        crons = {t["name"]: t["metadata"] for t in manifest["spec"]["triggers"] if t["type"] == "cron"}
        assert {name: day_of(cron["start"], poll.year) for name, cron in crons.items()} == wanted
        for cron in crons.values():
            assert day_of(cron["end"], poll.year) - day_of(cron["start"], poll.year) <= timedelta(days=1)


def day_of(cron: str, year: int) -> date:
    _, _, day, month, _ = cron.split()
    return date(year, int(month), int(day))


# Durability


@every_real_overlay
def test_an_acknowledged_event_stands_on_two_disks(overlay: str):
    clusters = of_kind(overlay, "Cluster")
    assert clusters.keys() == {f"{context}-postgres" for context in (*CONTEXTS, DESK)}
    for context in (*CONTEXTS, DESK):
        spec = clusters[f"{context}-postgres"]["spec"]
        assert spec["instances"] >= 3
        assert spec["postgresql"]["synchronous"] == {"method": "any", "number": 1, "dataDurability": "required"}
        assert spec["postgresql"]["parameters"].keys().isdisjoint({"fsync", "synchronous_commit", "full_page_writes"})
        assert spec["bootstrap"]["initdb"]["database"] == spec["bootstrap"]["initdb"]["owner"] == database(context)
        others = [role["name"] for role in spec.get("managed", {}).get("roles", ())]
        assert others == ([] if context == DESK else [API_ROLE])


@every_real_overlay
def test_every_database_is_saved_each_night_and_its_log_as_it_is_written(overlay: str):
    clusters = of_kind(overlay, "Cluster")
    saved = {backup["spec"]["cluster"]["name"] for backup in of_kind(overlay, "ScheduledBackup").values()}
    assert saved == clusters.keys()
    assert all(any(p.get("isWALArchiver") for p in m["spec"]["plugins"]) for m in clusters.values())


@every_real_overlay
def test_an_acknowledged_record_stands_on_two_brokers_of_three(overlay: str):
    config = of_kind(overlay, "Kafka")["kafka"]["spec"]["kafka"]["config"]
    assert config["default.replication.factor"] == config["offsets.topic.replication.factor"] == 3
    assert config["transaction.state.log.min.isr"] == 2
    assert config["unclean.leader.election.enable"] is False
    assert config["auto.create.topics.enable"] is False
    assert of_kind(overlay, "KafkaNodePool")["brokers"]["spec"]["replicas"] == 3
    for topic in of_kind(overlay, "KafkaTopic").values():
        assert topic["spec"]["replicas"] == 3
        assert topic["spec"]["config"]["min.insync.replicas"] == 2


def test_everything_stands_in_one_namespace_that_admits_restricted_pods_only():
    assert {m["metadata"].get("namespace", "moothall") for m in rendered("production")} == {"moothall"}
    labels: dict[str, Any] = of_kind("production", "Namespace")["moothall"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
