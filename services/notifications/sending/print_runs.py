"""Letters that go by print house: gathered, frozen into a job, handed over, recorded; and jobs made again.

A job is written to disk, then frozen in an event, then published by a renaming, then each letter recorded as sent. Whoever dies in
between leaves a job that the next run finishes: from the disk, or by making it again, which must come out the same. When it
does not (an address was changed meanwhile), the job is withdrawn before anybody saw it, and its letters go with the next.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

import structlog

from services.notifications.exchange.print_house import ADDRESSES, Folder, Page, files
from services.notifications.messages.decider import (
    WITH_AN_OFFICER,
    Queued,
    RecordFailure,
    RecordSent,
    existing,
    messages,
)
from services.notifications.print_jobs.decider import FreezeJob, HandOver, Job, RecordReprint, Withdraw, print_jobs
from services.notifications.sending.contacts import Contact, NoSuchCorrespondent, OwnerAway
from services.notifications.sending.desk import AWAY, OWNER_AWAY, SETTLING, Case, Desk, Homes, attempt_id, following
from services.notifications.templates.rendering import html, pdf, written
from shared.eventcore.clock import london_date
from shared.eventcore.deciding import Refused
from shared.eventcore.locks import locking
from shared.eventcore.recording import Metadata
from shared.events.notifications import Queueing
from shared.events.values_notifications import PageForm, PrintedLetter, PrintJobId, printed_as

JOB_SIZE: Final = 500
AT_ONCE: Final = 8
PRINT_LOCK: Final = 0x5052
"""First key of the two-key advisory locks: one print run of a council at a time."""
OVERTAKEN: Final = ("called-off", "sent", "delivered")
"""Where a message stands that must not go with a job that nobody has seen yet."""
IDENTITY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_READY: Final = """
    (status = 'waiting' AND due_at <= $1 OR status = 'composed' AND composed_at <= $2)
    AND authority = $4 AND channel = 'letter' AND message_id <> ALL($3)
    AND NOT EXISTS (
        SELECT FROM print_jobs.letter l JOIN print_jobs.job j ON j.job_id = l.job_id
        WHERE l.message_id = m.message_id AND j.status = 'frozen'
    )
"""
"""Letters that are due, are not in an officer's hands, and lie in no job that is still being made or waits for its release.
Letters of a batch go with their like only."""
READY: Final = f"""
SELECT batch, asked_by FROM messages.message m
WHERE {_READY}
GROUP BY batch, asked_by HAVING min(due_at) <= $5 OR count(*) >= $6 ORDER BY batch, asked_by
"""
GATHERED: Final = f"""
SELECT message_id FROM messages.message m
WHERE {_READY} AND batch = $5 AND asked_by = $6
ORDER BY due_at, message_id LIMIT $7
"""
UNFINISHED: Final = """
SELECT job_id FROM print_jobs.job
WHERE authority = $1 AND status = 'frozen' AND (batch = '' OR released_at IS NOT NULL)
ORDER BY frozen_at, job_id
"""
ASKED_AGAIN: Final = "SELECT job_id FROM print_jobs.job WHERE authority = $1 AND reprints > reprinted ORDER BY job_id"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A letter written out: its message as it stood, the day it bears, its address and page."""

    case: Case
    dated: date
    block: tuple[str, ...]
    page: bytes

    def letter(self, seq: int) -> PrintedLetter:
        message = self.case.state.message
        return PrintedLetter(
            seq, message.message_id, self.case.state.attempt, message.template, message.template_version, self.dated,
            sha256(self.page).hexdigest(), "pdf",
        )  # fmt: skip


