"""Rooms and kit that meetings book: what they hold, how long they take to set up, and into which parts a hall divides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.committees import KitDescribed, KitEvent, KitWithdrawn, RoomDescribed, RoomEvent, RoomWithdrawn
from shared.events.values_committees import Capacity, KitId, RoomId

NO_SUCH_ROOM = Rule(
    "no-such-room",
    "There is no such room, or it is no longer booked out.",
    "Council's room list",
    "Choose another room.",
)
NO_SUCH_KIT = Rule(
    "no-such-kit", "There is no such kit, or it is no longer lent out.", "Council's kit list", "Choose another one."
)
CAPACITY_NEEDED = Rule(
    "capacity-needed", "A room says how many it seats in at least one layout.", "Regulatory Reform (Fire Safety) Order 2005",
    "Give a layout and its seats.", invalid=True,
)  # fmt: skip
PART_OF_ITSELF = Rule(
    "part-of-itself", "A room is not a part of itself.", "Council's room list", "Correct the parts.", invalid=True
)


@dataclass(frozen=True, slots=True)
class DescribeRoom:
    """What the room is like now; a second description replaces the first."""

    room_id: RoomId
    name: str
    venue: str
    capacities: tuple[Capacity, ...]
    setup_minutes: int = 0
    teardown_minutes: int = 0
    parts: tuple[RoomId, ...] = ()
    equipment: tuple[str, ...] = ()
    access: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawRoom:
    room_id: RoomId


@dataclass(frozen=True, slots=True)
class DescribeKit:
    kit_id: KitId
    name: str


@dataclass(frozen=True, slots=True)
class WithdrawKit:
    kit_id: KitId


Room = RoomDescribed | None
"""As last described; None: not there, or withdrawn."""
Kit = KitDescribed | None


def decide_room(command: DescribeRoom | WithdrawRoom, room: Room) -> Sequence[RoomEvent]:
    match command:
        case DescribeRoom():
            if not any(capacity.seats > 0 for capacity in command.capacities):
                raise Refused(CAPACITY_NEEDED)
            if command.room_id in command.parts:
                raise Refused(PART_OF_ITSELF)
            described = RoomDescribed(
                command.room_id, command.name, command.venue, command.capacities, command.setup_minutes,
                command.teardown_minutes, tuple(dict.fromkeys(command.parts)), command.equipment, command.access,
            )  # fmt: skip
            return [] if described == room else [described]
        case WithdrawRoom(identity):
            if room is None:
                raise Refused(NO_SUCH_ROOM)
            return [RoomWithdrawn(identity)]
        case _:
            assert_never(command)


def evolve_room(_room: Room, event: RoomEvent) -> Room:
    return event if isinstance(event, RoomDescribed) else None


def decide_kit(command: DescribeKit | WithdrawKit, kit: Kit) -> Sequence[KitEvent]:
    match command:
        case DescribeKit(identity, name):
            described = KitDescribed(identity, name)
            return [] if described == kit else [described]
        case WithdrawKit(identity):
            if kit is None:
                raise Refused(NO_SUCH_KIT)
            return [KitWithdrawn(identity)]
        case _:
            assert_never(command)


def evolve_kit(_kit: Kit, event: KitEvent) -> Kit:
    return event if isinstance(event, KitDescribed) else None


rooms: Decider[DescribeRoom | WithdrawRoom, Room, RoomEvent] = Decider("room", None, decide_room, evolve_room)
kits: Decider[DescribeKit | WithdrawKit, Kit, KitEvent] = Decider("kit", None, decide_kit, evolve_kit)
