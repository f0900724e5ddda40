"""Letters by print house: gathered, frozen, handed over, accounted for, made again."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.notifications.exchange.print_house import COLUMNS, Folder, read_report
from services.notifications.messages.decider import CallOff, ComposeLetter, RecordFailure, RecordSent, messages
from services.notifications.policies.when_print_house_reports_then_record_it import record_print_report
from services.notifications.print_jobs.decider import AskReprint, Release, Report, print_jobs
from services.notifications.sending.contacts import Contact
from services.notifications.sending.print_runs import PrintRuns
from services.notifications.tests.sending_office import ADA, AUTHORITY, Died
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.deciding import Refused
from shared.eventcore.policy import PolicyReader
from shared.eventcore.testing.core import by
from shared.events.values_notifications import PrintJobId

BEN = Contact("Ben O'Sample, Esq.", ("Flat 2", '"The Elms"', "Mootham", "mo1 1ab"))
JOB = PrintJobId(UUID(int=1))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "print-house"


@pytest.fixture
def press(office, folder):
    """Print runs as a process has them that was just started."""
    folder.mkdir()

    def start(gather=timedelta(), authority=AUTHORITY, place=folder):
        return PrintRuns(office.desk(), authority, Folder(place), gather)

    return start


async def run(office, runs):
    done = await runs.run()
    await office.follow()
    return done


async def job_of(office):
    (row,) = await office.core.pool.fetch("SELECT * FROM print_jobs.job")
    return PrintJobId(row["job_id"])


async def say(office, job, outcomes):
    """The print house's report, and what the policy makes of it."""
    await office.core.execute(print_jobs, job, Report(outcomes, "ab", office.core.clock()), by=by())
    reader = PolicyReader(record_print_report, office.core.execute, office.core.opener, Deadlines())
    async with office.core.pool.acquire() as conn, conn.transaction():
        events = await office.core.opener.open(conn, await office.core.store.stream(job, AUTHORITY))
        await reader.handle(conn, [event for event in events if reader.wants(event.type)])
    await office.follow()


def files_of(place):
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