class PrintRuns:
    """Those of one council, in a folder of its own. `gather`: how long a letter may wait for others to go with it; a full job
    does not wait."""

    def __init__(self, desk: Desk, authority: str, folder: Folder, gather: timedelta) -> None:
        self._desk, self._authority, self._folder, self._gather = desk, authority, folder, gather
        self._core = desk.core
        self.printed = 0

    async def run(self) -> int:
        """Finish what was begun, make again what was asked for, gather what is due; how many letters were handed over."""
        before = self.printed
        async with locking(self._core.pool) as conn:
            own = self._authority
            if not await conn.fetchval("SELECT pg_try_advisory_lock($1, hashtext($2))", PRINT_LOCK, own):
                return 0
            await self._clear()
            for row in await conn.fetch(UNFINISHED, own):
                await self._finish(PrintJobId(row["job_id"]), own)
            for row in await conn.fetch(ASKED_AGAIN, own):
                await self._reprint(PrintJobId(row["job_id"]), own)
            now, left = self._core.clock(), self._desk.left()
            ready = now, now - WITH_AN_OFFICER, left, own
            for row in await conn.fetch(READY, *ready, now - self._gather, JOB_SIZE):
                kin = row["batch"], row["asked_by"]
                due = await conn.fetch(GATHERED, *ready, *kin, JOB_SIZE)
                await self._print([each["message_id"] for each in due], own, *kin)
        return self.printed - before

    async def _clear(self) -> None:
        """Throw away what was written for a job that was never frozen: names and addresses lie in it."""
        for name in list(self._folder.unpublished()):
            identity = IDENTITY.search(name)
            known = identity and await self._core.pool.fetchval("SELECT 1 FROM stream WHERE id = $1", UUID(identity[0]))
            if not known:
                self._folder.discard(name)

    async def _print(self, due: Sequence[UUID], authority: str, batch: str, asked_by: str) -> None:
        turns = asyncio.Semaphore(AT_ONCE)
        opened = await asyncio.gather(*(self._open(turns, message, authority) for message in due))
        cases = [case for case in opened if case is not None]
        try:
            homes = await self._desk.homes([case.state.message for case in cases], authority)
        except OwnerAway:
            for case in cases:
                self._desk.leave(case.id, OWNER_AWAY)
            return
        made = await asyncio.gather(*(self._make(turns, case, homes) for case in cases))
        letters = [each for each in made if each is not None]
        if not letters:
            return
        now, frozen = self._core.clock(), tuple(each.letter(seq) for seq, each in enumerate(letters, 1))
        job = identity_of(authority, frozen)
        content = await asyncio.to_thread(self._stage, name_of(job, now), job, frozen, letters)
        by = letters[0].case.by
        by = Metadata(by.actor, authority, by.correlation_id, by.causation_id, f"print-job:{job}", origin=by.origin)
        try:
            freeze = FreezeJob(job, frozen, sha256(content[ADDRESSES]).hexdigest(), now, batch, asked_by)
            await self._desk.carry_out(print_jobs, job, freeze, by)
        except Refused:  # another run had some of them; our view lags behind it
            self._folder.discard(name_of(job, now))
            for each in letters:
                self._desk.leave(each.case.id, SETTLING)
            return
        for each in letters:
            self._desk.leave(each.case.id, SETTLING)
        await self._finish(job, authority)

    async def _open(self, turns: asyncio.Semaphore, message: UUID, authority: str) -> Case | None:
        async with turns:
            try:
                return await self._desk.open(message, authority)
            except AWAY:
                raise
            except Exception as problem:
                self._desk.broken(message, problem)
                return None

    async def _make(self, turns: asyncio.Semaphore, case: Case, homes: Homes) -> Made | None:
        async with turns:
            try:
                return await self._written(case, homes)
            except AWAY:
                raise
            except Exception as problem:
                self._desk.broken(case.id, problem)
                return None

    async def _written(self, case: Case, homes: Homes) -> Made | None:
        contact = await self._desk.contact(case, homes)
        if contact is None:
            return None
        try:
            dated = london_date(case.state.due_at)
            return Made(case, dated, *await asyncio.to_thread(_page, case.state.message, contact, dated, "pdf"))
        except Refused as refusal:
            await self._desk.unfit(case, refusal)
            return None

    def _stage(
        self, name: str, job: PrintJobId, frozen: Sequence[PrintedLetter], made: Iterable[Made]
    ) -> Mapping[str, bytes]:
        pages = [paged(letter, each.block, each.page) for letter, each in zip(frozen, made, strict=True)]
        content = files(job, pages)
        self._folder.stage(name, content)
        return content

    # --- what was begun ----------------------------------------------------------------------------------------------

    async def _finish(self, identity: PrintJobId, authority: str) -> None:
        """Publish a frozen job and record its letters as sent; each step is harmless when it was done before."""
        history = await self._core.history(identity, authority)
        job = print_jobs.fold(event.data for event in history)
        if not isinstance(job, Job) or job.stage != "frozen" or job.held:
            return
        name = name_of(identity, job.frozen.frozen_at)
        if not (self._folder.published(name) or await self._recorded(job, authority)):
            if await self._overtaken(job, authority):
                await self._withdraw(job, authority, following(history, f"print-job:{identity}:withdrawn"))
                self._folder.discard(name)
                return
            if not is_as_frozen(job, self._folder.staged(name)):
                try:
                    content = await self._made_again(job, authority)
                except OwnerAway:
                    for letter in job.frozen.letters:  # they are this job's, and keep no newer ones from theirs
                        self._desk.leave(letter.message_id, OWNER_AWAY)
                    return
                except Changed:
                    await self._withdraw(job, authority, following(history, f"print-job:{identity}:withdrawn"))
                    self._folder.discard(name)
                    return
                self._folder.stage(name, content)
            self._folder.publish(name)
        turns = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._sent(turns, identity, letter, authority) for letter in job.frozen.letters))
        by = following(history, f"print-job:{identity}:handed-over")
        await self._desk.carry_out(print_jobs, identity, HandOver(self._core.clock()), by)
        self.printed += len(job.frozen.letters)

    async def _recorded(self, job: Job, authority: str) -> bool:
        """Whether letters of the job are recorded as sent: then it was published, although it lies there no more."""
        for letter in job.frozen.letters[:AT_ONCE]:
            if printed_as(job.frozen.job_id, letter.seq) in (await self._message(letter, authority)).references:
                return True
        return False

    async def _overtaken(self, job: Job, authority: str) -> bool:
        """Whether one of its letters must not go any more: it was called off, or an officer posted it, since the job was frozen.
        Nobody has seen the job yet, so that it is withdrawn."""
        for letter in job.frozen.letters:
            if (await self._message(letter, authority)).stage in OVERTAKEN:
                return True
        return False

    async def _message(self, letter: PrintedLetter, authority: str) -> Queued:
        return existing((await self._core.execute.state(messages, letter.message_id, authority)).state)

    async def _sent(self, turns: asyncio.Semaphore, job: PrintJobId, letter: PrintedLetter, authority: str) -> None:
        async with turns:
            posted_as = printed_as(job, letter.seq)
            sent = RecordSent(self._core.clock(), posted_as, letter.content_sha256, letter.attempt)
            await self._desk.record(letter.message_id, sent, await self._attempt(letter, authority))

    async def _withdraw(self, job: Job, authority: str, by: Metadata) -> None:
        _log.warning("print job withdrawn", stream_id=job.frozen.job_id, count=len(job.frozen.letters))
        for letter in job.frozen.letters:
            if (await self._message(letter, authority)).stage in OVERTAKEN:
                continue
            failure = RecordFailure("technical-failure", self._core.clock(), letter.attempt)
            await self._desk.record(letter.message_id, failure, await self._attempt(letter, authority))
        await self._desk.carry_out(print_jobs, job.frozen.job_id, Withdraw(self._core.clock()), by)

    async def _attempt(self, letter: PrintedLetter, authority: str) -> Metadata:
        history = await self._core.history(letter.message_id, authority)
        return following(history, attempt_id(letter.message_id, letter.attempt))

    # --- made again --------------------------------------------------------------------------------------------------

    async def _reprint(self, identity: PrintJobId, authority: str) -> None:
        history = await self._core.history(identity, authority)
        job = print_jobs.fold(event.data for event in history)
        if not isinstance(job, Job) or job.reprints == job.reprinted:
            return
        name, number = f"{name_of(identity, job.frozen.frozen_at)}-reprint-{job.reprints}", job.reprints
        changed: tuple[int, ...] = ()
        try:
            if not self._folder.published(name):
                self._folder.stage(name, await self._made_again(job, authority))
                self._folder.publish(name)
        except OwnerAway:
            return
        except Changed as difference:
            changed = difference.letters
        by = following(history, f"print-job:{identity}:reprint:{number}")
        await self._desk.carry_out(print_jobs, identity, RecordReprint(number, changed, self._core.clock()), by)

    async def _made_again(self, job: Job, authority: str) -> Mapping[str, bytes]:
        """The files of a job as they were frozen, with names and addresses asked anew. Raises `Changed`, `OwnerAway`."""
        pages: list[Page] = []
        changed: list[int] = []
        said = [(await self._message(letter, authority)).message for letter in job.frozen.letters]
        homes = await self._desk.homes(said, authority)
        for letter, message in zip(job.frozen.letters, said, strict=True):
            try:
                contact = await self._desk.reached(message, authority, homes)
                block, page = await asyncio.to_thread(_page, message, contact, letter.dated, letter.form)
            except (NoSuchCorrespondent, Refused):
                changed.append(letter.seq)
                continue
            if sha256(page).hexdigest() != letter.content_sha256:
                changed.append(letter.seq)
            pages.append(paged(letter, block, page))
        if changed:
            raise Changed(tuple(changed))
        content = files(job.frozen.job_id, pages)
        if not is_as_frozen(job, content):
            raise Changed(tuple(letter.seq for letter in job.frozen.letters))
        return content


