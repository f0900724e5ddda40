"""Carrying out a confirmed destruction: what is still due is destroyed, a command for each person, and all is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg

from services.registration.data_protection import retention
from shared.eventcore.deciding import Refused
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata
from shared.events.registration import DestructionProposed, DueRecord, RuleCount
from shared.law.retention import Class
from shared.service.database import reading_on

ERASURE: Final = "erasure"
"""The rule of a person's own wish, or of the law, rather than of the schedule."""
TOGETHER: Final = 8
SPARES: Final = frozenset({"legal-hold", "unknown-subject"})


async def carry_out(
    pool: asyncpg.Pool[Any], execute: Executor, proposal: DestructionProposed, by: Metadata, today: date
) -> tuple[RuleCount, ...]:
    """Destroy the proposed keys but those that are held or needed again by now. May be done again: it goes on with whoever is left."""
    authority = by.authority
    of = _by_rule(proposal.due)
    async with reading_on(pool, authority) as conn:
        standing = {
            rule: await _standing(conn, authority, rule, subjects, proposal.proposed_on, today)
            for rule, subjects in of.items()
        }
    turns = asyncio.Semaphore(TOGETHER)

    async def erase(rule: str, subject: UUID) -> None:
        named = by._replace(command_id=f"destruction:{proposal.destruction_id}:{subject}")
        async with turns:
            try:
                basis = proposal.basis[rule]
                await execute.erase(subject, legal_basis=basis, asked_by=proposal.officer, by=named)
            except Refused as refused:
                if refused.rule.name not in SPARES:  # held since we looked
                    raise

    await asyncio.gather(*(erase(rule, due.subject) for rule, over in standing.items() for due in over if not due.held))
    async with reading_on(pool, authority) as conn:
        gone = await retention.erased(conn, authority, [record.subject for record in proposal.due])
        held = {
            due.subject
            for rule, subjects in of.items()
            for due in await _standing(conn, authority, rule, subjects, proposal.proposed_on, today)
            if due.held
        }
    return tuple(_count(rule, set(subjects), gone, held) for rule, subjects in of.items())


def _by_rule(due: Iterable[DueRecord]) -> dict[str, list[UUID]]:
    of: dict[str, list[UUID]] = {}
    for record in due:
        of.setdefault(record.rule, []).append(record.subject)
    return of


async def _standing(
    conn: Any, authority: str, rule: str, subjects: list[UUID], proposed_on: date, today: date
) -> list[retention.Due]:
    """Which of them are due yet: nobody who has come back since it was proposed."""
    if rule == ERASURE:
        return await retention.erasable(conn, authority, today, subjects)
    return await retention.due(conn, authority, Class(rule), proposed_on, len(subjects), subjects)


def _count(rule: str, subjects: set[UUID], gone: set[UUID], held: set[UUID]) -> RuleCount:
    return RuleCount(
        rule, len(subjects & gone), len(subjects & held - gone), len(subjects - gone - held)
    )  # fmt: skip
