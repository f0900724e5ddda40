"""Routes of rooms and kit: what there is to book."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.committees.inputs import Prose, Text
from services.committees.rooms.decider import DescribeKit, DescribeRoom, WithdrawKit, WithdrawRoom, kits, rooms
from shared.eventcore.recording import Receipt
from shared.events.values_committees import Capacity, KitId, Layout, RoomId
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.problems import refusals

router = APIRouter(tags=["rooms"], dependencies=[requires("dem-services")])


class RoomDescription(BaseModel):
    """`capacities`: seats by layout; `parts`: the rooms it can be divided into."""

    name: Text = Field(min_length=1, max_length=200)
    venue: Text = Field(min_length=1, max_length=200)
    capacities: dict[Layout, Annotated[int, Field(ge=0, le=10_000)]]
    setup_minutes: int = Field(0, ge=0, le=1440)
    teardown_minutes: int = Field(0, ge=0, le=1440)
    parts: list[UUID] = Field(default_factory=list, max_length=20)
    equipment: list[Text] = Field(default_factory=list, max_length=50)
    access: Prose = Field("", max_length=1000)

    def command(self, room: RoomId) -> DescribeRoom:
        return DescribeRoom(
            room, self.name, self.venue, tuple(Capacity(layout, seats) for layout, seats in self.capacities.items()),
            self.setup_minutes, self.teardown_minutes, tuple(RoomId(part) for part in self.parts),
            tuple(self.equipment), self.access,
        )  # fmt: skip


@router.post(
    "/rooms", status_code=status.HTTP_201_CREATED, responses=refusals(invalid=["capacity-needed", "part-of-itself"])
)
async def add_room(body: RoomDescription, execute: Execute, officer: Officer) -> Receipt:
    room = RoomId(uuid4())
    return await execute(rooms, room, body.command(room), by=officer)


@router.put("/rooms/{room_id}", responses=refusals(invalid=["capacity-needed", "part-of-itself"]))
async def describe_room(room_id: UUID, body: RoomDescription, execute: Execute, officer: Officer) -> Receipt:
    """Say what the room is like now."""
    return await execute(rooms, room_id, body.command(RoomId(room_id)), by=officer)


@router.post("/rooms/{room_id}/withdrawal", responses=refusals("no-such-room"))
async def withdraw_room(room_id: UUID, execute: Execute, officer: Officer) -> Receipt:
    """No new meeting may book it; what is booked stands."""
    return await execute(rooms, room_id, WithdrawRoom(RoomId(room_id)), by=officer)


class KitDescription(BaseModel):
    name: Text = Field(min_length=1, max_length=200)


@router.post("/kit", status_code=status.HTTP_201_CREATED)
async def add_kit(body: KitDescription, execute: Execute, officer: Officer) -> Receipt:
    kit = KitId(uuid4())
    return await execute(kits, kit, DescribeKit(kit, body.name), by=officer)


@router.post("/kit/{kit_id}/withdrawal", responses=refusals("no-such-kit"))
async def withdraw_kit(kit_id: UUID, execute: Execute, officer: Officer) -> Receipt:
    return await execute(kits, kit_id, WithdrawKit(KitId(kit_id)), by=officer)
