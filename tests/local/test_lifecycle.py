"""The life of a whole system on one machine: real servers, fake services (see conftest)."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable

import asyncpg
import psutil

from deploy.local.guard import has_ended
from deploy.local.state import State
from deploy.topology import CONTEXTS, topics
from shared.eventcore.kafka import AIOKafkaAdminClient
from tests.local.conftest import Moot


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def owner_url(moot: Moot) -> str:
    password = State(moot.state).passwords()["moothall_registration"]
    return f"postgresql://moothall_registration:{password}@127.0.0.1:{moot.ports.postgres}/moothall_registration"


async def test_data_survives_a_restart_and_reset_removes_it(moot: Moot):
    started = moot("up", "--empty", "--detach", "--json")
    assert started.returncode == 0, started.stderr
    parts = {part["name"]: part for part in json.loads(started.stdout)["parts"]}
    assert set(parts) == {"postgres", "kafka", "issuer", "reporting", "post-office", "desk", *CONTEXTS}
    assert all(part["ready"] for part in parts.values())

    now = json.loads(moot("status", "--json").stdout)
    assert all(part["memory"] > 0 for part in now["parts"])
    servers = sum(part["memory"] for part in now["parts"] if part["name"] in {"postgres", "kafka"})
    assert now["memory"] == {"servers": servers, "services": sum(part["memory"] for part in now["parts"]) - servers}

    connection = await asyncpg.connect(owner_url(moot))
    await connection.execute("CREATE TABLE kept (fact text); INSERT INTO kept VALUES ('Mootshire')")
    await connection.close()
    assert moot("down").returncode == 0
    assert not any(psutil.pid_exists(part["pid"]) for part in parts.values())

    assert moot("up", "--empty", "--detach").returncode == 0
    connection = await asyncpg.connect(owner_url(moot))
    assert await connection.fetchval("SELECT fact FROM kept") == "Mootshire"
    await connection.close()

    assert moot("reset", "--yes").returncode == 0
    assert not (moot.state / "keys").exists()
    assert not (moot.state / "postgres").exists()


async def test_every_topic_of_the_topology_exists_with_its_partitions(moot: Moot):
    assert moot("up", "--empty", "--detach").returncode == 0
    admin = AIOKafkaAdminClient(bootstrap_servers=f"127.0.0.1:{moot.ports.kafka}")
    await admin.start()
    described = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
    await admin.close()
    assert described == {topic.name: topic.partitions for topic in topics()}


def test_ctrl_c_stops_services_before_the_servers_and_leaves_no_orphan(moot: Moot):
    running = subprocess.Popen(moot.command("up", "--empty"), env=moot.environment, stdin=subprocess.DEVNULL)
    wait_until(lambda: moot("status").returncode == 0, 60)
    family = psutil.Process(running.pid).children(recursive=True)

    running.send_signal(signal.SIGINT)

    assert running.wait(60) == 0
    assert len((moot.state / "goodbyes").read_text().split()) == len(
        {"issuer", "reporting", "post-office", "desk", *CONTEXTS}
    )
    assert "database system is shut down" in (moot.state / "logs" / "postgres.log").read_text()
    assert all(has_ended(process, within=5) for process in family)


def test_nothing_outlives_a_supervisor_that_was_killed(moot: Moot):
    assert moot("up", "--empty", "--detach").returncode == 0
    supervisor = State(moot.state).holder()
    assert supervisor is not None
    family = supervisor.children(recursive=True)

    supervisor.kill()

    assert all(has_ended(process, within=30) for process in family)
    assert moot("up", "--empty", "--detach").returncode == 0


def test_what_crashes_is_started_again(moot: Moot):
    assert moot("up", "--empty", "--detach").returncode == 0
    before = moot.parts()

    for name in ("registration", "postgres"):
        os.kill(before[name]["pid"], signal.SIGKILL)

    def revived() -> bool:
        now = moot.parts()
        return all(now[name]["ready"] and now[name]["restarts"] == 1 for name in ("registration", "postgres"))

    wait_until(revived, 20)


def test_a_second_start_here_is_refused(moot: Moot):
    assert moot("up", "--empty", "--detach").returncode == 0
    refused = moot("up", "--empty")
    assert refused.returncode == 1
    assert "already runs here" in refused.stderr
    assert "./moot down" in refused.stderr


def test_a_busy_port_is_named_with_the_process_that_holds_it(moot: Moot):
    with socket.create_server(("127.0.0.1", moot.ports.kafka)):
        refused = moot("up", "--empty")
    assert refused.returncode == 1
    assert f"Port {moot.ports.kafka}, wanted for Kafka, is taken" in refused.stderr
    assert f"(process {os.getpid()})" in refused.stderr


def test_a_state_directory_that_is_a_file_is_refused_in_one_sentence(moot: Moot):
    moot.state.write_text("not a directory")
    refused = moot("up", "--empty")
    assert refused.returncode == 1
    assert "cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_without_its_keys_is_not_given_new_ones(moot: Moot):
    assert moot("up", "--empty", "--detach").returncode == 0
    assert moot("down").returncode == 0
    (moot.state / "keys" / "finance").rename(moot.state / "elsewhere")
    refused = moot("up", "--empty")
    assert refused.returncode == 1
    assert "restore them from your backup" in refused.stderr


async def test_servers_named_by_the_environment_are_used(moot: Moot, postgres_url: str, kafka_bootstrap: str):
    started = moot("up", "--empty", "--detach", "--json", MOOT_POSTGRES_URL=postgres_url, MOOT_KAFKA=kafka_bootstrap)
    assert started.returncode == 0, started.stderr
    assert not {"postgres", "kafka"} & {part["name"] for part in json.loads(started.stdout)["parts"]}
    admin = await asyncpg.connect(postgres_url)
    try:
        names = {row["datname"] for row in await admin.fetch("SELECT datname FROM pg_database")}
        assert {f"moothall_{context}" for context in CONTEXTS} <= names
        moot("down")
        for context in CONTEXTS:
            await admin.execute(f"DROP DATABASE moothall_{context} WITH (FORCE)")
    finally:
        await admin.execute("ALTER ROLE moot_api PASSWORD 'moot_api'")
        await admin.close()
