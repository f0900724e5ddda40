"""One political group: who is in it, who leads it, and that it ends below two. [LGHA 1989 s.15-17; SI 1990/1553 reg 8]"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Boundary, Claim, Decider, Refused, Release, Rule
from shared.events.committees import (
    GroupEnded,
    GroupEvent,
    GroupFormed,
    GroupLeaderChosen,
    GroupRenamed,
    MemberJoinedGroup,
    MemberLeftGroup,
)
from shared.events.values_committees import GroupId, MemberId

LEAST = 2
NO_SUCH_GROUP = Rule(
    "no-such-group", "There is no such group, or it has ended.", "SI 1990/1553 reg 8", "Form the group first."
)
TWO_NEEDED = Rule(
    "group-needs-two", "A political group has two members or more.", "SI 1990/1553 reg 8(1)",
    "Take the notice of at least two members.", invalid=True,
)  # fmt: skip
ONE_GROUP = Rule(
    "one-group-each", "A member is in one political group only.", "SI 1990/1553 reg 8(4)",
    "Record that the member left the other group first.",
)  # fmt: skip
NOT_IN_GROUP = Rule(
    "not-in-group", "This member is not in the group.", "SI 1990/1553 reg 8", "Choose a member of the group."
)


@dataclass(frozen=True, slots=True)
class FormGroup:
    group_id: GroupId
    name: str
    leader: MemberId
    members: tuple[MemberId, ...]
    formed_on: date


@dataclass(frozen=True, slots=True)
class JoinGroup:
    member_id: MemberId
    on: date


@dataclass(frozen=True, slots=True)
class LeaveGroup:
    """A member leaves; when one is left the group ends."""

    member_id: MemberId
    on: date


@dataclass(frozen=True, slots=True)
class ChooseLeader:
    leader: MemberId
    on: date


@dataclass(frozen=True, slots=True)
class RenameGroup:
    name: str


Command = FormGroup | JoinGroup | LeaveGroup | ChooseLeader | RenameGroup


@dataclass(frozen=True, slots=True)
class NoGroup:
    pass


@dataclass(frozen=True, slots=True)
class Group:
    group_id: GroupId
    name: str
    leader: MemberId | None
    members: tuple[MemberId, ...]


State = NoGroup | Group


def decide(command: Command, state: State) -> Sequence[GroupEvent]:
    if isinstance(command, FormGroup):
        if isinstance(state, Group):
            return []
        members = tuple(dict.fromkeys(command.members))
        if len(members) < LEAST:
            raise Refused(TWO_NEEDED)
        if command.leader not in members:
            raise Refused(NOT_IN_GROUP)
        return [GroupFormed(command.group_id, command.name, command.leader, members, command.formed_on)]
    if isinstance(state, NoGroup):
        raise Refused(NO_SUCH_GROUP)
    match command:
        case JoinGroup(member, on):
            return [] if member in state.members else [MemberJoinedGroup(state.group_id, member, on)]
        case LeaveGroup(member, on):
            return leave(member, on, state)
        case ChooseLeader(leader, on):
            if leader not in state.members:
                raise Refused(NOT_IN_GROUP)
            return [] if leader == state.leader else [GroupLeaderChosen(state.group_id, leader, state.leader, on)]
        case RenameGroup(name):
            return [] if name == state.name else [GroupRenamed(state.group_id, name)]
        case _:
            assert_never(command)


def leave(member: MemberId, on: date, group: Group) -> Sequence[GroupEvent]:
    if member not in group.members:
        return []
    left: list[GroupEvent] = [MemberLeftGroup(group.group_id, member, on)]
    remaining = tuple(other for other in group.members if other != member)
    if len(remaining) < LEAST:
        left.append(GroupEnded(group.group_id, on, remaining))
    return left


def evolve(state: State, event: GroupEvent) -> State:
    match event:
        case GroupFormed(group_id=identity, name=name, leader=leader, members=members):
            return Group(identity, name, leader, members)
        case MemberJoinedGroup(member_id=member):
            group = existing(state)
            return replace(group, members=(*group.members, member))
        case MemberLeftGroup(member_id=member):
            group = existing(state)
            led_by = None if group.leader == member else group.leader
            return replace(group, leader=led_by, members=tuple(m for m in group.members if m != member))
        case GroupLeaderChosen(leader=leader):
            return replace(existing(state), leader=leader)
        case GroupRenamed(name=name):
            return replace(existing(state), name=name)
        case GroupEnded():
            return NoGroup()
        case _:
            assert_never(event)


def existing(state: State) -> Group:
    if isinstance(state, NoGroup):
        raise ValueError("a group's history begins with GroupFormed")
    return state


def boundary(event: GroupEvent) -> Iterable[Boundary]:
    """A member holds one place, of one group."""
    match event:
        case GroupFormed(members=members):
            return [Claim(f"group of {member}", ONE_GROUP) for member in members]
        case MemberJoinedGroup(member_id=member):
            return [Claim(f"group of {member}", ONE_GROUP)]
        case MemberLeftGroup(member_id=member):
            return [Release(f"group of {member}")]
        case GroupEnded(members=members):
            return [Release(f"group of {member}") for member in members]
        case _:
            return []


groups: Decider[Command, State, GroupEvent] = Decider("political-group", NoGroup(), decide, evolve, boundary)
