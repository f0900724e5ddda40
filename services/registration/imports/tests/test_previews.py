"""A gazetteer file is looked at, committed and taken back: from the route to the views, with splits and mergers on the way."""

from datetime import date

import pytest

from services.registration.canvass.tests.conftest import canvassers
from services.registration.exchange.tests.supplies import HOME, changes, row, supply
from services.registration.properties.decider import JudgeElectoral, properties
from shared.eventcore.testing.core import AUTHORITY
from shared.events.values import Authority, Uprn, property_id

__all__ = ["canvassers"]
FULL = supply(*HOME, row(23))


def flat(uprn: int, house: int) -> tuple[str, ...]:
    return (
        row(21, uprn=uprn),
        row(24, uprn=uprn, lpi_key=f"L{uprn}", pao_start_number=house),
        row(32, uprn=uprn, class_key=f"C{uprn}"),
    )


HISTORY = row(21, "U", logical_status=8)
SPLIT = changes(HISTORY, row(30, successor=2), row(30, succ_key="S2", successor=3), *flat(2, 4), *flat(3, 6))


class Gazetteer:
    """What an officer does with files."""

    def __init__(self, desk):
        self.desk = desk

    async def post(self, path, content=b"", body=None):
        headers = self.desk.headers("deputy", "ero-deputy")
        sent = {"json": body} if body is not None else {"content": content}
        answer = await self.desk.http.post(path, headers=headers, **sent)
        if answer.status_code >= 300:
            return answer.status_code, answer.json()["type"].rpartition(":")[2]
        await self.desk.app.state.imports.idle()
        await self.desk.follow()
        return (await self.desk.get(f"/gazetteer/imports/{answer.json()['id']}")).json()

    async def load(self, content):
        return await self.post("/gazetteer/imports", content)

    async def preview(self, content):
        report = await self.post("/gazetteer/previews", content)
        return report, (await self.desk.get(f"/gazetteer/previews/{report['id']}/changes")).json()["items"]

    async def commit(self, preview):
        return await self.post(f"/gazetteer/previews/{preview['id']}/commit")

    async def undo(self, run):
        return await self.post(f"/gazetteer/imports/{run['id']}/undo", body={"because": "the wrong file"})

    async def property(self, uprn):
        return (await self.desk.get(f"/properties/{uprn}")).json()

    async def events(self):
        return await self.desk.office.core.pool.fetchval("SELECT count(*) FROM event")


@pytest.fixture
def gazetteer(canvassers):
    return Gazetteer(canvassers)


def home(uprn: int):
    return property_id(Authority(AUTHORITY), Uprn(uprn))


async def test_a_file_that_splits_a_house_is_looked_at_committed_and_taken_back(gazetteer):
    office = gazetteer.desk.office
    await gazetteer.load(FULL)
    await office.add(home(1), 1, effective_on=date(2026, 4, 1))
    await gazetteer.desk.follow()
    recorded = await gazetteer.events()

    report, found = await gazetteer.preview(SPLIT)
    assert (report["kind"], report["state"]) == ("gazetteer-preview", "done")
    assert {kind: n for kind, n in report["counts"].items() if n} == {"added": 2, "split": 1}
    (house,) = [one for one in found if one["change"] == "split"]
    assert (house["uprn"], house["electors"], house["note"]) == (1, 1, "")
    assert (house["before"]["electoral"], house["after"]["electoral"]) == (True, False)
    assert house["successors"] == [
        {"uprn": 2, "line": "4 High Street, Mootbridge"},
        {"uprn": 3, "line": "6 High Street, Mootbridge"},
    ]
    assert [one["before"] for one in found if one["change"] == "added"] == [None, None]
    only = (await gazetteer.desk.get(f"/gazetteer/previews/{report['id']}/changes?change=added&limit=1")).json()
    assert (len(only["items"]), only["next"] is not None) == (1, True)
    assert await gazetteer.events() == recorded

    loaded = await gazetteer.commit(report)
    assert (loaded["kind"], loaded["state"], loaded["refused"]) == ("gazetteer", "done", {})
    assert (loaded["counts"]["added"], loaded["counts"]["split"]) == (2, 1)
    page = await gazetteer.property(1)
    assert (page["ended"], [one["uprn"] for one in page["successors"]]) == ("split", [2, 3])
    (waiting,) = (await gazetteer.desk.get("/properties/displaced")).json()["items"]
    assert (waiting["number"], waiting["because"]) == ("AB-1", "split in the gazetteer: see UPRN 2, 3")

    undone = await gazetteer.undo(loaded)
    assert (undone["kind"], undone["state"], undone["counts"]) == ("gazetteer-undo", "done", {"taken_back": 3})
    page = await gazetteer.property(1)
    assert (page["retired"], page["electoral"], page["successors"]) == (False, True, [])
    assert [(await gazetteer.property(n))["because"] for n in (2, 3)] == ["the wrong file"] * 2
    assert (await gazetteer.desk.get("/properties/displaced")).json()["items"] == []
    assert (await gazetteer.desk.get(f"/gazetteer/imports/{loaded['id']}")).json()["state"] == "undone"

    again = await gazetteer.load(SPLIT)
    assert (again["id"] != loaded["id"], again["state"], again["counts"]["split"]) == (True, "done", 1)
    assert (await gazetteer.property(2))["retired"] is False
    await office.a_rebuild_is_equal("properties")


