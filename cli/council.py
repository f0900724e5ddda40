"""`moot demo-council`: Mootshire and its people, with two years of history, loaded into registration.

Nothing is written into tables: every property, application and entry comes about by a command, as in a real office.
"""

from __future__ import annotations

import io
import json
import tempfile
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as hour
from hashlib import sha256
from random import Random
from typing import IO, Annotated, Any
from uuid import NAMESPACE_URL, uuid5

import asyncpg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.reach import answer, in_database_terms, settings_of
from deploy.local.process import CannotRun
from deploy.sample.applications import application, households
from deploy.sample.council import AUTHORITY, NAME, Council
from deploy.sample.gazetteer import gazetteer_csv
from services.registration.demonstration.casework import Case, Story, elector_of, story_of
from services.registration.demonstration.diary import Diary
from services.registration.demonstration.loading import DiaryClock, Teller, Told
from services.registration.demonstration.numbering import Register
from services.registration.demonstration.places import places
from services.registration.exchange.boundaries import read_boundaries
from services.registration.imports.boundaries import BoundarySet, use
from shared.eventcore.clock import LONDON, Clock, london_date, system_clock
from shared.eventcore.execute import Executor
from shared.eventcore.keys import Keyring
from shared.eventcore.recording import Metadata
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.store import Store
from shared.events.registration import BoundaryKind
from shared.events.values import Authority, ElectorId, PollingDistrict, Uprn, property_id
from shared.service.settings import Environment

app = typer.Typer(add_completion=False)
screen = Console(stderr=True)

MOOTSHIRE = Authority(AUTHORITY)
ONE_DAY = timedelta(days=1)
TWO_YEARS = 730 * ONE_DAY


@dataclass
class Loaded:
    """What a load brought about; all zero where everything was there already."""

    authority: str
    electors: int
    seed: int
    first_day: date
    last_day: date
    districts: int = 0
    properties: int = 0
    applications: dict[str, int] = field(default_factory=dict)
    on_register: int = 0
    postal_voters: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    events: int = 0
    seconds: float = 0.0


OUTCOMES = {
    "ApplicationAllowed": "allowed",
    "ApplicationRejected": "rejected",
    "ApplicationWithdrawn": "withdrawn",
    "ApplicationFoundDuplicate": "duplicate",
    "ApplicationForwarded": "forwarded",
}


@app.command("demo-council")
def demo_council(
    electors: Annotated[int, typer.Option(min=1, help="Size of the council.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed invents the same people.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as data.")] = False,
) -> None:
    """Load Mootshire, a council that does not exist, with two years of history. Done again, it changes nothing."""
    loaded = answer(load_here(Council(electors, seed)))
    if as_json:
        typer.echo(json.dumps(asdict(loaded), default=date.isoformat))
    else:
        screen.print(_table(loaded))


async def load_here(council: Council) -> Loaded:
    """Load the council into the installation that the environment, or `.moot/`, names. Raises `CannotRun`."""
    settings = settings_of("registration")
    if settings.env is Environment.PRODUCTION:
        raise CannotRun("MOOT_ENV is production: invented people have no place on a real register.")
    with in_database_terms("registration"):
        return await load(council, settings.owner_url, Keyring.load(settings.key_directory), system_clock)


async def load(council: Council, url: str, keyring: Keyring, now: Clock, console: Console = screen) -> Loaded:
    """Load the council into the database at `url`, up to yesterday. A load that broke off goes on where it stopped.

    Raises `CannotRun` when another council stands there.
    """
    began = time.monotonic()
    origin = f"demonstration of {council.electors} electors, seed {council.seed}"
    by = Metadata("demonstration", AUTHORITY, str(uuid5(NAMESPACE_URL, origin)), origin=origin)
    async with asyncpg.create_pool(url, min_size=1, max_size=8, reset=_as_it_is) as pool:
        known_since = await _first_day(Store("registration", pool, now), council, origin)
        first = known_since or london_date(now()) - TWO_YEARS
        last = first + TWO_YEARS - ONE_DAY
        clock = DiaryClock(first)
        store = Store("registration", pool, clock)
        execute = Executor(store, SubjectKeys(keyring), keyring.blind)
        layers = layer("ward", council.wards()), layer("polling-district", council.polling_districts())
        async with pool.acquire() as conn:
            drawn = [await use(execute, conn, boundaries, by) for boundaries in layers]
        told = await _tell(council, Teller(execute, clock, by), layers, first, last, console)
    events = told.events
    received = events["ApplicationReceived"]
    ended = {outcome: events[event] for event, outcome in OUTCOMES.items()}
    return Loaded(
        authority=AUTHORITY,
        electors=council.electors,
        seed=council.seed,
        first_day=first,
        last_day=last,
        districts=council.district_count,
        properties=events["PropertyAdded"],
        applications={"received": received, **ended, "open": received - sum(ended.values())},
        on_register=events["ElectorAdded"],
        postal_voters=events["PostalVoteGranted"],
        refused=dict(told.refused),
        events=events.total() + sum(len(receipt.events) for receipt in drawn),
        seconds=round(time.monotonic() - began, 1),
    )


