"""A model of one partition, its relays and its readers, driven at random against the real de-duplication (`in_turn`).

Two relays send contiguous runs from the saved position or from an older one that they remember; one of them may have lost
its ownership without noticing. Records are repeated, come late, or are lost with the whole topic. Two members of a group
fetch batches from any committed offset, lose the partition between fetch and apply, and crash before they commit. Whatever
happens, a reader has applied a prefix of each shard, in order and once; and in the end all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.eventcore.applying import Gap, in_turn
from shared.eventcore.kafka import Stored
from shared.eventcore.recording import Metadata

SHARDS = (3, 19)
"""Two shards that share a partition."""
NOW = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
EVENT = Stored(
    "toys", 0, 0, UUID(int=1), "notice", 1, "moothall.toys.notice-pinned.v1", "E07000999", "{}",
    Metadata("clerk", "E07000999", ""), NOW, NOW, b"#",
)  # fmt: skip

relays = st.integers(0, 1)
members = st.integers(0, 1)


def record(shard: int, position: int, previous: int) -> Stored:
    return EVENT._replace(shard=shard, position=position, previous=previous)


@dataclass
class ARelay:
    """`reached`: what it remembers of its tenure; None when it has none. An owner that was replaced becomes a zombie."""

    reached: dict[int, int] | None = None


@dataclass
class AMember:
    """Of the reader's group: where it fetches next, and what it has fetched and not applied."""

    offset: int = 0
    fetched: list[Stored] = field(default_factory=list)


class Partition(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.position = 0
        self.stored: dict[int, list[int]] = {shard: [] for shard in SHARDS}
        self.saved = dict.fromkeys(SHARDS, 0)
        self.owner: int | None = None
        self.relays = [ARelay(), ARelay()]
        self.topic: list[Stored] = []
        self.committed = 0
        self.members = [AMember(), AMember()]
        self.at = dict.fromkeys(SHARDS, 0)
        self.applied: dict[int, list[int]] = {shard: [] for shard in SHARDS}

    # --- the store ---------------------------------------------------------------------------------------------------

    @rule(shard=st.sampled_from(SHARDS), rolled_back=st.integers(0, 2))
    def append(self, shard: int, rolled_back: int) -> None:
        """Rollbacks leave holes in the positions."""
        self.position += 1 + rolled_back
        self.stored[shard].append(self.position)

    # --- relays ------------------------------------------------------------------------------------------------------

    @rule(which=relays)
    def take_shards(self, which: int) -> None:
        """The database gave the locks to this one; the other, if it was at work, does not know yet."""
        self.owner = which
        self.relays[which].reached = dict(self.saved)

    @rule(which=relays, most=st.integers(1, 5))
    def send(self, which: int, most: int) -> None:
        """A contiguous run of each shard, up to `most` events."""
        reached = self.relays[which].reached
        if reached is None:
            return
        unsent = sorted((p, s) for s in SHARDS for p in self.stored[s] if p > reached[s])
        for position, shard in unsent[:most]:
            self.topic.append(record(shard, position, reached[shard]))
            reached[shard] = position

    @rule(which=relays)
    def save(self, which: int) -> None:
        """Only the owner has the session to do so."""
        reached = self.relays[which].reached
        if which == self.owner and reached is not None:
            self.saved = {shard: max(self.saved[shard], reached[shard]) for shard in SHARDS}

    @rule(which=relays)
    def crash(self, which: int) -> None:
        self.relays[which].reached = None

    # --- the broker --------------------------------------------------------------------------------------------------

    @rule(again=st.booleans())
    def lose_the_topic(self, again: bool) -> None:
        """Everything on it, and the group's offsets; then (or later) it is published again from the first event."""
        self.topic.clear()
        self.committed = 0
        for member in self.members:
            member.offset = 0
        if again:
            self.publish_again()

    @rule()
    def publish_again(self) -> None:
        """The owner is sent away; a zombie may still be sending."""
        if self.owner is not None:
            self.relays[self.owner].reached = None
        self.owner = None
        self.saved = dict.fromkeys(SHARDS, 0)

    # --- readers -----------------------------------------------------------------------------------------------------

    @rule(which=members, back=st.integers(0, 10))
    def rebalance(self, which: int, back: int) -> None:
        """The partition comes to this member, from a commit that may be old; what the other fetched it may still apply."""
        self.members[which].offset = max(0, self.committed - back)

    @rule(which=members, most=st.integers(1, 8))
    def fetch(self, which: int, most: int) -> None:
        member = self.members[which]
        batch = self.topic[member.offset : member.offset + most]
        member.offset += len(batch)
        member.fetched += batch

    @precondition(lambda self: any(member.fetched for member in self.members))
    @rule(which=members, commits=st.booleans())
    def apply(self, which: int, commits: bool) -> None:
        """One transaction, under the lock on the positions; a member that crashes afterwards has not committed its offset."""
        member = self.members[which]
        gaps = self._apply(member.fetched)
        member.fetched = []
        if gaps:
            member.offset = 0
        elif commits:
            self.committed = member.offset

    def _apply(self, batch: list[Stored]) -> tuple[Gap, ...]:
        new, reached, gaps = in_turn(self.at, batch)
        for event in new:
            self.applied[event.shard].append(event.position)
        self.at |= {shard: max(position, self.at[shard]) for shard, position in reached.items()}
        return gaps

    # --- what must hold ----------------------------------------------------------------------------------------------

    @invariant()
    def a_prefix_of_each_shard_was_applied_in_order_and_once(self) -> None:
        for shard in SHARDS:
            assert self.applied[shard] == self.stored[shard][: len(self.applied[shard])]

    def teardown(self) -> None:
        """Let everything come to rest: the topic filled from the store, and read from its first record."""
        self.publish_again()
        self.take_shards(0)
        self.send(0, self.position + 1)
        for start in range(0, len(self.topic), 3):
            self._apply(self.topic[start : start + 3])
        assert self.applied == self.stored


TestPositions = Partition.TestCase
TestPositions.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)


def test_a_gap_that_the_same_batch_fills_is_none():
    ahead, first, second = record(3, 30, 20), record(3, 10, 0), record(3, 20, 10)
    assert in_turn({3: 0}, [ahead]) == ([], {}, (Gap(3, 0, 20),))
    assert in_turn({3: 0}, [ahead, first]) == ([first], {3: 10}, (Gap(3, 0, 20),))
    assert in_turn({3: 0}, [ahead, first, second, ahead]) == ([first, second, ahead], {3: 30}, ())