async def test_what_somebody_has_changed_since_is_not_taken_back(gazetteer):
    await gazetteer.load(FULL)
    renumbered = await gazetteer.load(changes(row(24, "U", pao_start_number=4), *flat(2, 8)))
    await gazetteer.desk.office.do(properties, home(1), JudgeElectoral(home(1), False, "a holiday let"))
    undone = await gazetteer.undo(renumbered)
    assert undone["counts"] == {"taken_back": 1, "changed_since": 1}
    assert ((await gazetteer.property(1))["line"], (await gazetteer.property(2))["retired"]) == (
        "4 High Street, Mootbridge", True,
    )  # fmt: skip


async def test_the_next_change_applies_to_what_was_held_before_an_import_that_was_taken_back(gazetteer):
    await gazetteer.load(FULL)
    gone = await gazetteer.load(changes(row(21, "D"), row(24, "D"), row(23, "D"), row(32, "D")))
    await gazetteer.undo(gone)
    report = await gazetteer.load(changes(row(24, "U", pao_start_number=12)))
    assert (report["refused"], (await gazetteer.property(1))["line"]) == ({}, "12 High Street, Mootbridge")


async def test_flats_that_are_deleted_in_favour_of_one_house_are_merged(gazetteer):
    await gazetteer.load(supply(row(11), row(15), *flat(2, 4), *flat(3, 6)))
    deleted = (
        (row(21, "D", uprn=n), row(24, "D", uprn=n, lpi_key=f"L{n}"), row(32, "D", uprn=n, class_key=f"C{n}"),
         row(30, uprn=n, succ_key=f"S{n}", successor=9))
        for n in (2, 3)
    )  # fmt: skip
    report, found = await gazetteer.preview(changes(*(line for rows in deleted for line in rows), *flat(9, 5)))
    assert sorted((one["uprn"], one["change"]) for one in found) == [(2, "merged"), (3, "merged"), (9, "added")]
    await gazetteer.commit(report)
    assert [one["uprn"] for one in (await gazetteer.property(9))["predecessors"]] == [2, 3]


async def test_a_successor_that_nobody_knows_is_told_in_the_preview_and_on_the_sheet_of_rejected_rows(gazetteer):
    await gazetteer.load(FULL)
    report, (house,) = await gazetteer.preview(changes(HISTORY, row(30, successor=77)))
    assert (house["change"], house["successors"]) == ("changed", [{"uprn": 77, "line": None}])
    assert house["note"].startswith("Nothing is known here of a property that is to take the place of this one.")
    loaded = await gazetteer.commit(report)
    assert loaded["refused"] == {"successor-unknown": 1}
    assert [(r["record"], r["field"], r["value"]) for r in loaded["refusals"]] == [(30, "SUCCESSOR", "77")]
    page = await gazetteer.property(1)
    assert (page["retired"], page["electoral"]) == (False, False)


async def test_only_what_was_looked_at_is_committed(gazetteer):
    await gazetteer.load(FULL)
    first, _ = await gazetteer.preview(SPLIT)
    second, _ = await gazetteer.preview(changes(*flat(5, 10)))
    assert await gazetteer.commit(first) == (409, "preview-gone")
    await gazetteer.load(changes(*flat(6, 14)))
    assert await gazetteer.commit(second) == (409, "preview-outdated")
    old, found = await gazetteer.preview(FULL)
    assert found == []
    assert await gazetteer.commit(old) == (409, "loaded-before")
    damaged, _ = await gazetteer.preview(SPLIT[: SPLIT.index("99,0")])
    assert (damaged["state"], await gazetteer.commit(damaged)) == ("refused", (409, "preview-not-ready"))


async def test_imports_are_taken_back_in_the_reverse_order_of_their_loading(gazetteer):
    first = await gazetteer.load(FULL)
    second = await gazetteer.load(changes(*flat(2, 4)))
    assert await gazetteer.undo(first) == (409, "later-import-stands")
    await gazetteer.undo(second)
    assert (await gazetteer.undo(first))["counts"] == {"taken_back": 1}
    preview, _ = await gazetteer.preview(FULL)
    assert await gazetteer.undo(preview) == (409, "not-undoable")
