"""Routes of political groups: notices by which they form, change and end."""

from __future__ import annotations

from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.committees.asking import Ask
from services.committees.groups.decider import ChooseLeader, FormGroup, JoinGroup, LeaveGroup, RenameGroup, groups
from services.committees.inputs import Day, Text
from services.committees.members.decider import members, serving
from shared.eventcore.recording import Receipt
from shared.events.values_committees import GroupId, MemberId
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.problems import refusals

router = APIRouter(prefix="/groups", tags=["groups"], dependencies=[requires("dem-services")])


class Notice(BaseModel):
    """The signed notice to the proper officer."""

    name: Text = Field(min_length=1, max_length=200)
    leader: UUID
    members: list[UUID] = Field(max_length=200)
    formed_on: Day


@router.post(
    "", status_code=status.HTTP_201_CREATED,
    responses=refusals("not-in-office", "one-group-each", "not-in-group", invalid=["group-needs-two"]),
)  # fmt: skip
async def form(body: Notice, execute: Execute, officer: Officer, ask: Ask) -> Receipt:
    """Two members or more form a group."""
    for member in body.members:
        serving(await ask.state(members, member), body.formed_on)
    group = GroupId(uuid4())
    signed = tuple(MemberId(member) for member in body.members)
    command = FormGroup(group, body.name, MemberId(body.leader), signed, body.formed_on)
    return await execute(groups, group, command, by=officer)


class On(BaseModel):
    on: Day


@router.put("/{group_id}/members/{member_id}", responses=refusals("no-such-group", "not-in-office", "one-group-each"))
async def join(group_id: UUID, member_id: UUID, body: On, execute: Execute, officer: Officer, ask: Ask) -> Receipt:
    serving(await ask.state(members, member_id), body.on)
    return await execute(groups, group_id, JoinGroup(MemberId(member_id), body.on), by=officer)


@router.post("/{group_id}/members/{member_id}/departure", responses=refusals("no-such-group"))
async def leave(group_id: UUID, member_id: UUID, body: On, execute: Execute, officer: Officer) -> Receipt:
    """A member leaves; a group of which one is left ends."""
    return await execute(groups, group_id, LeaveGroup(MemberId(member_id), body.on), by=officer)


class Leader(On):
    leader: UUID


@router.put("/{group_id}/leader", responses=refusals("no-such-group", "not-in-group"))
async def choose_leader(group_id: UUID, body: Leader, execute: Execute, officer: Officer) -> Receipt:
    return await execute(groups, group_id, ChooseLeader(MemberId(body.leader), body.on), by=officer)


class Name(BaseModel):
    name: Text = Field(min_length=1, max_length=200)


@router.put("/{group_id}/name", responses=refusals("no-such-group"))
async def rename(group_id: UUID, body: Name, execute: Execute, officer: Officer) -> Receipt:
    return await execute(groups, group_id, RenameGroup(body.name), by=officer)
