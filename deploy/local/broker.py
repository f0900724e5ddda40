"""A real Apache Kafka broker in KRaft mode as a local process: one Java virtual machine, jars from Maven."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

from deploy.local.process import CannotRun, Process

RECIPE = Path(__file__).parent / "kafka"
OLDEST_JAVA = 17
CLIENT_TOOL_OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
SERVER_OPTIONS = ("-Xms256m", "-Xmx512m", *CLIENT_TOOL_OPTIONS, f"-Dlog4j2.configurationFile={RECIPE / 'log4j2.xml'}")


def java() -> str:
    """The path of a Java that can run the broker; `CannotRun` when there is none."""
    found = shutil.which("java")
    remedy = f"install Java {OLDEST_JAVA} (Debian: apt install openjdk-17-jre-headless) or name a broker in MOOT_KAFKA."
    if found is None:
        raise CannotRun(f"Kafka needs Java, and there is none: {remedy}")
    answer = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', answer)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise CannotRun(f"Kafka needs Java {OLDEST_JAVA} or newer, which {found} is not: {remedy}")
    return found


def jars(cache: Path) -> Path:
    """The directory of the broker's jars under `cache`, filled by Maven the first time that this recipe is seen."""
    recipe = (RECIPE / "pom.xml").read_bytes()
    libs = cache / f"kafka-jars-{hashlib.sha256(recipe).hexdigest()[:12]}"
    if libs.exists():
        return libs
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotRun("Kafka comes from Maven once, and there is no mvn: install it (Debian: apt install maven).")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as fetched:
        command = [maven, "-q", "-B", "-f", str(RECIPE / "pom.xml"), "dependency:copy-dependencies"]
        command += ["-DincludeScope=runtime", f"-DoutputDirectory={fetched}/libs"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if answer.returncode:
            raise CannotRun(f"Maven could not bring Kafka (is the network there?): {answer.stdout.strip()[-600:]}")
        if not libs.exists():  # another start may have been quicker
            Path(fetched, "libs").rename(libs)
    return libs


def broker_properties(listen: str, advertised: str, controller: str) -> dict[str, str]:
    """Settings of a broker that is its own controller: the same as local process, in test containers and in compose.

    `listen` and `controller` are the addresses it binds, `advertised` the one it gives to clients (each `host:port`).
    """
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"PLAINTEXT://{listen},CONTROLLER://{controller}",
        "advertised.listeners": f"PLAINTEXT://{advertised}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "auto.create.topics.enable": "false",  # a misspelt topic is a mistake, not a topic
        "log.retention.ms": "-1",  # events are kept for ever
        "offsets.topic.num.partitions": "4",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        # A killed broker cannot come back before its old session has ended: 4 s instead of 9.
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "1000",
    }


def as_environment(properties: dict[str, str]) -> dict[str, str]:
    """The same settings as the official image takes them: `log.dirs` is `KAFKA_LOG_DIRS`."""
    return {f"KAFKA_{name.replace('.', '_').upper()}": value for name, value in properties.items()}


class LocalKafka:
    """A broker that keeps its topics under `state` and listens on 127.0.0.1:`port` (`controller_port` for itself)."""

    def __init__(
        self,
        state: Path,
        port: int,
        controller_port: int,
        cache: Path,
        log: Path | None = None,
        *,
        advertised: str | None = None,
    ) -> None:
        """`advertised`: the address that clients are told to use, where it is not the port itself."""
        self.bootstrap = advertised or f"127.0.0.1:{port}"
        self.state = state
        self.port = port
        self.controller_port = controller_port
        self._cache = cache
        self._log = log or state / "kafka.log"
        self._process = Process(name="Kafka", command=[], log=self._log, patience=30)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def running(self) -> bool:
        return self._process.running()

    def start(self, seconds: float = 60) -> None:
        """Format the log directory if it is new, start the broker, return when it serves.

        Raises `CannotRun`. Blocks: give it to `asyncio.to_thread` inside a loop.
        """
        self.state.mkdir(parents=True, exist_ok=True)
        classpath = f"{jars(self._cache)}/*"
        properties = self.state / "server.properties"
        settings = {
            **broker_properties(f"127.0.0.1:{self.port}", self.bootstrap, f"127.0.0.1:{self.controller_port}"),
            "log.dirs": str(self.state / "topics"),
        }
        properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        if not (self.state / "topics" / "meta.properties").exists():
            self._format(classpath, properties)
        said_before = self._log.stat().st_size if self._log.exists() else 0
        self._process.command = [java(), *SERVER_OPTIONS, "-cp", classpath, "kafka.Kafka", str(properties)]
        self._process.start()
        self._process.await_ready(lambda: self._serves(said_before), seconds)

    def stop(self) -> None:
        """Controlled shutdown."""
        self._process.stop()

    def kill(self) -> None:
        """SIGKILL; `start` recovers the topics from their segments."""
        self._process.kill()

    def _serves(self, said_before: int) -> bool:
        with self._log.open("rb") as log:
            log.seek(said_before)
            return b"Kafka Server started" in log.read()

    def _format(self, classpath: str, properties: Path) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = [java(), *CLIENT_TOOL_OPTIONS, "-cp", classpath, "kafka.tools.StorageTool", "format"]
        answer = subprocess.run(
            [*command, f"--cluster-id={cluster}", "-c", str(properties)], capture_output=True, text=True, check=False
        )
        if answer.returncode:
            raise CannotRun(f"Kafka could not prepare {self.state}: {(answer.stderr or answer.stdout).strip()[-600:]}")
