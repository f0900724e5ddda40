"""The register as a file: what stands in the rows is what the law says of any day, and what the register shows."""

import csv
import io
from contextlib import aclosing
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registration.electors import commands as ask
from services.registration.views.in_print import address_cells, cell, mark_cells
from services.registration.views.register_as_at import Moment, lines, marking_of
from services.registration.views.register_file import copied, register_file
from services.registration.views.tests.office import FACTS
from shared.eventcore.testing.core import AUTHORITY
from shared.events.values import FranchiseFacts, PersonName

days = st.dates(date(2012, 1, 1), date(2030, 12, 31))
people = st.builds(
    FranchiseFacts,
    date_of_birth=st.none() | st.dates(date(1990, 1, 1), date(2013, 12, 31)),
    nationalities=st.lists(st.sampled_from(["GB", "IE", "PL", "FR", "GA", "US", "NG"]), max_size=2).map(tuple),
    has_leave=st.booleans(),
    resident_since=st.none() | st.just(date(2019, 1, 1)),
    sitting_peer=st.booleans(),
    category=st.sampled_from(["ordinary", "overseas"]),
)


@given(people, days, st.lists(days, min_size=1))
def test_the_marks_that_are_kept_are_those_of_the_law_on_every_day(facts, since, asked):
    kept = mark_cells(facts, since)
    for day in (max(day, since) for day in asked):
        begun = next((mark for mark in kept or () if mark["from"] <= day.isoformat()), {"letter": "", "attains": None})
        law = marking_of(facts, False, day)
        assert begun["letter"] == law.before_name
        assert begun["attains"] == (f"{law.attains_on:%d/%m/%Y}" if law.attains_on else None)


def test_a_cell_is_one_line_and_no_formula():
    assert cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert cell("O'Neill\r\nof Bray") == "O'Neill  of Bray"
    assert cell("") is None


def test_an_address_without_a_postcode_has_an_empty_one():
    assert list(address_cells(["1 High Street", "Gavelford"]).values())[:4] == [
        None,
        "1 High Street",
        "Gavelford",
        None,
    ]
    assert list(address_cells(["1 High Street", "ZZ1 1AA"]).values())[:3] == ["ZZ1 1AA", "1 High Street", None]


async def written(office, at: Moment, **only) -> list[list[str]]:
    async with (
        office.core.pool.acquire() as conn,
        conn.transaction(),
        aclosing(copied(conn, register_file(AUTHORITY, at, **only))) as parts,
    ):
        text = b"".join([part async for part in parts]).decode()
    return list(csv.reader(io.StringIO(text, newline="")))


async def shown(office, at: Moment, **only) -> list[list[str]]:
    """The same from the lines of the register, marked by the law."""
    async with office.core.pool.acquire() as conn, conn.transaction():
        found = [line async for line in lines(conn, AUTHORITY, at, **only)]
    return [
        [
            line.number.district, str(line.number.number), str(line.number.suffix), line.marking.letters,
            f"{line.marking.attains_on:%d/%m/%Y}" if line.marking.attains_on else "", *line.cells,
        ]
        for line in found
    ]  # fmt: skip


async def test_a_file_of_any_day_and_any_knowledge_says_what_the_register_shows(office):
    home, far = await office.property(1), await office.property(2, "AA", street="Far, far Row")
    await office.add(home, 1, name=PersonName("Zed", "Able"), anonymous=True)
    await office.add(home, 2, name=PersonName("Bea", "Pond"), franchise=replace(FACTS, category="overseas"))
    await office.add(home, 3, franchise=FranchiseFacts(date(2008, 5, 8), nationalities=("PL",)))
    _, erased = await office.add(home, 4, franchise=FranchiseFacts(date(2008, 5, 8), nationalities=("GB",)))
    moved, _ = await office.add(far, 5, "AA", name=PersonName('Q "Q"', "=Ash"), opted_out=False)
    frozen = office.core.clock()
    await office.change(moved, ask.AmendElector(PersonName("Quill", "Ash"), date(2026, 5, 1)))
    french = FranchiseFacts(date(2009, 1, 2), nationalities=("FR",), resident_since=date(2010, 1, 1))
    await office.change(moved, ask.ChangeFranchise(french, date(2026, 6, 1), "passport"))
    await office.catch_up()
    await office.erase(erased)
    await office.catch_up()
    past = [row async for row in each(office, date(2026, 4, 1) + timedelta(days=1), frozen)]
    assert past[0][5:7] == ["'=Ash", 'Q "Q"']
    for day in (date(2026, 4, 1), date(2026, 5, 7), date(2026, 5, 8), date(2026, 6, 1), date(2027, 1, 2)):
        for known in (None, frozen):
            rows = [row async for row in each(office, day, known)]
            assert len(rows) == 5
    open_only = await written(office, Moment(date(2026, 6, 5)), open_only=True)
    assert [row[5] for row in open_only] == ["Ash"]
    await office.a_rebuild_is_equal("register")


async def each(office, day, known):
    """Rows of the file, equal to what the register shows."""
    rows = await written(office, Moment(day, known))
    assert rows == await shown(office, Moment(day, known))
    for row in rows:
        yield row


async def test_whoever_stops_reading_leaves_the_connection_fit_for_others(office):
    home = await office.property(1)
    for number in range(1, 40):
        await office.add(home, number)
    await office.catch_up()
    async with office.core.pool.acquire() as conn:
        async with (
            conn.transaction(),
            aclosing(copied(conn, register_file(AUTHORITY, Moment(date(2026, 5, 1))))) as parts,
        ):
            async for _ in parts:
                break
        assert await conn.fetchval("SELECT 1") == 1