async def test_letters_go_in_one_job_with_addresses_pages_and_a_manifest_that_counts_them(office, press, folder):
    queued = [await office.queue("letter", ADA), await office.queue("letter", BEN, large_print=True)]
    assert await run(office, press()) == 2
    (place,) = folder.iterdir()
    content = files_of(place)
    rows = list(csv.DictReader(io.StringIO(content["addresses.csv"].decode(), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["seq"] for row in rows] == ["1", "2"]
    ben = next(row for row in rows if row["name"] == BEN.name)
    assert (ben["addr1"], ben["addr2"], ben["addr3"], ben["addr4"]) == ("Flat 2", '"The Elms"', "Mootham", "")
    assert (ben["postcode"], ben["doc_type"]) == ("mo1 1ab", "receipt.v1")
    manifest = json.loads(content.pop("manifest.json"))
    assert manifest["count"] == 2
    assert {each["name"]: each["sha256"] for each in manifest["files"]} == {
        name: sha256(data).hexdigest() for name, data in content.items()
    }
    for message, row in zip(queued, rows, strict=True):
        (attempt,) = await office.attempts(message)
        page = content[f"letters/{int(row['seq']):06}.pdf"]
        assert attempt["content_sha256"] == sha256(page).hexdigest()
        assert attempt["provider_reference"] == row["barcode"]
        assert (await office.row(message))["status"] == "sent"


async def test_letters_wait_for_others_but_not_for_ever(office, press, folder):
    await office.queue("letter")
    hourly = press(timedelta(hours=1))
    assert await run(office, hourly) == 0
    office.later(timedelta(minutes=59))
    await office.queue("letter")
    assert await run(office, hourly) == 0
    office.later(timedelta(minutes=1, seconds=1))
    assert await run(office, hourly) == 2


async def test_two_councils_never_share_a_job_or_a_folder(office, press, folder):
    await office.queue("letter")
    await office.queue("letter", authority="E07000998")
    assert await run(office, press()) == 1
    assert len(list(folder.iterdir())) == 1
    other = folder.with_name("print-house-998")
    other.mkdir()
    assert await run(office, press(authority="E07000998", place=other)) == 1
    assert (len(list(folder.iterdir())), len(list(other.iterdir()))) == (1, 1)


async def test_a_letter_to_nobody_or_to_no_address_does_not_hold_up_the_others(office, press, folder):
    good = await office.queue("letter")
    bad = [await office.queue("letter", None), await office.queue("letter", Contact("A", ("@ home", "x", "y")))]
    assert await run(office, press()) == 1
    assert (await office.row(good))["status"] == "sent"
    assert {(await office.row(message))["status"] for message in bad} == {"failed"}


@pytest.mark.parametrize("step", ["frozen", "published", "recorded"])
async def test_whoever_dies_in_the_middle_leaves_a_job_that_is_finished_once(office, press, folder, step, monkeypatch):
    queued = [await office.queue("letter") for _ in range(3)]
    runs = press()

    async def end(*_):
        raise Died

    def end_at_once(*_):
        raise Died

    if step == "frozen":
        runs._folder.publish = end_at_once
    elif step == "published":
        runs._desk.record = end
    else:
        monkeypatch.setattr(runs, "_attempt", ending_after(runs._attempt, 2))
    with pytest.raises(Died):
        await runs.run()
    await office.follow()
    await run(office, press())
    assert [path.name for path in folder.iterdir() if not path.name.endswith(".partial")] == [
        path.name for path in folder.iterdir()
    ]
    assert len(list(folder.iterdir())) == 1
    for message in queued:
        assert (await office.row(message))["status"] == "sent"
        assert len(await office.attempts(message)) == 1
    assert await run(office, press()) == 0


def ending_after(work, times):
    done = 0

    async def limited(*args):
        nonlocal done
        if done == times:
            raise Died
        done += 1
        return await work(*args)

    return limited


async def test_what_was_written_for_a_job_that_was_never_frozen_is_thrown_away(office, press, folder):
    await office.queue("letter")
    runs = press()

    async def end(*_):
        raise Died

    runs._desk.carry_out = end
    with pytest.raises(Died):
        await runs.run()
    (left,) = folder.iterdir()
    assert left.name.endswith(".partial")
    await office.queue("letter")
    assert await run(office, press()) == 2
    assert len(list(folder.iterdir())) == 1


async def frozen_and_lost(office, press, folder):
    """A job that was frozen by a process whose disk is gone."""
    runs = press()

    def lose(name):
        runs._folder.discard(name)
        raise Died

    runs._folder.publish = lose
    with pytest.raises(Died):
        await runs.run()
    await office.follow()
    assert list(folder.iterdir()) == []


async def test_a_frozen_job_whose_files_were_lost_is_made_again_as_it_was(office, press, folder):
    message = await office.queue("letter")
    await frozen_and_lost(office, press, folder)
    office.later(timedelta(days=3))
    assert await run(office, press()) == 1
    (place,) = folder.iterdir()
    frozen = await office.core.pool.fetchval("SELECT sha256 FROM print_jobs.job")
    assert sha256(files_of(place)["addresses.csv"]).hexdigest() == frozen
    assert (await office.row(message))["status"] == "sent"


async def test_a_frozen_job_that_would_not_be_the_same_is_withdrawn_and_its_letters_go_with_the_next(
    office, press, folder
):
    message = await office.queue("letter")
    await frozen_and_lost(office, press, folder)
    for recipient in office.directory.people:
        office.directory.people[recipient] = BEN
    await run(office, press())
    assert list(folder.iterdir()) == []
    assert (await office.row(message))["status"] == "waiting"
    office.later(timedelta(days=1, seconds=1))
    assert await run(office, press()) == 1
    assert (await office.row(message))["status"] == "sent"
    statuses = await office.core.pool.fetch("SELECT status FROM print_jobs.job ORDER BY frozen_at")
    assert [row["status"] for row in statuses] == ["withdrawn", "handed-over"]


async def test_a_reprint_is_the_same_to_the_byte(office, press, folder):
    for contact in (ADA, BEN):
        await office.queue("letter", contact)
    await run(office, press())
    (first,) = folder.iterdir()
    office.later(timedelta(days=10))
    await office.core.execute(print_jobs, await job_of(office), AskReprint(office.core.clock()), by=by())
    await office.follow()
    await run(office, press())
    second = first.with_name(f"{first.name}-reprint-1")
    assert files_of(second) == files_of(first)
    assert await office.core.pool.fetchval("SELECT reprinted FROM print_jobs.job") == 1
    assert await run(office, press()) == 0
    assert len(list(folder.iterdir())) == 2


async def test_a_reprint_that_would_differ_is_not_handed_over_and_names_the_letter(office, press, folder):
    queued = [await office.queue("letter", ADA), await office.queue("letter", BEN)]
    await run(office, press())
    recipient = (await office.row(queued[1]))["recipient_id"]
    office.directory.people[recipient] = ADA
    await office.core.execute(print_jobs, await job_of(office), AskReprint(office.core.clock()), by=by())
    await office.follow()
    await run(office, press())
    assert len(list(folder.iterdir())) == 1
    rows = await office.core.pool.fetch("SELECT message_id, changed_at_reprint FROM print_jobs.letter")
    assert {row["message_id"]: row["changed_at_reprint"] for row in rows} == {queued[0]: None, queued[1]: 1}


async def test_a_job_reconciles_when_every_letter_is_accounted_for(office, press, folder):
    letters = [await office.queue("letter") for _ in range(4)]
    await run(office, press())
    job = await job_of(office)
    rows = await office.core.pool.fetch("SELECT seq, message_id FROM print_jobs.letter ORDER BY seq")
    by_seq = {row["seq"]: row["message_id"] for row in rows}
    await say(office, job, {1: "posted", 2: "posted", 3: "spoiled"})  # the fourth is missing
    outcomes = await office.core.pool.fetch("SELECT seq, outcome FROM print_jobs.letter ORDER BY seq")
    assert [row["outcome"] for row in outcomes] == ["posted", "posted", "spoiled", ""]
    assert (await office.row(by_seq[3]))["status"] == "waiting"
    await say(office, job, {2: "returned", 4: "posted"})
    assert (await office.row(by_seq[2]))["status"] == "failed"
    assert (await office.attempts(by_seq[2]))[0]["problem"] == "returned"
    assert (await office.row(by_seq[4]))["status"] == "sent"
    office.later(timedelta(days=1, seconds=1))
    assert await run(office, press()) == 1, "the spoiled letter goes with another job"
    await say(office, job, {3: "spoiled"})
    assert (await office.row(by_seq[3]))["status"] == "sent", "what was said before changes nothing"
    assert set(letters) == set(by_seq.values())


HOME = Contact(
    "",
    ("10 Gorse Lane", "Mootham", "ZZ1 1AA"),
    facts={"electors": "Ada Sample\nBen Sample", "code": "ABCDE-FGHJK LMNP-QRST"},
)


async def release(office, job, officer="another-officer"):
    await office.core.execute(print_jobs, job, Release(officer, office.core.clock()), by=by())
    await office.follow()


async def test_a_batch_of_letters_waits_for_a_second_officer_and_then_goes(office, press, folder):
    letters = [await office.queue_for_household(HOME, "canvass-2026-CF-1") for _ in range(3)]
    alone = await office.queue("letter")
    assert await run(office, press()) == 1, "what belongs to no batch goes at once"
    assert (await office.row(alone))["status"] == "sent"
    assert [path.name for path in folder.iterdir() if not path.name.endswith(".partial")] != []
    job = await office.core.pool.fetchval("SELECT job_id FROM print_jobs.job WHERE batch <> ''")
    office.later(timedelta(days=2))
    assert await run(office, press()) == 0, "nor is it put together twice"
    with pytest.raises(Refused) as refusal:
        await release(office, job, "canvass-officer")
    assert refusal.value.rule.name == "print-release-needs-two"
    await release(office, job)
    assert await run(office, press()) == 3
    assert {(await office.row(letter))["status"] for letter in letters} == {"sent"}


async def test_a_household_is_addressed_as_the_occupier_and_its_code_is_on_paper_alone(office, press, folder, capfd):
    await office.queue_for_household(HOME)
    await office.queue_for_household(HOME, language="cy")
    assert await run(office, press()) == 2
    (place,) = folder.iterdir()
    text = [spoken(page) for name, page in files_of(place).items() if name.startswith("letters/")]
    english = next(page for page in text if "The Occupier" in page)
    assert "ABCDE-FGHJK LMNP-QRST" in english
    assert "Ada Sample; Ben Sample" in english
    assert any("Y Deiliad" in page for page in text)
    said = await office.stored() + "".join(capfd.readouterr())
    for personal in ("ABCDE", "LMNP", "Ada Sample", "Gorse Lane"):
        assert personal not in said


async def test_a_household_that_is_not_known_yet_holds_up_no_other(office, press, folder):
    known = await office.queue_for_household(HOME)
    unknown = await office.queue_for_household(HOME)
    late = office.directory.people.popitem()
    assert await run(office, press()) == 1
    assert (await office.row(known))["status"] == "sent"
    office.directory.people[late[0]] = late[1]
    assert await run(office, press()) == 1
    assert (await office.row(unknown))["status"] == "sent"


async def test_a_letter_that_an_officer_wrote_out_and_did_not_post_goes_with_the_others_after_three_days(
    office, press, folder
):
    letter = await office.queue("letter")
    await office.core.execute(messages, letter, ComposeLetter("ab", office.core.clock()), by=by())
    await office.follow()
    office.later(timedelta(days=2, hours=23))
    assert await run(office, press()) == 0
    office.later(timedelta(hours=1, seconds=1))
    assert await run(office, press()) == 1
    assert (await office.row(letter))["status"] == "sent"


@pytest.mark.parametrize("problem", ["technical-failure", "permanent-failure"])
async def test_a_letter_that_an_officer_gave_up_while_it_lay_in_a_job_goes_once(office, press, folder, problem):
    letter = await office.queue_for_household(HOME, "canvass-2026-CF-1")
    await run(office, press())
    job = await job_of(office)
    await office.core.execute(messages, letter, RecordFailure(problem, office.core.clock()), by=by())
    await release(office, job)
    assert await run(office, press()) == 1
    assert (await office.row(letter))["status"] == "sent"
    office.later(timedelta(days=5))
    assert await run(office, press()) == 0
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("overtaken_by", ["called-off", "sent"])
async def test_a_frozen_job_of_which_a_letter_was_called_off_or_posted_by_hand_is_withdrawn_and_the_others_go_once(
    office, press, folder, overtaken_by
):
    overtaken, other = await office.queue("letter"), await office.queue("letter")
    await frozen_and_lost(office, press, folder)
    now = office.core.clock()
    if overtaken_by == "called-off":
        await office.core.execute(messages, overtaken, CallOff("meeting cancelled", now), by=by())
    else:
        await office.core.execute(messages, overtaken, ComposeLetter("ab", now), by=by())
        await office.core.execute(messages, overtaken, RecordSent(now), by=by())
    assert await run(office, press()) == 0
    assert list(folder.iterdir()) == []
    office.later(timedelta(days=1, seconds=1))
    assert await run(office, press()) == 1
    assert ((await office.row(overtaken))["status"], (await office.row(other))["status"]) == (overtaken_by, "sent")
    assert [each["failed_at"] for each in await office.attempts(overtaken)] == [None]


def spoken(page):
    return " ".join(PdfReader(io.BytesIO(page)).pages[0].extract_text().split())


async def test_no_name_or_address_of_a_letter_is_in_events_views_or_logs(office, press, folder, capfd):
    for contact in (ADA, BEN, Contact("Cat Sample", ("@ home", "x", "y"))):
        await office.queue("letter", contact)
    await run(office, press())
    said = await office.stored() + "".join(capfd.readouterr())
    for personal in ("Sample", "Elms", "Flat 2", "MO1 1AA"):
        assert personal not in said, personal


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("seq,outcome\n1,posted\n", [(1, "job")]),
        (f"job,seq,outcome\n{JOB},1,posted\n{JOB},x,posted\n{JOB},2,eaten\n", [(3, "seq"), (4, "outcome")]),
        (f"job,seq,outcome\n{UUID(int=2)},1,posted\n", [(2, "job")]),
        (f"job,seq,outcome\n{JOB},1,posted\n{JOB},1,spoiled\n", [(3, "outcome")]),
        ('job,seq,outcome\n"a"b,1,posted\n', [(1, "")]),
    ],
)
def test_a_report_that_cannot_be_read_says_where(text, wrong):
    assert [(each.line, each.column) for each in read_report(JOB, text.encode())[1]] == wrong


def test_a_report_may_have_further_columns_and_a_byte_order_mark():
    text = f"\ufeffjob,seq,barcode,outcome,on\r\n{JOB},1,00000000-000001,posted,2026-08-10\r\n"
    assert read_report(JOB, text.encode()) == ({1: "posted"}, [])
    assert read_report(JOB, b"\xff\xfe")[1][0].reason == "the file is not UTF-8"
