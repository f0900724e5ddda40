"""Who may talk to whom, worked out from the NetworkPolicies as Kubernetes would: each connection needs both ends' leave."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.topology import ASKS, CONTEXTS, DESK, LIVE, MIGRATE, REPORTING
from tests.deploy.manifests import COMPONENT, NAME, PROCESSES, Manifest, of_kind, pod_templates, selects

OVERLAY = "production"
HTTP, POSTGRES, KAFKA = 8080, 5432, 9092
BROKER = {"strimzi.io/cluster": "kafka", "strimzi.io/kind": "Kafka"}
READS_KAFKA = {REPORTING, "relay", "views", "policies", "sealer", LIVE, "rebuild"}


EVERYBODY = [*PROCESSES, (REPORTING, REPORTING), (DESK, "api")]


def labels_of(context: str, role: str) -> dict[str, str]:
    name = REPORTING if context == REPORTING else f"{context}-{role}"
    return dict(dict(pod_templates(OVERLAY))[name]["metadata"]["labels"])


def postgres_of(context: str) -> dict[str, str]:
    return dict(of_kind(OVERLAY, "Cluster")[f"{context}-postgres"]["spec"]["inheritedMetadata"]["labels"])


def rules(direction: str, labels: dict[str, str]) -> Iterator[Manifest]:
    """The rules that admit something to (`ingress`) or from (`egress`) a pod."""
    for policy in of_kind(OVERLAY, "NetworkPolicy").values():
        if selects(policy["spec"]["podSelector"], labels):
            yield from policy["spec"].get(direction, ())


def named(peers: list[Manifest], labels: dict[str, str]) -> bool:
    """Whether a pod of this namespace is among the peers."""
    return any(
        "podSelector" in peer and "namespaceSelector" not in peer and selects(peer["podSelector"], labels)
        for peer in peers
    )


def may_leave(source: dict[str, str], target: dict[str, str], port: int) -> bool:
    return any(
        named(rule.get("to", []), target) and port in {p["port"] for p in rule.get("ports", [{"port": port}])}
        for rule in rules("egress", source)
    )


def may_enter(source: dict[str, str], target: dict[str, str], port: int) -> bool:
    return any(
        named(rule.get("from", []), source) and port in {p["port"] for p in rule["ports"]}
        for rule in rules("ingress", target)
    )


def may_talk(source: dict[str, str], target: dict[str, str], port: int) -> bool:
    return may_leave(source, target, port) and may_enter(source, target, port)


def test_what_no_rule_names_is_denied():
    spec = of_kind(OVERLAY, "NetworkPolicy")["default-deny"]["spec"]
    assert spec == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize(
    ("context", "role"), [*EVERYBODY, *((c, MIGRATE) for c in CONTEXTS), *((c, "rebuild") for c in CONTEXTS)]
)
def test_a_process_reaches_its_own_database_and_no_other(context: str, role: str):
    source = labels_of(context, role)
    reached = {other for other in (*CONTEXTS, DESK) if may_talk(source, postgres_of(other), POSTGRES)}
    assert reached == (set() if role in {LIVE, REPORTING} else {context})


@pytest.mark.parametrize(("context", "role"), EVERYBODY)
def test_only_who_reads_or_writes_topics_reaches_kafka(context: str, role: str):
    assert may_leave(labels_of(context, role), BROKER, KAFKA) == (role in READS_KAFKA)


def test_the_broker_admits_exactly_those():
    (listener,) = of_kind(OVERLAY, "Kafka")["kafka"]["spec"]["kafka"]["listeners"]
    admitted = {(c, r) for c, r in EVERYBODY if named(listener["networkPolicyPeers"], labels_of(c, r))}
    assert admitted == {(c, r) for c, r in EVERYBODY if r in READS_KAFKA}


def test_services_ask_each_other_only_as_the_topology_says():
    asked = {
        (f"{context}-{role}", other)
        for context, role in PROCESSES
        for other in CONTEXTS
        if may_talk(labels_of(context, role), labels_of(other, "api"), HTTP)
    }
    assert asked == {(f"{context}-sending", other) for context, others in ASKS.items() for other in others}


def test_the_desk_asks_every_service_and_no_process_asks_the_desk():
    desk = labels_of(DESK, "api")
    asked = {(c, r) for c, r in PROCESSES if may_talk(desk, labels_of(c, r), HTTP)}
    assert asked == {(context, "api") for context in CONTEXTS}
    assert not [(c, r) for c, r in PROCESSES if may_talk(labels_of(c, r), desk, HTTP)]


@pytest.mark.parametrize(("context", "role"), EVERYBODY)
def test_the_gateway_reaches_what_answers_people_and_nothing_else(context: str, role: str):
    assert (HTTP in from_namespace("gateway", labels_of(context, role))) == (role in {"api", LIVE})


@pytest.mark.parametrize(("context", "role"), EVERYBODY)
def test_every_role_can_be_measured(context: str, role: str):
    assert from_namespace("monitoring", labels_of(context, role)) == {HTTP}


def from_namespace(namespace: str, labels: dict[str, str]) -> set[int]:
    """The ports of a pod that the pods of another namespace reach."""
    return {
        port["port"]
        for rule in rules("ingress", labels)
        for peer in rule["from"]
        if peer.get("namespaceSelector", {}).get("matchLabels") == {"kubernetes.io/metadata.name": namespace}
        for port in rule["ports"]
    }


@pytest.mark.parametrize("context", [*CONTEXTS, DESK])
def test_databases_replicate_among_their_own(context: str):
    assert {other for other in (*CONTEXTS, DESK) if may_talk(postgres_of(context), postgres_of(other), POSTGRES)} == {
        context
    }


def test_every_label_that_a_policy_names_is_worn_by_somebody():
    worn = {template["metadata"]["labels"][COMPONENT] for _, template in pod_templates(OVERLAY)} | {"postgres"}
    for name, policy in of_kind(OVERLAY, "NetworkPolicy").items():
        for key, values in named_labels(policy["spec"]):
            if key == COMPONENT:
                assert set(values) <= worn, name
            if key == NAME:
                assert set(values) <= {*CONTEXTS, REPORTING, DESK}, name


def named_labels(node: object) -> Iterator[tuple[str, list[str]]]:
    match node:
        case {"key": str(key), "values": list(values)}:
            yield key, values
        case {"matchLabels": dict(labels), **rest}:
            yield from ((key, [value]) for key, value in labels.items())
            yield from named_labels(list(rest.values()))
        case dict():
            yield from named_labels(list(node.values()))
        case list():
            for inner in node:
                yield from named_labels(inner)
