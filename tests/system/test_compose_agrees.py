"""docker-compose.yml describes the system of deploy/topology.py: same processes, environment, ports, broker settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.broker import RECIPE, as_environment, broker_properties
from deploy.topology import (
    API_ROLE,
    CLIENT,
    CONTEXTS,
    DESK,
    LIVE,
    MIGRATE,
    ROOT,
    SENDING,
    Ports,
    Topology,
    database,
    roles,
)
from shared.eventcore.testing.infrastructure import KAFKA_IMAGE, POSTGRES_IMAGE

PASSWORDS = {
    "MOOT_POSTGRES_PASSWORD": "p", "MOOT_OWNER_PASSWORD": "o", "MOOT_API_PASSWORD": "a", "MOOT_CLIENT_SECRET": "c",
}  # fmt: skip

TOPOLOGY = Topology(
    postgres="postgres:5432",
    kafka="kafka:9092",
    issuer="http://issuer:8400",
    keys=Path("/keys"),
    passwords={database(context): "o" for context in (*CONTEXTS, DESK)} | {API_ROLE: "a", CLIENT: "c"},
    ports=Ports(8400),
    host="0.0.0.0",
    desk_host="desk",
    post_office="post-office",
    api_host="{context}-api",
)


def as_compose_reads(text: str) -> str:
    """Fill in `${NAME:-default}` and `${NAME:?}` as Docker does when only the passwords are set."""
    return re.sub(r"\$\{(\w+):([-?])([^}]*)\}", lambda m: PASSWORDS[m[1]] if m[2] == "?" else m[3], text)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load(as_compose_reads((ROOT / "docker-compose.yml").read_text()))["services"]
    return composed


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "MOOT_AUTHORITY", "MOOT_LOG_LEVEL", "OTEL_EXPORTER_OTLP_ENDPOINT", "MOOT_CLIENT_ID", "MOOT_CLIENT_SECRET"
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


def environment(service: dict[str, Any]) -> dict[str, str]:
    given = dict(service["environment"])
    assert given.pop("OTEL_EXPORTER_OTLP_ENDPOINT", None) is None, "only passed on, never set here"
    return given


def test_there_is_one_container_per_service_and_role_and_nothing_unknown(services: dict[str, Any]):
    expected = {f"{context}-{role}" for context in CONTEXTS for role in (*roles(context), MIGRATE)}
    assert set(services) == expected | {"postgres", "kafka", "prepare", "issuer", "reporting", "post-office", "desk"}


@pytest.mark.parametrize(
    ("context", "role"), [(context, role) for context in CONTEXTS for role in (*roles(context), MIGRATE)]
)
def test_a_role_starts_as_it_does_locally(services: dict[str, Any], context: str, role: str):
    service = services[f"{context}-{role}"]
    assert service["command"] == [f"services.{context}", role]
    assert environment(service) == TOPOLOGY.environment(context, role)


@pytest.mark.parametrize("context", CONTEXTS)
def test_only_the_api_is_published_on_the_port_of_the_service(services: dict[str, Any], context: str):
    port = TOPOLOGY.ports.service(context)
    assert services[f"{context}-api"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert not any("ports" in services[f"{context}-{role}"] for role in (*roles(context), MIGRATE) if role != "api")


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_role_sees_the_keys_of_its_own_context_only(services: dict[str, Any], context: str):
    for role in roles(context):
        if role == LIVE:
            assert services[f"{context}-{role}"]["volumes"] == [], "it opens nothing"
            continue
        mount, *others = services[f"{context}-{role}"]["volumes"]
        assert others == (["print-house:/print-house"] if role == SENDING else [])
        assert mount["target"] == TOPOLOGY.environment(context, role)["MOOT_KEYS"]
        assert mount["volume"]["subpath"] == context
    assert "volumes" not in services[f"{context}-{MIGRATE}"]


@pytest.mark.parametrize("context", CONTEXTS)
def test_roles_wait_for_their_migration_and_it_waits_for_the_databases(services: dict[str, Any], context: str):
    done = {"condition": "service_completed_successfully"}
    for role in roles(context):
        assert services[f"{context}-{role}"]["depends_on"][f"{context}-{MIGRATE}"] == done
    assert services[f"{context}-{MIGRATE}"]["depends_on"] == {"prepare": done}


def test_the_issuer_is_the_local_one(services: dict[str, Any]):
    issuer = services["issuer"]
    assert issuer["command"] == ["shared.service.dev_issuer"]
    assert environment(issuer) == TOPOLOGY.issuer_environment()
    assert issuer["ports"] == [f"127.0.0.1:{TOPOLOGY.ports.issuer}:{TOPOLOGY.ports.issuer}"]


def test_the_desk_is_the_local_one_and_sees_no_keys_but_its_own(services: dict[str, Any]):
    desk = services["desk"]
    assert desk["command"] == ["desk"]
    assert environment(desk) == TOPOLOGY.desk_environment()
    assert [mount["volume"]["subpath"] for mount in desk["volumes"]] == ["desk"]
    assert desk["ports"] == [f"127.0.0.1:{TOPOLOGY.ports.desk}:{TOPOLOGY.ports.desk}"]


def test_the_post_office_is_the_local_one_and_reaches_nothing_of_ours_but_the_api(services: dict[str, Any]):
    office = services["post-office"]
    assert office["command"] == ["deploy.local.post_office"]
    assert environment(office) == TOPOLOGY.post_office_environment(Path("/mail"))
    assert office["volumes"] == ["mail:/mail"]
    assert "ports" not in office


def test_reporting_is_the_local_one_and_reaches_neither_databases_nor_keys(services: dict[str, Any]):
    reporting = services["reporting"]
    assert reporting["command"] == ["reporting"]
    assert environment(reporting) == TOPOLOGY.reporting_environment(Path("/archive"))
    assert reporting["volumes"] == ["archive:/archive"]
    assert "ports" not in reporting


def test_the_broker_is_the_local_one(services: dict[str, Any]):
    kafka = services["kafka"]
    settings = as_environment(broker_properties("0.0.0.0:9092", TOPOLOGY.kafka, "kafka:9093"))
    assert kafka["environment"].items() >= settings.items()
    assert kafka["image"] == KAFKA_IMAGE
    assert f"<version>{KAFKA_IMAGE.partition(':')[2]}</version>" in (RECIPE / "pom.xml").read_text()


def test_the_database_is_the_one_that_tests_use(services: dict[str, Any]):
    assert services["postgres"]["image"] == POSTGRES_IMAGE
    assert services["postgres"]["ports"] == [f"127.0.0.1:{TOPOLOGY.ports.postgres}:5432"]


def test_preparation_makes_databases_and_topics_with_the_passwords_that_roles_use(services: dict[str, Any]):
    prepare = services["prepare"]
    assert prepare["command"] == ["deploy.preparation"]
    assert prepare["environment"]["MOOT_KAFKA"] == TOPOLOGY.kafka
    assert prepare["environment"]["MOOT_OWNER_PASSWORD"] == TOPOLOGY.passwords[database("registration")]
    assert prepare["environment"]["MOOT_API_PASSWORD"] == TOPOLOGY.passwords[API_ROLE]