class Changed(Exception):
    """These letters of a job, by `seq`, would not be the same today."""

    def __init__(self, letters: tuple[int, ...]) -> None:
        super().__init__(f"{len(letters)} letters")
        self.letters = letters


def _page(message: Queueing, contact: Contact, dated: date, form: PageForm) -> tuple[tuple[str, ...], bytes]:
    letter = written(message, contact.name, contact.lines, dated, contact.facts)
    return letter.address, pdf(letter) if form == "pdf" else html(letter).encode()


def paged(letter: PrintedLetter, block: tuple[str, ...], page: bytes) -> Page:
    return Page(letter.seq, f"{letter.template}.v{letter.template_version}", block, page, letter.form)


def is_as_frozen(job: Job, content: Mapping[str, bytes]) -> bool:
    """Whether these files are those that were frozen: addresses and every page, by their hashes."""
    hashes = {file: sha256(data).hexdigest() for file, data in content.items()}
    return hashes.get(ADDRESSES) == job.frozen.sha256 and all(
        hashes.get(paged(letter, (), b"").file) == letter.content_sha256 for letter in job.frozen.letters
    )


def identity_of(authority: str, letters: Sequence[PrintedLetter]) -> PrintJobId:
    """The same letters in the same order are the same job."""
    listed = " ".join(f"{letter.message_id}@{letter.attempt}" for letter in letters)
    return PrintJobId(uuid5(UUID(int=0), f"print-job:{authority}:{listed}"))


def name_of(job: PrintJobId, frozen_at: datetime) -> str:
    """The name of the job's folder: its day first, so that a listing is in order."""
    return f"{london_date(frozen_at).isoformat()}-{job}"
