"""How the operators' commands reach a service: as the owner of its database, with its keys where they must be opened.

Settings come from the environment of ADR 0001; what it leaves out comes from the installation under `.moot/`, when there
is one. So the same command works beside `./moot up` and inside a container.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any, TypeVar

import asyncpg
import structlog
import typer
from aiokafka.errors import KafkaError

from deploy.local.process import CannotRun
from deploy.local.state import State
from deploy.local.system import LocalSystem
from deploy.topology import CONTEXTS, RINGS, STATE
from shared.eventcore.applying import describe
from shared.eventcore.clock import RehearsalClock
from shared.eventcore.errors import CONNECTION_LOST
from shared.eventcore.keys import KeyFault, Keyring
from shared.eventcore.opening import Opener
from shared.eventcore.sealing import SubjectKeys
from shared.service import logs
from shared.service.service import Service
from shared.service.settings import Environment, Role, Settings, WrongSetting

T = TypeVar("T")
_log = structlog.get_logger(__name__)


def answer(work: Coroutine[Any, Any, T]) -> T:
    """Do a command's work. What stands in its way is told in one sentence, without any value, and the exit code is 1."""
    # No traceback either: its message could quote a value, and its locals hold many.
    logs.configure(os.environ.get("MOOT_LOG_LEVEL", "warning"), role="moot", stream=sys.stderr)
    try:
        return asyncio.run(work)
    except (CannotRun, WrongSetting, KeyFault) as problem:
        sentence = str(problem)
    except KafkaError as problem:
        sentence = f"Kafka cannot be reached ({type(problem).__name__}): start it with ./moot up, or set MOOT_KAFKA."
    except Exception as problem:
        _log.exception("command failed")
        sentence = f"This was not foreseen: {describe(problem)}. The line above says where; please report both."
    typer.secho(sentence, err=True, fg="red")
    raise typer.Exit(1)


def operator() -> str:
    """Who gives this command, as it is written down: the account on this machine."""
    try:
        return f"operator:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run under a number without a name
        return f"operator:{os.getuid()}"


def contexts(given: str | None) -> list[str]:
    """The service that was named, or every one whose database can be reached from here. Raises `CannotRun`."""
    if given is not None:
        return [given]
    found = [context for context in CONTEXTS if settings_of(context).databases.database_url is not None]
    if not found:
        raise CannotRun(
            "No service is known here: start the system with ./moot up, or set MOOT_<CONTEXT>_DATABASE_URL."
        )
    return found


def settings_of(context: str) -> Settings:
    """The settings of a service as its operator sees them. Raises `WrongSetting`."""
    with _defaults(_installed(context)):
        return Settings.load(context, Role.ALL)


def service_of(context: str) -> Service:
    """What the service is made of, imported when it is needed. Raises `CannotRun` for a name that is no service."""
    try:
        service: Service = import_module(f"services.{context}.main").service
    except ModuleNotFoundError as missing:
        if not f"services.{context}.main".startswith(str(missing.name)):
            raise
        raise CannotRun(f"There is no service {context}: name one of {', '.join(CONTEXTS)}.") from None
    return service


@dataclass(frozen=True)
class Reached:
    """A service's store, opened as its owner, and the time by its (perhaps rehearsed) clock."""

    service: Service
    settings: Settings
    pool: asyncpg.Pool[Any]
    clock: RehearsalClock

    @property
    def context(self) -> str:
        return self.service.context

    def keyring(self, ring: str = "") -> Keyring:
        """Its own, or that of a store which it keeps apart. Raises `KeyFault`, `WrongSetting`."""
        return Keyring.load(self.settings.key_directory, ring)

    @property
    def rings(self) -> tuple[str, ...]:
        """Of the stores that it keeps apart: each is a schema of its database, under the same name (ADR 0015)."""
        return RINGS.get(self.context, ())

    @asynccontextmanager
    async def connection(self, ring: str = "") -> AsyncIterator[asyncpg.Connection[Any]]:
        """To its own store, or to one that it keeps apart."""
        server_settings = {"search_path": ring} if ring else {}
        conn = await asyncpg.connect(self.settings.owner_url, timeout=5, server_settings=server_settings)
        try:
            yield conn
        finally:
            await conn.close()

    def opener(self) -> Opener:
        """Opens personal values. Raises `KeyFault`, `WrongSetting`."""
        return Opener(SubjectKeys(self.keyring()), self.service.registry)


@asynccontextmanager
async def reached(context: str) -> AsyncIterator[Reached]:
    """The store of a service. Raises `CannotRun` when its database does not answer or is not of this build."""
    service, settings = service_of(context), settings_of(context)
    with in_database_terms(context):
        pool = await asyncpg.create_pool(settings.owner_url, min_size=0, max_size=6, timeout=5)
        try:
            yield Reached(service, settings, pool, RehearsalClock(offset=await _rehearsed(pool, settings)))
        finally:
            pool.terminate()


@contextmanager
def in_database_terms(context: str) -> Iterator[None]:
    """Turn what a database answers when it cannot be used into a sentence."""
    variable = f"MOOT_{context.upper()}_DATABASE_URL"
    try:
        yield
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError):
        sentence = f"The database of {context} lets nobody in under this name and password: check {variable}."
    except (asyncpg.InvalidCatalogNameError, asyncpg.UndefinedTableError, asyncpg.UndefinedFunctionError):
        sentence = (
            f"The database of {context} is not prepared: run ./moot up, or `python -m services.{context} migrate`."
        )
    except (*CONNECTION_LOST, TimeoutError):
        sentence = f"The database of {context} cannot be reached: start it with ./moot up, or set {variable}."
    else:
        return
    raise CannotRun(sentence)


async def _rehearsed(pool: asyncpg.Pool[Any], settings: Settings) -> timedelta:
    if settings.env is Environment.PRODUCTION:
        return timedelta()
    return await pool.fetchval("SELECT ahead FROM rehearsal") or timedelta()


def _installed(context: str) -> dict[str, str]:
    """The environment of this service in the installation on this machine; nothing when there is none."""
    state = State(STATE)
    if not (state.keys / context).is_dir():  # looking must not make an installation
        return {}
    return LocalSystem(state).topology.environment(context)


@contextmanager
def _defaults(variables: dict[str, str]) -> Iterator[None]:
    """Environment variables, where they are not set, for as long as this lasts: each service has its own."""
    missing = {name: value for name, value in variables.items() if name not in os.environ}
    os.environ.update(missing)
    try:
        yield
    finally:
        for name in missing:
            del os.environ[name]