async def _tell(
    council: Council, teller: Teller, layers: tuple[BoundarySet, BoundarySet], first: date, last: date, console: Console
) -> Told:
    told, register = Told(), Register(council.electors)
    diary = Diary(arrivals(council, register, first, last), register)
    with _progress(console) as bars, _gazetteer(council, first) as gazetteer:
        properties = bars.add_task("Properties", total=council.property_count)
        people = bars.add_task("Applications", total=council.electors)
        async for page in teller.tell(places(MOOTSHIRE, gazetteer, *layers, first), told):
            bars.advance(properties, len(page.work))
        async for _ in teller.tell(diary.pages(first, last), told):
            bars.update(people, completed=diary.begun)
    return told


async def _as_it_is(connection: object) -> None:
    """Nothing that is done here leaves a trace on a connection, so none need be wiped off it."""


async def _first_day(store: Store, council: Council, origin: str) -> date | None:
    """The day on which a load of this council began, if one did. Raises `CannotRun` when it was not this council."""
    place = property_id(MOOTSHIRE, Uprn(council.property(0).uprn))
    history = await store.stream(place, MOOTSHIRE)
    if not history:
        return None
    if history[0].metadata.origin != origin:
        raise CannotRun(
            f"{NAME} stands here already, of another size or seed: start afresh with ./moot reset, or leave it as it is."
        )
    return london_date(history[0].recorded_at)


def arrivals(council: Council, register: Register, first: date, last: date) -> Iterator[tuple[date, Story]]:
    """Every household's applications, by the day on which they come in; who comes when is chance."""
    serials, starts, sizes = array("L"), array("L"), array("B")
    for home, electors in households(council):
        if electors:
            serials.append(home.serial)
            starts.append(electors.start)
            sizes.append(len(electors))
    turns = array("L", range(len(serials)))
    Random(f"{council.seed}/turns").shuffle(turns)
    days = (last - first).days
    for turn, household in enumerate(turns):
        on = first + timedelta(days=days * turn // len(turns))
        home, earlier = council.property(serials[household]), turns[turn // 2]
        somebody = _elector(application(council, starts[earlier], council.property(serials[earlier]), on))
        for elector in range(starts[household], starts[household] + sizes[household]):
            chance = Random(f"{council.seed}/case/{elector}")
            case = Case(
                form=application(council, elector, home, on),
                applied_at=datetime.combine(on, hour(chance.randrange(6, 15), chance.randrange(60)), LONDON),
                home=property_id(MOOTSHIRE, Uprn(home.uprn)),
                district=PollingDistrict(home.district),
                place=elector,
                somebody=somebody,
                chance=chance,
                register=register,
            )
            yield on, story_of(case)


def _elector(form: dict[str, str]) -> ElectorId:
    return elector_of(MOOTSHIRE, form["refNum"])


@contextmanager
def _gazetteer(council: Council, on: date) -> Iterator[IO[bytes]]:
    """The council's gazetteer as a file, gone afterwards."""
    with tempfile.TemporaryFile() as file:
        file.writelines(line.encode() for line in gazetteer_csv(council, on))
        file.seek(0)
        yield file


def layer(kind: BoundaryKind, geojson: dict[str, Any]) -> BoundarySet:
    """Boundaries as if read from a file."""
    file = json.dumps(geojson).encode()
    return BoundarySet(kind, sha256(file).hexdigest(), read_boundaries(io.BytesIO(file), kind))


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _table(loaded: Loaded) -> Table:
    title = f"{NAME}: {loaded.events:,} events in {loaded.seconds:.1f} s"
    table = Table("what", "how many", title=title, title_justify="left")
    rows = {
        "polling districts": loaded.districts,
        "properties": loaded.properties,
        **{f"applications {outcome}": number for outcome, number in loaded.applications.items()},
        "electors on the register": loaded.on_register,
        "postal voters": loaded.postal_voters,
        **{f"refused by the rule {rule}": number for rule, number in loaded.refused.items()},
    }
    for what, number in rows.items():
        table.add_row(what, f"{number:,}")
    return table
