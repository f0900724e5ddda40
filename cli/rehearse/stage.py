"""Where a rehearsal takes place: a PostgreSQL of its own, a working process that may be killed, and the proof in another."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import SystemRandom
from typing import Any

import asyncpg

from cli.rehearse.figures import figures_of
from cli.rehearse.ledger import LEDGER, Ledger
from cli.rehearse.office import open_office, prepare
from cli.rehearse.page import page
from cli.rehearse.proof import Proof, prove
from cli.rehearse.run import DayOver
from cli.rehearse.worker import STORE_AWAY, planned, write_plan
from deploy.local.postgres import LocalPostgres
from deploy.local.process import CannotRun, free_port
from deploy.preparation import make_keys
from deploy.sample.council import AUTHORITY, Council
from deploy.topology import API_ROLE, RINGS, ROOT
from services.registration.demonstration.year import Year
from shared.eventcore.clock import system_clock

DATABASE = "rehearsal"
PATIENCE = 3.0
"""Seconds after the start of a chosen day within which something is broken."""
TRIES = 5
"""How often a day is begun again before the rehearsal is given up."""
_chance = SystemRandom()


@dataclass
class Rehearsed:
    """How it went. `killed`: how often the working process was; `outages`: how often its store was away; `refused`: by rule;
    `megabytes`: the most that the process ever held."""

    electors: int
    proof: Proof
    killed: int
    outages: int
    refused: dict[str, int]
    seconds: float
    megabytes: int
    report: Path

    def as_data(self) -> dict[str, Any]:
        own = {name: value for name, value in vars(self).items() if name != "proof"}
        return {**own, **self.proof.as_data()}


async def rehearse(
    council: Council, year: Year, faults: int, directory: Path, report: Path, tell: DayOver
) -> Rehearsed:
    """Rehearse the year from nothing, prove it, write the report. Raises `CannotRun`."""
    began = time.monotonic()
    with server(directory) as postgres:
        url = await database_on(postgres)
        make_keys(directory / "keys", RINGS["registration"])
        write_plan(directory, council, year)
        rehearsal = planned(directory, url)
        days = list(year.working_days())
        breaking = sorted(_chance.sample(days[1 : max(len(days) * 3 // 4, faults + 1)], faults))
        work = Work(directory, postgres, url, breaking, tell)
        await work.to_the_end()
        tell(year.last, "the proof")
        async with open_office(AUTHORITY, url, rehearsal.keys, year.last) as office:
            with closing(Ledger(rehearsal.ledger)) as ledger:
                proof = await prove(office, ledger, rehearsal.keys)
                refused = ledger.refused()
            figures = await figures_of(office.pool, AUTHORITY, year)
            proof.too_late = figures.poll.too_late
        seconds = time.monotonic() - began
        megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        done = Rehearsed(
            figures.electors, proof, work.killed, work.outages, refused, round(seconds, 1), megabytes, report
        )
        try:
            report.write_text(page(done, figures, year), encoding="utf-8")
        except OSError as broken:
            raise CannotRun(
                f"{report} cannot be written ({broken.strerror}): name another file with --report."
            ) from None
    return done


@contextmanager
def server(directory: Path) -> Iterator[LocalPostgres]:
    """A server of this rehearsal's own; all of it is gone afterwards."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o711, parents=True)
    postgres = LocalPostgres(directory / "postgres", free_port())
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()
        shutil.rmtree(directory, ignore_errors=True)


async def database_on(postgres: LocalPostgres) -> str:
    """The owner's URL of a database with the tables of the service, and nothing in them."""
    admin = await asyncpg.connect(postgres.url())
    try:
        await admin.execute(f"CREATE ROLE {API_ROLE} NOLOGIN")
        await admin.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
    finally:
        await admin.close()
    url = postgres.url(DATABASE)
    await prepare(url, system_clock)
    return url


@dataclass
class Work:
    """The working process, started again whenever it was killed or its store was away. `breaking`: the days on which something
    is broken: the process, and every other time the store under it."""

    directory: Path
    postgres: LocalPostgres
    url: str
    breaking: list[date]
    tell: DayOver
    killed: int = 0
    outages: int = 0
    """How often the store was away, by us or by itself."""

    async def to_the_end(self) -> None:
        """Raises `CannotRun` when it ends without having come to the end of the year, or the store stays away."""
        stood_at, tries = None, 0
        while not await self._once():
            with closing(Ledger(self.directory / LEDGER)) as ledger:
                stands_at = ledger.last_day()
            tries = tries + 1 if stands_at == stood_at else 0
            stood_at = stands_at
            if tries > TRIES:
                raise CannotRun("The store was away again and again, and the day could not be gone on with.")

    async def _once(self) -> bool:
        """False when it has to be started again."""
        environment = {**os.environ, "MOOT_REGISTRATION_DATABASE_URL": self.url, "PYTHONPATH": str(ROOT)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli.rehearse.worker", str(self.directory), env=environment, cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        killed = False
        try:
            async for line in process.stdout:
                said = json.loads(line)
                on = date.fromisoformat(said["on"])
                self.tell(on, said["doing"])
                if self.breaking and on >= self.breaking[0]:
                    await asyncio.sleep(_chance.uniform(0, PATIENCE))
                    if process.returncode is not None:
                        continue  # it ended meanwhile: whatever comes after it is broken instead
                    del self.breaking[0]
                    if self.killed > self.outages:
                        await asyncio.to_thread(self._break_the_store)
                    else:
                        killed = True
                        break
        finally:
            if process.returncode is None and (killed or not process.stdout.at_eof()):
                process.kill()
        code = await process.wait()
        if killed:
            self.killed += 1
        elif code == STORE_AWAY:
            self.outages += 1
        elif code != 0:
            raise CannotRun(f"The rehearsal broke off with code {code}: what it wrote stands above.")
        return code == 0 and not killed

    def _break_the_store(self) -> None:
        """SIGKILL to the server; when it is there again it has recovered from its log."""
        self.postgres.kill()
        self.postgres.start()
